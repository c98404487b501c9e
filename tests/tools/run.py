#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Runs the tests of the host tool and the set-up; prints one summary line and failures only.

    tests/tools/run.py [NAME]...      NAME: a test file without .py, such as test_pack
"""
import io
import os
import sys
import time
import unittest

HERE = os.path.dirname(os.path.realpath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, HERE)


def main(names):
    """Exit code 0 where all passed, 1 otherwise."""
    loader = unittest.TestLoader()
    suite = loader.loadTestsFromNames(names) if names else loader.discover(HERE, top_level_dir=HERE)
    report = io.StringIO()
    started = time.monotonic()
    result = unittest.TextTestRunner(stream=report, verbosity=1).run(suite)
    bad = len(result.failures) + len(result.errors)
    passed = result.wasSuccessful() and result.testsRun > 0
    if not passed:
        print(report.getvalue())
    skipped = f", {len(result.skipped)} skipped" if result.skipped else ""
    print(f"tests/tools: Ran {result.testsRun} tests in {time.monotonic() - started:.1f} s: "
          f"{'OK' if passed else f'FAILED ({bad})'}{skipped}")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
