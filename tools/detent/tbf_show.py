# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A parsed TBF as a dictionary (for --json) and as text."""
from . import tbf


def describe(item, offset=0):
    """A JSON-ready dictionary of the Tbf `item`, found at `offset` of its file."""
    info = {"kind": "damaged" if item.damaged else "padding" if item.is_padding else "application",
            "offset": offset, "problems": list(item.problems)}
    if item.version != tbf.VERSION:
        return info
    info.update(version=item.version, header_size=item.header_size, total_size=item.total_size,
                flags=item.flags, enabled=item.enabled, sticky=bool(item.flags & tbf.FLAG_STICKY),
                checksum=item.checksum, checksum_ok=item.checksum_ok)
    if item.damaged or item.is_padding:
        return info
    run_info = item.run_info or {}
    info.update(
        name=item.name, binary_end=item.binary_end, minimum_ram=item.minimum_ram,
        entry=run_info.get("init_fn_offset"), protected_size=run_info.get("protected_size"),
        app_version=run_info.get("version"),
        fixed_flash=_address(item.fixed, 1), fixed_ram=_address(item.fixed, 0),
        kernel=None if item.kernel is None else f"^{item.kernel[0]}.{item.kernel[1]}",
        short_id=item.short_id,
        writeable_flash=[{"offset": o, "size": s} for o, s in item.writeable_flash],
        permissions=_permissions(item.permissions), storage=_storage(item.storage),
        elements=[{"type": k, "size": len(v)} for k, v in item.elements],
        footers=[{"format": f.name, "size": len(f.data), "valid": f.valid} for f in item.footers])
    return info


def _address(fixed, index):
    return None if not fixed or fixed[index] == 0xFFFFFFFF else fixed[index]


def _permissions(entries):
    """Driver number (as text) to the sorted list of allowed commands."""
    result = {}
    for driver, offset, mask in entries:
        commands = result.setdefault(f"{driver:#x}", [])
        commands += [offset * 64 + bit for bit in range(64) if mask >> bit & 1]
    return {driver: sorted(set(commands)) for driver, commands in result.items()}


def _storage(storage):
    if storage is None:
        return None
    return dict(zip(("write_id", "read_ids", "access_ids"), storage))


def lines(info, label):
    """The text for one dictionary that `describe` made."""
    out = [_title(info, label)]
    if "header_size" in info:
        state = {True: "correct", False: "WRONG", None: "not checked"}[info["checksum_ok"]]
        out.append(_row("header", f"{info['header_size']} bytes, checksum {info['checksum']:#010x} {state}"))
        out.append(_row("total", f"{info['total_size']} bytes"))
    if "name" in info:
        out += _application(info)
    if info.get("signed") is False:
        out.append(_row("PROBLEM", "no signature by a key of --verify"))
    return out + [_row("PROBLEM", text) for text in info["problems"]]


def _title(info, label):
    if "name" not in info:
        return f"{label}: {info['kind']}"
    state = "enabled" if info["enabled"] else "disabled"
    return f"{label}: TBF application '{info['name'] or ''}', {state}{', sticky' if info['sticky'] else ''}"


def _row(key, text):
    return f"  {key:<12} {text}"


def _application(info):
    footer_size = info["total_size"] - info["binary_end"]
    out = [_row("binary", f"{info['binary_end']} bytes with the header, then {footer_size} of footers")]
    if info["entry"] is not None:
        out.append(_row("entry", f"{info['entry']:#x} after the header, "
                                 f"protected region {info['protected_size']} bytes more"))
    out.append(_row("RAM", f"{info['minimum_ram']} bytes at least"))
    if info["fixed_flash"] is not None:
        out.append(_row("fixed flash", f"{info['fixed_flash']:#x}"))
    if info["fixed_ram"] is not None:
        out.append(_row("fixed RAM", f"{info['fixed_ram']:#x}"))
    if info["app_version"] is not None:
        out.append(_row("version", str(info["app_version"])))
    if info["kernel"]:
        out.append(_row("kernel", info["kernel"]))
    if info["short_id"] is not None:
        out.append(_row("short id", f"{info['short_id']:#x}"))
    return out + _lists(info)


def _lists(info):
    out = [_row("wfr", f"{r['size']} bytes at +{r['offset']:#x}") for r in info["writeable_flash"]]
    for driver, commands in info["permissions"].items():
        out.append(_row("permission", f"driver {driver}: commands {_ranges(commands)}"))
    storage = info["storage"]
    if storage:
        out.append(_row("storage", f"writes {storage['write_id']:#x}, reads {_ids(storage['read_ids'])}, "
                                   f"modifies {_ids(storage['access_ids'])}"))
    for element in info["elements"]:
        if element["type"] not in _KNOWN:
            out.append(_row("element", f"type {element['type']}, {element['size']} bytes, unknown"))
    for footer in info["footers"]:
        verdict = {True: "correct", False: "WRONG", None: "not checked"}[footer["valid"]]
        text = f"{footer['format']}, {footer['size']} bytes"
        out.append(_row("footer", text if footer["format"] == "reserved" else f"{text}, {verdict}"))
    return out


_KNOWN = {tbf.TLV_MAIN, tbf.TLV_WRITEABLE_FLASH, tbf.TLV_PACKAGE_NAME, tbf.TLV_FIXED_ADDRESSES,
          tbf.TLV_PERMISSIONS, tbf.TLV_STORAGE, tbf.TLV_KERNEL_VERSION, tbf.TLV_PROGRAM,
          tbf.TLV_SHORT_ID}


def _ids(ids):
    return " ".join(f"{i:#x}" for i in ids) or "none"


def _ranges(numbers):
    """[0, 1, 2, 7] as `0-2 7`."""
    parts, start = [], None
    for index, number in enumerate(numbers):
        if start is None:
            start = number
        if index + 1 == len(numbers) or numbers[index + 1] != number + 1:
            parts.append(str(start) if start == number else f"{start}-{number}")
            start = None
    return " ".join(parts) or "none"
