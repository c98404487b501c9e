# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`detent monitor`: a console on a serial port, a pseudo terminal or a TCP socket."""
import errno
import glob
import os
import re
import select
import socket
import sys
import termios
import time
import tty

from . import ROOT, qemu, symbols
from .args import Parser, number, seconds, words
from .errors import EXIT_OK, ToolError
from .session import open_log

EXAMPLES = [
    "detent monitor --port /dev/ttyACM0",
    "detent monitor --port /dev/ttyUSB0 --baud 9600 --timestamps --log console.txt",
    "detent monitor --tcp localhost:4444",
    "detent monitor --port /dev/ttyACM0 --elf build/hifive1b/kernel.elf --elf app.elf",
    "detent monitor --timestamps --run '--board qemu-rv32-virt --app hello.tab'",
]
DESCRIPTION = """Shows a console and types what you type. Ctrl-A X ends it; Ctrl-A A types Ctrl-A.
With --run it starts `detent run` with these arguments and ends QEMU at its own end."""
ESCAPE = 1  # Ctrl-A
_CHUNK = 4096
_ENDING_S = 10  # from the end of QEMU's terminal to the end of `detent run`


def main(argv):
    """Runs the verb."""
    parser = Parser("monitor", DESCRIPTION, EXAMPLES)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--port", metavar="DEVICE", help="serial port or pseudo terminal")
    where.add_argument("--tcp", metavar="HOST:PORT", help="a socket with the console behind it")
    where.add_argument("--run", type=words, metavar="ARGS", help="a QEMU that `detent run ARGS` starts")
    parser.add_argument("--baud", type=number(32), default=115200)
    parser.add_argument("--timestamps", action="store_true", help="the time before every line")
    parser.add_argument("--log", metavar="FILE", help="also write the console to FILE")
    parser.add_argument("--for", type=seconds, dest="show_for", metavar="S", help="end after S seconds")
    parser.add_argument("--elf", action="append", default=[], metavar="ELF",
                        help="name the addresses of this kernel or application as they scroll by")
    options = parser.parse_args(argv)
    options.programs = [symbols.Program(path) for path in options.elf]
    process = None
    if options.run is not None:
        process, line = _start(options.run)
    else:
        line = open_tcp(options.tcp) if options.tcp else open_port(options.port, options.baud)
    log = None
    try:
        log = open_log(options.log)
        if _Monitor(line, options, log).run() and process is not None:
            process.wait(_ENDING_S)
    finally:
        os.close(line)
        if log is not None:
            log.close()
        if process is not None:
            qemu.kill(process)
    return EXIT_OK if process is None or process.returncode <= 0 else process.returncode


def _start(arguments):
    """`detent run` on a pseudo terminal; returns the process and the terminal's other end."""
    line, side = os.openpty()
    command = [sys.executable, os.path.join(ROOT, "detent"), "run"] + arguments
    try:
        process = qemu.start(command, stdin=side, stdout=side, stderr=side, start_new_session=True)
    finally:
        os.close(side)
    os.set_blocking(line, False)
    return process, line


def open_tcp(place):
    """The file descriptor of a connection to HOST:PORT."""
    host, colon, port = place.rpartition(":")
    if not colon or not port.isdigit() or int(port) > 65535:
        raise ToolError(f"'{place}' is not HOST:PORT")
    try:
        return socket.create_connection((host.strip("[]") or "localhost", int(port)), 10).detach()
    except OSError as error:
        raise ToolError(f"{place}: cannot connect: {error.strerror or error}; is it listening?") from None


def open_port(path, baud):
    """The file descriptor of a serial port or pseudo terminal, raw."""
    speed = getattr(termios, f"B{baud}", None)
    if speed is None:
        raise ToolError(f"{baud} baud is not a rate of this system; 115200 is usual")
    try:
        line = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    except OSError as error:
        raise ToolError(f"{path}: {_advice(error)}") from None
    try:
        _configure(line, speed)
    except termios.error:
        os.close(line)
        raise ToolError(f"{path}: not a serial port; {_ports()}") from None
    return line


def _advice(error):
    if error.errno == errno.ENOENT:
        return f"no such port; {_ports()}"
    if error.errno == errno.EACCES:
        return "no permission; add yourself to the group of the device (usually: sudo adduser $USER dialout)"
    if error.errno == errno.EBUSY:
        return "busy; end the other program that uses it"
    return error.strerror


