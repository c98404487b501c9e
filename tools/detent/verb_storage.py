# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`detent storage`: shows, checks and makes images of the key-value store."""
import json
import struct

from . import kv_image
from .args import Parser, number
from .errors import EXIT_OK, ToolError
from .files import read_file

EXAMPLES = [
    "detent storage dump flash.bin",
    "detent storage check flash.bin",
    "detent storage make -o flash.bin --entries entries.json --stride 0x40000 --size 32M",
]
DESCRIPTION = """Images of the key-value store, as a flash file of QEMU or a read-out of a chip has them.

dump   shows every key that is there, and what is whole in damaged pages
check  shows the pages; the exit code is 1 where one is damaged
make   makes an image from a JSON list of {"owner": 7, "space": "key-value", "key": "k", "value": "v"};
       key_hex and value_hex instead of key and value give bytes

Where the pages are is found out from their marks; options say it for images that are badly damaged.
A board's README says what its geometry is."""
SUFFIXES = {"K": 1 << 10, "M": 1 << 20}


def size(text):
    """An argparse type: bytes, with K or M."""
    scale = SUFFIXES.get(text[-1:].upper(), 1)
    return int(text[:-1] if scale > 1 else text, 0) * scale


def main(argv):
    """Runs the verb."""
    parser = Parser("storage", DESCRIPTION, EXAMPLES)
    parser.add_argument("action", choices=["dump", "check", "make"])
    parser.add_argument("image", nargs="?", metavar="IMAGE", help="file to read (dump, check)")
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.add_argument("--page", type=size, help="bytes of a page (make: 4096)")
    parser.add_argument("--unit", type=number(8), default=4, choices=kv_image.UNITS,
                        help="bytes that each write is a multiple of (4)")
    parser.add_argument("--stride", type=size, help="bytes from one page to the next (as --page)")
    parser.add_argument("--offset", type=size, default=0, help="of the first page in the file (0)")
    parser.add_argument("--pages", type=number(16), help="how many there are (make: 32)")
    parser.add_argument("--entries", metavar="FILE", help="what to put in (make)")
    parser.add_argument("--size", type=size, help="bytes of the whole file (make)")
    parser.add_argument("-o", dest="output", metavar="FILE", help="file to write (make)")
    options = parser.parse_intermixed_args(argv)
    if options.action == "make":
        return _make(parser, options)
    if options.image is None:
        parser.error(f"{options.action} needs an image to read")
    store = _read(options)
    if options.action == "dump":
        _dump(store, options)
    else:
        _check(store, options)
    if store.damaged and options.action == "check":
        pages = ", ".join(str(p.number) for p in store.damaged)
        raise ToolError(f"{options.image}: damage in page {pages}, as shown above; what is whole: "
                        f"detent storage dump {options.image}")
    return EXIT_OK


def _read(options):
    data = read_file(options.image)
    found = kv_image.find_geometry(data)
    if options.page is not None:
        stride = options.stride or options.page
        room = (len(data) - options.offset - options.page) // stride + 1 if stride else 0
        pages = options.pages or room
        if not 0 < pages <= room or options.page < kv_image.PAGE_MIN or options.page % 64:
            raise ToolError(f"{options.image}: it has no room for such pages; give another --page, "
                            f"--stride, --offset or --pages")
        found = kv_image.Geometry(options.page, options.unit, stride, options.offset, pages)
    if found is None:
        raise ToolError(f"{options.image}: no store is in it; if it is damaged, give --page and --pages")
    return kv_image.Store(data, found)


def _key(key):
    """A key for people: its space, then text where it is text."""
    space, rest = kv_image.SPACES.get(key[0], f"space {key[0]}"), key[1:]
    if key[0] in (3, 4) and len(rest) == 6:
        label, block = struct.unpack("<IH", rest)
        return f"{space} {label:#x} block {block}"
    return f"{space} {_text(rest)}"


def _text(data):
    text = data.decode("ascii", "replace")
    return json.dumps(text) if all(" " <= c <= "~" for c in text) else data.hex()


def _record(record, salvaged=False):
    return {"owner": record.owner, "space": kv_image.SPACES.get(record.key[0], record.key[0]),
            "key_hex": record.key[1:].hex(), "value_hex": record.value.hex(), "page": record.page,
            "offset": record.offset, "salvaged": salvaged}


def _all(store):
    salvaged = {id(r) for p in store.pages for r in p.salvaged}
    return [(r, id(r) in salvaged) for r in store.entries().values()]


