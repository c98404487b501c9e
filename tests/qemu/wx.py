# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What protects the kernel from itself, where the hardware can: it cannot execute data or
applications, and cannot write to its code. gdb sends the idle kernel to do so."""
from elftools.elf.elffile import ELFFile

from lib.emulator import Test, expect, play
from lib.gdb import Gdb
from lib.jobs import Failed


def symbol(column, name):
    """The address of a symbol of the kernel."""
    with open(column.kernel, "rb") as stream:
        found = ELFFile(stream).get_section_by_name(".symtab").get_symbol_by_name(name)
        return found[0]["st_value"] & ~1


def send_kernel(console, **registers):
    """The kernel goes on with these registers."""
    machine = Gdb(console.gdb_path, "riscv" if "riscv" in console.column.capabilities else "arm")
    machine.set(**registers)
    machine.go_on()
    try:
        console.type(b"\r")  # ends the idle processor's sleep
    except Failed:  # it did not sleep, and QEMU has ended with the panic that is expected next
        pass


def execute_data(console):
    """The kernel's next instruction is in its data."""
    send_kernel(console, pc=symbol(console.column, "processes"))


def execute_application(console):
    """The kernel's next instruction is in the first application's flash."""
    send_kernel(console, pc=symbol(console.column, "linker_apps_start") + 0x100)


def write_code(console):
    """The kernel calls memset() for its own code."""
    send_kernel(console, pc=symbol(console.column, "memset"), a0=symbol(console.column, "kernel_next"),
                a1=0, a2=64)


def refused(name, function, fault, needs="kernel-wx"):
    """The kernel does not get away with it."""
    return Test(name, apps=("hello",), needs=needs + " process-console", gdb=True, forbid=(),
                steps=[expect("Hello from a process!"), play(function),
                       expect("kernel panic: ", fault)])


FETCH = "instruction access fault|memory that it may not execute"
STORE = "store access fault|it was refused a data access"

TESTS = [
    refused("wx-execute-data", execute_data, FETCH),
    refused("wx-write-code", write_code, STORE),
    # On Arm the flash of the running application is executable for the kernel too.
    refused("wx-execute-application", execute_application, FETCH, "smepmp"),
]
