# SPDX-License-Identifier: Apache-2.0 OR MIT
"""explain, trace, memory and named addresses, on input made here."""
import json
import os
import struct
import subprocess
import sys
import tempfile
import unittest
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from detent import symbols, verb_explain, verb_memory, verb_trace  # noqa: E402
from detent.errors import ToolError  # noqa: E402

SOURCE = """int deep(int a);
__attribute__((noinline)) int deep(int a)
{
	return *(volatile int *)a;
}
int main(void);
int main(void)
{
	return deep(4) + 1;
}
"""


def detent(*arguments, **options):
    return subprocess.run([str(ROOT / "detent"), *map(str, arguments)], capture_output=True,
                          check=False, **options)


def record(arch=verb_explain.RISCV, cause=5, address=0x80311FFC, pc=0x8011015A, name=b"fault"):
    registers = [pc, 0x80110200, 0x803107D0] + [0] * 29
    calls = [0x1, 0x104, 0x1, 0x102, 0x2, 0x100, 0x1, 0x104]
    body = verb_explain.FIXED.pack(verb_explain.MAGIC, 1, arch, 3, 32, cause, address, pc, name,
                                   0x80110000, 0x80111000, 0x80310000, 0x80310870, 0x80311F28,
                                   0x80312000)
    body += struct.pack("<32I", *registers) + struct.pack("<8I", *calls)
    return body + struct.pack("<I", zlib.crc32(body))


def log_of(data):
    return b"noise\r\nfault record, for detent explain: " + data.hex().encode() + b"\r\nmore\r\n"


class Explain(unittest.TestCase):
    def decoded(self, data):
        return verb_explain.decode(verb_explain.find(data, "x"), "x")

    def test_fields(self):
        got = self.decoded(log_of(record()))
        self.assertEqual(got["name"], "fault")
        self.assertEqual(got["cause"], "load access fault")
        self.assertEqual(got["region"], "the kernel's part of its RAM")
        self.assertEqual(got["system_calls"][0], {"class": "allow-ro", "first": 1, "second": 1})
        self.assertEqual(got["registers"]["sp"], 0x803107D0)

    def test_the_last_of_several_counts(self):
        got = self.decoded(log_of(record(name=b"old")) + log_of(record(name=b"new")))
        self.assertEqual(got["name"], "new")

    def test_raw_bytes(self):
        self.assertEqual(self.decoded(record())["slot"], 3)

    def test_arm_cause_bits(self):
        got = self.decoded(record(arch=verb_explain.ARMV7M, cause=0x82, address=0x20000000))
        self.assertEqual(got["cause"], "data access violation")
        self.assertEqual(got["address"], 0x20000000)
        self.assertEqual(got["region"], "not its memory")

    def test_damaged_cut_and_foreign_give_one_line(self):
        good = record()
        for data, words in ((log_of(good[:-1] + bytes([good[-1] ^ 1])), "damaged"),
                            (log_of(good[:100]), "cut off"), (good[:50], "cut off"),
                            (b"", "no fault record"), (b"hello\n", "no fault record")):
            with tempfile.NamedTemporaryFile() as file:
                file.write(data)
                file.flush()
                done = detent("explain", file.name)
            self.assertEqual(done.returncode, 1)
            lines = done.stderr.decode().strip().splitlines()
            self.assertEqual(len(lines), 1, lines)
            self.assertIn(words, lines[0])

    def test_json(self):
        done = detent("explain", "--json", "-", input=log_of(record()))
        self.assertEqual(json.loads(done.stdout)["slot"], 3)


