# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A script of steps against a console: expect a pattern, send text, in the order given.

It knows nothing of QEMU: it is fed the console's bytes and says what to send and when it is over.
"""
import re

from .errors import UsageError

EXPECT, SEND, EXIT = "expect", "send", "exit"
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "e": "\x1b", "\\": "\\", "0": "\0"}


def unescape(text):
    r"""Bytes of `text` with \n \r \t \e \0 \\ and \xHH replaced; UsageError for other escapes."""
    def replace(match):
        code = match[1]
        if code.startswith("x") and len(code) == 3:
            return chr(int(code[1:], 16))
        if code in _ESCAPES:
            return _ESCAPES[code]
        raise UsageError(f"unknown escape \\{code} in '{text}'; use \\n \\r \\t \\e \\0 \\\\ \\xHH")
    return re.sub(r"\\(x[0-9a-fA-F]{2}|.|$)", replace, text, flags=re.S).encode("latin-1", "replace")


def pattern(text):
    """A compiled byte pattern; ^ and $ match at lines. UsageError where it is no valid one."""
    try:
        return re.compile(text.encode(), re.M)
    except re.error as error:
        raise UsageError(f"'{text}' is not a regular expression: {error}") from None


class Script:
    """Runs a list of (kind, value): (EXPECT, pattern), (SEND, bytes), (EXIT, code)."""

    def __init__(self, steps, fail_on=()):
        self._steps = list(steps)
        self._fail_on = list(fail_on)
        self._next = 0
        self._buffer = self._held = b""
        self._from = 0
        self._watch_from = 0
        self.failure = None

    @property
    def done(self):
        """Every step was taken."""
        return self._next == len(self._steps)

    @property
    def waiting_for(self):
        """What the script waits for, in words."""
        if self.done:
            return "nothing"
        kind, value = self._steps[self._next]
        expects = [s for s in self._steps if s[0] == EXPECT]
        if kind == EXPECT:
            place = sum(1 for s in self._steps[:self._next] if s[0] == EXPECT) + 1
            return f"pattern {place} of {len(expects)} was not seen: {_shown(value)}"
        return f"the guest did not end with exit code {value}"

    def feed(self, data):
        """Takes console output (or b"" at the start); returns the bytes to send now."""
        data = self._held + data
        # A carriage return at the end may be the first half of a line end.
        self._held = b"\r" if data.endswith(b"\r") else b""
        self._buffer += data[:len(data) - len(self._held)].replace(b"\r\n", b"\n")
        out = b""
        while not self.done and not self.failure:
            kind, value = self._steps[self._next]
            if kind == SEND:
                out += value
            elif kind != EXPECT or not self._seen(value):
                break
            self._next += 1
        self._check_failure()
        return out

    def _seen(self, value):
        match = value.search(self._buffer, self._from)
        if not match:
            return False
        self._from = match.end()
        self._watch_from = max(self._watch_from, match.end())
        return True

    def _check_failure(self):
        # What an expect step has matched was wanted, so only what follows can be a failure.
        for watched in self._fail_on:
            match = watched.search(self._buffer, self._watch_from)
            if match and self.failure is None and not self.done:
                self.failure = f"the console shows {match[0].decode('utf-8', 'replace')!r}"

    def exited(self, code):
        """The guest ended with `code`; takes a waiting EXIT step."""
        if not self.done and self._steps[self._next] == (EXIT, code):
            self._next += 1


def _shown(value):
    return "'" + value.pattern.decode("utf-8", "replace") + "'"
