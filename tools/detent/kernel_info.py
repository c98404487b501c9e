# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What a kernel image says about itself: the build record and the kernel attributes."""
import struct

from . import elf as elfmod

BUILD_MAGIC = b"DETENT-BUILD-1\n"
BUILD_SECTION = ".detent.build"
_BUILD_LIMIT = 8192
# The last eight bytes before the application region: version 1, then the word TOCK.
_ATTRIBUTES_END = b"\x00\x00\x00\x01TOCK"
_ATTRIBUTES_END_LE = b"\x01\x00\x00\x00TOCK"
_APP_MEMORY, _KERNEL_BINARY, _KERNEL_VERSION = 0x0101, 0x0102, 0x0103


def build_record(data):
    """The record's keys and values in order, or None; `data` holds it anywhere."""
    start = data.find(BUILD_MAGIC)
    if start < 0:
        return None
    start += len(BUILD_MAGIC)
    end = data.find(b"\0", start, start + _BUILD_LIMIT)
    if end < 0:
        return None
    record = {}
    for line in data[start:end].decode("utf-8", "replace").splitlines():
        key, equals, value = line.partition("=")
        if equals:
            record[key] = value
    return record


def attributes(data):
    """The kernel attributes that end at the last mark in `data`, or None."""
    end = max(data.rfind(_ATTRIBUTES_END), data.rfind(_ATTRIBUTES_END_LE))
    if end < 0:
        return None
    result = {}
    # Value first, then type and length: read from the end towards the start until no known type.
    while end >= 4:
        kind, size = struct.unpack_from("<HH", data, end - 4)
        start = end - 4 - size
        if start < 0 or not _attribute(result, kind, data[start:end - 4]):
            break
        end = start
    return result


def _attribute(result, kind, value):
    if kind == _APP_MEMORY and len(value) == 8:
        start, size = struct.unpack("<II", value)
        result["app_ram"] = {"start": start, "size": size}
    elif kind == _KERNEL_BINARY and len(value) == 8:
        start, size = struct.unpack("<II", value)
        result["kernel_flash"] = {"start": start, "size": size}
    elif kind == _KERNEL_VERSION and len(value) >= 4:
        result["kernel_version"] = ".".join(str(v) for v in struct.unpack_from("<HH", value))
    else:
        return False
    return True


def of_elf(elf):
    """(build record or None, attributes or None) of an Elf."""
    section = elf.section(BUILD_SECTION)
    record = build_record(elf.section_data(section) + b"\0" if section else elf.data)
    found = None
    for segment in elf.segments:
        if segment.type == elfmod.PT_LOAD and segment.filesz:
            found = attributes(elf.segment_data(segment)) or found
    return record, found


def sizes(elf):
    """Bytes in flash and in RAM that an ELF's sections take."""
    flash = ram = 0
    for section in elf.sections:
        if not section.flags & elfmod.SHF_ALLOC:
            continue
        if section.type != elfmod.SHT_NOBITS:
            flash += section.size
        if section.flags & elfmod.SHF_WRITE:
            ram += section.size
    return {"flash": flash, "ram": ram}
