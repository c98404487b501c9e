# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Images of the application region made byte by byte: whole and damaged applications in places.

A place is 64 KiB of the region: place n is where linked addresses number n of our TABs are.
"""
import os
import struct
import sys

from . import ROOT

sys.path.insert(0, os.path.join(ROOT, "tools"))

from detent import board as boards  # noqa: E402
from detent import tab, tbf  # noqa: E402
from detent.verb_image import place  # noqa: E402
from detent.tbf_read import Tbf, grow, padding  # noqa: E402

PLACE = 0x10000
_MAIN_LIKE = (tbf.TLV_MAIN, tbf.TLV_PROGRAM)


def app_tab(name):
    """The TAB of an application of this repository."""
    return os.path.join(ROOT, "build", "apps", name, name + ".tab")


def placed(column, apps):
    """The region as `detent image` makes it of applications."""
    result, _ = place(boards.load(column.board), [app_tab(app) for app in apps])
    return result.image()


def binary(column, app, number=0, ram=None):
    """The TBF of an application for a place, grown to what the board can protect; `ram`: one that
    is linked for that RAM address."""
    target = boards.load(column.board)
    bundle = tab.Tab(_read(app_tab(app)), app)
    here = target.app_start + number * PLACE
    found = [data for arch in target.archs for name, data in bundle.binaries
             if name.split(".")[0] == arch and _at(data) in (None, here)
             and ram in (None, Tbf(data).fixed_ram)]
    if not found:
        raise LookupError(f"{app} has no binary for place {number} of {column.board}")
    found.sort(key=lambda data: _at(data) is None)  # one that is made for the place is better
    size = len(found[0])
    if target.placement == "sequential":
        size += -size % target.page
    else:
        size = max(1 << (size - 1).bit_length(), target.page)
    return found[0] if size == len(found[0]) else grow(Tbf(found[0]), size)


def _at(data):
    return Tbf(data).fixed_start


def _read(path):
    with open(path, "rb") as stream:
        return stream.read()


def places(column, wanted):
    """`wanted`, or how many places the region has where these are fewer."""
    return min(wanted, boards.load(column.board).app_size // PLACE)


def region(column, pieces):
    """The region with `pieces` {number of the place: bytes}; padding apps fill the gaps."""
    target = boards.load(column.board)
    out = b""
    for number, data in sorted(pieces.items()):
        gap = number * PLACE - len(out)
        out += (padding(gap) if gap else b"") + data
    if len(out) > target.app_size:
        raise ValueError("the pieces are more than the region holds")
    return out


def region_end(column, before, tail):
    """The whole region: `before` as in region(), then padding, and `tail` as its very last bytes."""
    target = boards.load(column.board)
    out = region(column, before)
    return out + padding(target.app_size - len(out) - len(tail)) + tail


# ---- damages: functions from a TBF's bytes to others ----

def signed(data):
    """The same with the checksum that its header wants."""
    size = struct.unpack_from("<H", data, 2)[0]
    header = data[:12] + bytes(4) + data[16:size]
    return patched(data, 12, "I", tbf.xor_words(header))


def patched(data, offset, layout, *values):
    """`data` with `values` packed at `offset`, the checksum left as it is."""
    out = bytearray(data)
    struct.pack_into("<" + layout, out, offset, *values)
    return bytes(out)


def tlvs(data):
    """(type, offset of the value, length) of every TLV in the header."""
    at, end = tbf.BASE_SIZE, struct.unpack_from("<H", data, 2)[0]
    while at < end:
        kind, length = struct.unpack_from("<HH", data, at)
        yield kind, at + 4, length
        at += 4 + length + -length % 4


def tlv(data, kind):
    """Offset of the value of the first TLV of a kind."""
    return next(at for k, at, _ in tlvs(data) if k == kind)


def with_program(data, field, value):
    """Main's and Program's word number `field` (0 init_fn_offset, 1 protected_size, 2 minimum RAM,
    3 binary_end_offset) set to `value`."""
    for kind, at, length in list(tlvs(data)):
        if kind in _MAIN_LIKE and field * 4 < length:
            data = patched(data, at + field * 4, "I", value)
    return signed(data)


def without_program(data):
    """Main and Program turned into TLVs that no kernel knows."""
    for kind, at, _ in list(tlvs(data)):
        if kind in _MAIN_LIKE:
            data = patched(data, at - 4, "H", 0x7F00 + kind)
    return signed(data)


def with_kernel_version(data, major, minor):
    """Asking for another kernel version."""
    return signed(patched(data, tlv(data, tbf.TLV_KERNEL_VERSION), "HH", major, minor))


def with_unknown_tlv(data):
    """A TLV of an unknown type and an odd length first in the header; the code stays where it is."""
    new = struct.pack("<HH", 0x4444, 5) + b"later\0\0\0"
    size, total = struct.unpack_from("<HI", data, 2)
    program = tlv(data, tbf.TLV_PROGRAM)
    init, protected, ram, end = struct.unpack_from("<IIII", data, program)
    header = data[:tbf.BASE_SIZE] + new + data[tbf.BASE_SIZE:size]
    rest = data[size:]
    if protected >= len(new):
        init, protected, rest = init - len(new), protected - len(new), rest[len(new):]
    elif total - end >= len(new):
        end, rest = end + len(new), rest[:-len(new)]
    else:
        raise ValueError("no room for a longer header")
    out = patched(header + rest, 2, "H", size + len(new))
    for field, value in enumerate((init, protected, ram, end)):
        out = with_program(out, field, value)
    return out
