# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`detent trace`: what a kernel built with TRACE=1 recorded, as a file that Perfetto opens."""
import json
import os
import struct
import subprocess
import sys
import tempfile

from . import ROOT
from .args import Parser, seconds
from .console import show_lines
from .errors import EXIT_OK, ToolError
from .files import read_file

EXAMPLES = [
    "make TRACE=1 BOARD=qemu-rv32-virt build/qemu-rv32-virt-trace/kernel.elf",
    "detent trace --board qemu-rv32-virt --app hello.tab --app blink.tab --for 5 -o trace.json",
    "detent trace detent-trace.bin -o trace.json",
]
DESCRIPTION = """Turns a trace into JSON (Trace Event Format) for https://ui.perfetto.dev or
chrome://tracing: one track a process, named, and one for interrupts. With --board it runs the traced
kernel of that board in QEMU first; the stream comes out by semihosting."""

# abi/include/abi/trace.h
MAGIC = 0x31544444
HEADER = struct.Struct("<II")
RECORD = struct.Struct("<IBBHI")
(SYSCALL, UPCALL, SWITCH, IDLE, INTERRUPTS, INTERRUPTS_END, FAULT, GRANT, NAME, END, LOST) = range(1, 12)
NO_SLOT = 255
KERNEL_TRACK = 1000
STREAM = "detent-trace.bin"
CLASSES = ("yield", "subscribe", "command", "allow-rw", "allow-ro", "memop", "exit", "allow-ur")
STATES = {5: "faulted", 6: "terminated"}


def main(argv):
    """Runs the verb."""
    parser = Parser("trace", DESCRIPTION, EXAMPLES)
    parser.add_argument("file", nargs="?", metavar="BIN", help="a stream recorded before")
    parser.add_argument("--board", help="record one: run build/BOARD-trace/kernel.elf")
    parser.add_argument("--app", action="append", default=[], metavar="FILE")
    parser.add_argument("--for", type=seconds, dest="show_for", default=5.0, metavar="S")
    parser.add_argument("-o", "--output", required=True, metavar="JSON")
    options = parser.parse_args(argv)
    if (options.file is None) == (options.board is None):
        parser.error("give either a recorded stream or --board")
    data = read_file(options.file) if options.file else record(options)
    events, summary = convert(data, options.file or "the trace")
    with open(options.output, "w", encoding="utf-8") as stream:
        json.dump({"traceEvents": events, "displayTimeUnit": "ns"}, stream)
    show_lines([f"{options.output}: {summary}"])
    return EXIT_OK


def record(options):
    """Runs QEMU in a folder of its own and returns the stream it left there."""
    kernel = os.path.join(ROOT, "build", f"{options.board}-trace", "kernel.elf")
    if not os.path.isfile(kernel):
        raise ToolError(f"{os.path.relpath(kernel)} is missing; run: make TRACE=1 "
                        f"BOARD={options.board} build/{options.board}-trace/kernel.elf")
    command = [os.path.join(ROOT, "detent"), "run", "--board", options.board, "--kernel", kernel,
               "--qemu-arg=-semihosting-config enable=on,target=native", "--for", str(options.show_for)]
    for app in options.app:
        command += ["--app", os.path.abspath(app)]
    with tempfile.TemporaryDirectory(prefix="detent-trace-") as folder:
        done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=sys.stderr.buffer,
                              check=False)
        path = os.path.join(folder, STREAM)
        if not os.path.isfile(path):
            raise ToolError(f"the kernel wrote no trace (detent run ended with {done.returncode})")
        return read_file(path)


class Track:
    """The slices and instants of one process."""

    def __init__(self, slot):
        self.slot = slot
        self.name = ""

    def label(self):
        return f"{self.name or 'process'} (slot {self.slot})"


