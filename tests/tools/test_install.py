# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`detent install`, uninstall, list, enable and disable: on images, with tockloader, and over a line."""
import json
import os
import random
import socket
import struct
import subprocess
import threading
import unittest
import zlib

import samples
from harness import ROOT, Case, tool

from detent import device as loader
from detent.errors import ToolError
from detent.tbf_read import Tbf, grow

BOARD = ("--board", "mps2-an386")
RV32 = ("--board", "qemu-rv32-virt")
START = 0x00100000
PAGE = 512
TOCKLOADER = os.path.join(ROOT, "build", "tockloader", "bin", "tockloader")


class Base(Case):
    """What the tests share."""

    def app(self, name, arch="cortex-m4", elf=None):
        """A TAB of the small sample under a name."""
        self.write(name + ".elf", elf or samples.arm_pic())
        result = tool("pack", "--deterministic", "-n", name, "-o", name + ".tab", f"{name}.elf,{arch}")
        self.assertEqual(result.code, 0, result.err)
        return name + ".tab"

    def run_tool(self, verb, *arguments):
        """The tool's output; it must not fail."""
        result = tool(verb, *arguments)
        self.assertEqual(result.code, 0, result.err)
        return result.out

    def names(self, *more):
        """Name to address of what the image has."""
        return {a["name"]: a["address"] for a in json.loads(self.run_tool("list", "a.bin", "--json", *(more or BOARD)))}


class Image(Base):
    """Images of a region."""

    def test_install_update_uninstall(self):
        apps = [self.app(name) for name in ("one", "two", "three")]
        self.run_tool("install", "a.bin", *apps, *BOARD)
        before = self.names()
        self.assertEqual(sorted(before), ["one", "three", "two"])
        self.run_tool("uninstall", "a.bin", "two", *BOARD)
        self.assertEqual(self.names(), {n: a for n, a in before.items() if n != "two"})
        self.run_tool("install", "a.bin", self.app("four"), *BOARD)
        self.assertEqual(self.names()["four"], before["two"])  # the free place is used
        self.run_tool("install", "a.bin", "one.tab", *BOARD)
        self.assertEqual(len(self.names()), 3)
        self.run_tool("install", "a.bin", "one.tab", "--keep", *BOARD)
        self.assertEqual(self.run_tool("list", "a.bin", *BOARD).count(" one "), 2)
        self.assert_one_line(tool("uninstall", "a.bin", "one", *BOARD), "more than once")
        self.run_tool("uninstall", "a.bin", hex(before["one"]), *BOARD)

    def test_enable_disable(self):
        self.run_tool("install", "a.bin", self.app("one"), *BOARD)
        self.run_tool("disable", "a.bin", "one", *BOARD)
        item = Tbf(self.read("a.bin"))
        self.assertEqual((item.enabled, item.problems), (False, []))
        self.assertIn("disabled", self.run_tool("list", "a.bin", *BOARD))
        self.run_tool("enable", "a.bin", "one", *BOARD)
        self.assertTrue(Tbf(self.read("a.bin")).enabled)

    def test_credential_covers_the_flags(self):
        self.write("one.elf", samples.arm_pic())
        self.run_tool("pack", "-n", "one", "-o", "one.tab", "one.elf,cortex-m4", "--sha256")
        self.run_tool("install", "a.bin", "one.tab", *BOARD)
        self.assert_one_line(tool("disable", "a.bin", "one", *BOARD), "credential")

    def test_errors(self):
        self.run_tool("install", "a.bin", self.app("one"), *BOARD)
        self.assert_one_line(tool("uninstall", "a.bin", "nobody", *BOARD), "nobody", "it has: one")
        self.assert_one_line(tool("list", "none.bin", *BOARD), "none.bin")
        self.assert_one_line(tool("list", "a.bin", "--board", "nothing"), "no board")
        self.assert_one_line(tool("list", "a.bin", "--offset", "0x10000", *BOARD), "--offset")
        self.assert_one_line(tool("install", "a.bin", "one.tab", *RV32), "rv32imac")
        self.write("a.bin", self.read("a.bin")[:12] + b"\1" + self.read("a.bin")[13:])
        self.assert_one_line(tool("list", "a.bin", *BOARD), "damaged")
        self.assertEqual(tool("list", "a.bin").code, 2)
        self.assertEqual(tool("install", "a.bin", *BOARD).code, 2)

    def test_full(self):
        self.run_tool("install", "a.bin", self.app("one"), *BOARD)
        self.write("a.bin", grow(Tbf(self.read("a.bin")), 1 << 20))
        self.assert_one_line(tool("install", "a.bin", self.app("two"), *BOARD), "no place", "uninstall")

    def test_offset_keeps_the_rest(self):
        before, after = b"kernel" * 100, b"\x5a" * 64
        self.write("a.bin", before.ljust(4096, b"k") + b"\xff" * (1 << 20) + after)
        self.run_tool("install", "a.bin", self.app("one"), "--offset", 4096, *BOARD)
        data = self.read("a.bin")
        self.assertEqual((data[:4096], data[4096 + (1 << 20):]), (before.ljust(4096, b"k"), after))
        self.assertEqual(list(self.names("--offset", 4096, *BOARD)), ["one"])

    def test_change_that_power_cut_is_done(self):
        self.run_tool("install", "a.bin", self.app("one"), self.app("two"), *BOARD)
        region = bytearray(self.read("a.bin").ljust(1 << 20, b"\xff"))
        limit = len(region) - 3 * PAGE
        kept = bytes(region[:PAGE])
        region[limit:limit + PAGE] = bytes(b ^ 0xFF for b in kept)
        record = struct.pack("<4I", 0x4A414544, 0, 0, zlib.crc32(kept))
        region[limit + 2 * PAGE:limit + 2 * PAGE + 20] = record + struct.pack("<I", zlib.crc32(record))
        region[:PAGE] = b"\xff" * PAGE
        self.write("a.bin", bytes(region))
        self.assertEqual(sorted(self.names()), ["one", "two"])
        result = tool("install", "a.bin", self.app("three"), *BOARD)
        self.assertIn("repaired", result.err)
        self.assertEqual(sorted(self.names()), ["one", "three", "two"])

    def test_random_sequences(self):
        chance = random.Random(5)
        tabs = {name: self.app(name, elf=samples.arm_large() if name in "bd" else None) for name in "abcdef"}
        self.write("a.bin", b"")
        model = {}
        for _ in range(60):
            name = chance.choice(sorted(tabs))
            if name in model and chance.random() < 0.5:
                self.run_tool("uninstall", "a.bin", name, *BOARD)
                del model[name]
            else:
                self.run_tool("install", "a.bin", tabs[name], *BOARD)
                model[name] = self.names()[name]
            self.assertEqual(self.names(), model)

    def test_random_damage(self):
        self.run_tool("install", "a.bin", self.app("one"), self.app("two"), *BOARD)
        whole = self.read("a.bin")
        chance = random.Random(9)
        for _ in range(150):
            data = bytearray(whole)
            for _ in range(chance.randrange(1, 5)):
                data[chance.randrange(len(data))] = chance.randrange(256)
            self.write("a.bin", bytes(data))
            result = tool("uninstall", "a.bin", "one", *BOARD)
            self.assertIn(result.code, (0, 1))
            if result.code:
                self.assert_one_line(result)


