# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Turns an application's ELF file into a TBF binary.

The decisions (which segments, which addresses, how much RAM, which padding) follow what Tock's
linker scripts expect, so that one ELF gives the same bytes with every conforming packer.
"""
from dataclasses import dataclass, field
from typing import List, Optional, Tuple

from . import elf as elfmod
from . import tbf_build
from .errors import ToolError

# Position-independent applications are linked at these addresses by convention.
PIC_FLASH = 0x80000000
PIC_RAM = 0
DEFAULT_STACK = 2048
TBF_ALIGNMENT_FIXED = 256
MIN_POWER_OF_TWO = 512
LARGE_GAP = 4096
MAX_BINARY = 64 * 1024 * 1024
U32 = 0xFFFFFFFF


@dataclass
class Options:
    """The part of the command line that shapes a TBF."""

    name: bytes = b""
    stack: Optional[int] = None
    app_heap: int = 1024
    kernel_heap: int = 1024
    protected_region_size: Optional[int] = None
    permissions: List[Tuple[int, int]] = field(default_factory=list)
    storage: Optional[Tuple[int, List[int], List[int]]] = None
    kernel: Optional[Tuple[int, int]] = None
    short_id: Optional[int] = None
    disabled: bool = False
    minimum_footer_size: int = 0
    app_version: int = 0
    hashes: List[str] = field(default_factory=list)


@dataclass
class Result:
    """A finished TBF, its header values, and remarks for the user."""

    data: bytes
    header: tbf_build.Header
    warnings: List[str]


def elf_to_tbf(elf, options):
    """Converts one `elf.Elf`; ToolError where the ELF or the options make no valid TBF."""
    return _Conversion(elf, options).run()


def _up(value, step):
    return value + -value % step


class _Conversion:
    def __init__(self, elf, options):
        self.elf = elf
        self.options = options
        self.warnings = []
        self.symbols = elf.symbols()
        self.header = tbf_build.Header()

    def run(self):
        """The whole conversion."""
        if not self.elf.sections:
            self._fail("it has no section headers; do not strip them before packing")
        options, header = self.options, self.header
        header.minimum_ram = self._minimum_ram()
        header.fixed_flash, is_pic = self._fixed_flash()
        header.fixed_ram = self._fixed_ram()
        header.name, header.permissions = options.name, options.permissions
        header.storage, header.kernel = options.storage, options.kernel
        header.short_id, header.enabled = options.short_id, not options.disabled
        header.app_version = options.app_version
        header.writeable_flash = [(0, 0)] * self._count_writeable_flash()
        header_size = self._header_size()
        protected = self._protected_region(header_size, is_pic)
        header.protected_size = protected - header_size
        content, relocations = self._content(header_size, protected)
        body = bytes(header.protected_size) + content
        body += len(relocations).to_bytes(4, "little") + relocations
        return self._finish(header_size, body)

    def _fail(self, text):
        raise ToolError(f"{self.elf.path}: cannot pack: {text}")

    def _header_size(self):
        if len(self.header.name) > 0xFFFF:
            self._fail("the package name is longer than a TBF header can hold")
        try:
            encoded = tbf_build.encode(self.header)
        except Exception as error:  # struct.error: a count that does not fit its field
            self._fail(f"a value does not fit the TBF header ({error})")
        return len(encoded)

    def _minimum_ram(self):
        stack = self.options.stack
        if stack is None:
            section = self.elf.section(".stack")
            stack = section.size if section else DEFAULT_STACK
        ram = sum(s.memsz for s in self.elf.segments
                  if s.type == elfmod.PT_LOAD and s.vaddr != s.paddr and s.flags & elfmod.PF_W)
        ram += _up(stack, 8) + _up(self.options.app_heap, 4) + _up(self.options.kernel_heap, 4)
        if ram > U32:
            self._fail(f"it needs {ram} bytes of RAM, more than an address can reach")
        return ram

    def _fixed_flash(self):
        """(fixed address or None, whether the flash side is position independent)."""
        origin = self.symbols.get("_flash_origin")
        if origin is not None:
            return (None, True) if origin == PIC_FLASH else (origin, False)
        found = [s for s in self.elf.segments
                 if s.type == elfmod.PT_LOAD and s.filesz and s.flags & elfmod.PF_X
                 and any(c.size and elfmod.section_in_segment(c, s) for c in self.elf.sections)]
        if any(s.vaddr == PIC_FLASH for s in found):
            return None, True
        return min((s.paddr for s in found), default=None), False

    def _fixed_ram(self):
        origin = self.symbols.get("_sram_origin", PIC_RAM)
        return None if origin == PIC_RAM else origin

    def _sections_of(self, segment):
        return [c for c in self.elf.sections if c.size and elfmod.section_in_segment(c, segment)]

    def _count_writeable_flash(self):
        return sum(1 for s in self.elf.segments if s.type == elfmod.PT_LOAD and s.filesz
                   for c in self._sections_of(s) if ".wfr" in c.name)

    def _protected_region(self, header_size, is_pic):
        """Bytes from the start of the TBF to the application's first byte."""
        asked = self.options.protected_region_size
        size = self.symbols.get("tbf_protected_region_size")
        if size is not None:
            if asked is not None:
                self.warnings.append(f"the ELF's tbf_protected_region_size ({size}) overrides "
                                     f"--protected-region-size {asked}")
        elif asked is not None:
            size = asked
        elif is_pic:
            size = header_size
        else:
            size = (self.header.fixed_flash or 0) % TBF_ALIGNMENT_FIXED
        if size < header_size:
            self._fail(f"the header takes {header_size} bytes, but only {size} bytes lie before the "
                       "application's code; move its flash origin up or give --protected-region-size")
        if size > MAX_BINARY:
            self._fail(f"a protected region of {size} bytes is larger than any flash")
        return size

    def _content(self, header_size, protected):
        """The bytes of all loaded segments in one block, and the relocation data."""
        content, relocations = bytearray(), bytearray()
        regions, entry, end = [], None, None
        for segment in self.elf.segments:
            if segment.type != elfmod.PT_LOAD or segment.filesz == 0 or self._cut(segment):
                continue
            content += self._gap(segment, end, len(content))
            position = protected + len(content)
            if segment.paddr <= self.elf.entry < segment.paddr + segment.filesz:
                entry = self._entry(entry, position + self.elf.entry - segment.paddr - header_size)
            for section in self._sections_of(segment):
                relocations += self._relocations(section)
                if ".wfr" in section.name:
                    regions.append((position + section.addr - segment.vaddr, section.size))
            end = segment.paddr + segment.filesz
            content += self.elf.segment_data(segment)
        missing = max(0, len(self.header.writeable_flash) - len(regions))
        self.header.writeable_flash = (regions + [(0, 0)] * missing)[:len(self.header.writeable_flash)]
        self.header.init_fn_offset = entry or 0
        if entry is None:
            self.warnings.append("no segment holds the entry point; the application cannot start")
        if relocations and (protected + len(content)) % 4:
            self.warnings.append("the relocation data is not 4-byte aligned; align the end of .data")
        return bytes(content), bytes(relocations)

    def _cut(self, segment):
        """Removes what lies before the fixed flash address; True if that is the whole segment."""
        flash = self.header.fixed_flash
        if flash is None or segment.paddr >= flash:
            return False
        if segment.paddr + segment.filesz < flash:
            return True
        cut = flash - segment.paddr
        segment.offset += cut
        segment.paddr += cut
        segment.vaddr += cut
        segment.filesz -= cut
        segment.memsz = max(0, segment.memsz - cut)
        return False

    def _gap(self, segment, end, used):
        if end is None:
            return b""
        gap = segment.paddr - end
        if gap < 0:
            self.warnings.append("the segments are not in order of load address; "
                                 "the application is probably broken")
            return b""
        if gap >= LARGE_GAP:
            self.warnings.append(f"a gap of {gap} bytes between two segments is filled with zeros; "
                                 "check the linker script")
        if used + gap > MAX_BINARY:
            self._fail(f"segments lie {gap} bytes apart, more than any flash holds")
        return bytes(gap)

    def _entry(self, known, offset):
        if known is None:
            return offset
        if not self.options.disabled:
            self._fail("two segments hold the entry point; check the linker script")
        return known

    def _relocations(self, section):
        if not section.flags & elfmod.SHF_WRITE:
            return b""
        relocations = self.elf.section(".rel" + section.name)
        return self.elf.section_data(relocations) if relocations else b""

    def _finish(self, header_size, body):
        options, header = self.options, self.header
        header.binary_end = header_size + len(body)
        space, reserved = tbf_build.footers_size(options.hashes, options.minimum_footer_size)
        pad = self._trailing_pad(header.binary_end + space)
        footer_space = space + pad
        header.total_size = header.binary_end + footer_space
        if header.total_size > MAX_BINARY:
            self._fail(f"the result would be {header.total_size} bytes, larger than any flash")
        try:
            covered = tbf_build.encode(header) + body
        except Exception as error:  # struct.error: an offset that does not fit its field
            self._fail(f"a value does not fit the TBF header ({error})")
        data = covered + tbf_build.footers(covered, options.hashes, footer_space)
        return Result(data, header, self.warnings)

    def _trailing_pad(self, size):
        if self.elf.machine == elfmod.EM_ARM:
            if size & size - 1 == 0:
                return 0
            return max(1 << size.bit_length(), MIN_POWER_OF_TWO) - size
        if self.elf.machine == elfmod.EM_RISCV:
            return -size % 4
        if self.elf.machine == elfmod.EM_386:
            return -size % 4096
        return 0