class Converter:
    """Walks the records; time is unwrapped to microseconds."""

    def __init__(self, clock_hz):
        self.hz = clock_hz
        self.events = []
        self.tracks = {}
        self.running = None  # (slot, since)
        self.interrupted = None
        self.last = self.high = 0
        self.lost = 0

    def time(self, ticks):
        if ticks < self.last:
            self.high += 1 << 32
        self.last = ticks
        return (self.high + ticks) * 1e6 / self.hz

    def track(self, slot):
        return self.tracks.setdefault(slot, Track(slot))

    def slice(self, name, tid, since, until):
        self.events.append({"ph": "X", "name": name, "pid": 1, "tid": tid, "ts": since,
                            "dur": max(until - since, 0.001)})

    def instant(self, name, slot, now, **arguments):
        self.events.append({"ph": "i", "s": "t", "name": name, "pid": 1, "ts": now,
                            "tid": KERNEL_TRACK if slot == NO_SLOT else slot, "args": arguments})

    def stop_running(self, now):
        if self.running:
            slot, since = self.running
            self.slice("runs", slot, since, now)
        self.running = None

    def feed(self, ticks, event, slot, a, b):
        now = self.time(ticks)
        if slot != NO_SLOT:
            self.track(slot)
        if event == NAME:
            track = self.track(slot)
            text = b.to_bytes(4, "little").rstrip(b"\0").decode("utf-8", "replace")
            track.name = (track.name if a else "") + text
        elif event == SWITCH:
            self.stop_running(now)
            self.running = (slot, now)
        elif event == IDLE:
            self.stop_running(now)
        elif event == INTERRUPTS:
            self.interrupted = now
        elif event == INTERRUPTS_END and self.interrupted is not None:
            self.slice("interrupts", KERNEL_TRACK, self.interrupted, now)
            self.interrupted = None
        elif event == SYSCALL:
            number = a >> 12
            name = CLASSES[number] if number < len(CLASSES) else f"class {number}"
            self.instant(f"{name} 0x{b:x}, {a & 0xFFF}", slot, now)
        elif event == UPCALL:
            self.instant(f"upcall {a} of driver {b}", slot, now)
        elif event == FAULT:
            self.instant("fault", slot, now, pc=f"0x{b:08x}")
        elif event == GRANT:
            self.instant(f"grant of driver {a}", slot, now, bytes=b)
        elif event == END:
            self.instant(f"life ends: {STATES.get(a, a)}", slot, now)
        elif event == LOST:
            self.lost += b

    def finish(self):
        self.stop_running((self.high + self.last) * 1e6 / self.hz)
        names = [(slot, track.label()) for slot, track in sorted(self.tracks.items())]
        names.append((KERNEL_TRACK, "kernel: interrupts"))
        meta = [{"ph": "M", "name": "process_name", "pid": 1, "args": {"name": "Detent"}}]
        meta += [{"ph": "M", "name": "thread_name", "pid": 1, "tid": tid, "args": {"name": name}}
                 for tid, name in names]
        return meta + self.events


def convert(data, name):
    """(events, one line about them) of a stream."""
    if len(data) < HEADER.size or HEADER.unpack_from(data)[0] != MAGIC:
        raise ToolError(f"{name}: not a Detent trace; record one with detent trace --board")
    hz = HEADER.unpack_from(data)[1]
    if hz == 0:
        raise ToolError(f"{name}: damaged, its clock rate is 0; record it again")
    converter = Converter(hz)
    whole = HEADER.size + (len(data) - HEADER.size) // RECORD.size * RECORD.size
    for offset in range(HEADER.size, whole, RECORD.size):
        converter.feed(*RECORD.unpack_from(data, offset))
    count = (whole - HEADER.size) // RECORD.size
    cut = "" if whole == len(data) else f", {len(data) - whole} bytes of a cut record left out"
    lost = f", {converter.lost} lost" if converter.lost else ""
    return converter.finish(), f"{count} records of {len(converter.tracks)} processes{lost}{cut}"
