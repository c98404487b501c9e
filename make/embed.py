#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Takes one binary out of a TAB, grown to what protection regions need: embed.py TAB ARCH ALIGN OUT."""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "tools"))

from detent import tab  # noqa: E402
from detent.files import read_file  # noqa: E402
from detent.tbf_read import Tbf, grow  # noqa: E402


def main():
    """Exit code 0, or a line that says what is wrong."""
    path, arch, align, out = sys.argv[1:]
    found = [data for name, data in tab.Tab(read_file(path), path).binaries if name == arch]
    if not found:
        sys.exit(f"make/embed.py: {path} has no binary {arch}")
    data, size = found[0], len(found[0]) + -len(found[0]) % int(align)
    with open(out, "wb") as stream:
        stream.write(data if size == len(data) else grow(Tbf(data), size))


main()
