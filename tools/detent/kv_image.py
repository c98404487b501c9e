# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The key-value store's format on flash (docs/reference/storage.md): reading, checking, making."""
import math
import struct
from dataclasses import dataclass, field
from typing import List, Optional

MAGIC_FORMAT = 0x31764B44
MAGIC_COMPLETE = 0x646E4543
SEED_MARK = 0x9E3779B9
MULTIPLIER = 0x85EBCA6B
MASK = 0xFFFFFFFF
MARK = 16
HEAD = 48
RECORD_HEAD = 12
KEY_MAX = 80
VALUE, GONE, RETIRE, MORE = 0x56, 0x47, 0x52, 0x80
KIND_LOG, KIND_COPY = 1, 2
KINDS = {KIND_LOG: "log", KIND_COPY: "copy"}
SPACES = {1: "kernel", 2: "key-value", 3: "isolated", 4: "nonvolatile"}
UNITS = (4, 8, 16)
PAGE_MIN = 512


def check_sum(total, data):
    """The check word after `data`, whose length is a multiple of 4."""
    for (word,) in struct.iter_unpack("<I", data):
        total = ((total ^ word) * MULTIPLIER) & MASK
        total ^= total >> 15
    return total


def _mark(*words):
    body = struct.pack("<III", *words)
    return body + struct.pack("<I", check_sum(SEED_MARK, body))


def _mark_words(data):
    """The three words of a mark; None where its check word is wrong."""
    if len(data) < MARK or check_sum(SEED_MARK, data[:12]) != struct.unpack_from("<I", data, 12)[0]:
        return None
    return struct.unpack_from("<III", data)


