# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The version: the file VERSION at the root of the tree, the same that the kernel is built with."""
import os

from . import ROOT


def version():
    """The version's text, or `unknown` outside a complete tree."""
    try:
        with open(os.path.join(ROOT, "VERSION"), encoding="ascii") as stream:
            return stream.read().strip() or "unknown"
    except (OSError, UnicodeDecodeError):
        return "unknown"
