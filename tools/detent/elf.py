# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A reader of little-endian 32-bit ELF files that checks every offset it uses.

Constants and layouts: System V ABI, chapter 4 (ELF header, section header, symbol table) and
chapter 5 (program header); machine numbers from the same register.
"""
import struct

from .errors import ToolError

EM_386 = 3
EM_ARM = 40
EM_RISCV = 243
MACHINES = {EM_386: "x86", EM_ARM: "Arm", EM_RISCV: "RISC-V"}

PT_LOAD, PT_DYNAMIC, PT_TLS = 1, 2, 7
PT_GNU_EH_FRAME, PT_GNU_STACK, PT_GNU_RELRO = 0x6474E550, 0x6474E551, 0x6474E552
PF_X, PF_W = 1, 2
SHT_SYMTAB, SHT_NOBITS = 2, 8
SHF_WRITE, SHF_ALLOC, SHF_TLS = 1, 2, 0x400

_EHDR = struct.Struct("<16sHHIIIIIHHHHHH")
_PHDR = struct.Struct("<8I")
_SHDR = struct.Struct("<10I")
_SYM = struct.Struct("<IIIBBH")
_SECTION_LIMIT = 65536


class Segment:
    """One program header."""

    def __init__(self, fields):
        (self.type, self.offset, self.vaddr, self.paddr,
         self.filesz, self.memsz, self.flags, self.align) = fields


class Section:
    """One section header, with its name looked up."""

    def __init__(self, fields):
        (self.name_offset, self.type, self.flags, self.addr, self.offset,
         self.size, self.link, self.info, self.align, self.entsize) = fields
        self.name = ""


class Elf:
    """An ELF file held in memory. The constructor raises ToolError for anything it cannot read."""

    def __init__(self, data, path):
        self.data = data
        self.path = path
        self._read_header()
        self.segments = [Segment(f) for f in self._table(_PHDR, self._ph, "program header")]
        self.sections = [Section(f) for f in self._table(_SHDR, self._sh, "section header")]
        self._name_sections()

    def _fail(self, text):
        raise ToolError(f"{self.path}: {text}")

    def _read_header(self):
        data = self.data
        if len(data) < 4 or data[:4] != b"\x7fELF":
            self._fail("not an ELF file; give the linker's output")
        if len(data) < 6:
            self._fail("the ELF header is cut off")
        if data[4] != 1 or data[5] != 1:
            self._fail("not a 32-bit little-endian ELF file; Detent runs on 32-bit targets")
        if len(data) < _EHDR.size:
            self._fail("the ELF header is cut off")
        (_, self.type, self.machine, _, self.entry, phoff, shoff, self.flags, _,
         phentsize, phnum, shentsize, shnum, self.shstrndx) = _EHDR.unpack_from(data)
        self._ph = (phoff, phentsize, phnum)
        self._sh = (shoff, shentsize, shnum)

    def _table(self, layout, place, name):
        offset, entry_size, count = place
        if count == 0 or offset == 0:
            return []
        if entry_size != layout.size:
            self._fail(f"damaged: the {name} entries are {entry_size} bytes, expected {layout.size}")
        if offset + entry_size * count > len(self.data) or count > _SECTION_LIMIT:
            self._fail(f"damaged or cut off: the {name} table lies beyond the end of the file")
        return [layout.unpack_from(self.data, offset + i * entry_size) for i in range(count)]

    def _name_sections(self):
        if not self.sections:
            return
        if self.shstrndx >= len(self.sections):
            self._fail("damaged: the section name table does not exist")
        names = self.section_data(self.sections[self.shstrndx])
        for section in self.sections:
            section.name = self._string(names, section.name_offset)

    def _string(self, table, offset):
        end = table.find(b"\0", offset)
        if offset > len(table) or end < 0:
            self._fail("damaged: a name lies outside its string table")
        return table[offset:end].decode("utf-8", "replace")

    def section_data(self, section):
        """Bytes of a section; empty for one without file contents."""
        if section.type == SHT_NOBITS or section.size == 0:
            return b""
        return self.slice(section.offset, section.size, f"section {section.name or '?'}")

    def segment_data(self, segment):
        """Bytes of a segment in the file."""
        return self.slice(segment.offset, segment.filesz, "a segment")

    def slice(self, offset, size, what):
        """File bytes [offset, offset + size); ToolError if the file is shorter."""
        if offset < 0 or size < 0 or offset + size > len(self.data):
            self._fail(f"damaged or cut off: {what} lies beyond the end of the file")
        return self.data[offset:offset + size]

    def section(self, name):
        """First section called `name`, or None."""
        return next((s for s in self.sections if s.name == name), None)

    def symbols(self):
        """Dictionary from name to value; the first of several equal names counts."""
        table = next((s for s in self.sections if s.type == SHT_SYMTAB), None)
        if table is None:
            return {}
        if table.entsize != _SYM.size:
            self._fail(f"damaged: symbol table entries are {table.entsize} bytes, expected {_SYM.size}")
        if table.link >= len(self.sections):
            self._fail("damaged: the symbol name table does not exist")
        names = self.section_data(self.sections[table.link])
        data = self.section_data(table)
        found = {}
        for position in range(0, len(data) - _SYM.size + 1, _SYM.size):
            fields = _SYM.unpack_from(data, position)
            found.setdefault(self._string(names, fields[0]) if fields[0] else "", fields[1])
        return found


def section_in_segment(section, segment):
    """Whether the section belongs to the segment (the rule that readelf's mapping table uses)."""
    tls = bool(section.flags & SHF_TLS)
    if tls and segment.type not in (PT_TLS, PT_GNU_RELRO, PT_LOAD):
        return False
    if not tls and segment.type in (PT_TLS, PT_GNU_RELRO):
        return False
    alloc = bool(section.flags & SHF_ALLOC)
    if not alloc and segment.type in (PT_LOAD, PT_DYNAMIC, PT_GNU_EH_FRAME,
                                      PT_GNU_RELRO, PT_GNU_STACK):
        return False
    if alloc and not _within(section.addr, section.size, segment.vaddr, segment.memsz):
        return False
    if section.type == SHT_NOBITS:
        return True
    return _within(section.offset, section.size, segment.offset, segment.filesz)


def _within(start, size, outer, outer_size):
    # An empty section at the very end of a segment is not inside it, unless the segment is empty.
    if start < outer or start - outer + size > outer_size:
        return False
    return outer_size == 0 or start - outer <= outer_size - 1
