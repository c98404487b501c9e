# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The command line as a whole, and the board files."""
import json
import os
import subprocess
import unittest

import samples
from harness import LAUNCHER, ROOT, Case, launch, tool

from detent import board
from detent.cli import VERBS
from detent.errors import ToolError


class CommandLine(Case):
    """Verbs, help, exit codes."""

    def test_version_is_that_of_the_tree(self):
        with open(os.path.join(ROOT, "VERSION"), encoding="ascii") as stream:
            self.assertEqual(tool("--version").out, f"detent {stream.read().strip()}\n")

    def test_help(self):
        text = tool("--help").out
        for verb in VERBS:
            self.assertIn(verb, text)
            result = tool(verb, "--help")
            self.assertEqual(result.code, 0)
            self.assertIn("examples:\n", result.out)
            self.assertIn(f"  detent {verb} ", result.out + " ")

    def test_wrong_command_lines(self):
        for arguments in ([], ["frobnicate"], ["--frobnicate"], ["pack"], ["inspect"], ["run"]):
            result = tool(*arguments)
            self.assertEqual(result.code, 2, arguments)
            self.assertTrue(result.err)
        self.assertIn("unknown verb 'frobnicate'", tool("frobnicate").err)

    def test_as_a_program_from_another_folder(self):
        result = launch("boards", "--names")
        self.assertEqual(result.code, 0, result.err)
        self.assertIn("qemu-rv32-virt\n", result.out)

    def test_reader_that_goes_away(self):
        self.pack("cortex-m4", samples.arm_pic())
        self.write("many.bin", self.read("cortex-m4.tbf") * 900)
        with subprocess.Popen([LAUNCHER, "inspect", "many.bin"], stdout=-1, stderr=-1) as process:
            process.stdout.read(10)
            process.stdout.close()
            err = process.stderr.read()
        self.assertEqual(err, b"")

    def test_leaves_no_trace_in_the_tree(self):
        launch("boards")
        self.assertFalse(os.path.exists(os.path.join(ROOT, "tools", "detent", "__pycache__")))


class Boards(Case):
    """boards/*/board.ini."""

    def test_all_boards_load(self):
        self.assertIn("qemu-rv32-virt", board.names())
        for entry in json.loads(tool("boards", "--json").out):
            self.assertEqual(entry["app_start"] % entry["page"], 0)
            self.assertGreater(entry["app_size"], 0)
        self.assertEqual(len(tool("boards").out.splitlines()), len(board.names()))

    def test_damaged_board_file(self):
        sound = "[board]\ndescription = d\narch = a\n[memory]\napp_start = 0\napp_size = 1\n" \
                "ram_start = 0\nram_size = 1\n[apps]\nplacement = sequential\npage = 4\n"
        board.Board("x", self.write("b.ini", sound))
        for old, new in (("arch = a", ""), ("app_size = 1", "app_size = much"), ("sequential", "random"),
                         ("page = 4", "page = 12"), ("[board]", "[board"), ("[apps]", "[qemu]\nbinary = q\nserials = x\n[apps]"),
                         ("[apps]", "[qemu]\nargs = '\n[apps]"), ("[board]", "")):
            with self.assertRaises(ToolError, msg=new):
                board.Board("x", self.write("b.ini", sound.replace(old, new)))
        with self.assertRaises(ToolError):
            board.Board("x", self.write("b.ini", b"\xff\xfe\x00"))


if __name__ == "__main__":
    unittest.main()
