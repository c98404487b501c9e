# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Each rule of the capsule gate refuses a capsule that breaks it, with place and reason."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import types
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from gate import __main__ as gate, audit, constructs, directives, handles, objects, stack  # noqa: E402

CROSS = "riscv64-unknown-elf-"
MACHINE = ["-march=rv32imac_zicsr", "-mabi=ilp32"]
REACH = ["-Iabi/include", "-Ilib/include", "-Ihil/include", "-Ibuild/include",
         "-Icapsules/include"]
CLANG = next((name for name in ["clang", "clang-14", "clang-15", "clang-16", "clang-17",
                                "clang-18", "clang-19"] if shutil.which(name)), "clang")

# A reason and a capsule whose second line is refused for it.
GRANT = '#include "kernel/grant.h"\n'
BAD_CONSTRUCTS = [
    ("an integer becomes a pointer", "int f(unsigned a);\nint f(unsigned a) { return *(int *)a; }"),
    ("a pointer becomes an integer",
     "unsigned f(int *a);\nunsigned f(int *a) { return (unsigned)a; }"),
    ("a pointer is retyped", "char *f(int *a);\nchar *f(int *a) { return (char *)a; }"),
    ("a pointer is retyped", "typedef int *ip; typedef char *cp; cp f(ip a);\n"
                             "cp f(ip a) { return (cp)a; }"),
    ("a pointer is retyped", "typedef void (*call)(void); call f(int (*a)(int));\n"
                             "call f(int (*a)(int)) { return (call)a; }"),
    ("from 'void *'", "int f(void *a);\nint f(void *a) { int *b = a; return *b; }"),
    ("bytes are written over a pointer",
     "void take(void *); void f(int **a);\nvoid f(int **a) { take(a); }"),
    ("drops const", "char *f(const char *a);\nchar *f(const char *a) { return (char *)a; }"),
    ("a union holds a pointer, 'a'", "union u;\nunion u { int *a; int b; };"),
    ("a union holds a pointer, 'a'", "typedef int *ip; union u;\nunion u { ip a; int b; };"),
    ("a union holds a pointer, 'a'", "typedef int *ip; union u;\nunion u { ip a[2]; int b; };"),
    ("a union holds a pointer, 'a'", "struct s { int *p; }; union u;\n"
                                     "union u { struct s a; int b; };"),
    ("a union holds a pointer, 'a'", "union u;\nunion u { struct { int *a; } s; int b; };"),
    ("'b' is volatile", "int f(int a);\nint f(int a) { volatile int b = a; return b; }"),
    ("'b' is volatile", "struct s;\nstruct s { volatile int b; };"),
    ("'b' is volatile", "int f(volatile int *b);\nint f(volatile int *b) { return *b; }"),
    ("'port' is volatile", "int f(int);\ntypedef volatile int port;"),
    ("inline assembly", 'void f(void);\nvoid f(void) { __asm__("nop"); }'),
    ("inline assembly", 'void f(void);\n__asm__("nop");\nvoid f(void) {}'),
    ("an assembler name", 'void g(void);\nvoid f(void) __asm__("g");\nvoid f(void) {}'),
    ("__builtin_memcpy: assign",
     "void f(int *a, int *b);\nvoid f(int *a, int *b) { __builtin_memcpy(a, b, 4); }"),
    ("memset: assign", "void f(int *a); void *memset(void *, int, __SIZE_TYPE__);\n"
                       "void f(int *a) { memset(a, 0, 4); }"),
    ("__builtin_frame_address: the compiler's own",
     "void *f(void);\nvoid *f(void) { return __builtin_frame_address(0); }"),
    ("the attribute Section", "void f(void);\n__attribute__((section(\".text.x\"))) void f(void) {}"),
    ("the attribute Constructor", "void f(void);\n__attribute__((constructor)) void f(void) {}"),
    ("the attribute Alias",
     "void g(void) {}\nvoid f(void) __attribute__((alias(\"g\")));"),
    ("a jump to an address", "int f(void);\nint f(void) { void *a = &&out; out: return a != 0; }"),
    ("'n' is state outside the capsule's struct",
     "int f(void);\nint f(void) { static int n; return n++; }"),
    ("it declares g itself", "int f(void);\nint g(void);\nint f(void) { return g(); }"),
    ("it completes 'struct grant_entry'", GRANT + "struct grant_entry { int mine; };"),
    ("a null constant where a right is asked for",
     "struct cap_x; void steer(const struct cap_x *right); void f(void);\n"
     "void f(void) { steer(0); }"),
    ("log_print: the format is no literal",
     "void log_print(const char *format, ...); void f(const char *a);\n"
     "void f(const char *a) { log_print(a); }"),
    ("a pointer is taken from variable arguments",
     "int f(int n, ...);\nint f(int n, ...) { __builtin_va_list v; __builtin_va_start(v, n); "
     "return *__builtin_va_arg(v, int *); }"),
    ("a pointer is taken from variable arguments",
     "#include <stdarg.h>\nint f(va_list v) { return *va_arg(v, int *); }"),
    ("it touches a driver's index", GRANT + "void f(struct driver *d) { d->index = 3; }"),
    ("it touches a driver's index",
     GRANT + "const uint8_t *f(const struct driver *d) { return &d->index; }"),
    ("it makes a driver's handle with an index",
     GRANT + "void led_init(struct driver *d) { *d = (struct driver){0, 3}; }"),
    ("made in the capsule's _init function",
     GRANT + "void f(struct driver *d, const struct driver_type *t) { d->type = t; }"),
    ("made in the capsule's _init function",
     GRANT + "void f(struct driver *d) { *d = (struct driver){0}; }"),
    ("made in the capsule's _init function",
     GRANT + "struct my { struct driver d; }; void f(struct my *a, struct my *b) { *a = *b; }"),
]

