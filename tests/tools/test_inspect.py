# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`detent inspect`: what it shows of sound files."""
import json
import os
import struct
import unittest

import samples
from elf_writer import ALLOC, ARM, EXEC, ElfWriter
from harness import Case, launch, tool

from detent.tbf import xor_words

BUILD = b"DETENT-BUILD-1\nversion=1.2.3\nboard=mps2-an386\nflags=0123abcd\n\0"


def attributes():
    """Kernel attributes as tockloader reads them: values first, the mark last."""
    out = struct.pack("<HHHH", 1, 2, 0x0103, 4)
    out += struct.pack("<IIHH", 0x0, 0x100000, 0x0102, 8)
    out += struct.pack("<IIHH", 0x20001000, 0x3000, 0x0101, 8)
    return out + b"\0\0\0\1TOCK"


def kernel(build=BUILD, tail=b""):
    """A kernel ELF with a build record and attributes at the end of its flash."""
    elf = ElfWriter(ARM, 1).section(".text", b"code" * 50, 0, flags=ALLOC | EXEC)
    elf.section(".detent.build", build, 200).section(".attributes", tail, 200 + len(build))
    return elf.segment([".text", ".detent.build", ".attributes"]).build()


def _with_name(data, start, text):
    """`data` with other text at `start`; the checksum of a TBF is made right."""
    out = bytearray(data)
    out[start:start + len(text)] = text
    if out[:2] == b"\2\0":
        head = out[:struct.unpack_from("<H", out, 2)[0]]
        head[12:16] = bytes(4)
        struct.pack_into("<I", out, 12, xor_words(head))
    return bytes(out)


def _steering(text):
    """The characters of a text, but ends of lines, that are not shown as they are."""
    return [c for c in text if c != "\n" and not c.isprintable()]


