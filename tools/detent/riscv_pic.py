# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Makes a linked RISC-V application position independent.

The ELF file comes from user/riscv_pic.ld with --emit-relocs: flash is linked at 0x80000000, RAM at
0x40000000. Three kinds of places in it depend on where it runs.

- Code that reaches RAM through gp, or flash relative to pc: right as it is.
- `lui` of an address, or `auipc` of one in RAM: becomes a jump to a stub, which puts into the register
  what the instruction would have, plus how far flash or RAM was moved, and jumps back. What adds the
  lower 12 bits stays as it is.
- Words of data that hold an address: their places go into a list, which crt0 goes through.

Everything else that would be wrong elsewhere is refused. Numbers of relocations and encodings: RISC-V
ELF psABI, "Relocations"; instruction formats: RISC-V unprivileged ISA, chapters 2 and 16.
"""
import struct

from . import elf as elfmod
from .errors import ToolError

FLASH, RAM, SIZE = 0x80000000, 0x40000000, 0x100000
R_32, R_BRANCH, R_JAL, R_CALL, R_CALL_PLT = 1, 16, 17, 18, 19
R_GOT_HI20, R_TLS_GOT, R_TLS_GD, R_PCREL_HI20, R_HI20 = 20, 21, 22, 23, 26
R_ADD8, R_SUB64, R_RVC_LUI = 33, 40, 46
_CALLS = (R_BRANCH, R_JAL, R_CALL, R_CALL_PLT, 44, 45)
_RELA = struct.Struct("<IIi")
_SYM = struct.Struct("<IIIBBH")
_SHT_RELA, _SHF_EXEC = 4, 4
_LUI, _AUIPC, _GP = 0x37, 0x17, 3
_FIXUP_LIMIT = 1 << 16


class Movable:
    """The plan for one ELF file."""

    def __init__(self, elf):
        self.elf = elf
        if elf.machine != elfmod.EM_RISCV:
            raise ToolError(f"{elf.path}: it is for another processor; only RISC-V needs this step")
        self._values = elf.symbols()
        for name in ("__global_pointer$", "_pic_stubs", "_pic_stubs_end", "_pic_fixups", "_pic_fixups_end",
                     "_pic_got", "_pic_got_end", "_data_start"):
            if name not in self._values:
                raise ToolError(f"{elf.path}: it has no symbol {name}; link it with user/riscv_pic.ld")
        self._gp = self._values["__global_pointer$"]
        self._jumps, self._fixups = [], []
        self._seen = False
        for section in elf.sections:
            if section.type == _SHT_RELA:
                self._read(section)
        if not self._seen:
            raise ToolError(f"{elf.path}: it has no relocations; link it with --emit-relocs")
        self._read_table()
        self._fixups.sort()

    # ---- reading ----

    def _read(self, table):
        if table.info >= len(self.elf.sections) or table.link >= len(self.elf.sections):
            raise ToolError(f"{self.elf.path}: damaged: a relocation table belongs to no section")
        section = self.elf.sections[table.info]
        if not section.flags & elfmod.SHF_ALLOC:
            return
        self._seen = True
        symbols = self.elf.section_data(self.elf.sections[table.link])
        names = self.elf.section_data(self.elf.sections[self.elf.sections[table.link].link])
        data = self.elf.section_data(table)
        mixed = {}
        for at in range(0, len(data) - _RELA.size + 1, _RELA.size):
            offset, info, addend = _RELA.unpack_from(data, at)
            if (info >> 8) * _SYM.size + _SYM.size > len(symbols):
                raise ToolError(f"{self.elf.path}: damaged: a relocation names no symbol")
            name, value, _, _, _, index = _SYM.unpack_from(symbols, (info >> 8) * _SYM.size)
            target = 0 if index == 0 else value + addend & 0xFFFFFFFF
            text = names[name:names.find(b"\0", name)].decode("utf-8", "replace")
            self._take(section, offset, info & 0xFF, (target, text))
            if R_ADD8 <= info & 0xFF <= R_SUB64:
                mixed.setdefault(offset, set()).add(_region(target))
        for offset, regions in mixed.items():
            if len(regions) > 1:
                self._refuse(section, offset, "a distance between flash and RAM")

    def _take(self, section, offset, kind, target):
        value, name = target
        region = _region(value)
        if kind == R_32:
            if region is None:
                return
            if not section.flags & elfmod.SHF_WRITE or section.addr < RAM or section.addr >= FLASH:
                self._refuse(section, offset, f"the address of {name or 'a constant'} in a constant; "
                             "compile it with -fpie, which puts such constants into .data.rel.ro")
            self._add_fixup(section, offset)
        elif kind == R_TLS_GD:
            self._refuse(section, offset, f"dynamic thread-local {name}; use -ftls-model=local-exec")
        elif kind in (R_GOT_HI20, R_TLS_GOT):
            self._jumps.append((offset, RAM, section))
        elif kind == R_HI20 and region is not None or kind == R_PCREL_HI20 and region != FLASH:
            self._jumps.append((offset, region, section))
        elif kind == R_RVC_LUI and region is not None:
            self._refuse(section, offset, f"the address of {name} in a compressed lui; link it elsewhere")
        elif kind in _CALLS and region != FLASH and value:
            self._refuse(section, offset, f"a jump to {name or hex(value)}, which is not in flash")

    def _read_table(self):
        """The linker fills the global offset table, which data are part of, without relocations."""
        start, end = self._values["_pic_got"], self._values["_pic_got_end"]
        for section in self.elf.sections:
            if section.flags & elfmod.SHF_ALLOC and section.addr <= start and \
                    end <= section.addr + section.size and section.type != elfmod.SHT_NOBITS:
                data = self.elf.section_data(section)
                for address in range(start, end, 4):
                    if _region(struct.unpack_from("<I", data, address - section.addr)[0]):
                        self._add_fixup(section, address)
                return

    def _add_fixup(self, section, offset):
        place = offset - self._values["_data_start"]
        if place % 4 or section.type == elfmod.SHT_NOBITS:
            self._refuse(section, offset, "an address that is not aligned; do not pack it")
        if place // 4 >= _FIXUP_LIMIT:
            self._refuse(section, offset, f"an address behind the first {4 * _FIXUP_LIMIT} bytes of data")
        self._fixups.append(place // 4)

    def _refuse(self, section, offset, what):
        function = max(((value, name) for name, value in self._values.items()
                        if section.addr <= value <= offset and not name.startswith((".", "$", "_pic"))),
                       default=(0, section.name))[1]
        raise ToolError(f"{self.elf.path}: cannot run at any address: {function} ({offset:#x}) has {what}")

    # ---- results ----

    def stubs(self):
        """The stubs' code, if it starts at _pic_stubs."""
        out = b""
        for offset, region, section in self._jumps:
            out += self._stub(self._values["_pic_stubs"] + len(out), offset, region, section)
        return out

    def fixups(self):
        """The list for crt0."""
        return struct.pack(f"<{len(self._fixups)}H", *self._fixups)

    def finished(self):
        """The bytes of the ELF file with jumps, stubs and list in place."""
        data = bytearray(self.elf.data)
        at = self._values["_pic_stubs"]
        stubs = b""
        for offset, region, section in self._jumps:
            stub = self._stub(at + len(stubs), offset, region, section)
            self._put(data, offset, struct.pack("<I", _jump(at + len(stubs) - offset)))
            stubs += stub
        self._fill(data, "_pic_stubs", stubs)
        self._fill(data, "_pic_fixups", self.fixups())
        return bytes(data)

    def _fill(self, data, name, content):
        room = self._values[name + "_end"] - self._values[name]
        if room != len(content):
            raise ToolError(f"{self.elf.path}: {name} has {room} bytes, but {len(content)} are needed; "
                            "link it with what detent pic --sizes prints")
        if content:
            self._put(data, self._values[name], content)

    def _put(self, data, address, content):
        for section in self.elf.sections:
            if section.flags & elfmod.SHF_ALLOC and section.type != elfmod.SHT_NOBITS and \
                    section.addr <= address and address + len(content) <= section.addr + section.size:
                start = section.offset + address - section.addr
                data[start:start + len(content)] = content
                return
        raise ToolError(f"{self.elf.path}: damaged: no section holds the address {address:#x}")

    def _stub(self, at, offset, region, section):
        # Its length must not depend on where the code is: that differs between the two links.
        word = struct.unpack_from("<I", self.elf.section_data(section), offset - section.addr)[0]
        if word & 0x7F not in (_LUI, _AUIPC):
            self._refuse(section, offset, "a relocated instruction that is neither lui nor auipc")
        rd = word >> 7 & 31
        value = word & 0xFFFFF000
        if word & 0x7F == _AUIPC:
            value += offset
        if region == RAM:
            out = _upper(_LUI, rd, value - self._gp) + struct.pack("<H", 0x9002 | rd << 7 | _GP << 2)
            if word & 0x7F != _LUI or value - self._gp & 0xFFF:
                out += _add(rd, value - self._gp)
        elif region == FLASH:
            out = _upper(_AUIPC, rd, value - at) + _add(rd, value - at)
        else:
            out = _upper(_LUI, rd, value) + _add(rd, value)
        return out + struct.pack("<I", _jump(offset + 4 - at - len(out)))


def _region(address):
    for start in (FLASH, RAM):
        if start - SIZE <= address < start + SIZE:
            return start
    return None


def _upper(opcode, rd, value):
    return struct.pack("<I", value + 0x800 & 0xFFFFF000 | rd << 7 | opcode)


def _add(rd, value):
    return struct.pack("<I", (value & 0xFFF) << 20 | rd << 15 | rd << 7 | 0x13)


def _jump(distance):
    """jal x0: the same as j. The code is in 1 MiB, so that the distance always fits."""
    if not -1 << 20 <= distance < 1 << 20:
        raise ToolError(f"a jump over {distance} bytes; an application's code ends at 1 MiB")
    bits = distance >> 20 & 1, distance >> 1 & 0x3FF, distance >> 11 & 1, distance >> 12 & 0xFF
    return bits[0] << 31 | bits[1] << 21 | bits[2] << 20 | bits[3] << 12 | 0x6F
