#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Builds the applications of the hostile suite and places them beside the witness.

    tests/hostile/suite.py          builds all of them, for every processor
    tests/hostile/suite.py --list   a line an attack: name, how it must end, what it does
    tests/hostile/suite.py --docs   writes the table of docs/hostile.md

Every attack is one function of attacks/*.c and becomes an application of its own: its source is
compiled once a processor, then linked with that function alone.
"""
import functools
import os
import re
import struct
import subprocess
import sys
import threading

_HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(os.path.dirname(_HERE))
OUT = os.path.join(ROOT, "build", "hostile")
for _folder in (os.path.join(ROOT, "tools"), os.path.join(ROOT, "tests")):
    if _folder not in sys.path:
        sys.path.insert(0, _folder)

from detent import convert  # noqa: E402
from detent.elf import Elf  # noqa: E402
from detent.tbf_read import Tbf, grow  # noqa: E402
from detent import board as boards  # noqa: E402

FAULTS, ENDS, EITHER, GOES_ON = "FAULTS", "ENDS", "EITHER", "GOES_ON"
MAGIC = struct.pack("<II", 0x48C05711, 0xE5A77AC4)
NAME_SIZE = 32
PLACE = 0x10000
SEEDS = (0x1BADB002, 0x2545F491, 0x3C6EF372, 0x5DEECE66, 0x7F4A7C15, 0x9E3779B9, 0xA54FF53A, 0xDEADBEEF)

_COMMON = ("-std=gnu11 -Os -g -ffreestanding -fno-common -fno-tree-loop-distribute-patterns -Wall -Wextra -Werror "
           "-Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wno-infinite-recursion "
           "-Wno-array-bounds -ffunction-sections -fdata-sections -Itests/hostile -Iabi/include").split()
_RISCV = {"gcc": "riscv64-unknown-elf-gcc", "flags": "-march=rv32imac_zicsr -mabi=ilp32 -msmall-data-limit=0".split(),
          "runtime": ["user/arch/riscv/crt0.S", "tests/hostile/call_riscv.c"], "script": "user/riscv.ld"}
_ARM = {"gcc": "arm-none-eabi-gcc",
        "flags": "-mthumb -march=armv7-m -mfloat-abi=soft -fno-short-enums -fPIC -msingle-pic-base "
                 "-mpic-register=r9 -mno-pic-data-is-text-relative".split(),
        "runtime": ["user/arch/arm/crt0.S", "user/arch/arm/relocate.c", "tests/hostile/call_arm.c"],
        "script": "user/arm.ld"}
CPUS = {"riscv": _RISCV, "arm": _ARM}
_EMULATED_PAGE = 1024  # at its end QEMU's Arm holds every byte of an access against a region
# Where an access begins in a region and ends behind it, anywhere in memory; docs/testing.md.
_WHOLE_ACCESS = ("read_across_grants", "write_across_grants")
# Whose footers hold code.
_IN_FOOTERS = ("jump_own_footers",)
_FOOTER_MARK = 0x0BADF00D
_FAMILIES = ("riscv", "arm", "armv8m")
_LOCK = threading.RLock()


class Attack:
    """One attack as its source declares it. `needs` are the capabilities of a board it is for."""

    def __init__(self, name, source, function, end, text, parameter=0):
        self.name, self.source, self.function = name, source, function
        self.end, self.text, self.parameter = end, text, parameter

    @property
    def needs(self):
        """By the name of the source: riscv, arm, armv8m, or every board."""
        if self.name in _WHOLE_ACCESS:
            return "whole-access"
        return self.source if self.source in _FAMILIES else ""

    @property
    def cpus(self):
        """The processors that it is built for."""
        return [cpu for cpu in CPUS if self.source not in _FAMILIES or self.source[:3] == cpu[:3]]


@functools.lru_cache(maxsize=None)
def attacks():
    """All attacks, in the order of the sources."""
    out = []
    folder = os.path.join(_HERE, "attacks")
    for file in sorted(os.listdir(folder)):
        out += _declared(file[:-2], os.path.join(folder, file))
    return out


# A declaration as it comes out of the preprocessor.
_DECLARED = re.compile(r'@ATTACK\((\w+)\s*,\s*(\w+)\s*,\s*((?:"[^"]*"\s*)+)\)')


def _declared(source, path):
    text = subprocess.run(["gcc", "-E", "-P", "-I" + _HERE, "-I" + os.path.join(ROOT, "abi/include"),
                           "-D__arm__=1", "-DLIST_ATTACKS", path], check=True, capture_output=True,
                          text=True).stdout
    out = []
    for name, end, words in _DECLARED.findall(text):
        what = "".join(re.findall(r'"([^"]*)"', words))
        if name == "random":
            out += [Attack(f"random_{i}", source, name, end, f"{what}, seed {seed:#010x}", seed)
                    for i, seed in enumerate(SEEDS)]
        else:
            own = f"{source}_{name}" if source in _FAMILIES else name
            out.append(Attack(own, source, name, end, what))
    return out


def _newer(target, sources):
    return not os.path.exists(target) or any(os.path.getmtime(s) > os.path.getmtime(target) for s in sources)


def _run(arguments):
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)}\n{done.stderr}")


def _depends():
    folders = (_HERE, os.path.join(ROOT, "abi", "include", "abi"))
    return [os.path.join(f, n) for f in folders for n in os.listdir(f) if n.endswith((".h", ".py"))]


def _object(cpu, source):
    """Compiles a source of the repository, if it has changed; returns the object's path."""
    tool = CPUS[cpu]
    out = os.path.join(OUT, cpu, source.replace("/", "_") + ".o")
    if _newer(out, [os.path.join(ROOT, source)] + _depends()):
        os.makedirs(os.path.dirname(out), exist_ok=True)
        flags = _COMMON if source.endswith(".c") else ["-g"]
        if source.startswith("user/"):
            flags = [f for f in flags if f not in ("-Werror", "-Wconversion")]
        _run([tool["gcc"]] + tool["flags"] + flags + ["-c", source, "-o", out])
    return out


def elf(cpu, source, function, place, ram=None):
    """Links one application for a place (RISC-V) or for all (Arm); returns the ELF's path.

    `ram` is the place of its RAM where that is not the place of its flash.
    """
    ram = place if ram is None else ram
    tool = CPUS[cpu]
    stem = function or os.path.basename(source)[:-2]
    out = os.path.join(OUT, cpu, f"{stem}.{place}.{ram}.elf" if cpu == "riscv" else f"{stem}.elf")
    objects = [_object(cpu, s) for s in tool["runtime"] + ["tests/hostile/common.c"]]
    main = _object(cpu, source)
    if not _newer(out, objects + [main, os.path.join(ROOT, tool["script"])]):
        return out
    if function:
        renamed = out[:-len(".elf")] + ".o"
        _run([tool["gcc"].replace("gcc", "objcopy"), "--redefine-sym", f"attack_{function}=attack", main, renamed])
        main = renamed
    where = (["-Wl,--defsym=APP_FLASH=%#x" % (0x80100080 + place * PLACE),
              "-Wl,--defsym=APP_RAM=%#x" % (0x80300000 + ram * PLACE)] if cpu == "riscv" else
             ["-Wl,--emit-relocs", "-Wl,--no-enum-size-warning"])
    _run([tool["gcc"]] + [f.replace("_zicsr", "") for f in tool["flags"]] + ["-nostdlib", "-static", "-Wl,--gc-sections",
         "-Wl,--defsym=APP_STACK_SIZE=1024", "-T", tool["script"]] + where + objects + [main, "-lgcc", "-o", out])
    return out


def cpu_of(column):
    """The processor of a board, by its capabilities."""
    return "riscv" if "riscv" in column.capabilities else "arm"


@functools.lru_cache(maxsize=None)
def _symbols(kernel, modified):
    with open(kernel, "rb") as stream:
        data = stream.read()
    nm = subprocess.run(["riscv64-unknown-elf-nm" if data[18] == 243 else "arm-none-eabi-nm", kernel],
                        check=True, capture_output=True, text=True).stdout
    return {line.split()[2]: int(line.split()[0], 16) for line in nm.splitlines() if len(line.split()) == 3}


_DEVICES = {  # serial port, timer, interrupt controller, what ends or resets, the value that does
    "riscv": (0x10000000, 0x02004000, 0x0C000000, 0x00100000, 0x5555),
    "armv7m": (0x40004000, 0x40002000, 0xE000E100, 0xE000ED0C, 0x05FA0004),
    "armv8m": (0x50200000, 0x50002000, 0xE000E100, 0xE000ED0C, 0x05FA0004),
}
_WITNESS_RAM_ALIGN = 4096


def _given(column, name, parameter):
    """struct given, hostile.h."""
    symbol = _symbols(column.kernel, os.path.getmtime(column.kernel))
    kind = next(k for k in _DEVICES if k in column.capabilities)
    uart, timer, controller, end, value = _DEVICES[kind]
    ram = 0x80300000
    if kind != "riscv":
        ram = symbol["linker_app_ram_start"]
        ram += -ram % _WITNESS_RAM_ALIGN
    words = [symbol[f"linker_{n}"] for n in ("text_start", "rodata_start", "data_start", "bss_start",
                                            "stack_start", "stack_end")]
    words += [boards.load(column.board).app_start, ram, uart, timer, controller, end, parameter or value]
    return MAGIC + name.encode().ljust(NAME_SIZE, b"\0") + struct.pack(f"<{len(words)}I", *words)


def application(column, place, name, source, function=None, parameter=0, ram=None, **options):
    """The TBF of one application, for a place of a board. `options` are those of the packer."""
    with _LOCK:
        path = elf(cpu_of(column), source, function, place, ram)
    with open(path, "rb") as stream:
        data = stream.read()
    options = {"app_heap": 2048, "kernel_heap": 1024, "kernel": (2, 0), **options}
    made = convert.elf_to_tbf(Elf(data, path), convert.Options(name=name.encode(), **options)).data
    given = _given(column, name, parameter)
    at = made.find(MAGIC)
    if at >= 0:
        made = made[:at] + given + made[at + len(given):]
    target = boards.load(column.board)
    size = len(made)
    if target.placement == "sequential":
        size += -size % max(target.page, _EMULATED_PAGE)
    else:
        size = max(1 << (size - 1).bit_length(), target.page)
    return made if size == len(made) else grow(Tbf(made), size)


def _with_code_in_footers(data, cpu):
    """Its last eight bytes: an instruction that returns, and a mark. Nothing ever looks into a reserved footer."""
    return data[:-8] + struct.pack("<II", 0x00008067 if cpu == "riscv" else 0x47704770, _FOOTER_MARK)


def witness(column, place=0):
    """The honest neighbour."""
    anywhere = 0xA11A11 if place else 0
    return application(column, place, "witness", "tests/hostile/witness.c", parameter=anywhere)


def attacker(column, attack, place=1, name=None, **options):
    """An attack as an application."""
    if attack.name in _IN_FOOTERS:
        options["minimum_footer_size"] = 64
    made = application(column, place, name or attack.name, f"tests/hostile/attacks/{attack.source}.c",
                       attack.function, attack.parameter, **options)
    return _with_code_in_footers(made, cpu_of(column)) if attack.name in _IN_FOOTERS else made


def role(column, place, function, name=None, parameter=1, **options):
    """A process with a part in another test: roles/roles.c."""
    return application(column, place, name or function, "tests/hostile/roles/roles.c", function, parameter,
                       **options)


def find(name):
    """The attack of that name."""
    return next(a for a in attacks() if a.name == name)


@functools.lru_cache(maxsize=None)
def kernel(name, board):
    """A kernel with other policies or another scheduler (make/hostile.mk), built if need be."""
    with _LOCK:
        path = os.path.join(OUT, "kernels", board, name + ".elf")
        _run(["make", "--no-print-directory", "-s", "-f", "Makefile", "-f", "make/hostile.mk",
              f"BOARD={board}", os.path.relpath(path, ROOT)])
        return path


def build_all():
    """Links everything; placing needs a kernel and is left to the tests."""
    for cpu in CPUS:
        elf(cpu, "tests/hostile/witness.c", None, 0)
        for attack in attacks():
            if cpu in attack.cpus:
                elf(cpu, f"tests/hostile/attacks/{attack.source}.c", attack.function, 1)


_HOW = {FAULTS: "fault", ENDS: "end, every answer right", EITHER: "fault or end", GOES_ON: "not end"}


def table():
    """The rows of docs/hostile.md."""
    lines = ["| attack | what it does | must | boards |", "| --- | --- | --- | --- |"]
    for attack in attacks():
        lines.append(f"| `{attack.name}` | {attack.text} | {_HOW[attack.end]} | {attack.needs or 'all'} |")
    return "\n".join(lines)


def write_docs():
    """Replaces what follows the mark."""
    path = os.path.join(ROOT, "docs", "hostile.md")
    mark = "<!-- made by tests/hostile/suite.py --docs -->\n"
    with open(path, encoding="utf-8") as stream:
        text = stream.read()
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(text[:text.index(mark)] + mark + "\n" + table() + "\n")


if __name__ == "__main__":
    if sys.argv[1:] == ["--list"]:
        for each in attacks():
            print(f"{each.name:32} {each.end:8} {each.text}")
    elif sys.argv[1:] == ["--docs"]:
        write_docs()
    elif sys.argv[1:]:
        sys.exit(__doc__)
    else:
        build_all()
