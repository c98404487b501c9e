# SPDX-License-Identifier: Apache-2.0 OR MIT
"""make/setup.sh against stand-ins for apt-get, apt-cache, id and sudo."""
import os
import subprocess
import unittest

from harness import ROOT, Case, Result

SETUP = os.path.join(ROOT, "make", "setup.sh")
COMMANDS = ["make", "riscv64-unknown-elf-gcc", "arm-none-eabi-gcc", "qemu-system-riscv32",
            "qemu-system-arm", "gcc", "g++", "xz", "clang-19", "clang-format", "openssl",
            "clang-tidy", "cppcheck", "frama-c", "why3", "z3", "cvc5"]
FILES = ["usr/bin/python3", "usr/lib/python3/dist-packages/elftools/x",
         "usr/lib/picolibc/riscv64-unknown-elf/x", "usr/lib/picolibc/arm-none-eabi/x",
         "usr/lib/arm-none-eabi/newlib/x", "usr/src/newlib/newlib-3.tar.xz", "usr/lib/python3/dist-packages/cryptography/x", "usr/include/stdlib.h", "usr/lib/gcc/some/12/libasan.so",
         "usr/lib/llvm-19/lib/clang/19/lib/linux/libclang_rt.asan-x86_64.a"]


class Setup(Case):
    """A made-up machine: PATH holds only what a test puts there."""

    def setUp(self):
        super().setUp()
        os.mkdir("bin")
        os.makedirs("root/var/lib/apt/lists")
        self.write("root/var/lib/apt/lists/mirror_main_Packages", b"")
        for name in ("mktemp", "rm", "grep", "head", "touch", "env"):
            path = next(p for p in (f"/usr/bin/{name}", f"/bin/{name}") if os.path.exists(p))
            os.symlink(path, f"bin/{name}")
        self.stub("id", "echo 0")
        self.stub("apt-cache", 'for last; do :; done; case " $KNOWN " in *" $last "*) exit 0;; esac; exit 100')
        self.stub("apt-get", 'echo "$@" >>calls; case "$*" in *update) [ -n "$UPDATE_FAILS" ] && '
                  'echo "E: no network" && exit 100; exit 0;; esac; '
                  '[ -n "$INSTALL_FAILS" ] && echo "E: disk full" && exit 100; '
                  'for item in $GIVES; do touch bin/$item; chmod +x bin/$item; done; exit 0')
        os.symlink("/bin/chmod", "bin/chmod")

    def stub(self, name, text):
        """A command of the made-up machine."""
        path = self.write(os.path.join("bin", name), "#!/bin/sh\n" + text + "\n")
        os.chmod(path, 0o755)

    def complete(self, without=()):
        """Everything is there but what `without` names."""
        for name in COMMANDS:
            if name not in without:
                self.stub(name, "exit 1")
        for name in FILES:
            if not any(w in name for w in without):
                os.makedirs(os.path.dirname("root/" + name), exist_ok=True)
                self.write("root/" + name, b"")

    def setup(self, *groups, **environment):
        """Runs the script."""
        env = {"PATH": os.path.join(self.folder, "bin"), "SETUP_ROOT": os.path.join(self.folder, "root"),
               "TMPDIR": self.folder}
        env.update(environment)
        done = subprocess.run(["/bin/sh", SETUP, *groups], env=env, stdin=subprocess.DEVNULL, timeout=60,
                              capture_output=True, check=False, text=True)
        return Result(done.returncode, done.stdout, done.stderr)

    def calls(self):
        """How apt-get was called."""
        return self.read("calls").decode().splitlines() if os.path.exists("calls") else []

    def test_complete_does_nothing(self):
        self.complete()
        for name in ("apt-get", "apt-cache", "id"):
            os.unlink("bin/" + name)
        result = self.setup("build", "run", "test", "prove")
        self.assertEqual((result.code, result.err), (0, ""))
        self.assertIn("nothing is missing", result.out)

    def test_dry_run_changes_nothing(self):
        result = self.setup("run", SETUP_DRY_RUN="1", KNOWN="python3 qemu-system-misc qemu-system-arm")
        self.assertEqual((result.code, self.calls()), (0, []), result.err)
        self.assertIn("would install python3 qemu-system-misc qemu-system-arm", result.out)

    def test_every_group_in_a_dry_run(self):
        for group, part in (("build", "gcc-riscv64-unknown-elf"), ("run", "qemu-system-arm"),
                            ("test", "libc6-dev"), ("prove", "why3")):
            result = self.setup(group, SETUP_DRY_RUN="1")
            self.assertEqual(result.code, 0, result.err)
            self.assertIn(part, result.out)

    def test_names_of_other_releases(self):
        result = self.setup("run", "prove", SETUP_DRY_RUN="1",
                            KNOWN="python3 qemu-system-riscv qemu-system-arm frama-c why3 z3 cvc5")
        self.assertIn("would install python3 qemu-system-riscv qemu-system-arm frama-c why3 z3 cvc5",
                      result.out)

    def test_installs_what_is_missing_only(self):
        self.complete(without=["z3", "cvc5"])
        result = self.setup("prove", KNOWN="z3 cvc4", GIVES="z3 cvc4")
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual(len(self.calls()), 1)
        self.assertTrue(self.calls()[0].endswith("install -y --no-install-recommends z3 cvc4"))

    def test_updates_where_the_lists_know_nothing(self):
        self.complete(without=["z3"])
        self.stub("apt-cache", "[ -e calls ]")
        result = self.setup("prove", GIVES="z3")
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual([c.split()[-1] for c in self.calls()], ["update", "z3"])

    def test_no_package_on_this_release(self):
        self.complete(without=["z3"])
        result = self.setup("prove")
        self.assertEqual(result.code, 1)
        self.assertIn("no package z3", result.err)

    def test_optional_need_is_left_out(self):
        self.complete(without=["libclang_rt"])
        result = self.setup("test", KNOWN="nothing")
        self.assertEqual(result.code, 0, result.err)

        self.assertIn("no package libclang-rt-14-dev", result.out)
        self.assertEqual(self.calls(), [])

    def test_optional_need_without_lists(self):
        self.complete(without=["frama-c"])
        os.unlink("root/var/lib/apt/lists/mirror_main_Packages")
        self.stub("apt-cache", "[ -e calls ]")
        result = self.setup("prove", GIVES="frama-c")
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual([c.split()[-1] for c in self.calls()], ["update", "frama-c-base"])

    def test_errors_are_one_line(self):
        self.complete(without=["z3"])
        result = self.setup("prove", KNOWN="z3", INSTALL_FAILS="1")
        self.assertEqual((result.code, len(result.err.splitlines())), (1, 1), result.err)
        self.assertIn("disk full", result.err)
        result = self.setup("prove", UPDATE_FAILS="1")
        self.assertEqual((result.code, len(result.err.splitlines())), (1, 1), result.err)
        self.assertIn("no network", result.err)

    def test_installed_but_still_missing(self):
        self.complete(without=["z3"])
        result = self.setup("prove", KNOWN="z3")
        self.assertEqual(result.code, 1)
        self.assertIn("still missing", result.err)

    def test_without_root(self):
        self.complete(without=["z3"])
        self.stub("id", "echo 1000")
        result = self.setup("prove", KNOWN="z3")
        self.assertEqual(result.code, 1)
        self.assertIn("sudo apt-get update && sudo apt-get install -y --no-install-recommends z3\n", result.out)
        self.assertEqual(self.calls(), [])
        self.stub("sudo", '[ "$1" = -n ] || exit 1; shift; exec "$@"')
        self.stub("true", "exit 0")
        result = self.setup("prove", KNOWN="z3", GIVES="z3")
        self.assertEqual(result.code, 0, result.out + result.err)
        self.assertEqual(len(self.calls()), 1)

    def test_elsewhere_than_debian(self):
        os.unlink("bin/apt-get")
        result = self.setup("build")
        self.assertEqual(result.code, 1)
        self.assertIn("Debian or Ubuntu", result.err)

    def test_usage(self):
        self.assertEqual(self.setup("everything").code, 2)


if __name__ == "__main__":
    unittest.main()