@unittest.skipUnless(os.path.exists(TOCKLOADER), "tockloader is not there: make tockloader")
class Tockloader(Base):
    """The same files in tockloader's hands."""

    def tockloader(self, verb, *arguments):
        """Runs it on the flash file of Tock's board that has our memory map."""
        done = subprocess.run([TOCKLOADER, verb, "--flash-file", "a.bin", "--board", "qemu_rv32_virt", "--app-address",
                               "0x80100000", *arguments], capture_output=True, text=True, check=False, timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def rv32(self, name, place):
        """A TAB for one place."""
        flash, ram = 0x80100080 + place * 0x10000, 0x80300000 + place * 0x10000
        return self.app(name, f"rv32imac.{flash:#x}.{ram:#x}", samples.rv32(flash, ram))

    def test_both_ways(self):
        where = (*RV32, "--offset", "0x100000")
        self.run_tool("install", "a.bin", self.rv32("one", 0), self.rv32("two", 1), *where)
        self.assertRegex(self.tockloader("list"), r"(?s)Name: +one.*Name: +two")
        self.tockloader("install", self.rv32("three", 2))
        self.assertEqual(sorted(self.names(*where)), ["one", "three", "two"])
        self.tockloader("uninstall", "two")
        self.assertEqual(sorted(self.names(*where)), ["one", "three"])
        self.run_tool("install", "a.bin", self.rv32("four", 1), *where)
        self.run_tool("uninstall", "a.bin", "one", *where)
        listed = self.tockloader("list")
        self.assertRegex(listed, r"(?s)Name: +four.*Name: +three")
        self.assertNotRegex(listed, r"Name: +one")


class FakeDevice(threading.Thread):
    """The loader's half of a line, as far as the tests go."""

    def __init__(self, path, lose=0):
        super().__init__(daemon=True)
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(path)
        self._socket.listen(1)
        self.apps = [(0x100000, 512, "old")]
        self.binary, self.verbs, self.flags = {}, "", 1
        self._lose = lose

    def run(self):
        link, _ = self._socket.accept()
        self._socket.close()
        with link:
            while True:
                text = b""
                while len(text) < 128:
                    part = link.recv(128 - len(text))
                    if not part:
                        return
                    text += part
                link.sendall(text)  # the echo
                if self._lose:
                    self._lose -= 1
                    link.sendall(self.line("00 error damaged frame"))
                    continue
                link.sendall(self.line(f"{text[1:3].decode()} {self.obey(text.decode())}"))

    @staticmethod
    def line(body):
        """An answer with its checksum."""
        return f"<{body} {zlib.crc32(body.encode()):08x}\r\n".encode()

    def obey(self, text):
        """What is answered."""
        verb, first, second, count = text[3], int(text[4:12], 16), int(text[12:20], 16), int(text[20:22], 16)
        self.verbs += verb
        if verb == "H":
            return "ok detent-loader 1"
        if verb == "L":
            if first >= len(self.apps):
                return "error 11 "
            address, size, name = self.apps[first]
            return f"ok {address:x} {size:x} 0 1 1 2 400 {name}"
        if verb == "W":
            self.binary[first] = bytes.fromhex(text[22:22 + 2 * count])
        elif verb == "Z":
            self.binary[first] = bytes(second)
        elif verb == "F" and b"refused" in b"".join(self.binary.values()):
            return "error 10 it has no signature"
        elif verb == "G":
            self.flags = second
        elif verb == "U":
            self.apps = [a for a in self.apps if a[0] != first]
        return f"ok {0x100400:08x}"


class Canned:
    """A line on which the same words answer every frame."""

    def __init__(self, words):
        self._words, self._number = words, "00"

    def send(self, data):
        """Takes a frame."""
        self._number = data[1:3].decode()

    def receive(self, _):
        """The answer to it."""
        body = f"{self._number} {self._words}"
        return f"<{body} {zlib.crc32(body.encode('latin-1')):08x}\r\n"


class HostileDevice(FakeDevice):
    """Answers that no loader gives, each with a right checksum."""

    answers = {}

    def obey(self, text):
        return self.answers.get(text[3]) or super().obey(text)


class Device(Base):
    """Over a line, with a device that the test plays."""

    def device(self, **options):
        """Starts one; the arguments that name it."""
        fake = FakeDevice("d.sock", **options)
        fake.start()
        return fake, ("--over", "unix:d.sock", *BOARD)

    def test_install(self):
        app = self.app("new")
        fake, over = self.device(lose=2)
        self.assertIn("installed", self.run_tool("install", app, *over))
        written = bytearray(max(o + len(d) for o, d in fake.binary.items()))
        for offset, data in fake.binary.items():
            written[offset:offset + len(data)] = data
        self.assertEqual(Tbf(bytes(written)).problems, [])
        self.assertEqual(Tbf(bytes(written)).name, "new")
        self.assertEqual((fake.verbs[0], fake.verbs[-2:]), ("H", "FS"))

    def test_refused(self):
        fake, over = self.device()
        self.assert_one_line(tool("install", self.app("refused"), *over), "refused", "it has no signature")
        self.assertEqual(fake.verbs[-2:], "FA")

    def test_list_and_uninstall(self):
        _, over = self.device()
        self.assertIn("old", self.run_tool("list", *over))
        os.unlink("d.sock")
        fake, over = self.device()
        self.run_tool("uninstall", "old", *over)
        self.assertEqual(fake.apps, [])

    def test_disable(self):
        fake, over = self.device()
        self.run_tool("disable", "old", *over)
        self.assertEqual(fake.flags, 0)

    def test_answers_that_no_loader_gives(self):
        """Each ends in one line, without a traceback and without what steers a terminal."""
        app, number = self.app("new"), "ok 100000 200 0 1 1 2 400 old"
        cases = [("list", (), {"L": answer}, "is not as agreed") for answer in
                 ("ok", "ok 1 2 3 4 5 6", "ok 1 2 3 4 5 6 no", "ok 1 2 3 4 5 6 -7", "ok \x1b[2J", "ok " + "1" * 60)]
        cases += [("list", (), {"L": number}, "more than 1024"),
                  ("list", (), {"H": "ok \x1b]0;x\x07"}, "something else answers"),
                  ("list", (), {"L": "error 6 \x1b[2J"}, "\\x1b[2J"),
                  ("install", (app,), {"F": "ok"}, "is not as agreed"),
                  ("install", (app,), {"F": "ok xyz"}, "is not as agreed"),
                  ("install", (app,), {"F": "error 10 \x1b[2J"}, "\\x1b[2J")]
        for index, (verb, words, answers, part) in enumerate(cases):
            with self.subTest(answers=answers):
                fake = HostileDevice(f"h{index}.sock")
                fake.answers = answers
                fake.start()
                result = tool(verb, *words, "--over", f"unix:h{index}.sock", *BOARD)
                self.assert_one_line(result, part)
                self.assertNotIn("\x1b", result.out + result.err)

    def test_words_that_are_no_errors(self):
        for answer in ("", "error", "error \u00b2", "error " + "9" * 5000):
            with self.subTest(answer=answer[:9]):
                device = loader.Device(Canned(answer), wait_s=0.01)
                self.assertRaises(ToolError, device.hello)

    def test_name_that_steers_a_terminal(self):
        fake, over = self.device()
        fake.apps = [(0x100000, 512, "\x1b[2Jx")]
        self.assertIn("\\x1b[2Jx", self.run_tool("list", *over))

    def test_nobody_there(self):
        self.assert_one_line(tool("list", "--over", "unix:none.sock", *BOARD), "cannot connect")
        self.assert_one_line(tool("list", "--over", "none", *BOARD), "no such port")


if __name__ == "__main__":
    unittest.main()
