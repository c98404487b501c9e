#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Branch coverage of kernel/ and lib/ by all that runs on the host; `make host-coverage` calls it.

    tests/host/coverage.py PROGRAM...

Runs the programs, which are built with --coverage, and the unit tests that link kernel/ or lib/,
adds up what gcov says of each source, and writes build/host/coverage.txt: one line a file, then
every branch that was never taken. Exit code 1 where the core kernel is below LEAST percent, where a
function of it has a branch that was never taken and the table of docs/coverage.md does not list it,
and where a row of the table names what is taken now.
"""
import collections
import glob
import json
import os
import re
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests"))

from lib import unit  # noqa: E402

BUILT = os.path.join(ROOT, "build", "host", "cov")
UNIT = os.path.join(ROOT, "build", "host", "cov-unit")
REPORT = os.path.join(ROOT, "build", "host", "coverage.txt")
MEASURED = ("kernel/", "lib/")
LEAST = 95.0  # percent of the branches of kernel/src
REASONS = os.path.join(ROOT, "docs", "coverage.md")
ROW = re.compile(r"^\| (`[^|]*`) \|", re.M)


def main(programs):
    """The whole measurement."""
    for path in glob.glob(BUILT + "/**/*.gcda", recursive=True):
        os.remove(path)
    for program in programs:
        name = os.path.basename(program)
        inputs = sorted(glob.glob(os.path.join(ROOT, "tests", "fuzz", "corpus", name, "*")))
        run([program] + inputs)
    run_unit_tests()
    branches = collections.defaultdict(dict)
    for path in sorted(glob.glob(BUILT + "/**/*.gcda", recursive=True) + glob.glob(UNIT + "/**/*.gcda", recursive=True)):
        add_up(path, branches)
    low = write_report(branches)
    unjustified = judge(branches)
    for line in unjustified:
        print("coverage: " + line)
    return 1 if low or unjustified else 0


def run(command):
    """A program of the suite; it must pass."""
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode != 0:
        sys.exit(f"coverage: {command[0]} failed:\n{done.stdout.decode(errors='replace')[-2000:]}")


def run_unit_tests():
    """Those of tests/unit that link a measured source, compiled anew with counters."""
    shutil.rmtree(UNIT, ignore_errors=True)
    for path in sorted(glob.glob(os.path.join(unit.FOLDER, "*.c"))):
        head = unit._head(path)  # the same reading of the LINK line as tests/run.py has
        if not head["LINK"] or not any(source.startswith(MEASURED) for source in head["LINK"]):
            continue
        folder = os.path.join(UNIT, os.path.splitext(os.path.basename(path))[0])
        os.makedirs(folder)
        include = [f"-I{ROOT}/{name}" for name in (head["INCLUDE"] or []) + unit.INCLUDE]
        sources = [os.path.relpath(path, ROOT)] + head["LINK"]
        for number, source in enumerate(sources):
            run(["gcc", "-std=c11", "-g", "-O0", "--coverage"] + include +
                ["-c", source, "-o", f"{folder}/{number}.o"])
        run(["gcc", "--coverage"] + [f"{folder}/{number}.o" for number in range(len(sources))] + ["-o", folder + "/test"])
        run([folder + "/test"])


def add_up(path, branches):
    """Adds the counts of one object to {file: {(line, number): count}}."""
    notes = path[:-len(".gcda")] + ".gcno"
    if not os.path.isfile(notes):
        notes = os.path.join(os.path.dirname(path), os.path.basename(path).split("#")[-1][:-len(".gcda")] + ".gcno")
    done = subprocess.run(["gcov", "--branch-probabilities", "--json-format", "--stdout", "--object-file", path, path],
                          cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    for text in done.stdout.splitlines():
        for entry in json.loads(text)["files"]:
            name = os.path.relpath(os.path.join(ROOT, entry["file"]), ROOT)
            if name.startswith(MEASURED):
                add_lines(entry["lines"], branches[name])


def add_lines(lines, counts):
    """A function that stands in a header is counted once, whoever includes it."""
    seen = collections.Counter()
    for line in lines:
        for branch in line["branches"]:
            key = (line["line_number"], seen[line["line_number"]])
            seen[line["line_number"]] += 1
            counts[key] = counts.get(key, 0) + branch["count"]


def is_judged(name):
    return name.startswith("kernel/src/")


def write_report(branches):
    """Says it and writes it; the exit code."""
    lines, core = [], [0, 0]
    for name in sorted(branches):
        counts = branches[name]
        taken = sum(1 for count in counts.values() if count > 0)
        if is_judged(name):
            core[0] += taken
            core[1] += len(counts)
        if counts:
            lines.append(f"{name:44} {taken:5} of {len(counts):5}  {100 * taken / len(counts):6.1f} %")
    percent = 100 * core[0] / core[1]
    lines.append(f"{'kernel/src, judged':44} {core[0]:5} of {core[1]:5}  {percent:6.1f} %")
    total = [sum(1 for c in b.values() for _ in [0] if c > 0) for b in branches.values()]
    everything = sum(len(b) for b in branches.values())
    lines.append(f"{'all':44} {sum(total):5} of {everything:5}  {100 * sum(total) / everything:6.1f} %")
    lines += ["", "Branches that were never taken:"]
    for name in sorted(branches):
        lines += missing(name, branches[name])
    with open(REPORT, "w", encoding="utf-8") as stream:
        stream.write("\n".join(lines) + "\n")
    print("\n".join(lines[:lines.index("")]))
    if percent < LEAST:
        print(f"coverage: kernel/src is below {LEAST:.0f} %; build/host/coverage.txt says what is missing")
    return percent < LEAST


def judge(branches):
    """Places of the core that nobody justified, and justifications that nothing needs."""
    listed = set()
    with open(REASONS, encoding="utf-8") as stream:
        for cell in ROW.findall(stream.read()):
            words = re.findall(r"`([^`]+)`", cell)
            listed.update((word, function[:-2]) for word in words if not word.endswith("()")
                          for function in words if function.endswith("()"))
    seen = {}
    for name, counts in branches.items():
        if not is_judged(name):
            continue
        source = read_lines(name)
        for line in missing(name, counts):
            place, text = line.split(": ", 1)
            if "ASSERT(" not in text:  # that it never fails is what it says
                number = int(place.rsplit(":", 1)[1])
                seen.setdefault((os.path.basename(name), function_at(source, number)), line)
    where = os.path.relpath(REASONS, ROOT)
    return [f"{line}: {key[1]}() is not in {where}" for key, line in sorted(seen.items()) if key not in listed] + \
        [f"{where}: {file} {function}() is listed, and all its branches are taken"
         for file, function in sorted(listed - set(seen))]


def read_lines(name):
    with open(os.path.join(ROOT, name), encoding="utf-8") as stream:
        return stream.read().splitlines()


def function_at(source, number):
    """The function that this line of a body is in, counted from 1; gcov does not name inlined ones."""
    above = source[:number]
    while above and above[-1] != "{":
        above.pop()
    while above:
        match = re.match(r"\w[^(]*?(\w+)\(", above.pop())  # a declaration begins in the first column
        if match:
            return match[1]
    return ""


def missing(name, counts):
    """One line a source line with a branch never taken."""
    source = read_lines(name)
    lines = sorted({line for (line, _), count in counts.items() if count == 0})
    return [f"{name}:{line}: {source[line - 1].strip()}" for line in lines]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
