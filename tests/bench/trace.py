# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Counts kernel instructions in QEMU's log of executed ones.

QEMU runs with one instruction a translation block and `-d exec,nochain`: a line an instruction, with
its address. The application tells where its traps are; all that runs outside of the application
region between a trap and the next instruction of an application is the kernel.
"""
import os
import re
import subprocess
import sys
import tempfile
import threading

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tools"))

from detent import board as boards  # noqa: E402
from detent import qemu  # noqa: E402

def app(name):
    """The TAB of a bench application."""
    return os.path.join(ROOT, "build", "apps", name, name + ".tab")


LIMIT_S = 240
# What is given up: an instruction whose block QEMU left again before it was executed.
_TAKEN_BACK = ("cpu_io_recompile", "Stopped execution")


class BenchError(Exception):
    """The bench could not measure; the text says why."""


class Kernel:
    """Where a kernel's code has what the counting looks for, from its ELF file.

    `marks` is {address: what}: VECTOR is the first instruction of an interrupt, SLOW the first that
    only interrupts and faults come to (where system calls have the same vector), WAIT the instruction
    that waits for an interrupt, HANDLER the first of the timer's driver, OTHER that of another one.
    """
    VECTOR, SLOW, WAIT, HANDLER, OTHER = range(5)
    _SYMBOLS = {"trap_entry": VECTOR, "arm_interrupt_entry": VECTOR, "trap_slow": SLOW,
                "clint_interrupt": HANDLER, "cmsdk_dualtimer_interrupt": HANDLER,
                "uart16550_interrupt": OTHER, "cmsdk_uart_interrupt": OTHER}
    _WAIT_OPCODES = (b"\x73\x00\x50\x10", b"\x30\xbf")  # wfi: RISC-V, Thumb

    def __init__(self, path):
        from elftools.elf.elffile import ELFFile
        with open(path, "rb") as stream:
            elf = ELFFile(stream)
            self.entry = elf.header["e_entry"] & ~1
            symbols = elf.get_section_by_name(".symtab")
            self.marks = {symbol["st_value"] & ~1: self._SYMBOLS[symbol.name]
                          for symbol in symbols.iter_symbols() if symbol.name in self._SYMBOLS}
            self.marks[self._wait(elf, symbols)] = self.WAIT
        self.shares_vector = self.SLOW in self.marks.values()
        if not {self.VECTOR, self.HANDLER} <= set(self.marks.values()):
            raise BenchError(f"{path} has no interrupt vector or no timer driver that the bench knows")

    def _wait(self, elf, symbols):
        idle = symbols.get_symbol_by_name("arch_idle")[0]
        start = idle["st_value"] & ~1
        section = elf.get_section(idle["st_shndx"])
        at = start - section["sh_addr"]
        code = section.data()[at:at + idle["st_size"]]
        for opcode in self._WAIT_OPCODES:
            if opcode in code:
                return start + code.index(opcode)
        raise BenchError("arch_idle() does not wait for an interrupt")


class Interrupt:
    """How far one run of kernel instructions has come from an interrupt to the timer's driver."""

    def __init__(self, shares_vector):
        self._shares_vector = shares_vector
        self.begin()

    def begin(self):
        """The kernel is entered."""
        self.start = self.handler = None
        self.from_vector = self._sure = False

    def mark(self, what, count):
        """The kernel comes to a marked place after `count` instructions."""
        if what == Kernel.VECTOR and (count == 0 or self._shares_vector):
            # Of one that system calls share, the latest: an interrupt may follow a call at once.
            self.start, self.from_vector, self._sure = count, True, not self._shares_vector
        elif what == Kernel.SLOW:
            self._sure = True
        elif what == Kernel.WAIT:
            self.start, self.from_vector, self._sure = count + 1, False, True
        elif what == Kernel.OTHER:
            self._sure = False
        elif what == Kernel.HANDLER and self._sure and self.handler is None:
            self.handler = count


