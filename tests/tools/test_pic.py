# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`detent pic`: what it refuses, with the real compiler, and that its output is what packers expect.

That its output runs is tested in tests/qemu/userland.py.
"""
import os
import shutil
import subprocess
import unittest

from harness import ROOT, Case, tool

CROSS = "riscv64-unknown-elf-"
FLAGS = ["-march=rv32imac", "-mabi=ilp32", "-Os", "-nostdlib", "-static", "-ffunction-sections"]
LINK = ["-Wl,--emit-relocs", "-T", os.path.join(ROOT, "user", "riscv_pic.ld"), "-Wl,--defsym=APP_STACK_SIZE=512"]
START = ".globl _start\n.section .start,\"ax\"\n_start: call main\n"
PIC = ["-fpie"]


@unittest.skipUnless(shutil.which(CROSS + "gcc"), "needs the RISC-V compiler")
class Pic(Case):
    """Small programs, compiled and linked as make/app.mk does."""

    def link(self, source, flags, sizes=("--defsym=PIC_STUBS=0", "--defsym=PIC_FIXUPS=0")):
        """An ELF file of `source`."""
        self.write("start.S", START)
        self.write("main.c", source)
        subprocess.run([CROSS + "gcc"] + FLAGS + ["-c", "start.S"], check=True)
        subprocess.run([CROSS + "gcc"] + FLAGS + flags + ["-c", "main.c"], check=True)
        subprocess.run([CROSS + "gcc"] + FLAGS + LINK + [f"-Wl,{s}" for s in sizes]
                       + ["start.o", "main.o", "-o", "app.elf"], check=True)

    def finish(self, source, flags):
        """Both links, then `detent pic`."""
        self.link(source, flags)
        sizes = tool("pic", "--sizes", "app.elf")
        self.assertEqual(sizes.code, 0, sizes.err)
        self.link(source, flags, sizes.out.split())
        return tool("pic", "app.elf", "-o", "rv32imac-pic.elf"), sizes.out.split()

    def test_near_data_costs_nothing(self):
        """A variable that gp reaches takes no stub."""
        done, sizes = self.finish("int count; int main(void) { return ++count; }", PIC)
        self.assertEqual(done.code, 0, done.err)
        self.assertEqual(sizes, ["--defsym=PIC_STUBS=0", "--defsym=PIC_FIXUPS=0"])

    def test_far_data_takes_stubs(self):
        """One that it does not reach takes one, and a pointer in data a fixup."""
        source = "int far[5000], *p = far; int main(void) { far[4000]++; return *p; }"
        done, sizes = self.finish(source, PIC)
        self.assertEqual(done.code, 0, done.err)
        self.assertNotIn("--defsym=PIC_STUBS=0", sizes)
        self.assertIn("--defsym=PIC_FIXUPS=2", sizes)
        packed = tool("pack", "--deterministic", "-o", "a.tab", "rv32imac-pic.elf")
        self.assertEqual(packed.code, 0, packed.err)
        shown = tool("inspect", "--json", "rv32imac-pic.tbf")
        self.assertNotIn('"fixed_ram": 1', shown.out)

    def test_absolute_addresses_in_code(self):
        """Code of the medlow model, as the C library is, is moved too."""
        source = "const char text[] = \"text\"; extern int putc_(const char *); int putc_(const char *s) { return *s; }" \
                 "int main(void) { return putc_(text); }"
        done, sizes = self.finish(source, ["-mcmodel=medlow", "-fno-inline"])
        self.assertEqual(done.code, 0, done.err)
        self.assertNotIn("--defsym=PIC_STUBS=0", sizes)

    def test_constant_with_address(self):
        """A pointer in flash cannot be corrected."""
        self.link("int x; int *const table[2] = {&x, &x}; int main(int i) { return *table[i]; }",
                  ["-msmall-data-limit=0"])
        result = tool("pic", "--sizes", "app.elf")
        self.assert_one_line(result, "in a constant", "-fpie")

    def test_jump_table_in_constants(self):
        """An absolute table in assembly is refused with the place's name."""
        self.link("__asm__(\".section .rodata\\ntable: .word main\\n.text\"); extern int table[];"
                  "int main(void) { return table[0]; }", PIC)
        self.assert_one_line(tool("pic", "--sizes", "app.elf"), "table", "the address of main in a constant")

    def test_without_relocations(self):
        """A link without --emit-relocs."""
        self.write("start.S", START)
        self.write("main.c", "int main(void) { return 0; }")
        subprocess.run([CROSS + "gcc"] + FLAGS + PIC + LINK[1:] + ["-Wl,--defsym=PIC_STUBS=0", "-Wl,--defsym=PIC_FIXUPS=0",
                                                                   "start.S", "main.c", "-o", "app.elf"], check=True)
        self.assert_one_line(tool("pic", "--sizes", "app.elf"), "--emit-relocs")

    def test_room_of_another_size(self):
        """The numbers of the first link have to be given to the second."""
        self.link("int far[5000]; int main(void) { return far[4000]; }", PIC)
        self.assert_one_line(tool("pic", "app.elf", "-o", "b.elf"), "--sizes")
        self.assertFalse(os.path.exists("b.elf"))


class Wrong(Case):
    """Files that are no application."""

    def test_not_elf(self):
        """Any other file."""
        self.write("a.elf", b"hello")
        self.assert_one_line(tool("pic", "--sizes", "a.elf"), "not an ELF file")

    def test_other_linker_script(self):
        """A kernel."""
        kernel = os.path.join(ROOT, "build", "apps", "hello", "cortex-m4.elf")
        if os.path.isfile(kernel):
            self.assert_one_line(tool("pic", "--sizes", kernel), "another processor")


if __name__ == "__main__":
    unittest.main()
