# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`detent explain`: the last fault in words, from the record that the kernel keeps over a reset."""
import json
import re
import struct
import sys
import zlib

from . import symbols
from .args import Parser
from .console import show_lines
from .errors import EXIT_OK, ToolError
from .files import read_file

EXAMPLES = [
    "detent explain console.txt --kernel build/qemu-rv32-virt/kernel.elf",
    "detent explain console.txt --app build/apps/fault/rv32imac.0x80100080.0x80300000.elf",
    "detent explain --json record.bin",
    "detent run --board qemu-rv32-virt ... | detent explain -",
]
DESCRIPTION = """Reads a fault record: from a console log (the last line `fault record, for detent
explain: ...`, as the kernel prints after a reset and for the command `record`) or from the 256
bytes or less themselves. With ELF files it names function and source line. Of several --app
files the one that holds the program counter is used."""

# abi/include/abi/fault_record.h
MAGIC = 0x31464444
FIXED = struct.Struct("<IBBBB3I16s6I")
REGISTERS, RECENT = 32, 4
SIZE = FIXED.size + 4 * REGISTERS + 8 * RECENT + 4
KINDS = {1: "a process faulted", 2: "the kernel ended itself"}
RISCV, ARMV7M, ARMV8M = 1, 2, 3
ARCHES = {RISCV: "RISC-V", ARMV7M: "Armv7-M", ARMV8M: "Armv8-M"}
ARM_NAMES = [f"r{n}" for n in range(13)] + ["sp", "lr", "pc", "xpsr"]
RISCV_NAMES = ("pc ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 a6 a7 s2 s3 s4 s5 s6 s7 s8 s9 s10 "
               "s11 t3 t4 t5 t6").split()
CLASSES = ("yield", "subscribe", "command", "allow-rw", "allow-ro", "memop", "exit", "allow-ur")

# RISC-V privileged specification, table 3.6.
RISCV_CAUSES = {
    0: "instruction address misaligned", 1: "instruction access fault", 2: "illegal instruction",
    3: "breakpoint", 4: "load address misaligned", 5: "load access fault",
    6: "store address misaligned", 7: "store access fault", 8: "environment call",
}
# Armv7-M Architecture Reference Manual, B3.2.15 (CFSR).
CFSR_BITS = {
    0: "instruction access violation", 1: "data access violation",
    3: "memory fault while unstacking", 4: "memory fault while stacking",
    5: "memory fault while saving floating-point state", 8: "instruction bus error",
    9: "precise data bus error", 10: "imprecise data bus error",
    11: "bus fault while unstacking", 12: "bus fault while stacking", 16: "undefined instruction",
    17: "invalid state", 18: "invalid exception return", 19: "no coprocessor (floating point is off)",
    20: "stack limit exceeded", 24: "unaligned access", 25: "division by zero",
}
LINE = re.compile(rb"fault record, for detent explain: ([0-9a-fA-F]+)")


def main(argv):
    """Runs the verb."""
    parser = Parser("explain", DESCRIPTION, EXAMPLES)
    parser.add_argument("file", metavar="FILE", help="a console log or a record; - is standard input")
    parser.add_argument("--kernel", metavar="ELF", help="the kernel that wrote it")
    parser.add_argument("--app", action="append", default=[], metavar="ELF", help="an application's")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    data = sys.stdin.buffer.read() if options.file == "-" else read_file(options.file)
    record = decode(find(data, options.file), options.file)
    record["code"] = name_code(record, options)
    if options.json:
        print(json.dumps(record, indent=2))
    else:
        show_lines(text(record))
    return EXIT_OK


