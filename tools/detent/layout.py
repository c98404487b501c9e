# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Decides where applications lie in a board's flash and makes the image of that region.

The kernel walks the region from TBF to TBF by their total sizes, so that every gap is filled by a
padding app. Fixed-address applications get their address; the others fill the gaps in order.
"""
from . import tab
from .errors import ToolError
from .files import read_file
from .tbf_read import Tbf, grow, padding

MIN_PADDING = 16
# Where an architecture has fixed addresses, its name with this is that of the binary for any address.
# Older tools, which expect that all binaries of an architecture are of one kind, do not see it.
PIC_SUFFIX = "-pic"
_SEARCH_LIMIT = 20000


class Candidate:
    """One TBF that can stand for an application, and where it was put (`start`, an address)."""

    def __init__(self, label, data, raw=False):
        self.label = label
        self.raw = raw
        self.tbf = None if raw else Tbf(data)
        self.data = data if raw else data[:self.tbf.total_size]
        self.fixed_start = None if raw else self.tbf.fixed_start
        self.start = None

    @property
    def end(self):
        """The address behind it."""
        return self.start + len(self.data)


def load(path, board, remarks):
    """The candidates that the file `path` gives for `board`: one for a TBF, or those of a TAB."""
    data = read_file(path)
    if tab.is_tab(data):
        return _load_tab(tab.Tab(data, path), board, remarks)
    candidate = Candidate(path, data)
    _check(candidate)
    if candidate.tbf.total_size != len(data):
        remarks.append(f"{path}: {len(data) - candidate.tbf.total_size} bytes after the TBF are left out")
    return [candidate]


def load_raw(path):
    """A file that is placed as it is, whatever is in it."""
    data = read_file(path)
    return [Candidate(path, data + bytes(-len(data) % 4), raw=True)]


def _load_tab(bundle, board, remarks):
    boards = bundle.value("only-for-boards")
    if boards and board.name not in [b.strip() for b in boards.split(",")]:
        remarks.append(f"{bundle.path}: made for {boards}, not for {board.name}")
    found = []
    for arch in board.archs:
        for wanted in (arch + PIC_SUFFIX, arch):
            found += [(name, data) for name, data in bundle.binaries if name.split(".")[0] == wanted]
    if not found:
        has = ", ".join(name for name, _ in bundle.binaries)
        raise ToolError(f"{bundle.path}: holds {has}, but {board.name} needs {' or '.join(board.archs)}; "
                        "build the application for that architecture")
    candidates = [Candidate(f"{bundle.path}:{name}", data) for name, data in found]
    for candidate in candidates:
        _check(candidate)
    return candidates


def _check(candidate):
    if candidate.tbf.problems:
        raise ToolError(f"{candidate.label}: damaged or no TBF: {candidate.tbf.problems[0]}; "
                        "pack it again, or place it unchecked as raw:FILE")


def fit_size(board, candidate, remarks):
    """Grows a TBF to the board's granularity, unless a credential covers its header."""
    size = len(candidate.data)
    wanted = granule(board, size)
    if wanted == size or candidate.raw:
        return
    if candidate.tbf.has_credentials:
        remarks.append(f"{candidate.label}: {size} bytes cannot grow to {wanted}, "
                       "because a credential covers the header")
        return
    candidate.data = grow(candidate.tbf, wanted)


def granule(board, size):
    """The bytes that an application of `size` bytes takes on a board."""
    if board.placement == "sequential":
        return size + -size % board.page
    return max(1 << (size - 1).bit_length(), board.page)


def alignment(board, size):
    """What an application of `size` bytes begins at a multiple of."""
    return board.page if board.placement == "sequential" else granule(board, size)


