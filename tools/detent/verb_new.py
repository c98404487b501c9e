# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`detent new`: the folder of a new application, capsule or board, inside this repository or outside."""
import os
import re

from . import ROOT, board
from .args import Parser, number
from .errors import EXIT_OK, ToolError
from .files import read_file, write_file

EXAMPLES = [
    "detent new app blinky                  (./blinky, or apps/blinky inside the repository)",
    "detent new board my_board --like mps2-an386",
    "cd my_board && detent new capsule counter --driver 0x80000001",
]
DESCRIPTION = """Makes files that build and run as they are, and says what to do next."""
TEMPLATES = os.path.join(os.path.dirname(os.path.realpath(__file__)), "templates")
_KINDS = {"app": r"[a-z][a-z0-9_]*", "capsule": r"[a-z][a-z0-9_]*", "board": r"[a-z][a-z0-9_-]*"}
_LONGEST = 40
# From here on numbers are for drivers outside of Tock's list (Tock, doc/syscalls/README.md).
_PRIVATE_DRIVER = 0x80000001


def main(argv):
    """Runs the verb."""
    parser = Parser("new", DESCRIPTION, EXAMPLES)
    parser.add_argument("kind", choices=sorted(_KINDS))
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("--in", dest="folder", metavar="FOLDER",
                        help="make it there; default: the repository's folder for it, or the working folder")
    parser.add_argument("--like", default="qemu-rv32-minimal", metavar="BOARD", help="what a board is copied from")
    parser.add_argument("--driver", type=number(32), default=_PRIVATE_DRIVER, metavar="NUMBER",
                        help=f"a capsule's driver number; default {_PRIVATE_DRIVER:#x}")
    options = parser.parse_args(argv)
    if not re.fullmatch(_KINDS[options.kind], options.name) or len(options.name) > _LONGEST:
        raise ToolError(f"'{options.name}' cannot be its name: small letters, digits and _ "
                        f"{'or - ' if options.kind == 'board' else ''}with a letter first, at most {_LONGEST}")
    print({"app": _app, "capsule": _capsule, "board": _board}[options.kind](options))
    return EXIT_OK


def _inside(folder):
    return os.path.realpath(folder).startswith(ROOT + os.sep) or os.path.realpath(folder) == ROOT


def _destination(options, default):
    if options.folder:
        parent = options.folder
    else:
        parent = os.path.join(ROOT, default) if _inside(os.getcwd()) else os.getcwd()
    if not os.path.isdir(parent):
        raise ToolError(f"{parent}: no such folder; make it first")
    folder = os.path.realpath(os.path.join(parent, options.name))
    if " " in folder:
        raise ToolError(f"{folder}: make cannot handle a path with a space; choose another folder")
    if os.path.exists(folder):
        raise ToolError(f"{folder} is there already; choose another name")
    return folder


def _fill(text, values):
    for key, value in values.items():
        text = text.replace(f"@{key}@", value)
    return text


def _values(options, folder):
    upper = options.name.upper()
    return {"NAME": options.name, "IDENT": options.name, "UPPER": upper, "NUMBER": f"{options.driver:#x}",
            "DETENT": os.path.relpath(ROOT, folder) if _inside(folder) else ROOT,
            "BUILD": os.path.join(ROOT, "build") if _inside(folder) else "${workspaceFolder}/build",
            "KERNELS": os.path.join(ROOT, "build"),
            "LIKE": options.like}


def _template(name, path, values):
    if os.path.exists(path):
        raise ToolError(f"{path} is there already; choose another name")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    text = read_file(os.path.join(TEMPLATES, name)).decode()
    write_file(path, _fill(text, values).encode())


def _editor(kind, folder, values):
    source = os.path.join(TEMPLATES, kind, "vscode")
    for name in sorted(os.listdir(source)):
        _template(f"{kind}/vscode/{name}", os.path.join(folder, ".vscode", name), values)
    if not _inside(folder):
        write_file(os.path.join(folder, ".gitignore"), b"/build/\n/compile_commands.json\n")


