#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Static analysis of the kernel; `make analyze` calls it.

Compilers run once a source, two at a time; nothing runs again while neither the
sources it looks at nor any header have changed. Everything that is found is an error, but the
deviations from MISRA C:2012 that docs/misra.md lists with a reason.
"""
import argparse
import concurrent.futures
import glob
import hashlib
import os
import re
import shutil
import subprocess
import sys

DEVIATIONS = "docs/misra.md"
CPPCHECK_VERSION = "2.10"  # another version finds other rules
LIMIT_S = 900  # for one command; the machine may be busy
FOUND = re.compile(r"^([^\s:]+):(\d+): \w+: ([\w.-]+): (.*)$", re.M)
RULE = re.compile(r"^\| (\d+\.\d+) \| \w+ \| ([^|]+) \|", re.M)
# min() written with ?: confuses its value analysis: it calls the result never 0, or always. It takes a write
# through a pointer in a structure that is passed by value for one to a local variable.
CPPCHECK_OFF = ["knownConditionTrueFalse", "unusedStructMember", "missingIncludeSystem",
                "misra-config", "unreadVariable:kernel/src/loan_table_end.c"]


def parse():
    """The command line; flags come as one argument each, as make has them."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("tools", "build", "gcc", "machine", "clang-machine", "defines"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--reach", action="append", default=[], help="LAYER -I...")
    parser.add_argument("sources", nargs="+")
    options = parser.parse_args()
    options.reach = {text.split()[0]: text.split()[1:] for text in options.reach}
    return options


def layer(source):
    return source.split("/")[0]


def extra(source):
    """Flags of one source only: the recorder is compiled for TRACE=1 and nothing else."""
    return ["-DDETENT_TRACE"] if "/trace/" in source else []


def headers_digest():
    """Of all headers and of what steers the tools."""
    total = hashlib.sha256()
    for folder in ("abi", "lib", "hil", "kernel", "arch", "chips", "capsules"):
        for here, inner, names in os.walk(folder):
            inner.sort()
            for name in sorted(names):
                if name.endswith(".h"):
                    total.update(read(os.path.join(here, name)))
    for name in (".clang-tidy", "make/analyze.py"):
        total.update(read(name))
    return total.hexdigest()


def read(path):
    with open(path, "rb") as stream:
        return stream.read()


class Runner:
    """Runs a command, or gives what it said about the same sources before."""

    def __init__(self, build):
        self.folder = build
        self.headers = headers_digest()
        os.makedirs(build, exist_ok=True)

    def __call__(self, command, sources):
        digest = hashlib.sha256(repr((self.headers, command)).encode())
        for source in sources:
            digest.update(read(source))
        key = digest.hexdigest()
        kept = os.path.join(self.folder, key[:32])
        if os.path.exists(kept):
            return read(kept).decode("utf-8", "replace")
        try:
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  timeout=LIMIT_S, check=False)
        except subprocess.TimeoutExpired:
            return f"\n{sources[0]}: {command[0]} ended with nothing after {LIMIT_S} s\n"
        text = done.stdout.decode("utf-8", "replace")
        if done.returncode == 0:
            with open(kept + f".{os.getpid()}", "wb") as stream:
                stream.write(done.stdout)
            os.replace(kept + f".{os.getpid()}", kept)
            return text
        return text + f"\n{sources[0]}: {command[0]} ended with {done.returncode}\n"


def run_all(runner, commands):
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda pair: runner(pair[1], pair[:1]), commands))


def with_gcc(options, runner):
    """gcc's own analyzer: says nothing about sound code."""
    if not shutil.which(options.gcc.split()[0]):
        return None
    base = options.gcc.split() + options.machine.split() + options.defines.split() + \
        ["-std=c11", "-ffreestanding", "-Os", "-Wall", "-Wextra", "-fanalyzer", "-S", "-o", "/dev/null"]
    said = run_all(runner, [(s, base + extra(s) + options.reach[layer(s)] + [s]) for s in options.sources])
    return [text.strip() for text in said if text.strip()]


