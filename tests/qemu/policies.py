# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Schedulers, fault policies, filters, and the reuse of slots and memory: what a board chooses.

Most need kernels other than the boards'; make/hostile.mk builds these. Not all run on Arm too, for time.
"""
import os
import struct
import sys

from lib import ROOT, emulator, images
from lib.emulator import Test, ends, expect, expect_all, send

sys.path.insert(0, os.path.join(ROOT, "tests", "hostile"))

import suite  # noqa: E402
from detent import board as boards  # noqa: E402

PROMPT = r"detent\$ "
ONE = "riscv process-console"
ALL = "reference process-console"
HEARTBEAT = r"^witness ok [0-9a-f]{8}$"
NEVER = ("kernel panic", "SUCCEEDED", "BROKEN", "process witness .* faulted")


def image(*pieces):
    """image(column): `pieces` are functions of (column, place), in the order of places."""
    return lambda column: images.region(column, {p: piece(column, p) for p, piece in enumerate(pieces)})


def witness(column, place):
    return suite.witness(column, place)


def role(function, name=None, parameter=1, **options):
    return lambda column, place: suite.role(column, place, function, name, parameter, **options)


def attack(name, called, **options):
    return lambda column, place: suite.attacker(column, suite.find(name), place, called, **options)


def ask(line, *patterns):
    """Types a command and waits for what it says and for the next prompt."""
    return send(line + r"\r") + expect(*patterns, PROMPT)


def special(name, kernel, pieces, *steps, never=NEVER, needs=ONE):
    """A test with a kernel of make/hostile.mk."""
    return Test(name, image=image(*pieces), needs=needs, forbid=never, steps=list(steps),
                kernel=lambda column: suite.kernel(kernel, column.board))


def turn(slot, number):
    return rf"^LowLevelDebug: App {slot:#x} prints {number:#x}$"


def works_before(first, second):
    """No turn of slot `second` before slot `first` has finished."""
    return rf"(?s)App {second:#x} prints.*App {first:#x} prints"


WINDOW = 4096  # of tests/hostile/kernels/policies.c: the end of the region of applications


def looking(column):
    """One that has windows at the end of flash, and one that has none and tries the same place."""
    target = boards.load(column.board)
    start = target.app_start + target.app_size - WINDOW
    tail = struct.pack("<I", 0x10F7) + bytes(WINDOW // 2 - 4)
    tail += struct.pack("<I", 0x2164) + bytes(WINDOW // 2 - 8) + struct.pack("<I", 0xE7D)
    return images.region_end(column, {0: suite.role(column, 0, "looks", parameter=start),
                                      1: suite.role(column, 1, "blind", parameter=start)}, tail)


WORKERS = (role("worker", "third"), role("worker", "second"), role("worker", "first"))
FAULT = r"process {} \(slot {}\) faulted at pc "


def faults(name, slot=0):
    return FAULT.format(name, slot)


SCHEDULERS = [
    special("scheduler-round-robin", "round_robin", WORKERS,
            expect(turn(0, 0), turn(1, 0), turn(2, 0), turn(0, 2), turn(1, 2), turn(2, 2), turn(0, 4)), needs=ALL),
    special("scheduler-cooperative", "cooperative", WORKERS,
            expect_all("third end", "second end", "first end"),
            never=NEVER + (works_before(1, 2), works_before(2, 0), works_before(1, 0)), needs=ALL),
    special("scheduler-priority", "priority", WORKERS,
            expect("attack first end", "attack second end", "attack third end"),
            never=NEVER + (works_before(2, 1), works_before(2, 0), works_before(1, 0)), needs=ALL),
    special("scheduler-priority-preempts", "priority",
            (role("worker", "third"), role("worker", "first", 30)),
            expect(turn(0, 0), turn(1, 0), turn(1, 4), turn(0, 3)),
            never=NEVER + (r"(?s)App 0x1 prints 0x0.*App 0x0.*App 0x1 prints 0x4",)),
    special("scheduler-latency-round-robin", "round_robin", (attack("spin", "spin"), role("latency")),
            expect(r"^worst latency, us: 0000[1-9a-f]\w{3}$")),
    special("scheduler-latency-priority", "priority", (attack("spin", "third"), role("latency", "first")),
            expect(r"^worst latency, us: 00000[0-3]\w{2}$")),
    special("scheduler-latency-mlfq", "mlfq", (attack("spin", "spin"), role("latency")),
            expect(r"^worst latency, us: 00000[0-3]\w{2}$"), needs=ALL),
    special("scheduler-mlfq-shares", "mlfq", WORKERS, expect_all("third end", "second end", "first end")),
]

FAULT_POLICIES = [
    special("fault-policy-stop", "round_robin", (role("faults"), witness),
            expect(faults("faults"), *[HEARTBEAT] * 3), ask("list", r" faults .* 0 .* Faulted"),
            never=NEVER + ("(?s)faults begin.*faults begin",)),
    special("fault-policy-restart", "round_robin", (role("faults", "restarted"), witness),
            expect(*["attack restarted begin", faults("restarted")] * 6, *[HEARTBEAT] * 3),
            never=NEVER + ("stays stopped",)),
    special("fault-policy-restart-limit", "round_robin", (role("faults", "limited"), witness),
            expect(*["attack limited begin", faults("limited")] * 4, "it faulted 4 times and stays stopped",
                   *[HEARTBEAT] * 3), ask("list", r" limited .* 3 .* Faulted"),
            never=NEVER + ("(?s)stays stopped.*limited begin",), needs=ALL),
    special("fault-policy-by-short-id", "round_robin", (role("faults", "anything", short_id=0x1D1D), witness),
            expect(*["attack anything begin", faults("anything")] * 2, "it faulted 2 times and stays stopped",
                   *[HEARTBEAT] * 3)),
    special("fault-policy-dump", "round_robin", (role("faults", "dumped"), witness),
            expect(faults("dumped"), r"^ +pc \w{8} +ra \w{8}", r"^ +RAM +0x\w{8}-0x\w{8}, break 0x\w{8}",
                   r"of \d+ system calls", *[HEARTBEAT] * 3),
            send(r"record\r"), expect("fault record, for detent explain: [0-9a-f]{256}", HEARTBEAT),
            never=NEVER + ("kernel messages lost",)),
    special("fault-policy-panic", "round_robin", (role("faults", "panics", 20), witness),
            expect(HEARTBEAT, faults("panics"), r"^ +pc \w{8} +ra \w{8}", "kernel panic: a process faulted",
                   # the process's, by its name
                   "fault record, for detent explain: [0-9a-f]*" + b"panics".hex()), ends(70),
            never=("SUCCEEDED", "BROKEN", "kernel messages lost")),
    # Below the stack is no memory, or the PMP's lock of the kernel's RAM ends; plain PMP has no such lock.
    special("kernel-stack-overflow", "round_robin", (role("faults", "sinks", 20),),
            expect("attack sinks begin", "kernel panic: the kernel's stack overflowed"), ends(70),
            never=("SUCCEEDED", "BROKEN"), needs="reference process-console kernel-wx"),
    special("fault-storm", "round_robin", (role("faults", "restarted"), attack("spin", "spin"), witness),
            expect(*["attack restarted begin"] * 12, *[HEARTBEAT] * 3), needs=ALL),
    special("fault-storm-of-calls", "round_robin", (attack("unknown_class_8", "restarted"), witness),
            expect(*["attack restarted begin"] * 12, *[HEARTBEAT] * 3)),
    Test("fault-record-kept", image=image(role("faults"), witness), needs="process-console",
         steps=[expect(faults("faults"), HEARTBEAT), send(r"record\r"),
                expect("fault record, for detent explain: [0-9a-f]{64}", HEARTBEAT),
                send(r"reset\r"), expect(r"^Detent \d", "fault record, for detent explain: [0-9a-f]{64}", HEARTBEAT)],
         forbid=NEVER),
]

FILTERS = [
    special("filter-board", "round_robin", (role("narrow"), witness),
            expect("attack narrow end", *[HEARTBEAT] * 2), needs=ALL),
    special("filter-unknown-class", "round_robin", (attack("unknown_class_255", "narrow"), witness),
            expect(faults("narrow"), *[HEARTBEAT] * 2), needs=ALL),
    Test("filter-permissions", needs="alarm leds",
         image=image(role("narrow", permissions=[(1, n) for n in range(8)] + [(2, 0), (2, 1)]),
                     witness),
         steps=[expect("attack narrow end", *[HEARTBEAT] * 2)], forbid=NEVER),
    Test("filter-permissions-none", needs="alarm leds",
         image=image(role("narrow", "mute", permissions=[(0x77777, 0)]), witness),
         steps=[expect(*[HEARTBEAT] * 4)], forbid=NEVER + ("attack mute",)),
]

REUSE = [
    special("reuse-slots", "few_slots", (role("fresh", "one"), role("fresh", "two"), role("fresh", "three")),
            expect_all("app three at 0x80120000 refused: all 2 process slots are taken", "memory is fresh",
                       "memory is fresh"),
            ask("terminate one", "Process one terminated"), send(r"load\r"), expect("memory is fresh"),
            ask("list", " three ")),
    Test("reuse-ram", needs="riscv process-console",
         image=image(role("fresh", "one", ram=1), role("fresh", "two")),
         steps=[expect_all(r"app two at 0x80110000 refused: it needs \d+ bytes of RAM", "memory is fresh"),
                ask("terminate one", "Process one terminated"), send(r"load\r"),
                expect("memory is fresh"), ask("boot one", "^cannot boot")], forbid=NEVER),
    Test("reuse-same-place", needs="process-console", image=image(role("fresh"), witness),
         steps=[expect("memory is fresh"), ask("terminate fresh", "Process fresh terminated"),
                send(r"boot fresh\r"), expect("memory is fresh"), ask("fault fresh", "now faulted"),
                send(r"boot fresh\r"), expect("memory is fresh", *[HEARTBEAT] * 2),
                emulator.ask(r"list\r", r" fresh .* Yielded")], forbid=NEVER),
    Test("reuse-many-times", needs="process-console", image=image(role("fresh"), witness),
         steps=[expect("memory is fresh")] + [step for _ in range(20) for step in (
             ask("terminate fresh", "terminated"), send(r"boot fresh\r"), expect("memory is fresh"))], forbid=NEVER),
]

WINDOWS = [
    Test("window-of-policy", image=looking, needs=ALL, forbid=NEVER,
         kernel=lambda column: suite.kernel("round_robin", column.board),
         steps=[expect_all(r"window 000010f7(?s:.*)window 00002164(?s:.*)window 00000e7d(?s:.*)" + FAULT.format("looks", 0),
                           FAULT.format("blind", 1))]),
]

TESTS = SCHEDULERS + FAULT_POLICIES + FILTERS + REUSE + WINDOWS
