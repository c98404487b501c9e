# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What `detent install`, uninstall, list, enable and disable share: on an image, or on a running device."""
import json
import os
import sys

from . import board, layout, tbf
from .args import Parser, number
from .console import show_lines, warn
from .device import ANY, Device
from .errors import EXIT_OK, ToolError
from .files import read_file, write_file
from .line import open_line
from .region import Region

WHERE = """IMAGE is a file with the region of the board's applications, as `detent image` makes it;
with --offset it begins later in the file, as in the flash files of tockloader. --over speaks with the application
`loader` on a running device: a serial port's path, serial (the only one there is), tcp:HOST:PORT or unix:PATH."""


class AppsParser(Parser):
    """A parser with the options that say where the applications are."""

    def __init__(self, verb, text, examples):
        super().__init__(verb, f"{text}\n\n{WHERE}", examples)
        self.add_argument("--board", required=True, help="a board's name, or its folder with a slash")
        self.add_argument("--offset", type=number(32), default=0, help="of the region in IMAGE (0)")

    def add_over(self):
        """For verbs that work on a device too."""
        self.add_argument("--over", metavar="PORT", help="on a running device, in place of IMAGE")
        self.add_argument("--baud", type=number(32), default=115200)


def report(remarks):
    """Remarks to standard error."""
    for text in remarks:
        warn(text)


class ImageFile:
    """The region in a file; save() writes it back."""

    def __init__(self, path, options, may_be_new=False):
        self._path = path
        self._offset = options.offset
        target = board.load(options.board)
        if may_be_new and not os.path.exists(path):
            self._whole = b""
        else:
            self._whole = read_file(path)
        if self._whole and len(self._whole) <= self._offset or not self._whole and self._offset and not may_be_new:
            raise ToolError(f"{path}: it has {len(self._whole)} bytes; nothing is at --offset {self._offset:#x}")
        self.region = Region(target, self._whole[self._offset:], path)

    def save(self):
        """Writes the file in one step."""
        before = self._whole[:self._offset]
        before += b"\xff" * (self._offset - len(before))
        size = self.region.board.app_size
        write_file(self._path, before + self.region.image() + self._whole[self._offset + size:])
        report(self.region.remarks)


def open_device(options):
    """(line, Device) over the port that the options name."""
    line = open_line(options.over, options.baud)
    device = Device(line)
    try:
        device.hello()
    except BaseException:
        line.close()
        raise
    return line, device


def candidates(path, target, remarks, fixed=False):
    """What a TBF or TAB gives for a board, grown to what the board can protect; `fixed`: those for one
    address first."""
    found = layout.load(path, target, remarks)
    if fixed:
        found.sort(key=lambda candidate: candidate.fixed_start is None)
    for candidate in found:
        layout.fit_size(target, candidate, remarks)
    return found


def named(apps, what):
    """The one of a device's applications that has a name or an address."""
    found = [app for app in apps if what in (app["name"], hex(app["address"]), str(app["address"]))]
    if len(found) == 1:
        return found[0]
    names = ", ".join(app["name"] or hex(app["address"]) for app in apps) or "none"
    raise ToolError(f"{what} " + ("is there more than once; give its address" if found else
                                  f"is not on the device; it has: {names}"))


def flag_main(argv, verb, on):
    """`detent enable` and `detent disable`."""
    parser = AppsParser(verb, f"Has the kernel {'run' if on else 'skip'} applications, from its next start on.",
                        [f"detent {verb} apps.bin hello --board qemu-rv32-virt",
                         f"detent {verb} --over /dev/ttyACM0 hello --board mps2-an386"])
    parser.add_over()
    parser.add_argument("app", nargs="+", metavar="[IMAGE] APP", help="the image, then names, or addresses of headers")
    options = parser.parse_intermixed_args(argv)
    if options.over:
        return _flag_on_device(options, on)
    if len(options.app) < 2:
        parser.error("give the image and an application, or --over")
    file = ImageFile(options.app[0], options)
    for what in options.app[1:]:
        file.region.flag(file.region.find(what), tbf.FLAG_ENABLED, on)
    file.save()
    return EXIT_OK


def _flag_on_device(options, on):
    line, device = open_device(options)
    try:
        for what in options.app:
            app = named(device.apps(), what)
            sticky = tbf.FLAG_STICKY if app["sticky"] else 0
            device.set_flags(app["address"], sticky | (tbf.FLAG_ENABLED if on else 0), what)
    finally:
        line.close()
    return EXIT_OK


def of_region(region):
    """The applications of an image as dictionaries, like Device.apps()."""
    return [{"address": region.board.app_start + offset, "size": item.total_size, "short_id": item.short_id or 0,
             "version": (item.program or {}).get("version", 0), "enabled": item.enabled,
             "sticky": bool(item.flags & tbf.FLAG_STICKY), "damaged": False, "minimum_ram": item.minimum_ram,
             "name": item.name or ""} for offset, item in region.apps]


def show(apps, as_json):
    """A table, or JSON."""
    if as_json:
        print(json.dumps(apps, indent=2))
        return
    for app in apps:
        name = app["name"] or "(no name)"
        state = "damaged" if app["damaged"] else app.get("state", "") if app["enabled"] else "disabled"
        show_lines([f"{app['address']:#010x} {app['size']:>8} {name:<20} version {app['version']:<6} {state}".rstrip()])
    if not apps:
        print("no applications")


def install_on_device(options):
    """`detent install --over`."""
    target = board.load(options.board)
    remarks = []
    groups = [candidates(path, target, remarks, options.fixed) for path in options.app]
    report(remarks)
    line, device = open_device(options)
    try:
        for group in groups:
            same = [a for a in device.apps() if a["name"] == group[0].tbf.name and not options.keep]
            address, candidate = device.install(group, same[0]["address"] if same else ANY, _progress())
            show_lines([f"{address:#010x} {len(candidate.data):>8} {candidate.tbf.name or '(no name)'}: "
                        f"{'updated' if same else 'installed'}"])
            if not options.no_start:
                device.start(address)
    finally:
        line.close()
    return EXIT_OK


def _progress():
    if not sys.stderr.isatty():
        return None
    return lambda done, of: print(f"\r{done} of {of} bytes", end="\n" if done == of else "", file=sys.stderr)
