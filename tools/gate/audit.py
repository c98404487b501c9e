# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Rule 10: what each capsule of a board imports, holds and costs, as text."""

import re
from pathlib import Path

from .directives import without_comments
from .objects import COMPILER_HELPERS

RIGHT = re.compile(r"\bstruct\s+(cap_\w+)")
HIL = re.compile(r'#include "(hil/\w+)\.h"')
DRIVER_ROW = re.compile(r"\{\s*(DRIVER_\w+)\s*,\s*&(\w+)\.driver\s*\}")
# One line of an interrupt, or the first of several.
INTERRUPT = re.compile(r"number (?:==|-) (\w+)(?: < \w+)?\)\s*\n\s*(\w+)\(")
INCLUDED = re.compile(r'#include "([^"]+)"')


def wiring_of(path, boards=Path("boards")):
    """The text of a board's file, and of all in `boards` that it includes."""
    text = Path(path).read_text(encoding="utf-8")
    for name in INCLUDED.findall(text):
        for inner in (Path(path).parent / name, boards / name):
            if inner.is_file():
                text += wiring_of(inner, boards)
                break
    return text


def rights_of(obj):
    """Types of the rights that a capsule's headers or source name."""
    held = set()
    for path in [obj.source, *obj.headers()]:
        if path.startswith(("capsules/",)) and Path(path).exists():
            text = without_comments(Path(path).read_text(encoding="utf-8"))
            held.update(RIGHT.findall(text))
            if "process_admin.h" in text:
                held.add("cap_process_admin")
    return sorted(held)


def interfaces_of(obj):
    found = set()
    for path in [obj.source, *obj.headers()]:
        if path.startswith("capsules/") and Path(path).exists():
            found.update(HIL.findall(Path(path).read_text(encoding="utf-8")))
    return sorted(found)


def instances(elf_symbols, name):
    """Bytes of RAM that the board gives to a capsule's instances."""
    return sum(size for symbol, size in elf_symbols if symbol == name)


def drivers_of(board_text):
    return {instance: number for number, instance in DRIVER_ROW.findall(board_text)}


def deepest(graph, source):
    """The deepest stack from any function of a source, and its bytes."""
    worst = (0, ())
    for function in graph.functions.values():
        if function.place.split(":")[0] == source:
            worst = max(worst, graph.worst(function.name))
    return worst


def toolchain_of(board_out):
    record = (Path(board_out) / "build_record.S").read_text(encoding="utf-8")
    return re.search(r"toolchain=([\w.-]+)", record).group(1)


def comparable(text, toolchain):
    """An audit as another compiler would have made it: without the numbers."""
    if f"compiler: {toolchain}" in text:
        return text
    masked = re.sub(r"compiler: .*", "", text)
    return re.sub(r"(\s)\d+ bytes.*", r"\1bytes", masked)


def render(board, objects, graph, entries, toolchain, elf_symbols):
    board_text = wiring_of(f"boards/{board}/board.c")
    drivers = drivers_of(board_text)
    lines = [
        f"Audit of {board}: what its capsules can reach. Made by `make audit`; a change is reviewed.",
        f"compiler: {toolchain} (with another one, the numbers are not compared)",
        "",
    ]
    for obj in sorted(objects, key=lambda o: o.source):
        name = Path(obj.source).stem
        lines.append(f"capsule {name}")
        if name in drivers:
            lines.append(f"  driver     {drivers[name]}")
        lines.append(f"  rights     {', '.join(rights_of(obj)) or 'none'}")
        lines.append(f"  hardware   {', '.join(interfaces_of(obj)) or 'none'}")
        ram = instances(elf_symbols, name)
        if ram:
            lines.append(f"  RAM        {ram} bytes")
        lines.append(f"  stack      {deepest(graph, obj.source)[0]} bytes, with all that it calls")
        lines.append(f"  imports    {wrap(sorted(obj.imports - COMPILER_HELPERS))}")
        lines.append("")
    lines.append("interrupts")
    for number, handler in INTERRUPT.findall(board_text):
        lines.append(f"  {number:20} {handler}")
    lines.append("")
    lines.append("kernel stack, the deepest way from each entry")
    for name, (size, path) in entries:
        lines.append(f"  {size:5} bytes  {' '.join(path)}")
    return "\n".join(lines) + "\n"


def wrap(words, width=84, indent=13):
    rows, row = [], ""
    for word in words:
        if row and len(row) + 1 + len(word) > width:
            rows.append(row)
            row = ""
        row = f"{row} {word}".strip()
    rows.append(row)
    return ("\n" + " " * indent).join(rows)
