# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The tests that need no board: of the host tool, of the build, of the sources, and the proofs."""
import glob
import os
import shutil
import subprocess

from . import ROOT, build_tests, checks
from .jobs import Job, clean_environment

PYTHON = "/usr/bin/python3"


def jobs():
    """All of them, the longest first."""
    return _proofs() + build_tests.jobs() + checks.jobs() + _kernel() + _tool()


def _tool():
    out = []
    for path in sorted(glob.glob(os.path.join(ROOT, "tests", "tools", "test_*.py"))):
        name = os.path.splitext(os.path.basename(path))[0]
        command = [PYTHON, "tests/tools/run.py", name]
        out.append(Job("tool-" + name[len("test_"):].replace("_", "-"), "host",
                       lambda log, command=command: log.run(command), limit_s=400))
    return out


def _kernel():
    """The kernel as a Linux process, where the makefile has it (make/host.mk)."""
    done = subprocess.run(["make", "-s", "--no-print-directory", "host-test-names"], cwd=ROOT, text=True,
                          capture_output=True, check=False, env=clean_environment())
    if done.returncode != 0:
        return []
    return [Job("host-" + name.replace("_", "-"), "host", _make(f"host-test-{name}"), limit_s=600)
            for name in done.stdout.split()]


def _proofs():
    if not os.path.isfile(os.path.join(ROOT, "proofs", "run.sh")):
        return []
    missing = [tool for tool in ("frama-c", "why3", "z3") if not shutil.which(tool)]
    skip = f"{missing[0]} is not installed; run make/setup.sh prove" if missing else None
    return [Job("prove", "host", lambda log: log.run(["sh", "proofs/run.sh"]), 2400, skip)]


def _make(target):
    return lambda log: log.run(["make", "--no-print-directory", target])
