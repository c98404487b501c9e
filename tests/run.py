#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Runs the tests, two at a time, and ends with one line `N passed, N failed`. `make test` calls it.

    tests/run.py [--tests PATTERN]... [--boards BOARD]... [--long] [--list]

PATTERN is a name with * and ?; BOARD is a board or one of its variants (board/variant). Logs are
build/test/<column>/<test>.log. docs/testing.md says how to add a test.
"""
import argparse
import fnmatch
import os
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

from lib import builds, columns, emulator, host, jobs, power, report, unit  # noqa: E402
import qemu  # noqa: E402

WORKERS = 2


def main():
    """Exit code 0 where all passed, 1 where not, 2 for a wrong command line."""
    options = _parse()
    boards = columns.load(options.boards)
    wanted = _matcher(options.tests)
    on_host = [job for job in unit.jobs() + host.jobs(options.long) + power.jobs(options.long) if wanted(job.name)]
    listed = [test for test in qemu.TESTS if wanted(test.name) and (options.long or not test.slow)]
    on_boards = emulator.jobs(listed, boards, options.long)
    if options.list:
        for job in on_host + on_boards:
            print(f"{job.column:24} {job.name}{'  (' + job.skip + ')' if job.skip else ''}")
        return 0
    if not on_host and not on_boards:
        print(f"tests: no test is called {' '.join(options.tests)}; tests/run.py --list names them", file=sys.stderr)
        return 2
    made = builds.jobs(listed, on_boards, boards)
    started = time.monotonic()
    _perform(made, on_host, on_boards, listed)
    report.table(on_boards)
    everything = made + on_host + on_boards
    report.failures(everything)
    print(f"\n{time.monotonic() - started:.0f} s; logs: build/test/")
    return report.total(everything)


def _parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tests", action="append", default=[], help="only these; repeatable")
    parser.add_argument("--boards", action="append", default=[], help="only these; repeatable")
    parser.add_argument("--long", action="store_true", help="the slow tests too")
    parser.add_argument("--list", action="store_true", help="name the tests and end")
    options = parser.parse_args()
    options.tests = [word for text in options.tests for word in text.split()]
    options.boards = [word for text in options.boards for word in text.split()]
    return options


def _matcher(patterns):
    return lambda name: not patterns or any(fnmatch.fnmatchcase(name, p) for p in patterns)


def _perform(made, on_host, on_boards, tests):
    """What is built comes first; tests that need what could not be built end as that did."""
    jobs.perform_all(made, WORKERS, report.tell)
    wanting = {job.name: job for job in made if job.outcome != jobs.PASSED}
    for job in on_boards:
        missing = builds.missing(job, wanting, tests) if job.outcome is None else None
        if missing:
            job.outcome = missing.outcome
            job.why = f"{missing.name} failed" if missing.outcome == jobs.FAILED else missing.why
    jobs.perform_all([job for job in on_host + on_boards if job.outcome is None], WORKERS, report.tell)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("\ntests: interrupted", file=sys.stderr)
        sys.exit(130)
