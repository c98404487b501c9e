# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Reading and writing whole files, with one-line errors."""
import os
import stat
import tempfile

from .errors import ToolError

# No file this tool reads is larger; a bigger one is foreign (a disk image, a core dump).
MAX_FILE_SIZE = 256 * 1024 * 1024


def read_file(path):
    """Returns the bytes of the regular file `path`; ToolError where that cannot be."""
    try:
        info = os.stat(path)
        if not stat.S_ISREG(info.st_mode):
            raise ToolError(f"{path}: not a regular file; give the path of a file")
        if info.st_size > MAX_FILE_SIZE:
            raise ToolError(f"{path}: {info.st_size} bytes is larger than any file this tool reads")
        with open(path, "rb") as stream:
            return stream.read()
    except (OSError, ValueError) as error:
        raise ToolError(f"{path}: cannot read it: {reason(error)}") from None


def write_file(path, data):
    """Replaces `path` by `data` in one step, so that no reader sees half a file."""
    folder = os.path.dirname(path) or "."
    temporary = None
    try:
        # A pipe or device (such as /dev/stdout) is written to, never replaced.
        if os.path.exists(path) and not os.path.isfile(path):
            with open(path, "wb") as stream:
                stream.write(data)
            return
        handle, temporary = tempfile.mkstemp(prefix=".detent-", dir=folder)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)
        os.replace(temporary, path)
        temporary = None
    except (OSError, ValueError) as error:
        raise ToolError(f"{path}: cannot write it: {reason(error)}") from None
    finally:
        if temporary is not None and os.path.exists(temporary):
            os.unlink(temporary)


def in_memory(name, data):
    """A path to these bytes that other programs of the user can open. Nothing of it is left once
    this process is gone, however it ends."""
    handle = os.memfd_create(name)
    with open(handle, "wb", closefd=False) as stream:
        stream.write(data)
    return f"/proc/{os.getpid()}/fd/{handle}"


def reason(error):
    """The human part of an OSError or ValueError."""
    return getattr(error, "strerror", None) or str(error)
