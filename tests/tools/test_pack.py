# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`detent pack`: the bytes, the options, the refusals."""
import hashlib
import io
import json
import os
import tarfile
import unittest

import samples
from elf_writer import ALLOC, EXEC, RISCV, ElfWriter
from harness import Case, tool

# First 32 digits of the SHA-256 of the TBF and of the TAB. compare_elf2tab.py printed them after it
# had found every byte equal to the output of elf2tab 0.14 (and 0.13).
DIGESTS = {
    "plain": ("1b40a01619e3ed209aba9dde220c3ebb", "f4c12b428a50634a5dfb3a99650b0353"),
    "named": ("6e8ec545c5a78ed9557cad410feb8013", "5c2d474d0b6a7fa03fb72b50deef1cd2"),
    "libtock": ("7f9df07f2a90717775434ec87afe412c", "7fb4d92bf7ee79f930f1535c0943395d"),
    "odd sizes": ("585faa9ce5c391a584c6967f60f42687", "72bf67c940ae019df47ac52a6ba5109e"),
    "by segment": ("9c4a26fd0aba894bfb70627dfd959206", "88ba771008a944bfb1002c12c9e6f78f"),
    "fixed by segment": ("a61cfa69a8904566abd392ed7875047b", "11f0e21cd634cbaf5b30d138ab07ba09"),
    "early": ("5a0a26ccfca512c722065a85c86f57e8", "4e29a9da11ba8a23d59d1d3ac600ac8d"),
    "gap": ("65dd70b620d98662f4fcd74f2ffe6a35", "c314e657b34f008dcdf37ba481c9a04c"),
    "protected symbol": ("af234127fc95d4f99340e5301cb5d7fc", "a1227eb4382f8780731f8f40113e0eee"),
    "protected option": ("ec3c74f5c33f3b795bf5ed2982870c81", "445d9bc5af925fb299f3ca51261e90af"),
    "large": ("5ecec14e1c859e86b7c346165cf497ce", "25ed3ec48a5746574776869bfa3a7db1"),
    "exact": ("0e07fc85aa152201a0ae226cb5c252dd", "18cf8efc80a20b14942f3fddd1dc5261"),
    "page": ("d4dbaf732a28d22ebc3468798fc1c448", "a11988b2a7babc295b4669e74cb50e3c"),
    "two entries": ("afb74f222480e05fcdbb5515bf90842d", "563515d19195481d2bbf30fde69f79ee"),
    "permissions": ("d989bd71dbfd55f8a2f73bc04fa4417e", "60e6369b5e4928f04cfd291a8e50cd8f"),
    "storage": ("f234fbed7a0088156b32e82388346f0c", "1298220b0bb7ad71ddc3e152a66a9863"),
    "write id only": ("579fdd68eae027679c0f44d3362a932d", "c426a6971e7ccdc495f3a3aed53f9d3d"),
    "disabled": ("44aa2bd102a03aa6eb1617be7bf7ff26", "7d250c17f2ee21a92c15d1c56ff7a7b3"),
    "hashes": ("55f10d2feabfc7d64f4dda1b4fe8350d", "b582e541a51d57228b90b3044ecb4ce3"),
    "footer": ("ca70f4699ae31ece0b843459d590df88", "36f12cdcc1c97757a8f8339623e394fd"),
    "small footer": ("0f3cf1732287d81345e6d12a72bd8dcc", "16aa4afa902b923deb83ff866234169d"),
    "footer and hash": ("0cf5430fc6b31444769b0cbf0922b2ee", "917263168d927f7a701321c57eb46a5e"),
    "boards": ("a6bed9a8435a27084ff68607b66f837f", "db49050905dc2c98784f938282d7bbb6"),
}


def digest(data):
    """As in DIGESTS."""
    return hashlib.sha256(data).hexdigest()[:32]


class Bytes(Case):
    """Same ELF and options, same bytes as elf2tab."""

    def test_all_cases(self):
        for name, arch, elf, options in samples.CASES:
            with self.subTest(name):
                data = self.pack(arch, elf, *options)
                self.assertEqual((digest(data), digest(self.read(arch + ".tab"))), DIGESTS[name])

    def test_every_case_has_a_digest(self):
        self.assertEqual(sorted(DIGESTS), sorted(c[0] for c in samples.CASES))

    def test_arm_is_a_power_of_two(self):
        for elf in (samples.arm_pic(), samples.arm_large(), samples.arm_exact_power()):
            size = len(self.pack("cortex-m4", elf))
            self.assertEqual(size & size - 1, 0)

    def test_large_footer_length_wraps(self):
        data = self.pack("cortex-m4", samples.arm_large())
        self.assertEqual(len(data), 256 * 1024)


