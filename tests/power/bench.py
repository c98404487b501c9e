#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Figures of the key-value store, one `name value unit` a line, beside littlefs where that is there.

    bench.py [--littlefs FOLDER] [--fetch]

Flash traffic comes from the model on the host, code from the compilers at -Os, recovery from QEMU with
counted instructions. --fetch gets the source of littlefs (tests/power/littlefs.txt says which) into
build/littlefs, where it is found from then on; nothing of it is kept in the repository.
"""
import argparse
import glob
import os
import subprocess
import sys
import tarfile
from collections import namedtuple

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
OUT = os.path.join(ROOT, "build", "power")
PACKAGE = os.path.join(ROOT, "tests/power/littlefs.txt")
FETCHED = os.path.join(ROOT, "build", "littlefs")
INCLUDE = ["-I" + os.path.join(ROOT, d) for d in ("tests/flash_model", "abi/include", "lib/include")]
STORE = sorted(glob.glob(os.path.join(ROOT, "lib", "kv*.c"))) + [os.path.join(ROOT, "lib/storage_rights.c")]
QUIET = ["-DLFS_NO_DEBUG", "-DLFS_NO_WARN", "-DLFS_NO_ERROR", "-DLFS_NO_ASSERT", "-DLFS_NO_MALLOC"]
# gcc 12 finds no libgcc for an architecture that names Zicsr; the assembler knows the counters anyway.
RV32 = ["riscv64-unknown-elf-gcc", "-march=rv32imac", "-misa-spec=2.2", "-mabi=ilp32", "-mcmodel=medany"]
M4 = ["arm-none-eabi-gcc", "-mcpu=cortex-m4", "-mthumb"]
LIBC = ["-isystem", os.path.join(ROOT, "tests/power/libc")]
SMALL = ["-std=c11", "-Os", "-ffreestanding", "-ffunction-sections", "-fdata-sections"]

Line = namedtuple("Line", "name value unit")


class BenchError(Exception):
    """The figures cannot be had; the text says why."""


def run(*command, **more):
    """The output of a command that must succeed."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, **more)
    except (OSError, subprocess.SubprocessError) as error:
        raise BenchError(f"{command[0]}: {error}") from None
    if done.returncode:
        raise BenchError(f"{' '.join(command[:3])} ... failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def find_littlefs(folder=None):
    """The folder that holds lfs.c: the one given, or what --fetch has got; None: it is not installed."""
    if folder:
        if not os.path.exists(os.path.join(folder, "lfs.c")):
            raise BenchError(f"{folder}: there is no lfs.c in it; give the folder of littlefs's source")
        return folder
    found = glob.glob(os.path.join(FETCHED, "*", "littlefs", "lfs.c"))
    return os.path.dirname(found[0]) if found else None


def fetch():
    """Gets littlefs, checked against the hash that littlefs.txt names, unless it is there."""
    if find_littlefs():
        return
    os.makedirs(FETCHED, exist_ok=True)
    run(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", "littlefs-python",
        "--require-hashes", "-r", PACKAGE, "-d", FETCHED)
    for archive in glob.glob(os.path.join(FETCHED, "*.tar.gz")):
        with tarfile.open(archive) as stream:
            stream.extractall(FETCHED, members=[m for m in stream.getmembers() if m.isfile() and "/littlefs/lfs" in m.name])
    if not find_littlefs():
        raise BenchError("the package has no littlefs/lfs.c in it")


def code(who, sources, more):
    """Bytes of code and constants on both processors."""
    for cpu, compiler in (("rv32", RV32), ("cortex_m4", M4)):
        total = 0
        for source in sources:
            thing = os.path.join(OUT, "size.o")
            run(*compiler, *SMALL, *INCLUDE, *more, "-c", source, "-o", thing)
            text = run(compiler[0].replace("gcc", "size"), thing).splitlines()[1].split()
            total += int(text[0]) + int(text[1])
        yield Line(f"storage.{who}.code_{cpu}", total, "bytes")


def recovery(who, sources, more):
    """Counted instructions of a recovery of the medium that this workload has left."""
    program = os.path.join(OUT, f"recovery_{who}.elf")
    image = os.path.join(OUT, f"{who}.img")
    main_file = os.path.join(ROOT, "tests/power/recovery_rv32.c")
    memory = os.path.join(ROOT, "lib/memory.c")
    run(*RV32, *SMALL, *INCLUDE, *more, f'-DWHO="{who}"', "-fno-tree-loop-distribute-patterns", "-nostdlib",
        "-static", "-Wl,--no-relax", "-Wl,--gc-sections", "-Wl,-e,_start", "-Wl,--section-start=.boot=0x80000000",
        "-Wl,-Ttext=0x80000100", main_file, memory, *sources, "-lgcc", "-o", program)
    return parse(run("timeout", "-s", "KILL", "60", "qemu-system-riscv32", "-M", "virt", "-m", "128M", "-display",
                     "none", "-monitor", "none", "-serial", "stdio", "-icount", "shift=0,sleep=off", "-bios", program,
                     "-device", f"loader,file={image},addr=0x80800000,force-raw=on", stdin=subprocess.DEVNULL))


def parse(text):
    """The lines `name value unit` of a program."""
    lines = []
    for words in (line.split() for line in text.splitlines()):
        if len(words) != 3 or words[2] == "FAILED":
            raise BenchError("a program says: " + " ".join(words))
        lines.append(Line(words[0], float(words[1]) if "." in words[1] else int(words[1]), words[2]))
    return lines


def measure(littlefs=None):
    """All lines; those of littlefs are left out where its folder is None."""
    os.makedirs(OUT, exist_ok=True)
    lfs_sources, lfs_flags = [], []
    if littlefs:
        lfs_sources = [os.path.join(littlefs, f) for f in ("lfs.c", "lfs_util.c")]
        lfs_flags = ["-DWITH_LITTLEFS", "-I" + littlefs, *QUIET]
    program = os.path.join(OUT, "bench_storage")
    run("gcc", "-std=c11", "-O2", *INCLUDE, *lfs_flags, os.path.join(ROOT, "tests/power/bench_storage.c"),
        os.path.join(ROOT, "tests/flash_model/flash_model.c"), *STORE, *lfs_sources, "-o", program)
    lines = parse(run(program, OUT))
    lines += code("kv", STORE, [])
    for who in ("kv_4k_cold", "kv_full"):
        lines += recovery(who, STORE, [])
    if littlefs:
        lines += code("littlefs", lfs_sources, lfs_flags + LIBC)
        with_strings = lfs_sources + [os.path.join(ROOT, "tests/power/strings.c")]
        for who in ("littlefs_4k_cold", "littlefs_full"):
            lines += recovery(who, with_strings, lfs_flags + LIBC)
    return lines


def main():
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--littlefs", help="folder that holds lfs.c")
    parser.add_argument("--fetch", action="store_true", help="get littlefs if it is not there")
    options = parser.parse_args()
    if options.fetch and not options.littlefs:
        fetch()
    littlefs = find_littlefs(options.littlefs)
    for line in measure(littlefs):
        print(line.name, line.value, line.unit)
    if not littlefs:
        print("# littlefs is not installed: make littlefs gets it")


if __name__ == "__main__":
    try:
        main()
    except BenchError as error:
        sys.exit(f"bench: {error}")
