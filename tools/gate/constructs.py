# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Rule 5: what C constructs a capsule may not use, from clang's syntax tree.

Its source and the headers in capsules/ are looked at. CONTAINER_OF, GRANT_STATE and null
constants are exempt: they are spelled by macros of lib/ and kernel/, so the expansion's
definition is not in the capsule.
"""

import json
import re
import subprocess

from .finding import Finding
from .handles import Handles

RAW_COPIES = {"memcpy", "memmove", "memset", "__builtin_memcpy", "__builtin_memmove",
              "__builtin_memset"}

CASTS = {"CStyleCastExpr", "ImplicitCastExpr"}

# Of attributes, none that moves, renames or runs what it stands on, or switches a check off.
ATTRIBUTES = {"CleanupAttr", "NoInlineAttr", "AlwaysInlineAttr", "WarnUnusedResultAttr",
              "C2xNoDiscardAttr", "UnusedAttr", "FormatAttr", "FallThroughAttr", "ColdAttr",
              "BuiltinAttr", "NoThrowAttr", "NonNullAttr", "ConstAttr", "PureAttr"}

# What the compiler defines itself, under names of its own, and may be used.
BUILTINS = {"__builtin_expect", "__builtin_unreachable", "__builtin_trap", "__builtin_clz",
            "__builtin_ctz", "__builtin_popcount", "__builtin_bswap16", "__builtin_bswap32"}

# They print what an argument points to: the compiler checks literals only.
FORMATTED = {"log_print", "format_text", "format_line"}


class Lint:
    def __init__(self, source):
        self.source = source
        self.findings = set()
        self.file = None
        self.line = 0
        self.place = None
        self.foreign_types = set()  # declarations of structs in headers of others
        self.declared = {}          # functions declared here: name -> line
        self.defined = set()
        self.function = None        # whose body this is
        self.handles = Handles()
        self.with_pointers = set()  # types that hold one, at any depth

    def report(self, reason):
        self.findings.add(Finding(f"{self.place}:{self.line}", 5, reason))

    def own(self, file):
        """Whether a file is the capsule's, or another capsule's header."""
        return file == self.source or (file or "").startswith("capsules/")

    # clang leaves out a file or line that is the same as the one before.
    def follow(self, location):
        if "expansionLoc" in location:
            spelling = location.get("spellingLoc", {})
            self.touch(spelling)
            spelled_in = self.file if spelling else None
            self.touch(location["expansionLoc"])
            return self.own(spelled_in)
        self.touch(location)
        return True

    def touch(self, location):
        if "file" in location:
            self.file = location["file"]
        if "line" in location:
            self.line = location["line"]

    def visit(self, node):
        own_text = True
        if node.get("loc"):
            own_text = self.follow(node["loc"])
        begin = node.get("range", {}).get("begin")
        if begin:
            own_text = self.follow(begin) and own_text
        end = node.get("range", {}).get("end")
        line = self.line
        if end:
            self.follow(end)
        here, self.place = self.own(self.file), self.file
        after, self.line = self.line, line
        if here and node.get("kind") == "VAArgExpr" and "*" in spelled(node):
            self.report("a pointer is taken from variable arguments")
        if here and own_text:
            self.inspect(node)
        elif not here and node.get("kind") == "RecordDecl":
            self.foreign_types.add(node.get("id"))
        if node.get("kind") == "RecordDecl":
            self.handles.learn(node)
        if node.get("kind") in ("RecordDecl", "TypedefDecl"):
            self.learn_pointers(node)
        self.line = after
        self.visit_inner(node)

    def has_pointer(self, node):
        words = re.findall(r"\w+", node["type"]["qualType"])
        return "*" in spelled(node) or bool(self.with_pointers.intersection(words))

    def learn_pointers(self, node):
        inner = node.get("inner", ()) if node["kind"] == "RecordDecl" else [node]
        if node.get("name") and any(self.has_pointer(part) for part in inner
                                    if part.get("kind") in ("FieldDecl", "TypedefDecl")):
            self.with_pointers.add(node["name"])

    def visit_inner(self, node):
        outer = self.function
        if node.get("kind") == "FunctionDecl":
            self.function = node.get("name")
        for child in node.get("inner", ()):
            if isinstance(child, dict) and child:
                self.visit(child)
        self.function = outer

    def inspect(self, node):
        kind = node.get("kind")
        wrong = self.handles.wrong_with(node, self.function)
        if wrong:
            self.report(wrong)
        if kind in CASTS:
            self.inspect_cast(node)
        elif kind in ("GCCAsmStmt", "MSAsmStmt", "FileScopeAsmDecl"):
            self.report("inline assembly")
        elif kind in ("VarDecl", "FieldDecl", "ParmVarDecl", "TypedefDecl"):
            if "volatile" in re.split(r"\W+", spelled(node)):
                self.report(f"'{node.get('name', '')}' is volatile: only chips touch registers")
            if kind == "VarDecl":
                self.inspect_variable(node)
        elif kind == "RecordDecl":
            self.inspect_record(node)
        elif kind == "FunctionDecl":
            self.inspect_function(node)
        elif kind == "AsmLabelAttr":
            self.report("an assembler name: what it calls is not what it says")
        elif kind.endswith("Attr") and kind not in ATTRIBUTES:
            self.report(f"the attribute {kind[:-len('Attr')]}")
        elif kind in ("AddrLabelExpr", "IndirectGotoStmt"):
            self.report("a jump to an address")
        elif kind == "CallExpr":
            self.inspect_call(node)
        elif kind == "DeclRefExpr":
            self.inspect_name(node.get("referencedDecl", {}).get("name", ""))

    def inspect_name(self, name):
        if name in RAW_COPIES:
            self.report(f"{name}: assign, or use lib/bytes.h")
        elif name.startswith("__") and name not in BUILTINS:
            self.report(f"{name}: the compiler's own, and nobody looked at what it does")

    def inspect_record(self, node):
        if node.get("tagUsed") == "union":
            self.inspect_union(node)
        if node.get("completeDefinition") and node.get("previousDecl") in self.foreign_types:
            self.report(f"it completes 'struct {node.get('name')}', which is not its own")

    def inspect_function(self, node):
        name = node.get("name")
        if any(part.get("kind") == "CompoundStmt" for part in node.get("inner", ())):
            self.defined.add(name)
        elif "isImplicit" not in node and self.place == self.source:
            self.declared.setdefault(name, self.line)

    def inspect_call(self, node):
        callee, *arguments = node.get("inner", [{}])
        if any("struct cap_" in argument.get("type", {}).get("qualType", "") and
               argument.get("castKind") == "NullToPointer" for argument in arguments):
            self.report(f"{named(callee)}: a null constant where a right is asked for")
        if named(callee) not in FORMATTED:
            return
        if not any(literal(argument) for argument in arguments):
            self.report(f"{named(callee)}: the format is no literal, so its arguments are unchecked")

    def finish(self):
        """What only the whole file tells."""
        for name, line in self.declared.items():
            if name not in self.defined:
                self.line, self.place = line, self.source
                self.report(f"it declares {name} itself: include the header")

    def inspect_cast(self, node):
        cast = node.get("castKind")
        if cast == "IntegralToPointer":
            self.report("an integer becomes a pointer")
        elif cast == "PointerToIntegral":
            self.report("a pointer becomes an integer")
        elif cast == "BitCast":
            self.inspect_bitcast(node)
        elif cast == "NoOp" and node["kind"] == "CStyleCastExpr":
            self.inspect_qualifiers(node)

    def inspect_bitcast(self, node):
        target = spelled(node)
        source = spelled(node["inner"][0]) if node.get("inner") else ""
        # A pointer that becomes void * to be passed on is harmless; the way back is not.
        if "*" in target and "void" in target.split("*")[0].split() and \
                node["kind"] == "ImplicitCastExpr":
            if source.count("*") > 1 and "const" not in target.split("*")[0].split():
                self.report(f"bytes are written over a pointer, '{source}'")
            return
        if "*" in target or "*" in source:
            self.report(f"a pointer is retyped from '{source}' to '{target}'")

    def inspect_qualifiers(self, node):
        target = spelled(node)
        source = spelled(node["inner"][0]) if node.get("inner") else ""
        if "*" in target and "const" in source.split() and "const" not in target.split():
            self.report(f"a cast drops const from '{source}'")

    def inspect_variable(self, node):
        static = node.get("storageClass") == "static"
        qualified = node["type"]["qualType"]
        if static and not qualified.startswith("const ") and "*const" not in qualified:
            self.report(f"'{node.get('name')}' is state outside the capsule's struct")

    def inspect_union(self, node):
        for field in node.get("inner", ()):
            if field.get("kind") == "RecordDecl":
                self.inspect_union(field)
            elif field.get("kind") == "FieldDecl" and self.has_pointer(field):
                self.report(f"a union holds a pointer, '{field.get('name')}'")


def spelled(node):
    """A type without the names that typedefs give it."""
    kind = node.get("type", {})
    return kind.get("desugaredQualType", kind.get("qualType", ""))


def named(node):
    """The function that a callee expression names."""
    while node.get("kind") in ("ImplicitCastExpr", "ParenExpr") and node.get("inner"):
        node = node["inner"][0]
    return node.get("referencedDecl", {}).get("name")


def literal(node):
    while node.get("kind") in ("ImplicitCastExpr", "ParenExpr") and node.get("inner"):
        node = node["inner"][0]
    return node.get("kind") == "StringLiteral"


def check_constructs(clang, source, flags):
    command = [clang, "-fsyntax-only", "-Xclang", "-ast-dump=json", *flags, source]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        yield Finding(source, 5, "clang cannot read it: " + done.stderr.strip().split("\n")[0])
        return
    lint = Lint(source)
    tree = json.loads(done.stdout)
    for node in tree.get("inner", ()):
        lint.visit(node)
    lint.finish()
    yield from sorted(lint.findings)
