# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Rule 5: a capsule's text is the same for every compiler.

The constructs are looked for with clang, and gcc may be what compiles the kernel: code that only one
of them sees would be looked at by nobody. So there is no conditional compilation in capsules, but
for the guards of headers and for names that the header itself defines next.
"""

import re
from pathlib import Path

from .finding import Finding

PLAIN = {"include", "define", "undef"}
DIRECTIVE = re.compile(r"^[ \t]*(?:#|%:|\?\?=)[ \t]*(\w*)[ \t]*(\w*)", re.M)
COMMENT = re.compile(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|//[^\n]*|/\*.*?\*/', re.S)
OWN_NAME = re.compile(r"[A-Z][A-Z0-9_]*$")  # none that a compiler defines
PRAGMA = re.compile(r"\b_Pragma\b")


def without_comments(text):
    """The same text on the same lines, comments replaced by blanks."""
    text = re.sub(r"(?:\\|\?\?/)\n", "  \n", text)  # spliced lines: only their ends matter here

    def blank(match):
        found = match.group(0)
        return found if found[0] in "\"'" else " " + re.sub(r"[^\n]", "", found)
    return COMMENT.sub(blank, text)


def check_directives(path):
    """Findings of one source or header."""
    original = Path(path).read_text(encoding="utf-8")
    spliced = re.search(r"(?:#|%:|\?\?=)[ \t]*\w*(?:\\|\?\?/)\n", original)
    if spliced:
        yield Finding(f"{path}:{line_of(original, spliced)}", 5, "a directive is split over two lines")
    text = without_comments(original)
    guards = 0
    found = list(DIRECTIVE.finditer(text))
    for directive, following in zip(found, found[1:] + [None]):
        word, name = directive.groups()
        if word in PLAIN:
            continue
        if word == "ifndef" and OWN_NAME.match(name) and following is not None and \
                following.groups() == ("define", name):
            guards += 1
        elif word == "endif" and guards > 0:
            guards -= 1
        else:
            yield Finding(f"{path}:{line_of(text, directive)}", 5,
                          f"#{word}: a capsule is the same text for every compiler")
    for use in PRAGMA.finditer(text):
        yield Finding(f"{path}:{line_of(text, use)}", 5,
                      "_Pragma: a capsule is the same text for every compiler")


def line_of(text, match):
    """Of the first character that is not blank."""
    start = match.start() + len(match.group(0)) - len(match.group(0).lstrip())
    return text.count("\n", 0, start) + 1
