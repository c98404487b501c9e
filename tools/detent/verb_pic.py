# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`detent pic`: makes a linked RISC-V application position independent."""
from .args import Parser
from .elf import Elf
from .errors import EXIT_OK
from .files import read_file, write_file
from .riscv_pic import Movable

EXAMPLES = [
    "detent pic --sizes first.elf      (prints two numbers, for a second link)",
    "detent pic second.elf -o rv32imac.elf",
]
DESCRIPTION = """The last step of a build of an application that runs at any address on RISC-V;
make/app.mk does it. The ELF is one of user/riscv_pic.ld, linked with --emit-relocs."""


def main(argv):
    """Runs the verb."""
    parser = Parser("pic", DESCRIPTION, EXAMPLES)
    parser.add_argument("elf", metavar="ELF")
    group = parser.add_mutually_exclusive_group(required=True)
    group.add_argument("-o", "--output-file", metavar="ELF")
    group.add_argument("--sizes", action="store_true",
                       help="print what to give the linker for PIC_STUBS and PIC_FIXUPS")
    options = parser.parse_args(argv)
    plan = Movable(Elf(read_file(options.elf), options.elf))
    if options.sizes:
        print(f"--defsym=PIC_STUBS={len(plan.stubs())} --defsym=PIC_FIXUPS={len(plan.fixups())}")
    else:
        write_file(options.output_file, plan.finished())
    return EXIT_OK
