#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Compares `detent pack` with an installed elf2tab over all sample cases, and prints the digests.

    tests/tools/compare_elf2tab.py PATH-OF-ELF2TAB

Not part of `make test`, which has no elf2tab: it was run to get the digests in test_pack.py.
"""
import hashlib
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, HERE)

import samples  # noqa: E402

DETENT = os.path.join(HERE, "..", "..", "detent")


def pack(command, arch, elf, options):
    """(TBF bytes, TAB bytes) or (None, None) where the packer refuses."""
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, arch + ".elf"), "wb") as stream:
            stream.write(elf)
        done = subprocess.run(command + ["--deterministic", "-o", "out.tab", arch + ".elf"] + options,
                              cwd=folder, capture_output=True, check=False)
        if done.returncode:
            return None, None
        return tuple(open(os.path.join(folder, n), "rb").read() for n in (arch + ".tbf", "out.tab"))


def main():
    """Exit code 1 where any case differs."""
    different = 0
    for name, arch, elf, options in samples.CASES:
        ours = pack([DETENT, "pack"], arch, elf, options)
        theirs = pack([sys.argv[1]], arch, elf, options)
        same = ours == theirs and ours[0] is not None
        different += not same
        digests = [hashlib.sha256(part or b"").hexdigest()[:32] for part in ours]
        print(f'    "{name}": ("{digests[0]}", "{digests[1]}"),{"" if same else "  # DIFFERENT"}')
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
