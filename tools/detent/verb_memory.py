# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`detent memory`: the flash and RAM of a board with its applications, as a picture or as text."""
import html
import json
import os
import re
import subprocess
import tempfile

from . import ROOT
from .args import Parser, seconds
from .console import show_lines
from .errors import EXIT_OK, ToolError
from .files import read_file

EXAMPLES = [
    "detent memory --board qemu-rv32-virt --app hello.tab --app blink.tab",
    "detent memory --board mps2-an386 --app hello.tab -o memory.svg",
    "detent memory --log console.txt --json",
]
DESCRIPTION = """Draws what lies where: the kernel, and of each process its code, data and heap, grants,
unused memory and what the MPU or PMP opens to it. It boots the board in QEMU and asks the process
console (`kernel`, `list`, `process N`), or reads a console log in which you asked."""

RANGE = re.compile(r"^\s+(.*?)\s+0x([0-9a-f]{8}) - 0x([0-9a-f]{8})\s+\d+ bytes(.*)$")
HEAD = re.compile(r"^Process (.*), PID (\d+): (\w+)")
ROW = re.compile(r"^ (\d+)\s+(Unique|0x[0-9a-f]+)\s+(.*?)\s+\d+\s+\d+\s+\d+\s+\d+/\s*\d+\s+(\w+)")
SLOTS = 32
COLOURS = {"kernel": "#5b6770", "application": "#2f7d4f", "code": "#2f6f9f", "grants": "#b5651d",
           "unused": "#d9d9d9", "opened": "#000000", "free": "#ffffff"}


def main(argv):
    """Runs the verb."""
    parser = Parser("memory", DESCRIPTION, EXAMPLES)
    parser.add_argument("--board")
    parser.add_argument("--app", action="append", default=[], metavar="FILE")
    parser.add_argument("--log", metavar="FILE", help="a console log instead of a run")
    parser.add_argument("--settle", type=seconds, default=2.0, metavar="S",
                        help="how long the applications run before they are looked at (default 2)")
    parser.add_argument("-o", "--output", metavar="SVG", help="write a picture")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    if (options.board is None) == (options.log is None):
        parser.error("give either --board or --log")
    if options.log:
        text = read_file(options.log).decode("utf-8", "replace")
    else:
        text = ask(options)
    kernel, processes = parse(text, options.log or options.board)
    if options.output:
        with open(options.output, "w", encoding="utf-8") as stream:
            stream.write(svg(kernel, processes, options.board or options.log))
    if options.json:
        print(json.dumps({"kernel": kernel, "processes": processes}, indent=2))
    elif not options.output:
        show_lines(table(kernel, processes))
    return EXIT_OK


def ask(options):
    """Boots the board and types the questions; the console's text."""
    base = [os.path.join(ROOT, "detent"), "run", "--board", options.board]
    for app in options.app:
        base += ["--app", app]
    with tempfile.TemporaryDirectory(prefix="detent-memory-") as folder:
        log = os.path.join(folder, "log")
        run(base + ["--for", str(options.settle)], 60)  # says what is wrong before the questions
        steps = ["--expect", r"detent\$", "--send", "list\n", "--expect", "State"]
        steps += ["--send", "kernel\n", "--expect", "flags="]
        for pid in range(max(len(options.app), 1)):
            steps += ["--send", f"process {pid}\n", "--expect", r"completion code|no process"]
        done = run(base + steps + ["--log", log, "--timeout", "60"], 90)
        if not os.path.isfile(log) or done.returncode != 0:
            last = (done.stderr or b"").decode("utf-8", "replace").strip().splitlines()
            raise ToolError(f"{options.board}: the process console did not answer "
                            f"({last[-1] if last else 'no reason given'})")
        return read_file(log).decode("utf-8", "replace")


def run(command, limit):
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=limit,
                              check=False)
    except subprocess.TimeoutExpired:
        raise ToolError("the board does not answer; try detent run by hand") from None
    if done.returncode == 1 and not done.stdout:
        raise ToolError(done.stderr.decode("utf-8", "replace").strip().removeprefix("detent: "))
    return done