class Layout:
    """The placement of applications on one board."""

    def __init__(self, board, groups, remarks):
        self.board = board
        self.remarks = remarks
        self._start, self._end = board.app_start, board.app_start + board.app_size
        for group in groups:
            for candidate in group:
                fit_size(board, candidate, remarks)
        self.placed = self._choose(groups)
        for candidate in [c for c in self.placed if c.start is None]:
            self._place_in_gap(candidate)
        self.placed.sort(key=lambda c: c.start)

    def _choose(self, groups):
        """One candidate of each group, such that the fixed-address ones do not collide."""
        usable = []
        for group in groups:
            fits = [c for c in group if c.fixed_start is None or self._inside(c)]
            if not fits:
                self._explain_outside(group)
            usable.append(fits)
        for check_ram in (True, False):
            self._steps = 0
            chosen = self._search(usable, [], check_ram)
            if chosen is not None:
                if not check_ram:
                    self.remarks.append("two applications are linked for overlapping RAM, or for RAM "
                                        "that the board has not; the kernel will refuse one")
                return self._commit(chosen)
        self._explain_collision(usable)

    def _inside(self, candidate):
        start = candidate.fixed_start
        return self._start <= start and start + len(candidate.data) <= self._end and start % 4 == 0

    def _search(self, groups, chosen, check_ram):
        if len(chosen) == len(groups):
            return chosen
        for candidate in groups[len(chosen)]:
            self._steps += 1
            if self._steps > _SEARCH_LIMIT:
                return None
            if all(self._agree(candidate, other, check_ram) for other in chosen) and \
                    (not check_ram or self._ram_exists(candidate)):
                result = self._search(groups, chosen + [candidate], check_ram)
                if result is not None:
                    return result
        return None

    def _agree(self, one, other, check_ram):
        if one.fixed_start is not None and other.fixed_start is not None:
            gap = max(one.fixed_start - other.fixed_start - len(other.data),
                      other.fixed_start - one.fixed_start - len(one.data))
            if gap < 0 or 0 < gap < MIN_PADDING:
                return False
        if not check_ram or one.raw or other.raw or None in (one.tbf.fixed_ram, other.tbf.fixed_ram):
            return True
        return (one.tbf.fixed_ram + one.tbf.minimum_ram <= other.tbf.fixed_ram or
                other.tbf.fixed_ram + other.tbf.minimum_ram <= one.tbf.fixed_ram)

    def _ram_exists(self, candidate):
        if candidate.raw or candidate.tbf.fixed_ram is None:
            return True
        start, size = candidate.tbf.fixed_ram, candidate.tbf.minimum_ram
        return self.board.ram_start <= start and \
            start + size <= self.board.ram_start + self.board.ram_size

    def _commit(self, chosen):
        for candidate in chosen:
            candidate.start = candidate.fixed_start
        return list(chosen)

    def _explain_outside(self, group):
        places = ", ".join(f"{c.fixed_start:#x}" for c in group)
        raise ToolError(f"{group[0].label}: linked for flash at {places}, but {self.board.name} has "
                        f"applications at {self._start:#x}..{self._end:#x}; link it for that")

    def _explain_collision(self, groups):
        places = "; ".join(f"{g[0].label} at {', '.join(hex(c.fixed_start) for c in g if c.fixed_start)}"
                           for g in groups if any(c.fixed_start for c in g))
        raise ToolError(f"no placement without overlap in flash: {places}; link one of them elsewhere")

    def _place_in_gap(self, candidate):
        align = alignment(self.board, len(candidate.data))
        taken = sorted((c for c in self.placed if c.start is not None), key=lambda c: c.start)
        position = self._start
        for other in taken + [None]:
            limit = other.start if other else self._end
            start = self._aligned(position, align)
            rest = limit - start - len(candidate.data)
            if rest == 0 or rest >= MIN_PADDING or (rest > 0 and other is None):
                candidate.start = start
                return
            if other:
                position = other.end
        used = sum(len(c.data) for c in taken)
        raise ToolError(f"{candidate.label}: {len(candidate.data)} bytes do not fit any more: {used} of "
                        f"{self.board.app_size} bytes at {self._start:#x} are used; leave something out")

    def _aligned(self, position, align):
        start = position + -position % align
        while 0 < start - position < MIN_PADDING:
            start += align
        return start

    def image(self):
        """The region's bytes up to the end of the last application."""
        out = bytearray()
        for candidate in self.placed:
            gap = candidate.start - self._start - len(out)
            out += padding(gap) if gap else b""
            out += candidate.data
        return bytes(out)
