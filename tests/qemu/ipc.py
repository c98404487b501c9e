# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Processes that talk to each other."""
from lib.emulator import Test, expect, send

LINE = "ask: the quick brown fox -> THE QUICK BROWN FOX"

TESTS = [
    Test("ipc-request-and-answer", apps=("ask", "upper"), needs="ipc process-console",
         steps=[expect(LINE), send(r"terminate upper\r"), expect("fox -> device taken out", "fox -> no such driver"),
                send(r"boot upper\r"), expect(LINE), send(r"fault ask\r"), expect("process ask .* faulted"),
                send(r"boot ask\r"), expect(*[LINE] * 4)]),
]