class Symbols(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        path = Path(cls.folder.name)
        (path / "demo.c").write_text(SOURCE)
        cls.elf = str(path / "demo.elf")
        subprocess.run(["riscv64-unknown-elf-gcc", "-march=rv32imac", "-mabi=ilp32", "-g", "-O1",
                        "-w", "-nostdlib", "-Wl,-Ttext=0x80110000", "-Wl,-e,main", f"-ffile-prefix-map={path}=.", "demo.c",
                        "-o", cls.elf], check=True, cwd=path)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_function_and_line(self):
        program = symbols.Program(self.elf)
        address = next(a for a, _, n in program._functions if n == "deep")
        self.assertEqual(program.function(address + 2), "deep+0x2")
        self.assertIn(program.line(address), ("demo.c:3", "demo.c:4"))

    def test_annotate(self):
        program = symbols.Program(self.elf)
        address = next(a for a, _, n in program._functions if n == "main")
        text = symbols.annotate(f"pc 0x{address:08x}, sp 0x00000000", [program])
        self.assertIn("<demo.elf: main at demo.c:", text)
        self.assertIn("sp 0x00000000", text)

    def test_explain_names_code(self):
        program = symbols.Program(self.elf)
        address = next(a for a, _, n in program._functions if n == "deep")
        done = detent("explain", "-", "--app", self.elf, input=log_of(record(pc=address)))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("deep at demo.c:", done.stdout.decode())

    def test_no_elf_is_one_line(self):
        done = detent("explain", "-", "--app", str(ROOT / "VERSION"), input=log_of(record()))
        self.assertEqual(done.returncode, 1)
        self.assertEqual(len(done.stderr.decode().strip().splitlines()), 1)


def stream(*records):
    return struct.pack("<II", verb_trace.MAGIC, 10_000_000) + \
        b"".join(verb_trace.RECORD.pack(*r) for r in records)


class Trace(unittest.TestCase):
    RECORDS = ((0, verb_trace.NAME, 0, 0, int.from_bytes(b"hell", "little")),
               (0, verb_trace.NAME, 0, 4, int.from_bytes(b"o", "little")),
               (10, verb_trace.SWITCH, 0, 0, 0),
               (20, verb_trace.SYSCALL, 0, 2 << 12 | 1, 1),
               (110, verb_trace.IDLE, 255, 0, 0),
               (210, verb_trace.INTERRUPTS, 255, 0, 0),
               (310, verb_trace.INTERRUPTS_END, 255, 0, 0))

    def test_tracks_and_slices(self):
        events, summary = verb_trace.convert(stream(*self.RECORDS), "x")
        self.assertIn("7 records of 1 processes", summary)
        names = {e["args"]["name"] for e in events if e["name"] == "thread_name"}
        self.assertIn("hello (slot 0)", names)
        runs = [e for e in events if e["name"] == "runs"]
        self.assertEqual((runs[0]["ts"], runs[0]["dur"]), (1.0, 10.0))
        self.assertIn("command 0x1, 1", [e["name"] for e in events])

    def test_the_clock_wraps(self):
        events, _ = verb_trace.convert(stream((0xFFFFFFF0, verb_trace.SWITCH, 0, 0, 0),
                                              (0x10, verb_trace.IDLE, 255, 0, 0)), "x")
        self.assertAlmostEqual(next(e for e in events if e["name"] == "runs")["dur"], 3.2)

    def test_damaged_and_cut(self):
        for data in (b"", b"foreign data", struct.pack("<II", verb_trace.MAGIC, 0)):
            with self.assertRaises(ToolError):
                verb_trace.convert(data, "x")
        _, summary = verb_trace.convert(stream(*self.RECORDS) + b"123", "x")
        self.assertIn("cut record", summary)

    def test_usage(self):
        self.assertEqual(detent("trace", "-o", os.devnull).returncode, 2)


CONSOLE = """detent$ kernel
  code           0x80000000 - 0x80007000    28672 bytes
  stack          0x80200000 - 0x80200800     2048 bytes
  app flash      0x80100000 - 0x80200000  1048576 bytes
detent$ process 0
Process a<b, PID 0: Yielded
  RAM            0x80300000 - 0x80302000     8192 bytes: 4208 requested, 560 for grants, 3424 wasted
    grants       0x80301f28 - 0x80302000      216 bytes, 1 of 6 drivers
    unused       0x80300870 - 0x80301f28     5816 bytes
    application  0x80300000 - 0x80300870     2160 bytes
    opened       0x80300000 - 0x80301000     4096 bytes
  Flash          0x80100000 - 0x80101000     4096 bytes
"""


class Memory(unittest.TestCase):
    def test_text_and_picture(self):
        kernel, processes = verb_memory.parse(CONSOLE, "x")
        lines = "\n".join(verb_memory.table(kernel, processes))
        self.assertIn("0x80301f28-0x80302000        216 bytes  a<b grants", lines)
        self.assertIn("opens RAM 0x80300000-0x80301000", lines)
        picture = verb_memory.svg(kernel, processes, "demo")
        self.assertIn("a&lt;b grants", picture)
        self.assertIn('class="open"', picture)

    def test_foreign_log(self):
        done = detent("memory", "--log", str(ROOT / "VERSION"))
        self.assertEqual(done.returncode, 1)
        self.assertEqual(len(done.stderr.decode().strip().splitlines()), 1)

    def test_usage(self):
        self.assertEqual(detent("memory").returncode, 2)


if __name__ == "__main__":
    unittest.main()
