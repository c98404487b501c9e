# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The latest value, a queue and a buffer, over loans, between two applications."""
from lib.emulator import Test, expect

WAYS = (r"view: latest: no error, 3 changes, 0 torn", r"view: queue: no error, 40 taken, 0 wrong",
        r"view: buffer: byte 7 is 7", r"meter: back, first byte 99")

TESTS = [
    Test("loan-ways", apps=("meter", "meter_view"), needs="loans alarm", reference=True,
         steps=[expect(*WAYS), expect(*WAYS)],
         forbid=("kernel panic", "faulted", "still here", "[1-9] torn", "[1-9] wrong")),
]
