# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What a run of the tests prints: a line a test while it runs, then a table and the sum."""
import sys

from .jobs import FAILED, PASSED, SKIPPED

_TAIL_LINES = 25
_WIDTH = 140


def tell(job):
    """One line about a job that has ended; nothing about a skipped one: the table shows it."""
    if job.outcome == SKIPPED:
        return
    end = f": {job.why}" if job.why else ""
    print(f"{job.outcome:4}  {job.column:24} {job.name:34} {job.seconds:6.1f} s{_short(end)}", flush=True)


def table(jobs):
    """Board by test, for the tests that run on boards."""
    columns = _in_order(job.column for job in jobs)
    rows = _in_order(job.name for job in jobs)
    if not rows:
        return
    cells = {(job.name, job.column): job.outcome for job in jobs}
    width = max(len(row) for row in rows)
    print(f"\n{'':{width}}  " + "  ".join(columns))
    for row in rows:
        line = "  ".join(f"{cells.get((row, column), ''):{len(column)}}" for column in columns)
        print(f"{row:{width}}  {line}".rstrip())
    print("(- : the board has not what the test needs)")
    for column in columns:
        whys = {job.why if job.outcome == SKIPPED else "" for job in jobs if job.column == column}
        if len(whys) == 1 and "" not in whys:
            print(f"({column}: {whys.pop()})")


def failures(jobs):
    """The end of the log of every failed job."""
    for job in jobs:
        if job.outcome != FAILED:
            continue
        print(f"\n---- {job.column} {job.name}: {_short(job.why)}")
        if job.seconds == 0:
            continue  # it did not start, for what it needs could not be built
        print(f"---- {job.log_path}")
        try:
            with open(job.log_path, encoding="utf-8", errors="replace") as stream:
                lines = stream.read().splitlines()
        except OSError:
            lines = []
        for line in lines[-_TAIL_LINES:]:
            print("    " + "".join(c if c.isprintable() else "?" for c in _short(line)))


def total(jobs):
    """The last line; returns the exit code."""
    count = {outcome: sum(1 for job in jobs if job.outcome == outcome)
             for outcome in (PASSED, FAILED, SKIPPED)}
    skipped = f", {count[SKIPPED]} skipped" if count[SKIPPED] else ""
    sys.stdout.flush()
    print(f"{count[PASSED]} passed, {count[FAILED]} failed{skipped}", flush=True)
    return 1 if count[FAILED] or not count[PASSED] else 0


def _short(text):
    return text if len(text) <= _WIDTH else text[:_WIDTH] + " ..."


def _in_order(names):
    return list(dict.fromkeys(names))
