# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Follows docs/tutorials/first-application.md to the letter, in an empty folder.

A block ```console holds commands (`$ ...`) and lines that their output must contain. A block ```c is
the file named above it, or lines that are put below a line of that file.
"""
import os
import re
import shutil
import subprocess
import unittest

from harness import ROOT, Case

TUTORIAL = os.path.join(ROOT, "docs", "tutorials", "first-application.md")
BLOCK = re.compile(r"(?:^\*\*(?P<file>[^*]+)\*\*(?:, below `(?P<below>[^`]+)`)?:\n\n)?^```(?P<kind>\w*)\n(?P<text>.*?)^```$",
                   re.M | re.S)
# Nothing but time depends on these.
FASTER = {"APP_ARM_NAMES": "cortex-m4:cortex-m4", "APP_RISCV_SLOTS": "0"}
LIMIT_S = 280


class Tutorial(Case):
    """One test: every step needs those before it."""

    def setUp(self):
        super().setUp()
        self.place = self.folder
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
        self.environment.update(FASTER, DETENT=ROOT)

    def command(self, line):
        """Runs one line and returns its output."""
        done = subprocess.run(["/bin/sh", "-c", line], cwd=self.place, env=self.environment, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=LIMIT_S, check=False)
        self.assertEqual(done.returncode, 0, f"$ {line}\n{done.stdout}")
        return done.stdout

    def console(self, text):
        """A block of commands with what they print."""
        output, line = "", ""
        for row in text.splitlines():
            if row.startswith("$ "):
                line = row[2:]
                if line.startswith("cd "):
                    self.place = os.path.normpath(os.path.join(self.place, line[3:]))
                elif line.startswith("export "):
                    self.environment["PATH"] = self.environment["PATH"] + ":" + ROOT
                else:
                    output = self.command(line)
            else:
                self.assertIn(row, output, f"$ {line}")

    def file(self, name, below, text):
        """A whole file, or lines for one."""
        path = os.path.join(self.place, name)
        if below:
            with open(path, encoding="utf-8") as stream:
                old = stream.read()
            self.assertEqual(old.count("\n" + below + "\n"), 1, f"{name}: {below}")
            text = old.replace("\n" + below + "\n", "\n" + below + "\n" + text)
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(text)

    @unittest.skipUnless(shutil.which("riscv64-unknown-elf-gcc"), "needs the compilers")
    def test_it_works(self):
        """From top to bottom."""
        with open(TUTORIAL, encoding="utf-8") as stream:
            blocks = list(BLOCK.finditer(stream.read()))
        self.assertGreater(len(blocks), 15)
        for block in blocks:
            if block["kind"] == "console":
                self.console(block["text"])
            else:
                self.assertTrue(block["file"], block["text"])
                self.file(block["file"], block["below"], block["text"])


if __name__ == "__main__":
    unittest.main()
