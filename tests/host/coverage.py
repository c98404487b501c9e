#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Branch coverage of kernel/, lib/ and arch/host by all that runs on the host; `make host-coverage` calls it.

    tests/host/coverage.py PROGRAM...

Runs the programs, which are built with --coverage, and the unit tests that link kernel/ or lib/,
adds up what gcov says of each source, and writes build/host/coverage.txt: one line a file, then
every branch that was never taken. Exit code 1 where kernel/src or arch/host is below LEAST percent, where a
function of the former has a branch that was never taken and the table of docs/coverage.md does not list it,
and where a row of the table names what is taken now.

The kept inputs of the fuzz targets run first and alone: exit code 1 too where they reach less than
LEAST_FUZZED percent of a capsule's lines and the second table does not say why.
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
CORPUS = os.path.join(ROOT, "tests", "fuzz", "corpus")
REPORT = os.path.join(ROOT, "build", "host", "coverage.txt")
MEASURED = ("kernel/", "lib/", "arch/host/")
FUZZED = "capsules/src/"
LEAST = {"kernel/src/": 95.0, "arch/host/": 85.0}  # percent of the branches
LEAST_FUZZED = 80.0  # percent of the lines of each capsule
REASONS = os.path.join(ROOT, "docs", "coverage.md")
ROW = re.compile(r"^\| (`[^|]*`) \|", re.M)
FUZZED_ROW = re.compile(r"^\| `(\w+\.c)` \| (\d+) \|", re.M)


def main(programs):
    """The whole measurement."""
    for path in glob.glob(BUILT + "/**/*.gcda", recursive=True):
        os.remove(path)
    fuzzers = [program for program in programs if os.path.basename(program).startswith("fuzz_")]
    for program in fuzzers:
        run([program] + sorted(glob.glob(os.path.join(CORPUS, os.path.basename(program), "*"))))
    fuzzed = reached_lines()
    for program in programs:
        if program not in fuzzers:
            run([program])
    run_unit_tests()
    branches = collections.defaultdict(dict)
    for path in sorted(glob.glob(BUILT + "/**/*.gcda", recursive=True) + glob.glob(UNIT + "/**/*.gcda", recursive=True)):
        add_up(path, branches)
    low = write_report(branches, fuzzed)
    unjustified = judge(branches) + judge_fuzzed(fuzzed)
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


def counted(path):
    """What gcov says of each source that an object was made of: its name and its lines."""
    done = subprocess.run(["gcov", "--branch-probabilities", "--json-format", "--stdout", "--object-file", path, path],
                          cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    for text in done.stdout.splitlines():
        for entry in json.loads(text)["files"]:
            yield os.path.relpath(os.path.join(ROOT, entry["file"]), ROOT), entry["lines"]


def add_up(path, branches):
    """Adds the counts of one object to {file: {(line, number): count}}."""
    for name, lines in counted(path):
        if name.startswith(MEASURED):
            add_lines(lines, branches[name])


def reached_lines():
    """Of each capsule: the lines that ran so far, and all."""
    counts = {path: {} for path in glob.glob(FUZZED + "*.c", root_dir=ROOT)}
    for path in glob.glob(BUILT + "/obj/capsules/**/*.gcda", recursive=True) + \
            glob.glob(BUILT + "/obj/tests/fuzz/*.gcda"):
        for name, lines in counted(path):
            for line in lines if name in counts else []:
                number = line["line_number"]
                counts[name][number] = counts[name].get(number, 0) + line["count"]
    return {name: (sum(1 for count in lines.values() if count > 0), len(lines))
            for name, lines in sorted(counts.items())}


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


def taken_of(branches, start):
    """Branches that were taken, and all, of the files whose names begin so."""
    counts = [count for name in branches if name.startswith(start) for count in branches[name].values()]
    return sum(1 for count in counts if count > 0), len(counts)


def figures(start, branches, title):
    taken, total = taken_of(branches, start)
    return f"{title:44} {taken:5} of {total:5}  {share(taken, total):6.1f} %"


def write_report(branches, fuzzed):
    """Says it and writes it; the exit code."""
    lines = [figures(name, branches, name) for name in sorted(branches) if branches[name]]
    low = [folder for folder, least in LEAST.items() if share(*taken_of(branches, folder)) < least]
    lines += [figures(folder, branches, folder + " together") for folder in LEAST]
    lines.append(figures("", branches, "all"))
    lines += ["", "Lines of capsules that the kept fuzz inputs reach:"]
    lines += [f"{name:44} {reached:5} of {total:5}  {share(reached, total):6.1f} %"
              for name, (reached, total) in fuzzed.items()]
    lines += ["", "Branches that were never taken:"]
    for name in sorted(branches):
        lines += missing(name, branches[name])
    with open(REPORT, "w", encoding="utf-8") as stream:
        stream.write("\n".join(lines) + "\n")
    print("\n".join(lines[:lines.index("")]))
    for folder in low:
        print(f"coverage: {folder} is below {LEAST[folder]:.0f} %; build/host/coverage.txt says what is missing")
    return bool(low)


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


def share(reached, total):
    """In percent; nothing of a file that no target compiles."""
    return 100 * reached / total if total else 0.0


def judge_fuzzed(fuzzed):
    """Capsules that the kept inputs hardly reach without a reason, and reasons that nothing needs."""
    where = os.path.relpath(REASONS, ROOT)
    with open(REASONS, encoding="utf-8") as stream:
        floors = {FUZZED + name: float(floor) for name, floor in FUZZED_ROW.findall(stream.read())}
    out = [f"{where}: {name} is listed and is no capsule" for name in sorted(set(floors) - set(fuzzed))]
    for name, (reached, total) in fuzzed.items():
        percent, floor = share(reached, total), floors.get(name, LEAST_FUZZED)
        if percent < floor:
            out.append(f"{name}: the kept fuzz inputs reach {percent:.0f} % of its lines, and {floor:.0f} % are wanted; "
                       "fuzz and merge (docs/host-testing.md)")
        elif name in floors and percent >= LEAST_FUZZED:
            out.append(f"{where}: {name} is listed, and {percent:.0f} % of it are reached")
    return out


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
