#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Power-cut tests on the host, of the key-value store (power_cut.c) and of installing (install_cut.c).

    run.py [--long]	exit code 0 where nothing was lost

Every write and erase of a workload of 2,000 operations is cut before, in the middle and after, on media
of several shapes; in others pages fail now and then. The same is done while applications are installed,
updated and removed. The last line says cuts made and losses found.
"""
import glob
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
OUT = os.path.join(ROOT, "build", "power")
FLAGS = ["-std=c11", "-O2", "-g", "-Wall", "-Wextra", "-Werror", "-Wconversion", "-Wsign-conversion", "-Wshadow",
         "-fsanitize=undefined", "-fno-sanitize-recover=all"]
INCLUDE = ["tests/flash_model", "tests/unit", "abi/include", "lib/include"]
LIMIT_S = 300

# operations, seed, bytes of a page, pages, unit, pages that fail now and then, cut every so manieth change
CASES = [
    (2000, 1, 1024, 8, 4, 0, 1),
    (2000, 2, 512, 6, 8, 0, 1),
    (2000, 3, 1024, 5, 16, 0, 1),
    (2000, 4, 1024, 8, 4, 1, 1),
    (2000, 5, 1024, 10, 4, 3, 1),
    (2000, 6, 4096, 16, 4, 0, 7),
]
LONG = [(2000, seed, *shape) for seed in range(10, 30) for shape in
        ((1024, 8, 4, 0, 1), (512, 8, 4, 2, 1), (2048, 6, 8, 1, 1), (4096, 16, 4, 3, 11))]

# operations, seed, bytes of a page, pages, granule, whether sizes are aligned to a power of two
INSTALL_CASES = [
    (600, 1, 512, 24, 512, 0),
    (300, 2, 512, 24, 16, 0),
    (300, 3, 512, 40, 512, 1),
    (300, 4, 256, 60, 64, 0),
    (300, 5, 512, 12, 16, 0),
    (200, 6, 4096, 10, 4096, 0),
    (200, 7, 2048, 10, 16, 1),
]
INSTALL_LONG = [(600, seed, *case[2:]) for seed in range(10, 40) for case in INSTALL_CASES]


def build(name, libraries):
    """The test program tests/power/<name>.c, with the files of lib/ that the patterns name."""
    os.makedirs(OUT, exist_ok=True)
    program = os.path.join(OUT, name)
    sources = [os.path.join(ROOT, "tests/power", name + ".c"), os.path.join(ROOT, "tests/flash_model/flash_model.c")]
    for pattern in libraries:
        sources += sorted(glob.glob(os.path.join(ROOT, "lib", pattern)))
    done = subprocess.run(["gcc", *FLAGS, *("-I" + os.path.join(ROOT, d) for d in INCLUDE), *sources, "-o", program],
                          capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return program


def main(arguments):
    """Runs all cases."""
    long = "--long" in arguments
    store = build("power_cut", ("storage_rights.c", "kv*.c"))
    install = build("install_cut", ("app_region.c", "app_store*.c", "tbf.c", "bytes.c", "crc32.c"))
    work = [(store, case) for case in CASES + (LONG if long else [])]
    work += [(install, case) for case in INSTALL_CASES + (INSTALL_LONG if long else [])]
    cuts = losses = 0
    for program, case in work:
        done = subprocess.run([program, *map(str, case)], capture_output=True, text=True, timeout=LIMIT_S,
                              check=False)
        counted = re.search(r"cuts made (\d+), recoveries \d+, losses found (\d+)", done.stdout)
        if done.returncode or not counted:
            print(f"{os.path.basename(program)} {' '.join(map(str, case))}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
            losses += 1
        if counted:
            cuts, losses = cuts + int(counted[1]), losses + int(counted[2])
    print(f"tests/power: cuts made {cuts}, losses found {losses}")
    return 1 if losses or not cuts else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
