# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`detent image`: TBF files and TABs to one image of a board's application flash."""
import json

from . import board, layout
from .args import Parser
from .console import show_lines, warn
from .errors import EXIT_OK, ToolError
from .files import write_file

EXAMPLES = [
    "detent image --board qemu-rv32-virt -o apps.bin hello.tab blink.tab",
    "detent image --board mps2-an386 -o apps.bin --fill hello.tbf",
    "detent image --board qemu-rv32-virt -o apps.bin raw:damaged.tbf hello.tab",
]
DESCRIPTION = """Places applications in the flash of a board. Of a TAB it takes the TBF for the
board's architecture, at a free address. Gaps are filled with padding apps."""
_RAW = "raw:"


def main(argv):
    """Runs the verb."""
    parser = Parser("image", DESCRIPTION, EXAMPLES)
    parser.add_argument("--board", required=True)
    parser.add_argument("-o", "--output-file", required=True, metavar="BIN")
    parser.add_argument("--fill", action="store_true", help="fill the rest of the region with 0xff")
    parser.add_argument("--json", action="store_true", help="print the placement as JSON")
    parser.add_argument("app", nargs="+", metavar="APP",
                        help="a .tbf or .tab file; raw:FILE places FILE unchecked")
    options = parser.parse_intermixed_args(argv)
    target = board.load(options.board)
    result, remarks = place(target, options.app)
    for text in remarks:
        warn(text)
    data = result.image()
    if options.fill:
        data += b"\xff" * (target.app_size - len(data))
    write_file(options.output_file, data)
    if options.json:
        print(json.dumps([_describe(c) for c in result.placed], indent=2))
    else:
        show_lines(_table(result.placed))
    return EXIT_OK


def place(target, sources):
    """A Layout for `sources`, paths or raw:PATH, and the remarks made on the way."""
    remarks = []
    groups = [layout.load_raw(source[len(_RAW):]) if source.startswith(_RAW)
              else layout.load(source, target, remarks) for source in sources]
    for group in groups:
        if not group[0].data:
            raise ToolError(f"{group[0].label}: empty file; leave it out")
    return layout.Layout(target, groups, remarks), remarks


def _describe(candidate):
    info = {"source": candidate.label, "address": candidate.start, "size": len(candidate.data),
            "raw": candidate.raw}
    if not candidate.raw:
        info.update(name=candidate.tbf.name, fixed=candidate.fixed_start is not None,
                    minimum_ram=candidate.tbf.minimum_ram, fixed_ram=candidate.tbf.fixed_ram)
    return info


def _table(placed):
    lines = []
    for candidate in placed:
        name = "(unchecked)" if candidate.raw else candidate.tbf.name or "(no name)"
        lines.append(f"{candidate.start:#010x} {len(candidate.data):>8} {name:<20} {candidate.label}")
    return lines
