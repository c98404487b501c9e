# SPDX-License-Identifier: Apache-2.0 OR MIT
"""As much of gdb's remote protocol as it takes to send the processor somewhere else.

While it is connected the machine stands still; it runs on with go_on().
"""
import socket
import struct
import time

from .jobs import Failed

# Numbers of the registers in gdb's descriptions of the processors.
REGISTERS = {"riscv": {"ra": 1, "a0": 10, "a1": 11, "a2": 12, "pc": 32},
             "arm": {"ra": 14, "a0": 0, "a1": 1, "a2": 2, "pc": 15}}
_LIMIT_S = 30
_TRIES = 50


class Gdb:
    """A connection to the gdb server of a QEMU."""

    def __init__(self, path, family):
        self._numbers = REGISTERS[family]
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(_LIMIT_S)
        self._data = b""
        self._connect(path)
        self._ask("qXfer:features:read:target.xml:0,1000")  # else QEMU refuses to set registers

    def _connect(self, path):
        deadline = time.monotonic() + _LIMIT_S
        while True:
            try:
                self._socket.connect(path)
                return
            except OSError as error:
                if time.monotonic() > deadline:
                    raise Failed(f"QEMU's gdb server does not answer: {error.strerror}") from None
                time.sleep(0.05)

    def set(self, **registers):
        """Gives registers values, by the names of REGISTERS."""
        for name, value in registers.items():
            word = struct.pack("<I", value).hex()
            if self._ask(f"P{self._numbers[name]:x}={word}") != "OK":
                raise Failed(f"QEMU does not set register {name}")

    def write(self, address, data):
        """Stores bytes in memory, flash too. QEMU does that with the rights of what runs just now, and
        refuses where an application does: then the machine runs on for a moment."""
        for _ in range(_TRIES):
            if self._ask(f"M{address:x},{len(data):x}:{data.hex()}") == "OK":
                return
            self._send("c")
            time.sleep(0.02)
            self._socket.sendall(b"\x03")
            self._answer()  # that it stopped
        raise Failed(f"QEMU does not write to {address:#x}")

    def go_on(self):
        """The machine runs on, and the connection ends."""
        self._send("D")
        self._socket.close()

    def _send(self, text):
        total = sum(text.encode()) % 256
        self._socket.sendall(f"${text}#{total:02x}".encode())

    def _ask(self, text):
        self._send(text)
        try:
            answer = self._answer()
            while answer.startswith("T") and text != "?":  # that it stopped, which nobody asked for
                answer = self._answer()
            return answer
        except OSError as error:
            raise Failed(f"QEMU's gdb server does not answer to {text}: {error}") from None

    def _answer(self):
        while b"#" not in self._data or len(self._data) < self._data.index(b"#") + 3:
            more = self._socket.recv(4096)
            if not more:
                raise Failed("QEMU's gdb server has closed the connection")
            self._data += more
        start, end = self._data.index(b"$"), self._data.index(b"#")
        text = self._data[start + 1:end].decode()
        self._data = self._data[end + 3:]
        self._socket.sendall(b"+")
        return text
