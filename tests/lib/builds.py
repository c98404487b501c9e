# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What the QEMU tests need built: a kernel for each board, and the applications."""
import functools
import os
import subprocess
import threading

from . import ROOT, signing
from .jobs import Job, Skipped, clean_environment

LIMIT_S = 600
# An application that is linked for unusual places: (number of the place in flash, number in RAM).
CROSSED = "crossed"
_CROSSED_OF = "tests/apps/bss_data"
# Two makes at once would build the userland's library twice, into one file.
_USERLAND = threading.Lock()
_CROSSED_PLACES = [(n, n) for n in range(16)] + [(0, 1), (1, 0), (2, 0)]


def jobs(tests, on_boards, columns):
    """One job a kernel and one for all applications; none where nothing needs them."""
    used = {job.column for job in on_boards if job.skip is None}
    boards = list(dict.fromkeys(c.board for c in columns if c.name in used))
    apps = sorted({app for test in tests for app in test.apps + test.uses}) if boards else []
    out = []
    if apps:
        out.append(Job("build-apps", "host", _apps(apps), LIMIT_S * 2))
    policies = [(board, policy) for board in boards for policy in _policies(tests, on_boards, board)]
    if policies:
        out.append(Job("build-policies", "host", _policy_kernels(policies), LIMIT_S * 2))
    return out + [Job(f"build-{board}", "host", _kernel(board), LIMIT_S) for board in boards]


def need_crypto():
    """Raises Skipped where kernels that check credentials cannot be built here."""
    reason = no_crypto()
    if reason:
        raise Skipped(reason)


@functools.cache
def no_crypto():
    """Why kernels that check credentials cannot be built here, or None; fetches the libraries' sources once."""
    if os.path.exists(os.path.join(ROOT, "build", "crypto", "bearssl")):
        return None
    done = subprocess.run(["make/crypto.sh", "build/crypto"], cwd=ROOT, capture_output=True, text=True, check=False,
                          env=clean_environment())
    return done.stderr.strip().splitlines()[-1] if done.returncode else None


def _policies(tests, on_boards, board):
    """The policies of the kernels that tests on this board need (signing.kernel())."""
    wanted = {test.name: test.kernel.policy for test in tests if hasattr(test.kernel, "policy")}
    return sorted({wanted[job.name] for job in on_boards
                   if job.name in wanted and job.skip is None and job.column.split("/")[0] == board})


def _policy_kernels(policies):
    def work(log):
        need_crypto()
        with _USERLAND:
            for board, policy in policies:
                log.run(signing.make_arguments(board, policy))
    return work


def missing(job, wanting, tests):
    """The build that `job` needs among those in `wanting`, by name, or None."""
    needed = ["build-apps", f"build-{job.column.split('/')[0]}"]
    if any(test.name == job.name and hasattr(test.kernel, "policy") for test in tests):
        needed.append("build-policies")
    return next((wanting[name] for name in needed if name in wanting), None)


def _kernel(board):
    return lambda log: log.run(["make", "--no-print-directory", f"BOARD={board}", f"build/{board}/kernel.elf"])


def _apps(names):
    def work(log):
        with _USERLAND:
            build(log)

    def build(log):
        ordinary = [f"build/apps/{name}/{name}.tab" for name in names if name != CROSSED]
        log.run(["make", "--no-print-directory"] + ordinary)
        if CROSSED in names:
            log.run(_crossed())
    return work


def _crossed():
    places = [f"rv32imac.{0x80100080 + flash * 0x10000:#010x}.{0x80300000 + ram * 0x10000:#010x}"
              for flash, ram in _CROSSED_PLACES]
    return ["make", "--no-print-directory", "-C", _CROSSED_OF, f"BUILD={ROOT}/build", f"APP={CROSSED}",
            "APP_RISCV_PIC=0", "RISCV_NAMES=" + " ".join(places), f"{ROOT}/build/apps/{CROSSED}/{CROSSED}.tab"]
