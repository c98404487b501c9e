# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The bytes that a linked kernel needs, from its ELF file."""
from elftools.elf.elffile import ELFFile

_ALLOCATED, _NO_BITS = 0x2, "SHT_NOBITS"


def measure(path):
    """{"code", "static_ram", "process_ram"} of the kernel at `path`."""
    with open(path, "rb") as stream:
        elf = ELFFile(stream)
        flash = ram = 0
        for section in elf.iter_sections():
            if not section["sh_flags"] & _ALLOCATED or section.name == ".stack":
                continue
            in_ram = section["sh_type"] == _NO_BITS or section.name.startswith((".data", ".bss", ".noinit"))
            if in_ram:
                ram += section["sh_size"]
            if section["sh_type"] != _NO_BITS:
                flash += section["sh_size"]  # .data counts twice: its first values are in flash
        return {"code": flash, "static_ram": ram, "process_ram": _process_ram(elf)}


def _process_ram(elf):
    """The process record, and one grant pointer a driver at the top of the process's memory."""
    symbols = elf.get_section_by_name(".symtab")
    drivers = symbols.get_symbol_by_name("drivers")[0]["st_size"] // _struct_size(elf, "driver_entry")
    return _struct_size(elf, "process") + drivers * 4


def _struct_size(elf, name):
    for unit in elf.get_dwarf_info().iter_CUs():
        for entry in unit.iter_DIEs():
            if entry.tag != "DW_TAG_structure_type" or "DW_AT_byte_size" not in entry.attributes:
                continue
            if "DW_AT_name" in entry.attributes and entry.attributes["DW_AT_name"].value == name.encode():
                return entry.attributes["DW_AT_byte_size"].value
    raise LookupError(f"the kernel's debug information has no struct {name}")
