# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`detent new` and `detent debug`: what they make is built, run in QEMU, tested on the host and debugged."""
import json
import os
import re
import shutil
import subprocess
import unittest

from harness import LAUNCHER, ROOT, Case, launch, tool

KERNELS = os.path.join(ROOT, "build")
# One processor is enough here; the names of all come from make/app.mk.
FAST = ["APP_ARM_NAMES=cortex-m4:cortex-m4", "APP_RISCV_SLOTS=0"]
MODEL = "qemu-rv32-minimal"


def make(folder, *arguments):
    """make in a folder, without what a calling make left in the environment."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(["make", "-s", "-C", folder] + list(arguments), capture_output=True, text=True,
                          env=environment, stdin=subprocess.DEVNULL, timeout=200, check=False)


def without_comments(text):
    """The JSON in a file for VS Code, which allows comment lines."""
    return json.loads("\n".join(l for l in text.splitlines() if not l.startswith("//")))


class New(Case):
    """In a folder outside of the repository."""

    def built_app(self, name="blinky"):
        """A new application, built."""
        made = tool("new", "app", name)
        self.assertEqual(made.code, 0, made.err)
        done = make(name, *FAST)
        self.assertEqual(done.returncode, 0, done.stderr)
        return os.path.join(name, "build", "apps", name, name + ".tab")

    @unittest.skipUnless(shutil.which("riscv64-unknown-elf-gcc"), "needs the RISC-V compiler")
    def test_app_runs(self):
        """It builds and runs in QEMU, and its editor files are right."""
        self.built_app()
        done = make("blinky", *FAST, "run", "RUN_FLAGS=--icount --expect 'blinky: 3 s' --timeout 60")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(make("blinky", *FAST, "compile_commands.json").returncode, 0)
        commands = json.loads(self.read("blinky/compile_commands.json"))
        self.assertEqual([c["file"] for c in commands], ["main.c"])
        tasks = without_comments(self.read("blinky/.vscode/tasks.json").decode())
        self.assertIn("test", [t["label"] for t in tasks["tasks"]])
        launching = without_comments(self.read("blinky/.vscode/launch.json").decode())["configurations"][0]
        self.assertTrue(os.path.isfile(launching["program"]))
        self.assertEqual(make("blinky", "clean").returncode, 0)
        self.assertFalse(os.path.exists("blinky/build/apps/blinky"))

    def test_app_tests_on_the_host(self):
        """`make test` in its folder."""
        self.assertEqual(tool("new", "app", "blinky").code, 0)
        done = make("blinky", "test")
        if "host-app-test" in done.stderr and "No rule" in done.stderr:
            self.skipTest("this checkout has no host-app-test")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("2", done.stdout)

    @unittest.skipUnless(shutil.which("riscv64-unknown-elf-gcc"), "needs the RISC-V compiler")
    def test_board_with_capsule_and_app(self):
        """A board and its capsule outside of the tree, and an application that calls it."""
        self.assertEqual(tool("new", "board", "my-board", "--like", MODEL).code, 0)
        made = tool("new", "capsule", "counter", "--in", "my-board")
        self.assertEqual(made.code, 0, made.err)
        self.assertIn("BOARD_CAPSULES += counter", self.read("my-board/board.mk").decode())
        board = self.read("my-board/board.c").decode()
        board = board.replace('#include "capsules/alarm_driver.h"', '#include "counter.h"\n#include "capsules/alarm_driver.h"')
        board = board.replace("static struct rng_driver rng_driver;", "static struct rng_driver rng_driver;\nstatic struct counter counter;")
        board = board.replace("&low_level_debug.driver},", "&low_level_debug.driver},\n\t{DRIVER_COUNTER, &counter.driver},")
        board = board.replace("\tkernel_start();", "\tcounter_init(&counter);\n\tkernel_start();")
        self.write("my-board/board.c", board)
        tab = self.built_app("calls")
        self.write("calls/main.c", """#include <stdio.h>
