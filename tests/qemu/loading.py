# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Installing, updating and removing applications while the system runs."""
import struct
import zlib

from detent import board as boards
from detent.apps import candidates
from detent.device import ANY, Device, Refused, frame
from lib import images
from lib.emulator import Test, expect, expect_all, play
from lib.jobs import Failed

NEVER = ("kernel panic", "wrong:")
WAIT_S = 10
PAGE = 512  # of the flash that the QEMU boards' RAM plays


class ConsoleLine:
    """The console of a test as the line that the host tool speaks over."""

    def __init__(self, console):
        self._console = console
        self._taken = len(console.said)

    def send(self, data):
        """Types."""
        self._console.type(data)

    def receive(self, seconds):
        """What came since the last call."""
        if not self._text():
            self._console.listen(seconds)
        text = self._text()
        self._taken += len(text)
        return text

    def _text(self):
        return self._console.said[self._taken:].rstrip("\r")  # half of the end of a line


def other_name(column):
    """The same application under a name that the board does not let install."""
    data = images.binary(column, "app_loader")
    at = data.index(b"app_loader")
    return images.region(column, {0: images.signed(data[:at] + b"b" + data[at + 1:])})


def same(found, wanted, what):
    """Fails where two values differ."""
    if found != wanted:
        raise Failed(f"{what}: {found} in place of {wanted}")


def names(device):
    """The names of the applications that the device lists."""
    return sorted(app["name"] for app in device.apps())


def refused(device, group, reason, what, instead=ANY):
    """The device does not take a binary, says why, and has what it had."""
    before = device.apps()
    try:
        device.install(group, instead)
    except Refused as refusal:
        same(reason in str(refusal), True, f"{what}: '{refusal}' has '{reason}'")
    else:
        raise Failed(f"{what}: it was installed")
    same(device.apps(), before, f"{what}: the list")


def over_serial(console):
    """Installs over the console while other applications run, updates, removes; damage is refused."""
    device = Device(ConsoleLine(console), WAIT_S)
    target = boards.load(console.column.board)
    device.hello()
    same(names(device), ["blink", "loader"], "the list")
    hello = candidates(images.app_tab("hello"), target, [])
    first, _ = device.install(hello)
    device.start(first)
    console.wait_for("Hello from a process!")
    damaged = candidates(images.app_tab("hello"), target, [])
    for candidate in damaged:
        candidate.data = candidate.data[:20] + bytes([candidate.data[20] ^ 1]) + candidate.data[21:]
    refused(device, damaged, "damaged", "a changed header")
    ConsoleLine(console).send(frame(1, "U", (first, 0)).replace(b"U", b"A"))
    console.wait_for("error damaged frame")
    second, _ = device.install(hello, first)
    device.start(second)
    console.wait_for("Hello from a process!")
    same([first == second, names(device)], [False, ["blink", "hello", "loader"]], "after the update")
    device.set_flags(second, 0, "hello")
    same([a["enabled"] for a in device.apps() if a["name"] == "hello"], [False], "disabled")
    device.uninstall(second, "hello")
    same(names(device), ["blink", "loader"], "after the removal")


def power_was_lost(column):
    """A region in which the first page of hello was being changed: it is blank, and the copy is kept."""
    target = boards.load(column.board)
    data = bytearray(images.placed(column, ("hello", "bss_data")).ljust(target.app_size, b"\xff"))
    limit = len(data) - 3 * PAGE
    kept = bytes(data[:PAGE])
    record = struct.pack("<4I", 0x4A414544, 0, 1, zlib.crc32(kept))
    data[limit + PAGE:limit + 2 * PAGE] = bytes(byte ^ 0xFF for byte in kept)
    data[limit + 2 * PAGE:limit + 2 * PAGE + 20] = record + struct.pack("<I", zlib.crc32(record))
    data[:PAGE] = b"\xff" * PAGE
    return bytes(data)


TESTS = [
    Test("loading-after-power-loss", needs="app-loading", image=power_was_lost, uses=("hello", "bss_data"),
         reference=True, steps=[expect("app region repaired after a loss of power"),
                                expect_all("Hello from a process!", "bss_data: 0 failed")]),
    Test("loading-drivers", needs="app-loading", apps=("app_loader", "hello"), forbid=NEVER, reference=True,
         steps=[expect(r"app_loader: as Tock's", r"app_loader: refused: \w", r"app_loader: updated and removed",
                       r"app_loader: 0 failed")]),
    Test("loading-not-permitted", needs="app-loading", image=other_name, uses=("app_loader",), reference=True,
         steps=[expect(r"app_loader: not permitted")]),
    Test("loading-over-serial", needs="app-loading", apps=("loader", "blink"), uses=("hello",), reference=True,
         steps=[expect("loader: ready"), play(over_serial)], forbid=NEVER),
]