class Trace:
    """The executed instructions of one run, condensed.

    `runs` is a list of (address, count): an application's instruction just before the kernel was
    entered (0 for reset), the kernel's instructions, and the application's next one.
    `interrupts` has those with a timer interrupt, as (whether the vector was taken, instructions to
    the driver, instructions to the application, its address).
    """

    def __init__(self, board):
        self._start = board.app_start
        self._end = board.app_start + board.app_size
        self.runs = []
        self.interrupts = []

    def read(self, stream, kernel):
        """Takes the log's lines until its end."""
        start, end, runs, marks = self._start, self._end, self.runs, kernel.marks
        last_app, count, began, in_kernel = 0, 0, False, True
        interrupt = Interrupt(kernel.shares_vector)
        for line in stream:
            if not line.startswith("Trace"):
                if in_kernel and line.startswith(_TAKEN_BACK):
                    count -= 1
                continue
            at = line.index("/") + 1
            pc = int(line[at:at + 8], 16)
            if start <= pc < end:
                if in_kernel:
                    runs.append((last_app, count, pc))
                    if interrupt.handler is not None:
                        self._keep(interrupt, count, pc)
                    in_kernel = False
                last_app = pc
                continue
            if not began:
                began = pc == kernel.entry
                count = 0
            if not in_kernel:
                in_kernel, count = True, 0
                interrupt.begin()
            if pc in marks:
                interrupt.mark(marks[pc], count)
            count += 1

    def _keep(self, interrupt, count, after):
        self.interrupts.append((interrupt.from_vector, interrupt.handler - interrupt.start,
                                count - interrupt.start, after))

    def top_halves(self):
        """Instructions from an interrupt's vector, or from the end of waiting, to the driver."""
        return [to_driver for _, to_driver, _, _ in self.interrupts]

    def upcalls(self, places):
        """Instructions from there to the first one of the upcall that came of it."""
        upcalls = {place["upcall"] for place in places}
        return [total for _, _, total, after in self.interrupts if after in upcalls]

    def returns(self, places):
        """Instructions of an interrupt that made an upcall pending and went back to what it interrupted."""
        upcalls = {place["upcall"] for place in places}
        return [total for from_vector, _, total, after in self.interrupts if from_vector and after not in upcalls]

    def reset_to_app(self):
        """Instructions from the kernel's first one to the first one of an application."""
        return self.runs[0][1]

    def calls(self, trap):
        """Kernel instructions of each call that came back to the instruction after the trap."""
        return [count for before, count, after in self.runs if before == trap and trap < after <= trap + 4]

    def alarms(self, set_trap, wait_trap, upcall):
        """Kernel instructions from setting an alarm to the upcall's first instruction."""
        out, total, waiting = [], 0, False
        for before, count, after in self.runs:
            if before == set_trap:
                total, waiting = 0, True
            total += count
            if waiting and before == wait_trap:
                waiting = False
                if after == upcall:
                    out.append(total)
        return out

    def journeys(self, trap, end):
        """Kernel instructions, of all processes, from each trap to the next time that `end` is reached."""
        out, total = [], None
        for before, count, after in self.runs:
            if before == trap:
                total = 0
            if total is None:
                continue
            total += count
            if after == end:
                out.append(total)
                total = None
        return out

    def switches(self, places):
        """Kernel instructions from one application's yield-wait to the other's upcall, where an
        interrupt had made that upcall pending before, so that nothing was waited for."""
        pairs = {(one["yield_wait"], other["upcall"]) for one in places for other in places
                 if one is not other}
        out, interrupted = [], False
        for before, count, after in self.runs:
            if before == after:
                interrupted = True
            elif (before, after) in pairs:
                if interrupted:
                    out.append(count)
                interrupted = False
        return out


def record(column, processes, name="bench_trace"):
    """Runs a bench application `processes` times at once; returns (trace, places), places being
    one {name: address} for each process."""
    board = boards.load(column.board)
    trace = Trace(board)
    with tempfile.TemporaryDirectory(prefix="detent-bench-") as folder:
        pipe = os.path.join(folder, "log")
        os.mkfifo(pipe)
        arguments = [os.path.join(ROOT, "detent"), "run", "--board", column.board, "--icount",
                     "--timeout", str(LIMIT_S), f"--qemu-arg={_one_at_a_time(board)} -d exec,nochain -D {pipe}"]
        arguments += column.options + ["--app", app(name)] * processes + ["--expect", "trace: done"] * processes
        said = _run(arguments, trace, pipe, Kernel(column.kernel))
    return trace, _places(said, processes)


def _one_at_a_time(board):
    binary = board.qemu("binary")
    return "-singlestep" if qemu.version(binary) < (8, 1) else "-accel tcg,one-insn-per-tb=on"


def _run(arguments, trace, pipe, kernel):
    # Open for reading at once, so that QEMU's start does not wait for a reader, nor a reader for QEMU.
    log = os.fdopen(os.open(pipe, os.O_RDONLY | os.O_NONBLOCK), encoding="ascii", errors="replace")
    os.set_blocking(log.fileno(), True)
    hold = os.open(pipe, os.O_WRONLY)
    failure = []

    def read():
        try:
            trace.read(log, kernel)
        except ValueError as error:
            failure.append(error)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    done = subprocess.run(arguments, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    os.close(hold)
    reader.join()
    log.close()
    if failure:
        raise BenchError(f"QEMU's log of instructions cannot be read: {failure[0]}")
    if done.returncode != 0:
        raise BenchError(done.stderr.decode("utf-8", "replace").strip().splitlines()[-1])
    return done.stdout.decode("utf-8", "replace")


def _places(said, processes):
    places = []
    for name, address in re.findall(r"trace: at (\w+) (0x[0-9a-f]{8})", said):
        # One process's lines come in order; two processes' lines may be mixed.
        home = next((p for p in places if name not in p and _same(p, int(address, 16))), None)
        if home is None:
            home = {}
            places.append(home)
        home[name] = int(address, 16)
    if len(places) != processes:
        raise BenchError("the application did not say where its calls are")
    return places


def _same(place, address):
    return all(abs(address - other) < 0x1000 for other in place.values())
