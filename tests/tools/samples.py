# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The ELF files that the tests pack, and the cases whose bytes were compared with elf2tab."""
from elf_writer import ALLOC, ARM, EXEC, NOBITS, R, REL, RISCV, W, WRITE, X86, ElfWriter

CODE = bytes(range(64)) + b"Hello from a test application\0\0\0"
DATA = b"\x11\x22\x33\x44" * 5


def _application(machine, flash, ram, code=CODE, data=DATA):
    """Code, a writeable flash region, a stack, data with relocations, and bss."""
    elf = ElfWriter(machine, flash + 8)
    elf.section(".text", code, flash, flags=ALLOC | EXEC)
    elf.section(".wfr.store", b"\xff" * 32, flash + len(code))
    elf.section(".stack", b"", ram, size=1536, flags=ALLOC | WRITE, kind=NOBITS)
    elf.section(".data", data, ram + 1536, flags=ALLOC | WRITE)
    elf.section(".bss", b"", ram + 1536 + len(data), size=100, flags=ALLOC | WRITE, kind=NOBITS)
    elf.section(".rel.data", b"\x04\x06\0\0\x02\x01\0\0" * 2, flags=0, kind=REL)
    elf.segment([".text", ".wfr.store"])
    elf.segment([".data", ".bss"], paddr=flash + len(code) + 32, flags=R | W)
    return elf


def rv32(flash=0x80100080, ram=0x80300000):
    """An application for RISC-V at a fixed address."""
    elf = _application(RISCV, flash, ram)
    return elf.symbol("_flash_origin", flash).symbol("_sram_origin", ram).build()


def arm_pic():
    """A position-independent application for Arm."""
    elf = _application(ARM, 0x80000000, 0)
    return elf.symbol("_flash_origin", 0x80000000).symbol("_sram_origin", 0).build()


def arm_pic_by_segment():
    """As arm_pic, but without symbols: the first segment's address shows it."""
    return _application(ARM, 0x80000000, 0).build()


def rv32_by_segment():
    """Without symbols: the fixed address is that of the lowest code segment."""
    return _application(RISCV, 0x20430080, 0x80003000).build()


def rv32_early_segment():
    """The first segment begins 32 bytes before the flash origin; that part is cut."""
    flash = 0x80100080
    elf = _application(RISCV, flash - 32, 0x80300000)
    return elf.symbol("_flash_origin", flash).symbol("_sram_origin", 0x80300000).build()


def rv32_gap():
    """Two flash segments with 20 bytes between them, the second without relocations."""
    elf = ElfWriter(RISCV, 0x80100080)
    elf.section(".text", CODE, 0x80100080, flags=ALLOC | EXEC)
    elf.section(".rodata", DATA + b"odd", 0x80100080 + len(CODE) + 20)
    elf.segment([".text"]).segment([".rodata"], flags=R)
    return elf.symbol("_flash_origin", 0x80100080).build()


def rv32_protected_symbol():
    """The ELF itself names the size of the protected region."""
    elf = _application(RISCV, 0x80100000, 0x80300000)
    elf.symbol("_flash_origin", 0x80100000).symbol("_sram_origin", 0x80300000)
    return elf.symbol("tbf_protected_region_size", 0x100).build()


def arm_large():
    """So large that its reserved footer does not fit a 16-bit length."""
    return _application(ARM, 0x80000000, 0, code=bytes(range(256)) * 560).build()


def arm_exact_power():
    """With these options its size is a power of two without padding."""
    return _application(ARM, 0x80000000, 0, code=bytes(256 - 80 - 4 - 20 - 32 - 16 + 4)).build()


def x86():
    """Padded to a page."""
    return _application(X86, 0x80000000, 0).build()


def two_entries():
    """Two segments hold the entry point: allowed only for a disabled application."""
    elf = ElfWriter(RISCV, 0x80000010)
    elf.section(".text", CODE, 0x80000000, flags=ALLOC | EXEC)
    elf.section(".again", CODE, 0x80000000, flags=ALLOC | EXEC)
    return elf.segment([".text"]).segment([".again"]).build()


# Name, architecture in the TAB, ELF, options.
CASES = [
    ("plain", "rv32imac", rv32(), []),
    ("named", "rv32imac", rv32(), ["-n", "hello"]),
    ("libtock", "cortex-m4", arm_pic(),
     "-n blink --stack 2048 --app-heap 1024 --kernel-heap 1024 --kernel-major 2 --kernel-minor 2".split()),
    ("odd sizes", "cortex-m3", arm_pic(), "-n a --stack 1001 --app-heap 1 --kernel-heap 7".split()),
    ("by segment", "cortex-m0", arm_pic_by_segment(), ["-n", "four"]),
    ("fixed by segment", "rv32imc", rv32_by_segment(), ["-n", "fixed"]),
    ("early", "rv32imac", rv32_early_segment(), ["-n", "early"]),
    ("gap", "rv32imac", rv32_gap(), ["-n", "gap"]),
    ("protected symbol", "rv32imac", rv32_protected_symbol(), ["-n", "p"]),
    ("protected option", "cortex-m4", arm_pic(), ["--protected-region-size", "512"]),
    ("large", "cortex-m4", arm_large(), ["-n", "large", "--sha256"]),
    ("exact", "cortex-m4", arm_exact_power(), []),
    ("page", "i386", x86(), ["-n", "page"]),
    ("two entries", "otbn", two_entries(), ["--disable"]),
    ("permissions", "cortex-m4", arm_pic(),
     ["-n", "perm", "--permissions", "1,0", "1,1", "1,64", "2,700", "4294967295,63", "--short-id", "0x1234"]),
    ("storage", "cortex-m4", arm_pic(),
     ["--write_id", "0x12", "--read_ids", "1", "2", "--read_ids", "3", "--access_ids", "7"]),
    ("write id only", "cortex-m4", arm_pic(), ["--write_id", "5"]),
    ("disabled", "cortex-m4", arm_pic(), ["--disable", "--app-version", "77"]),
    ("hashes", "cortex-m4", arm_pic(), ["--sha256", "--sha384", "--sha512", "--kernel-major", "2"]),
    ("footer", "rv32imac", rv32_by_segment(), ["--minimum-footer-size", "3000"]),
    ("small footer", "rv32imac", rv32_by_segment(), ["--minimum-footer-size", "1"]),
    ("footer and hash", "rv32imac", rv32_by_segment(), ["--sha512", "--minimum-footer-size", "75"]),
    ("boards", "cortex-m4", arm_pic(), ["-n", "b", "--supported-boards", "one,two"]),
]
