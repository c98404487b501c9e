# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`detent run`: the steps, the verdicts, and that no QEMU is left; with a stand-in for QEMU."""
import os
import signal
import subprocess
import sys
import time
import unittest

import samples
from harness import LAUNCHER, ROOT, Case, launch, tool

from detent import steps
from detent.errors import UsageError

# Stands for QEMU: says which version it is, keeps its arguments and process id, then follows FAKE.
FAKE_QEMU = """#!{python}
import os, sys, time
if "--version" in sys.argv:
    print("QEMU emulator version " + os.environ.get("FAKE_VERSION", "7.2.0"))
    sys.exit(0)
open("arguments", "w").write("\\n".join(sys.argv[1:]))
open("pid", "w").write(str(os.getpid()))
def say(text):
    sys.stdout.write(text)
    sys.stdout.flush()
def hear():
    return os.read(0, 1000).decode()
exec(os.environ.get("FAKE", ""))
"""


def hear_interrupts():
    """A shell's background job has SIGINT ignored, and so have its children until they say otherwise."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Run(Case):
    """Runs of the launcher with the stand-in first in PATH."""

    def setUp(self):
        super().setUp()
        os.mkdir("bin")
        for name in ("qemu-system-riscv32", "qemu-system-arm"):
            path = self.write(os.path.join("bin", name), FAKE_QEMU.format(python=sys.executable))
            os.chmod(path, 0o755)
        self.write("kernel.elf", b"a kernel")

    def environment(self, fake, version="7.2.0"):
        """The environment for a run in which the stand-in does `fake`."""
        path = os.path.join(self.folder, "bin") + os.pathsep + os.environ["PATH"]
        return dict(os.environ, PATH=path, FAKE=fake, FAKE_VERSION=version)

    def run_tool(self, fake, *options, board="qemu-rv32-virt", version="7.2.0"):
        """One run."""
        return launch("run", "--board", board, "--kernel", "kernel.elf", *options,
                      env=self.environment(fake, version))

    def assert_qemu_gone(self):
        """The stand-in's process does not exist any more."""
        pid = int(self.read("pid"))
        for _ in range(50):
            if not os.path.exists(f"/proc/{pid}"):
                return
            with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
                if stat.read().rsplit(")", 1)[1].split()[0] == "Z":
                    return  # dead; only its new parent has not asked for its code yet
            time.sleep(0.1)
        self.fail("QEMU is still running")

    def test_pattern_seen(self):
        result = self.run_tool("say('hello\\r\\nworld\\r\\n'); time.sleep(30)", "--expect", "^world$")
        self.assertEqual((result.code, result.out), (0, "hello\r\nworld\r\n"), result.err)
        self.assert_qemu_gone()

    def test_order_matters(self):
        result = self.run_tool("say('two one'); time.sleep(30)", "--expect", "one", "--expect", "two",
                               "--timeout", "1")
        self.assertEqual(result.code, 1)
        self.assertIn("pattern 2 of 2 was not seen: 'two'", result.err)
        self.assert_qemu_gone()

    def test_send_comes_after_its_expect(self):
        fake = "say('ready>'); a = hear(); say('got ' + repr(a)); b = hear(); say('then ' + repr(b)); hear()"
        result = self.run_tool(fake, "--expect", "ready>", "--send", "list\\n", "--expect", "got 'list",
                               "--send-after", "'", "x\\x41", "--expect", "then 'xA'", "--timeout", "10")
        self.assertEqual(result.code, 0, result.out + result.err)

    def test_input_from_a_file(self):
        self.write("keys", "abc")
        result = self.run_tool("say(hear().upper()); hear()", "--input", "keys", "--expect", "ABC",
                               "--timeout", "10")
        self.assertEqual(result.code, 0, result.err)

    def test_pattern_split_over_two_reads(self):
        result = self.run_tool("say('hel'); time.sleep(0.3); say('lo'); time.sleep(30)", "--expect", "hello",
                               "--timeout", "10")
        self.assertEqual(result.code, 0, result.err)

    def test_timeout_names_the_pattern(self):
        result = self.run_tool("time.sleep(30)", "--expect", "never", "--timeout", "0.5")
        self.assertEqual(result.code, 1)
        self.assertIn("timeout after 0.5 s: pattern 1 of 1 was not seen: 'never'", result.err)
        self.assert_qemu_gone()

    def test_qemu_dies(self):
        result = self.run_tool("say('start'); sys.stderr.write('no such device\\n'); sys.exit(3)",
                               "--expect", "never")
        self.assertEqual(result.code, 1)
        self.assertIn("QEMU ended with code 3 (no such device)", result.err)

    def test_pattern_in_the_last_words(self):
        result = self.run_tool("say('a' * 200000 + 'done'); sys.exit(0)", "--expect", "done")
        self.assertEqual(result.code, 0, result.err)

    def test_kernel_panic_fails_at_once(self):
        started = time.monotonic()
        result = self.run_tool("say('*** kernel panic: at x.c:1\\n'); say('more'); time.sleep(30)",
                               "--expect", "never", "--timeout", "25")
        self.assertEqual(result.code, 1)
        self.assertIn("kernel panic", result.err)
        self.assertIn("more", result.out)
        self.assertLess(time.monotonic() - started, 15)
        self.assert_qemu_gone()

    def test_expected_panic_is_no_failure(self):
        result = self.run_tool("say('*** kernel panic: x\\n'); time.sleep(30)", "--expect", "kernel panic")
        self.assertEqual(result.code, 0, result.err)

    def test_fail_on(self):
        result = self.run_tool("say('bad thing'); time.sleep(30)", "--fail-on", "b.d", "--expect", "never")
        self.assertEqual(result.code, 1)
        self.assertIn("'bad'", result.err)

    def test_expect_exit(self):
        self.assertEqual(self.run_tool("sys.exit(7)", "--expect-exit", "7").code, 0)
        result = self.run_tool("sys.exit(6)", "--expect-exit", "7")
        self.assertEqual(result.code, 1)
        self.assertIn("code 6", result.err)

    def test_flash_is_kept_in_a_file(self):
        for _ in range(2):
            self.assertEqual(self.run_tool("sys.exit(0)", "--for", "5", "--flash", "kept, flash").code, 0)
            self.assertEqual(os.path.getsize("kept, flash"), 32 << 20)
        drive = self.read("arguments").decode().splitlines()
        drive = drive[drive.index("-drive") + 1]
        self.assertEqual(drive, f"if=pflash,unit=1,format=raw,file={os.path.realpath(self.folder)}/kept,, flash")

    def test_flash_file_that_does_not_fit(self):
        self.write("short", b"abc")
        result = self.run_tool("sys.exit(0)", "--for", "5", "--flash", "short")
        self.assertEqual(result.code, 1)
        self.assertIn("short: 3 bytes, but the flash of qemu-rv32-virt has 33554432", result.err)
        self.assertEqual(self.read("short"), b"abc")
        self.assertIn("no_such/file: No such file", self.run_tool("", "--flash", "no_such/file").err)
        result = self.run_tool("", "--flash", "f", board="mps2-an386")
        self.assertIn("mps2-an386 has no flash that a file could keep", result.err)
        self.assertFalse(os.path.exists("f"))

    def test_show_for_a_time(self):
        result = self.run_tool("say('demo'); time.sleep(30)", "--for", "0.5")
        self.assertEqual((result.code, result.out), (0, "demo"), result.err)
        self.assert_qemu_gone()

    def test_show_until(self):
        self.assertEqual(self.run_tool("say('demo end'); time.sleep(30)", "--until", "end").code, 0)
        result = self.run_tool("say('demo'); time.sleep(30)", "--until", "end", "--timeout", "0.5")
        self.assertEqual(result.code, 1)
        result = self.run_tool("say('demo'); time.sleep(30)", "--until", "end", "--for", "0.5")
        self.assertEqual(result.code, 0)

    def test_guest_code_passes_through(self):
        self.assertEqual(self.run_tool("sys.exit(0)", "--for", "5").code, 0)
        self.assertEqual(self.run_tool("sys.exit(9)", "--for", "5").code, 9)

    def test_log(self):
        self.run_tool("say('words'); time.sleep(30)", "--expect", "words", "--log", "log.txt")
        self.assertEqual(self.read("log.txt"), b"words")

    def test_ends_qemu_when_it_is_ended(self):
        self.pack("cortex-m4", samples.arm_pic())
        os.mkdir("tmp")
        environment = dict(self.environment("say('up'); time.sleep(60)"), TMPDIR=os.path.abspath("tmp"))
        for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            if os.path.exists("pid"):
                os.unlink("pid")
            with subprocess.Popen([LAUNCHER, "run", "--board", "mps2-an386", "--kernel", "kernel.elf", "--app",
                                   "cortex-m4.tab", "--expect", "never"], env=environment,
                                  stdout=-1, stderr=-1, stdin=-1, preexec_fn=hear_interrupts) as process:
                self.assertEqual(process.stdout.read(2), b"up")
                process.send_signal(ending)
                _, err = process.communicate(timeout=60)
                self.assertNotIn(b"Traceback", err)
                self.assertNotEqual(process.returncode, 0)
            self.assert_qemu_gone()
            self.assertEqual(os.listdir("tmp"), [], "temporary files are left")

    def test_command_line(self):
        self.run_tool("sys.exit(0)", "--for", "5", "--icount", "--qemu-arg=-d int", "--serial", "null",
                      board="mps2-an386")
        arguments = self.read("arguments").decode().split("\n")
        text = " ".join(arguments)
        self.assertIn("-machine mps2-an386 ", text)
        self.assertIn("-kernel kernel.elf", text)
        self.assertIn("-icount shift=0,sleep=off", text)
        self.assertTrue(text.endswith("-serial stdio -serial null -icount shift=0,sleep=off -d int"), text)

    def test_rv32_command_line(self):
        text = self.run_tool("", "--dry-run").out
        self.assertIn("-machine virt -display none -cpu rv32,x-epmp=true", text)
        self.assertIn("-bios kernel.elf", text)
        result = self.run_tool("", "--dry-run", "--serial", "null")
        self.assertEqual(result.code, 1)
        self.assertIn("0 serial ports beside", result.err)

    def test_live_on_a_terminal(self):
        main, side = os.openpty()
        fake = "say(' '.join(sys.argv)); hear(); sys.exit(5)"
        with subprocess.Popen([LAUNCHER, "run", "--board", "qemu-rv32-virt", "--kernel", "kernel.elf", "--log",
                               "log"], env=self.environment(fake), stdin=side, stdout=-1, stderr=-1) as process:
            os.write(main, b"x\n")
            out, err = process.communicate(timeout=60)
        os.close(main)
        os.close(side)
        self.assertEqual(process.returncode, 5, err)
        self.assertIn(b"stdio,id=console,mux=on,signal=off,logfile=log -serial chardev:console", out)
        self.assertIn(b"Ctrl-A X", err)

    def test_smepmp_by_version_and_choice(self):
        for version, choice, part in (("8.1.0", "auto", "x-epmp=true"), ("8.2.0", "on", "property=smepmp"),
                                      ("10.0.2", "auto", "property=smepmp"), ("9.1", "off", "-cpu rv32 ")):
            result = self.run_tool("", "--dry-run", "--smepmp", choice, version=version)
            self.assertIn(part, result.out)
        result = self.run_tool("", "--dry-run", "--smepmp", "on", board="mps2-an386")
        self.assertEqual(result.code, 1)
        self.assertIn("no Smepmp", result.err)

    def test_qemu_new_enough_for_the_board(self):
        for version in ("9.1.0", "10.0.2"):
            self.assertEqual(self.run_tool("", "--dry-run", board="b-l475e-iot01a", version=version).code, 0)
        for version in ("7.2.0", "9.0.9"):
            self.assert_one_line(self.run_tool("", "--dry-run", board="b-l475e-iot01a", version=version),
                                 "needs QEMU 9.1 or later")

    def test_since_is_a_version(self):
        os.mkdir("mine")
        with open(os.path.join(ROOT, "boards", "b-l475e-iot01a", "board.ini"), encoding="utf-8") as stream:
            self.write("mine/board.ini", stream.read().replace("since = 9.1", "since = new"))
        self.assert_one_line(self.run_tool("", "--dry-run", board="./mine"), "[qemu] since is not a version")

    def test_applications_are_loaded(self):
        self.pack("cortex-m4", samples.arm_pic())
        fake = "import shutil; p = [a for a in sys.argv if a.startswith('loader')][0]; " \
               "shutil.copy(p.split('file=')[1].split(',')[0], 'copy.bin'); say(p)"
        result = self.run_tool(fake, "--expect", "addr=0x100000,force-raw=on", "--app", "cortex-m4.tab",
                               board="mps2-an386")
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual(self.read("copy.bin"), self.read("cortex-m4.tbf"))

    def test_errors(self):
        self.assert_one_line(tool("run", "--board", "nope"), "no board 'nope'")
        self.assert_one_line(tool("run", "--board", "mps2-an386", "--kernel", "gone.elf"), "gone.elf")
        for options in ([], ["--board", "x", "--expect", "("], ["--board", "x", "--send", "\\q"],
                        ["--board", "x", "--timeout", "-1"], ["--board", "x", "--qemu-arg", "'"], ["--board", "x", "--image", "a", "--app", "b"],
                        ["--board", "x", "--expect", "a", "--for", "3"]):
            self.assertEqual(tool("run", *options).code, 2, options)

    def test_no_qemu(self):
        environment = dict(self.environment(""), PATH="/nonexistent")
        result = launch("run", "--board", "mps2-an386", "--kernel", "kernel.elf", "--for", "1", env=environment)
        self.assertEqual(result.code, 1)
        self.assertIn("make/setup.sh run", result.err)


