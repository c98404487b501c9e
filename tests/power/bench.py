#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Figures of the key-value store, one `name value unit` a line; beside littlefs where its source is at hand.

    bench.py [--littlefs FOLDER] [--fetch]

Flash traffic comes from the model on the host, code from the compilers at -Os, recovery from QEMU with
counted instructions. --fetch gets littlefs (out of the PyPI package littlefs-python, source only, nothing
of it is kept in the repository) into build/littlefs.
"""
import argparse
import glob
import os
import subprocess
import sys
import tarfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
OUT = os.path.join(ROOT, "build", "power")
PACKAGE, VERSION = "littlefs-python", "0.12.0"
INCLUDE = ["-I" + os.path.join(ROOT, d) for d in ("tests/flash_model", "abi/include", "lib/include")]
STORE = sorted(glob.glob(os.path.join(ROOT, "lib", "kv*.c"))) + [os.path.join(ROOT, "lib/storage_rights.c")]
QUIET = ["-DLFS_NO_DEBUG", "-DLFS_NO_WARN", "-DLFS_NO_ERROR", "-DLFS_NO_ASSERT", "-DLFS_NO_MALLOC"]
# gcc 12 finds no libgcc for an architecture that names Zicsr; the assembler knows the counters anyway.
RV32 = ["riscv64-unknown-elf-gcc", "-march=rv32imac", "-misa-spec=2.2", "-mabi=ilp32", "-mcmodel=medany"]
M4 = ["arm-none-eabi-gcc", "-mcpu=cortex-m4", "-mthumb"]
LIBC = ["-isystem", os.path.join(ROOT, "tests/power/libc")]
SMALL = ["-std=c11", "-Os", "-ffreestanding", "-ffunction-sections", "-fdata-sections"]


def run(*command, **more):
    """The output of a command that must succeed."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, **more)
    if done.returncode:
        sys.exit(f"{' '.join(command[:3])} ... failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def fetch():
    """The folder with littlefs's source; None where it cannot be had."""
    folder = os.path.join(ROOT, "build", "littlefs")
    source = os.path.join(folder, f"littlefs_python-{VERSION}", "littlefs")
    if os.path.exists(os.path.join(source, "lfs.c")):
        return source
    os.makedirs(folder, exist_ok=True)
    got = subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", PACKAGE,
                          f"{PACKAGE}=={VERSION}", "-d", folder], capture_output=True, text=True, timeout=600,
                         check=False)
    archives = glob.glob(os.path.join(folder, "*.tar.gz"))
    if got.returncode or not archives:
        print("# littlefs is not measured: pip cannot get", PACKAGE, file=sys.stderr)
        return None
    with tarfile.open(archives[0]) as archive:
        archive.extractall(folder)
    return source


def code(name, sources, more):
    """Bytes of code and constants on both processors."""
    for cpu, compiler in (("rv32", RV32), ("cortex_m4", M4)):
        total = 0
        for source in sources:
            thing = os.path.join(OUT, "size.o")
            run(*compiler, *SMALL, *INCLUDE, *more, "-c", source, "-o", thing)
            text = run(compiler[0].replace("gcc", "size"), thing).splitlines()[1].split()
            total += int(text[0]) + int(text[1])
        print(f"storage.{name}.code_{cpu} {total} bytes")


def recovery(name, sources, more, image):
    """Counted instructions of a recovery."""
    program = os.path.join(OUT, f"recovery_{name}.elf")
    main = os.path.join(ROOT, "tests/power/recovery_rv32.c")
    memory = os.path.join(ROOT, "lib/memory.c")
    run(*RV32, *SMALL, *INCLUDE, *more, "-fno-tree-loop-distribute-patterns", "-nostdlib", "-static",
        "-Wl,--no-relax", "-Wl,--gc-sections", "-Wl,-e,_start", "-Wl,--section-start=.boot=0x80000000", "-Wl,-Ttext=0x80000100",
        main, memory, *sources, "-lgcc", "-o", program)
    print(run("timeout", "-s", "KILL", "60", "qemu-system-riscv32", "-M", "virt", "-m", "128M", "-display", "none",
              "-monitor", "none", "-serial", "stdio", "-icount", "shift=0,sleep=off", "-bios", program, "-device",
              f"loader,file={image},addr=0x80800000,force-raw=on", stdin=subprocess.DEVNULL).strip())


def main():
    """Measures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--littlefs", help="folder that holds lfs.c")
    parser.add_argument("--fetch", action="store_true", help="get littlefs if it is not there")
    options = parser.parse_args()
    os.makedirs(OUT, exist_ok=True)
    littlefs = options.littlefs or (fetch() if options.fetch else None)
    sources, more = list(STORE), []
    if littlefs:
        sources += [os.path.join(littlefs, f) for f in ("lfs.c", "lfs_util.c")]
        more = ["-DWITH_LITTLEFS", "-I" + littlefs, *QUIET]
    program = os.path.join(OUT, "bench_storage")
    run("gcc", "-std=c11", "-O2", *INCLUDE, *more, os.path.join(ROOT, "tests/power/bench_storage.c"),
        os.path.join(ROOT, "tests/flash_model/flash_model.c"), *sources, "-o", program)
    images = [os.path.join(OUT, "kv.img"), os.path.join(OUT, "littlefs.img")]
    print(run(program, *images).strip())
    code("kv", STORE, [])
    recovery("kv", STORE, [], images[0])
    if littlefs:
        more = more + LIBC
        code("littlefs", sources[-2:], more)
        recovery("littlefs", sources[-2:] + [os.path.join(ROOT, "tests/power/strings.c")], more, images[1])


if __name__ == "__main__":
    main()
