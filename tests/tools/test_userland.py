# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The userland is whole: each header is described, each example a test on the host."""
import glob
import os
import re
import unittest

from harness import ROOT

# Has no place in a table of interfaces.
PLUMBING = {"compiler.h", "error.h"}


def text_of(*path):
    """A file of the tree."""
    with open(os.path.join(ROOT, *path), encoding="utf-8") as stream:
        return stream.read()


class Userland(unittest.TestCase):
    """What a reader of docs/userland.md relies on."""

    def headers(self):
        """Names of the library's headers."""
        names = {os.path.basename(p) for p in glob.glob(os.path.join(ROOT, "user/include/detent/*.h"))}
        self.assertGreater(len(names), 10)
        return sorted(names - PLUMBING)

    def test_every_header_is_described_and_in_the_common_one(self):
        table, common = text_of("docs/userland.md"), text_of("user/include/detent.h")
        for name in self.headers():
            row = re.search(rf"^\| `{re.escape(name)}` \|", table, re.M)
            self.assertTrue(row, f"docs/userland.md has no row for {name}")
            self.assertIn(f'#include "detent/{name}"', common)

    def test_what_waits_has_a_form_that_does_not(self):
        for name in ("key_value", "storage", "raw_flash", "app_install", "rng", "app_flash"):
            header = text_of("user/include/detent", name + ".h")
            functions = re.findall(r"^(?:MUST_CHECK )?enum error (\w+)\(", header, re.M)
            waiting = [f for f in functions if not f.endswith(("_start", "_describe", "_entry_get"))
                       and f != "nonvolatile_size"]
            self.assertTrue(waiting, name)
            self.assertEqual([f for f in waiting if f + "_start" not in functions], [])

    def test_every_example_has_a_host_test(self):
        for makefile in glob.glob(os.path.join(ROOT, "apps/*/Makefile")):
            tests = glob.glob(os.path.join(os.path.dirname(makefile), "test", "*.c"))
            self.assertTrue(any("HOST_TEST" in text_of(path) for path in tests), makefile)
