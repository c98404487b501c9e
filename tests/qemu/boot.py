# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The start of the system."""
from lib.emulator import Test, ends, expect, send

GREETING = r"^Detent \d+\.\d+\.\d+ on \S+, .+, \S+gcc\S+, flags [0-9a-f]{12}$"

TESTS = [
    Test("boot-no-apps", small=True, steps=[expect(GREETING)]),
    Test("boot-prompt", small=True, needs="process-console",
         steps=[expect(GREETING, r"^detent\$ "), send(r"status\r"),
                expect(r"^Total processes: 0$", r"^Active processes: 0$", r"^detent\$ ")]),
    Test("boot-says-smepmp", needs="smepmp", steps=[expect(r"^Detent .* Smepmp, kernel W\^X,")]),
    Test("boot-says-pmp", small=True, needs="pmp", steps=[expect(r"^Detent .* PMP(?!.*W\^X)")]),
    Test("boot-hello", small=True, apps=("hello",), steps=[expect(GREETING, r"Hello from a process!$")]),
    Test("boot-reset", small=True, needs="process-console", apps=("hello",),
         steps=[expect(GREETING, r"Hello from a process!$"), send(r"reset\r"),
                expect(GREETING, r"Hello from a process!$")]),
    Test("boot-panic", needs="process-console exit", apps=("preempt",), forbid=(),
         steps=[expect("preempt: spinning"), send(r"panic\r"),
                expect(r"kernel panic: .+", r"slot 0: .*pc 0x[0-9a-f]{8}"), ends(70)]),
]
