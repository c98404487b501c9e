# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Damaged applications in the middle of flash: each is skipped with a line that says which and why,
and those before and behind it run."""
import random
import struct

from lib import images
from lib.emulator import Test, expect, expect_all

APPS = ("hello", "printf_all", "bss_data")
NEVER = ("kernel panic", "printf_all: done")
OTHERS = ("Hello from a process!", "bss_data: 0 failed")
LINE = r"app at 0x\w+1[0-9a-f]{4} skipped: "


def middle(column, damage):
    """hello, a damaged printf_all, bss_data."""
    return images.region(column, {
        0: images.binary(column, "hello", 0), 1: damage(images.binary(column, "printf_all", 1)),
        2: images.binary(column, "bss_data", 2)})


def skipped(name, line, damage, needs=""):
    """A test of one damage: the kernel says `line`, the others run, the damaged one does not."""
    return Test("damage-" + name, image=lambda column: middle(column, damage), uses=APPS, needs=needs, reference=True,
                steps=[expect_all(line, *OTHERS)], forbid=NEVER)


def runs(name, damage, never=("kernel panic", "skipped", "refused")):
    """A test of something unusual that is no damage: all three run."""
    return Test("damage-" + name, image=lambda column: middle(column, damage), uses=APPS, reference=True,
                steps=[expect_all("printf_all: done", *OTHERS)], forbid=never)


def tlv_length(data, kind, length):
    """A TLV that says another length."""
    return images.signed(images.patched(data, images.tlv(data, kind) - 2, "H", length))


def truncated(column):
    """The last header says more than the rest of the region holds."""
    before = {0: images.binary(column, "hello", 0), 2: images.binary(column, "bss_data", 2)}
    tail = images.binary(column, "printf_all", 1)
    return images.region_end(column, before, images.signed(
        images.patched(tail, 4, "I", len(tail) + 4)))


def cut_header(column):
    """The region ends inside of a header."""
    before = {0: images.binary(column, "hello", 0), 2: images.binary(column, "bss_data", 2)}
    return images.region_end(column, before, images.binary(column, "printf_all", 1)[:12])


def filled(byte):
    """An end of the row of applications: nothing behind it counts."""
    return lambda data: bytes([byte]) * len(data)


def all_kinds(column):
    """Every place but the last damaged in another way."""
    return images.region(column, {
        0: images.patched(images.binary(column, "printf_all", 0), 0, "H", 3),
        1: images.patched(images.binary(column, "printf_all", 1), 12, "I", 0),
        2: images.patched(images.binary(column, "printf_all", 2), 2, "H", 0xFFFC),
        3: images.patched(images.binary(column, "printf_all", 3), 4, "I", 4),
        4: bytes([0x55]) * len(images.binary(column, "printf_all", 4)),
        5: images.without_program(images.binary(column, "printf_all", 5)),
        7: images.binary(column, "bss_data", 7)})


def shaken(data, seed):
    """One to eight bytes of the header other than the first four changed, in half of the cases with
    a checksum that fits."""
    source = random.Random(seed)
    out = bytearray(data)
    size = struct.unpack_from("<H", data, 2)[0]
    for _ in range(source.randint(1, 8)):
        out[source.randrange(4, size)] = source.randrange(256)
    return images.signed(bytes(out)) if source.random() < 0.5 else bytes(out)


def order_reversed(column):
    """What lies first in flash is last in RAM."""
    return images.region(column, {0: images.binary(column, "crossed", 0, ram=RAM + images.PLACE),
                                  1: images.binary(column, "crossed", 1, ram=RAM),
                                  2: images.binary(column, "hello", 2)})


def same_ram(column):
    """Two that are linked for one RAM address, and one that is not."""
    return images.region(column, {1: images.binary(column, "crossed", 1, ram=RAM),
                                  2: images.binary(column, "crossed", 2, ram=RAM),
                                  3: images.binary(column, "hello", 3)})


def sixteen(column, app):
    """More applications than any of our boards has slots for."""
    return images.region(column, {n: images.binary(column, app, n) for n in range(images.places(column, 16))})


# Where the RAM of linked applications begins, on every board that runs them.
RAM = 0x80300000

TESTS = [
    skipped("checksum", LINE + "header checksum is wrong", lambda d: images.patched(d, 12, "I", 1)),
    skipped("name-bit", LINE + "header checksum is wrong",
            lambda d: images.patched(d, images.tlv(d, 3), "B", d[images.tlv(d, 3)] ^ 1)),
    skipped("version-1", LINE + "header version is not 2", lambda d: images.signed(images.patched(d, 0, "H", 1))),
    skipped("version-3", LINE + "header version is not 2", lambda d: images.signed(images.patched(d, 0, "H", 3))),
    skipped("header-size-small", LINE + "header size", lambda d: images.patched(d, 2, "H", 12)),
    skipped("header-size-odd", LINE + "header size", lambda d: images.patched(d, 2, "H", 0x46)),
    skipped("header-size-large", LINE + "header size", lambda d: images.patched(d, 2, "H", 0xFFFC)),
    skipped("total-size-zero", LINE + "total size", lambda d: images.signed(images.patched(d, 4, "I", 0))),
    skipped("total-size-small", LINE + "(?:total|header) size",
            lambda d: images.signed(images.patched(d, 4, "I", 16))),
    skipped("total-size-large", LINE + "total size", lambda d: images.signed(images.patched(d, 4, "I", 0x7FFFFFFC))),
    skipped("total-size-wraps", LINE + "total size", lambda d: images.signed(images.patched(d, 4, "I", 0xFFFFFFF0))),
    skipped("tlv-overflow", LINE + "a TLV reaches beyond", lambda d: tlv_length(d, 9, 0xFFFF)),
    skipped("tlv-length", LINE + "a TLV has the wrong length", lambda d: tlv_length(d, 9, 16)),
    skipped("no-program", LINE + "header has neither", images.without_program),
    skipped("entry", LINE + "entry point", lambda d: images.with_program(d, 0, 0xFFFFFFF0)),
    skipped("protected-size", LINE + "protected region", lambda d: images.with_program(d, 1, 0xFFFFFFF0)),
    skipped("binary-end", LINE + "end of binary", lambda d: images.with_program(d, 3, 0xFFFFFFF0)),
    skipped("garbage", LINE + ".+", lambda d: bytes(b ^ 0xA5 for b in d)),
    Test("damage-truncated-last", image=truncated, uses=APPS, forbid=NEVER,
         steps=[expect_all(r"app at 0x\w+ skipped: total size is impossible or beyond", *OTHERS)]),
    Test("damage-cut-header", image=cut_header, uses=APPS, forbid=NEVER,
         steps=[expect_all(r"app at 0x\w+f{2}4 skipped: flash ends inside the header", *OTHERS)]),
    Test("damage-zeroed-is-end", image=lambda c: middle(c, filled(0)), uses=APPS,
         steps=[expect("Hello from a process!")], forbid=("kernel panic", "bss_data", "skipped")),
    Test("damage-erased-is-end", image=lambda c: middle(c, filled(0xFF)), uses=APPS,
         steps=[expect("Hello from a process!")], forbid=("kernel panic", "bss_data", "skipped")),
    Test("damage-all-zero", small=True, image=lambda c: bytes(4096), needs="process-console",
         steps=[expect(r"detent\$ ")]),
    Test("damage-all-kinds", image=all_kinds, uses=APPS, forbid=NEVER,
         steps=[expect(*[r"app at 0x\w+0000 skipped: \w.+"] * 6, "bss_data: 0 failed")]),
    skipped("disabled", r"app printf_all at 0x\w+10000 skipped: it is disabled",
            lambda d: images.signed(images.patched(d, 8, "I", 0))),
    skipped("kernel-too-new", r"app printf_all at 0x\w+10000 skipped: it asks for another kernel version\n"
            r" +wanted 3\.0, this is 2\.\d+", lambda d: images.with_kernel_version(d, 3, 0)),
    skipped("kernel-minor-too-new", r"app printf_all at 0x\w+10000 skipped: it asks for another kernel version",
            lambda d: images.with_kernel_version(d, 2, 0x7FFF)),
    skipped("kernel-old", r"app printf_all at 0x\w+10000 skipped: it asks for another kernel version",
            lambda d: images.with_kernel_version(d, 1, 0)),
    skipped("too-much-ram", r"app printf_all at 0x\w+10000 refused: it needs 33554432 bytes of RAM and \d+ for "
            r"the kernel, .*\d", lambda d: images.with_program(d, 2, 0x02000000)),
    skipped("ram-wraps", r"app printf_all at 0x\w+10000 refused: it needs 4294967295 bytes of RAM",
            lambda d: images.with_program(d, 2, 0xFFFFFFFF)),
    runs("unknown-tlv", images.with_unknown_tlv),
    runs("sticky", lambda d: images.signed(images.patched(d, 8, "I", 3))),
    runs("unknown-flags", lambda d: images.signed(images.patched(d, 8, "I", struct.unpack_from("<I", d, 8)[0] | 0xFF00))),
    Test("damage-padding", image=lambda c: images.region(c, {
        1: images.binary(c, "hello", 1), 5: images.binary(c, "bss_data", 5)}), uses=APPS,
        steps=[expect_all(*OTHERS)], forbid=("kernel panic", "skipped", "refused")),
    Test("damage-wrong-flash", needs="fixed-addresses", image=lambda c: images.region(c, {
        0: images.binary(c, "hello", 0), 1: images.binary(c, "printf_all", 4),
        2: images.binary(c, "bss_data", 2)}), uses=APPS, forbid=NEVER,
        steps=[expect_all(r"app printf_all at 0x\w+10000 skipped: it was built for another flash address", *OTHERS)]),
    Test("damage-ram-order-reversed", needs="fixed-addresses", image=order_reversed,
         uses=("crossed", "hello"), forbid=("kernel panic", "skipped", "refused"),
         steps=[expect_all("bss_data: 0 failed", "bss_data: 0 failed", "Hello from a process!")]),
    Test("damage-same-ram", needs="fixed-addresses", image=same_ram, uses=("crossed", "hello"),
         steps=[expect_all(r"app crossed at 0x80120000 refused: it needs \d+ bytes of RAM and \d+ for the "
                           r"kernel, \d+ are free at its address 0x80300000", "bss_data: 0 failed",
                           "Hello from a process!")]),
    Test("damage-too-many-fixed", needs="fixed-addresses", image=lambda c: sixteen(c, "crossed"),
         uses=("crossed",), steps=[expect_all(
             r"app crossed at 0x80[12][0-9a-f]0000 refused: all \d+ process slots are taken",
             *["bss_data: 0 failed"] * 2)]),
    Test("damage-too-many", needs="!fixed-addresses", image=lambda c: sixteen(c, "hello"), uses=("hello",),
         steps=[expect_all(r"app hello at 0x\w+ refused: all \d+ process slots are taken",
                           *["Hello from a process!"] * 2)]),
]

# The slow ones: headers damaged at random, the same in every run.
TESTS += [Test(f"damage-random-{seed}", slow=True, uses=APPS, forbid=("kernel panic",),
               image=lambda column, seed=seed: middle(column, lambda data: shaken(data, seed)),
               steps=[expect("Hello from a process!|bss_data: 0 failed"),
                      expect("Hello from a process!|bss_data: 0 failed")]) for seed in range(40)]
