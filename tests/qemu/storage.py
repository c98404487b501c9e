# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Storage: an application that checks what it kept and goes on writing."""
import os
import sys

from lib import ROOT
from lib.emulator import Test, expect, expect_all, send

sys.path.insert(0, os.path.join(ROOT, "tests", "hostile"))

import suite  # noqa: E402

PANIC_OR_LOSS = (r"kernel panic", r"LOST", r"storage: ")

TESTS = [
    # The store wraps several times; every old value is collected.
    Test("storage-torture", needs="storage", apps=("kv_torture",), forbid=PANIC_OR_LOSS,
         steps=[expect(r"found 0\r?$", r"^done 1$", r"^done 900$")]),
    # What was done is found by the next life of the process.
    Test("storage-restart", needs="storage process-console", apps=("kv_torture",), forbid=PANIC_OR_LOSS,
         steps=[expect(r"found 0\r?$", r"^done 20$"), send(r"terminate kv_torture\r"),
                expect(r"(?i)terminated"), send(r"boot kv_torture\r"), expect(r"found \d{2,}\r?$")]),
    # OpenSK's calls, its window to read, and neither for anybody else.
    Test("storage-opensk", needs="raw-flash", apps=("opensk_store", "opensk_stranger"),
         kernel=lambda column: suite.kernel("opensk", column.board), forbid=("kernel panic", "came back", "is wrong"),
         steps=[expect_all(r"opensk_store: 0 failed, writing\r?$(?s:.*)^process opensk_store \(slot 0\) faulted at pc",
                           r"opensk_stranger: 0 failed, reading\r?$(?s:.*)^process opensk_stranger \(slot 1\) faulted at pc")]),
    Test("storage-raw", needs="raw-flash", apps=("flash_raw",), steps=[expect(r"flash_raw: passed\r?$")]),
]
