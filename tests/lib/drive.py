# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Drives one QEMU: waits for what its console says, types, and ends it.

Steps are tuples: ("expect", pattern), ("send", bytes), ("ask", bytes, pattern), ("exit", code),
("play", function).
"""
import os
import re
import selectors
import signal
import subprocess
import time

from .jobs import Failed, clean_environment, die_with_parent

# Input that comes while no process reads is dropped by design, so `ask` types again after this time.
_RETYPE_S = 1.0
_CHUNK = 4096
_TOO_MUCH = 16 << 20


class Console:
    """A running QEMU and all that its console has said."""

    def __init__(self, arguments, log_path, limit_s):
        self.said = ""
        self._at = 0
        self._limit_s = limit_s
        self._deadline = time.monotonic() + limit_s
        self._log = open(log_path, "ab")
        self._process = subprocess.Popen(
            arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, bufsize=0,
            env=clean_environment(), start_new_session=True, preexec_fn=die_with_parent)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._process.stdout, selectors.EVENT_READ)
        self._open = True

    def close(self):
        """QEMU is dead afterwards: SIGKILL, for with -icount an idle one does not react to others."""
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self._process.wait()
        self._selector.close()
        for stream in (self._process.stdin, self._process.stdout, self._log):
            stream.close()

    def take(self, steps, fail_on):
        """Takes the steps in order; Failed where one cannot be taken, or where `fail_on` shows."""
        for number, (kind, *rest) in enumerate(steps, 1):
            try:
                self._take(kind, rest, fail_on)
            except Failed as failure:
                raise Failed(f"step {number} of {len(steps)}: {failure}") from None

    def _take(self, kind, rest, fail_on):
        if kind == "send":
            self.type(rest[0])
        elif kind == "exit":
            self._wait_for_end(rest[0])
        elif kind == "play":
            rest[0](self)
        else:
            self.wait_for(rest[-1], rest[0] if kind == "ask" else None, fail_on)

    def wait_for(self, pattern, typed=None, fail_on=None):
        """Waits until the console shows `pattern`, typing `typed` every now and then; returns the match."""
        compiled = re.compile(pattern, re.M)
        again = time.monotonic()
        while True:
            match = compiled.search(self.said, self._at)
            if match:
                self._at = match.end()
                return match
            shown = fail_on and re.search(fail_on, self.said, re.M)
            if shown:
                self.listen(0.5)  # the rest of the report
                raise Failed(f"the console shows '{shown[0]}'")
            if typed is not None and time.monotonic() >= again:
                self.type(typed)
                again = time.monotonic() + _RETYPE_S
            wait = self._deadline if typed is None else min(again, self._deadline)
            if not self.listen(wait - time.monotonic()):
                self._explain(f"'{pattern}' was not seen")

    def _explain(self, what):
        if not self._open:
            raise Failed(f"{what}; QEMU ended with code {self._process.wait()}")
        if time.monotonic() >= self._deadline:
            raise Failed(f"{what} within {self._limit_s} s")

    def listen(self, seconds):
        """Takes what the console says next; False where nothing came or QEMU has ended."""
        if not self._open or not self._selector.select(max(0.0, seconds)):
            return False
        data = os.read(self._process.stdout.fileno(), _CHUNK)
        if not data:
            self._open = False
            return False
        self._log.write(data)
        self._log.flush()
        self.said = (self.said + data.decode("latin-1")).replace("\r\n", "\n")
        if len(self.said) > _TOO_MUCH:
            raise Failed("the console does not stop talking")
        return True

    def type(self, data):
        """Types bytes."""
        try:
            self._process.stdin.write(data)
        except BrokenPipeError:
            raise Failed(f"QEMU ended with code {self._process.wait()}") from None

    def _wait_for_end(self, code):
        while self._open:
            if not self.listen(self._deadline - time.monotonic()) and self._open:
                raise Failed(f"the guest did not end within {self._limit_s} s")
        ended = self._process.wait()
        if ended != code:
            raise Failed(f"the guest ended with code {ended} in place of {code}")
