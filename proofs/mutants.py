#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Plants the faults of proofs/mutants.txt, one at a time, in a copy of the sources.

    proofs/mutants.py [--tests | --proofs] [WORD]...

Each fault must make the proof or the test named with it fail; one that does not
has survived. The last line is `killed N / M`; the exit status is 1 when one
survives. WORD chooses the faults whose line holds it.
"""
import argparse
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, "build", "mutants")
PROVED = os.path.join(ROOT, "build", "proofs")
COPIED = ["abi", "lib", "kernel", "arch", "proofs", "tests/unit"]
INCLUDE = ["tests/unit", "abi/include", "lib/include", "kernel/include", "kernel/src", "arch/riscv/include", "arch/riscv",
           "arch/armv7m", "arch/armv8m"]
FLAGS = ["-std=c11", "-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
TEST_LIMIT_S = 120
PROOF_TIMEOUT_S = 5


class Mutant:
    def __init__(self, number, line):
        self.number, self.line = number, line
        fields = [field.strip() for field in line.split(" :: ")]
        if len(fields) != 4:
            sys.exit(f"mutants.txt:{number}: {len(fields)} fields between ' :: ', wanted 4")
        self.file, self.old, self.new, killer = fields
        self.new = "" if self.new == "(nothing)" else self.new
        self.kind, self.name = killer.split()
        self.place = 1
        self.chosen = re.match(r"@(\d+) (.*)", self.old)
        if self.chosen:
            self.place, self.old = int(self.chosen[1]), self.chosen[2]

    def plant(self, tree):
        """Writes the fault into the tree, which is a copy."""
        path = os.path.join(tree, self.file)
        with open(path, encoding="utf-8") as stream:
            text = stream.read()
        pieces = text.split(self.old)
        if len(pieces) < 2 or (len(pieces) != 2 and not self.chosen):
            raise ValueError(f"{self.file} has {len(pieces) - 1} times: {self.old}")
        before = self.old.join(pieces[:self.place])
        after = self.old.join(pieces[self.place:])
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(before + self.new + after)

    def killed(self, tree):
        return self._test_fails(tree) if self.kind == "test" else self._proof_fails(tree)

    def _test_fails(self, tree):
        source = os.path.join("tests", "unit", self.name + ".c")
        with open(os.path.join(tree, source), encoding="utf-8") as stream:
            text = stream.read()
        links = re.search(r"LINK: ([^\n*]*)", text)[1].split()
        own = re.search(r"INCLUDE: ([^\n*]*)", text)
        include = (own[1].split() if own else []) + INCLUDE
        program = os.path.join(tree, "mutant")
        subprocess.run(["gcc"] + FLAGS + [f"-I{folder}" for folder in include] + [source] + links +
                       ["-o", program], cwd=tree, check=True, capture_output=True, text=True)
        try:
            result = subprocess.run([program], cwd=tree, capture_output=True, timeout=TEST_LIMIT_S)
        except subprocess.TimeoutExpired:
            return True
        return result.returncode != 0

    def _proof_fails(self, tree):
        environment = dict(os.environ, PROOF_ROOT=tree, PROOF_FUNCTIONS=self.name,
                           PROOF_TIMEOUT=str(PROOF_TIMEOUT_S))
        if os.path.isfile(os.path.join(PROVED, "why3.conf")):
            environment["PROOF_SHARED"] = PROVED  # goals that the fault leaves alone are known
        result = subprocess.run(["sh", os.path.join(tree, "proofs", "run.sh"), self.file], cwd=tree,
                                env=environment, capture_output=True, text=True)
        goals = re.search(r"^total +Proved goals: +(\d+) / (\d+)", result.stdout, re.M)
        if result.returncode == 2 or not goals or goals[2] == "0":
            raise ValueError("no proof was tried: " + (result.stdout + result.stderr).strip()[-300:])
        return int(goals[1]) < int(goals[2])


def copy_tree():
    os.makedirs(BUILD, exist_ok=True)
    tree = tempfile.mkdtemp(dir=BUILD)
    for folder in COPIED:
        shutil.copytree(os.path.join(ROOT, folder), os.path.join(tree, folder))
    return tree


def attempt(mutant):
    """None when the fault was found, otherwise what went wrong."""
    tree = copy_tree()
    try:
        mutant.plant(tree)
        return None if mutant.killed(tree) else "survived"
    except ValueError as error:
        return str(error)
    except subprocess.CalledProcessError as error:
        return "does not compile: " + error.stderr[:300]
    finally:
        shutil.rmtree(tree)


def read_mutants():
    with open(os.path.join(ROOT, "proofs", "mutants.txt"), encoding="utf-8") as stream:
        lines = [(number, line.strip()) for number, line in enumerate(stream, 1)]
    return [Mutant(number, line) for number, line in lines if line and not line.startswith("#")]


def main():
    parser = argparse.ArgumentParser(usage="mutants.py [--tests | --proofs] [WORD]...")
    parser.add_argument("--tests", action="store_true", help="only those that a test is to find")
    parser.add_argument("--proofs", action="store_true", help="only those that a proof is to find")
    parser.add_argument("words", nargs="*")
    options = parser.parse_args()
    mutants = [m for m in read_mutants()
               if (not options.words or any(word in m.line for word in options.words))
               and not (options.tests and m.kind != "test") and not (options.proofs and m.kind != "prove")]
    if not mutants:
        sys.exit("mutants.py: no fault is chosen by that")
    bad = 0
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for mutant, wrong in zip(mutants, pool.map(attempt, mutants)):
            if wrong:
                bad += 1
                print(f"proofs/mutants.txt:{mutant.number}: {wrong}\n\t{mutant.line}", flush=True)
    print(f"killed {len(mutants) - bad} / {len(mutants)}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
