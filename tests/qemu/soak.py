# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Ten applications with restarts and faults for a billion instructions: nothing is lost.

The kernel is one of make/hostile.mk: `faulter` is restarted by the policy for its name, as often as it faults.

One of them always wants the processor, so it is never idle, and with counted instructions a second of
the guest is a billion of them. tests/soak/soak.c has the applications.
"""
import os
import re
import sys

from lib import ROOT, images
from lib.emulator import Test, play
from lib.jobs import Failed

sys.path.insert(0, os.path.join(ROOT, "tests", "hostile"))

import suite  # noqa: E402

APPS = ("keeper", "spinner", "restarter", "faulter", "random_user", "printer", "setter", "breaker", "counter",
        "ender")
# Always there, their grants all taken; the others end, restart or move their break.
STEADY = ("keeper", "spinner", "random_user", "printer", "setter", "counter")
# It floods itself with upcalls, so some of them are dropped.
FLOODED = "setter"
TOTAL_MS = int(os.environ.get("DETENT_SOAK_MS", "1000"))  # a shorter run is to try the test itself
LIMIT_S = 900
MIN_LIVES = 3
PROMPT = r"detent\$ "
NEVER = ("kernel panic", "SUCCEEDED", r"process (?!faulter )\w+ \(slot \d+\) faulted", "cannot start again")


def image(column):
    """All ten, in the order of APPS."""
    return images.region(column, {place: suite.application(column, place, name, "tests/soak/soak.c", name)
                                  for place, name in enumerate(APPS)})


def asked(console, line, pattern):
    """Types a command; returns the match of what it says."""
    console.type((line + "\r").encode())
    return console.wait_for(pattern)


def memory_of(console, name):
    """What `process` says of one process: its RAM, its grants, and how many upcalls it lost."""
    ram, grants, dropped = asked(console, f"process {name}",
                                 rf"(?s)^Process {name}, PID \d+: \w+\n.*?^ +(RAM [^\n]*)\n(.*?) drivers.*?"
                                 r"dropped (\d+)").groups()
    if name not in STEADY:
        return ram
    return ram, grants, "some" if name == FLOODED else dropped


def slots_of(console):
    """(slot, name) of all processes, and the state of those that do not end."""
    text = asked(console, "list", rf"(?s)^ PID +ShortID.*?(?=\n{PROMPT}|\n\n)")[0]
    rows = re.findall(r"^ *(\d+) +\S+ +(\w+) .* (\w+)$", text, re.M)
    return [(slot, name, state if name in STEADY and state in ("Faulted", "Terminated") else "")
            for slot, name, state in rows]


def time_of(console):
    """Milliseconds of the guest."""
    return int(console.wait_for(r"^soak ms ([0-9a-f]{8})$")[1], 16)


def snapshot(console):
    """All that must be the same at the end."""
    return slots_of(console), [memory_of(console, name) for name in APPS]


def revive(console):
    """The operator starts again what has ended for good."""
    asked(console, "boot ender", "attack ender begin|^cannot boot")


def soak():
    """The run itself: function(console)."""
    def run(console):
        time_of(console)
        before, booted = snapshot(console), 0
        if len(before[0]) != len(APPS):
            raise Failed(f"{len(before[0])} processes in place of {len(APPS)}")
        now = 0
        while now < TOTAL_MS:
            now = time_of(console)
            revive(console)
            booted += 1
            if booted % 4 == 0:
                print(f"soak: {now} of {TOTAL_MS} million instructions", flush=True)
        after = snapshot(console)
        for name in ("faulter", "restarter", "ender"):
            if console.said.count(f"attack {name} begin") < MIN_LIVES:
                raise Failed(f"{name} had fewer than {MIN_LIVES} lives")
        if before != after:
            raise Failed(f"something was lost:\n{before}\n{after}")
    return run


TESTS = [Test("soak", slow=True, needs="alarm leds process-console reference", image=image, limit_s=LIMIT_S, forbid=NEVER,
              kernel=lambda column: suite.kernel("round_robin", column.board), steps=[play(soak())])]
