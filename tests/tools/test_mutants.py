# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Every planted fault of both lists can be planted: the sources still say what it replaces."""

import importlib.util
import os
import sys
import unittest

from harness import ROOT

sys.dont_write_bytecode = True


def module(path):
    spec = importlib.util.spec_from_file_location(os.path.basename(path)[:-3] + "_list", os.path.join(ROOT, path))
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def text_of(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as stream:
        return stream.read()


class Lists(unittest.TestCase):
    def test_faults_of_the_kernel_apply(self):
        mutants = module("tools/mutants/mutants.py")
        faults = mutants.read_faults()
        self.assertGreaterEqual(len(faults), 40)
        for fault in faults:
            with self.subTest(line=fault.number):
                self.assertNotEqual(fault.planted(text_of(fault.file)), text_of(fault.file))
                self.assertIn(fault.check[0], mutants.CHECKS)

    def test_faults_of_the_proved_files_apply(self):
        mutants = module("proofs/mutants.py").read_mutants()
        for mutant in mutants:
            with self.subTest(line=mutant.number):
                found = text_of(mutant.file).count(mutant.old)
                self.assertTrue(found == 1 or mutant.chosen and found >= mutant.place, mutant.line)
                self.assertIn(mutant.kind, ("test", "prove"))


if __name__ == "__main__":
    unittest.main()
