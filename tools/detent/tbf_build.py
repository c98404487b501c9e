# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Writes the header and the footers of a Tock Binary Format file (TRD on TBF, header version 2)."""
import hashlib
import struct
from dataclasses import dataclass, field
from typing import List, Optional, Tuple

from . import tbf

NO_ADDRESS = 0xFFFFFFFF
CREDENTIAL_OVERHEAD = 8  # u16 type, u16 length, u32 format
HASHES = {"sha256": tbf.FOOTER_SHA256, "sha384": tbf.FOOTER_SHA384, "sha512": tbf.FOOTER_SHA512}


@dataclass
class Header:
    """What goes into a TBF header; sizes and offsets in bytes."""

    minimum_ram: int = 0
    init_fn_offset: int = 0
    protected_size: int = 0
    binary_end: int = 0
    app_version: int = 0
    total_size: int = 0
    name: bytes = b""
    writeable_flash: List[Tuple[int, int]] = field(default_factory=list)
    fixed_ram: Optional[int] = None
    fixed_flash: Optional[int] = None
    permissions: List[Tuple[int, int]] = field(default_factory=list)
    storage: Optional[Tuple[int, List[int], List[int]]] = None
    kernel: Optional[Tuple[int, int]] = None
    short_id: Optional[int] = None
    enabled: bool = True


def encode(header):
    """The header's bytes, checksum included. The length depends only on which parts are present."""
    body = _main_and_program(header) + _name(header.name)
    for offset, size in header.writeable_flash:
        body += _tlv(tbf.TLV_WRITEABLE_FLASH, struct.pack("<II", offset, size))
    if header.fixed_ram is not None or header.fixed_flash is not None:
        body += _tlv(tbf.TLV_FIXED_ADDRESSES, struct.pack(
            "<II", _or_none(header.fixed_ram), _or_none(header.fixed_flash)))
    body += _permissions(header.permissions)
    body += _storage(header.storage)
    if header.kernel is not None:
        body += _tlv(tbf.TLV_KERNEL_VERSION, struct.pack("<HH", *header.kernel))
    if header.short_id is not None:
        body += _tlv(tbf.TLV_SHORT_ID, struct.pack("<I", header.short_id))
    flags = tbf.FLAG_ENABLED if header.enabled else 0
    size = tbf.BASE_SIZE + len(body)
    base = struct.pack("<HHII", tbf.VERSION, size, header.total_size, flags)
    return base + struct.pack("<I", tbf.xor_words(base + body)) + body


def _or_none(address):
    return NO_ADDRESS if address is None else address


def _tlv(kind, data):
    return struct.pack("<HH", kind, len(data)) + data + bytes(-len(data) % 4)


def _main_and_program(header):
    main = struct.pack("<III", header.init_fn_offset, header.protected_size, header.minimum_ram)
    program = main + struct.pack("<II", header.binary_end, header.app_version)
    return _tlv(tbf.TLV_MAIN, main) + _tlv(tbf.TLV_PROGRAM, program)


def _name(name):
    return _tlv(tbf.TLV_PACKAGE_NAME, name) if name else b""


def _permissions(pairs):
    """One 64-command mask for each (driver, command // 64), in order of first mention."""
    masks = {}
    for driver, command in pairs:
        key = (driver, command // 64)
        masks[key] = masks.get(key, 0) | 1 << command % 64
    if not masks:
        return b""
    data = struct.pack("<H", len(masks))
    for (driver, offset), mask in masks.items():
        data += struct.pack("<IIQ", driver, offset, mask)
    return _tlv(tbf.TLV_PERMISSIONS, data)


def _storage(storage):
    if storage is None:
        return b""
    write_id, read_ids, access_ids = storage
    data = struct.pack("<IH", write_id, len(read_ids))
    data += struct.pack(f"<{len(read_ids)}I", *read_ids)
    data += struct.pack("<H", len(access_ids))
    data += struct.pack(f"<{len(access_ids)}I", *access_ids)
    return _tlv(tbf.TLV_STORAGE, data)


def footers_size(hashes, minimum):
    """Bytes of the requested hash credentials plus the reserved credential that `minimum` asks for.

    Returns (size, whether a reserved credential is certain).
    """
    size = sum(CREDENTIAL_OVERHEAD + hashlib.new(h).digest_size for h in hashes)
    if minimum <= size:
        return size, False
    reserved = max(minimum - size, CREDENTIAL_OVERHEAD)
    return size + reserved + -reserved % 4, True


def footers(covered, hashes, space):
    """The footers of a binary: `covered` is all that the hashes cover, `space` the bytes to fill."""
    out = b""
    for name in hashes:
        digest = hashlib.new(name, covered).digest()
        out += _credential(HASHES[name], digest)
    rest = space - len(out)
    if rest >= CREDENTIAL_OVERHEAD:
        out += _credential(tbf.FOOTER_RESERVED, bytes(rest - CREDENTIAL_OVERHEAD))
    return out + bytes(space - len(out))


def _credential(kind, data):
    # The length field has 16 bits: a larger reserved credential carries its length modulo 65536,
    # as every TBF producer does; a parser stops there, at the end of the real credentials.
    length = (4 + len(data)) & 0xFFFF
    return struct.pack("<HHI", tbf.TLV_CREDENTIALS, length, kind) + data
