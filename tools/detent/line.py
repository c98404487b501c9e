# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Lines to a device: a serial port or pseudo terminal, a TCP or a Unix socket."""
import glob
import os
import select
import socket
import time

from . import verb_monitor
from .errors import ToolError

_CHUNK = 4096


def open_line(place, baud=115200):
    """A Line for `place`: a device's path, tcp:HOST:PORT, unix:PATH, or serial for the only port there is."""
    if place == "serial":
        found = sorted(glob.glob("/dev/ttyACM*") + glob.glob("/dev/ttyUSB*"))
        if len(found) != 1:
            raise ToolError(f"{len(found)} serial ports here ({' '.join(found) or 'is the board plugged in?'}); "
                            "give one: --over DEVICE")
        place = found[0]
    if place.startswith("tcp:"):
        return Line(verb_monitor.open_tcp(place[len("tcp:"):]))
    if place.startswith("unix:"):
        return Line(_open_unix(place[len("unix:"):]))
    return Line(verb_monitor.open_port(place, baud))


def _open_unix(path):
    link = socket.socket(socket.AF_UNIX)
    try:
        link.connect(path)
    except OSError as error:
        link.close()
        raise ToolError(f"{path}: cannot connect: {error.strerror or error}; is it listening?") from None
    return link.detach()


class Line:
    """Bytes to and from the device."""

    def __init__(self, handle):
        self._handle = handle
        os.set_blocking(handle, False)

    def close(self):
        """Gives the port back."""
        os.close(self._handle)

    def send(self, data):
        """All of the bytes; ToolError where the line takes none."""
        while data:
            _, ready, _ = select.select([], [self._handle], [], 5)
            if not ready:
                raise ToolError("the line takes no characters; is the board running?")
            try:
                data = data[os.write(self._handle, data):]
            except OSError as error:
                raise ToolError(f"the line was closed: {error.strerror}") from None

    def receive(self, seconds):
        """What came within a time, as text; empty where nothing did."""
        deadline = time.monotonic() + seconds
        ready, _, _ = select.select([self._handle], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            return ""
        try:
            data = os.read(self._handle, _CHUNK)
        except OSError:
            data = b""
        if not data:
            raise ToolError("the line was closed")
        return data.decode("latin-1")
