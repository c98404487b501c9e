#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What checking an application costs: `make bench` calls it after tests/bench/bench.py.

    tests/bench/credentials.py [--json FILE]

The same application of 64 KiB is started by a kernel that checks its signature and by one that does not; the
difference of the times at which it starts is the check, in counted instructions (QEMU, one instruction a
nanosecond). The alarm's clock makes that exact to 640 instructions on Arm and to 100 on RISC-V. Bytes are those
of the sections of both kernels.
"""
import argparse
import json
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [os.path.join(ROOT, "tests"), os.path.join(ROOT, "tools")]

from lib import columns, images, signing  # noqa: E402
from detent import tbf  # noqa: E402
from detent.elf import Elf  # noqa: E402
from detent.files import read_file  # noqa: E402
from detent.tbf_read import Tbf  # noqa: E402

BOARDS = (("rv32", "qemu-rv32-virt/smepmp"), ("v7-M", "mps2-an386"))
SIGNERS = (("ECDSA P-256", "release"), ("RSA-4096", "vendor"), ("Ed25519", "edwards"))
SIZE = 65536
LIMIT_S = 120
# What a check by ECDSA P-256 may cost, instructions.
LIMITS = {"rv32": 30_000_000, "v7-M": 20_000_000}
CODE = (".text", ".text.capsules", ".text.kernel_private", ".text.others", ".rodata")
RAM = (".data", ".bss", ".noinit")


def application(column, signer):
    """`uptime` with a binary of 64 KiB, signed."""
    data = images.binary(column, "uptime", 0)
    bare = data[:Tbf(data).binary_end]
    bare += bytes(SIZE - len(bare))
    bare = images.patched(bare, images.tlv(bare, tbf.TLV_PROGRAM) + 12, "I", SIZE)
    bare = images.signed(images.patched(bare, 4, "I", len(bare)))
    return signing.sign(signing.roomy(column, bare, 2560), [signing.key(signer)])


def start_ns(column, kernel, image):
    """When the application starts, in nanoseconds of the emulated clock."""
    command = [os.path.join(ROOT, "detent"), "run", "--board", column.board, "--kernel", kernel, "--image", image,
               "--icount", "--until", "started after .*Hz", "--timeout", str(LIMIT_S), "--for", str(LIMIT_S)]
    done = subprocess.run(command + column.options, capture_output=True, text=True, timeout=LIMIT_S * 2, check=False)
    found = re.search(r"started after (\d+) ticks at (\d+) Hz", done.stdout)
    if not found:
        sys.exit(f"bench: the application did not start on {column.name}: {done.stdout[-300:]}{done.stderr[-300:]}")
    return int(found[1]) * 1_000_000_000 // int(found[2])


def bytes_of(kernel, names):
    """Bytes of some sections of a kernel."""
    sizes = {section.name: section.size for section in Elf(read_file(kernel), kernel).sections}
    return sum(sizes.get(name, 0) for name in names)


def measure(column):
    """The figures of one board."""
    plain = os.path.join(ROOT, "build", column.board, "kernel.elf")
    checking = signing.path_of(column.board, "keys")
    subprocess.run(signing.make_arguments(column.board, "keys") + ["-s"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["make", "-s", "--no-print-directory", f"BOARD={column.board}", f"build/{column.board}/kernel.elf",
                    "build/apps/uptime/uptime.tab"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    out = {}
    for title, signer in SIGNERS:
        image = os.path.join(ROOT, "build", f"bench-{column.board}-{signer}.bin")
        with open(image, "wb") as stream:
            stream.write(application(column, signer))
        out[f"check of 64 KiB, {title}"] = start_ns(column, checking, image) - start_ns(column, plain, image)
    out["kernel's code and constants, more"] = bytes_of(checking, CODE) - bytes_of(plain, CODE)
    out["kernel's static RAM, more"] = bytes_of(checking, RAM) - bytes_of(plain, RAM)
    helper = Tbf(read_file(os.path.join(os.path.dirname(checking), "helper.tbf")))
    out["verifier's binary"] = helper.binary_end
    out["verifier's RAM, while it checks"] = helper.minimum_ram
    return out


def main():
    """Exit code 1 where a check costs more than its limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", metavar="FILE")
    options = parser.parse_args()
    results = {name: measure(columns.load([board])[0]) for name, board in BOARDS}
    names = list(results)
    print(f"{'':42}" + "".join(f"{name:>12}" for name in names))
    for key in results[names[0]]:
        unit = "instructions" if key.startswith("check") else "bytes"
        print(f"{key:42}" + "".join(f"{results[name][key]:>12}" for name in names) + f"  {unit}")
    if options.json:
        with open(options.json, "w", encoding="utf-8") as stream:
            json.dump(results, stream, indent=2)
    wrong = [name for name in names if results[name]["check of 64 KiB, ECDSA P-256"] > LIMITS[name]]
    for name in wrong:
        print(f"{name}: the check by ECDSA P-256 is over its limit of {LIMITS[name]} instructions")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
