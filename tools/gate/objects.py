# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What an object file imports, holds and was made from (rules 1, 2, 7, 9)."""

import re
from pathlib import Path

from elftools.elf.elffile import ELFFile
from elftools.elf.relocation import RelocationSection

from .finding import Finding

# What a compiler may call without being asked (GCC manual, "Standards").
COMPILER_HELPERS = {"memcpy", "memmove", "memset", "memcmp"}

SHF_WRITE = 1
INCLUDE = re.compile(r'#\s*include\s*["<]([^">]+)')


class ObjectFile:
    def __init__(self, path, source):
        self.path = Path(path)
        self.source = source
        with open(self.path, "rb") as file:
            elf = ELFFile(file)
            symbols = elf.get_section_by_name(".symtab")
            self.imports = set()
            self.exports = set()
            for symbol in symbols.iter_symbols():
                if not symbol.name or symbol["st_info"]["bind"] not in ("STB_GLOBAL", "STB_WEAK"):
                    continue
                undefined = symbol["st_shndx"] == "SHN_UNDEF"
                (self.imports if undefined else self.exports).add(symbol.name)
            self.writable = {
                section.name: section["sh_size"]
                for section in elf.iter_sections()
                if section["sh_flags"] & SHF_WRITE and section["sh_size"]
            }
            self.variables = {
                elf.get_section(symbol["st_shndx"]).name: symbol.name.split(".")[0]
                for symbol in symbols.iter_symbols()
                if symbol["st_info"]["type"] == "STT_OBJECT" and isinstance(symbol["st_shndx"], int)
            }
            self.code_in_data = self._code_in_data(elf, symbols)

    @staticmethod
    def _code_in_data(elf, symbols):
        """Names of functions whose address stands in a writable section."""
        found = []
        for section in elf.iter_sections():
            if not isinstance(section, RelocationSection):
                continue
            target = elf.get_section(section["sh_info"])
            if not target["sh_flags"] & SHF_WRITE:
                continue
            for relocation in section.iter_relocations():
                symbol = symbols.get_symbol(relocation["r_info_sym"])
                if symbol["st_info"]["type"] == "STT_FUNC":
                    found.append((target.name, symbol.name))
        return found

    def headers(self):
        """The files that went into it, from the compiler's dependency file."""
        text = self.path.with_suffix(".d").read_text()
        rule = text.replace("\\\n", " ").split("\n")[0]  # those after it name headers only
        return rule.split(":", 1)[1].split()


def check_reach(obj, allowed_prefixes):
    """Rule 1: every header comes from a folder that the layer may see."""
    for header in obj.headers():
        if header == obj.source or header.startswith("/usr/"):
            continue
        if ".." in header or not header.startswith(tuple(allowed_prefixes)):
            yield Finding(include_of(obj.source, header), 1,
                          f"it includes {header}, which a capsule must not see")


def check_imports(obj, allowed):
    """Rule 2: nothing is called but the published interface and declared helpers."""
    for name in sorted(obj.imports - allowed - COMPILER_HELPERS):
        yield Finding(place_of(obj.source, name), 2,
                      f"it uses {name}, which is neither in kernel/capsule_interface.txt nor in "
                      "lib/ nor of a capsule whose header it includes")


def check_tables(obj):
    """Rule 7: no function pointer where it could be overwritten."""
    for section, name in obj.code_in_data:
        yield Finding(place_of(obj.source, name), 7,
                      f"the address of {name} stands in {section}: make the table const")


def check_state(obj):
    """Rule 9: all state is in the instance that the board hands in."""
    for section, size in sorted(obj.writable.items()):
        yield Finding(place_of(obj.source, obj.variables.get(section, "static")), 9,
                      f"{size} bytes of state of its own in {section}: put them into the "
                      "capsule's struct, which the board makes")


def place_of(source, name):
    """The first line of a source that uses a name."""
    return place_where(source, lambda line: re.search(rf"\b{re.escape(name)}\b", line))


def include_of(source, header):
    """The line that includes a header, or else the first that includes anything."""
    return place_where(
        source, lambda line: any(header.endswith("/" + name) for name in INCLUDE.findall(line)),
        INCLUDE.search)


def place_where(source, *wanted):
    """The first line for which the first of some conditions holds that does for any; else line 1."""
    try:
        lines = Path(source).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    for condition in wanted:
        for number, line in enumerate(lines, 1):
            if condition(line):
                return f"{source}:{number}"
    return f"{source}:1"
