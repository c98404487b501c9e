# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Faults that Tock had, each as a test of its own: the number is that of its issue or pull request.

Those that are about more than a running system are unit tests or proofs; docs/hostile.md has the list.
"""
import struct

from detent.tbf_read import Tbf

from lib import emulator, images
from lib.emulator import Test, expect, expect_all, send

from .hostile import AFTER, HEARTBEAT, NEVER, ending, suite
from .policies import ask, image, role, witness


def tried(name, number, attack_name):
    """One attack of the suite under the number of the fault."""
    attack = suite.find(attack_name)
    return Test(f"regression-{number}-{name}", needs=f"alarm leds {attack.needs}", forbid=NEVER,
                image=lambda c: images.region(c, {0: suite.witness(c), 1: suite.attacker(c, attack)}),
                steps=[expect(rf"attack {attack.name} begin$", *ending(attack), *[HEARTBEAT] * AFTER)])


def brk_room(column, place):
    """An application whose RAM is not a power of two, so that its grants share a subregion with it."""
    return suite.attacker(column, suite.find("write_own_grants"), place, app_heap=5000, kernel_heap=300)


def huge(column, place):
    return images.with_program(suite.role(column, place, "fresh", "huge"), 2, 0xFFFFFFF0)


# lw t0, 0(a1); sw t0, 0(a1); low-level debug, command 2, of 0x5a; a loop without end
_FIRST_WORD = struct.pack("<8I", 0x0005A283, 0x0055A023, 0x00800513, 0x00200593, 0x05A00613, 0x00200713, 0x00000073,
                          0x0000006F)


def first_word(column):
    """An application that touches the first word of its RAM before it has asked for any."""
    data = bytearray(images.binary(column, "hello"))
    tbf = Tbf(bytes(data))
    at = tbf.header_size + tbf.run_info["init_fn_offset"]
    data[at:at + len(_FIRST_WORD)] = _FIRST_WORD
    return images.region(column, {0: bytes(data)})


TESTS = [
    # Upstream's own test mpu_no_libc does: the smallest region of its PMP is one word.
    Test("regression-first-word-of-ram", image=first_word, uses=("hello",), needs="riscv process-console",
         forbid=NEVER, steps=[expect("LowLevelDebug: App 0x0 prints 0x5a$")]),
    tried("mode-after-exception", "tock-4245", "arm_mode_after_exceptions"),
    tried("mode-after-msr", "tock-4246", "arm_msr_control"),
    tried("mode-after-interrupt", "tock-4245", "riscv_mode_after_interrupts"),
    tried("grants-beside-break", "tock-4366", "sweep_writes"),
    tried("break-at-grants", "tock-4366", "write_across_grants"),
    Test("regression-tock-4366-uneven-size", image=image(witness, brk_room), needs="alarm leds", forbid=NEVER,
         steps=[expect(r"attack write_own_grants begin$", r"process write_own_grants \(slot 1\) faulted",
                              *[HEARTBEAT] * 3)]),
    Test("regression-tock-4366-overflow", image=image(witness, huge), needs="alarm leds", forbid=NEVER,
         steps=[expect_all("app huge at 0x.* refused: it needs 4294967280 bytes of RAM", HEARTBEAT)]),
    tried("regions-of-the-former", "tock-2.2-pmp", "read_other_after_switch"),
    tried("regions-of-the-former-write", "tock-2.2-pmp", "write_other_after_switch"),
    tried("end-of-flash-region", "tock-4894", "read_behind_flash"),
    tried("end-of-ram-region", "tock-4894", "read_across_grants"),
    tried("end-of-ram-region-arm", "tock-4894", "arm_read_across_break"),
    tried("end-of-ram-region-arm-write", "tock-4894", "arm_write_across_break"),
    tried("grants-after-growth", "tock-1739", "write_new_grant"),
    tried("break-wraps", "tock-1141", "brk_extremes"),
    tried("buffer-after-brk", "tock-2875", "allow_then_shrink"),
    tried("flood-of-its-own", "tock-upcall-queue", "flood_does_not_starve"),
    Test("regression-tock-upcall-queue-counted", image=image(role("deaf"), witness),
         needs="alarm leds buttons process-console", forbid=NEVER,
         steps=[expect("listens"), ask("stop deaf", "Process deaf stopped")] + [
             emulator.ask(r"button 0 tap\r", "button 0: tap")] * 12 + [  # again while it is still pressed
             ask("process deaf", r"upcalls pending [56], dropped [1-9]\d"), send(r"start deaf\r"), expect("heard 00000005"),
             ask("button 0 tap", "tap"), expect("attack deaf end", HEARTBEAT)]),
    Test("regression-tock-wait-for-first", image=image(role("wait_first"), witness),
         needs="alarm leds buttons process-console", forbid=NEVER + ("woken",),
         steps=[expect("wait_first begin", *[HEARTBEAT] * 3), ask("list", r" wait_first .* YieldedFor"),
                ask("button 0 tap", "tap"), ask("process wait_first", r"grants .* 2 of \d+ drivers"),
                expect(*[HEARTBEAT] * 3)]),
    tried("restart-reaches-peer", "tock-4371", "restart_busy"),
    tried("restart-storm", "tock-4371", "restart_storm_busy"),
    Test("regression-tock-3954-flash-order", needs="riscv", forbid=NEVER + ("refused", "skipped"),
         image=image(role("fresh", "last", ram=2), role("fresh", "middle", ram=1), role("fresh", "front", ram=0)),
         steps=[expect(*["memory is fresh"] * 3)]),
    Test("regression-tock-starved-writers", needs="alarm leds", forbid=NEVER,
         image=image(role("writer", parameter=1), role("writer", "writer_b", 2), role("writer", "writer_c", 3), witness),
         steps=[expect(*[HEARTBEAT] * 3)], require=("writer a 0000001", "writer b 0000001", "writer c 0000001")),
    Test("regression-tock-starved-writer-beside-hog", needs="alarm leds", forbid=NEVER,
         image=image(lambda c, p: suite.attacker(c, suite.find("console_hog"), p),
                     lambda c, p: suite.attacker(c, suite.find("console_hog"), p, "hog_2"), witness),
         steps=[expect(*[HEARTBEAT] * 2)]),
]
