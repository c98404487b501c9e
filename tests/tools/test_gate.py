# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Each rule of the capsule gate refuses a capsule that breaks it, with place and reason."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from gate import constructs, objects, stack  # noqa: E402

CROSS = "riscv64-unknown-elf-"
MACHINE = ["-march=rv32imac_zicsr", "-mabi=ilp32"]
REACH = ["-Iabi/include", "-Ilib/include", "-Ihil/include", "-Ibuild/include",
         "-Icapsules/include"]
CLANG = next((name for name in ["clang", "clang-14", "clang-15", "clang-16", "clang-17",
                                "clang-18", "clang-19"] if shutil.which(name)), "clang")

# A construct and the line that must be named.
BAD_CONSTRUCTS = {
    "an integer becomes a pointer": "int f(unsigned a);\nint f(unsigned a) { return *(int *)a; }",
    "a pointer becomes an integer":
        "unsigned f(int *a);\nunsigned f(int *a) { return (unsigned)a; }",
    "a pointer is retyped": "char *f(int *a);\nchar *f(int *a) { return (char *)a; }",
    "from 'void *'": "int f(void *a);\nint f(void *a) { int *b = a; return *b; }",
    "drops const": "char *f(const char *a);\nchar *f(const char *a) { return (char *)a; }",
    "holds a pointer": "union u;\nunion u { int *a; int b; };",
    "is volatile": "int f(int a);\nint f(int a) { volatile int b = a; return b; }",
    "inline assembly": "void f(void);\nvoid f(void) { __asm__(\"nop\"); }",
    "__builtin_memcpy": "void f(int *a, int *b);\n"
                        "void f(int *a, int *b) { __builtin_memcpy(a, b, 4); }",
    "outside the capsule's struct": "int f(void);\nint f(void) { static int n; return n++; }",
}


