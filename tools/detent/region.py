# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The applications in an image of a board's region, and changing them where they are.

What is not changed keeps its place. Free space becomes padding apps, as docs/reference/run-time-loading.md
and tockloader have it; after the last application comes erased flash.
"""
import struct
import zlib

from . import layout, tbf
from .errors import ToolError
from .tbf_read import Tbf, padding
from .walk import walk

_MAGIC = 0x4A414544
_PAGES = (256, 512, 1024, 2048, 4096, 8192, 16384)
_RECORD = 32
_NONE = 0xFFFFFFFF
_END = b"\xff" * 4


class Region:
    """The region of `board` as the bytes `data` have it; the rest of it is erased."""

    def __init__(self, board, data, label):
        self.board = board
        self.label = label
        self.remarks = []
        if len(data) > board.app_size:
            data = data[:board.app_size]
        self.data = bytearray(data)
        self._repair()
        self.apps = []
        for offset, item in walk(bytes(self.data)):
            if not item.whole:
                raise ToolError(f"{label}: the header at {board.app_start + offset:#x} is damaged: {item.problems[0]}; "
                                "detent inspect shows it, detent image makes the region anew")
            if not item.is_padding:
                self.apps.append((offset, item))

    def _repair(self):
        """Does again what a device was at when power went: the journal says so."""
        for page in _PAGES if len(self.data) == self.board.app_size else ():
            limit = len(self.data) - 3 * page
            if limit <= 0:
                return
            record = _last_record(self.data[limit + 2 * page:])
            if record is None:
                continue
            number, copy, check = record
            if number >= limit // page or copy > 1:
                return
            kept = bytes(b ^ 0xFF for b in self.data[limit + copy * page:limit + (copy + 1) * page])
            if zlib.crc32(kept) == check:
                self.data[number * page:(number + 1) * page] = kept
                self.data[limit:] = b"\xff" * (3 * page)
                self.remarks.append(f"{self.label}: power was lost in the middle of a change; it was repaired")
            return

    def find(self, what):
        """Index of the application of a name or at an address; ToolError where there is none or are several."""
        found = [i for i, (offset, item) in enumerate(self.apps)
                 if item.name == what or _number(what) == self.board.app_start + offset]
        if len(found) == 1:
            return found[0]
        names = ", ".join(item.name or hex(self.board.app_start + offset) for offset, item in self.apps) or "none"
        problem = "is there more than once; give its address" if found else f"is not in it; it has: {names}"
        raise ToolError(f"{self.label}: {what} {problem}")

    def remove(self, index):
        """Takes an application out."""
        del self.apps[index]

    def flag(self, index, mask, on):
        """Sets or clears a bit of an application's flags."""
        offset, item = self.apps[index]
        if item.has_credentials:
            raise ToolError(f"{item.name}: a credential covers its header; sign it again with other flags")
        header = bytearray(item.data[:item.header_size])
        flags = item.flags | mask if on else item.flags & ~mask
        struct.pack_into("<II", header, 8, flags, 0)
        struct.pack_into("<I", header, 12, tbf.xor_words(header))
        self.apps[index] = (offset, Tbf(bytes(header) + item.data[item.header_size:item.total_size]))

    def install(self, candidates):
        """Puts the first of the candidates in that has a place; returns its address."""
        for candidate in candidates:
            layout.fit_size(self.board, candidate, self.remarks)
            start = self._place(candidate)
            if start is not None:
                self.apps.append((start, Tbf(candidate.data)))
                self.apps.sort(key=lambda app: app[0])
                return self.board.app_start + start
        used = sum(item.total_size for _, item in self.apps)
        raise ToolError(f"{candidates[0].label}: no place for {len(candidates[0].data)} bytes: {used} of "
                        f"{self.board.app_size} are used; uninstall something")

    def _place(self, candidate):
        size, base = len(candidate.data), self.board.app_start
        fixed = None if candidate.fixed_start is None else candidate.fixed_start - base
        align = layout.alignment(self.board, size)
        if fixed is not None and self._ram_taken(candidate):
            return None
        end = 0
        for offset, item in self.apps + [(None, None)]:
            limit = self.board.app_size if offset is None else offset
            start = fixed if fixed is not None else _aligned(base + end, align) - base
            gap, rest = start - end, limit - start - size
            if _is_gap(gap) and (_is_gap(rest) or offset is None and rest >= 0):
                return start
            end = limit if item is None else offset + item.total_size
        return None

    def _ram_taken(self, candidate):
        start, size = candidate.tbf.fixed_ram, candidate.tbf.minimum_ram
        return start is not None and any(
            item.fixed_ram is not None and start < item.fixed_ram + item.minimum_ram and
            item.fixed_ram < start + size for _, item in self.apps)

    def image(self):
        """The bytes of the region, as long as they were or as they have to be."""
        out = bytearray()
        for offset, item in self.apps:
            gap = offset - len(out)
            out += (padding(gap) if gap else b"") + item.data[:item.total_size]
        after = self.data[len(out):]
        if after and bytes(after[:4]) not in (bytes(4), _END):
            after[:4] = _END
        return bytes(out + after)


def _last_record(journal):
    """(page, copy, crc) of the journal's last whole record, or None where it has none."""
    last = None
    for at in range(0, len(journal) - _RECORD + 1, _RECORD):
        magic, page, copy, check, own = struct.unpack_from("<5I", journal, at)
        if magic == _MAGIC and own == zlib.crc32(bytes(journal[at:at + 16])):
            last = (page, copy, check)
    return last


def _number(text):
    try:
        return int(text, 0)
    except ValueError:
        return None


def _is_gap(size):
    return size == 0 or size >= layout.MIN_PADDING


def _aligned(address, align):
    start = address + -address % align
    while 0 < start - address < layout.MIN_PADDING:
        start += align
    return start