def with_tidy(options, runner):
    """clang-tidy with the checks of .clang-tidy."""
    tool = next((name for name in ["clang-tidy-14", "clang-tidy"] if shutil.which(name)), None)
    if tool is None:
        return None
    machine = options.clang_machine.split() + options.defines.split() + ["-std=c11", "-ffreestanding"]
    sources = [s for s in options.sources if layer(s) in ("kernel", "lib")]
    said = run_all(runner, [
        (s, [tool, "--quiet", s, "--", *machine, *extra(s), *options.reach[layer(s)]])
        for s in sources])
    noise = re.compile(r"^\d+ warnings? (and \d+ errors? )?generated.*\n?", re.M)
    cleaned = [noise.sub("", text).strip() for text in said]
    return [text for text in cleaned if text]


def deviations():
    """Rule -> prefixes of the files that may deviate."""
    with open(DEVIATIONS, encoding="utf-8") as stream:
        listed = dict(RULE.findall(stream.read()))
    return {rule: ("",) if where.strip() == "all" else tuple(re.findall(r"`([^`]+)`", where))
            for rule, where in listed.items()}


def with_misra(options, runner):
    """cppcheck and its addon, against docs/misra.md."""
    if not shutil.which("cppcheck"):
        return None
    version = subprocess.run(["cppcheck", "--version"], capture_output=True, text=True, check=False)
    version = version.stdout.split()[-1]
    sources = [s for s in options.sources if layer(s) in ("kernel", "lib")]
    folder = os.path.join(options.build, "cppcheck-" + runner.headers[:16])
    for old in glob.glob(os.path.join(options.build, "cppcheck*")):
        if old != folder:  # it does not look whether headers changed
            shutil.rmtree(old)
    os.makedirs(folder, exist_ok=True)  # what it found in files that have not changed
    command = ["cppcheck", "--quiet", "--addon=misra", "--enable=warning,style,performance,portability",
               "--std=c11", "--platform=unix32", "-D__riscv_xlen=32", "-D__GNUC__=12", "-j2",
               f"--cppcheck-build-dir={folder}", "--template={file}:{line}: {severity}: {id}: {message}",
               *[f"--suppress={name}" for name in CPPCHECK_OFF], *options.reach["kernel"], *sources]
    said = [runner(command, sources)]
    found = sorted({match.groups() for text in said for match in FOUND.finditer(text)})
    broken = [text.strip().splitlines()[-1] for text in said if " ended with " in text]
    return broken + judge(found, version)


def judge(found, version):
    allowed = deviations()
    wrong, seen = [], {}
    for path, line, name, message in found:
        rule = re.fullmatch(r"misra-c2012-([\d.]+)", name)
        if rule is None:
            wrong.append(f"{path}:{line}: cppcheck {name}: {message}")
        elif path.startswith(allowed.get(rule[1], ("\0",))):
            seen[rule[1]] = seen.get(rule[1], 0) + 1
        else:
            wrong.append(f"{path}:{line}: MISRA C:2012 rule {rule[1]}: {DEVIATIONS} does not list it "
                         "for this file")
    print("deviations from MISRA C:2012: " + ", ".join(
        f"{rule} {seen[rule]}" for rule in sorted(seen, key=lambda r: [int(n) for n in r.split(".")])))
    if version != CPPCHECK_VERSION:
        for line in wrong:
            print("note: " + line)
        print(f"note: {DEVIATIONS} was made with cppcheck {CPPCHECK_VERSION}, this is {version}: "
              "its findings are shown, not counted")
        return []
    return wrong + [f"{DEVIATIONS}: rule {rule} is listed, but nothing deviates from it"
                    for rule in allowed if rule not in seen]


TOOLS = {"gcc": ("gcc -fanalyzer", with_gcc), "tidy": ("clang-tidy", with_tidy),
         "misra": ("cppcheck", with_misra)}


def main():
    options = parse()
    unknown = [name for name in options.tools.split() if name not in TOOLS]
    if unknown or not options.tools.split():
        sys.exit(f"analyze: ANALYZE= names any of: {' '.join(TOOLS)}")
    runner = Runner(options.build)
    counts, failed = [], False
    for name in options.tools.split():
        title, work = TOOLS[name]
        findings = work(options, runner)
        if findings is None:
            counts.append(f"{title} skipped: not installed")
            continue
        for text in findings:
            print(text, file=sys.stderr)
        counts.append(f"{title} {len(findings)} findings")
        failed = failed or bool(findings)
    print("analyze: " + ", ".join(counts))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
