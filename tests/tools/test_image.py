# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`detent image`: where applications come to lie, and that the list stays walkable."""
import json
import unittest

import samples
from harness import Case, tool

from detent.tbf_read import Tbf

RV32_START = 0x80100000
ARM_START = 0x00100000


class Image(Case):
    """Images for the boards in the tree."""

    def place(self, board, *sources):
        """The placement as (name, address, size), and the image's bytes, both checked by a walk."""
        result = tool("image", "--board", board, "-o", "apps.bin", "--json", *sources)
        self.assertEqual(result.code, 0, result.err)
        placed = json.loads(result.out)
        data = self.read("apps.bin")
        self.walk(data, placed)
        return [(p["source"], p["address"], p["size"]) for p in placed], data

    def walk(self, data, placed):
        """Every byte belongs to a placed application or to a padding app."""
        offset, found = 0, []
        start = placed[0]["address"] if placed else 0
        base = RV32_START if start >= RV32_START else ARM_START
        raw = {p["address"]: p["size"] for p in placed if p["raw"]}
        while offset < len(data):
            if base + offset in raw:
                found.append(base + offset)
                offset += raw[base + offset]
                continue
            item = Tbf(data[offset:])
            self.assertEqual(item.problems, [], f"at {offset:#x}")
            if item.is_padding:
                self.assertFalse(item.enabled)
            else:
                found.append(base + offset)
            offset += item.total_size
        self.assertEqual(offset, len(data))
        self.assertEqual(found, [p["address"] for p in placed])

    def tab(self, name, *variants):
        """A TAB of rv32 TBFs for the (flash, RAM) pairs."""
        files = []
        for index, (flash, ram) in enumerate(variants):
            self.write(f"{name}{index}.elf", samples.rv32(flash, ram))
            files.append(f"{name}{index}.elf,rv32imac.{flash:#x}.{ram:#x}")
        result = tool("pack", "--deterministic", "-n", name, "-o", name + ".tab", *files)
        self.assertEqual(result.code, 0, result.err)
        return name + ".tab"

    def test_fixed_goes_to_its_address(self):
        self.pack("rv32imac", samples.rv32(flash=0x80120080))
        placed, data = self.place("qemu-rv32-virt", "rv32imac.tbf")
        self.assertEqual(placed, [("rv32imac.tbf", 0x80120000, 4096)])
        self.assertTrue(Tbf(data).is_padding)
        self.assertEqual(Tbf(data).total_size, 0x20000)

    def test_pages_on_rv32(self):
        before = self.pack("rv32imac", samples.rv32())
        placed, data = self.place("qemu-rv32-virt", "rv32imac.tbf")
        item = Tbf(data)
        self.assertEqual((placed[0][2], item.total_size), (4096, 4096))
        self.assertEqual(item.binary_end, Tbf(before).binary_end)
        self.assertEqual([f.name for f in item.footers], ["reserved"])
        self.assertEqual(data[16:item.binary_end], before[16:item.binary_end])

    def test_credentials_keep_the_size(self):
        before = self.pack("rv32imac", samples.rv32(), "--sha256")
        result = tool("image", "--board", "qemu-rv32-virt", "-o", "apps.bin", "rv32imac.tbf")
        self.assertEqual(result.code, 0)
        self.assertIn("credential", result.err)
        self.assertEqual(self.read("apps.bin"), before)

    def test_tab_offers_a_free_address(self):
        pairs = [(0x80100080, 0x80300000), (0x80110080, 0x80310000), (0x80120080, 0x80320000)]
        name = self.tab("a", *pairs)
        placed, _ = self.place("qemu-rv32-virt", name, name, name)
        self.assertEqual([p[1] for p in placed], [0x80100000, 0x80110000, 0x80120000])

    def test_choice_that_needs_going_back(self):
        wide = self.tab("wide", (0x80100080, 0x80300000), (0x80110080, 0x80310000))
        narrow = self.tab("narrow", (0x80100080, 0x80300000))
        placed, _ = self.place("qemu-rv32-virt", wide, narrow)
        self.assertEqual([p[0].split(".")[0] for p in placed], ["narrow", "wide"])

    def test_ram_is_taken_into_account(self):
        name = self.tab("a", (0x80100080, 0x80300000), (0x80110080, 0x80300000),
                        (0x80120080, 0x80320000))
        placed, _ = self.place("qemu-rv32-virt", name, name)
        self.assertEqual([p[1] for p in placed], [0x80100000, 0x80120000])

    def test_ram_overlap_warns(self):
        name = self.tab("a", (0x80100080, 0x80300000), (0x80110080, 0x80300000))
        result = tool("image", "--board", "qemu-rv32-virt", "-o", "a.bin", name, name)
        self.assertEqual(result.code, 0)
        self.assertIn("overlapping RAM", result.err)

    def test_collision_is_refused(self):
        name = self.tab("a", (0x80100080, 0x80300000))
        result = tool("image", "--board", "qemu-rv32-virt", "-o", "a.bin", name, name)
        self.assert_one_line(result, "overlap", "0x80100000")

    def test_outside_the_region_is_refused(self):
        self.pack("rv32imac", samples.rv32(flash=0x20430080))
        result = tool("image", "--board", "qemu-rv32-virt", "-o", "a.bin", "rv32imac.tbf")
        self.assert_one_line(result, "0x20430000", "0x80100000..0x80200000")

    def test_arm_alignment(self):
        self.pack("small", samples.arm_pic())
        self.pack("cortex-m4", samples.arm_pic(), "--minimum-footer-size", "1500")
        placed, _ = self.place("mps2-an386", "small.tbf", "cortex-m4.tbf", "small.tbf")
        for _, address, size in placed:
            self.assertEqual((address % size, size & size - 1), (0, 0))
        self.assertEqual([p[1] - ARM_START for p in placed], [0, 512, 2048])

    def test_other_architecture_is_refused_with_both_names(self):
        self.pack("cortex-m4", samples.arm_pic())
        result = tool("image", "--board", "qemu-rv32-virt", "-o", "a.bin", "cortex-m4.tab")
        self.assert_one_line(result, "cortex-m4", "rv32imac")

    def test_full_flash_is_refused(self):
        self.pack("cortex-m4", samples.arm_large())
        result = tool("image", "--board", "mps2-an386", "-o", "a.bin", *["cortex-m4.tbf"] * 5)
        self.assert_one_line(result, "do not fit", "1048576")

    def test_raw_is_placed_unchecked(self):
        self.pack("cortex-m4", samples.arm_pic())
        self.write("bad.tbf", b"\x02\x00" + b"damaged" * 33)
        placed, data = self.place("mps2-an386", "cortex-m4.tbf", "raw:bad.tbf", "cortex-m4.tbf")
        self.assertEqual([p[0] for p in placed], ["cortex-m4.tbf", "bad.tbf", "cortex-m4.tbf"])
        self.assertIn(b"damaged" * 33, data)

    def test_damaged_is_refused_without_raw(self):
        data = bytearray(self.pack("cortex-m4", samples.arm_pic()))
        data[20] ^= 1
        self.write("bad.tbf", bytes(data))
        result = tool("image", "--board", "mps2-an386", "-o", "a.bin", "bad.tbf")
        self.assert_one_line(result, "checksum", "raw:")

    def test_fill(self):
        self.pack("cortex-m4", samples.arm_pic())
        self.assertEqual(tool("image", "--board", "mps2-an386", "-o", "a.bin", "--fill",
                              "cortex-m4.tbf").code, 0)
        data = self.read("a.bin")
        self.assertEqual((len(data), data[-1]), (0x100000, 0xFF))

    def test_usage(self):
        self.assertEqual(tool("image", "--board", "mps2-an386", "-o", "a.bin").code, 2)
        self.assertEqual(tool("image", "-o", "a.bin", "x.tbf").code, 2)
        self.assert_one_line(tool("image", "--board", "no", "-o", "a.bin", "x"), "no board 'no'",
                             "qemu-rv32-virt")
        self.write("empty", b"")
        self.assert_one_line(tool("image", "--board", "mps2-an386", "-o", "a", "raw:empty"), "empty")


if __name__ == "__main__":
    unittest.main()