# A reason, and text whose second line is refused for it before any compiler reads it.
BAD_DIRECTIVES = [
    ("#ifdef", "\n#ifdef __clang__\n#endif\n"),
    ("#if", "\n# if __GNUC__ > 1\n#endif\n"),
    ("#ifndef", "\n#ifndef __clang__\n#define __clang__\n#endif\n"),
    ("#if", "\n/* a comment */ %:if 1\n%:endif\n"),
    ("#pragma", "\n#pragma GCC poison x\n"),
    ("#line", '\n#line 1 "other.c"\n'),
    ("_Pragma", '\n_Pragma("GCC poison x")\n'),
    ("split over two lines", "\n#\\\nif 1\n#endif\n"),
]


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
    def findings(self, text):
        source = self.folder / "bad.c"
        source.write_text(text + "\n")
        return source, list(constructs.check_constructs(
            CLANG, str(source), ["--target=riscv32", "-std=c11", "-ffreestanding", "-w", *REACH]))

    def test_each_is_refused_with_its_line(self):
        for reason, text in BAD_CONSTRUCTS:
            with self.subTest(reason, text=text):
                source, found = self.findings(text)
                self.assertTrue(any(reason in f.reason and f.place == f"{source}:2" and f.rule == 5
                                    for f in found), found)

    def test_every_reason_of_the_lint_has_a_case(self):
        said = set()
        for _, text in BAD_CONSTRUCTS:
            said.update(f.reason for f in self.findings(text)[1])
        for module in (constructs, handles):
            for spelled in re.findall(r'(?:report\(|return )f?"([^"]+)"', Path(module.__file__).read_text()):
                pattern = ".*".join(re.escape(part) for part in re.split(r"\{[^}]*\}", spelled))
                self.assertTrue(any(re.search(pattern, reason) for reason in said), spelled)

    def test_directives_are_refused_with_their_line(self):
        source = self.folder / "bad.c"
        for reason, text in BAD_DIRECTIVES:
            with self.subTest(reason, text=text):
                source.write_text(text)
                found = list(directives.check_directives(source))
                self.assertTrue(any(reason in f.reason and f.place == f"{source}:2" for f in found), found)

    def test_guards_of_headers_and_words_in_comments_pass(self):
        source = self.folder / "good.h"
        source.write_text("/*\n#if 1\n*/\n#ifndef GOOD_H\n#define GOOD_H\n// #pragma\n#include <a.h>\n"
                          '#define TEXT "\\n#if"\n#endif\n')
        self.assertEqual(list(directives.check_directives(source)), [])

    def test_a_header_of_its_own_is_looked_at_too(self):
        tree = self.folder / "capsules" / "include"
        tree.mkdir(parents=True)
        (tree / "own.h").write_text("#define STEAL(a) (*(int *)(a))\n"
                                    "static inline int take(unsigned a) { return *(int *)a; }\n")
        (tree.parent / "bad.c").write_text('#include "own.h"\nint f(unsigned a) { return STEAL(a); }\n')
        os.chdir(self.folder)
        found = list(constructs.check_constructs(
            CLANG, "capsules/bad.c", ["--target=riscv32", "-std=c11", "-w", "-Icapsules/include"]))
        places = {f.place for f in found if "an integer becomes a pointer" in f.reason}
        self.assertEqual(places, {"capsules/bad.c:2", "capsules/include/own.h:2"})

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
        self.assertEqual([f.place for f in found], [f"{obj.source}:1"])
        self.assertIn("kernel/include/trusted/types.h", found[0].reason)

    def test_rule_1_the_include_path_does_not_even_find_it(self):
        with self.assertRaises(subprocess.CalledProcessError):
            self.object('#include "trusted/types.h"\n')

    def test_rule_2_imports(self):
        obj = self.object("void process_restart(int);\n\nvoid f(void);\n"
                          "void f(void) { process_restart(1); }\n")
        found = list(objects.check_imports(obj, {"grant_enter"}))
        self.assertEqual([f.place for f in found], [f"{obj.source}:1"])
        self.assertIn("process_restart", found[0].reason)

    def test_rule_7_tables(self):
        obj = self.object("void f(void);\nvoid f(void) {}\n"
                          "struct { void (*call)(void); } table = {f};\n")
        found = list(objects.check_tables(obj))
        self.assertEqual([f.place for f in found], [f"{obj.source}:1"])
        self.assertIn("address of f", found[0].reason)

    def test_rule_9_state(self):
        obj = self.object("int counter;\nint other = 3;\n")
        found = list(objects.check_state(obj))
        self.assertEqual([f.place for f in found], [f"{obj.source}:1", f"{obj.source}:2"])
        self.assertRegex(found[0].reason, r"4 bytes of state of its own in \.s?bss")

    def test_rule_6_a_right_by_another_spelling(self):
        tree = self.folder / "capsules"
        tree.mkdir()
        (self.folder / "policy.txt").write_text("cap_process_admin: other\n")
        os.chdir(self.folder)
        for text in ("struct cap_process_admin const *right;\n", "struct\tcap_process_admin;\n"):
            (tree / "bad.c").write_text("\n" + text)
            obj = types.SimpleNamespace(source="capsules/bad.c", headers=lambda: [])
            found = list(gate.check_rights([obj], "policy.txt"))
            self.assertEqual([(f.place, f.rule) for f in found], [("capsules/bad.c:2", 6)])

    def test_rule_6_a_name_that_begins_alike(self):
        """Only the files of a capsule that share its private header have what it has."""
        tree = self.folder / "capsules"
        tree.mkdir()
        (self.folder / "policy.txt").write_text("cap_process_admin: console\n")
        (tree / "console_other.c").write_text("struct cap_process_admin const *right;\n")
        os.chdir(self.folder)
        for headers, refused in ([], 1), (["capsules/src/console_private.h"], 0), (["capsules/src/other_private.h"], 1):
            obj = types.SimpleNamespace(source="capsules/console_other.c", headers=lambda names=headers: names)
            self.assertEqual(len(list(gate.check_rights([obj], "policy.txt"))), refused, headers)

    def test_rule_6_a_right_made_outside_boards(self):
        (self.folder / "chips").mkdir()
        (self.folder / "policy.txt").write_text("")
        os.chdir(self.folder)
        for text in ("static const struct cap_process_admin mine;", "const struct cap_loans mine = {0};",
                     "static struct cap_loans mine;", "struct cap_loans const mine;", "const struct cap_loans mine[2];"):
            for name in "bad.c", "bad.h":
                (self.folder / "chips" / name).write_text(f"\n{text}\n")
                found = list(gate.check_rights([], "policy.txt"))
                self.assertEqual([f.place for f in found], [f"chips/{name}:2"], text)
                self.assertIn("made outside boards/", found[0].reason)
                (self.folder / "chips" / name).unlink()
        (self.folder / "chips" / "good.c").write_text("struct cap_loans;\nextern const struct cap_loans theirs;\n"
                                                      "void f(const struct cap_loans *right);\n")
        self.assertEqual(list(gate.check_rights([], "policy.txt")), [])


