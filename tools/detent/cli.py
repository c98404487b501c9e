# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The command line: finds the verb, runs it, and turns every failure into one line."""
import importlib
import os
import sys

from .console import printable
from .errors import EXIT_FAILURE, EXIT_OK, EXIT_USAGE, ToolError, UsageError
from .version import version

VERBS = {
    "pack": "make TBF files and a TAB bundle from an application's ELF files",
    "pic": "make a linked RISC-V application position independent",
    "sign": "add hashes and signatures to a TBF or a TAB",
    "keys": "show keys, and write a board's trust set",
    "image": "place TBF files and TABs in one image of a board's application flash",
    "install": "put applications into an image or onto a running device",
    "uninstall": "take applications out of an image or off a running device",
    "list": "show the applications of an image or of a running device",
    "enable": "have the kernel run applications of an image or a device",
    "disable": "have the kernel skip applications of an image or a device",
    "run": "boot a kernel in QEMU, show its console, check what it prints",
    "debug": "boot a kernel in QEMU under gdb, with the symbols of kernel and applications",
    "new": "make the folder of a new application, capsule or board",
    "inspect": "show what is in a TBF, TAB, kernel ELF or image",
    "monitor": "show the console of a board on a serial port or a socket",
    "explain": "say what the last fault was, from the record that the kernel keeps",
    "memory": "draw the flash and RAM of a board with its applications",
    "storage": "show, check or make an image of the key-value store",
    "trace": "turn a recorded trace into a file that Perfetto opens",
    "boards": "list the boards",
}


def usage():
    """The text of `detent --help`."""
    lines = ["usage: detent VERB [OPTION]... (detent VERB --help for its options and examples)", ""]
    lines += [f"  {name:<9}  {text}" for name, text in VERBS.items()]
    lines += ["", "  --version   print the version", "  --help      print this text", "",
              "exit code: 0 done, 1 failed, 2 wrong command line"]
    return "\n".join(lines)


def main(argv):
    """Runs the tool with the arguments `argv` (without the program's name); returns its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a character that the terminal's encoding lacks is no failure
            stream.reconfigure(errors="backslashreplace")
    try:
        return _dispatch(argv)
    except UsageError as error:
        _complain(error, EXIT_USAGE)
        print(usage(), file=sys.stderr)
        return EXIT_USAGE
    except ToolError as error:
        return _complain(error, EXIT_FAILURE)
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 128 + 2
    except BrokenPipeError:
        # The reader of our output went away (as in `detent inspect x | head`): not an error.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_FAILURE
    except (OSError, MemoryError) as error:
        return _complain(error, EXIT_FAILURE)


def _complain(text, code):
    print(f"detent: {printable(text)}", file=sys.stderr)
    return code


def _dispatch(argv):
    if not argv:
        raise UsageError("no verb given")
    verb = argv[0]
    if verb in ("-h", "--help", "help"):
        print(usage())
        return EXIT_OK
    if verb in ("-V", "--version"):
        print(f"detent {version()}")
        return EXIT_OK
    if verb not in VERBS:
        raise UsageError(f"unknown verb '{verb}'")
    module = importlib.import_module(f".verb_{verb}", __package__)
    result = module.main(argv[1:])
    sys.stdout.flush()
    return result
