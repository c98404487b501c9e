# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`make bench`: what its storage lines are compared with, and what a program's lines must be."""
import os
import sys
import unittest

from harness import ROOT

sys.path[:0] = [os.path.join(ROOT, "tests", "bench"), os.path.join(ROOT, "tests")]

import storage  # noqa: E402
from power import bench  # noqa: E402

FOUND = {"kv.written_per_update": (50.0, "bytes"), "kv.updates_per_erase": (70.0, "updates"),
         "kv.read_per_update": (9000.0, "bytes"), "littlefs.ram": (472, "bytes")}


class Judged(unittest.TestCase):
    """More than 5 % worse than the baseline is wrong, in either direction."""

    def wrong(self, **baseline):
        """What is wrong against a baseline of figures of the store."""
        return storage.judge(FOUND, {f"kv.{name}": value for name, value in baseline.items()}, 1.05)

    def test_worse_is_wrong(self):
        self.assertIn("kv.written_per_update: 50.0 bytes, before 47", self.wrong(written_per_update=47)[0])
        self.assertIn("kv.updates_per_erase: 70.0 updates, before 74", self.wrong(updates_per_erase=74)[0])

    def test_the_same_and_better_are_fine(self):
        for figures in ({"written_per_update": 50, "updates_per_erase": 70},
                        {"written_per_update": 90, "updates_per_erase": 40}):
            self.assertEqual(self.wrong(**figures), [])

    def test_a_figure_that_is_gone_is_wrong(self):
        self.assertIn("kv.ram is in the baseline", self.wrong(ram=1960)[0])

    def test_littlefs_need_not_be_there(self):
        self.assertEqual(storage.judge(FOUND, {"littlefs.code_rv32": 18320}, 1.05), [])
        self.assertEqual(storage.of_littlefs({"littlefs.ram": 1, "littlefs.code_rv32": 2, "kv.ram": 3},
                                             storage.plain(FOUND)), {"littlefs.code_rv32": 2})

    def test_what_is_kept_is_what_is_shown(self):
        self.assertEqual(storage.plain(FOUND), {"kv.written_per_update": 50.0, "kv.updates_per_erase": 70.0,
                                                "littlefs.ram": 472})


class Lines(unittest.TestCase):
    """A program that fails is not taken for one that measured."""

    def test_parsed(self):
        self.assertEqual(bench.parse("storage.kv.ram 1960.0 bytes\n"), [("storage.kv.ram", 1960.0, "bytes")])
        for text in ("the store failed: 3\n", "storage.kv.first_update 12 FAILED\n"):
            with self.assertRaises(bench.BenchError):
                bench.parse(text)

    def test_a_wrong_folder_is_told(self):
        with self.assertRaisesRegex(bench.BenchError, "no lfs.c"):
            bench.find_littlefs("/nowhere")
