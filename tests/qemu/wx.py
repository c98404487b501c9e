# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What protects the kernel from itself, where the hardware can: it cannot execute data or
applications, and cannot write to its code. gdb sends the idle kernel to do so."""
from elftools.elf.elffile import ELFFile

from lib.emulator import Test, expect, play
from lib.gdb import Gdb


def symbol(column, name):
    """The address of a symbol of the kernel."""
    with open(column.kernel, "rb") as stream:
        found = ELFFile(stream).get_section_by_name(".symtab").get_symbol_by_name(name)
        return found[0]["st_value"] & ~1


def gdb(console):
    """A connection to the machine."""
    return Gdb(console.gdb_path, "riscv" if "riscv" in console.column.capabilities else "arm")


def execute_data(console):
    """The kernel's next instruction is in its data."""
    machine = gdb(console)
    machine.set(pc=symbol(console.column, "processes"))
    machine.go_on()


def execute_application(console):
    """The kernel's next instruction is in the first application's flash."""
    machine = gdb(console)
    machine.set(pc=symbol(console.column, "linker_apps_start") + 0x100)
    machine.go_on()


def write_code(console):
    """The kernel calls memset() for its own code."""
    machine = gdb(console)
    machine.set(pc=symbol(console.column, "memset"), a0=symbol(console.column, "kernel_next"), a1=0, a2=64)
    machine.go_on()


def refused(name, function):
    """The kernel does not get away with it."""
    return Test(name, apps=("hello",), needs="kernel-wx process-console", gdb=True, forbid=(),
                steps=[expect("Hello from a process!", r"detent\$ |$"), play(function),
                       expect(r"kernel panic: ")])


TESTS = [
    refused("wx-execute-data", execute_data),
    refused("wx-execute-application", execute_application),
    refused("wx-write-code", write_code),
]
