# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Runs a process with its console on pipes: prints what it says, feeds a Script, keeps the time."""
import os
import selectors
import sys
import time

from . import qemu
from .errors import ToolError

# After a failure shows, the console is read this much longer, so that the report is complete.
_GRACE_S = 0.5
_CHUNK = 4096


class Session:
    """One QEMU without a terminal. Use `run`; QEMU is always dead afterwards."""

    def __init__(self, arguments, script, timeout_s, log=None):
        self._arguments = arguments
        self._script = script
        self._timeout_s = timeout_s
        self._log = log
        self._outgoing = b""
        self._errors = b""
        self.exit_code = None
        self.timed_out = False
        self.ended = False

    def run(self):
        """Runs until the script is over, the time is up, or QEMU ends."""
        process = qemu.start(self._arguments, stdin=-1, stdout=-1, stderr=-1, start_new_session=True)
        try:
            self._loop(process)
        finally:
            qemu.kill(process)
            for stream in (process.stdin, process.stdout, process.stderr):
                stream.close()

    @property
    def qemu_said(self):
        """The last line QEMU itself wrote to its standard error, or an empty text."""
        lines = self._errors.decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else ""

    def _loop(self, process):
        deadline = time.monotonic() + self._timeout_s
        selector = selectors.DefaultSelector()
        for stream in (process.stdin, process.stdout, process.stderr):
            os.set_blocking(stream.fileno(), False)
        selector.register(process.stdout, selectors.EVENT_READ)
        selector.register(process.stderr, selectors.EVENT_READ)
        self._outgoing = self._script.feed(b"")
        grace = False
        while not self._script.done:
            if self._script.failure and not grace:
                grace, deadline = True, min(deadline, time.monotonic() + _GRACE_S)
            left = deadline - time.monotonic()
            if left <= 0:
                self.timed_out = not grace
                break
            self._send(process, selector)
            for key, _ in selector.select(left):
                if key.fileobj is not process.stdin:
                    self._receive(key.fileobj, process, selector)
            if not selector.get_map() or process.stdout not in _open(selector):
                self._finish(process, deadline)
                break
        selector.close()

    def _finish(self, process, deadline):
        """QEMU closed its console: it is ending."""
        try:
            self.exit_code = process.wait(max(0.1, min(5, deadline - time.monotonic())))
        except Exception:  # subprocess.TimeoutExpired: it hangs; it will be killed
            self.timed_out = True
            return
        try:
            self._errors += process.stderr.read() or b""
        except OSError:
            pass
        self.ended = True
        self._script.exited(self.exit_code)

    def _receive(self, stream, process, selector):
        try:
            data = os.read(stream.fileno(), _CHUNK)
        except BlockingIOError:
            return
        if not data:
            selector.unregister(stream)
        elif stream is process.stderr:
            self._errors = (self._errors + data)[-65536:]
        else:
            self._show(data)
            self._outgoing += self._script.feed(data)

    def _show(self, data):
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        if self._log is not None:
            self._log.write(data)
            self._log.flush()

    def _send(self, process, selector):
        registered = process.stdin in _open(selector)
        if not self._outgoing:
            if registered:
                selector.unregister(process.stdin)
            return
        try:
            sent = os.write(process.stdin.fileno(), self._outgoing[:_CHUNK])
            self._outgoing = self._outgoing[sent:]
        except BlockingIOError:
            sent = 0
        except BrokenPipeError:
            self._outgoing = b""
            return
        if self._outgoing and not registered:
            selector.register(process.stdin, selectors.EVENT_WRITE)


def _open(selector):
    return [key.fileobj for key in selector.get_map().values()]


def open_log(path):
    """The file that also gets the console's bytes, or None."""
    if path is None:
        return None
    try:
        return open(path, "wb")
    except OSError as error:
        raise ToolError(f"{path}: cannot write it: {error.strerror}") from None
