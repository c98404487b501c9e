# SPDX-License-Identifier: Apache-2.0 OR MIT
"""QEMU tests: a table of data (tests/qemu/) becomes one job a test and column.

`detent run --dry-run` gives the command line. Every run has counted instructions as its clock, so that
nothing depends on how fast the machine is; the limits only end what hangs.
"""
import os
import re
import shlex
import sys
from dataclasses import dataclass, field
from typing import Callable, List, Optional, Tuple

from . import ROOT, images
from .drive import Console
from .images import app_tab  # noqa: F401, for tests that make an image themselves
from .jobs import Failed, Job

sys.path.insert(0, os.path.join(ROOT, "tools"))

from detent.steps import unescape  # noqa: E402

STEPS_LIMIT_S = 90
JOB_LIMIT_S = 120
PANIC = r"kernel panic"
DETENT = os.path.join(ROOT, "detent")


@dataclass
class Test:
    """One test. All patterns are regular expressions; ^ and $ match at lines."""

    name: str
    steps: List[List[tuple]]
    """What is awaited and typed, in this order: expect(), send() and the like, below."""
    apps: Tuple[str, ...] = ()
    """Applications of apps/ and tests/apps/, one process each."""
    image: Optional[Callable] = None
    """Instead of `apps`: image(column) gives the bytes of the application region."""
    uses: Tuple[str, ...] = ()
    """The applications of which `image` makes them."""
    needs: str = ""
    """Capabilities of the board, as boards/<board>/board.ini names them; !name: has it not."""
    require: Tuple[str, ...] = ()
    """What the console must have shown at the end, in any order."""
    forbid: Tuple[str, ...] = field(default=(PANIC,))
    """What it must never show."""
    gdb: bool = False
    """`play` steps use the machine's gdb server: lib/gdb.py, console.gdb_path, console.column."""
    slow: bool = False
    """Only in `make test-long`."""
    reference: bool = False
    """In `make test` on the boards with the capability `reference` only: one an architecture, so that
    a large family of tests stays affordable. In `make test-long` on all."""
    small: bool = False
    """Also on boards with the capability `small`: it has at most two small applications."""
    kernel: Optional[Callable] = None
    """kernel(column) gives the path of the kernel's ELF, where it is not the board's own."""
    limit_s: int = STEPS_LIMIT_S
    """For all steps."""


def expect(*patterns):
    """Waits for the patterns one after the other."""
    return [("expect", pattern) for pattern in patterns]


def expect_all(*patterns):
    """Waits until each pattern was seen once, whatever their order."""
    return [("expect", "(?s)" + "|".join(_orders([f"(?:{p})" for p in patterns])))]


def _orders(patterns):
    if len(patterns) == 1:
        return patterns
    return [first + ".*?" + f"(?:{'|'.join(_orders(patterns[:i] + patterns[i + 1:]))})"
            for i, first in enumerate(patterns)]


def send(text):
    r"""Types `text`; \r, \e, \xHH and the like stand for keys."""
    return [("send", unescape(text))]


def ask(text, pattern):
    """Types `text` until `pattern` shows: for an application that may not be reading yet, because
    the kernel drops what comes then."""
    return [("ask", unescape(text), pattern)]


def play(function):
    """Calls function(console), for what depends on what the guest says: see drive.Console."""
    return [("play", function)]


def ends(code):
    """Waits until the guest ends QEMU with this exit code."""
    return [("exit", code)]


def jobs(tests, columns, long_too=False):
    """The jobs of all tests on all columns, in the order of the tests."""
    names = [test.name for test in tests]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise SystemExit(f"tests: two QEMU tests are called {doubled[0]}; rename one")
    return [_job(test, column, long_too) for test in tests for column in columns]


def _job(test, column, long_too):
    needs = test.needs.split() + (["reference"] if test.reference and not long_too else [])
    lacks = column.lacks(needs + ([] if test.small else ["!small"]))
    skip = column.unfit or (f"needs {' '.join(lacks)}" if lacks else None)
    return Job(test.name, column.name, lambda log: _run(test, column, log),
               JOB_LIMIT_S - STEPS_LIMIT_S + test.limit_s, skip)


def _image(test, column, log):
    """The file of the application region, or None where it is empty."""
    if not test.image and not test.apps:
        return None
    path = log.folder + ".bin"
    data = test.image(column) if test.image else images.placed(column, test.apps)
    with open(path, "wb") as stream:
        stream.write(data)
    return path


_COMMANDS = {}


def _command(test, column, image, log):
    """QEMU's command line; `detent run` is asked once a column and kernel, with an empty file as the
    image, for it takes longer than many a test."""
    kernel = ["--kernel", test.kernel(column)] if test.kernel else []
    key = (column.name, image is None, *kernel)
    if key not in _COMMANDS:
        empty = log.folder + ".empty.bin"
        with open(empty, "wb"):
            pass
        text = log.output_of([DETENT, "run", "--board", column.board, "--icount", "--dry-run"]
                             + (["--image", empty] if image else []) + column.options + kernel)
        _COMMANDS[key] = [part.replace(empty, "@image@") for part in shlex.split(text)]
    return [part.replace("@image@", image or "") for part in _COMMANDS[key]]


def _run(test, column, log):
    image = _image(test, column, log)
    command = _command(test, column, image, log)
    socket = os.path.relpath(log.folder + ".gdb")  # short: the name of a socket has at most 107 bytes
    if test.gdb:
        command += ["-gdb", f"unix:{socket},server=on,wait=off"]
    log.write(shlex.join(command) + "\n")
    console = Console(command, log.path, test.limit_s)
    console.gdb_path, console.column = socket, column
    try:
        console.take([step for steps in test.steps for step in steps],
                     PANIC if PANIC in test.forbid else None)
    finally:
        console.close()
    for pattern in test.require:
        if not re.search(pattern, console.said, re.M):
            raise Failed(f"the console never showed '{pattern}'")
    for pattern in test.forbid:
        if re.search(pattern, console.said, re.M):
            raise Failed(f"the console showed '{pattern}'")
