# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Text for a terminal. What came out of a file or from a device must not steer the terminal that shows it."""
import sys


def printable(text):
    """`text` with all that is no visible character or space (controls, escapes, what reverses the
    direction, halves of characters) as backslash escapes."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in str(text))


def show_lines(lines):
    """Prints each of the `lines` as one line."""
    for line in lines:
        print(printable(line))


def warn(text):
    """A remark, to standard error."""
    print(f"detent: warning: {printable(text)}", file=sys.stderr)