class Steps(unittest.TestCase):
    """The script of steps alone."""

    def test_sends_only_when_its_turn_comes(self):
        script = steps.Script([(steps.SEND, b"a"), (steps.EXPECT, steps.pattern("x")), (steps.SEND, b"b")])
        self.assertEqual(script.feed(b""), b"a")
        self.assertEqual(script.feed(b"y"), b"")
        self.assertEqual(script.feed(b"x"), b"b")
        self.assertTrue(script.done)

    def test_one_text_does_not_serve_two_patterns(self):
        script = steps.Script([(steps.EXPECT, steps.pattern("x"))] * 2)
        script.feed(b"x")
        self.assertFalse(script.done)
        script.feed(b"x")
        self.assertTrue(script.done)

    def test_line_end_split_over_two_reads(self):
        script = steps.Script([(steps.EXPECT, steps.pattern("^one$"))])
        script.feed(b"one\r")
        script.feed(b"\ntwo")
        self.assertTrue(script.done)

    def test_carriage_return_before_more_text(self):
        script = steps.Script([(steps.EXPECT, steps.pattern("a\rb"))])
        script.feed(b"a\r")
        script.feed(b"b")
        self.assertTrue(script.done)

    def test_escapes(self):
        self.assertEqual(steps.unescape(r"a\n\r\t\e\0\\\x7fz"), b"a\n\r\t\x1b\0\\\x7fz")
        for text in ("\\", r"\x1", r"\j"):
            with self.assertRaises(UsageError):
                steps.unescape(text)


if __name__ == "__main__":
    unittest.main()
