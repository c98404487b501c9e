# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The figures of `make bench`: what each is, what the same costs in Tock, and what it may cost here.

Upstream's figures are of Tock 65608d71 on QEMU's rv32 virt machine: its default build with Smepmp, the
same with opt-level 3, and hifive1 with plain PMP. Instructions are the kernel's alone.
"""
from collections import namedtuple

Figure = namedtuple("Figure", "key title unit tock tock_o3 tock_pmp limits")

# Columns of the table are architectures; limits are given for one of these.
RV32, RV32_PMP, V7M, V8M = "rv32", "rv32-pmp", "v7-M", "v8-M"
# The board of the first two has no loans; this one has.
RV32_LOANS = "rv32-loans"

FIGURES = [
    Figure("null_command", "null command", "instructions", 2611, 1227, 1176,
           {RV32: 130, RV32_PMP: 130, V7M: 60}),
    Figure("yield_no_wait", "yield-no-wait, nothing pending", "instructions", 2058, 885, 632,
           {RV32: 130, RV32_PMP: 130, V7M: 70}),
    Figure("memop", "memop", "instructions", 2321, 975, 891, {RV32: 130, RV32_PMP: 130}),
    Figure("allow_rw", "allow-rw swap", "instructions", 2581, 1172, 1152,
           {RV32: 250, RV32_PMP: 250, V7M: 160}),
    Figure("allow_ro", "allow-ro swap", "instructions", 2581, 1172, 1152,
           {RV32: 250, RV32_PMP: 250, V7M: 160}),
    Figure("subscribe", "subscribe", "instructions", 2684, 1197, 1255, {}),
    Figure("alarm", "set alarm, wait, upcall", "instructions", 7820, 3953, 4908, {}),
    Figure("switch", "switch: yield-wait to the other's upcall", "instructions", 2796, 1160, None,
           {RV32: 450, RV32_PMP: 450, V7M: 350}),
    Figure("top_half", "interrupt to its driver", "instructions", None, None, None,
           {RV32: 120, RV32_PMP: 120, V7M: 120, V8M: 120}),
    Figure("upcall", "interrupt to the upcall, two processes", "instructions", None, None, None,
           {RV32: 600, RV32_PMP: 600, V7M: 600, V8M: 600}),
    Figure("interrupt", "interrupt, upcall pending, and back", "instructions", None, None, None, {}),
    Figure("loan", "loan of 4 KiB: offer, accept and return", "instructions", None, None, None, {RV32_LOANS: 1500}),
    Figure("loan_alone", "the same, exclusive", "instructions", None, None, None, {RV32_LOANS: 1500}),
    Figure("request", "request, no bytes: to the service's upcall", "instructions", 7746, 3416, None, {RV32: 600}),
    Figure("round_trip", "... and to the client's upcall", "instructions", None, None, None, {RV32: 1400}),
    Figure("request_16", "request of 16 bytes, to the upcall", "instructions", None, None, None, {}),
    Figure("round_trip_16", "... answered with 16 bytes", "instructions", None, None, None, {}),
    Figure("copied_mib", "1 MiB by requests of 256 bytes", "thousands", None, None, None, {}),
    Figure("lent_mib", "1 MiB by loans of 4 KiB", "thousands", None, None, None, {}),
    Figure("reset", "reset to the first app instruction", "instructions", 117251, 104051, 26992,
           {RV32: 40000, RV32_PMP: 40000}),
    Figure("code", "code and constants", "bytes", 72920, 94136, 65077, {RV32: 32768}),
    Figure("static_ram", "static RAM without stack", "bytes", 4996, None, 5652, {RV32: 4096}),
    Figure("process_ram", "kernel RAM a process before grants", "bytes", 1068, None, None, {RV32: 512}),
]
