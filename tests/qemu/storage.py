# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Storage: an application that checks what it kept and goes on writing."""
from lib.emulator import Test, expect, send

PANIC_OR_LOSS = (r"kernel panic", r"LOST", r"storage: ")

TESTS = [
    # The store wraps several times; every old value is collected.
    Test("storage-torture", needs="storage", apps=("kv_torture",), forbid=PANIC_OR_LOSS,
         steps=[expect(r"found 0\r?$", r"^done 1$", r"^done 900$")]),
    # What was done is found by the next life of the process.
    Test("storage-restart", needs="storage process-console", apps=("kv_torture",), forbid=PANIC_OR_LOSS,
         steps=[expect(r"found 0\r?$", r"^done 20$"), send(r"terminate kv_torture\r"),
                expect(r"(?i)terminated"), send(r"boot kv_torture\r"), expect(r"found \d{2,}\r?$")]),
    Test("storage-raw", needs="raw-flash", apps=("flash_raw",), steps=[expect(r"flash_raw: passed\r?$")]),
]
