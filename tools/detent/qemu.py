# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The QEMU command line of a board, and starting and ending QEMU so that none is left behind."""
import ctypes
import os
import re
import shutil
import signal
import subprocess

from .errors import ToolError

_PR_SET_PDEATHSIG = 1  # prctl(2)
_LIBC = ctypes.CDLL(None)
# First version with ratified Smepmp; before it the draft under its old name.
_SMEPMP_SINCE = (8, 2)


def command(board, kernel, image, options):
    """The argument list. `options`: smepmp, icount, gdb (port or None), qemu_arg, serial, live,
    log, flash (a file or None; made where there is none)."""
    binary = board.qemu("binary")
    if not binary:
        raise ToolError(f"{board.name} has no QEMU machine; flash it as boards/{board.name}/README.md says")
    require(board)
    out = [binary, "-machine", board.qemu("machine"), "-display", "none"]
    out += _cpu(board, options.smepmp)
    out += board.qemu_arguments
    out += [board.qemu("kernel"), kernel]
    if image:
        # QEMU splits this option at commas; a comma in the name is doubled.
        name = image.replace(",", ",,")
        out += ["-device", f"loader,file={name},addr={board.app_start:#x},force-raw=on"]
    out += _console(options)
    spare = board.serials - 1
    if len(options.serial) > spare:
        raise ToolError(f"{board.name} has {spare} serial ports beside the console; "
                        f"{len(options.serial)} --serial were given")
    for device in options.serial:
        out += ["-serial", device]
    if options.flash:
        _keep_flash(board, options.flash)
        out += ["-drive", f"{board.qemu('flash')},file={os.path.abspath(options.flash).replace(',', ',,')}"]
    if options.icount:
        out += ["-icount", "shift=0,sleep=off"]
    if options.gdb:
        out += ["-gdb", f"tcp:127.0.0.1:{options.gdb}", "-S"]
    return out + [part for words in options.qemu_arg for part in words]


def _keep_flash(board, path):
    """The file is there and as large as the flash: QEMU's own word for the rest is hard to read."""
    if not board.flash_size:
        raise ToolError(f"{board.name} has no flash that a file could keep; leave --flash out")
    try:
        with open(path, "ab") as stream:
            size = stream.tell()
            if size == 0:
                stream.truncate(board.flash_size)
    except OSError as error:
        raise ToolError(f"{path}: {error.strerror}") from None
    if size not in (0, board.flash_size):
        raise ToolError(f"{path}: {size} bytes, but the flash of {board.name} has {board.flash_size}; "
                        "give another file, or a new name to begin with an empty one")


def _console(options):
    if getattr(options, "console", None):
        return ["-monitor", "none", "-serial", options.console]
    if not options.live:
        return ["-monitor", "none", "-serial", "stdio"]
    log = ",logfile=" + options.log.replace(",", ",,") if options.log else ""
    return ["-chardev", "stdio,id=console,mux=on,signal=off" + log,
            "-serial", "chardev:console", "-mon", "chardev=console"]


def _cpu(board, smepmp):
    cpu = board.qemu("cpu")
    if board.qemu("smepmp") != "yes":
        if smepmp == "on":
            raise ToolError(f"{board.name} has no Smepmp; leave --smepmp out")
        return ["-cpu", cpu] if cpu else []
    if smepmp == "off":
        return ["-cpu", cpu]
    if version(board.qemu("binary")) < _SMEPMP_SINCE:
        return ["-cpu", cpu + ",x-epmp=true"]
    return ["-cpu", cpu, "-global", "driver=riscv-cpu,property=smepmp,value=true"]


def require(board):
    """Raises ToolError where the installed QEMU is too old to model the board."""
    if board.qemu_since == (0, 0):
        return
    found = version(board.qemu("binary"))
    if found < board.qemu_since:
        raise ToolError("{0} needs QEMU {2}.{3} or later; {1} is {4}.{5}; boards/{0}/README.md says where to get it"
                        .format(board.name, board.qemu("binary"), *board.qemu_since, *found))


def version(binary):
    """(major, minor) of an installed QEMU."""
    find(binary)
    try:
        text = subprocess.run([binary, "--version"], stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=30, check=False).stdout.decode("utf-8", "replace")
    except (OSError, subprocess.SubprocessError) as error:
        raise ToolError(f"{binary} does not start: {error}") from None
    match = re.search(r"version (\d+)\.(\d+)", text)
    if not match:
        raise ToolError(f"{binary} --version printed no version; is it QEMU?")
    return int(match[1]), int(match[2])


def find(binary):
    """Raises ToolError where QEMU is not installed."""
    if not shutil.which(binary):
        raise ToolError(f"{binary} is not installed; run make/setup.sh run")


def _die_with_parent():
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def start(arguments, **streams):
    """Starts QEMU; it is killed with this process, however that ends."""
    find(arguments[0])
    try:
        return subprocess.Popen(arguments, preexec_fn=_die_with_parent, **streams)
    except OSError as error:
        raise ToolError(f"{arguments[0]} does not start: {error.strerror}") from None


def kill(process):
    """Ends QEMU at once. SIGKILL, because with -icount an idle QEMU does not react to SIGTERM."""
    if process.poll() is None:
        process.kill()
    process.wait()