class Inspect(Case):
    """Text and JSON."""

    def test_text_that_steers_a_terminal(self):
        """Names, metadata and build records are shown with escapes, by every verb that shows them."""
        self.pack("cortex-m4", samples.arm_pic(), "-n", "abcdefg")
        for name in ("cortex-m4.tab", "cortex-m4.tbf"):
            data = self.read(name)
            for text in (b"\x1b[2J\r\nx", b"\xc2\x9b2J\xe2\x80\xae"[:7]):
                start = data.index(b"abcdefg", data.index(b"\2\0") if name.endswith("tbf") else 0)
                self.write(name, _with_name(data, start, text))
                shown = tool("inspect", name)
                self.assertEqual(_steering(shown.out + shown.err), [], name)
                self.assertIn("\\x", shown.out)
        board = ("--board", "mps2-an386")
        for words in (("image", "-o", "a.bin", "cortex-m4.tbf", *board), ("install", "b.bin", "cortex-m4.tbf", *board),
                      ("list", "a.bin", *board), ("uninstall", "a.bin", "nobody", *board)):
            result = tool(*words)
            self.assertIn("\\x9b", result.out + result.err)
            self.assertEqual(_steering(result.out + result.err), [], words)
        self.write("k.elf", kernel(build=BUILD.replace(b"1.2.3", b"1\x1b[2J")))
        self.assertIn("\\x1b[2J", tool("inspect", "k.elf").out)

    def test_terminal_without_the_character(self):
        self.pack("cortex-m4", samples.arm_pic(), "-n", "na\u00efve")
        result = launch("inspect", "cortex-m4.tbf", env={"PATH": os.environ["PATH"], "PYTHONIOENCODING": "ascii"})
        self.assertEqual((result.code, result.err), (0, ""))
        self.assertIn("na\\xefve", result.out)

    def json(self, name):
        """The report on one file."""
        result = tool("inspect", "--json", name)
        self.assertEqual(result.code, 0, result.err)
        return json.loads(result.out)[0]

    def test_tbf(self):
        self.pack("cortex-m4", samples.arm_pic(), "-n", "one", "--permissions", "1,0", "1,1", "1,70", "2,5",
                  "--write_id", "0x10", "--read_ids", "1", "--short-id", "0x99", "--kernel-major", "2",
                  "--kernel-minor", "2", "--sha256", "--app-version", "4")
        item = self.json("cortex-m4.tbf")["items"][0]
        self.assertEqual(item["permissions"], {"0x1": [0, 1, 70], "0x2": [5]})
        self.assertEqual(item["storage"], {"write_id": 16, "read_ids": [1], "access_ids": []})
        self.assertEqual((item["name"], item["short_id"], item["kernel"], item["app_version"]),
                         ("one", 0x99, "^2.2", 4))
        self.assertEqual(item["footers"][0], {"format": "SHA-256", "size": 32, "valid": True})
        text = tool("inspect", "cortex-m4.tbf").out
        for part in ("'one', enabled", "commands 0-1 70", "SHA-256, 32 bytes, correct", "correct"):
            self.assertIn(part, text)

    def test_wrong_credential(self):
        data = bytearray(self.pack("cortex-m4", samples.arm_pic(), "--sha512"))
        data[200] ^= 1  # behind the header, before the footers
        self.write("bad.tbf", bytes(data))
        result = tool("inspect", "bad.tbf")
        self.assertIn("SHA-512, 64 bytes, WRONG", result.out)
        self.assert_one_line(result, "damaged")

    def test_image_of_several(self):
        self.pack("rv32imac", samples.rv32(flash=0x80110080))
        self.assertEqual(tool("image", "--board", "qemu-rv32-virt", "-o", "a.bin", "rv32imac.tbf").code, 0)
        self.write("a.bin", self.read("a.bin") + b"\xff" * 512)
        items = self.json("a.bin")["items"]
        self.assertEqual([(i["kind"], i["offset"]) for i in items], [("padding", 0), ("application", 0x10000)])

    def test_damaged_in_the_middle_does_not_hide_the_rest(self):
        data = bytearray(self.pack("cortex-m4", samples.arm_pic()))
        good = bytes(data)
        data[30] ^= 1
        self.write("a.bin", good + bytes(data) + good)
        result = tool("inspect", "--json", "a.bin")
        self.assert_one_line(result, "damaged")
        kinds = [i["kind"] for i in json.loads(result.out)[0]["items"]]
        self.assertEqual(kinds, ["application", "damaged", "application"])

    def test_walk_as_the_kernel_does(self):
        good = self.pack("cortex-m4", samples.arm_pic())
        broken = b"\x07" + good[1:]  # its version
        size = good[:4] + b"\xff\xff\xff\x0f" + good[8:]
        for image, offsets in ((broken + good, [0, len(good)]), (size + good, [0, len(good)]),
                               (good + bytes(64) + good, [0]), (good + b"\xff" * 64 + good, [0]),
                               (good + broken, [0, len(good)])):
            self.write("a.bin", image)
            items = json.loads(tool("inspect", "--json", "a.bin").out)[0]["items"]
            self.assertEqual([i["offset"] for i in items], offsets)

    def test_unknown_footer_does_not_hide_the_next(self):
        data = bytearray(self.pack("cortex-m4", samples.arm_pic(), "--sha256", "--sha512"))
        end = struct.unpack_from("<I", data, 16 + 16 + 4 + 12)[0]
        struct.pack_into("<H", data, end, 0x77)
        self.write("a.tbf", bytes(data))
        footers = self.json("a.tbf")["items"][0]["footers"]
        self.assertEqual([f["format"] for f in footers], ["unknown type 119", "SHA-512", "reserved"])

    def test_tab(self):
        self.pack("cortex-m4", samples.arm_pic(), "-n", "t")
        report = self.json("cortex-m4.tab")
        self.assertIn('name = "t"', report["metadata"])
        self.assertEqual(report["items"][0]["arch"], "cortex-m4")

    def test_kernel_elf_and_binary(self):
        elf = kernel(tail=attributes())
        self.write("kernel.elf", elf)
        self.write("kernel.bin", b"code" * 50 + BUILD + attributes())
        for name in ("kernel.elf", "kernel.bin"):
            report = self.json(name)
            self.assertEqual(report["kind"], "kernel")
            self.assertEqual(report["build"], {"version": "1.2.3", "board": "mps2-an386", "flags": "0123abcd"})
            self.assertEqual(report["attributes"]["app_ram"], {"start": 0x20001000, "size": 0x3000})
            self.assertEqual(report["attributes"]["kernel_version"], "1.2")
        text = tool("inspect", "kernel.elf").out
        self.assertIn("1.2.3", text)
        self.assertIn("0x3000 bytes at 0x20001000", text)

    def test_kernel_without_attributes(self):
        self.write("kernel.elf", kernel())
        self.assertIn("tockloader will not", tool("inspect", "kernel.elf").out)

    def test_application_elf(self):
        self.write("a.elf", samples.rv32())
        report = self.json("a.elf")
        self.assertEqual(report["origins"], {"_flash_origin": 0x80100080, "_sram_origin": 0x80300000})

    def test_unknown_elements_are_listed(self):
        from detent import tbf
        data = bytearray(self.pack("cortex-m4", samples.arm_pic(), "-n", "abcd"))
        size = struct.unpack_from("<H", data, 2)[0]
        place = data.index(b"\x03\x00\x04\x00abcd")
        struct.pack_into("<H", data, place, 0x55)
        struct.pack_into("<I", data, 12, 0)
        struct.pack_into("<I", data, 12, tbf.xor_words(data[:size]))
        self.write("a.tbf", bytes(data))
        self.assertIn("type 85, 4 bytes, unknown", tool("inspect", "a.tbf").out)


if __name__ == "__main__":
    unittest.main()
