# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`detent boards`: the list of boards."""
import json

from . import board
from .args import Parser
from .errors import EXIT_OK

EXAMPLES = ["detent boards", "detent boards --json", "detent boards --names"]


def main(argv):
    """Runs the verb."""
    parser = Parser("boards", "Lists the boards that the tool knows (boards/*/board.ini).", EXAMPLES)
    parser.add_argument("--json", action="store_true", help="all fields a script may want")
    parser.add_argument("--names", action="store_true", help="names only, one a line")
    options = parser.parse_args(argv)
    if options.names:
        print("\n".join(board.names()))
        return EXIT_OK
    boards = [board.load(name) for name in board.names()]
    if options.json:
        print(json.dumps([_describe(b) for b in boards], indent=2))
        return EXIT_OK
    for entry in boards:
        print(f"{entry.name:<18} {entry.archs[0]:<11} {entry.description}")
    return EXIT_OK


def _describe(entry):
    return {"name": entry.name, "description": entry.description, "arch": entry.archs,
            "app_start": entry.app_start, "app_size": entry.app_size,
            "ram_start": entry.ram_start, "ram_size": entry.ram_size,
            "placement": entry.placement, "page": entry.page, "qemu": entry.qemu("machine") or None}
