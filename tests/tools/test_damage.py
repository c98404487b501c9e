# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Damaged and foreign files: one line and exit code 1, or a sound result; never a traceback.

`tool` runs inside this process, so an exception that a verb does not handle fails the test.
"""
import random
import struct
import unittest

import samples
from harness import Case, tool

ROUNDS = 150


class Damage(Case):
    """Every verb that reads files, fed with what is broken in many ways."""

    def check(self, name, data):
        """Runs the readers on `data`; each must end with 0 or with 1 and one line."""
        self.write(name, data)
        for arguments in (["inspect", name], ["inspect", "--json", name],
                          ["image", "--board", "qemu-rv32-virt", "-o", "out.bin", name],
                          ["image", "--board", "mps2-an386", "-o", "out.bin", name],
                          ["pack", "-o", "out.tab", name]):
            result = tool(*arguments)
            self.assertIn(result.code, (0, 1), (arguments, result.err))
            if result.code == 1:
                lines = [l for l in result.err.splitlines() if "warning" not in l]
                self.assertEqual(len(lines), 1, (arguments, result.err))

    def seeds(self):
        """A good file of every kind."""
        tbf = self.pack("rv32imac", samples.rv32(flash=0x801000C0), "-n", "seed", "--sha256", "--permissions", "1,2",
                        "--write_id", "1", "--read_ids", "2", "--short-id", "3")
        return [("f.elf", samples.rv32()), ("f.tbf", tbf), ("f.tab", self.read("rv32imac.tab")),
                ("f.bin", tbf + self.pack("cortex-m4", samples.arm_pic()))]

    def test_cut_off(self):
        for name, data in self.seeds():
            for size in list(range(0, 64)) + list(range(64, len(data), max(1, len(data) // 40))):
                self.check(name, data[:size])

    def test_flipped_bits(self):
        chance = random.Random(1)
        for name, data in self.seeds():
            for _ in range(ROUNDS):
                broken = bytearray(data)
                for _ in range(chance.choice((1, 1, 2, 8))):
                    broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
                self.check(name, bytes(broken))

    def test_huge_numbers(self):
        chance = random.Random(2)
        for name, data in self.seeds():
            for _ in range(ROUNDS):
                broken = bytearray(data)
                place = chance.randrange(0, min(len(broken), 400) - 4) & ~1
                value = chance.choice((0xFFFFFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFC, 0, 1))
                struct.pack_into("<I", broken, place, value)
                self.check(name, bytes(broken))

    def test_huge_numbers_with_a_right_checksum(self):
        from detent import tbf
        chance = random.Random(3)
        data = dict(self.seeds())["f.tbf"]
        size = struct.unpack_from("<H", data, 2)[0]
        for _ in range(ROUNDS):
            broken = bytearray(data)
            struct.pack_into("<I", broken, chance.randrange(16, size - 4) & ~3,
                             chance.choice((0xFFFFFFFF, 0x80000000, 0xFFFF0000, 0x10009, 2, 0)))
            struct.pack_into("<I", broken, 12, 0)
            struct.pack_into("<I", broken, 12, tbf.xor_words(broken[:size]))
            self.check("f.tbf", bytes(broken))

    def test_foreign(self):
        chance = random.Random(4)
        for data in (b"", b"\0", b"\x7fELF", b"\x7fELF\x02\x01" + bytes(60), b"#!/bin/sh\n", b"\0" * 4096,
                     b"\xff" * 4096, "umlaut \u00e4".encode() * 100, b"\x02\0" * 3000,
                     bytes(257) + b"ustar" + bytes(2000), b"DETENT-BUILD-1\n",
                     b"DETENT-BUILD-1\nversion=1\n\0", b"\0\0\0\1TOCK", b"\x03\x01\xff\xff\0\0\0\1TOCK",
                     bytes(chance.randrange(256) for _ in range(5000))):
            self.check("foreign", data)

    def test_inspect_names_the_file(self):
        self.write("strange.tbf", b"what is this?")
        self.assert_one_line(tool("inspect", "strange.tbf"), "strange.tbf", "neither")
        self.write("none", b"")
        self.assert_one_line(tool("inspect", "none"), "empty")

    def test_elf_of_another_width_or_order(self):
        for ident in (b"\x02\x01", b"\x01\x02"):
            self.write("a.elf", b"\x7fELF" + ident + bytes(200))
            self.assert_one_line(tool("pack", "-o", "t.tab", "a.elf"), "32-bit little-endian")

    def test_stripped_elf(self):
        data = bytearray(samples.rv32())
        struct.pack_into("<I", data, 32, 0)  # no section headers
        self.write("a.elf", bytes(data))
        self.assert_one_line(tool("pack", "-o", "t.tab", "a.elf"), "section headers")


if __name__ == "__main__":
    unittest.main()
