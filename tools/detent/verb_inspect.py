# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`detent inspect`: what is in a TBF, TAB, ELF, kernel image or application image."""
import json

from . import elf as elfmod
from . import kernel_info, keys, tab, tbf, tbf_show
from .args import Parser
from .console import show_lines
from .errors import EXIT_OK, ToolError
from .files import read_file
from .tbf_read import FORMAT_NAMES
from .walk import walk

EXAMPLES = [
    "detent inspect hello.tbf",
    "detent inspect hello.tab apps.bin",
    "detent inspect --verify release.pub.pem hello.tab",
    "detent inspect --json build/qemu-rv32-virt/kernel.elf",
]
DESCRIPTION = """Shows what is in a file: headers, elements, credentials, needs, and for a kernel the
build record and the attributes. The exit code is 1 where something is damaged, or not signed by the keys of
--verify."""


def main(argv):
    """Runs the verb."""
    parser = Parser("inspect", DESCRIPTION, EXAMPLES)
    parser.add_argument("--json", action="store_true", help="everything as JSON")
    parser.add_argument("--verify", action="append", default=[], metavar="PEM",
                        help="each application must be signed by these keys; repeatable")
    parser.add_argument("file", nargs="+", metavar="FILE")
    options = parser.parse_args(argv)
    trusted = [keys.load(path) for path in options.verify]
    reports = [inspect(path, trusted) for path in options.file]
    if options.json:
        print(json.dumps(reports, indent=2))
    else:
        show_lines(line for report in reports for line in _text(report))
    for report in reports:
        if report["damaged"]:
            raise ToolError(f"{report['file']}: damaged, as shown above; pack or fetch it again")
        if trusted and not report["verified"]:
            raise ToolError(f"{report['file']}: not signed by a key of --verify, as shown above; sign it, or name "
                            "the key that it is signed by")
    return EXIT_OK


def inspect(path, trusted=()):
    """A JSON-ready report on the file `path`; ToolError for a foreign file. `trusted`: keys that
    signatures are checked with."""
    data = read_file(path)
    report = {"file": path, "damaged": False}
    if data[:4] == b"\x7fELF":
        _inspect_elf(report, elfmod.Elf(data, path))
    elif tab.is_tab(data):
        _inspect_tab(report, tab.Tab(data, path), trusted)
    elif data[:2] == tbf.VERSION.to_bytes(2, "little"):
        report["kind"] = "tbf"
        report["items"] = _walk(data, trusted)
    elif kernel_info.build_record(data) is not None or kernel_info.attributes(data):
        report["kind"] = "kernel"
        report.update(build=kernel_info.build_record(data), attributes=kernel_info.attributes(data))
    elif any(item.whole for _, item in walk(data)):
        report.update(kind="tbf", items=_walk(data, trusted))
    else:
        raise ToolError(f"{path}: neither TBF, TAB, ELF nor a Detent kernel"
                        f"{' (the file is empty)' if not data else ''}; check the name")
    report["damaged"] = any(i["problems"] for i in report.get("items", [])) or \
        any(f["valid"] is False for i in report.get("items", []) for f in i.get("footers", []))
    if trusted:
        report["verified"] = _is_signed(report)
    return report


def _is_signed(report):
    """Whether there is an application, and none without a signature that fits a key given."""
    formats = {FORMAT_NAMES[kind] for kind in keys.KINDS}
    apps = [i for i in report.get("items", []) if i["kind"] == "application"]
    for item in apps:
        item["signed"] = any(f["format"] in formats and f["valid"] for f in item["footers"])
    return bool(apps) and all(item["signed"] for item in apps)


def _inspect_elf(report, elf):
    record, found = kernel_info.of_elf(elf)
    symbols = elf.symbols()
    is_kernel = record is not None or bool(found)
    report.update(kind="kernel" if is_kernel else "elf", entry=elf.entry,
                  machine=elfmod.MACHINES.get(elf.machine, f"machine {elf.machine}"),
                  sizes=kernel_info.sizes(elf))
    if is_kernel:
        report.update(build=record, attributes=found)
        return
    report["origins"] = {k: symbols[k] for k in ("_flash_origin", "_sram_origin") if k in symbols}


def _inspect_tab(report, bundle, trusted):
    report.update(kind="tab", metadata=bundle.metadata, items=[])
    for arch, data in bundle.binaries:
        items = _walk(data, trusted)
        for item in items:
            item["arch"] = arch
        report["items"] += items


def _walk(data, trusted):
    items = list(walk(data))
    if trusted:
        for _, item in items:
            _verify(item, trusted)
    return [tbf_show.describe(item, offset) for offset, item in items]


def _verify(item, trusted):
    """Decides the signatures of a TBF by the keys given."""
    covered = item.data[:item.binary_end]
    for footer in item.footers:
        if footer.format in keys.KINDS:
            footer.valid = any(key.format == footer.format and key.verifies(footer.data, covered)
                               for key in trusted)


def _text(report):
    if report["kind"] == "elf":
        return _elf_text(report)
    if report["kind"] == "kernel":
        return _kernel_text(report)
    out = []
    if report["kind"] == "tab":
        out.append(f"{report['file']}: TAB")
        out += ["  " + line for line in report["metadata"].splitlines()]
    for item in report["items"]:
        label = item.get("arch") or report["file"]
        if item["offset"]:
            label += f" +{item['offset']:#x}"
        out += tbf_show.lines(item, label)
    return out


def _elf_text(report):
    out = [f"{report['file']}: {report['machine']} ELF, entry {report['entry']:#x}, "
           f"{report['sizes']['flash']} bytes of flash, {report['sizes']['ram']} of RAM"]
    out += [f"  {name:<15} {value:#x}" for name, value in report["origins"].items()]
    return out


def _kernel_text(report):
    machine = f" for {report['machine']}" if "machine" in report else ""
    out = [f"{report['file']}: Detent kernel{machine}"]
    if "sizes" in report:
        out.append(f"  size         {report['sizes']['flash']} bytes of flash, "
                   f"{report['sizes']['ram']} of RAM")
    if report["build"] is None:
        out.append("  build        no build record")
    else:
        out += [f"  {key:<12} {value}" for key, value in report["build"].items()]
    for key, value in (report["attributes"] or {}).items():
        shown = value if isinstance(value, str) else f"{value['size']:#x} bytes at {value['start']:#x}"
        out.append(f"  {key:<12} {shown}" if len(key) < 13 else f"  {key} {shown}")
    if not report["attributes"]:
        out.append("  attributes   none: tockloader will not recognise the kernel")
    return out
