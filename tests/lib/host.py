# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The tests that need no board: of the host tool, of the build, of the sources, and the proofs."""
import glob
import os
import shutil

from . import ROOT, build_tests, checks
from .jobs import Job

PYTHON = "/usr/bin/python3"


def jobs(long_too):
    """All of them, the longest first."""
    return _proofs(long_too) + build_tests.jobs() + checks.jobs() + _tool()


def _tool():
    out = []
    for path in sorted(glob.glob(os.path.join(ROOT, "tests", "tools", "test_*.py"))):
        name = os.path.splitext(os.path.basename(path))[0]
        command = [PYTHON, "tests/tools/run.py", name]
        out.append(Job("tool-" + name[len("test_"):].replace("_", "-"), "host",
                       lambda log, command=command: log.run(command), limit_s=300))
    return out


def _proofs(_long_too):
    if not os.path.isfile(os.path.join(ROOT, "make", "prove.mk")):
        return []
    missing = [tool for tool in ("frama-c", "why3", "z3") if not shutil.which(tool)]
    skip = f"{missing[0]} is not installed; run make/setup.sh prove" if missing else None
    return [Job("prove", "host", lambda log: log.run(["make", "--no-print-directory", "prove"]), 1200, skip)]
