# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`detent sign`, `detent keys` and `detent inspect --verify`, with keys that openssl makes here."""
import json
import os
import shutil
import struct
import subprocess
import tempfile
import unittest

import samples
from harness import Case, tool

from detent.tab import Tab
from detent import verb_sign
from detent.tbf_read import Tbf, padding

KINDS = {"ec": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
         "other": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"], "ed": ["-algorithm", "ed25519"],
         "rsa": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"],
         "small": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]}
FOLDER = tempfile.mkdtemp(prefix="detent-keys-")


def setUpModule():
    for name, options in KINDS.items():
        subprocess.run(["openssl", "genpkey", "-quiet", *options, "-out", key(name)], check=True)
        subprocess.run(["openssl", "pkey", "-in", key(name), "-pubout", "-out", key(name + ".pub")], check=True)


def tearDownModule():
    shutil.rmtree(FOLDER)


def key(name):
    """The path of a key's file."""
    return os.path.join(FOLDER, name + ".pem")


class Sign(Case):
    """A TAB of one Arm application."""

    def setUp(self):
        super().setUp()
        self.pack("cortex-m4", samples.arm_pic(), "-n", "one", "--app-version", "4")

    def sign(self, *arguments):
        """Signs cortex-m4.tab in place; the run."""
        return tool("sign", *arguments, "cortex-m4.tab")

    def footers(self, *verify):
        """What inspect says of the footers, reserved ones left out, and its exit code."""
        options = [word for name in verify for word in ("--verify", key(name))]
        result = tool("inspect", "--json", *options, "cortex-m4.tab")
        item = json.loads(result.out)[0]["items"][0]
        self.assertEqual(item["problems"], [])
        return [(f["format"], f["valid"]) for f in item["footers"] if f["format"] != "reserved"], result.code

    def test_each_kind(self):
        result = self.sign("--key", key("ec"), "--key", key("rsa"), "--key", key("ed"), "--hash", "sha256")
        self.assertEqual((result.code, result.err), (0, ""))
        found = ["SHA-256", "ECDSA-P256", "RSA-3072", "Ed25519"]
        self.assertEqual(self.footers("ec.pub", "rsa.pub", "ed.pub"), ([(f, True) for f in found], 0))
        self.assertEqual(self.footers()[0], [("SHA-256", True)] + [(f, None) for f in found[1:]])

    def test_the_other_key(self):
        self.sign("--key", key("ec"))
        self.assertEqual(self.footers("other.pub"), ([("ECDSA-P256", False)], 1))

    def test_changed_after_signing(self):
        self.sign("--key", key("ec"))
        with open("cortex-m4.tab", "r+b") as stream:
            data = stream.read()
            at = data.index(struct.pack("<HHI", 128, 68, 6)) - 4
            stream.seek(at)
            stream.write(bytes([data[at] ^ 1]))
        self.assertEqual(self.footers("ec.pub"), ([("ECDSA-P256", False)], 1))

    def test_added_later_where_there_is_room(self):
        self.sign("--hash", "sha512")
        self.assertEqual(self.sign("--key", key("ec")).code, 0)
        self.assertEqual(self.footers("ec.pub"), ([("SHA-512", True), ("ECDSA-P256", True)], 0))

    def test_no_room_for_one_more(self):
        self.sign("--hash", "sha256")
        while self.sign("--key", key("rsa")).code == 0:
            pass
        result = self.sign("--key", key("rsa"))
        self.assertEqual(result.code, 1)
        self.assertIn("use --strip", result.err)
        self.assertEqual(self.sign("--strip", "--key", key("rsa")).code, 0)
        self.assertEqual(self.footers("rsa.pub"), ([("RSA-3072", True)], 0))

    def test_whole_pages(self):
        """What is loaded at run time is a multiple of 16 bytes; sign makes that of what is none."""
        before = self.pack("rv32imac", samples.rv32(), "--minimum-footer-size", "100")
        self.assertNotEqual(len(before) % 16, 0)
        for options in ((), ("--hash", "sha256"), ("--key", key("ec")), ("--key", key("rsa"), "--key", key("ed"))):
            for name in ("rv32imac.tbf", "rv32imac.tab"):
                self.assertEqual(tool("sign", "--strip", *options, "-o", "out", name).code, 0)
                result = tool("inspect", "--json", "out")
                item = json.loads(result.out)[0]["items"][0]
                self.assertEqual((item["total_size"] % 512, item["problems"], result.code), (0, [], 0))

    def test_binary_ends_where_protection_can_end_it(self):
        for name, data in (("rv32imac", samples.rv32()), ("cortex-m4", samples.arm_pic())):
            self.pack(name, data)
            before = Tbf(self.read(name + ".tbf"))
            self.assertEqual(tool("sign", "--key", key("ec"), name + ".tbf").code, 0)
            after = Tbf(self.read(name + ".tbf"))
            self.assertEqual((after.binary_end % 32, after.problems), (0, []))
            self.assertEqual(after.data[after.header_size:before.binary_end],
                             before.data[before.header_size:before.binary_end])
            self.assertFalse(any(after.data[before.binary_end:after.binary_end]))

    def test_exact_ends(self):
        """What a region's eighths can leave out; the figures are worked out by hand."""
        for end, total, wanted in ((0x1A34, 0x2000, 0x1A40 + 0xC0), (0x3F0, 0x400, 0x400), (0x1FC0, 0x2000, 0x1FC0),
                                   (0x200, 0x2000, 0x400), (0x1000, 0x2000, 0x1000), (0x1001, 0x2000, 0x1200)):
            self.assertEqual(verb_sign.code_end(end, total), wanted, hex(end))

    def test_verify_wants_a_signature(self):
        bare = self.read("cortex-m4.tab")
        for options in ((), ("--hash", "sha256"), ("--key", key("other"))):
            self.write("cortex-m4.tab", bare)
            if options:
                self.assertEqual(self.sign(*options).code, 0)
            result = tool("inspect", "--verify", key("ec.pub"), "cortex-m4.tab")
            self.assertEqual(result.code, 1)
            self.assertIn("no signature by a key of --verify", result.out)
        self.write("cortex-m4.tab", bare)
        self.sign("--key", key("ec"))
        self.assertEqual(tool("inspect", "--verify", key("ec.pub"), "cortex-m4.tab").code, 0)
        signed = self.read("cortex-m4.tab")
        self.write("two.bin", Tab(signed, "").binaries[0][1] + self.read("cortex-m4.tbf"))
        self.assert_one_line(tool("inspect", "--verify", key("ec.pub"), "two.bin"), "not signed by a key")

    def test_verify_where_nothing_can_be_signed(self):
        self.write("padding.bin", padding(64))
        self.write("m4.elf", samples.arm_pic())
        for name in ("padding.bin", "m4.elf"):
            self.assertEqual(tool("inspect", name).code, 0)
            self.assert_one_line(tool("inspect", "--verify", key("ec.pub"), name), "not signed by a key")

    def test_name_of_a_binary(self):
        """No architecture is called so; the line that refuses it is plain text."""
        for name in (b"\xff.tbf", b"\x1b[2Jm.tbf"):
            data = bytearray(self.read("cortex-m4.tab"))
            at = data.index(b"cortex-m4.tbf")
            data[at:at + 13] = name.ljust(13, b"\0")
            data[at + 148:at + 156] = b" " * 8
            data[at + 148:at + 156] = b"%07o\0" % sum(data[at:at + 512])
            self.write("bad.tab", bytes(data))
            for verb in (("sign", "--hash", "sha256"), ("inspect",)):
                result = tool(*verb, "bad.tab")
                self.assert_one_line(result, "bad.tab: damaged TAB: the name of a binary")
                self.assertTrue(result.err.isascii() and "\x1b" not in result.err)

    def test_wrong_keys(self):
        for name, text in (("ec.pub", "a public key cannot sign"), ("small", "of a kind that credentials do not have"),
                           ("missing", "cannot read it")):
            result = self.sign("--key", key(name))
            self.assertEqual(result.code, 1)
            self.assertIn(text, result.err)
            self.assertEqual(result.err.count("\n"), 1)
        self.write("text.pem", b"hello")
        self.assertIn("no PEM file with a key", self.sign("--key", "text.pem").err)

    def test_what_cannot_be_signed(self):
        self.write("x.tbf", b"\x02\0" + bytes(30))
        result = tool("sign", "--key", key("ec"), "x.tbf")
        self.assertEqual(result.code, 1)
        self.assertIn("nothing was signed", result.err)


class Keys(Case):
    """The trust set."""

    def test_shown(self):
        result = tool("keys", key("ec"), key("ec.pub"))
        self.assertEqual(result.code, 0)
        self.assertEqual(len({line.split()[-1] for line in result.out.splitlines()}), 1)

    def test_source(self):
        result = tool("keys", "--policy", "keys", key("ec.pub") + "=3", key("rsa.pub") + "=4:revoked")
        self.assertEqual(result.code, 0, result.err)
        for text in (".role = 3,", ".role = 4,", ".revoked = true,", "PUBLIC_KEY_RSA", "CREDENTIALS_KEY_SET"):
            self.assertIn(text, result.out)

    def test_refused(self):
        for words, text in (((key("ec") + "=x",), "the role 'x'"), ((key("ec"), key("ec.pub")), "given twice")):
            result = tool("keys", "--policy", "keys", *words)
            self.assertEqual(result.code, 1)
            self.assertIn(text, result.err)
        self.assertEqual(tool("keys", "--policy", "key", key("ec"), key("ed")).code, 1)
        self.assertEqual(tool("keys").code, 2)


if __name__ == "__main__":
    unittest.main()
