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

APP = os.path.join(ROOT, "build", "apps", "bench_trace", "bench_trace.tab")
LIMIT_S = 240
# What is given up: an instruction whose block QEMU left again before it was executed.
_TAKEN_BACK = ("cpu_io_recompile", "Stopped execution")


class BenchError(Exception):
    """The bench could not measure; the text says why."""


class Trace:
    """The executed instructions of one run, condensed.

    `runs` is a list of (address, count): an application's instruction just before the kernel was
    entered (0 for reset), the kernel's instructions, and the application's next one.
    """

    def __init__(self, board):
        self._start = board.app_start
        self._end = board.app_start + board.app_size
        self._reset = None
        self.runs = []

    def read(self, stream, kernel_entry):
        """Takes the log's lines until its end. `kernel_entry` is the kernel's first instruction."""
        start, end, runs = self._start, self._end, self.runs
        last_app, count, began, in_kernel = 0, 0, False, True
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
                    in_kernel = False
                last_app = pc
                continue
            if not began:
                began = pc == kernel_entry
                count = 0
            if not in_kernel:
                in_kernel, count = True, 0
            count += 1

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


def record(column, processes):
    """Runs the bench application `processes` times at once; returns (trace, places), places being
    one {name: address} for each process."""
    board = boards.load(column.board)
    trace = Trace(board)
    with tempfile.TemporaryDirectory(prefix="detent-bench-") as folder:
        pipe = os.path.join(folder, "log")
        os.mkfifo(pipe)
        arguments = [os.path.join(ROOT, "detent"), "run", "--board", column.board, "--icount",
                     "--timeout", str(LIMIT_S), f"--qemu-arg={_one_at_a_time(board)} -d exec,nochain -D {pipe}"]
        arguments += column.options + ["--app", APP] * processes + ["--expect", "trace: done"] * processes
        said = _run(arguments, trace, pipe, _entry(column.kernel))
    return trace, _places(said, processes)


def _one_at_a_time(board):
    binary = board.qemu("binary")
    return "-singlestep" if qemu.version(binary) < (8, 1) else "-accel tcg,one-insn-per-tb=on"


def _run(arguments, trace, pipe, entry):
    # Open for reading at once, so that QEMU's start does not wait for a reader, nor a reader for QEMU.
    log = os.fdopen(os.open(pipe, os.O_RDONLY | os.O_NONBLOCK), encoding="ascii", errors="replace")
    os.set_blocking(log.fileno(), True)
    hold = os.open(pipe, os.O_WRONLY)
    failure = []

    def read():
        try:
            trace.read(log, entry)
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


def _entry(kernel):
    from elftools.elf.elffile import ELFFile
    with open(kernel, "rb") as stream:
        return ELFFile(stream).header["e_entry"] & ~1


def _places(said, processes):
    places = []
    for name, address in re.findall(r"trace: at (\w+) (0x[0-9a-f]{8})", said):
        # One process's lines come in order; two processes' lines may be mixed.
        home = next((p for p in places if name not in p and _same(p, int(address, 16))), None)
        if home is None:
            home = {}
            places.append(home)
        home[name] = int(address, 16)
    if len(places) != processes or any("upcall" not in p for p in places):
        raise BenchError("the application did not say where its calls are")
    return places


def _same(place, address):
    return all(abs(address - other) < 0x1000 for other in place.values())
