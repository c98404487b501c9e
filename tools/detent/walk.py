# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Walks an image of the application region as the kernel does.

From header to header by total sizes. Over a damaged one by the size it claims, if a whole header
lies there, else by looking on, four bytes at a time. An erased or zeroed word ends the list.
"""
import struct

from . import tbf
from .tbf_read import Tbf

_MAX_ITEMS = 1024


def walk(data):
    """List of (offset, Tbf); the damaged ones among them."""
    items, offset = [], 0
    while offset < len(data) and len(items) < _MAX_ITEMS:
        # A file may end inside of the word: tockloader writes a single zero.
        if set(data[offset:offset + 4]) in ({0}, {0xFF}):
            break
        item = Tbf(data[offset:])
        items.append((offset, item))
        offset = offset + item.total_size if item.whole else _step_over(data, offset, item)
    return items


def _step_over(data, offset, item):
    claimed = offset + item.total_size
    if item.total_size >= tbf.BASE_SIZE and claimed % 4 == 0 and _whole_header_at(data, claimed):
        return claimed
    for following in range(offset + 4, len(data) - tbf.BASE_SIZE + 1, 4):
        if _whole_header_at(data, following):
            return following
    return len(data)


def _whole_header_at(data, offset):
    if offset + tbf.BASE_SIZE > len(data):
        return False
    version, header_size, total_size = struct.unpack_from("<HHI", data, offset)
    if version != tbf.VERSION or header_size < tbf.BASE_SIZE or total_size > len(data) - offset:
        return False
    return Tbf(data[offset:offset + total_size]).whole
