# SPDX-License-Identifier: Apache-2.0 OR MIT
"""python -m gate --board B --out build/B --clang clang --stack BYTES [--write]"""

import argparse
import re
import sys
from pathlib import Path

from elftools.elf.elffile import ELFFile

from . import audit, constructs, directives, objects, stack
from .finding import Finding

REACH = ["abi/include/", "lib/include/", "hil/include/", "build/include/kernel/",
         "kernel/include/kernel/", "capsules/include/", "capsules/src/"]

# Functions that nothing calls: the architecture's assembly does.
ENTRY = re.compile(r"^(kernel_syscall|kernel_next|board_main|riscv_\w+|arm_\w+)$")

# An object of such a type, however it is qualified; pointers and declarations are none.
RIGHT_DEFINED = re.compile(r"^[ \t]*(?!extern\b)(?:(?:static|const|volatile)\s+)*struct\s+cap_\w+\s+"
                           r"(?:(?:const|volatile)\s+)*\w+\s*(?:\[[^\]]*\]\s*)?[;=]", re.M)


def word_list(path):
    words = set()
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        words.update(line.split("#")[0].split())
    return words


def capsule_exports(capsules):
    """Header of a capsule -> what its object offers."""
    offers = {}
    for obj in capsules:
        offers[f"capsules/include/capsules/{Path(obj.source).stem}.h"] = obj.exports
    return offers


def check_capsules(capsules, libraries, interface, clang, flags):
    offers = capsule_exports(capsules)
    library = set().union(*(obj.exports for obj in libraries))
    for obj in capsules:
        headers = set(obj.headers())
        included = set().union(*(names for header, names in offers.items() if header in headers))
        # A capsule of several files shares a private header of its own.
        private = {h for h in headers if h.endswith("_private.h")}
        included |= set().union(*(other.exports for other in capsules
                                  if private & set(other.headers())))
        yield from objects.check_reach(obj, REACH)
        yield from objects.check_imports(obj, interface | library | included)
        yield from objects.check_tables(obj)
        yield from objects.check_state(obj)
        yield from constructs.check_constructs(clang, obj.source, flags)
        for path in sorted({obj.source} | {h for h in headers if h.startswith("capsules/")}):
            yield from directives.check_directives(path)


def check_rights(capsules, policy_path):
    """Rule 6: rights are made in boards/ only, and held as the policy says."""
    policy = {}
    for line in Path(policy_path).read_text(encoding="utf-8").splitlines():
        line = line.split("#")[0].strip()
        if line:
            right, _, holders = line.partition(":")
            policy[right.strip()] = set(holders.split())
    for folder in ("kernel/src", "capsules", "chips", "arch", "lib"):
        for source in sorted(Path(folder).rglob("*.[ch]")):
            text = source.read_text(encoding="utf-8")
            for found in RIGHT_DEFINED.finditer(text):
                line = text.count("\n", 0, found.start()) + 1
                yield Finding(f"{source}:{line}", 6, "a right is made outside boards/")
    for obj in capsules:
        name = Path(obj.source).stem
        # the files of one capsule share its private header
        names = {name} | {Path(h).stem.removesuffix("_private") for h in obj.headers() if h.endswith("_private.h")}
        for right in audit.rights_of(obj):
            if not names & policy.get(right, set()):
                yield Finding(objects.place_of(obj.source, right), 6, f"it holds {right}, and {policy_path} does not let "
                              f"{name} have it")


def symbols_of(path):
    with open(path, "rb") as file:
        table = ELFFile(file).get_section_by_name(".symtab")
        return [(s.name, s["st_size"]) for s in table.iter_symbols()
                if s["st_info"]["type"] == "STT_OBJECT"]