def record_bytes(unit, key_length, value_length):
    """What a record takes on flash, and where in it the check word is."""
    check = -(-(RECORD_HEAD + key_length + value_length) // 4) * 4
    return -(-(check + 4) // unit) * unit, check


@dataclass
class Record:
    """One record, and where it is."""

    kind: int
    more: bool
    owner: int
    total: int
    key: bytes
    value: bytes
    page: int
    offset: int
    size: int


@dataclass
class Page:
    """What was found in one page."""

    number: int
    offset: int
    state: str
    """erased, unused, ready, live, unfinished copy, dead, damaged"""
    sequence: int = 0
    kind: int = 0
    erases: int = 0
    oldest: int = 0
    used: int = 0
    records: List[Record] = field(default_factory=list)
    salvaged: List[Record] = field(default_factory=list)
    problems: List[str] = field(default_factory=list)
    notes: List[str] = field(default_factory=list)
    """What a power cut leaves behind, and what loses nothing."""


@dataclass
class Geometry:
    """Where the pages are in the file."""

    page: int
    unit: int
    stride: int
    offset: int
    pages: int


class Store:
    """A whole image."""

    def __init__(self, data, geometry):
        self.data, self.geometry = data, geometry
        self.pages = [self._page(i) for i in range(geometry.pages)]
        self._order()
        for page in self.pages:
            if page.state == "live":
                self._read_page(page)
        self._retire()

    @property
    def live(self):
        """The pages of the log, oldest first."""
        return sorted((p for p in self.pages if p.state == "live"), key=lambda p: p.sequence)

    @property
    def damaged(self):
        """The pages in which something is wrong."""
        return [p for p in self.pages if p.problems]

    def entries(self):
        """The latest record of every key that exists, by key; what was salvaged only where nothing else is."""
        out = {}
        for records in ([r for p in self.live for r in p.salvaged], [r for p in self.live for r in p.records]):
            for record in records:
                if record.kind == VALUE:
                    out[record.key] = record
                elif record.kind == GONE:
                    out.pop(record.key, None)
        return dict(sorted(out.items()))

    def _bytes(self, page):
        return self.data[page.offset:page.offset + self.geometry.page]

    def _page(self, number):
        g = self.geometry
        page = Page(number, g.offset + number * g.stride, "unused")
        data = self._bytes(page)
        form, opened = _mark_words(data), _mark_words(data[MARK:])
        if not data.strip(b"\xff"):
            page.state = "erased"
        elif form is None or form[0] != MAGIC_FORMAT:
            page.problems += ["its format mark is damaged: a torn erase, or bit errors"] if opened else []
        elif form[1] != g.page | g.unit:
            page.state = "damaged"
            page.problems.append("it belongs to a store of another geometry")
        else:
            self._opened(page, data, form, opened)
        return page

    @staticmethod
    def _opened(page, data, form, opened):
        page.erases = form[2]
        if opened is None or not opened[0] or opened[2] not in KINDS:
            blank = not data[MARK:HEAD].strip(b"\xff")
            page.state = "ready" if blank else "unused"
            if blank and data[HEAD:].strip(b"\xff"):
                page.problems.append("there is data after a mark that is erased: a torn erase, or damage")
            elif not blank:
                page.notes.append("its open mark is damaged: cut while it was opened, or bit errors")
            return
        page.sequence, page.oldest, page.kind = opened
        complete = _mark_words(data[2 * MARK:])
        done = complete is not None and complete[:2] == (MAGIC_COMPLETE, page.sequence)
        page.state = "live" if page.kind == KIND_LOG or done else "unfinished copy"

    def _order(self):
        dead = max((p.oldest + (p.kind == KIND_COPY) for p in self.pages if p.state == "live"), default=0)
        self._kill(dead)

    def _kill(self, below):
        for page in self.pages:
            if page.state == "live" and page.sequence < below:
                page.state, page.problems, page.notes = "dead", [], []

    def _retire(self):
        self._kill(max((struct.unpack("<I", r.value)[0] for p in self.live for r in p.records
                        if r.kind == RETIRE), default=0))
        for page in self.pages:
            if page.state == "dead":
                page.records, page.salvaged, page.problems, page.notes = [], [], [], []

    def _record(self, page, at):
        """The whole record at `at`; None where there is none."""
        data, unit = self._bytes(page), self.geometry.unit
        if len(data) - at < RECORD_HEAD + 4:
            return None
        kind, key_length, value_length, owner, total = struct.unpack_from("<BBHII", data, at)
        more, kind = bool(kind & MORE), kind & 0x7F
        if kind not in (VALUE, GONE, RETIRE) or key_length > KEY_MAX or (kind != RETIRE) != (key_length > 0):
            return None
        size, check = record_bytes(unit, key_length, value_length)
        if size > len(data) - at or \
                check_sum(page.sequence, data[at:at + check]) != struct.unpack_from("<I", data, at + check)[0]:
            return None
        key = at + RECORD_HEAD
        return Record(kind, more, owner, total, data[key:key + key_length],
                      data[key + key_length:key + key_length + value_length], page.number, at, size)

    def _read_page(self, page):
        at, batch, data = HEAD, [], self._bytes(page)
        while (record := self._record(page, at)) is not None:
            batch.append(record)
            at += record.size
            if not record.more:
                page.records += batch
                batch = []
        page.used = at - sum(r.size for r in batch)
        if batch:
            page.notes.append(f"a commit at {page.used:#x} has no end: it was cut")
        if data[at:].strip(b"\xff"):
            self._salvage(page, at + 4)
            text = f"no whole record at {at:#x}"
            if page.salvaged:
                page.problems.append(f"{text}: bit errors, for there are whole ones after it")
            else:
                page.notes.append(f"{text}: a write was cut, or bit errors")

    def _salvage(self, page, at):
        """What is whole after the damage. The kernel does not look: an application could have forged it."""
        while at < self.geometry.page:
            record = self._record(page, at)
            if record is not None and record.kind != RETIRE:
                page.salvaged.append(record)
            at += record.size if record is not None else 4


def find_geometry(data) -> Optional[Geometry]:
    """Where the pages of a store are, from their format marks; None where there is none."""
    marks = []
    magic = struct.pack("<I", MAGIC_FORMAT)
    at = data.find(magic)
    while at >= 0:
        words = _mark_words(data[at:at + MARK])
        if words is not None and words[1] % 64 in UNITS and words[1] // 64 * 64 >= PAGE_MIN:
            marks.append((at, words[1] // 64 * 64, words[1] % 64))
        at = data.find(magic, at + 4)
    if not marks:
        return None
    page, unit = marks[0][1:]
    places = [m[0] for m in marks if m[1:] == (page, unit)]
    stride = math.gcd(*[p - places[0] for p in places]) or page
    # Pages without a mark lie between, before and after these.
    first = places[0] % stride
    pages = -(-(len(data) - first - page + stride) // stride) if stride == page else \
        (places[-1] - first) // stride + 1
    return Geometry(page, unit, stride, first, max(pages, 1))


def make(entries, geometry):
    """An image of a store with these (owner, key, value); ValueError where they do not fit."""
    body = bytearray(b"\xff" * geometry.page)
    sequence, at, totals, pages = 1, HEAD, {}, []
    limit = geometry.pages - 2

    def close():
        pages.append(bytes(body))
        if len(pages) > limit:
            raise ValueError("they need more pages than there are, with two spare")

    def start():
        body[:] = b"\xff" * geometry.page
        body[:MARK] = _mark(MAGIC_FORMAT, geometry.page | geometry.unit, 1)
        body[MARK:2 * MARK] = _mark(sequence, 1, KIND_LOG)

    start()
    for owner, key, value in entries:
        if not 0 < len(key) <= KEY_MAX:
            raise ValueError(f"key {key!r} has {len(key)} bytes; 1 to {KEY_MAX} are possible")
        size, check = record_bytes(geometry.unit, len(key), len(value))
        if size > (geometry.page - HEAD) // 4:
            raise ValueError(f"the value of key {key!r} is larger than a quarter of a page")
        if at + size > geometry.page:
            close()
            sequence, at = sequence + 1, HEAD
            start()
        totals[owner] = totals.get(owner, 0) + size
        record = struct.pack("<BBHII", VALUE, len(key), len(value), owner, totals[owner]) + key + value
        record = record.ljust(check, b"\xff")
        body[at:at + check + 4] = record + struct.pack("<I", check_sum(sequence, record))
        at += size
    close()
    out = bytearray(b"\xff" * (geometry.offset + geometry.stride * (geometry.pages - 1) + geometry.page))
    for number, page in enumerate(pages):
        start_at = geometry.offset + number * geometry.stride
        out[start_at:start_at + geometry.page] = page
    return bytes(out)