def find(data, name):
    """The bytes of the record in a log, or the file itself."""
    lines = LINE.findall(data)
    if lines:
        digits = lines[-1]
        return bytes.fromhex(digits[: len(digits) // 2 * 2].decode())
    if data[:4] == MAGIC.to_bytes(4, "little"):
        return data[:SIZE]
    raise ToolError(f"{name}: no fault record in it; give a console log that shows the line "
                    "`fault record, for detent explain: ...` (type `record` on the process console)")


def decode(data, name):
    """The record as a dictionary."""
    if len(data) < SIZE:
        raise ToolError(f"{name}: the record is cut off after {len(data)} of {SIZE} bytes; "
                        "log the whole line")
    if zlib.crc32(data[: SIZE - 4]) != int.from_bytes(data[SIZE - 4: SIZE], "little"):
        raise ToolError(f"{name}: the record is damaged (its checksum is wrong); log it again")
    (_, kind, arch, slot, count, c0, c1, c2, raw_name, *memory) = FIXED.unpack_from(data)
    registers = struct.unpack_from(f"<{REGISTERS}I", data, FIXED.size)[: min(count, REGISTERS)]
    calls = struct.unpack_from(f"<{2 * RECENT}I", data, FIXED.size + 4 * REGISTERS)
    names = RISCV_NAMES if arch == RISCV else ARM_NAMES
    fields = ("flash_start", "flash_end", "ram_start", "app_break", "grant_break", "ram_end")
    record = {
        "kind": KINDS.get(kind, f"kind {kind}"), "process": kind == 1,
        "arch": ARCHES.get(arch, f"architecture {arch}"),
        "slot": slot, "name": raw_name.split(b"\0")[0].decode("utf-8", "replace"),
        "cause": cause(arch, c0), "address": fault_address(arch, c0, c1),
        "cause_registers": [c0, c1, c2],
        "registers": dict(zip(names, registers)),
        "system_calls": [{"class": call_class(packed), "first": first, "second": packed >> 8}
                         for first, packed in zip(calls[::2], calls[1::2])],
        **dict(zip(fields, memory)),
    }
    record["pc"] = record["registers"].get("pc", c2 if arch == RISCV else 0)
    record["region"] = region(record)
    return record


def call_class(packed):
    number = packed & 0xFF
    return CLASSES[number] if number < len(CLASSES) else f"class {number}"


def cause(arch, value):
    if arch == RISCV:
        return RISCV_CAUSES.get(value, f"cause {value}")
    bits = [words for bit, words in CFSR_BITS.items() if value >> bit & 1]
    return ", ".join(bits) or "no cause given"


def fault_address(arch, cause_value, value):
    """The data address, where the fault was about one and it is known."""
    if arch == RISCV:
        return value if cause_value in (4, 5, 6, 7) else None
    return value if cause_value & 0x8080 else None  # MMARVALID, BFARVALID


def region(record):
    """Whose memory the fault address is."""
    address = record["address"]
    if address is None or not record["process"]:
        return None
    bounds = (("its own flash", "flash_start", "flash_end"),
              ("its own RAM", "ram_start", "app_break"),
              ("its RAM above the break", "app_break", "grant_break"),
              ("the kernel's part of its RAM", "grant_break", "ram_end"))
    for words, start, end in bounds:
        if record[start] <= address < record[end]:
            return words
    if record["ram_start"] - 0x1000 <= address < record["ram_start"] and \
            record["registers"].get("sp", 0) < record["ram_start"]:
        return "below its RAM: the stack overflowed (APP_STACK_SIZE)"
    return "not its memory"


def name_code(record, options):
    """What the program counter and the return address are, from the ELF files given."""
    programs = []
    if options.kernel:
        programs.append(symbols.Program(options.kernel))
    for path in options.app:
        programs.append(symbols.application(path, record["flash_start"] or None))
    named = {}
    for register in ("pc", "ra", "lr"):
        address = record["registers"].get(register, record["pc"] if register == "pc" else None)
        for program in programs:
            if address and program.has(address & ~1):
                named[register] = {"file": program.name(), "code": program.describe(address & ~1)}
                break
    return named


def text(record):
    """The record for a person."""
    who = f"process {record['name'] or '(no name)'} in slot {record['slot']}" if record["process"] \
        else "the kernel"
    yield f"{record['kind']}: {who} ({record['arch']})"
    yield f"  cause    {record['cause']}"
    if record["address"] is not None:
        whose = f", {record['region']}" if record["region"] else ""
        yield f"  address  0x{record['address']:08x}{whose}"
    yield f"  pc       0x{record['pc']:08x}{code_of(record, 'pc')}"
    for register in ("ra", "lr"):
        if register in record["registers"]:
            yield f"  {register}       0x{record['registers'][register]:08x}{code_of(record, register)}"
    if record["process"]:
        yield f"  flash    0x{record['flash_start']:08x}-0x{record['flash_end']:08x}"
        yield (f"  RAM      0x{record['ram_start']:08x}-0x{record['ram_end']:08x}, break "
               f"0x{record['app_break']:08x}, grants from 0x{record['grant_break']:08x}")
        yield "  last system calls, oldest first"
        for call in record["system_calls"]:
            yield f"    {call['class']} 0x{call['first']:x}, 0x{call['second']:x}"
    names = list(record["registers"])
    for first in range(0, len(names), 4):
        yield "  " + "  ".join(f"{n:>4} {record['registers'][n]:08x}" for n in names[first: first + 4])


def code_of(record, register):
    known = record["code"].get(register)
    return f"  {known['code']} ({known['file']})" if known and known["code"] else ""