class Stack(Scratch):
    def graph(self, text, declared=None):
        _, target = self.compile(text)
        return stack.CallGraph([target], declared or {})

    def test_rule_8_recursion(self):
        graph = self.graph("int f(int), g(int);\nint f(int a) { return a ? g(a) + 1 : 0; }\n"
                           "__attribute__((noinline)) int g(int a) { return f(a - 1) + 1; }\n")
        graph.worst("f")
        self.assertTrue(any("recursion: f -> g -> f" in f.reason and f.place.endswith("bad.c:2")
                            for f in graph.findings), graph.findings)

    def test_rule_8_frame_without_bound(self):
        graph = self.graph("void use(char *);\nvoid f(int n);\n"
                           "void f(int n) { char a[n]; use(a); }\n")
        graph.worst("f")
        self.assertTrue(any("no fixed size" in f.reason and f.place.endswith("bad.c:3")
                            for f in graph.findings), graph.findings)

    def test_rule_8_undeclared_pointer(self):
        graph = self.graph("int f(int (*call)(int));\n"
                           "int f(int (*call)(int)) { return call(1) + 1; }\n")
        self.assertTrue(any("declare it" in f.reason and f.place.endswith("bad.c:2")
                            for f in graph.findings), graph.findings)

    def test_a_declared_pointer_counts(self):
        text = ("void use(char *);\nint deep(int);\n"
                "int deep(int a) { char b[100]; use(b); return b[a]; }\n"
                "int f(int (*call)(int));\nint f(int (*call)(int)) { return call(1) + 1; }\n")
        graph = self.graph(text, {("f", "call"): {"deep"}})
        self.assertEqual(graph.findings, [])
        self.assertGreaterEqual(graph.worst("f")[0], 100)