class Scratch(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="gate-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.here = os.getcwd()
        os.chdir(ROOT)
        self.addCleanup(os.chdir, self.here)

    def compile(self, text, *flags):
        source = self.folder / "bad.c"
        source.write_text(text)
        target = self.folder / "bad.c.o"
        subprocess.run([CROSS + "gcc", *MACHINE, "-std=c11", "-ffreestanding", "-Os",
                        "-fcallgraph-info=su", "-fno-optimize-sibling-calls", *REACH, *flags,
                        "-MMD", "-c", str(source), "-o", str(target)], check=True)
        return source, target

    def object(self, text, *flags):
        source, target = self.compile(text, *flags)
        return objects.ObjectFile(target, str(source))


class Constructs(Scratch):
    def test_each_is_refused_with_its_line(self):
        for reason, text in BAD_CONSTRUCTS.items():
            with self.subTest(reason):
                source = self.folder / "bad.c"
                source.write_text(text + "\n")
                found = list(constructs.check_constructs(
                    CLANG, str(source), ["--target=riscv32", "-std=c11", "-w"]))
                self.assertTrue(any(reason in f.reason and f.place == f"{source}:2"
                                    for f in found), found)

    def test_the_sanctioned_ways_pass(self):
        source = self.folder / "good.c"
        source.write_text(
            '#include "kernel/grant.h"\n'
            "struct mine { int n; struct driver driver; };\n"
            "int f(struct driver *d);\n"
            "int f(struct driver *d) { return CONTAINER_OF(d, struct mine, driver)->n; }\n"
            "int g(struct grant_entry *e);\n"
            "int g(struct grant_entry *e) { return *GRANT_STATE(e, int); }\n"
            "const int *h(void);\n"
            "const int *h(void) { return 0; }\n")
        found = list(constructs.check_constructs(
            CLANG, str(source), ["--target=riscv32", "-std=c11", "-ffreestanding", "-w", *REACH]))
        self.assertEqual(found, [])

    def test_what_clang_cannot_read_is_a_finding(self):
        source = self.folder / "bad.c"
        source.write_text("int f( {\n")
        found = list(constructs.check_constructs(CLANG, str(source), ["--target=riscv32"]))
        self.assertIn("clang cannot read it", found[0].reason)


class Objects(Scratch):
    def test_rule_1_reach(self):
        obj = self.object('#include "trusted/types.h"\n', "-Ikernel/include")
        found = list(objects.check_reach(obj, ["abi/include/", "build/include/kernel/"]))
        self.assertEqual(len(found), 1)
        self.assertIn("kernel/include/trusted/types.h", found[0].reason)

    def test_rule_1_the_include_path_does_not_even_find_it(self):
        with self.assertRaises(subprocess.CalledProcessError):
            self.object('#include "trusted/types.h"\n')

    def test_rule_2_imports(self):
        obj = self.object("void process_find(int);\n\nvoid f(void);\n"
                          "void f(void) { process_find(1); }\n")
        found = list(objects.check_imports(obj, {"grant_enter"}))
        self.assertEqual([f.place for f in found], [f"{obj.source}:1"])
        self.assertIn("process_find", found[0].reason)

    def test_rule_7_tables(self):
        obj = self.object("void f(void);\nvoid f(void) {}\n"
                          "struct { void (*call)(void); } table = {f};\n")
        found = list(objects.check_tables(obj))
        self.assertEqual(len(found), 1)
        self.assertIn("address of f", found[0].reason)

    def test_rule_9_state(self):
        obj = self.object("int counter;\nint other = 3;\n")
        self.assertEqual(len(list(objects.check_state(obj))), 2)


class Stack(Scratch):
    def graph(self, text, declared=None):
        _, target = self.compile(text)
        return stack.CallGraph([target], declared or {})

    def test_rule_8_recursion(self):
        graph = self.graph("int f(int), g(int);\nint f(int a) { return a ? g(a) + 1 : 0; }\n"
                           "__attribute__((noinline)) int g(int a) { return f(a - 1) + 1; }\n")
        graph.worst("f")
        self.assertTrue(any("recursion: f -> g -> f" in f.reason for f in graph.findings),
                        graph.findings)

    def test_rule_8_frame_without_bound(self):
        graph = self.graph("void use(char *);\nvoid f(int n);\n"
                           "void f(int n) { char a[n]; use(a); }\n")
        graph.worst("f")
        self.assertTrue(any("no fixed size" in f.reason for f in graph.findings))

    def test_rule_8_undeclared_pointer(self):
        graph = self.graph("int f(int (*call)(int));\n"
                           "int f(int (*call)(int)) { return call(1) + 1; }\n")
        self.assertTrue(any("declare it" in f.reason for f in graph.findings))

    def test_a_declared_pointer_counts(self):
        text = ("void use(char *);\nint deep(int);\n"
                "int deep(int a) { char b[100]; use(b); return b[a]; }\n"
                "int f(int (*call)(int));\nint f(int (*call)(int)) { return call(1) + 1; }\n")
        graph = self.graph(text, {("f", "call"): {"deep"}})
        self.assertEqual(graph.findings, [])
        self.assertGreaterEqual(graph.worst("f")[0], 100)


class Build(Scratch):
    """Rules 3, 4, 6 and 10, on a copy of the tree."""

    def copy(self):
        tree = self.folder / "tree"
        shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns("build", ".git"))
        return tree

    def make(self, tree, *goals):
        return subprocess.run(["make", "--no-print-directory", "BOARD=qemu-rv32-minimal", *goals],
                              cwd=tree, capture_output=True, text=True, check=False,
                              env={k: v for k, v in os.environ.items()
                                   if not k.startswith(("MAKE", "MFLAGS"))})

    @staticmethod
    def spoiled(clean):
        """The capsule, with a call of a private function of the kernel on a path that is linked."""
        head = "void low_level_debug_init(struct low_level_debug *self)\n{\n"
        assert head in clean
        return clean.replace(head, "void *process_find(unsigned id);\n\n" + head +
                             "\t(void)process_find(1);\n")

    def test_rules_3_4_6_10(self):
        tree = self.copy()
        elf = "build/qemu-rv32-minimal/kernel.elf"
        self.assertEqual(self.make(tree, elf, "gate").returncode, 0)
        clean = (tree / "capsules/src/low_level_debug.c").read_text()

        (tree / "capsules/src/low_level_debug.c").write_text(self.spoiled(clean))
        done = self.make(tree, elf)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("undefined reference to `process_find'", done.stderr)

        interface = tree / "kernel/trusted_interface.txt"
        interface.write_text(interface.read_text() + "process_find\n")
        done = self.make(tree, elf)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("prohibited cross reference", done.stderr)

        (tree / "capsules/src/low_level_debug.c").write_text(
            clean + '\n#include "kernel/process_admin.h"\n'
            "const struct cap_process_admin *spoiled_right;\n")
        done = self.make(tree, elf, "gate")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("low_level_debug.c: rule 6: it holds cap_process_admin", done.stderr)
        self.assertIn("rule 9:", done.stderr)

        (tree / "capsules/src/low_level_debug.c").write_text(clean)
        audit = tree / "boards/qemu-rv32-minimal/AUDIT.txt"
        audit.write_text(audit.read_text().replace("rights     none", "rights     any", 1))
        done = self.make(tree, elf, "gate")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("rule 10: what the capsules can reach has changed", done.stderr)


if __name__ == "__main__":
    unittest.main()
