# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`detent pack`: ELF files to TBF files and one TAB."""
import argparse
import json
import os
import time

from . import convert, tab
from .args import Parser, number
from .console import show_lines, warn
from .elf import Elf
from .errors import EXIT_OK, ToolError
from .files import read_file, write_file

EXAMPLES = [
    "detent pack -n hello -o hello.tab --stack 2048 --kernel-major 2 --kernel-minor 2 rv32imac.elf",
    "detent pack -n hello -o hello.tab cortex-m3.elf build/a.out,cortex-m4",
    "detent pack -n key --sha256 --short-id 0x1234 --permissions 1,0 1,1 -o key.tab rv32imac.elf",
]
DESCRIPTION = """Makes a TBF next to each ELF (same name, .tbf) and a TAB with all of them.
The options are those of Tock's elf2tab, and the bytes of TBF and TAB are the same."""


def main(argv):
    """Runs the verb."""
    parser = _parser()
    options = parser.parse_intermixed_args(argv)
    if options.kernel_minor is not None and options.kernel_major is None:
        parser.error("--kernel-minor needs --kernel-major")
    if options.minimum_ram_size is not None:
        _check_minimum_ram(parser, argv)
        warn("--minimum-ram-size has no effect, as in elf2tab; use --stack, --app-heap, --kernel-heap")
    if any(c in options.package_name for c in '"\\') or not options.package_name.isprintable():
        raise ToolError("a package name with quotes, backslashes or control characters "
                        "cannot be written to metadata.toml; choose another")
    results = [_convert(name, options) for name in options.elf]
    _write_tab(options, results)
    if options.json:
        print(json.dumps([_describe(r) for r in results], indent=2))
    return EXIT_OK


def _parser():
    parser = Parser("pack", DESCRIPTION, EXAMPLES)
    add = parser.add_argument
    add("elf", nargs="+", metavar="ELF[,ARCH]", help="application; ARCH defaults to the file's name")
    add("-n", "--package-name", default="", metavar="NAME")
    add("-o", "--output-file", default="TockApp.tab", metavar="TAB")
    add("-v", "--verbose", action="store_true")
    add("--json", action="store_true", help="print what was made as JSON")
    add("--deterministic", action="store_true", help="no build-date in the TAB's metadata")
    add("--disable", action="store_true", help="mark the application disabled")
    add("--app-version", type=number(32), default=0, metavar="N")
    add("--stack", type=number(32), metavar="BYTES", help="default: the ELF's .stack section, or 2048")
    add("--app-heap", type=number(32), default=1024, metavar="BYTES")
    add("--kernel-heap", type=number(32), default=1024, metavar="BYTES")
    add("--minimum-ram-size", type=number(32), metavar="BYTES", help=argparse.SUPPRESS)
    add("--protected-region-size", type=number(32), metavar="BYTES")
    add("--permissions", type=_permission, nargs="+", action="extend", default=[],
        metavar="DRIVER,COMMAND")
    add("--write_id", type=number(32), metavar="ID")
    add("--read_ids", type=number(32), nargs="+", action="extend", metavar="ID")
    add("--access_ids", type=number(32), nargs="+", action="extend", metavar="ID")
    add("--short-id", type=number(32), metavar="ID")
    add("--kernel-major", type=number(16), metavar="N")
    add("--kernel-minor", type=number(16), metavar="N")
    add("--supported-boards", metavar="BOARD,...")
    add("--minimum-footer-size", type=number(32), default=0, metavar="BYTES")
    for name in ("sha256", "sha384", "sha512"):
        add(f"--{name}", action="store_true", help=f"add a {name.upper()} credential")
    return parser


def _check_minimum_ram(parser, argv):
    for other in ("--stack", "--app-heap", "--kernel-heap"):
        if any(a == other or a.startswith(other + "=") for a in argv):
            parser.error(f"--minimum-ram-size cannot be used with {other}")


def _permission(text):
    driver, comma, command = text.partition(",")
    if not comma:
        raise argparse.ArgumentTypeError(f"'{text}' is not DRIVER,COMMAND")
    return number(32)(driver), number(32)(command)


def _convert(name, options):
    path, comma, arch = name.rpartition(",")
    if not comma:
        path, arch = name, os.path.splitext(os.path.basename(name))[0]
    if not arch or "/" in arch:
        raise ToolError(f"{name}: '{arch}' cannot name an architecture; use PATH,ARCH")
    output = os.path.splitext(path)[0] + ".tbf"
    if os.path.abspath(output) == os.path.abspath(options.output_file):
        raise ToolError(f"{output}: the TAB and a TBF would be the same file; choose another -o")
    result = convert.elf_to_tbf(Elf(read_file(path), path), _tbf_options(options))
    for text in result.warnings:
        warn(f"{path}: {text}")
    write_file(output, result.data)
    if options.verbose:
        show_lines(["{file}: {size} bytes, {minimum_ram} bytes of RAM, entry at +{entry:#x}".format(
            **_describe((arch, output, result)))])
    return arch, output, result


def _tbf_options(options):
    storage = None
    if (options.write_id, options.read_ids, options.access_ids) != (None, None, None):
        storage = (options.write_id or 0, options.read_ids or [], options.access_ids or [])
    return convert.Options(
        name=options.package_name.encode(), stack=options.stack, app_heap=options.app_heap,
        kernel_heap=options.kernel_heap, protected_region_size=options.protected_region_size,
        permissions=options.permissions, storage=storage, kernel=_kernel(options),
        short_id=options.short_id, disabled=options.disable,
        minimum_footer_size=options.minimum_footer_size, app_version=options.app_version,
        hashes=[h for h in ("sha256", "sha384", "sha512") if getattr(options, h)])


def _kernel(options):
    return None if options.kernel_major is None else (options.kernel_major, options.kernel_minor or 0)


def _write_tab(options, results):
    text = tab.metadata(options.package_name, _kernel(options), options.supported_boards,
                        None if options.deterministic else _build_date())
    write_file(options.output_file, tab.write(text, [(a, r.data) for a, _, r in results]))


def _build_date():
    """Now, or SOURCE_DATE_EPOCH where a reproducible build sets it, in UTC to the second."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        moment = time.gmtime(int(epoch)) if epoch else time.gmtime()
    except (ValueError, OverflowError, OSError):
        raise ToolError(f"SOURCE_DATE_EPOCH is '{epoch}'; it must be seconds since 1970") from None
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", moment)


def _describe(result):
    arch, path, made = result
    header = made.header
    return {"file": path, "arch": arch, "size": len(made.data), "minimum_ram": header.minimum_ram,
            "entry": header.init_fn_offset, "protected_size": header.protected_size,
            "fixed_flash": header.fixed_flash, "fixed_ram": header.fixed_ram}
