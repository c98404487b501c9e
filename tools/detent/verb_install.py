# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`detent install`: applications into an image, or onto a running device."""
from .apps import AppsParser, ImageFile, candidates, install_on_device
from .console import show_lines
from .errors import EXIT_OK

EXAMPLES = [
    "detent install apps.bin hello.tab blink.tab --board qemu-rv32-virt",
    "detent install flash.bin hello.tab --board qemu-rv32-virt --offset 0x100000",
    "detent install --over /dev/ttyACM0 hello.tab --board mps2-an386",
]
DESCRIPTION = """Installs TBF files and TABs. One of the same name is replaced; the others stay where they are.
On a device the old one runs until the new one is stored and checked."""


def main(argv):
    """Runs the verb."""
    parser = AppsParser("install", DESCRIPTION, EXAMPLES)
    parser.add_over()
    parser.add_argument("--keep", action="store_true", help="keep one of the same name, too")
    parser.add_argument("--fixed", action="store_true",
                        help="rather binaries for a fixed address: tockloader does not mix the two kinds")
    parser.add_argument("--no-start", action="store_true", help="on a device: do not start it now")
    parser.add_argument("app", nargs="+", metavar="[IMAGE] APP", help="the image, then .tbf or .tab files")
    options = parser.parse_intermixed_args(argv)
    if options.over:
        return install_on_device(options)
    if len(options.app) < 2:
        parser.error("give the image and an application, or --over")
    file = ImageFile(options.app[0], options, may_be_new=True)
    region = file.region
    for path in options.app[1:]:
        group = candidates(path, region.board, region.remarks, options.fixed)
        same = [i for i, (_, item) in enumerate(region.apps) if item.name == group[0].tbf.name]
        for index in reversed(same if not options.keep else []):
            region.remove(index)
        address = region.install(group)
        show_lines([f"{address:#010x} {group[0].tbf.name or '(no name)'}: {'updated' if same else 'installed'}"])
    file.save()
    return EXIT_OK
