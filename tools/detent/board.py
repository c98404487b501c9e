# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The boards: one file `boards/<board>/board.ini` each, read and checked here."""
import configparser
import os
import re
import shlex

from . import ROOT
from .errors import ToolError

FOLDER = os.path.join(ROOT, "boards")
_FILE = "board.ini"


class Board:
    """One board's data; docs/reference/detent-tool.md explains the fields."""

    def __init__(self, name, path):
        self.name = name
        self.folder = os.path.dirname(path)
        self._path = path
        self._parser = configparser.ConfigParser(interpolation=None)
        try:
            with open(path, encoding="utf-8") as stream:
                self._parser.read_file(stream)
        except (OSError, UnicodeDecodeError, configparser.Error) as error:
            raise ToolError(f"{path}: cannot read it: {str(error).splitlines()[0]}") from None
        self.description = self._text("board", "description")
        self.archs = self._text("board", "arch").split()
        self.app_start = self._number("memory", "app_start")
        self.app_size = self._number("memory", "app_size")
        self.ram_start = self._number("memory", "ram_start")
        self.ram_size = self._number("memory", "ram_size")
        self.placement = self._text("apps", "placement")
        self.page = self._number("apps", "page")
        self.qemu_since = self._version("qemu", "since")
        self.serials = self._number("qemu", "serials") if self.has_qemu else 0
        self.flash_size = self._number("qemu", "flash_size") if self.qemu("flash") else 0
        try:
            self.qemu_arguments = shlex.split(self.qemu("args"))
        except ValueError as error:
            self._fail("qemu", "args", f"is wrong: {error}")
        if self.placement not in ("sequential", "power-of-two"):
            self._fail("apps", "placement", "is neither 'sequential' nor 'power-of-two'")
        if self.page < 4 or self.page & self.page - 1:
            self._fail("apps", "page", "is not a power of two from 4 on")

    def _fail(self, section, key, text):
        raise ToolError(f"{self._path}: [{section}] {key} {text}")

    def _text(self, section, key):
        value = self._parser.get(section, key, fallback="").strip()
        if not value:
            self._fail(section, key, "is missing")
        return value

    def _number(self, section, key):
        text = self._text(section, key)
        try:
            return int(text, 0)
        except ValueError:
            self._fail(section, key, f"is not a number: {text}")

    def _version(self, section, key):
        text = self._parser.get(section, key, fallback="0.0").strip()
        if not re.fullmatch(r"\d+\.\d+", text):
            self._fail(section, key, f"is not a version, as in 9.1: {text}")
        return tuple(int(part) for part in text.split("."))

    @property
    def kernel(self):
        """Where `make` puts the kernel's ELF file."""
        root = ROOT if self.folder == os.path.join(FOLDER, self.name) else self.folder
        return os.path.join(root, "build", self.name, "kernel.elf")

    def qemu(self, key, default=""):
        """A field of the [qemu] section; `default` where the file does not give it."""
        return self._parser.get("qemu", key, fallback=default).strip()

    @property
    def has_qemu(self):
        """Whether QEMU models this board."""
        return bool(self.qemu("binary"))


def names():
    """All board names, sorted."""
    try:
        found = os.listdir(FOLDER)
    except OSError:
        found = []
    return sorted(n for n in found if os.path.isfile(os.path.join(FOLDER, n, _FILE)))


def load(name):
    """The board called `name`, or that of the folder `name` if it has a slash; ToolError for any other."""
    if "/" in name:
        folder = os.path.realpath(name)
        path = os.path.join(folder, _FILE)
        if not os.path.isfile(path):
            raise ToolError(f"{name}: no board: it has no {_FILE}")
        return Board(os.path.basename(folder), path)
    if name not in names():
        known = ", ".join(names()) or "none"
        raise ToolError(f"no board '{name}'; boards: {known}; a folder elsewhere is given with a slash")
    return Board(name, os.path.join(FOLDER, name, _FILE))