class Tab(Case):
    """The bundle as tar sees it."""

    def test_members_and_metadata(self):
        self.write("a.elf", samples.arm_pic())
        self.write("b.elf", samples.rv32())
        result = tool("pack", "--deterministic", "-n", "two", "--kernel-major", "2", "--supported-boards",
                      "x,y", "-o", "two.tab", "a.elf,cortex-m4", "b.elf,rv32imac.0x80100080.0x80300000")
        self.assertEqual(result.code, 0, result.err)
        with tarfile.open("two.tab") as archive:
            self.assertEqual(archive.getnames(), ["metadata.toml", "cortex-m4.tbf",
                                                  "rv32imac.0x80100080.0x80300000.tbf"])
            self.assertEqual(archive.extractfile("cortex-m4.tbf").read(), self.read("a.tbf"))
            self.assertEqual(archive.extractfile("metadata.toml").read().decode(),
                             'tab-version = 1\nname = "two"\nminimum-tock-kernel-version = "2.0"\n'
                             'only-for-boards = "x,y"\n')

    def test_build_date_from_source_date_epoch(self):
        self.write("a.elf", samples.arm_pic())
        os.environ["SOURCE_DATE_EPOCH"] = "86400"
        try:
            self.assertEqual(tool("pack", "-o", "t.tab", "a.elf").code, 0)
        finally:
            del os.environ["SOURCE_DATE_EPOCH"]
        with tarfile.open(fileobj=io.BytesIO(self.read("t.tab"))) as archive:
            self.assertIn("build-date = 1970-01-02T00:00:00Z\n",
                          archive.extractfile("metadata.toml").read().decode())

    def test_default_name(self):
        self.write("a.elf", samples.arm_pic())
        self.assertEqual(tool("pack", "a.elf").code, 0)
        self.assertTrue(os.path.isfile("TockApp.tab"))

    def test_long_member_name_is_refused(self):
        self.write("a.elf", samples.arm_pic())
        self.assert_one_line(tool("pack", "-o", "t.tab", "a.elf," + "x" * 120), "longer than")


class Refusals(Case):
    """Wrong command lines give 2, wrong inputs 1, with a reason each."""

    def test_usage_errors(self):
        self.write("a.elf", samples.arm_pic())
        for options in (["--kernel-minor", "2"], ["--stack", "-1"], ["--stack", "4294967296"],
                        ["--permissions", "1"], ["--permissions", "1,x"], ["--short-id", "zz"],
                        ["--kernel-major", "65536"], ["--no-such-option"],
                        ["--minimum-ram-size", "1", "--stack", "1"]):
            with self.subTest(options):
                result = tool("pack", "-o", "t.tab", "a.elf", *options)
                self.assertEqual(result.code, 2, result.err)
                self.assertEqual(len(result.err.strip().splitlines()), 1)
                self.assertFalse(os.path.exists("t.tab"))
        self.assertEqual(tool("pack").code, 2)

    def test_minimum_ram_size_warns_and_changes_nothing(self):
        plain = self.pack("cortex-m4", samples.arm_pic())
        self.write("a.elf", samples.arm_pic())
        result = tool("pack", "-o", "t.tab", "a.elf", "--minimum-ram-size", "9999")
        self.assertIn("no effect", result.err)
        self.assertEqual(self.read("a.tbf"), plain)

    def test_header_does_not_fit(self):
        self.write("a.elf", samples.rv32())
        self.assert_one_line(tool("pack", "-o", "t.tab", "a.elf", "--protected-region-size", "16"),
                             "header takes 80 bytes", "16 bytes")

    def test_flash_origin_without_room_for_the_header(self):
        self.write("a.elf", samples.rv32(flash=0x80100000))
        self.assert_one_line(tool("pack", "-o", "t.tab", "a.elf"), "only 0 bytes lie before")

    def test_two_entry_points(self):
        self.write("a.elf", samples.two_entries())
        self.assert_one_line(tool("pack", "-o", "t.tab", "a.elf"), "entry point")

    def test_segments_far_apart(self):
        elf = ElfWriter(RISCV, 0x1080).section(".text", b"x" * 64, 0x1080, flags=ALLOC | EXEC)
        elf.section(".far", b"y" * 64, 0xF0000000).segment([".text"]).segment([".far"])
        self.write("a.elf", elf.symbol("_flash_origin", 0x1080).build())
        self.assert_one_line(tool("pack", "-o", "t.tab", "a.elf"), "apart")

    def test_ram_beyond_an_address(self):
        self.write("a.elf", samples.arm_pic())
        self.assert_one_line(tool("pack", "-o", "t.tab", "a.elf", "--stack", "4294967295"), "RAM")

    def test_name_too_long_or_not_writable(self):
        self.write("a.elf", samples.arm_pic())
        for name, part in (("n" * 70000, "longer"), ('a"b', "quotes"), ("a\nb", "control")):
            self.assert_one_line(tool("pack", "-o", "t.tab", "-n", name, "a.elf"), part)

    def test_long_header_overflows_its_size_field(self):
        self.write("a.elf", samples.arm_pic())
        self.assert_one_line(tool("pack", "-o", "t.tab", "-n", "n" * 65500, "a.elf"), "does not fit")

    def test_files(self):
        self.write("a.elf", samples.arm_pic())
        self.assert_one_line(tool("pack", "missing.elf"), "missing.elf", "No such file")
        self.assert_one_line(tool("pack", "."), "regular file")
        self.assert_one_line(tool("pack", "-o", "a.tbf", "a.elf"), "same file")
        self.assert_one_line(tool("pack", "-o", "no/such/t.tab", "a.elf"), "cannot write")
        self.assert_one_line(tool("pack", "a.elf,"), "architecture")

    def test_warnings_do_not_fail(self):
        elf = ElfWriter(RISCV, 0).section(".text", b"x" * 64, 0x80000000, flags=ALLOC | EXEC)
        self.write("a.elf", elf.segment([".text"]).build())
        result = tool("pack", "-o", "t.tab", "a.elf")
        self.assertEqual(result.code, 0)
        self.assertIn("entry point", result.err)

    def test_json(self):
        self.write("rv32imac.elf", samples.rv32())
        made = json.loads(tool("pack", "--json", "-o", "t.tab", "rv32imac.elf").out)
        self.assertEqual(made[0]["fixed_flash"], 0x80100080)
        self.assertEqual(made[0]["size"], os.path.getsize("rv32imac.tbf"))


if __name__ == "__main__":
    unittest.main()
