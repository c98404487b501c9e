# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The hostile suite: every attack of tests/hostile/attacks beside a witness. docs/hostile.md explains.

Required of each: it does not succeed, it ends as it must, and the witness lives, its memory, upcalls
and grants intact.
"""
import os
import sys

from lib import ROOT, images
from lib.emulator import Test, ask, expect, expect_all

sys.path.insert(0, os.path.join(ROOT, "tests", "hostile"))

import suite  # noqa: E402

NEVER = ("kernel panic", "SUCCEEDED", "BROKEN", "process witness .* faulted")
HEARTBEAT = r"^witness ok [0-9a-f]{8}$"
AFTER = 4  # heartbeats awaited after an attack has ended

# What is typed at an attack that waits for it: 64 bytes that become registers, PC and xPSR.
TYPED = {"arm_frame_overwritten": r"\xf1\xff\xff\xff\x0b\x00\x00\x01" * 8}


def beside(attack):
    """The image with the witness in place 0 and the attack in place 1."""
    return lambda column: images.region(column, {0: suite.witness(column), 1: suite.attacker(column, attack)})


def ending(attack):
    """The line that shows how it ended."""
    fault = rf"^process {attack.name} \(slot 1\) faulted at pc "
    end = rf"attack {attack.name} end$"
    return {suite.FAULTS: [fault], suite.ENDS: [end], suite.EITHER: [f"{fault}|{end}"],
            suite.GOES_ON: []}[attack.end]


def test_of(attack):
    """The test of one attack."""
    end = ending(attack)
    ended = ask(TYPED[attack.name], end[0]) if attack.name in TYPED else expect(*end)
    return Test("hostile-" + attack.name.replace("_", "-"), image=beside(attack), needs=f"alarm leds {attack.needs}", reference=True,
                steps=[expect(rf"attack {attack.name} begin$"), ended, expect(*[HEARTBEAT] * AFTER)], forbid=NEVER)


def together(name, *names):
    """Several attacks at once beside one witness; the endings are awaited in the order of `names`."""
    chosen = [suite.find(n) for n in names]

    def image(column):
        others = {place: suite.attacker(column, a, place) for place, a in enumerate(chosen, 1)}
        return images.region(column, {0: suite.witness(column), **others})

    ends = [p.replace(r"\(slot 1\)", r"\(slot \d\)") for a in chosen for p in ending(a)]
    return Test("hostile-together-" + name, image=image, needs="alarm leds", forbid=NEVER,
                steps=[expect_all(*ends) if ends else [], expect(*[HEARTBEAT] * AFTER)])


# What is said of a process that ended so.
_ARM_TEXTS = {
    "arm_irq_stack_null": "its stack pointer was outside its memory when an exception came at 0x",
    "write_kernel_bss": "it was refused a data access at 0x",
    "arm_write_mpu": "it accessed memory that does not exist or is the system's at 0x",
    "jump_kernel_text": "it ran into memory that it may not execute",
    "arm_no_thumb_bit": "jump to an address without the Thumb bit",
    "arm_undefined": "undefined instruction",
}
_ARM_TEXTS_2 = {
    "arm_svc_stack_grants": "its stack pointer was outside its memory when an exception came at 0x",
    "arm_floating_move": "floating-point or coprocessor instruction: build with -mfloat-abi=soft",
    "arm_breakpoint": "breakpoint instruction",
}


def texts(name, expected, needs):
    """Processes that fault, one beside the other, and how the console explains each."""
    def image(column):
        return images.region(column, {place: suite.attacker(column, suite.find(attack), place)
                                      for place, attack in enumerate(expected)})

    return Test("fault-texts-" + name, image=image, needs=needs, forbid=NEVER,
                steps=[expect(*[r"^process \w+ \(slot \d\) faulted at pc [^\n]*\n"] * len(expected))],
                require=[rf"process {attack} \(slot \d\) faulted at pc 0x\w+, sp 0x\w+: {text}"
                         for attack, text in expected.items()])


TESTS = [test_of(attack) for attack in suite.attacks()] + [
    Test("hostile-together-lender-and-thief", needs="alarm leds", forbid=NEVER,
         image=lambda c: images.region(c, {0: suite.witness(c), 1: suite.attacker(c, suite.find("collude_lend")),
                                           2: suite.attacker(c, suite.find("collude_take"), 2)}),
         steps=[expect(r"process collude_take \(slot 2\) faulted at pc ", "attack collude_lend end$",
                       *[HEARTBEAT] * AFTER)]),
    texts("arm", _ARM_TEXTS, "arm alarm leds"),
    texts("arm-2", _ARM_TEXTS_2, "arm alarm leds"),
    texts("armv8m", {"armv8m_bxns": "it tried to leave the secure state",
                     "armv8m_read_alias": "it was refused a data access at 0x"}, "armv8m alarm leds"),
    together("floods", "spin_in_upcalls", "rng_hog", "restart_storm_busy", "spin_in_brk"),
    together("spinners", "spin", "spin_in_calls", "spin_in_yields", "spin_in_brk", "spin_in_upcalls"),
    together("random", "random_0", "random_1", "random_2", "random_3"),
]
