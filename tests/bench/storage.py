# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The storage lines of `make bench`: the store beside littlefs on the same model of a flash.

tests/power/bench.py measures. The name of a line is the workload and what was counted, as
`kv_4k_cold.written_per_update`; that of littlefs in the same workload stands beside it.
"""
import os
import sys
from collections import namedtuple

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
COLUMN = "storage"
STORE, OTHER = "kv", "littlefs"

Metric = namedtuple("Metric", "key title more_is_better")

METRICS = [
    Metric("written_per_update", "flash written per 32-byte update", False),
    Metric("updates_per_erase", "updates per erase", True),
    Metric("updates_per_erase_of_worst_page", "the same, of the page most erased", True),
    Metric("values_held", "values that 64 KiB hold", True),
    Metric("ram", "RAM", False),
    Metric("code_rv32", "code and constants, rv32", False),
    Metric("code_cortex_m4", "code and constants, Cortex-M4", False),
    Metric("recovery_64k", "recovery of 64 KiB, rv32", False),
    Metric("first_update", "the first update after it", False),
]
WORKLOADS = [("", ""), ("_4k_cold", ", beside 4 KiB"), ("_full", ", full")]


def measure():
    """({name: (value, unit)}, a remark or None)."""
    sys.path.insert(0, os.path.join(ROOT, "tests"))
    from power import bench
    try:
        littlefs = bench.find_littlefs()
        lines = bench.measure(littlefs)
    except bench.BenchError as error:
        raise OSError(f"storage: {error}") from None
    remark = None if littlefs else "littlefs is not installed: make littlefs gets it (from PyPI, once)"
    return {line.name.removeprefix("storage."): (line.value, line.unit) for line in lines}, remark


def show(found, remark):
    """Prints the table, one line a figure."""
    print(f"\n{'key-value store, 16 pages of 4 KiB':58}{'store':>10}{OTHER:>10}")
    for metric in METRICS:
        for suffix, words in WORKLOADS:
            ours, theirs = (found.get(f"{who}{suffix}.{metric.key}") for who in (STORE, OTHER))
            if ours:
                print(f"{metric.title + words:58}{ours[0]:>10}{theirs[0] if theirs else '-':>10}  {ours[1]}")
    if remark:
        print("# " + remark)


def judge(found, baseline, slack):
    """What got worse by more than the slack. A figure that is gone is wrong too, littlefs left out."""
    wrong = []
    better = {metric.key: metric.more_is_better for metric in METRICS}
    for name, before in baseline.items():
        who, metric = name.split(".")
        if metric not in better or name not in found:
            if not who.startswith(OTHER):
                wrong.append(f"{COLUMN}: {name} is in the baseline and was not measured")
            continue
        value = found[name][0]
        if value * slack < before if better[metric] else value > before * slack:
            wrong.append(f"{COLUMN}: {name}: {value} {found[name][1]}, before {before}; "
                         "make bench-accept if that is meant")
    return wrong


def plain(found):
    """What the baseline keeps: {name: value}."""
    keys = {metric.key for metric in METRICS}
    return {name: value for name, (value, _) in found.items() if name.split(".")[1] in keys}


def of_littlefs(before, now):
    """The figures of littlefs that the baseline keeps where it was not measured this time."""
    return {name: value for name, value in before.items() if name.startswith(OTHER) and name not in now}
