# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Writes small 32-bit little-endian ELF files, so that the tests need no compiler."""
import struct

RISCV, ARM, X86 = 243, 40, 3
PROGBITS, SYMTAB, STRTAB, NOBITS, REL = 1, 2, 3, 8, 9
WRITE, ALLOC, EXEC = 1, 2, 4
X, W, R = 1, 2, 4


class ElfWriter:
    """Collects sections, segments and symbols; `build` gives the file's bytes."""

    def __init__(self, machine, entry):
        self._machine = machine
        self._entry = entry
        self._sections = []
        self._segments = []
        self._symbols = []

    def section(self, name, data=b"", addr=0, size=None, flags=ALLOC, kind=PROGBITS):
        """Adds a section; for NOBITS `size` counts, otherwise the length of `data`."""
        size = len(data) if size is None else size
        self._sections.append({"name": name, "data": data, "addr": addr, "size": size,
                               "flags": flags, "kind": kind})
        return self

    def segment(self, names, paddr=None, flags=R | X):
        """Adds a LOAD segment over the named, adjacent sections."""
        self._segments.append((names, paddr, flags))
        return self

    def symbol(self, name, value):
        """Adds an absolute symbol."""
        self._symbols.append((name, value))
        return self

    def build(self):
        """The ELF file."""
        sections = self._with_tables()
        header_size = 52 + 32 * len(self._segments)
        body = bytearray()
        for section in sections:
            body += bytes(-(header_size + len(body)) % 4) if section["kind"] in (SYMTAB,) else b""
            section["offset"] = header_size + len(body)
            if section["kind"] != NOBITS:
                body += section["data"]
        section_table = header_size + len(body) + -len(body) % 4
        body += bytes(-len(body) % 4)
        out = self._header(section_table, len(sections) + 1)
        out += b"".join(self._program_header(s, sections) for s in self._segments)
        return out + bytes(body) + bytes(40) + self._section_headers(sections)

    def _with_tables(self):
        names, entries = b"\0", bytes(16)
        for name, value in self._symbols:
            entries += struct.pack("<IIIBBH", len(names), value, 0, 0x10, 0, 0xFFF1)
            names += name.encode() + b"\0"
        sections = [dict(s) for s in self._sections]
        sections.append({"name": ".symtab", "data": entries, "kind": SYMTAB})
        sections.append({"name": ".strtab", "data": names, "kind": STRTAB})
        text = b"\0" + b"".join(s["name"].encode() + b"\0" for s in sections) + b".shstrtab\0"
        sections.append({"name": ".shstrtab", "data": text, "kind": STRTAB})
        for section in sections:
            section["name_offset"] = text.index(b"\0" + section["name"].encode() + b"\0") + 1
            section.setdefault("size", len(section["data"]))
            section.setdefault("addr", 0)
            section.setdefault("flags", 0)
        return sections

    def _header(self, section_table, count):
        ident = b"\x7fELF\x01\x01\x01" + bytes(9)
        return struct.pack("<16sHHIIIIIHHHHHH", ident, 2, self._machine, 1, self._entry, 52,
                           section_table, 0, 52, 32, len(self._segments), 40, count, count - 1)

    @staticmethod
    def _program_header(segment, sections):
        names, paddr, flags = segment
        inside = [s for s in sections if s["name"] in names]
        first = inside[0]
        filled = [s for s in inside if s["kind"] != NOBITS]
        filesz = filled[-1]["offset"] + filled[-1]["size"] - first["offset"] if filled else 0
        memsz = max(s["addr"] + s["size"] for s in inside) - first["addr"]
        return struct.pack("<8I", 1, first["offset"], first["addr"],
                           first["addr"] if paddr is None else paddr, filesz, memsz, flags, 4)

    @staticmethod
    def _section_headers(sections):
        out = b""
        for index, section in enumerate(sections):
            link = index + 2 if section["kind"] == SYMTAB else 0
            entry_size = {SYMTAB: 16, REL: 8}.get(section["kind"], 0)
            out += struct.pack("<10I", section["name_offset"], section["kind"], section["flags"],
                               section["addr"], section["offset"], section["size"], link, 0, 4,
                               entry_size)
        return out
