# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`detent storage`: images made, shown and checked; damage found page by page."""
import json
import random

from harness import Case, tool

PAGE = 1024
ENTRIES = [{"owner": 5, "key": f"name {i}", "value": f"value {i} " + "x" * (i % 40)} for i in range(30)] + \
    [{"owner": 0, "space": "kernel", "key_hex": "00ff", "value_hex": "deadbeef"}]


class Storage(Case):
    """Making an image first."""

    def make(self, entries=None, *more):
        """An image of small pages."""
        self.write("e.json", json.dumps(ENTRIES if entries is None else entries).encode())
        return tool("storage", "make", "-o", "s.bin", "--entries", "e.json", "--page", PAGE, "--pages", 8, *more)

    def dump(self, *more):
        """What is in the image, by key."""
        result = tool("storage", "dump", "--json", "s.bin", *more)
        self.assertEqual(result.code, 0, result.err)
        return {bytes.fromhex(e["key_hex"]): e for e in json.loads(result.out)}

    def damage(self, offset, data):
        """Writes into the image."""
        with open("s.bin", "r+b") as stream:
            stream.seek(offset)
            stream.write(data)

    def test_make_dump_check(self):
        for more in ((), ("--stride", "4K", "--offset", "2K", "--size", "64K"), ("--unit", "16")):
            self.assertEqual(self.make(None, *more).code, 0)
            got = self.dump()
            self.assertEqual(len(got), len(ENTRIES))
            self.assertEqual(bytes.fromhex(got[b"name 7"]["value_hex"]), b"value 7 xxxxxxx")
            self.assertEqual(got[b"\0\xff"]["space"], "kernel")
            checked = tool("storage", "check", "s.bin")
            self.assertEqual(checked.code, 0, checked.err)
            self.assertIn("owner 0x00000005  30 keys", checked.out)

    def test_text(self):
        self.make()
        self.assertIn('0x00000005  key-value "name 3" = "value 3 xxx"', tool("storage", "dump", "s.bin").out)

    def test_damaged_record(self):
        self.make()
        self.damage(200, b"\0")
        result = tool("storage", "check", "s.bin")
        self.assert_one_line(result, "damage in page 0")
        self.assertIn("whole ones after it", result.out)
        got = self.dump()
        self.assertEqual(len(got), len(ENTRIES) - 1)
        self.assertTrue(any(e["salvaged"] for e in got.values()))

    def test_damaged_marks(self):
        self.make()
        self.damage(0, b"\0")
        result = tool("storage", "check", "--page", PAGE, "s.bin")
        self.assert_one_line(result, "damage in page 0")
        self.assertIn("format mark is damaged", result.out)
        self.assertLess(0, len(self.dump("--page", PAGE)))

    def test_cut_write_is_no_damage(self):
        self.make([{"owner": 1, "key": "a", "value": "b"}])
        self.damage(48 + 20, b"V\x01\x05")
        result = tool("storage", "check", "s.bin")
        self.assertEqual(result.code, 0, result.err)
        self.assertIn("a write was cut", result.out)

    def test_random_damage(self):
        chance = random.Random(3)
        for _ in range(60):
            self.make()
            with open("s.bin", "rb") as stream:
                data = bytearray(stream.read())
            for _ in range(chance.randrange(1, 40)):
                data[chance.randrange(len(data))] = chance.randrange(256)
            self.write("s.bin", bytes(data))
            for action in ("check", "dump"):
                result = tool("storage", action, "s.bin")
                self.assertIn(result.code, (0, 1))
                if result.code:
                    self.assertEqual(result.err.count("\n"), 1, result.err)

    def test_bad_input(self):
        self.write("empty", b"")
        self.write("foreign", b"\x55" * 9000)
        for name in ("empty", "foreign"):
            self.assert_one_line(tool("storage", "check", name), "no store is in it")
        for entries, text in (({}, "must be a list"), ([{"owner": -1}], "needs an owner"),
                              ([{"owner": 1, "key": "k"}], "needs a value"),
                              ([{"owner": 1, "key": "k", "value_hex": "xy"}], "not hexadecimal"),
                              ([{"owner": 1, "space": "moon", "key": "k", "value": ""}], "space must be"),
                              ([{"owner": 1, "key": "k", "value": "v" * 400}], "larger than a quarter"),
                              ([{"owner": 1, "key": "k" * 90, "value": "v"}], "1 to 80"),
                              ([{"owner": 1, "key": str(i), "value": "v" * 200} for i in range(40)], "more pages"),
                              ([{"owner": 1, "key": "k", "value": "v"}] * 2, "twice")):
            self.assert_one_line(self.make(entries), text)
        self.write("e.json", b"{")
        self.assert_one_line(tool("storage", "make", "-o", "s.bin", "--entries", "e.json"), "not JSON")
        self.assertEqual(tool("storage", "make").code, 2)
        self.assertEqual(tool("storage", "check").code, 2)
