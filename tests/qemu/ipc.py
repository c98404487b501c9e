# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Processes that talk to each other."""
from lib.emulator import Test, expect, expect_all, send

LINE = "ask: the quick brown fox -> THE QUICK BROWN FOX"

TESTS = [
    Test("ipc-request-and-answer", apps=("ask", "upper"), needs="ipc process-console",
         steps=[expect(LINE), send(r"terminate upper\r"), expect("fox -> device taken out", "fox -> no such driver"),
                send(r"boot upper\r"), expect(LINE), send(r"fault ask\r"), expect("process ask .* faulted"),
                send(r"boot ask\r"), expect(*[LINE] * 4)]),
    Test("ipc-attacks", apps=("upper", "ipc_attacks", "ask"), needs="ipc process-console",
         steps=[expect(r"ipc_attacks: [1-9]\d\d\d tried, 0 succeeded", *[LINE] * 2), send(r"fault ipc_attacks\r"),
                expect("process ipc_attacks .* faulted", LINE), send(r"boot ipc_attacks\r"),
                expect(r"ipc_attacks: [1-9]\d\d\d tried, 0 succeeded", *[LINE] * 2)],
         forbid=("kernel panic", "SUCCEEDED", r"process (upper|ask) \(slot \d\) faulted", "device taken out")),
    # Tock 1993 and 4371: what cannot be protected is refused, and the end of sharing is the end.
    Test("ipc-tock-shared-buffer", apps=("ipc_share", "ipc_share"), needs="ipc",
         steps=[expect("ipc_share: an odd buffer: size too large or too small", "ipc_share: 5a a5 00"),
                expect_all("ipc_share: not shared any more: no error",
                           r"service reaches out[^$]*process ipc_share \(slot 0\) faulted[^$]*loan 0x\w+ from ipc_share was revoked")],
         forbid=("kernel panic", r"process ipc_share \(slot 1\) faulted")),
]
