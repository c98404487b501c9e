# SPDX-License-Identifier: Apache-2.0 OR MIT
"""QEMU tests: a table of data (tests/qemu/) becomes one job a test and column.

Every run goes through `detent run` with counted instructions as the clock, so that nothing depends
on how fast the machine is; the limits only end what hangs.
"""
import os
import re
from dataclasses import dataclass, field
from typing import Callable, List, Optional, Tuple

from . import ROOT
from .jobs import Failed, Job

STEPS_LIMIT_S = 60
JOB_LIMIT_S = 90
PANIC = r"kernel panic"


@dataclass
class Test:
    """One test. All patterns are regular expressions; ^ and $ match at lines."""

    name: str
    steps: List[List[str]]
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
    slow: bool = False
    """Only in `make test-long`."""


def expect(*patterns):
    """Waits for the patterns one after the other."""
    return [part for pattern in patterns for part in ("--expect", pattern)]


def expect_all(*patterns):
    """Waits until each pattern was seen once, whatever their order."""
    return ["--expect", "(?s)" + "|".join(_orders([f"(?:{p})" for p in patterns]))]


def _orders(patterns):
    if len(patterns) == 1:
        return patterns
    return [first + ".*?" + f"(?:{'|'.join(_orders(patterns[:i] + patterns[i + 1:]))})"
            for i, first in enumerate(patterns)]


def send(text):
    r"""Types `text`; \r, \e, \xHH and the like stand for keys."""
    return ["--send", text]


def ends(code):
    """Waits until the guest ends QEMU with this exit code."""
    return ["--expect-exit", str(code)]


def jobs(tests, columns):
    """The jobs of all tests on all columns, in the order of the tests."""
    names = [test.name for test in tests]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise SystemExit(f"tests: two QEMU tests are called {doubled[0]}; rename one")
    return [_job(test, column) for test in tests for column in columns]


def _job(test, column):
    lacks = column.lacks(test.needs.split())
    skip = f"needs {' '.join(lacks)}" if lacks else None
    return Job(test.name, column.name, lambda log: _run(test, column, log), JOB_LIMIT_S, skip)


def _run(test, column, log):
    arguments = [os.path.join(ROOT, "detent"), "run", "--board", column.board, "--icount",
                 "--timeout", str(STEPS_LIMIT_S)] + column.options
    if PANIC not in test.forbid:
        arguments += ["--fail-on", "(?!)"]
    for app in test.apps:
        arguments += ["--app", app_tab(app)]
    if test.image:
        path = log.folder + ".bin"
        with open(path, "wb") as stream:
            stream.write(test.image(column))
        arguments += ["--image", path]
    log.run(arguments + [part for step in test.steps for part in step])
    said = log.text().split("\n", 1)[1].replace("\r\n", "\n")
    for pattern in test.require:
        if not re.search(pattern, said, re.M):
            raise Failed(f"the console never showed '{pattern}'")
    for pattern in test.forbid:
        if re.search(pattern, said, re.M):
            raise Failed(f"the console showed '{pattern}'")


def app_tab(name):
    """The TAB of an application of this repository."""
    return os.path.join(ROOT, "build", "apps", name, name + ".tab")