#include "detent/syscall.h"
int main(void)
{
	uint32_t sum = 0;

	command_done(0x80000001, 1, 0, 0);
	if (command_value(0x80000001, 1, 40, &sum) != E_OK || command_value(0x80000001, 1, 2, &sum) != E_OK)
		return 1;
	printf("calls: %u\\n", (unsigned int)sum);
	return 0;
}
""")
        self.assertEqual(make("calls", *FAST).returncode, 0)
        built = make("my-board")
        self.assertEqual(built.returncode, 0, built.stderr)
        run = launch("run", "--board", "my-board/", "--icount", "--app", tab, "--expect", "calls: 42", "--timeout", "60")
        self.assertEqual(run.code, 0, run.out + run.err)
        self.assertIn("Detent", run.out)
        self.assertIn("my-board", run.out)
        self.assertIn('"capsules/counter.c"', re.sub(r'"[^"]*/capsules/counter.c"', '"capsules/counter.c"',
                                                     self.read("my-board/compile_commands.json").decode()))

    def test_capsule_may_not_reach_the_kernel(self):
        """A capsule outside of the tree has the reach of one inside."""
        self.assertEqual(tool("new", "board", "narrow", "--like", MODEL).code, 0)
        self.assertEqual(tool("new", "capsule", "greedy", "--in", "narrow").code, 0)
        source = self.read("narrow/capsules/greedy.c").decode()
        self.write("narrow/capsules/greedy.c", source.replace('#include "kernel/grant.h"', '#include "trusted/process.h"'))
        built = make("narrow")
        self.assertNotEqual(built.returncode, 0)
        self.assertIn("trusted/process.h", built.stderr)

    def test_refused(self):
        """Names and places that cannot be."""
        self.assertEqual(tool("new", "app", "blinky").code, 0)
        self.assert_one_line(tool("new", "app", "blinky"), "there already")
        self.assert_one_line(tool("new", "app", "My App"), "small letters")
        self.assert_one_line(tool("new", "app", "../up"), "small letters")
        self.assert_one_line(tool("new", "capsule", "lost"), "no board")
        self.assert_one_line(tool("new", "board", "b", "--like", "nope"), "no board 'nope'")
        self.assert_one_line(tool("new", "app", "a", "--in", "missing"), "no such folder")
        os.mkdir("with space")
        self.assert_one_line(tool("new", "app", "a", "--in", "with space"), "space")
        self.assertEqual(tool("new", "thing", "a").code, 2)
        self.assert_one_line(tool("run", "--board", "./nowhere/"), "no board")


@unittest.skipUnless(shutil.which("gdb-multiarch"), "gdb-multiarch is not installed")
class Debug(Case):
    """gdb with the symbols of kernel and application, one board an architecture."""

    def debug(self, board, binary):
        """Stops in the kernel, then in the application, and looks at a variable of each."""
        kernel = os.path.join(KERNELS, board, "kernel.elf")
        app = os.path.join(KERNELS, "apps", "moved")
        if not os.path.isfile(kernel) or not os.path.isfile(os.path.join(app, "moved.tab")):
            made = make(ROOT, f"BOARD={board}", f"build/{board}/kernel.elf", "build/apps/moved/moved.tab")
            self.assertEqual(made.returncode, 0, made.stderr)
        batch = ["break board_main", "break check_far", "continue", "bt 1", "print board.name", "continue",
                 "bt 1", "print near_data", "print moved_array[3]"]
        arguments = [part for text in batch for part in ("--batch", text)]
        return launch("debug", "--board", board, "--app", os.path.join(app, binary), "--timeout", "90", *arguments,
                      timeout=120)

    def check(self, board, binary):
        """What gdb must have shown."""
        done = self.debug(board, binary)
        text = done.out + done.err
        self.assertEqual(done.code, 0, text)
        self.assertRegex(text, r"#0 +board_main \(\) at .*board\.c:\d+")
        self.assertRegex(text, r"#0 +check_far \(.*\) at .*main\.c:\d+")
        self.assertRegex(text, rf'\$1 = .*"{board}"')
        self.assertIn("$2 = 5", text)
        self.assertIn("$3 = 1", text)
        self.assertIn("i < FAR; i++", text)

    def test_riscv_at_any_address(self):
        """Variables have addresses once the application runs."""
        self.check("qemu-rv32-virt", "moved.tab")

    def test_riscv_fixed(self):
        """Addresses of the ELF file."""
        self.check("qemu-rv32-virt", "rv32imac.0x80120080.0x80320000.tbf")

    def test_arm(self):
        """Position independent with a global offset table."""
        self.check("mps2-an386", "moved.tab")

    def test_no_breakpoint_comes(self):
        """--timeout ends what would wait for ever."""
        done = launch("debug", "--board", "qemu-rv32-virt", "--batch", "continue", "--timeout", "3", timeout=60)
        self.assertEqual(done.code, 1)
        self.assertIn("not done after 3 s", done.err)
        self.assertNotIn("Traceback", done.err)

    def test_server(self):
        """For editors: the commands are in a file, QEMU waits."""
        process = subprocess.Popen([LAUNCHER, "debug", "--board", "qemu-rv32-virt", "--server", "--script", "d.gdb",
                                    "--app", os.path.join(KERNELS, "apps", "moved", "moved.tab")],
                                   stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
        try:
            self.assertIn("waiting for gdb", process.stdout.readline())
            self.assertIn("add-symbol-file", self.read("d.gdb").decode())
        finally:
            process.terminate()
            process.wait(30)
            process.stdout.close()


if __name__ == "__main__":
    unittest.main()
