# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Tests of the build: it is reproducible, and flags append and cannot be lost."""
import filecmp
import os
import shutil
import struct
import sys

from . import ROOT, columns
from .jobs import Failed, Job

sys.path.insert(0, os.path.join(ROOT, "tools"))

from detent import board as boards  # noqa: E402

BOARD = "qemu-rv32-virt"
# No product of a build, nothing that is not in a clean clone.
NOT_COPIED = shutil.ignore_patterns("build", ".git", "__pycache__")


def jobs():
    """One job a property."""
    return [
        Job("build-reproducible", "host", _reproducible, limit_s=900),
        Job("build-flags-append", "host", _flags_append),
        Job("build-flags-lost", "host", _flags_lost),
        Job("build-flags-forbidden", "host", _flags_forbidden),
        Job("build-wrong-board", "host", _wrong_board),
        Job("build-test-boards", "host", _test_boards),
        Job("build-kernel-attributes", "host", _kernel_attributes),
    ]


def _make(*arguments):
    return ["make", "--no-print-directory"] + list(arguments)


def _products(folder):
    """The kernel of every board, and every TAB, in the build folder of a copy."""
    found = []
    for here, _, names in os.walk(os.path.join(folder, "build")):
        found += [os.path.relpath(os.path.join(here, name), folder) for name in names
                  if name in ("kernel.elf", "kernel.bin") or name.endswith(".tab")]
    return sorted(found)


def _reproducible(log):
    """Two copies in folders whose names differ in length too."""
    boards = sorted(os.path.basename(os.path.dirname(p)) for p in _board_makefiles())
    targets = [f"build/{board}/kernel.elf" for board in boards] + ["build/apps/hello/hello.tab"]
    copies = [os.path.join(log.folder, "a"), os.path.join(log.folder, "another", "folder")]
    shutil.rmtree(log.folder, ignore_errors=True)
    for source, copy in zip((ROOT, copies[0]), copies):
        shutil.copytree(source, copy, ignore=NOT_COPIED, symlinks=True)
    for copy in copies:
        log.run(_make(*targets), cwd=copy)
    first = _products(copies[0])
    if len(first) < len(targets) or first != _products(copies[1]):
        raise Failed("the two builds did not make the same files")
    for name in first:
        if not filecmp.cmp(os.path.join(copies[0], name), os.path.join(copies[1], name), shallow=False):
            raise Failed(f"{name} differs between two folders")
        log.write(f"same: {name}\n")
    shutil.rmtree(log.folder)


def _board_makefiles():
    folder = os.path.join(ROOT, "boards")
    paths = [os.path.join(folder, name, "board.mk") for name in os.listdir(folder)]
    return [path for path in paths if os.path.isfile(path)]


def _object(log):
    """BUILD= and one object file in it: what a test of the flags compiles."""
    build = os.path.relpath(log.folder, ROOT)
    shutil.rmtree(log.folder, ignore_errors=True)
    return [f"BUILD={build}", f"BOARD={BOARD}", f"{build}/{BOARD}/obj/lib/ring.c.o"]


def _flags_append(log):
    log.run(_make(*_object(log), "V=1", "CFLAGS=-DUSERS_OWN=1", "CPPFLAGS=-DUSERS_TOO"))
    text = log.text()
    for flag in ("-std=c11", "-ffreestanding", "-fno-common", "-Wconversion", "-Werror", "-Os",
                 "-DUSERS_OWN=1", "-DUSERS_TOO"):
        if not any(flag in line.split() and "-c" in line.split() for line in text.splitlines()[1:]):
            raise Failed(f"{flag} is not among the flags of the compiler")


def _expect_error(log, arguments, *parts):
    code = log.run(_make(*arguments), expect=None)
    errors = [line for line in log.text().splitlines() if "***" in line]
    if code != 2 or not any(all(part in line for part in parts) for line in errors):
        raise Failed(f"make ended with {code} and no line that says {' and '.join(parts)}")


def _flags_lost(log):
    for flags in ("KERNEL_FLAGS=-O2", "KERNEL_FLAGS=-std=c11 -ffreestanding"):
        _expect_error(log, _object(log) + [flags], "lost the required", "-fno-common", "CFLAGS")


def _flags_forbidden(log):
    for flag in ("-w", "-O0", "-fcommon", "-flto", "-std=gnu11", "-fpie"):
        _expect_error(log, _object(log) + [f"CFLAGS={flag}"], "CFLAGS must not contain", flag)


def _kernel_attributes(log):
    """What tockloader reads at the end of the kernel's flash."""
    for board, arch in ((BOARD, "riscv"), ("mps2-an386", "arm")):
        log.run(_make(f"BOARD={board}", f"build/{board}/kernel.elf"))
        with open(os.path.join(ROOT, "build", board, "kernel.bin"), "rb") as stream:
            image = stream.read()
        target = boards.load(board)
        ram, ram_length, ram_type, _, flash, flash_length, flash_type, _, *version, mark = struct.unpack(
            "<IIHHIIHH6H8s", image[-44:])
        if mark != b"\0\0\0\1TOCK" or (ram_type, flash_type, version[4]) != (0x101, 0x102, 0x103):
            raise Failed(f"the attributes of the {arch} kernel are {image[-44:].hex()}")
        if (flash_length != len(image) or flash + flash_length != target.app_start or
                not target.ram_start < ram or ram + ram_length != target.ram_start + target.ram_size):
            raise Failed(f"{arch}: kernel {flash:#x}+{flash_length:#x}, RAM {ram:#x}+{ram_length:#x}")


def _test_boards(log):
    """BOARDS= chooses what is tested, whatever board is the default one."""
    for board in sorted({column.board for column in columns.load()} - {BOARD}):
        log.run(_make("test-list", f"BOARDS={board}", "TESTS=boot-hello"))
        if f"{board} " not in log.text() and f"{board}/" not in log.text():
            raise Failed(f"BOARDS={board} lists no test of it")


def _wrong_board(log):
    _expect_error(log, ["BOARD=nonsense"], "no board 'nonsense'", BOARD)
