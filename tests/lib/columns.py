# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The boards that tests run on, and what each can do: section [test] of boards/<board>/board.ini.

    [test]
    capabilities = riscv rng leds          what a test may ask for
    variant.smepmp = --smepmp on           a column of its own, with these options of `detent run`;
                                           it has the capability `smepmp` besides
"""
import configparser
import functools
import os
import shlex
import sys

from . import ROOT

sys.path.insert(0, os.path.join(ROOT, "tools"))

from detent import board as boards  # noqa: E402
from detent import qemu  # noqa: E402
from detent.errors import ToolError  # noqa: E402

_PREFIX = "variant."
# Protection that also keeps the kernel from writing its code and executing its data.
_KERNEL_WX = {"smepmp", "pmsav7", "pmsav8"}


class Column:
    """A board, or one variant of it."""

    def __init__(self, board, variant, options, capabilities):
        self.board = board
        self.name = f"{board}/{variant}" if variant else board
        self.options = options
        self.capabilities = capabilities | ({"kernel-wx"} if capabilities & _KERNEL_WX else set())
        self.unfit = unfit(board)
        self.kernel = os.path.join(ROOT, "build", board, "kernel.elf")

    def lacks(self, needs):
        """The capabilities of `needs` that it has not; `!name` is needing that it has not."""
        return [n for n in needs if (n[1:] in self.capabilities if n.startswith("!")
                                     else n not in self.capabilities)]


@functools.lru_cache(maxsize=None)
def unfit(board):
    """Why nothing can be run on the board here, or None."""
    try:
        qemu.require(boards.load(board))
    except ToolError as error:
        return str(error)
    return None


def load(wanted=()):
    """All columns of the boards that can be built and emulated; `wanted` names boards or columns."""
    out = []
    folder = os.path.join(ROOT, "boards")
    for board in sorted(os.listdir(folder)):
        if os.path.isfile(os.path.join(folder, board, "board.mk")):
            out += _columns(board, os.path.join(folder, board, "board.ini"))
    unknown = [w for w in wanted if not any(w in (c.name, c.board) for c in out)]
    if unknown:
        known = " ".join(c.name for c in out)
        raise SystemExit(f"tests: no board '{unknown[0]}' to test; BOARDS= any of: {known}")
    return [c for c in out if not wanted or c.name in wanted or c.board in wanted]


def _columns(board, path):
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(path, encoding="utf-8")
    if not parser.has_section("test") or not parser.get("qemu", "binary", fallback=""):
        return []
    section = parser["test"]
    capabilities = frozenset(section.get("capabilities", "").split())
    variants = [(key[len(_PREFIX):], shlex.split(value))
                for key, value in section.items() if key.startswith(_PREFIX)]
    return [Column(board, variant, options, capabilities | {variant})
            for variant, options in variants] or [Column(board, "", [], capabilities)]
