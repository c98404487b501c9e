# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Reads TBF files. Nothing in the input is trusted; what is wrong is collected, not raised."""
import hashlib
import struct

from . import tbf

_HASH_NAMES = {tbf.FOOTER_SHA256: "sha256", tbf.FOOTER_SHA384: "sha384", tbf.FOOTER_SHA512: "sha512"}
FORMAT_NAMES = {
    tbf.FOOTER_RESERVED: "reserved", tbf.FOOTER_RSA3072: "RSA-3072", tbf.FOOTER_RSA4096: "RSA-4096",
    tbf.FOOTER_SHA256: "SHA-256", tbf.FOOTER_SHA384: "SHA-384", tbf.FOOTER_SHA512: "SHA-512",
    tbf.FOOTER_ECDSA_P256: "ECDSA-P256",
    tbf.FOOTER_ED25519: "Ed25519"}


class Footer:
    """One footer: `format` (None if it is no credential), `data`, and `valid`: True, False, or None
    where that takes a key."""

    def __init__(self, kind, data, covered, name):
        self.format = kind
        self.name = name
        self.data = data
        self.valid = None
        if kind in _HASH_NAMES:
            self.valid = hashlib.new(_HASH_NAMES[kind], covered).digest() == data


class Tbf:
    """One TBF at the start of `data`, which may be longer.

    `problems` lists what is wrong; a TBF with problems is not to be run. `damaged` is True where
    not even the sizes can be believed, `whole` where nothing is wrong with the header.
    """

    def __init__(self, data):
        self.data = data
        self.problems = []
        self.damaged, self.whole = True, False
        self.header_size = self.total_size = self.flags = self.checksum = 0
        self.version = self.checksum_ok = None
        self.elements = []
        self.main = self.program = self.fixed = self.kernel = self.short_id = self.storage = None
        self.name = None
        self.writeable_flash, self.permissions, self.footers = [], [], []
        self.footers_end = 0
        if self._read_base():
            self.damaged = False
            self._read_elements()
            self.whole = not self.problems
            self._read_footers()

    def _bad(self, text):
        self.problems.append(text)
        return False

    def _read_base(self):
        data = self.data
        if len(data) < tbf.BASE_SIZE:
            return self._bad("shorter than a TBF header")
        (self.version, self.header_size, self.total_size, self.flags,
         self.checksum) = struct.unpack_from("<HHIII", data)
        if self.version != tbf.VERSION:
            return self._bad(f"not a TBF: header version {self.version}, expected {tbf.VERSION}")
        if self.header_size < tbf.BASE_SIZE or self.header_size % 4:
            return self._bad(f"the header size {self.header_size} is impossible")
        if self.total_size < self.header_size:
            return self._bad(f"the total size {self.total_size} is smaller than the header")
        if self.header_size > len(data):
            return self._bad(f"cut off: a header of {self.header_size} bytes, {len(data)} there")
        header = data[:self.header_size]
        self.checksum_ok = tbf.xor_words(header[:12] + bytes(4) + header[16:]) == self.checksum
        if not self.checksum_ok:
            return self._bad("the header checksum is wrong")
        if self.total_size > len(data):
            return self._bad(f"cut off: {self.total_size} bytes announced, {len(data)} there")
        return True

    @property
    def is_padding(self):
        """A bare header: filler between applications."""
        return self.header_size == tbf.BASE_SIZE

    @property
    def enabled(self):
        """Whether the kernel is asked to run it."""
        return bool(self.flags & tbf.FLAG_ENABLED)

    @property
    def run_info(self):
        """The Program element, or the older Main element, or None."""
        return self.program or self.main

    @property
    def binary_end(self):
        """Offset of the first footer."""
        return self.program["binary_end"] if self.program else self.total_size

    @property
    def fixed_start(self):
        """Flash address at which this TBF has to start, or None if it may lie anywhere."""
        if not self.fixed or self.fixed[1] == 0xFFFFFFFF:
            return None
        protected = self.run_info["protected_size"] if self.run_info else 0
        return self.fixed[1] - self.header_size - protected

    @property
    def fixed_ram(self):
        """RAM address that the application was linked for, or None."""
        return None if not self.fixed or self.fixed[0] == 0xFFFFFFFF else self.fixed[0]

    @property
    def minimum_ram(self):
        """Bytes of RAM that the application asks for."""
        return self.run_info["minimum_ram"] if self.run_info else 0

    @property
    def has_credentials(self):
        """Whether a footer's value depends on the header's bytes."""
        return any(f.format != tbf.FOOTER_RESERVED for f in self.footers)

    def _read_elements(self):
        position = tbf.BASE_SIZE
        while position < self.header_size:
            if position + 4 > self.header_size:
                self._bad("a header element is cut off")
                return
            kind, size = struct.unpack_from("<HH", self.data, position)
            if position + 4 + size > self.header_size:
                self._bad(f"header element {kind} is longer than the header")
                return
            value = self.data[position + 4:position + 4 + size]
            self.elements.append((kind, value))
            self._read_element(kind, value)
            position += 4 + size + -size % 4
        if not self.is_padding:
            self._check_program()

    def _check_program(self):
        info = self.run_info
        if info is None:
            self._bad("neither a Program nor a Main element: it is not an application")
            return
        if not self.header_size <= self.binary_end <= self.total_size:
            self._bad(f"the binary's end {self.binary_end} lies outside the TBF")
            return
        if info["protected_size"] > self.binary_end - self.header_size:
            self._bad(f"the protected region of {info['protected_size']} bytes is too large")
        if info["init_fn_offset"] >= self.binary_end - self.header_size:
            self._bad(f"the entry point +{info['init_fn_offset']:#x} lies outside the binary")
        for offset, size in self.writeable_flash:
            if offset + size > self.total_size:
                self._bad(f"the writeable flash region +{offset:#x} lies outside the TBF")

    def _read_element(self, kind, value):
        reader = _ELEMENTS.get(kind)
        if reader is None:
            return
        try:
            reader(self, value)
        except struct.error:
            self._bad(f"header element {kind} has a wrong length ({len(value)} bytes)")

    # Of several Main or Program elements the first counts, of any other the last.
    def _read_main(self, value):
        self.main = self.main or _program(struct.unpack("<III", value))

    def _read_program(self, value):
        fields = struct.unpack("<IIIII", value)
        if self.program is None:
            self.program = _program(fields[:3])
            self.program.update(binary_end=fields[3], version=fields[4])

    def _read_writeable_flash(self, value):
        for position in range(0, len(value), 8):
            self.writeable_flash.append(struct.unpack("<II", value[position:position + 8]))

    def _read_name(self, value):
        self.name = value.decode("utf-8", "replace")

    def _read_fixed(self, value):
        self.fixed = struct.unpack("<II", value)

    def _read_permissions(self, value):
        count, = struct.unpack_from("<H", value)
        for index in range(count):
            self.permissions.append(struct.unpack_from("<IIQ", value, 2 + 16 * index))

    def _read_storage(self, value):
        write_id, count = struct.unpack_from("<IH", value)
        read_ids = struct.unpack_from(f"<{count}I", value, 6)
        count2, = struct.unpack_from("<H", value, 6 + 4 * count)
        access_ids = struct.unpack_from(f"<{count2}I", value, 8 + 4 * count)
        self.storage = (write_id, list(read_ids), list(access_ids))

    def _read_kernel(self, value):
        self.kernel = struct.unpack("<HH", value)

    def _read_short_id(self, value):
        self.short_id, = struct.unpack("<I", value)

    def _read_footers(self):
        position, end = self.binary_end, self.total_size
        self.footers_end = end
        if not self.program or not self.header_size <= position <= end:
            return
        self.footers_end = position
        covered = self.data[:position]
        while position + 4 <= end:
            kind, size = struct.unpack_from("<HH", self.data, position)
            if (kind, size) in ((0, 0), (0xFFFF, 0xFFFF)):
                return  # filled up
            is_credential = kind == tbf.TLV_CREDENTIALS
            if position + 4 + size > end or is_credential and size < 4:
                self._bad("the last footer is longer than the TBF, or too short")
                return
            value = self.data[position + 4:position + 4 + size]
            self.footers.append(_footer(kind, value, covered))
            position += 4 + size + -size % 4
            self.footers_end = min(position, end)


