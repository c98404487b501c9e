# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A driver's handle, for rule 5: what its members mean to the kernel.

The kernel finds the grants of a driver by `index` and lays them out by `type`. A capsule that
changed either would reach another's grants, so it makes its handle in its `_init` function, which
the board calls before the kernel numbers the drivers, and never touches it again.
"""

HANDLE = "driver"


def bare(node):
    """The name of the struct that an expression is or points to; "" for other types."""
    kind = node.get("type", {})
    words = kind.get("desugaredQualType", kind.get("qualType", "")).replace("*", " ").split()
    words = [word for word in words if word not in ("const", "restrict")]
    return words[1] if len(words) == 2 and words[0] == "struct" else ""


class Handles:
    """Which structs hold a handle, and what is wrong with an expression."""

    def __init__(self):
        self.holders = {HANDLE}

    def learn(self, record):
        """A struct's declaration, wherever it stands: outer ones come after inner ones."""
        for field in record.get("inner", ()):
            if field.get("kind") == "FieldDecl" and "*" not in field["type"]["qualType"] and \
                    bare(field) in self.holders:
                self.holders.add(record.get("name"))

    def wrong_with(self, node, function):
        """The reason why a capsule's function may not say this; None: it may."""
        in_init = (function or "").endswith("_init")
        kind = node.get("kind")
        if kind == "MemberExpr" and node.get("inner") and bare(node["inner"][0]) == HANDLE:
            if node.get("name") == "index":
                return "it touches a driver's index, which is the kernel's"
            return None if in_init else self._late()
        if kind == "InitListExpr" and bare(node) == HANDLE:
            given = [part.get("kind") != "ImplicitValueInitExpr" for part in node.get("inner", ())]
            if any(given[1:]):
                return "it makes a driver's handle with an index, which is the kernel's"
            return None if in_init else self._late()
        if kind == "BinaryOperator" and node.get("opcode") == "=" and bare(node) in self.holders and \
                "*" not in node["type"]["qualType"] and not in_init:
            return self._late()
        return None

    @staticmethod
    def _late():
        return "a driver's handle is made in the capsule's _init function and stays as it is"