def _dump(store, options):
    if options.json:
        print(json.dumps([_record(r, s) for r, s in _all(store)], indent=2))
        return
    for record, salvaged in _all(store):
        note = "  (out of a damaged page)" if salvaged else ""
        print(f"{record.owner:#010x}  {_key(record.key)} = {_text(record.value)}{note}")
    for page in store.damaged:
        print(f"page {page.number}: {'; '.join(page.problems)}")


def _check(store, options):
    g = store.geometry
    if options.json:
        print(json.dumps({
            "page_bytes": g.page, "unit": g.unit, "stride": g.stride, "offset": g.offset,
            "pages": [{"page": p.number, "state": p.state, "sequence": p.sequence, "erases": p.erases,
                       "used": p.used, "records": len(p.records), "salvaged": len(p.salvaged),
                       "problems": p.problems, "notes": p.notes} for p in store.pages]}, indent=2))
        return
    print(f"{g.pages} pages of {g.page} bytes, {g.stride:#x} apart, written in units of {g.unit}")
    for page in store.pages:
        line = f"page {page.number:3}  {page.state:<15}"
        if page.state == "live":
            line += f"  number {page.sequence}, erased {page.erases} times, {page.used} bytes used, " \
                    f"{len(page.records)} records"
        print(line.rstrip())
        for problem in page.problems + page.notes:
            print(f"          {problem}")
        if page.salvaged:
            print(f"          {len(page.salvaged)} whole records after it, which the kernel does not use")
    entries = store.entries().values()
    for owner in sorted({r.owner for r in entries}):
        mine = [r for r in entries if r.owner == owner]
        print(f"owner {owner:#010x}  {len(mine)} keys, {sum(r.size for r in mine)} bytes")


def _bytes(entry, name, where):
    if f"{name}_hex" in entry:
        try:
            return bytes.fromhex(entry[f"{name}_hex"])
        except (ValueError, TypeError):
            raise ToolError(f"{where}: {name}_hex is not hexadecimal") from None
    if not isinstance(entry.get(name), str):
        raise ToolError(f"{where}: it needs a {name} or {name}_hex")
    return entry[name].encode()


def _entries(path):
    try:
        listed = json.loads(read_file(path))
    except ValueError as error:
        raise ToolError(f"{path}: not JSON: {error}") from None
    spaces = {name: code for code, name in kv_image.SPACES.items()}
    if not isinstance(listed, list):
        raise ToolError(f"{path}: it must be a list of entries; see detent storage --help")
    out = []
    for i, entry in enumerate(listed):
        where = f"{path}, entry {i + 1}"
        if not isinstance(entry, dict) or not isinstance(entry.get("owner"), int) or \
                not 0 <= entry["owner"] < 1 << 32:
            raise ToolError(f"{where}: it needs an owner, a number of 32 bits")
        space = entry.get("space", "key-value")
        if space not in spaces:
            raise ToolError(f"{where}: the space must be one of {', '.join(spaces)}")
        out.append((entry["owner"], bytes([spaces[space]]) + _bytes(entry, "key", where),
                    _bytes(entry, "value", where)))
    if len({key for _, key, _ in out}) != len(out):
        raise ToolError(f"{path}: a key is there twice; each can have one value")
    return out


def _make(parser, options):
    if options.output is None:
        parser.error("make needs -o FILE")
    page = options.page or 4096
    geometry = kv_image.Geometry(page, options.unit, options.stride or page, options.offset,
                                 options.pages or 32)
    if page < kv_image.PAGE_MIN or page % 64 or geometry.pages < 4 or geometry.stride < page:
        parser.error("a store has 4 pages or more, of a multiple of 64 bytes, at least 512; "
                     "--stride is no less than --page")
    entries = _entries(options.entries) if options.entries else []
    try:
        image = kv_image.make(entries, geometry)
    except ValueError as error:
        raise ToolError(f"{options.entries}: {error}") from None
    if options.size is not None:
        if options.size < len(image):
            raise ToolError(f"{options.output}: the pages need {len(image)} bytes, --size says {options.size}")
        image = image.ljust(options.size, b"\xff")
    try:
        with open(options.output, "wb") as stream:
            stream.write(image)
    except OSError as error:
        raise ToolError(f"{options.output}: {error.strerror}") from None
    print(f"{options.output}: {len(entries)} keys in {geometry.pages} pages of {page} bytes")
    return EXIT_OK