class StackNeed(unittest.TestCase):
    """The deepest path, what can come on top of it, and what assembly takes."""

    def need(self, entries, on_top):
        options = types.SimpleNamespace(on_top=on_top, reserve=100)
        return gate.stack_need({name: (size, ()) for name, size in entries.items()}, options)

    def test_a_fault_comes_on_top(self):
        entries = {"kernel_next": 1000, "kernel_syscall": 700, "arm_kernel_fault": 400}
        self.assertEqual(self.need(entries, "arm_kernel_fault"), 1500)
        self.assertEqual(self.need(entries, None), 1100)

    def test_the_name_is_one(self):
        with self.assertRaisesRegex(SystemExit, "ARCH_STACK_ON_TOP"):
            self.need({"kernel_next": 1}, "arm_kernel_fault")


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
        return clean.replace(head, "void *process_restart(unsigned id);\n\n" + head +
                             "\t(void)process_restart(1);\n")

    def test_rule_10_reads_all_wiring(self):
        """What a board's file includes of boards/ counts as its own."""
        folder = self.folder / "boards"
        for name, text in [
                ("one/board.c", '#include "../two/board.c"\n'),
                ("two/board.c", '#include "common/panel.h"\n#include "lib/none.h"\n{DRIVER_A, &first.driver},\n'
                                "\tif (number == ONE_IRQ)\n\t\tone_interrupt(&one);\n"
                                "\telse if (number - MANY_IRQ < MANY_IRQS)\n\t\tmany_interrupt(&many);\n"),
                ("common/panel.h", "#define PANEL {DRIVER_B, &second.driver},\n")]:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        wiring = audit.wiring_of(folder / "one/board.c", folder)
        self.assertEqual(audit.drivers_of(wiring), {"first": "DRIVER_A", "second": "DRIVER_B"})
        self.assertEqual(audit.INTERRUPT.findall(wiring),
                         [("ONE_IRQ", "one_interrupt"), ("MANY_IRQ", "many_interrupt")])

    def test_rules_3_4_6_10(self):
        tree = self.copy()
        elf = "build/qemu-rv32-minimal/kernel.elf"
        self.assertEqual(self.make(tree, elf, "gate").returncode, 0)
        clean = (tree / "capsules/src/low_level_debug.c").read_text()

        (tree / "capsules/src/low_level_debug.c").write_text(self.spoiled(clean))
        done = self.make(tree, elf)
        self.assertNotEqual(done.returncode, 0)
        self.assertRegex(done.stderr, r"low_level_debug\.c:\d+: undefined reference to `process_restart'")

        interface = tree / "kernel/trusted_interface.txt"
        interface.write_text(interface.read_text() + "process_restart\n")
        done = self.make(tree, elf)
        self.assertNotEqual(done.returncode, 0)
        self.assertRegex(done.stderr, r"low_level_debug\.c:\d+: prohibited cross reference")

        (tree / "capsules/src/low_level_debug.c").write_text(
            clean + '\n#include "kernel/process_admin.h"\n'
            "const struct cap_process_admin *spoiled_right;\n")
        done = self.make(tree, elf, "gate")
        self.assertNotEqual(done.returncode, 0)
        self.assertRegex(done.stderr, r"low_level_debug\.c:\d+: rule 6: it holds cap_process_admin")
        self.assertRegex(done.stderr, r"low_level_debug\.c:\d+: rule 9:")

        (tree / "capsules/src/low_level_debug.c").write_text(clean)
        # rule 4: nothing of a capsule lies where the linker script has no place for it
        (tree / "capsules/src/low_level_debug.c").write_text(
            clean.replace("void low_level_debug_init(", '__attribute__((section(".mine"))) void low_level_debug_init('))
        done = self.make(tree, elf)
        self.assertNotEqual(done.returncode, 0)
        self.assertRegex(done.stderr, r"orphan section `\.mine'.*low_level_debug")

        # rule 8: more stack than the board has
        (tree / "capsules/src/low_level_debug.c").write_text(clean)
        wiring = tree / "boards/qemu-rv32-minimal/board.mk"
        wiring.write_text(wiring.read_text().replace("STACK_SIZE=2048", "STACK_SIZE=640"))
        self.assertEqual(self.make(tree, elf).returncode, 0)
        done = self.make(tree, elf, "gate")
        self.assertNotEqual(done.returncode, 0)
        self.assertRegex(done.stderr, r"board\.mk: rule 8: the kernel stack has 640 bytes and may need \d{3,4}: "
                                      "raise LINKER_STACK_SIZE")

        audit = tree / "boards/qemu-rv32-minimal/AUDIT.txt"
        audit.write_text(audit.read_text().replace("rights     none", "rights     any", 1))
        done = self.make(tree, elf, "gate")
        self.assertNotEqual(done.returncode, 0)
        self.assertRegex(done.stderr, r"AUDIT\.txt:\d+: rule 10: what the capsules can reach has changed")


if __name__ == "__main__":
    unittest.main()
