# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`detent sign`: adds credentials to the footers of TBF files and TABs."""
import hashlib
import struct

from . import keys, tab, tbf
from .args import Parser
from .errors import EXIT_OK, ToolError
from .files import read_file, write_file
from .tbf_build import HASHES
from .tbf_read import Tbf

EXAMPLES = [
    "detent sign --key release.pem hello.tab",
    "detent sign --key release.pem --key vendor.pem --hash sha256 -o signed.tab hello.tab",
    "detent sign --strip --key release.pem hello.tbf",
]
DESCRIPTION = """Adds a credential for each key and each hash to every binary of a TBF or a TAB. The
credentials cover the header and the binary; those that are there already stay. A binary without
credentials grows to what they need and to whole pages of 512 bytes, and its end to where every kind of
memory protection can end what is executed; one with credentials cannot."""
_OVERHEAD = 8  # u16 type, u16 length, u32 format
_RESERVED_MAX = 0xFFF8
# Loading at run time takes multiples of 16 bytes; the end of a flash page is the end of no other's page.
_GRANULE = 512
_PIECE = 32  # what PMSAv8 is exact to, and the smallest subregion of PMSAv7
_BINARY_END = 12  # of binary_end_offset in the Program element's value


def main(argv):
    """Runs the verb."""
    parser = Parser("sign", DESCRIPTION, EXAMPLES)
    parser.add_argument("--key", action="append", default=[], metavar="PEM", help="private key; repeatable")
    parser.add_argument("--hash", action="append", default=[], choices=sorted(HASHES), help="repeatable")
    parser.add_argument("--strip", action="store_true", help="remove the credentials that are there first")
    parser.add_argument("-o", "--output", metavar="FILE", help="default: the file itself")
    parser.add_argument("file", metavar="FILE")
    options = parser.parse_args(argv)
    if not options.key and not options.hash and not options.strip:
        parser.error("give --key or --hash")
    signers = [keys.load(path) for path in options.key]
    data = read_file(options.file)
    if tab.is_tab(data):
        bundle = tab.Tab(data, options.file)
        signed = tab.write(bundle.metadata, [
            (arch, sign(binary, signers, options.hash, options.strip, f"{options.file}: {arch}", arch))
            for arch, binary in bundle.binaries])
    else:
        signed = sign(data, signers, options.hash, options.strip, options.file)
    write_file(options.output or options.file, signed)
    return EXIT_OK


def sign(data, signers, hashes=(), strip=False, label="the TBF", arch=""):
    """The bytes of the TBF `data` with credentials added."""
    item = Tbf(data)
    if not item.whole or item.is_padding:
        raise ToolError(f"{label}: {'; '.join(item.problems) or 'only padding'}; nothing was signed")
    if item.program is None:
        raise ToolError(f"{label}: its header has no Program element, so nothing can follow the binary; "
                        "pack it with detent pack or elf2tab 0.9 or newer")
    if item.problems and not strip:
        raise ToolError(f"{label}: {'; '.join(item.problems)}; remove its footers with --strip")
    kept = b"" if strip else b"".join(_encoded(f.format, f.data) for f in item.footers
                                      if f.format not in (None, tbf.FOOTER_RESERVED))
    size = _sizes(signers, hashes) + len(kept)
    end, total = item.binary_end, item.total_size
    if not kept:
        end, total = _grown(item, size, arch)
    elif size > total - item.binary_end:
        raise ToolError(f"{label}: its footers have room for {total - item.binary_end - len(kept)} more "
                        f"bytes, and {size - len(kept)} are needed; use --strip and sign with all keys at once")
    covered = _header(item, end, total) + data[item.header_size:item.binary_end] + bytes(end - item.binary_end)
    out = kept
    for name in hashes:
        out += _encoded(HASHES[name], hashlib.new(name, covered).digest())
    for signer in signers:
        out += _encoded(signer.format, signer.sign(covered))
    return covered + out + _reserved(total - end - len(out))


def _encoded(form, data):
    value = struct.pack("<I", form) + data
    return struct.pack("<HH", tbf.TLV_CREDENTIALS, len(value)) + value + bytes(-len(value) % 4)


def _sizes(signers, hashes):
    sizes = {tbf.FOOTER_ECDSA_P256: 64, tbf.FOOTER_RSA3072: 768, tbf.FOOTER_RSA4096: 1024, tbf.FOOTER_ED25519: 96}
    return sum(_OVERHEAD + sizes[s.format] for s in signers) + \
        sum(_OVERHEAD + hashlib.new(h).digest_size for h in hashes)


def _grown(item, size, arch):
    """(end of the binary, total size) with room for `size` bytes of footers: whole pages; on Arm a power of two,
    as packers make it."""
    total = item.total_size
    if total & (total - 1) == 0 and not arch.startswith("rv"):
        while code_end(item.binary_end, total) + size > total:
            total *= 2
        return code_end(item.binary_end, total), total
    end = item.binary_end + -item.binary_end % _PIECE
    total = max(total, end + size)
    return end, total + -total % _GRANULE


def code_end(end, total):
    """Where the first eighth that a region can leave out begins: arch/armv7m/src/mpu.c, footers_start()."""
    step = _PIECE
    while True:
        start = end + -end % step
        if start >= total or start // (8 * step) == (total - 1) // (8 * step):
            return start
        step *= 2


def _header(item, end, total):
    head = bytearray(item.data[:item.header_size])
    struct.pack_into("<III", head, 4, total, item.flags, 0)
    struct.pack_into("<I", head, _program(head) + _BINARY_END, end)
    struct.pack_into("<I", head, 12, tbf.xor_words(head))
    return bytes(head)


def _program(head):
    """Offset of the first Program element's value, which is the one that counts."""
    at = tbf.BASE_SIZE
    kind, length = struct.unpack_from("<HH", head, at)
    while kind != tbf.TLV_PROGRAM:
        at += 4 + length + -length % 4
        kind, length = struct.unpack_from("<HH", head, at)
    return at + 4


def _reserved(room):
    """Footers that keep room for later credentials."""
    out = b""
    while room - len(out) >= _OVERHEAD:
        length = min(room - len(out) - 4, _RESERVED_MAX)
        out += struct.pack("<HHI", tbf.TLV_CREDENTIALS, length, tbf.FOOTER_RESERVED) + bytes(length - 4)
    return out + bytes(room - len(out))
