# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Numbers of the Tock Binary Format (header version 2), shared by writer and reader."""

VERSION = 2
BASE_SIZE = 16
FLAG_ENABLED = 1
FLAG_STICKY = 2

TLV_MAIN = 1
TLV_WRITEABLE_FLASH = 2
TLV_PACKAGE_NAME = 3
TLV_FIXED_ADDRESSES = 5
TLV_PERMISSIONS = 6
TLV_STORAGE = 7
TLV_KERNEL_VERSION = 8
TLV_PROGRAM = 9
TLV_SHORT_ID = 10
TLV_CREDENTIALS = 128

FOOTER_RESERVED = 0
FOOTER_RSA3072 = 1
FOOTER_RSA4096 = 2
FOOTER_SHA256 = 3
FOOTER_SHA384 = 4
FOOTER_SHA512 = 5
FOOTER_ECDSA_P256 = 6
FOOTER_ED25519 = 0xD0  # Detent's own


def xor_words(data):
    """XOR of the little-endian words of `data`; a short last word counts as padded with zeros."""
    result = 0
    for position in range(0, len(data), 4):
        result ^= int.from_bytes(data[position:position + 4], "little")
    return result
