#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Writes what a run of proofs/run.sh counted into proofs/SOUNDNESS.md; `make prove-accept` calls it.

    proofs/run.sh | proofs/counts.py

Fails, and changes nothing, where the run has unproved goals or did not get to its end. How many faults
are planted is counted too.
"""
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PAGE = os.path.join(ROOT, "proofs", "SOUNDNESS.md")
LINE = re.compile(r"^(\S+) +Proved goals: +(\d+) / (\d+) +(\d+) functions +(\d+) s$", re.M)
BEGIN, END = "<!-- counts: made by `make prove-accept` -->\n", "<!-- end of counts -->\n"


def faults(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as stream:
        return sum(1 for line in stream if line.strip() and not line.startswith("#"))


def table(rows):
    lines = ["| file | goals, all proved | functions | seconds |", "| --- | ---: | ---: | ---: |"]
    lines += [f"| {'all' if name == 'total' else f'`{name}`'} | {goals} | {functions} | {seconds} |"
              for name, _, goals, functions, seconds in rows]
    kernel, proved = faults("tools/mutants/faults.txt"), faults("proofs/mutants.txt")
    return "\n".join(lines) + f"\n\nPlanted faults: {kernel} in the kernel, its drivers and its assembly, " \
        f"{proved} in what is proved or modelled, {kernel + proved} in all.\n"


def main():
    said = sys.stdin.read()
    rows = LINE.findall(said)
    rows = sorted(rows[:-1]) + rows[-1:] # files are proved side by side
    if not rows or rows[-1][0] != "total" or any(proved != goals for _, proved, goals, _, _ in rows):
        sys.exit("counts: the run did not prove everything:\n" + said[-2000:])
    with open(PAGE, encoding="utf-8") as stream:
        text = stream.read()
    head, _, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not end:
        sys.exit(f"counts: {PAGE} has not both lines that enclose the counts")
    with open(PAGE, "w", encoding="utf-8") as stream:
        stream.write(head + BEGIN + table(rows) + END + tail)
    return 0


if __name__ == "__main__":
    sys.exit(main())
