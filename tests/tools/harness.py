# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What the tests of the host tool share: running it, and a folder to work in."""
import contextlib
import io
import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
LAUNCHER = os.path.join(ROOT, "detent")
sys.path.insert(0, os.path.join(ROOT, "tools"))

from detent.cli import main  # noqa: E402


class Result:
    """How a run of the tool ended."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err


def tool(*arguments):
    """Runs the tool inside this process. An exception that escapes it fails the test."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main([str(a) for a in arguments])
        except SystemExit as end:  # argparse: --help and wrong command lines
            code = end.code or 0
    return Result(code, out.getvalue(), err.getvalue())


def launch(*arguments, env=None, stdin=subprocess.DEVNULL, timeout=60):
    """Runs the launcher as a program of its own."""
    done = subprocess.run([LAUNCHER] + [str(a) for a in arguments], stdin=stdin, timeout=timeout,
                          capture_output=True, check=False, env=env)
    return Result(done.returncode, done.stdout.decode("utf-8", "replace"),
                  done.stderr.decode("utf-8", "replace"))


class Case(unittest.TestCase):
    """A test with a folder of its own as the working folder."""

    def setUp(self):
        self._before = os.getcwd()
        self._folder = tempfile.TemporaryDirectory(prefix="detent-test-")
        self.folder = self._folder.name
        os.chdir(self.folder)

    def tearDown(self):
        os.chdir(self._before)
        self._folder.cleanup()

    def write(self, name, data):
        """Writes a file into the folder and returns its name."""
        with open(name, "wb") as stream:
            stream.write(data if isinstance(data, bytes) else data.encode())
        return name

    def read(self, name):
        """The bytes of a file in the folder."""
        with open(name, "rb") as stream:
            return stream.read()

    def pack(self, arch, elf, *options):
        """Packs the bytes `elf`; returns the TBF's bytes, and leaves <arch>.tbf and <arch>.tab."""
        self.write(arch + ".elf", elf)
        result = tool("pack", "--deterministic", "-o", arch + ".tab", arch + ".elf", *options)
        self.assertEqual(result.code, 0, result.err)
        return self.read(arch + ".tbf")

    def assert_one_line(self, result, *parts):
        """The tool failed with exit code 1 and one line that holds all `parts`."""
        self.assertEqual(result.code, 1, result.out + result.err)
        lines = [l for l in result.err.splitlines() if l and "warning" not in l]
        self.assertEqual(len(lines), 1, result.err)
        self.assertNotIn("Traceback", result.err)
        for part in parts:
            self.assertIn(part, result.err)
