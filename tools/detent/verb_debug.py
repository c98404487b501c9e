# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`detent debug`: QEMU under gdb, with the symbols of the kernel and of every application in place."""
import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import time

from . import ROOT, board, qemu
from .args import Parser, number, seconds, words
from .console import warn
from .elf import SHF_ALLOC, EM_RISCV, Elf
from .errors import EXIT_FAILURE, EXIT_OK, ToolError
from .files import in_memory, read_file, write_file
from .verb_image import place
from .verb_run import find_kernel

EXAMPLES = [
    "detent debug --board qemu-rv32-virt --app hello.tab",
    "detent debug --board mps2-an386 --app hello.tab --batch 'break main' --batch continue --batch bt",
]
DESCRIPTION = """Boots the kernel in QEMU and starts gdb-multiarch on it, stopped at the first
instruction. The ELF file of an application is looked for beside its TAB or TBF. Where an application
runs at any address, its variables have addresses from its start on."""
GDBS = ("gdb-multiarch", "gdb")
_RISCV_RAM_ALIGN = 16
_PIC_FLASH = 0x80000000


def main(argv):
    """Runs the verb."""
    options = _parse(argv)
    target = board.load(options.board)
    kernel = os.path.abspath(find_kernel(options.kernel, target))
    gdb = None if options.server else _find_gdb()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    placed, image = _image(target, options)
    port = options.port or _free_port()
    script = "\n".join(_setup(placed)) + "\n"
    emulator = _start(target, kernel, image, options, port)
    try:
        if options.server:
            return _serve(options, script, port, emulator)
        return _debug([gdb, kernel], script, port, options)
    finally:
        qemu.kill(emulator)


def _parse(argv):
    parser = Parser("debug", DESCRIPTION, EXAMPLES)
    add = parser.add_argument
    add("--board", required=True, help="a board's name, or its folder with a slash")
    add("--app", action="append", default=[], metavar="FILE", help="a .tbf or .tab file; repeatable")
    add("--kernel", metavar="ELF", help="default: build/BOARD/kernel.elf")
    add("--batch", action="append", metavar="COMMAND",
        help="run these gdb commands in this order and end; repeatable")
    add("--timeout", type=seconds, default=60.0, metavar="S", help="for --batch (default 60)")
    add("--server", action="store_true", help="no gdb: wait for one at --port, as editors want it")
    add("--port", type=number(16), metavar="PORT", help="default: a free one")
    add("--script", metavar="FILE", help="with --server: where to write the gdb commands that load the symbols")
    add("--flash", metavar="FILE", help="what keeps the board's flash over runs, as for detent run")
    add("--smepmp", choices=("on", "off", "auto"), default="auto")
    add("--qemu-arg", type=words, action="append", default=[], metavar="ARGS", help="more arguments for QEMU")
    options = parser.parse_args(argv)
    if options.server and options.batch:
        parser.error("--batch needs gdb, which --server leaves out")
    return options


def _find_gdb():
    for name in GDBS:
        if shutil.which(name):
            return name
    raise ToolError("gdb-multiarch is not installed; run: apt-get install gdb-multiarch")


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _image(target, options):
    if not options.app:
        return [], None
    result, remarks = place(target, options.app)
    for text in remarks:
        warn(text)
    return result.placed, in_memory("apps.bin", result.image())


def _start(target, kernel, image, options, port):
    settings = argparse.Namespace(smepmp=options.smepmp, icount=False, gdb=port, qemu_arg=options.qemu_arg,
                                  serial=[], live=False, log=None, flash=options.flash)
    arguments = qemu.command(target, kernel, image, settings)
    # Ctrl-C is for gdb alone.
    process = qemu.start(arguments, stdin=subprocess.DEVNULL, start_new_session=True)
    _wait_for(port, process)
    return process


def _wait_for(port, process):
    """Until QEMU listens. Looking at /proc does not take the one connection that it answers."""
    wanted = f"0100007F:{port:04X} 00000000:0000 0A"
    for _ in range(600):
        if process.poll() is not None:
            raise ToolError("QEMU ended at once; see what it says above")
        with open("/proc/net/tcp", encoding="ascii") as stream:
            if wanted in stream.read():
                return
        time.sleep(0.1)
    qemu.kill(process)
    raise ToolError("QEMU does not wait for gdb")


# ---- symbols ----

def _setup(placed):
    # File names in the symbols are relative to Detent's folder or the application's.
    lines = ["set confirm off", "set pagination off", "set width 0", f"directory {ROOT}:{os.getcwd()}"]
    for candidate in placed:
        if not candidate.raw:
            lines += _symbols(candidate)
    return lines


def _symbols(candidate):
    path = _elf_of(candidate.label)
    if path is None:
        warn(f"{candidate.label}: no ELF file of this name beside it; no symbols")
        return []
    if candidate.fixed_start is not None:
        return [f"add-symbol-file {path}"]
    elf = Elf(read_file(path), path)
    code = candidate.start + candidate.tbf.header_size + candidate.tbf.run_info["protected_size"]
    slide = code - _PIC_FLASH
    entry = candidate.start + candidate.tbf.header_size + candidate.tbf.run_info["init_fn_offset"] & ~1
    ram = "$r1"
    if elf.machine == EM_RISCV:
        ram = f"(($a1 + {_RISCV_RAM_ALIGN - 1}) & ~{_RISCV_RAM_ALIGN - 1})"
    # Where its RAM is shows when it starts.
    return [f"add-symbol-file {path} -o {slide:#x}", f"tbreak *{entry:#x}", "commands", "silent",
            f"remove-symbol-file {path}", f"add-symbol-file {path} " + _sections(elf, slide, ram),
            "continue", "end"]


def _sections(elf, slide, ram):
    stack = elf.section(".stack")
    ram_origin = stack.addr if stack else 0
    out = []
    for section in elf.sections:
        if not section.flags & SHF_ALLOC or section.size == 0:
            continue
        if section.addr >= _PIC_FLASH:
            out.append(f"-s {section.name} {section.addr + slide:#x}")
        else:
            out.append(f"-s {section.name} {ram}+{section.addr - ram_origin:#x}".replace(" + ", "+").replace(" & ", "&"))
    return " ".join(out)


def _elf_of(label):
    """The ELF file that a candidate was packed from, or None. A label is `path` or `path.tab:name`."""
    path = label
    if not os.path.isfile(path):
        path, _, member = label.rpartition(":")
        path = os.path.join(os.path.dirname(path), member)
    else:
        path = os.path.splitext(path)[0]
    return os.path.abspath(path + ".elf") if os.path.isfile(path + ".elf") else None


# ---- running ----

def _serve(options, script, port, emulator):
    if options.script:
        write_file(options.script, script.encode())
    print(f"waiting for gdb at 127.0.0.1:{port}" + (f"; source {options.script}" if options.script else ""),
          flush=True)
    code = emulator.wait()
    return EXIT_OK if code >= 0 else EXIT_FAILURE


def _debug(command, script, port, options):
    script += f"target remote 127.0.0.1:{port}\n"
    if options.batch:
        script += "\n".join(options.batch) + "\n"
    command += ["-q", "-nx", "-x", in_memory("debug.gdb", script.encode())]
    if not options.batch:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        return subprocess.run(command, check=False).returncode
    try:
        done = subprocess.run(command + ["-batch"], check=False, stdin=subprocess.DEVNULL,
                              stderr=subprocess.STDOUT, timeout=options.timeout)
    except subprocess.TimeoutExpired:
        raise ToolError(f"gdb was not done after {options.timeout:g} s; did a breakpoint not come?") from None
    return done.returncode
