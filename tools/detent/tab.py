# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Tock Application Bundles: a tar file with `metadata.toml` and one `<arch>.tbf` an architecture."""
import io
import tarfile

from .errors import ToolError

_BLOCK = 512
_MEMBER_LIMIT = 64 * 1024 * 1024
_METADATA = "metadata.toml"
# The time stamp of TBF members is fixed, so that equal inputs give equal bundles.
_TBF_MTIME = 1153704088


def write(metadata, binaries):
    """The bytes of a TAB. `binaries` is a list of (architecture, TBF bytes)."""
    out = _member(_METADATA, metadata.encode(), 0, complete=False)
    for arch, data in binaries:
        out += _member(arch + ".tbf", data, _TBF_MTIME, complete=True)
    return out + bytes(2 * _BLOCK)


def _member(name, data, mtime, complete):
    """A tar header and the data. elf2tab leaves owner, type and device of the metadata empty."""
    encoded = name.encode()
    if len(encoded) > 100:
        raise ToolError(f"{name}: longer than the 100 bytes that a name in a TAB may have")
    header = bytearray(_BLOCK)
    header[0:len(encoded)] = encoded
    header[100:108] = b"%07o\0" % 0o644
    header[124:136] = b"%011o\0" % len(data)
    header[136:148] = b"%011o\0" % mtime
    header[148:156] = b" " * 8
    if complete:
        header[108:116] = header[116:124] = header[329:337] = header[337:345] = b"0000000\0"
        header[156:157] = b"0"
    header[257:265] = b"ustar  \0"
    header[148:156] = b"%07o\0" % sum(header)
    return bytes(header) + data + bytes(-len(data) % _BLOCK)


def metadata(name, kernel=None, boards=None, build_date=None):
    """The text of metadata.toml."""
    lines = ["tab-version = 1", f'name = "{name}"']
    if kernel is not None:
        lines.append(f'minimum-tock-kernel-version = "{kernel[0]}.{kernel[1]}"')
    if boards is not None:
        lines.append(f'only-for-boards = "{boards}"')
    if build_date is not None:
        lines.append(f"build-date = {build_date}")
    return "\n".join(lines) + "\n"


class Tab:
    """A TAB that was read: `metadata` (text) and `binaries` (list of (architecture, bytes))."""

    def __init__(self, data, path):
        self.path = path
        self.metadata = ""
        self.binaries = []
        try:
            self._read(data)
        except (tarfile.TarError, EOFError, OSError, ValueError, OverflowError, MemoryError) as error:
            raise ToolError(f"{path}: damaged TAB: {error}; build or fetch it again") from None
        if not self.binaries:
            raise ToolError(f"{path}: no .tbf file in this TAB; build or fetch it again")

    def _read(self, data):
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:", encoding="utf-8") as archive:
            for member in archive:
                if not member.isfile() or member.size > _MEMBER_LIMIT:
                    continue
                if member.name != _METADATA and not member.name.endswith(".tbf"):
                    continue
                content = archive.extractfile(member).read()
                if len(content) != member.size:
                    raise ValueError(f"{member.name} is cut off")
                self._keep(member.name, content)

    def _keep(self, name, content):
        if name == _METADATA:
            self.metadata = content.decode("utf-8", "replace")
        elif not name.isprintable():
            raise ValueError(f"the name of a binary is {name!a}")
        else:
            self.binaries.append((name[:-len(".tbf")], content))

    def value(self, key):
        """The text of a `key = value` line of the metadata without its quotes, or None."""
        for line in self.metadata.splitlines():
            left, equals, right = line.partition("=")
            if equals and left.strip() == key:
                return right.strip().strip('"')
        return None


def is_tab(data):
    """Whether `data` looks like a tar file."""
    return data[257:262] == b"ustar"
