# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The tests that need no board: of the host tool, of the build, of the sources, and the proofs."""
import glob
import os
import shutil
import subprocess

from . import ROOT, build_tests, checks
from .jobs import Job, clean_environment

PYTHON = "/usr/bin/python3"


FUZZ_S = 60  # in all, on each change
FUZZ_LONG_S = int(os.environ.get("FUZZ_HOURS", "2")) * 3600  # in make test-long


def jobs(long=False):
    """All of them, the longest first."""
    return _proofs() + _fuzzing(long) + _analyses() + _measures(long) + build_tests.jobs() + checks.jobs() + _kernel() + \
        _tool()


def _fuzzing(long):
    """Every target for a share of the time; what is kept as corpus is replayed by host-fuzz-* besides."""
    skip = None
    if not shutil.which("clang-14") and not shutil.which("clang"):
        skip = "clang is not installed; run make/setup.sh test"
    elif not glob.glob("/usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.fuzzer-*.a"):
        skip = "clang has no libFuzzer here; run make/setup.sh test"
    seconds = FUZZ_LONG_S if long else FUZZ_S
    return [Job("fuzz", "host", lambda log: log.run(["tests/fuzz/run.sh", str(seconds)]), seconds + 1800, skip)]


def _analyses():
    """make/analyze.mk, one tool a job."""
    out = []
    for name, tools in (("gcc", ("riscv64-unknown-elf-gcc",)), ("tidy", ("clang-tidy-14", "clang-tidy")),
                        ("misra", ("cppcheck",))):
        found = any(shutil.which(tool) for tool in tools)
        skip = None if found else f"{tools[0]} is not installed; run make/setup.sh test"
        out.append(Job(f"check-analyze-{name}", "host", _make("analyze", f"ANALYZE={name}"), 1800, skip))
    # what differs from the default board
    for board in ("mps2-an386", "mps2-an505", "hifive1b"):
        out.append(Job(f"check-analyze-{board}", "host", _make(
            "analyze", "ANALYZE=gcc", f"BOARD={board}", "ANALYZE_ONLY=arch/% boards/% chips/%"), 1800))
    return out


def _measures(long):
    """Planted faults, and how much of the kernel all host tests together reach."""
    return [Job("mutants", "host", _make("mutants"), 4 * 3600) if long else
            Job("mutants-fast", "host", _make("mutants-fast"), 1800),
            Job("host-coverage", "host", _make("host-coverage"), 1800,
                None if shutil.which("gcov") else "gcov is not installed; run make/setup.sh test")]


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


def _make(*targets):
    return lambda log: log.run(["make", "--no-print-directory", *targets])
