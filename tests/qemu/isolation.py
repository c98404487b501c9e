# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A process that does what it must not is stopped, and the others go on."""
from lib.emulator import Test, ask, expect, expect_all, send

ALIVE = (ask(r"quit\r", r"console_echo: 4 \[quit\]"),)
FORBID = ("kernel panic", "came back", "there is no isolation", "nothing stopped it")


def stopped(name, text, why=()):
    """`name` beside an application that must still answer after the fault; the kernel says why."""
    return Test("isolation-" + name.replace("_", "-"), small=True, apps=(name, "console_echo"), needs="console-input",
                steps=[expect_all("console_echo: ready",
                                  rf"{text}(?s:.*?)^process {name} \(slot \d+\) faulted at pc 0x\w{{8}}"),
                       *ALIVE], require=why, forbid=FORBID)


TESTS = [
    stopped("fault", r"fault: reading the kernel's memory at 0x\w{8}"),
    stopped("stack_overflow", "stack_overflow: going down",
            why=(r"its stack overflowed: give it more \(APP_STACK_SIZE\)",)),
    stopped("null_jump", r"null_jump: jumping to 0x\w{8}"),
    stopped("write_flash", r"write_flash: writing to 0x\w{8}"),
    stopped("bad_class", "bad_class: trying class 200"),
    Test("isolation-output-only", apps=("fault", "hello"), needs="!console-input",
         steps=[expect_all("Hello from a process!", r"^process fault \(slot \d+\) faulted at pc")],
         forbid=FORBID),
    Test("isolation-state", small=True, apps=("fault", "hello"), needs="process-console",
         steps=[expect_all(r"^process fault \(slot \d+\) faulted", "Hello from a process!"),
                ask(r"list\r", r"fault .*Faulted(?s:.*)hello .*Terminated"),
                send(r"boot fault\r"), expect(r"^process fault \(slot \d+\) faulted"),
                ask(r"list\r", r"fault .* Faulted")], forbid=FORBID),
]