def _footer(kind, value, covered):
    if kind != tbf.TLV_CREDENTIALS:
        return Footer(None, value, covered, f"unknown type {kind}")
    form, = struct.unpack_from("<I", value)
    return Footer(form, value[4:], covered, FORMAT_NAMES.get(form, f"unknown format {form}"))


def _program(fields):
    return dict(zip(("init_fn_offset", "protected_size", "minimum_ram"), fields))


_ELEMENTS = {
    tbf.TLV_MAIN: Tbf._read_main, tbf.TLV_PROGRAM: Tbf._read_program,
    tbf.TLV_WRITEABLE_FLASH: Tbf._read_writeable_flash, tbf.TLV_PACKAGE_NAME: Tbf._read_name,
    tbf.TLV_FIXED_ADDRESSES: Tbf._read_fixed, tbf.TLV_PERMISSIONS: Tbf._read_permissions,
    tbf.TLV_STORAGE: Tbf._read_storage, tbf.TLV_KERNEL_VERSION: Tbf._read_kernel,
    tbf.TLV_SHORT_ID: Tbf._read_short_id}


def padding(size):
    """A padding app of `size` bytes (at least 16): its header, then zeros."""
    base = struct.pack("<HHII", tbf.VERSION, tbf.BASE_SIZE, size, 0)
    return base + struct.pack("<I", tbf.xor_words(base)) + bytes(size - tbf.BASE_SIZE)


def grow(source, size):
    """The bytes of the Tbf `source` with its total size raised to `size`.

    The new room becomes a reserved footer. Only for a TBF without credentials: these cover the
    header and would become invalid.
    """
    end = source.footers_end
    data = source.data[:source.total_size]
    if source.program and size - end >= 8 and not any(data[end:]):
        length = min(size - end - 4, 0xFFFC)
        data = data[:end] + struct.pack("<HHI", tbf.TLV_CREDENTIALS, length, tbf.FOOTER_RESERVED)
    data += bytes(size - len(data))
    head = bytearray(data[:source.header_size])
    struct.pack_into("<III", head, 4, size, source.flags, 0)
    struct.pack_into("<I", head, 12, tbf.xor_words(head))
    return bytes(head) + data[source.header_size:]
