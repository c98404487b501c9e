#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Plants the faults of tools/mutants/faults.txt, one at a time, and sees them found.

    tools/mutants/mutants.py [--fast | --list | --no-proofs] [WORD]...

Never touches this tree: each of two workers has a copy with its build folder, so that
little has to be compiled again. A check that fails without any fault counts as an error,
for it would find everything. The last line is `mutants: killed N of M`; the exit status is
1 unless all were. WORD chooses the faults whose line holds it. docs/testing.md says more.
"""
import argparse
import concurrent.futures
import contextlib
import fcntl
import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
LIST = os.path.join("tools", "mutants", "faults.txt")
COPIES = os.path.join(ROOT, "build", "mutants-trees")
LIMIT_S = 240  # for one fault; this machine may be busy
WORKERS = 2
# What of build/ saves work in a copy, by the kind of check.
BUILT = {"host": ["host/asan"], "unit": [], "gate": [],
         "qemu": ["apps", "user", "libc-newlib", "hostile", "unit"]}
UNIT_FLAGS = ["-std=c11", "-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]


class Broken(Exception):
    """The fault could not be tried; the text says why."""


class Fault:
    """One line of the list."""

    def __init__(self, number, line):
        self.number, self.line = number, line
        self.fast = line.startswith("+ ")
        fields = [field.strip(" ") for field in re.split(r"(?<!\\) \| ", line[2 * self.fast:])]
        if len(fields) != 4:
            sys.exit(f"{LIST}:{number}: {len(fields)} fields between ' | ', wanted 4")
        self.file, self.check = fields[0], tuple(fields[3].split())
        self.place = 0
        chosen = re.match(r"@(\d+) (.*)", fields[1])
        if chosen:
            self.place, fields[1] = int(chosen[1]), chosen[2]
        self.old = spelled(fields[1])
        self.new = "" if fields[2] == "(nothing)" else spelled(fields[2])

    def planted(self, text):
        """The file's text with the fault."""
        pieces = text.split(self.old)
        if len(pieces) == 1:
            raise Broken(f"{self.file} does not say: {self.old!r}; the list is out of date")
        if self.place == 0 and len(pieces) != 2 or self.place >= len(pieces):
            raise Broken(f"{self.file} says it {len(pieces) - 1} times: {self.old!r}")
        place = self.place or 1
        return self.old.join(pieces[:place]) + self.new + self.old.join(pieces[place:])


def spelled(text):
    return text.replace("\\n", "\n").replace("\\t", "\t").replace("\\|", "|")


