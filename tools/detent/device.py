# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A running device: what its application `loader` does for us (docs/reference/loader-protocol.md)."""
import re
import time
import zlib

from .errors import ToolError

FRAME = 128
DATA = 48
ANY = 0xFFFFFFFF
_ANSWER = re.compile(r"<([0-9a-f]{2}) ([^\r\n<]*) ([0-9a-f]{8})\r?\n")
_WAIT_S = 3.0
_TRIES = 5
_NUMBER = re.compile(r"[0-9A-Fa-f]{1,8}")
_CODE = re.compile(r"[0-9]{1,9}")
_APPS_MAX = 1024  # as many as walk() takes
_ERRORS = {1: "the device failed", 2: "another application installs now", 3: "it is that already",
           4: "nothing is being installed", 5: "nothing is shared", 6: "the request is wrong",
           7: "the size is wrong", 9: "there is no room", 10: "its credentials are not accepted",
           11: "there is none"}
NO_ROOM = 9
NONE = 11
STATES = ("not loaded", "running", "yielded", "waiting", "stopped", "faulted", "terminated")


class Refused(ToolError):
    """The device said no; `code` is the number of the error."""

    def __init__(self, what, code, reason):
        super().__init__(f"{what}: {reason}")
        self.code = code


def frame(number, verb, arguments=(0, 0), data=b""):
    """The bytes of one frame."""
    first, second = arguments
    body = f"{number:02x}{verb}{first:08x}{second:08x}{len(data):02x}{data.hex():<{2 * DATA}}"
    return f">{body}{zlib.crc32(body.encode()):08x} \n".encode()


def _numbers(words, count):
    """The first words of an answer, which are hexadecimal."""
    if len(words) < count or not all(_NUMBER.fullmatch(word) for word in words[:count]):
        raise ToolError(f"the device answers '{' '.join(words)}', which is not as agreed; is the application "
                        "'loader' there of this version?")
    return [int(word, 16) for word in words[:count]]


class Device:
    """Speaks with the loader over a line that has send() and receive()."""

    def __init__(self, line, wait_s=_WAIT_S):
        self._line = line
        self._wait_s = wait_s
        self._number = int(time.time() * 10) & 0xFF
        self._heard = ""

    def ask(self, verb, arguments=(0, 0), data=b"", what="the device"):
        """The words of the answer; Refused where it is an error."""
        self._number = (self._number + 1) & 0xFF
        text = frame(self._number, verb, arguments, data)
        for _ in range(_TRIES):
            self._heard = ""
            self._line.send(text)
            answer = self._answer(self._number)
            if not answer:
                continue
            if answer[0] == "ok":
                return answer[1:]
            if len(answer) > 1 and _CODE.fullmatch(answer[1]):
                code = int(answer[1])
                raise Refused(what, code, " ".join(answer[2:]) or _ERRORS.get(code, f"error {code}"))
        raise ToolError("no whole answer from the device: is the application 'loader' running there, and is nobody "
                        "else at the line?")

    def _answer(self, number):
        deadline = time.monotonic() + self._wait_s
        while time.monotonic() < deadline:
            for match in _ANSWER.finditer(self._heard):
                body = f"{match[1]} {match[2]}"
                if zlib.crc32(body.encode("latin-1")) != int(match[3], 16):
                    continue
                if int(match[1], 16) == number or match[2] == "error damaged frame":
                    self._heard = self._heard[match.end():]
                    return match[2].split()
            self._heard += self._line.receive(deadline - time.monotonic())
        return None

    def hello(self):
        """Sees that the loader is there."""
        words = self.ask("H")
        if words[:1] != ["detent-loader"]:
            raise ToolError(f"something else answers: {' '.join(words)}")

    def apps(self):
        """A list of dictionaries, one an application."""
        found = []
        while len(found) < _APPS_MAX:
            try:
                words = self.ask("L", (len(found), 0))
            except Refused as refused:
                if refused.code == NONE:
                    return found
                raise
            numbers = _numbers(words, 7)
            flags, state = numbers[4], numbers[5]
            found.append({"address": numbers[0], "size": numbers[1], "short_id": numbers[2], "version": numbers[3],
                          "enabled": bool(flags & 1), "sticky": bool(flags & 2), "damaged": bool(flags & 4),
                          "state": STATES[state] if state < len(STATES) else str(state),
                          "minimum_ram": numbers[6], "name": words[7] if len(words) > 7 else ""})
        raise ToolError(f"the device names more than {_APPS_MAX} applications; is that the application 'loader'?")

    def install(self, candidates, instead=ANY, progress=None):
        """Installs the first candidate that has a place, in place of the application at `instead`."""
        candidate = self._reserve(candidates)
        data, what = candidate.data, candidate.label
        try:
            self._write(data, what, progress)
            address = _numbers(self.ask("F", (instead, 0), what=f"{what} was refused"), 1)[0]
        except ToolError:
            self._give_up()
            raise
        return address, candidate

    def _reserve(self, candidates):
        for number, candidate in enumerate(candidates):
            wanted = ANY if candidate.fixed_start is None else candidate.fixed_start
            try:
                self.ask("B", (len(candidate.data), wanted), what=candidate.label)
                return candidate
            except Refused as refused:
                if refused.code != NO_ROOM or number == len(candidates) - 1:
                    raise
        raise ToolError("there is nothing to install")

    def _write(self, data, what, progress):
        at = 0
        while at < len(data):
            zeros = len(data) - at - len(data[at:].lstrip(b"\0"))
            if zeros >= 2 * DATA and at >= 16:
                self.ask("Z", (at, zeros), what=what)
                at += zeros
            else:
                self.ask("W", (at, 0), data[at:at + DATA], what=what)
                at += DATA
            if progress:
                progress(min(at, len(data)), len(data))

    def _give_up(self):
        try:
            self.ask("A")
        except ToolError:
            pass  # it was given up already

    def start(self, address):
        """Makes a process of the application at an address."""
        self.ask("S", (address, 0), what=f"installed at {address:#x}, but it does not start")

    def set_flags(self, address, flags, what):
        """Gives the header of the application at an address these flags."""
        self.ask("G", (address, flags), what=what)

    def uninstall(self, address, what):
        """Removes the application at an address."""
        self.ask("U", (address, 0), what=what)