def parse(text, name):
    """(kernel ranges, processes) of a console's text; the last answer of each kind counts."""
    kernel, processes, target = [], {}, None
    for line in text.replace("\r", "").split("\n"):
        line = re.sub(r"^detent\$ ", "", line)
        head = HEAD.match(line)
        if head:
            target = {"name": head[1], "pid": int(head[2]), "state": head[3], "ranges": []}
            processes[target["pid"]] = target
            continue
        found = RANGE.match(line)
        if not found:
            continue
        entry = {"what": found[1].strip(), "start": int(found[2], 16), "end": int(found[3], 16)}
        if entry["what"] in ("code", "constants", "data", "zeroed data", "stack", "app flash", "app RAM"):
            kernel = [k for k in kernel if k["what"] != entry["what"]] + [entry]
        elif target is not None:
            entry["note"] = found[4].strip(" :,")
            target["ranges"].append(entry)
    if not kernel:
        raise ToolError(f"{name}: no answer of the process console in it; type `kernel`, and "
                        "`process N` for each process, on a board that has one")
    return kernel, [processes[pid] for pid in sorted(processes)]


def blocks(kernel, processes):
    """(start, end, colour, label) of everything, in order of address."""
    out = []
    for entry in kernel:
        if not entry["what"].startswith("app "):
            out.append((entry["start"], entry["end"], "kernel", f"kernel {entry['what']}"))
    for process in processes:
        for entry in process["ranges"]:
            colour = {"Flash": "code", "application": "application", "grants": "grants",
                      "unused": "unused"}.get(entry["what"])
            if colour and entry["end"] > entry["start"]:
                out.append((entry["start"], entry["end"], colour,
                            f"{process['name']} {entry['what'].lower()}"))
    return sorted(out)


def table(kernel, processes):
    """Lines of text, lowest address first."""
    opened = {p["pid"]: e for p in processes for e in p["ranges"] if e["what"] == "opened"}
    last = None
    for start, end, _, label in blocks(kernel, processes):
        if last is not None and start > last:
            yield f"             {'.' * 8:>10}  {start - last:>9} bytes between"
        yield f"0x{start:08x}-0x{end:08x}  {end - start:>9} bytes  {label}"
        last = end
    for process in processes:
        entry = opened.get(process["pid"])
        if entry:
            yield (f"{process['name']}: the hardware opens RAM 0x{entry['start']:08x}-"
                   f"0x{entry['end']:08x} and its flash")
        for found in process["ranges"]:
            if found["what"] == "RAM" and found["note"]:
                yield f"{process['name']}: {found['end'] - found['start']} bytes of RAM, {found['note']}"


def svg(kernel, processes, title):
    """Two columns, flash and RAM; heights by the logarithm of the size, so that all is seen."""
    split = min((e["start"] for e in kernel if e["what"] in ("stack", "data")), default=1 << 32)
    everything = blocks(kernel, processes)
    columns = [("Flash", [b for b in everything if b[0] < split]),
               ("RAM", [b for b in everything if b[0] >= split])]
    opened = [(e["start"], e["end"]) for p in processes for e in p["ranges"] if e["what"] == "opened"]
    parts, bottom = [], 0
    for index, (name, rows) in enumerate(columns):
        x, y = 40 + index * 470, 70
        parts.append(f'<text x="{x}" y="55" class="head">{name}</text>')
        last = None
        for start, end, colour, label in rows:
            if last is not None and start > last:
                parts.append(f'<text x="{x + 8}" y="{y + 11}" class="gap">{size(start - last)} between'
                             "</text>")
                y += 16
            height = max(18, 6 * (end - start).bit_length() - 36)
            parts.append(block(x, y, height, start, end, colour, label))
            if any(low <= start and end <= high for low, high in opened):
                parts.append(f'<line x1="{x - 6}" x2="{x - 6}" y1="{y}" y2="{y + height}" class="open"/>')
            y += height
            last = end
        bottom = max(bottom, y)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="960" height="{bottom + 50}" '
            'font-family="monospace" font-size="12">'
            "<style>.head{font-size:15px;font-weight:bold}.gap{fill:#777;font-style:italic}"
            ".open{stroke:#c00;stroke-width:4}.dark{fill:#fff}</style>"
            f'<rect width="100%" height="100%" fill="#fff"/>'
            f'<text x="40" y="28" class="head">{html.escape(str(title))}</text>'
            + "".join(parts) +
            f'<text x="40" y="{bottom + 30}" fill="#c00">red bar: opened to its process by the MPU or '
            "PMP (flash is open to its own process, read and execute)</text></svg>\n")


def block(x, y, height, start, end, colour, label):
    style = ' class="dark"' if colour in ("kernel", "application", "code", "grants") else ""
    return (f'<rect x="{x}" y="{y}" width="430" height="{height}" fill="{COLOURS[colour]}" '
            'stroke="#333"/>'
            f'<text x="{x + 8}" y="{y + height / 2 + 4:.0f}"{style}>{start:08x}  {html.escape(label)}'
            f"  {size(end - start)}</text>")


def size(count):
    return f"{count // 1024} KiB" if count >= 10240 and count % 1024 == 0 else f"{count} bytes"
