# SPDX-License-Identifier: Apache-2.0 OR MIT
"""tests/run.py: what it lists it only lists, and what a machine lacks is skipped."""
import os
import subprocess
import sys
import unittest
from unittest import mock

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
sys.path[:0] = [os.path.join(ROOT, "tests"), os.path.join(ROOT, "tools")]

from lib import builds, jobs, power  # noqa: E402


class Jobs(unittest.TestCase):
    """Before and after they run."""

    def test_making_them_fetches_nothing(self):
        builds.no_crypto.cache_clear()
        with mock.patch.object(os.path, "exists", return_value=False), \
                mock.patch.object(subprocess, "run", side_effect=AssertionError("a program runs")):
            power.jobs(False)
            builds.jobs([], [], [])

    def test_what_is_not_there_skips_its_job(self):
        def work(_log):
            raise jobs.Skipped("no network")
        job = jobs.Job("skips", "host", work)
        jobs.perform(job)
        self.assertEqual((job.outcome, job.why), (jobs.SKIPPED, "no network"))
        os.remove(job.log_path)


if __name__ == "__main__":
    unittest.main()