def gate(options):
    out = Path(options.out)
    linked = sorted(str(p) for p in (out / "obj").rglob("*.c.o"))
    made = [objects.ObjectFile(p, str(Path(p).relative_to(out / "obj"))[: -len(".o")])
            for p in linked]
    capsules = [obj for obj in made if obj.source.startswith("capsules/")]
    libraries = [obj for obj in made if obj.source.startswith("lib/")]
    interface = word_list("kernel/capsule_interface.txt")
    findings = list(check_capsules(capsules, libraries, interface, options.clang,
                                   options.flags.split()))
    findings += check_rights(capsules, "boards/policy.txt")

    graph = stack.CallGraph(linked, stack.read_declarations("make/calls.txt"))
    entries = [(name, graph.worst(name)) for name in sorted(graph.functions)
               if ENTRY.match(name) and graph.functions[name].known]
    need = stack_need(dict(entries), options)
    if need > options.stack:
        findings.append(Finding(f"boards/{options.board}/board.mk", 8,
                                f"the kernel stack has {options.stack} bytes and may need "
                                f"{need}: raise LINKER_STACK_SIZE"))
    toolchain = audit.toolchain_of(out)
    text = audit.render(options.board, capsules, graph, entries, toolchain,
                        symbols_of(out / "kernel.elf"))
    findings += graph.findings
    if options.write:
        Path(f"boards/{options.board}/AUDIT{options.variant}.txt").write_text(text, encoding="utf-8")
    else:
        findings += compare_audit(options, text, toolchain)
    return sorted(set(findings)), need


def stack_need(entries, options):
    """Bytes of the deepest path of any entry, and of the one that can come on top of all others."""
    sizes = {name: size for name, (size, _) in entries.items()}
    above = sizes.pop(options.on_top, None)
    if options.on_top and above is None:
        raise SystemExit(f"gate: {options.on_top}, which ARCH_STACK_ON_TOP names, is no entry of the kernel")
    return max(sizes.values(), default=0) + (above or 0) + options.reserve


def compare_audit(options, text, toolchain):
    path = Path(f"boards/{options.board}/AUDIT{options.variant}.txt")
    accepted = path.read_text(encoding="utf-8") if path.exists() else ""
    if audit.comparable(accepted, toolchain) == audit.comparable(text, toolchain):
        return []
    if f"compiler: {toolchain}" not in accepted and \
            audit.comparable(accepted, toolchain) == audit.comparable(text, ""):
        return []
    fresh = Path(options.out) / "AUDIT.txt"
    fresh.write_text(text, encoding="utf-8")
    return [Finding(f"{path}:{first_difference(accepted, text)}", 10, f"what the capsules can reach has changed: compare with "
                    f"{fresh}, and accept it with `make audit BOARD={options.board}"
                    f"{' POLICY=' + options.variant[1:] if options.variant else ''}`")]


def first_difference(old, new):
    """The number of the first line that is not the same."""
    old, new = old.splitlines(), new.splitlines()
    return next((number for number, (a, b) in enumerate(zip(old, new), 1) if a != b),
                min(len(old), len(new)) + 1)


def main():
    parser = argparse.ArgumentParser(prog="gate", description=__doc__)
    parser.add_argument("--board", required=True)
    parser.add_argument("--variant", default="", help="of the board: -POLICY")
    parser.add_argument("--out", required=True)
    parser.add_argument("--clang", default="clang")
    parser.add_argument("--flags", default="", help="flags that clang needs to read a capsule")
    parser.add_argument("--stack", type=int, required=True, help="bytes of the kernel stack")
    parser.add_argument("--reserve", type=int, default=16, help="bytes that assembly uses of it")
    parser.add_argument("--on-top", help="entry that can come while another one runs: a fault of the kernel")
    parser.add_argument("--write", action="store_true", help="accept the audit as it is now")
    options = parser.parse_args()
    findings, need = gate(options)
    for finding in findings:
        print(finding, file=sys.stderr)
    print(f"capsule gate {options.board}: {len(findings)} findings; kernel stack at most "
          f"{need} of {options.stack} bytes")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
