#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Measures and judges: one line a figure, beside Tock's and the limit. `make bench` calls it.

    tests/bench/bench.py [--json FILE] [--accept] [COLUMN]...

A figure over its limit, or more than 5 % worse than baseline.json, fails (exit code 1). --accept writes
the baseline anew. Columns are named in section [bench] of boards/<board>/board.ini, as options of
`detent run`; `image` names the column that the bytes are of,
and `only = loans` says that nothing else is measured on the board. Column `storage` is a table of its own
(storage.py).
"""
import argparse
import configparser
import json
import os
import shlex
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE]

import bytes as image_bytes  # noqa: E402
import storage  # noqa: E402
import trace  # noqa: E402
from figures import FIGURES  # noqa: E402

BASELINE = os.path.join(HERE, "baseline.json")
SLACK = 1.05
# The first calls of a kind, in each process, allocate, and are not what a figure means.
WARM_UP = 3
LOAN_WARM_UP = 2
CALLS = ("null_command", "yield_no_wait", "memop", "allow_rw", "allow_ro", "subscribe")

# From where to where in tests/bench/ipc.
TALKS = {
    "request": ("request_empty", "served"), "round_trip": ("request_empty", "answered"),
    "request_16": ("request_short", "served"), "round_trip_16": ("request_short", "answered"),
    "copied": ("request_long", "answered"), "lent": ("offer", "ended"),
}
COPIED_BYTES, LENT_BYTES = 256, 4096


class Column:
    """One board in one way of running it. `talk` is another one of this kind for what processes say to each
    other, where there is one."""

    def __init__(self, name, board, options, of_image):
        self.name, self.board, self.options = name, board, options
        self.has_bytes, self.has_loans, self.only_loans = of_image
        self.kernel = os.path.join(ROOT, "build", board, "kernel.elf")
        self.talk = None


def columns():
    """All columns, in the order of their names."""
    out, talk = [], {}
    folder = os.path.join(ROOT, "boards")
    for board in sorted(os.listdir(folder)):
        parser = configparser.ConfigParser(interpolation=None)
        parser.optionxform = str
        parser.read(os.path.join(folder, board, "board.ini"), encoding="utf-8")
        if parser.has_section("bench-talk"):
            for name, options in parser["bench-talk"].items():
                talk[name] = Column(name, board, shlex.split(options), (False, False, False))
        if not parser.has_section("bench"):
            continue
        with_bytes = parser["bench"].get("image")
        has_loans = "loans" in parser.get("test", "capabilities", fallback="").split()
        only_loans = parser["bench"].get("only") == "loans"
        out += [Column(name, board, shlex.split(options), (name == with_bytes, has_loans, only_loans))
                for name, options in parser["bench"].items() if name not in ("image", "only")]
    for column in out:
        column.talk = talk.get(column.name)
    return sorted(out, key=lambda column: column.name)


def measure_talk(column):
    """{figure: value} of two processes that talk to each other."""
    pair, both = trace.record(column, 2, "bench_ipc")
    places = {name: address for place in both for name, address in place.items()}
    found = {name: pair.journeys(places[start], places[end]) for name, (start, end) in TALKS.items()}
    out = {}
    for name, counts in found.items():
        if len(counts) <= 2 * WARM_UP:
            raise trace.BenchError(f"only {len(counts)} of {name} were seen")
        out[name] = max(counts[WARM_UP:])
    out["copied_mib"] = out.pop("copied") * (1 << 20) // COPIED_BYTES // 1000
    out["lent_mib"] = out.pop("lent") * (1 << 20) // LENT_BYTES // 1000
    return out


def measure_loans(column):
    """{figure: value}: 4 KiB lent and given back, the worst of all calls but the first ones.

    The application lends the first half of its rounds to share, and the others exclusively.
    """
    lending, places = trace.record(column, 2, "bench_loan")
    shared = alone = 0
    for name in ("loan_offer", "loan_accept", "loan_return"):
        counts = [count for place in places for count in lending.calls(place[name])][LOAN_WARM_UP:]
        if len(counts) <= 3 * LOAN_WARM_UP:
            raise trace.BenchError(f"only {len(counts)} calls of {name} were seen")
        shared += max(counts[:len(counts) // 2 - 1])
        alone += max(counts[len(counts) // 2 + 1:])
    return {"loan": shared, "loan_alone": alone}


def measure(column):
    """{figure: value} of one column: the worst of all calls but the first ones."""
    if column.only_loans:
        return measure_loans(column)
    alone, places = trace.record(column, 1)
    home = places[0]
    found = {name: alone.calls(home[name]) for name in CALLS}
    found["alarm"] = alone.alarms(home["alarm_set"], home["yield_wait"], home["upcall"])
    pair, both = trace.record(column, 2)
    found["switch"] = pair.switches(both)
    found["top_half"] = pair.top_halves()
    found["upcall"] = pair.upcalls(both)
    found["interrupt"] = pair.returns(both)
    out = {}
    for name, counts in found.items():
        if len(counts) <= 2 * WARM_UP:
            raise trace.BenchError(f"only {len(counts)} calls of {name} were seen")
        out[name] = max(counts[WARM_UP:])
    if column.has_loans:
        out.update(measure_loans(column))
    out["reset"] = alone.reset_to_app()
    if column.has_bytes:
        out.update(image_bytes.measure(column.kernel))
    if column.talk:
        out.update(measure_talk(column.talk))
    return out


def judge(results, baseline):
    """Prints the table; returns the list of what is wrong."""
    names = list(results)
    wrong = []
    print(f"{'':42}" + "".join(f"{name:>11}" for name in names) + "   limit      Tock   Tock O3  Tock PMP")
    for figure in FIGURES:
        values = [results[name].get(figure.key) for name in names]
        if all(value is None for value in values):
            continue
        cells = "".join(f"{_cell(value):>11}" for value in values)
        limits = "/".join(str(figure.limits[n]) for n in dict.fromkeys(figure.limits) if n in names)
        tock = "".join(f"{_cell(value):>10}" for value in (figure.tock, figure.tock_o3, figure.tock_pmp))
        print(f"{figure.title:42}{cells} {_shorten(limits):>9}{tock}  {figure.unit}")
        for name, value in zip(names, values):
            if value is not None:
                wrong += _faults(figure, name, value, baseline.get(name, {}).get(figure.key))
    return wrong


def _cell(value):
    return "-" if value is None else str(value)


def _shorten(limits):
    """130/130 is 130; what differs stands apart."""
    return "/".join(dict.fromkeys(limits.split("/")))


def _faults(figure, column, value, before):
    limit = figure.limits.get(column)
    if limit is not None and value > limit:
        yield f"{column}: {figure.title}: {value} {figure.unit}, the limit is {limit}"
    if before is not None and value > before * SLACK:
        yield (f"{column}: {figure.title}: {value} {figure.unit}, before {before}; "
               "make bench-accept if that is meant")


def _parse(known):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", metavar="FILE", help="also write the figures there")
    parser.add_argument("--accept", action="store_true", help="write tests/bench/baseline.json anew")
    parser.add_argument("columns", nargs="*", metavar="COLUMN", help="of: " + " ".join(known))
    options = parser.parse_args()
    unknown = [name for name in options.columns if name not in known]
    if unknown:
        parser.error(f"no column '{unknown[0]}'; choose of: {' '.join(known)}")
    return options


def main():
    """Exit code 0, or 1 where a figure is over its limit or got worse."""
    known = columns()
    options = _parse([column.name for column in known] + [storage.COLUMN])
    baseline = _load(BASELINE)
    results = {column.name: measure(column) for column in known
               if not options.columns or column.name in options.columns}
    compared = {} if options.accept else baseline
    wrong = judge(results, compared) if results else []
    if not options.columns or storage.COLUMN in options.columns:
        found, remark = storage.measure()
        storage.show(found, remark)
        results[storage.COLUMN] = storage.plain(found)
        wrong += storage.judge(found, compared.get(storage.COLUMN, {}), SLACK)
    if options.json:
        _save(options.json, results)
    if options.accept:
        if storage.COLUMN in results:
            results[storage.COLUMN] |= storage.of_littlefs(baseline.get(storage.COLUMN, {}), results[storage.COLUMN])
        _save(BASELINE, {**baseline, **results})
    for text in wrong:
        print("bench: " + text, file=sys.stderr)
    return 1 if wrong else 0


def _load(path):
    try:
        with open(path, encoding="utf-8") as stream:
            return json.load(stream)
    except FileNotFoundError:
        return {}


def _save(path, data):
    with open(path, "w", encoding="utf-8") as stream:
        json.dump(data, stream, indent=1, sort_keys=True)
        stream.write("\n")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (trace.BenchError, OSError, LookupError) as error:
        print(f"bench: {error}", file=sys.stderr)
        sys.exit(1)
