# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`detent uninstall`: applications out of an image, or off a running device."""
from .apps import AppsParser, ImageFile, named, open_device
from .errors import EXIT_OK

EXAMPLES = [
    "detent uninstall apps.bin hello --board qemu-rv32-virt",
    "detent uninstall --over /dev/ttyACM0 hello --board mps2-an386",
]
DESCRIPTION = "Removes applications. Their flash becomes free; the others stay where they are."


def main(argv):
    """Runs the verb."""
    parser = AppsParser("uninstall", DESCRIPTION, EXAMPLES)
    parser.add_over()
    parser.add_argument("app", nargs="+", metavar="[IMAGE] APP",
                        help="the image, then names, or addresses of headers")
    options = parser.parse_intermixed_args(argv)
    if options.over:
        return _on_device(options)
    if len(options.app) < 2:
        parser.error("give the image and an application, or --over")
    file = ImageFile(options.app[0], options)
    for what in options.app[1:]:
        file.region.remove(file.region.find(what))
    file.save()
    return EXIT_OK


def _on_device(options):
    line, device = open_device(options)
    try:
        for what in options.app:
            device.uninstall(named(device.apps(), what)["address"], what)
    finally:
        line.close()
    return EXIT_OK
