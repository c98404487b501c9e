# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Checks of the sources: format, warnings of the second compiler, include reach, and house rules."""
import glob
import os
import re
import shutil
import subprocess

from . import ROOT, builds
from .jobs import Failed, Job

LAYERS = ("abi", "lib", "hil", "kernel", "arch", "chips", "capsules", "boards", "user", "apps", "tests")
KERNEL_LAYERS = ("abi", "lib", "hil", "kernel", "arch", "chips", "capsules", "boards")
# boards/ may include everything, so that there `..` evades nothing.
NARROW_LAYERS = ("abi", "lib", "hil", "kernel", "arch", "chips", "capsules", "user", "apps")
SOURCE = (".c", ".h", ".S", ".ld", ".mk", ".py", ".sh", ".ini")
SOURCE_NAMES = ("Makefile", "detent", "run")
MAX_LINES = 600
MAX_FUNCTION_LINES = 45
FORMAT_VERSION = 14
ASSEMBLY = "asm.h"  # macros for the assembler
# Folders outside of the tree that no file in it may need.
FOREIGN = re.compile(r"/work/|/tmp/scratch|\bshared/[A-Z]|DESIGN\.md|FACTS\.md")
# A file of the tree that a comment or a page names, and where a page links to.
NAMED = re.compile(r"(?<![\w./-])(?:docs|tests|proofs|make|boards|user|apps)/[\w./-]+\.(?:md|c|h|S|py|mk|sh|txt)\b")
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
# A listing of a page that names the file which it is from.
LISTING = re.compile(r"^```\w+ ([\w./-]+)\n(.*?)^```$", re.M | re.S)
# A kept input that broke something, where docs/host-testing.md lists it.
CRASH = re.compile(r"^\| `(fuzz_\w+/crash-[\w-]+)` \|", re.M)
# (layer, a header that its row allows, one that it does not)
REACH = [
    ("lib", "abi/error.h", "kernel/grant.h"),
    ("lib", "lib/ring.h", "hil/uart.h"),
    ("kernel", "trusted/arch.h", "capsules/console_driver.h"),
    ("kernel", "hil/uart.h", "chips/mmio.h"),
    ("chips", "hil/uart.h", "capsules/console_driver.h"),
    ("capsules", "kernel/grant.h", "trusted/arch.h"),
    ("capsules", "capsules/console_driver.h", "chips/mmio.h"),
    ("capsules", "abi/drivers.h", "process.h"),
]


def jobs():
    """One job a check."""
    return [
        Job("check-format", "host", _format, skip=_format_skip()),
        Job("check-clang", "host", _clang, limit_s=600),
        Job("check-reach", "host", _reach),
        Job("check-spdx", "host", _spdx),
        Job("check-length", "host", _length),
        Job("check-functions", "host", _functions),
        Job("check-foreign", "host", _foreign),
        Job("check-references", "host", _references),
        Job("check-listings", "host", _listings),
        Job("check-crashes", "host", _crashes),
        Job("check-gate", "host", _gate, limit_s=600),
    ]


def files(folders=("",), suffixes=SOURCE, names=SOURCE_NAMES):
    """All sources below folders of the tree, as paths from its root."""
    out = []
    for folder in folders:
        for here, inner, found in os.walk(os.path.join(ROOT, folder)):
            inner[:] = sorted(d for d in inner if d not in ("build", ".git", "__pycache__"))
            out += [os.path.relpath(os.path.join(here, name), ROOT) for name in sorted(found)
                    if name.endswith(suffixes) or name in names]
    return out


