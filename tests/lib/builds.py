# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What the QEMU tests need built: a kernel for each board, and the applications."""
from .jobs import Job

LIMIT_S = 600


def jobs(tests, on_boards, columns):
    """One job a kernel and one for all applications; none where nothing needs them."""
    used = {job.column for job in on_boards if job.skip is None}
    boards = list(dict.fromkeys(c.board for c in columns if c.name in used))
    apps = sorted({app for test in tests for app in test.apps + test.uses}) if boards else []
    out = []
    if apps:
        out.append(Job("build-apps", "host", _apps(apps), LIMIT_S))
    return out + [Job(f"build-{board}", "host", _kernel(board), LIMIT_S) for board in boards]


def missing(job, broken):
    """The name of a failed build that `job` needs, or None."""
    for name in ("build-apps", f"build-{job.column.split('/')[0]}"):
        if name in broken:
            return name
    return None


def _kernel(board):
    return lambda log: log.run(["make", "--no-print-directory", f"BOARD={board}", f"build/{board}/kernel.elf"])


def _apps(names):
    return lambda log: log.run(["make", "--no-print-directory"] + [f"build/apps/{n}/{n}.tab" for n in names])
