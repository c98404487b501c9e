# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Argument parsing that the verbs share."""
import argparse
import shlex

from .errors import EXIT_USAGE


class Parser(argparse.ArgumentParser):
    """A parser whose errors are short and whose help keeps the examples' layout."""

    def __init__(self, verb, description, examples):
        super().__init__(prog=f"detent {verb}", description=description, allow_abbrev=False,
                         epilog="examples:\n" + "\n".join("  " + e for e in examples),
                         formatter_class=argparse.RawDescriptionHelpFormatter)

    def error(self, message):
        self.exit(EXIT_USAGE, f"{self.prog}: {message}; see {self.prog} --help\n")


def number(bits):
    """An argparse type: an unsigned number of `bits` bits, decimal or 0x hexadecimal."""
    def parse(text):
        value = int(text, 0) if text.lower().startswith("0x") else int(text, 10)
        if not 0 <= value < 1 << bits:
            raise argparse.ArgumentTypeError(f"{text} does not fit {bits} bits")
        return value
    parse.__name__ = f"{bits}-bit number"
    return parse


def words(text):
    """An argparse type: a list of words, quoted as in a shell."""
    try:
        return shlex.split(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text}: {error}") from None


def seconds(text):
    """An argparse type: a positive time in seconds."""
    value = float(text)
    if not 0 < value < 1e7:
        raise argparse.ArgumentTypeError(f"{text} is not a time in seconds")
    return value