def _text(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as stream:
        return stream.read()


def _report(log, wrong, rule):
    for line in wrong:
        log.write(line + "\n")
    if wrong:
        raise Failed(f"{wrong[0]}: {rule}" + (f" ({len(wrong)} such)" if len(wrong) > 1 else ""))


# ---- format ----

def _formatter():
    return shutil.which(f"clang-format-{FORMAT_VERSION}") or shutil.which("clang-format")


def _format_skip():
    tool = _formatter()
    if not tool:
        return "clang-format is not installed; run make/setup.sh test"
    said = subprocess.run([tool, "--version"], capture_output=True, check=False).stdout.decode()
    if f"version {FORMAT_VERSION}." not in said:
        return f"the format is that of clang-format {FORMAT_VERSION}, which is not installed"
    return None


def _format(log):
    formatted = [path for path in files(LAYERS, (".c", ".h"), ()) if os.path.basename(path) != ASSEMBLY]
    log.run([_formatter(), "--dry-run", "-Werror"] + formatted, expect=None)
    wrong = list(dict.fromkeys(re.findall(r"^([^ :]+):\d+:\d+: error", log.text(), re.M)))
    _report(log, wrong, "its format is not that of .clang-format; make format writes it")


# ---- compilers ----

def _boards():
    folder = os.path.join(ROOT, "boards")
    return sorted(b for b in os.listdir(folder) if os.path.isfile(os.path.join(folder, b, "board.mk")))


def _makefile(path):
    """A makefile, and all that it includes."""
    text = _text(path)
    for line in re.findall(r"^include (.+)$", text, re.M):
        text += "".join(_makefile(part) for part in line.split())
    return text


def _one_board_an_architecture():
    found = {}
    for board in _boards():
        text = _makefile(os.path.join("boards", board, "board.mk"))
        sources = len(re.findall(r"\w+", text))
        arch = re.search(r"^ARCH\s*:?=\s*(\S+)", text, re.M)[1]
        found[arch] = max(found.get(arch, (0, "")), (sources, board))  # the one that holds most
    return [board for _, board in found.values()]


def _make(*arguments):
    return ["make", "--no-print-directory"] + list(arguments)


def _clang(log):
    for board in _one_board_an_architecture():
        log.run(_make(f"BOARD={board}", "check-clang"))


def _gate(log):
    for board in _boards():
        log.run(_make(f"BOARD={board}", "gate"))
        if os.path.exists(os.path.join(ROOT, "boards", board, "AUDIT-hash.txt")) and not builds.no_crypto():
            log.run(_make(f"BOARD={board}", "POLICY=hash", "gate"))


def _reach(log):
    wrong = []
    for path in files(NARROW_LAYERS, (".c", ".h", ".S"), ()):
        for number, line in enumerate(_text(path).splitlines(), 1):
            if re.match(r'\s*#\s*include\s+["<][^">]*\.\.', line):
                wrong.append(f"{path}:{number}")
    _report(log, wrong, "an include with .. leaves the layer's reach")
    os.makedirs(log.folder, exist_ok=True)
    for layer, allowed, forbidden in REACH:
        _compile(log, layer, allowed, 0)
        _compile(log, layer, forbidden, 1)
        if f"{forbidden}: No such file" not in log.text():
            raise Failed(f"{layer}: {forbidden} was not found, but the compiler says something else")


def _compile(log, layer, header, expected):
    path = os.path.join(log.folder, "include.c")
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(f'#include "{header}"\n')
    code = log.run(_make("check-include", f"LAYER={layer}", f"FILE={path}"), expect=None)
    if (code != 0) != bool(expected):
        raise Failed(f"a file of {layer}/ that includes {header} "
                     + ("compiles, which its row does not allow" if expected else "does not compile"))


# ---- house rules ----

def _spdx(log):
    wrong = [path for path in files()
             if "SPDX-License-Identifier: Apache-2.0 OR MIT" not in _text(path)[:400]]
    _report(log, wrong, "no line `SPDX-License-Identifier: Apache-2.0 OR MIT` at its top")


def _length(log):
    wrong = [f"{path} has {count} lines" for path in files()
             for count in [_text(path).count("\n")] if count > MAX_LINES]
    _report(log, wrong, f"no file may have more than {MAX_LINES}")


def _functions(log):
    long, conditional = [], []
    for path in files(KERNEL_LAYERS + ("user", "apps"), (".c",), ()):
        start = None
        for number, line in enumerate(_text(path).splitlines(), 1):
            if line == "{":
                start = number
            elif line.startswith("}") and start is not None:
                if number - start - 1 > MAX_FUNCTION_LINES:
                    long.append(f"{path}:{start}: a function of {number - start - 1} lines")
                start = None
            elif start is not None and re.match(r"\s*#\s*(?:if|ifdef|ifndef)\b", line):
                conditional.append(f"{path}:{number}")
    _report(log, long, f"none may have more than {MAX_FUNCTION_LINES}")
    _report(log, conditional, "no #if inside of a function")


def _foreign(log):
    this = os.path.relpath(__file__, ROOT)
    wrong = [f"{path}:{number}" for path in files(("",), SOURCE + (".md", ".txt", ".json"))
             if path not in (this, "compile_commands.json")  # the latter is made, with absolute paths
             for number, line in enumerate(_text(path).splitlines(), 1) if FOREIGN.search(line)]
    _report(log, wrong, "it names a folder that is not part of this tree")


def _references(log):
    wrong = []
    for path in files(("",), SOURCE + (".md",)):
        text = _text(path)
        links = LINK.findall(text) if path.endswith(".md") else []
        targets = NAMED.findall(text) + [os.path.join(os.path.dirname(path), link) for link in links]
        wrong += [f"{path}: {target}" for target in dict.fromkeys(targets)
                  if not os.path.exists(os.path.join(ROOT, target))]
    _report(log, wrong, "there is no such file")


def _listings(log):
    wrong = [f"{path}: {source}" for path in files(("docs",), (".md",)) for source, text in LISTING.findall(_text(path))
             if not os.path.exists(os.path.join(ROOT, source)) or text not in _text(source)]
    _report(log, wrong, "the listing is not in that file")


def _crashes(log):
    corpus = os.path.join(ROOT, "tests", "fuzz", "corpus")
    kept = {os.path.relpath(path, corpus) for path in glob.glob(os.path.join(corpus, "*", "crash-*"))}
    listed = set(CRASH.findall(_text("docs/host-testing.md")))
    _report(log, [f"tests/fuzz/corpus/{path}" for path in sorted(kept ^ listed)],
            "docs/host-testing.md lists every kept input that broke something, and no other")