def _ports():
    found = sorted(glob.glob("/dev/ttyACM*") + glob.glob("/dev/ttyUSB*"))
    return f"ports here: {' '.join(found)}" if found else "no serial port here: is the board plugged in?"


def _configure(line, speed):
    """Raw, eight bits, no parity, no flow control."""
    tty.setraw(line, termios.TCSANOW)
    mode = termios.tcgetattr(line)
    mode[2] = mode[2] & ~(termios.CRTSCTS | termios.PARENB | termios.CSTOPB) | termios.CLOCAL | termios.CREAD
    mode[4] = mode[5] = speed
    termios.tcsetattr(line, termios.TCSANOW, mode)


class _Monitor:
    def __init__(self, line, options, log):
        self._line = line
        self._log = log
        self._stamps = options.timestamps
        self._programs = options.programs
        self._held = b""
        self._deadline = time.monotonic() + options.show_for if options.show_for else None
        self._keys = sys.stdin.fileno() if sys.stdin is not None else None
        self._escape = False
        self._at_start = True

    def run(self):
        """Until Ctrl-A X, the end of the line, or the time limit; True where the line ended."""
        saved = None
        if self._keys is not None and os.isatty(self._keys):
            saved = termios.tcgetattr(self._keys)
            print("Ctrl-A X ends the monitor.", file=sys.stderr)
            tty.setraw(self._keys)
        try:
            closed = self._loop()
        finally:
            if saved is not None:
                termios.tcsetattr(self._keys, termios.TCSADRAIN, saved)
        print(file=sys.stderr)
        return closed

    def _loop(self):
        while True:
            left = None if self._deadline is None else self._deadline - time.monotonic()
            if left is not None and left <= 0:
                return False
            inputs = [self._line] + ([self._keys] if self._keys is not None else [])
            ready, _, _ = select.select(inputs, [], [], left)
            if self._line in ready and not self._show():
                return True
            if self._keys is not None and self._keys in ready and not self._type():
                return False

    def _show(self):
        try:
            data = os.read(self._line, _CHUNK)
        except BlockingIOError:
            return True
        except OSError:
            data = b""  # EIO: the other side of a pseudo terminal closed, or the board was unplugged
        if not data:
            print("\r\nthe line was closed", end="", file=sys.stderr)
            return False
        if self._log is not None:
            self._log.write(data)
            self._log.flush()
        data = self._named(data) if self._programs else data
        sys.stdout.buffer.write(self._stamped(data) if self._stamps else data)
        sys.stdout.buffer.flush()
        return True

    def _named(self, data):
        """Addresses named; the start of one that is still coming in waits for the rest."""
        data = self._held + data
        cut = re.search(rb"0(?:x[0-9a-fA-F]{0,7})?$", data)
        self._held = data[cut.start():] if cut else b""
        whole = data[: cut.start()] if cut else data
        return symbols.annotate(whole.decode("latin-1"), self._programs).encode("latin-1", "replace")

    def _stamped(self, data):
        out = bytearray()
        for part in re.findall(rb"[^\n]*\n|[^\n]+", data):
            if self._at_start:
                now = time.time()
                clock = time.strftime("%H:%M:%S", time.localtime(now))
                out += f"[{clock}.{int(now * 1000) % 1000:03}] ".encode()
            out += part
            self._at_start = part.endswith(b"\n")
        return bytes(out)

    def _type(self):
        data = os.read(self._keys, _CHUNK)
        if not data:
            self._keys = None  # the input's end; keep showing the console
            return True
        out = bytearray()
        for byte in data:
            if self._escape:
                self._escape = False
                if byte in b"xX":
                    return False
                out += bytes([ESCAPE]) if byte in b"aA" else bytes([ESCAPE, byte])
            elif byte == ESCAPE and os.isatty(self._keys):
                self._escape = True
            else:
                out.append(byte)
        self._write(bytes(out))
        return True

    def _write(self, data):
        while data:
            _, ready, _ = select.select([], [self._line], [], 5)
            if not ready:
                raise ToolError("the line takes no characters; is the board running?")
            data = data[os.write(self._line, data):]