class Tree:
    """A copy of the sources with a build folder of its own."""

    def __init__(self, number, built):
        self.path = os.path.join(COPIES, str(number))
        shutil.rmtree(self.path, ignore_errors=True)
        os.makedirs(os.path.join(self.path, "build"))
        for name in os.listdir(ROOT):
            if name not in ("build", ".git"):
                self._copy(name)
        with building():
            for name in built:
                self._copy(os.path.join("build", name))
        for name in os.listdir(os.path.join(ROOT, "build")):
            if name.startswith("setup-"):
                self._copy(os.path.join("build", name))
        # What `make` makes too; an old one would point into this tree.
        os.makedirs(os.path.join(self.path, "build", "include"), exist_ok=True)
        os.symlink(os.path.join(self.path, "kernel", "include", "kernel"),
                   os.path.join(self.path, "build", "include", "kernel"))

    def _copy(self, name):
        source, target = os.path.join(ROOT, name), os.path.join(self.path, name)
        if os.path.isdir(source):
            shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"),
                            ignore_dangling_symlinks=True, dirs_exist_ok=True, copy_function=copy_file)
        elif os.path.exists(source):
            copy_file(source, target)

    def write(self, name, text):
        with open(os.path.join(self.path, name), "w", encoding="utf-8") as stream:
            stream.write(text)

    def read(self, name):
        with open(os.path.join(self.path, name), encoding="utf-8") as stream:
            return stream.read()

    def run(self, *arguments):
        """(exit code, output); an exit code of None where the time was up."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
        environment.update(LC_ALL="C", PYTHONDONTWRITEBYTECODE="1")
        child = subprocess.Popen(list(arguments), cwd=self.path, stdin=subprocess.DEVNULL,
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                 errors="replace", env=environment, start_new_session=True)
        try:
            said = child.communicate(timeout=LIMIT_S)[0]
            return child.returncode, said
        except subprocess.TimeoutExpired:
            return None, "time is up"
        finally:
            try:
                os.killpg(child.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            child.wait()

    def built(self, *arguments):
        """Fails where it cannot be compiled: that is no way to find a fault."""
        code, said = self.run(*arguments)
        if code != 0:
            raise Broken("it does not build: " + tail(said))


@contextlib.contextmanager
def building():
    """Nobody else builds a host test meanwhile (make/host.mk): no half object is copied."""
    os.makedirs(os.path.join(ROOT, "build", "host"), exist_ok=True)
    with open(os.path.join(ROOT, "build", "host", "lock"), "a", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def copy_file(source, target):
    """Others work in the tree meanwhile: a file that has gone is left out."""
    try:
        return shutil.copy2(source, target)
    except FileNotFoundError:
        return target


def tail(text):
    lines = [line for line in text.strip().splitlines() if "error" in line or "FAIL" in line]
    return (lines or text.strip().splitlines() or ["nothing"])[0][:200]


# ---- checks: each answers whether it failed ----

def host(tree, name):
    makefiles = ["-f", "Makefile"]
    if "host.mk" not in tree.read("Makefile"):
        makefiles += ["-f", "make/host.mk"]
    tree.built("make", "--no-print-directory", *makefiles, f"build/host/asan/{name}")
    return tree.run(f"build/host/asan/{name}")[0] != 0


def unit(tree, name):
    head = tree.read(f"tests/unit/{name}.c")[:4000]
    words = {}
    for key in ("LINK", "INCLUDE"):
        found = re.search(rf"^[ /*]*{key}:((?:[^\n]*\\\n)*[^\n]*)$", head, re.M)
        words[key] = re.sub(r"\\\n[ *]*|\*/", " ", found[1] if found else "").split()
    folders = words["INCLUDE"] + ["tests/unit", "abi/include", "lib/include", "hil/include",
                                  "kernel/include", "kernel/src", "chips/include", "capsules/include",
                                  "arch/riscv/include", "arch/riscv", "arch/armv7m", "arch/armv8m"]
    sources = [f"tests/unit/{name}.c"] + [word for word in words["LINK"] if word != "none"]
    tree.built("gcc", *UNIT_FLAGS, *[f"-I{folder}" for folder in folders], *sources, "-o", "build/mutant")
    return tree.run("build/mutant")[0] != 0


def qemu(tree, column, test):
    tree.built("make", "--no-print-directory", f"BOARD={column.split('/')[0]}",
               f"build/{column.split('/')[0]}/kernel.elf")
    code, said = tree.run("/usr/bin/python3", "tests/run.py", "--tests", test, "--boards", column, "--long")
    if code == 0 and not re.search(r"^[1-9]\d* passed, 0 failed", said, re.M):
        raise Broken(f"{test} does not run on {column}: {tail(said)}")
    if "no test is called" in said or "no board" in said:
        raise Broken(tail(said))
    return code != 0


def gate(tree, board):
    tree.built("make", "--no-print-directory", f"BOARD={board}", f"build/{board}/kernel.elf")
    code, said = tree.run("make", "--no-print-directory", f"BOARD={board}", "gate")
    # The audit of a tree in which something else was changed is no finding of a fault.
    return code != 0 and any(not re.search(r"AUDIT\.txt|\*\*\*", line) and re.search(r"\.c:\d+|\.c: ", line)
                             for line in said.splitlines())


CHECKS = {"host": host, "unit": unit, "qemu": qemu, "gate": gate}


def failed(tree, check):
    if check[0] not in CHECKS:
        raise Broken(f"there is no check '{check[0]}'; use one of {' '.join(CHECKS)}")
    return CHECKS[check[0]](tree, *check[1:])


def attempt(tree, fault):
    """None where the fault was found, else what went wrong."""
    text = tree.read(fault.file)
    try:
        tree.write(fault.file, fault.planted(text))
        return None if failed(tree, fault.check) else "survived"
    except Broken as broken:
        return str(broken)
    finally:
        tree.write(fault.file, text)  # newer than its object: compiled again


def sound(tree, check):
    """None where the check passes without a fault."""
    try:
        return "fails without any fault" if failed(tree, check) else None
    except Broken as broken:
        return str(broken)


class Pool:
    """Work for two trees."""

    def __init__(self, built):
        self.trees = queue.Queue()
        for number in range(WORKERS):
            self.trees.put(Tree(number, built))

    def each(self, items, work):
        """(item, answer) for each, in the order of `items`."""
        def one(item):
            tree = self.trees.get()
            try:
                return work(tree, item)
            finally:
                self.trees.put(tree)

        with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            yield from zip(items, pool.map(one, items))


def read_faults():
    with open(os.path.join(ROOT, LIST), encoding="utf-8") as stream:
        lines = [(number, line.strip()) for number, line in enumerate(stream, 1)]
    return [Fault(number, line) for number, line in lines if line and not line.startswith("#")]


def try_faults(faults):
    """How many were found."""
    built = {fault.check[1].split("/")[0] for fault in faults if fault.check[0] in ("qemu", "gate")}
    built.update(*(BUILT.get(fault.check[0], []) for fault in faults))
    # One after the other what one check finds: its program is linked for one file only.
    faults.sort(key=lambda fault: (fault.check, fault.file))
    pool = Pool(sorted(built))
    checks = sorted({fault.check for fault in faults})
    unfit = {check: wrong for check, wrong in pool.each(checks, sound) if wrong}
    for check, wrong in unfit.items():
        print(f"mutants: {' '.join(check)}: {wrong}; what it would find is not counted", flush=True)
    killed = sum(fault.check not in unfit for fault in faults)
    usable = [fault for fault in faults if fault.check not in unfit]
    for fault, wrong in pool.each(usable, attempt):
        if wrong:
            killed -= 1
            print(f"{LIST}:{fault.number}: {wrong}\n    {fault.line}", flush=True)
    return killed


def try_proofs():
    """(found, planted) of the faults in the proved files: tests and proofs must find them."""
    done = subprocess.run([sys.executable, "proofs/mutants.py"], cwd=ROOT, stdout=subprocess.PIPE,
                          text=True, check=False)
    print(done.stdout, end="", flush=True)
    counted = re.search(r"^killed (\d+) / (\d+)$", done.stdout, re.M)
    return (int(counted[1]), int(counted[2])) if counted else (0, 1)


def main():
    parser = argparse.ArgumentParser(usage="mutants.py [--fast | --list | --no-proofs] [WORD]...")
    parser.add_argument("--fast", action="store_true", help="the few marked with + only")
    parser.add_argument("--list", action="store_true", help="show the faults and end")
    parser.add_argument("--no-proofs", action="store_true", help="without those of proofs/mutants.txt")
    parser.add_argument("words", nargs="*")
    options = parser.parse_args()
    faults = [fault for fault in read_faults() if (fault.fast or not options.fast)
              and (not options.words or any(word in fault.line for word in options.words))]
    if not faults:
        sys.exit("mutants: no fault is chosen by that; --list shows them")
    if options.list:
        print("\n".join(fault.line for fault in faults))
        return 0
    started = time.monotonic()
    killed, planted = try_faults(faults), len(faults)
    if not (options.fast or options.no_proofs or options.words):
        more, of = try_proofs()
        killed, planted = killed + more, planted + of
    shutil.rmtree(COPIES, ignore_errors=True)
    print(f"mutants: killed {killed} of {planted}, {time.monotonic() - started:.0f} s")
    return 0 if killed == planted else 1


if __name__ == "__main__":
    sys.exit(main())
