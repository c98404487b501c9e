# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Host unit tests: every tests/unit/*.c with a LINK line in its head comment is one program.

    LINK: lib/tbf.c lib/bytes.c       further sources of the program, from the root of the tree;
                                      a word alone, `LINK: none`, for none
    INCLUDE: arch/armv7m/include      include folders before the usual ones (may be left out)

A file without a LINK line must be named in another's: otherwise nothing would run it.
"""
import glob
import os
import re

from . import ROOT
from .jobs import Failed, Job

FOLDER = os.path.join(ROOT, "tests", "unit")
BUILT = os.path.join(ROOT, "build", "unit")
INCLUDE = ["tests/unit", "abi/include", "lib/include", "hil/include", "kernel/include", "kernel/src",
           "chips/include", "capsules/include", "arch/riscv/include", "arch/riscv", "arch/armv7m",
           "arch/armv8m"]
FLAGS = ["-std=c11", "-g", "-O1", "-fno-omit-frame-pointer", "-fsanitize=address,undefined",
         "-fno-sanitize-recover=all", "-Wall", "-Wextra", "-Werror", "-Wconversion", "-Wsign-conversion",
         "-Wshadow", "-Wstrict-prototypes", "-Wmissing-prototypes", "-Wundef", "-Wvla"]
SANITIZERS = {"ASAN_OPTIONS": "detect_leaks=1:abort_on_error=0",
              "UBSAN_OPTIONS": "print_stacktrace=1"}


def jobs():
    """One job a program, and one for every file that no program holds."""
    heads = {path: _head(path) for path in sorted(glob.glob(os.path.join(FOLDER, "*.c")))}
    linked = {os.path.join(ROOT, source) for head in heads.values() for source in head["LINK"] or []}
    out = []
    for path, head in heads.items():
        if head["LINK"] is not None:
            out.append(_job(path, head))
        elif path not in linked:
            out.append(Job(_name(path), "host", _orphan(path)))
    return out


def _name(path):
    return "unit-" + os.path.splitext(os.path.basename(path))[0].replace("_", "-")


def _head(path):
    """The LINK and INCLUDE lines; a line that ends with a backslash goes on."""
    with open(path, encoding="utf-8") as stream:
        text = stream.read(4000)
    out = {"LINK": None, "INCLUDE": None}
    for key in out:
        match = re.search(rf"^[ /*]*{key}:((?:[^\n]*\\\n)*[^\n]*)$", text, re.M)
        if match:
            words = re.sub(r"\\\n[ *]*|\*/", " ", match[1]).split()
            out[key] = [w for w in words if w != "none"]
    return out


def _orphan(path):
    def work(log):
        raise Failed(f"{os.path.relpath(path, ROOT)} has no LINK line, and no other test links it")
    return work


def _job(path, head):
    program = os.path.join(BUILT, os.path.splitext(os.path.basename(path))[0])
    include = [f"-I{folder}" for folder in (head["INCLUDE"] or []) + INCLUDE]
    sources = [os.path.relpath(path, ROOT)] + head["LINK"]

    def work(log):
        for source in sources:
            if not os.path.isfile(os.path.join(ROOT, source)):
                raise Failed(f"LINK names {source}, which does not exist")
        os.makedirs(BUILT, exist_ok=True)
        log.run(["gcc"] + FLAGS + include + sources + ["-o", program])
        log.run([program], env=SANITIZERS)
    return Job(_name(path), "host", work, limit_s=300)
