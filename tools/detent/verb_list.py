# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`detent list`: the applications of an image, or of a running device."""
from .apps import AppsParser, ImageFile, of_region, open_device, report, show
from .errors import EXIT_OK

EXAMPLES = [
    "detent list apps.bin --board qemu-rv32-virt",
    "detent list --over tcp:localhost:4444 --board qemu-rv32-virt --json",
]


def main(argv):
    """Runs the verb."""
    parser = AppsParser("list", "Lists the applications, with address, bytes, name and version.", EXAMPLES)
    parser.add_over()
    parser.add_argument("image", nargs="?", metavar="IMAGE")
    parser.add_argument("--json", action="store_true", help="as JSON")
    options = parser.parse_intermixed_args(argv)
    if (options.over is None) == (options.image is None):
        parser.error("give an image, or --over")
    if options.over is None:
        region = ImageFile(options.image, options).region
        report(region.remarks)
        show(of_region(region), options.json)
        return EXIT_OK
    line, device = open_device(options)
    try:
        show(device.apps(), options.json)
    finally:
        line.close()
    return EXIT_OK