def _shown(folder):
    return os.path.relpath(folder)


def _app(options):
    folder = _destination(options, "apps")
    values = _values(options, folder)
    for name in ("Makefile", "main.c", "test/test.c"):
        _template("app/" + name, os.path.join(folder, name), values)
    _editor("app", folder, values)
    return f"made {_shown(folder)}\n  cd {_shown(folder)}\n  make run      boots it in QEMU\n" \
           "  make test     runs test/test.c on this computer"


def _board(options):
    model = board.load(options.like)
    folder = _destination(options, "boards")
    values = _values(options, folder)
    os.makedirs(folder)
    for name in sorted(os.listdir(model.folder)):
        if name.endswith((".c", ".mk", ".ld", ".ini")):
            text = read_file(os.path.join(model.folder, name)).decode()
            write_file(os.path.join(folder, name), _own_words(name, text, model.name, options.name).encode())
    _template("board/README.md", os.path.join(folder, "README.md"), values)
    if _inside(folder):
        return f"made {_shown(folder)}\n  make BOARD={options.name} run"
    _template("board/Makefile", os.path.join(folder, "Makefile"), values)
    _editor("board", folder, values)
    return f"made {_shown(folder)}\n  cd {_shown(folder)}\n  make run APPS=.../hello.tab"


def _own_words(name, text, old, new):
    """A file of the model as one of the new board."""
    text = text.replace(old, new)
    if name == "board.ini":
        text = re.sub(r"(?m)^description = .*$", f"description = {new}, made from {old}", text)
        # How the project tests and measures the model is no business of a copy.
        text = re.sub(r"(?ms)^\[(bench|test)\]\n.*?(?=^\[|\Z)", "", text).rstrip() + "\n"
    return text


def _capsule(options):
    here = os.path.realpath(options.folder or os.getcwd())
    values = _values(options, here)
    if os.path.isfile(os.path.join(here, "board.mk")) and not _inside(here):
        return _board_capsule(options, here, values)
    if not _inside(here):
        raise ToolError(f"{here}: no board; go to a board's folder (detent new board makes one) or to Detent's repository")
    values["GUARD"] = f"CAPSULES_{values['UPPER']}_H"
    values["HEADER"] = f"capsules/{options.name}.h"
    _template("capsule.h", os.path.join(ROOT, "capsules", "include", "capsules", options.name + ".h"), values)
    _template("capsule.c", os.path.join(ROOT, "capsules", "src", options.name + ".c"), values)
    _template("capsule_test.c", os.path.join(ROOT, "tests", "unit", f"capsule_{options.name}.c"), values)
    return f"made capsules/src/{options.name}.c, its header and tests/unit/capsule_{options.name}.c\n" \
           f"  CAPSULES += {options.name}      in the board's board.mk\n" + _wiring(values)


def _board_capsule(options, folder, values):
    values["GUARD"] = f"{values['UPPER']}_H"
    values["HEADER"] = f"{options.name}.h"
    for suffix in (".h", ".c"):
        _template("capsule" + suffix, os.path.join(folder, "capsules", options.name + suffix), values)
    path = os.path.join(folder, "board.mk")
    write_file(path, read_file(path).rstrip() + f"\nBOARD_CAPSULES += {options.name}\n".encode())
    return f"made {_shown(os.path.join(folder, 'capsules', options.name))}.c and .h; board.mk names it\n" + _wiring(values)


def _wiring(values):
    name = values["NAME"]
    return f"in board.c:\n  #include \"{values['HEADER']}\"\n  static struct {name} {name};\n" \
           f"  {{DRIVER_{values['UPPER']}, &{name}.driver}},      in the table of drivers, in the order of the numbers\n" \
           f"  {name}_init(&{name});      in board_main()"
