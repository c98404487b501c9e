# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Loans: a borrower that goes on using what it has no more is stopped, on every processor."""
import os
import sys

from lib import ROOT
from lib.emulator import Test, expect, expect_all, send

sys.path.insert(0, os.path.join(ROOT, "tests", "hostile"))

import suite  # noqa: E402


def faulted(how):
    """A borrower faults at the buffer, and the report says why it may not touch it."""
    return rf"process loan_borrower \(slot \d+\) faulted (?s:.*?)0x\w{{8}}: loan 0x\w+ from loan_lender {how}$"


RACED = r"race: %s: 20 all, [1-9]\d* nothing, 0 part"

TESTS = [
    # One borrower for each letter; the last loan ends with the lender.
    Test("loans-misuse", apps=("loan_lender", *["loan_borrower"] * 6), needs="loans alarm",
         forbid=("WRONG", "kernel panic"),
         steps=[expect(r"borrower: touches it, r", faulted("was returned"), r"lender: ended, why 1, reads 'r'",
                       r"lender: pool done"),
                expect(r"borrower: reads 'w'", faulted("does not allow that"), r"lender: ended, why 5, reads 'w'"),
                expect("borrower: near, l, of this loan"), expect_all(r"lender: ended, why 3, reads 'L'", faulted("expired")),
                expect("borrower: near, x, of this loan"),
                expect_all(r"lender: ended, why 3, reads 'x'", "borrower: ended, why 3", faulted("expired")),
                expect(r"borrower: allowed 1", r"borrower: allowed after the end 0", faulted("was revoked")),
                expect_all(r"^process loan_lender \(slot 0\) faulted (?s:.*?): loan 0x\w+ of its own RAM is exclusive$",
                           faulted("ended with its owner"))]),
    # A capsule's own buffers: filled, lent for one driver, lent on, taken back.
    Test("loans-frames", apps=("frame_taker", "frame_keeper"), needs="loans storage", reference=True,
         kernel=lambda column: suite.kernel("lending", column.board), forbid=("WRONG", "kernel panic"),
         steps=[expect("taker: storage", "keeper: 512 bytes, 0 not as they came", "keeper: 512 bytes, 0 not as they came",
                       "keeper: ended, why 6", r"process frame_keeper \(slot 1\) faulted (?s:.*?): loan 0x\w+ from frame_taker ended "
                       "with the loan that it was made of$", "taker: touches it",
                       r"process frame_taker \(slot 0\) faulted (?s:.*?): loan 0x\w+ from the kernel was revoked$")]),
    # The end of a loan's time at every tick around a device's answer; virtio's entropy comes by DMA.
    Test("loans-deadline-race", apps=("loan_race", "loan_puppet"), needs="loans storage !rng", reference=True,
         forbid=("WRONG", "kernel panic"), steps=[expect(RACED % "storage", "race: over")]),
    Test("loans-deadline-race-dma", apps=("loan_race", "loan_puppet"), needs="loans storage rng", reference=True,
         forbid=("WRONG", "kernel panic"), steps=[expect(RACED % "storage", RACED % "rng", "race: over")]),
    # What a borrower, a lender and a third one try, and their end at every step; no puppet stays dead.
    Test("loans-attacks", apps=("loan_director", *["loan_puppet"] * 3), needs="loans alarm", reference=True,
         kernel=lambda column: suite.kernel("restarting", column.board), forbid=("WRONG", "kernel panic"),
         steps=[expect("rights", "others' loans", "cycles", "the break", "14 loans", "a flood", "windows", "shapes",
                       "loan_puppet: type"), send("z"), expect("loan_puppet: type"), send("z"),
                expect("time and devices", "notices", *[f"step {i}" for i in range(5)], "a third one",
                       r"loan_director: \d{3,} checked, 0 wrong")]),
]
