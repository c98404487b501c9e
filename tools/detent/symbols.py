# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Function and source line of an address, from ELF files with symbols and DWARF."""
import bisect
import io
import os
import re

from elftools.common.exceptions import DWARFError, ELFError
from elftools.elf.elffile import ELFFile

from .errors import ToolError
from .files import read_file
from .tbf_read import Tbf

PF_X = 1
APP_REGION = 0x100000  # no application is larger
ADDRESS = re.compile(r"0x([0-9a-fA-F]{8})\b")


class Program:
    """One ELF file. `slide` is what to subtract from an address in memory to get the file's."""

    def __init__(self, path, slide=0):
        self.path = path
        self.slide = slide
        try:
            self.elf = ELFFile(io.BytesIO(read_file(path)))
            self._functions = self._read_functions()
            self.ranges = [(s["p_vaddr"], s["p_vaddr"] + s["p_memsz"])
                           for s in self.elf.iter_segments("PT_LOAD") if s["p_flags"] & PF_X]
        except (ELFError, DWARFError, KeyError, ValueError) as error:
            raise ToolError(f"{path}: not an ELF file that can be read ({error}); "
                            "give the linker's output") from None
        self._lines = None

    def _read_functions(self):
        table = self.elf.get_section_by_name(".symtab")
        if table is None:
            raise ToolError(f"{self.path}: it has no symbols; give the ELF file before stripping")
        found = {(s["st_value"] & ~1, s["st_size"], s.name) for s in table.iter_symbols()
                 if s["st_info"]["type"] == "STT_FUNC" or
                 (s["st_info"]["type"] == "STT_NOTYPE" and s.name and not s.name.startswith("$"))}
        return sorted(found)

    def name(self):
        return os.path.basename(self.path)

    def has(self, address):
        """Whether the address, in memory, is code of this program."""
        place = address - self.slide
        return any(start <= place < end for start, end in self.ranges)

    def function(self, address):
        """`name+offset`, or None."""
        place = address - self.slide
        index = bisect.bisect_right(self._functions, (place, 1 << 32, "")) - 1
        while index >= 0:
            start, size, name = self._functions[index]
            if size == 0 or place < start + size:
                return f"{name}+0x{place - start:x}" if place != start else name
            if place - start > 4096:
                return None
            index -= 1
        return None

    def line(self, address):
        """`file:line`, or None where there is no debug information."""
        if self._lines is None:
            self._lines = self._read_lines()
        place = address - self.slide
        index = bisect.bisect_right(self._lines, (place, "\uffff", 1 << 32)) - 1
        if index < 0 or self._lines[index][1] == "":
            return None
        return f"{self._lines[index][1]}:{self._lines[index][2]}"

    def _read_lines(self):
        rows = []
        try:
            if not self.elf.has_dwarf_info():
                return rows
            dwarf = self.elf.get_dwarf_info()
            for unit in dwarf.iter_CUs():
                rows += self._unit_lines(dwarf, unit)
        except (DWARFError, ELFError, KeyError, IndexError, ValueError, AttributeError):
            return sorted(rows)  # what could be read is better than nothing
        return sorted(rows)

    @staticmethod
    def _unit_lines(dwarf, unit):
        program = dwarf.line_program_for_CU(unit)
        if program is None:
            return []
        header = program.header
        base = 0 if header["version"] >= 5 else 1
        rows = []
        for entry in program.get_entries():
            state = entry.state
            if state is None:
                continue
            if state.end_sequence:
                rows.append((state.address, "", 0))
                continue
            file = header["file_entry"][state.file - base]
            folder = header["include_directory"][file.dir_index - base] \
                if file.dir_index - base >= 0 and header["include_directory"] else b""
            folder = folder if isinstance(folder, bytes) else folder.encode()
            path = os.path.normpath(os.path.join(folder, file.name).decode("utf-8", "replace"))
            rows.append((state.address, path, state.line))
        return rows

    def describe(self, address):
        """`function at file:line`, with what is known; None where nothing is."""
        function = self.function(address)
        if function is None:
            return None
        line = self.line(address)
        return f"{function} at {line}" if line else function


def application(path, flash_start=None):
    """The program of an application's ELF file, slid to where its TBF lies in flash.

    A file linked for fixed addresses needs no slide. A position-independent one
    does: its TBF of the same name beside it says how long the header is.
    """
    program = Program(path)
    if flash_start is None or not program.ranges or \
            any(start < flash_start + APP_REGION and flash_start < end
                for start, end in program.ranges):
        return program
    header = tbf_header_size(path)
    if header is None:
        raise ToolError(f"{path}: it was linked for another address, and there is no TBF beside "
                        "it that says how far it was moved; keep both files together")
    program.slide = flash_start + header - program.ranges[0][0]
    return program


def tbf_header_size(elf_path):
    """Bytes before the code in the TBF beside an ELF file; None: there is none."""
    path = os.path.splitext(elf_path)[0] + ".tbf"
    if not os.path.isfile(path):
        return None
    beside = Tbf(read_file(path))
    if not beside.whole or not beside.run_info:
        return None
    return beside.header_size + beside.run_info["protected_size"]


def annotate(text, programs):
    """The text with each address in it that is code followed by what code."""
    def replace(match):
        address = int(match[1], 16)
        for program in programs:
            if program.has(address):
                known = program.describe(address)
                if known:
                    return f"{match[0]} <{program.name()}: {known}>"
        return match[0]
    return ADDRESS.sub(replace, text)
