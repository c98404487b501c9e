# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Every promise of docs/threat-model.md names what shows it, and what it names exists."""

import fnmatch
import os
import re
import subprocess
import unittest

from harness import ROOT

PAGE = "docs/threat-model.md"
ROW = re.compile(r"^\| (.+?) \| (.*) \|$")


def text_of(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as stream:
        return stream.read()


def promises():
    """(line, promise, what shows it)"""
    promised = False
    for number, line in enumerate(text_of(PAGE).splitlines(), 1):
        if line.startswith("## "):
            promised = line == "## Promised"
        row = ROW.match(line) if promised else None
        if row and not row[1].startswith("promise") and not set(line) <= set("| -"):
            yield number, row[1], row[2]


class ThreatModel(unittest.TestCase):
    def setUp(self):
        listed = subprocess.run(["/usr/bin/python3", "tests/run.py", "--list", "--long"], cwd=ROOT, check=True,
                                capture_output=True, text=True).stdout
        self.tests = {line.split()[1] for line in listed.splitlines() if len(line.split()) > 1}
        proved = re.findall(r"^(?:kernel|lib|arch)/\S+$", text_of("proofs/run.sh"), re.M)
        self.proved = {path for path in proved} | {os.path.basename(path).rsplit(".", 1)[0] for path in proved}
        self.faults = text_of("tools/mutants/faults.txt") + text_of("proofs/mutants.txt")

    def exists(self, name):
        """A test, a proved file, a file of the tree, or a function that has a planted fault."""
        if any(fnmatch.fnmatchcase(test, name) for test in self.tests) or name in self.proved:
            return True
        if name.endswith("()"):
            return self.has_fault(name[:-2])
        return name == "AUDIT.txt" or os.path.exists(os.path.join(ROOT, name)) or f"/{name} | " in self.faults

    def has_fault(self, function):
        """A planted fault in a file that defines the function."""
        files = {re.split(r" (?:\||::) ", line.removeprefix("+ "))[0] for line in self.faults.splitlines()
                 if line and not line.startswith("#")}
        return any(re.search(rf"^\w[^;\n]*\b{function}\(", text_of(path), re.M) for path in files)

    def test_each_promise_names_what_shows_it(self):
        rows = list(promises())
        self.assertGreater(len(rows), 20)
        for number, promise, shown in rows:
            with self.subTest(line=number, promise=promise):
                self.assertTrue(re.search(r"`[^`]+`", shown), "it names no proof and no test")

    def test_what_is_named_exists(self):
        for number, _, shown in promises():
            for name in re.findall(r"`([^`]+)`", shown):
                with self.subTest(line=number, name=name):
                    self.assertTrue(self.exists(name), f"{PAGE}:{number}: there is no {name}")


if __name__ == "__main__":
    unittest.main()
