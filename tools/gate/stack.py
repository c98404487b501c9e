# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Rule 8: no recursion, and a bound for the kernel's stack, from gcc's call graphs.

A call through a table of functions goes, as far as this can tell, to every
function that some table in the board's sources holds under the same member name.
Where that is too wide, make/calls.txt narrows one caller's member down.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from .finding import Finding

NODE = re.compile(r'^node: \{ title: "([^"]*)" label: "([^"]*)"')
EDGE = re.compile(r'^edge: \{ sourcename: "([^"]*)" targetname: "([^"]*)"(?: label: "([^"]*)")?')
SIZE = re.compile(r"(\d+) bytes \((\w+(?:,\w+)?)\)")
TABLE_ENTRY = re.compile(r"\.(\w+)\s*=\s*&?(\w+)\b")
POSITIONAL = re.compile(r"\bconst struct (\w+_ops|\w+_type)\s+\w+\s*=\s*\{([^}.]*)\}")
MEMBER_CALL = re.compile(r"(?:->|\.)(\w+)\s*\(")
PLAIN_CALL = re.compile(r"\b(\w+)\s*\(")
INDIRECT = "__indirect_call"


@dataclass
class Function:
    name: str
    place: str = ""
    frame: int = 0
    dynamic: bool = False
    known: bool = False
    calls: set = field(default_factory=set)
    indirect: list = field(default_factory=list)  # places


def short(name):
    """A static function's name without its file; clones without their suffix."""
    return name.rsplit(":", 1)[-1].split(".")[0]


class CallGraph:
    def __init__(self, objects, declared):
        self.functions = {}
        self.findings = []
        self.declared = declared
        self.used_declarations = set()
        for path in objects:
            self.read(Path(str(path)[: -len(".o")] + ".ci"))
        self.tables = self.read_tables({f.place.split(":")[0]
                                        for f in self.functions.values() if f.place})
        self.by_short = {}
        for function in self.functions.values():
            self.by_short.setdefault(short(function.name), []).append(function)
        for function in list(self.functions.values()):
            self.resolve(function)

    def read(self, path):
        if not path.exists():  # assembly
            return
        for line in path.read_text().splitlines():
            node = NODE.match(line)
            if node:
                self.add_node(*node.groups())
                continue
            edge = EDGE.match(line)
            if edge:
                self.add_edge(*edge.groups())

    def add_node(self, title, label):
        function = self.functions.setdefault(title, Function(title))
        parts = label.split("\\n")
        size = SIZE.search(label)
        if size:
            function.known = True
            function.frame = int(size.group(1))
            function.dynamic = size.group(2) == "dynamic"
            function.place = ":".join(parts[1].split(":")[:2]) if len(parts) > 1 else ""

    def add_edge(self, source, target, place):
        function = self.functions.setdefault(source, Function(source))
        if target == INDIRECT:
            function.indirect.append(place or "")
        else:
            function.calls.add(target)

    @staticmethod
    def read_tables(sources):
        """Member name -> names of the functions that tables hold under it."""
        tables = {}
        members = {}
        for source in sources:
            try:
                text = Path(source).read_text(encoding="utf-8")
            except OSError:
                continue
            for member, function in TABLE_ENTRY.findall(text):
                tables.setdefault(member, set()).add((source, function))
            for kind, values in POSITIONAL.findall(text):
                row = [value.strip(" \n\t&") for value in values.split(",")]
                members.setdefault(kind, []).append((source, row))
        for kind, rows in members.items():
            names = struct_members(kind)
            for source, row in rows:
                for name, value in zip(names, row):
                    tables.setdefault(name, set()).add((source, value))
        return tables

    def named(self, source, name):
        """The functions that a name means in a source: its own first."""
        known = [f for f in self.by_short.get(name, ()) if f.known]
        own = [f for f in known if f.place.split(":")[0] == source]
        return own or [f for f in known if ":" not in f.name]

    def resolve(self, function):
        caller = short(function.name)
        for place in function.indirect:
            members = called_members(place)
            declared = [m for m in members if (caller, m) in self.declared]
            self.used_declarations.update((caller, m) for m in declared)
            by_hand = set().union(*(self.declared[(caller, m)] for m in declared))
            entries = set().union(*(self.tables.get(m, set()) for m in members
                                    if m not in declared))
            targets = [f for name in by_hand for f in self.by_short.get(name, ()) if f.known]
            targets += [f for source, name in entries for f in self.named(source, name)]
            if not targets and "nothing" not in by_hand:
                self.findings.append(Finding(":".join(place.split(":")[:2]), 8,
                    f"{caller} calls through {' or '.join(members) or 'a pointer'}, which no "
                    "table has as a member: declare it in make/calls.txt"))
            function.calls.update(t.name for t in targets)

    def worst(self, name):
        """(bytes, path) of the deepest way down from a function."""
        done, busy = {}, []

        def visit(current):
            if current in done:
                return done[current]
            if current in busy:
                cycle = busy[busy.index(current):] + [current]
                place = self.functions[current].place
                self.findings.append(Finding(place, 8, "recursion: " +
                                             " -> ".join(short(c) for c in cycle)))
                return 0, ()
            busy.append(current)
            function = self.functions[current]
            if function.dynamic:
                self.findings.append(Finding(function.place, 8,
                                             f"the frame of {short(current)} has no fixed size"))
            below = max((visit(c) for c in sorted(function.calls) if c in self.functions),
                        default=(0, ()))
            busy.pop()
            done[current] = (function.frame + below[0], (short(current),) + below[1])
            return done[current]

        return visit(name)


def struct_members(kind):
    for header in Path(".").glob("*/include/**/*.h"):
        text = header.read_text(encoding="utf-8")
        found = re.search(rf"struct {kind} \{{(.*?)\n\}};", text, re.S)
        if found:
            body = re.sub(r"/\*.*?\*/", "", found.group(1), flags=re.S)
            return re.findall(r"\(\*(\w+)\)", body)
    return []


def called_members(place):
    """The members, else the names, that the statement at file:line:column calls."""
    file, line = (place.split(":") + ["0"])[:2]
    try:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    statement = ""
    for text in lines[int(line) - 1: int(line) + 3]:
        statement += text
        if text.rstrip().endswith((";", "{", ")")):
            break
    return MEMBER_CALL.findall(statement) or PLAIN_CALL.findall(statement)


def read_declarations(path):
    """Lines `caller member: function function ...`; `nothing` where it never calls."""
    declared = {}
    for number, line in enumerate(Path(path).read_text().splitlines(), 1):
        line = line.split("#")[0].strip()
        if not line:
            continue
        head, _, targets = line.partition(":")
        words = head.split()
        if len(words) != 2 or not targets.strip():
            raise SystemExit(f"{path}:{number}: not of the form `caller member: function ...`")
        declared[tuple(words)] = set(targets.split())
    return declared
