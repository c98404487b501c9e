# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Keys that openssl makes for the tests, kernels that trust them, and binaries signed by them."""
import fcntl
import functools
import os
import struct
import subprocess
import sys
import threading

from . import ROOT, images
from .jobs import clean_environment

sys.path.insert(0, os.path.join(ROOT, "tools"))

from detent import keys as keyfiles  # noqa: E402
from detent import tbf  # noqa: E402
from detent.tbf_read import Tbf  # noqa: E402
from detent.verb_sign import sign  # noqa: E402

FOLDER = os.path.join(ROOT, "build", "test-keys")
_EC = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
_MADE = {"release": _EC, "vendor": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:4096"],
         "short": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"],
         "edwards": ["-algorithm", "ed25519"], "old": _EC, "stranger": _EC}
# The trust set of the kernels: key 0 with role 1, and so on. `stranger` is in none.
TRUSTED = {"keys": "release=1 vendor=2 short=3 edwards=4 old=5:revoked", "key": "release"}
_LOCK = threading.Lock()


@functools.lru_cache(maxsize=None)
def key(name):
    """The Key of that name; made anew where the build folder is new."""
    os.makedirs(FOLDER, exist_ok=True)
    path = os.path.join(FOLDER, name + ".pem")
    with open(os.path.join(FOLDER, "lock"), "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.exists(path):
            subprocess.run(["openssl", "genpkey", "-quiet", *_MADE[name], "-out", path + ".new"], check=True)
            os.rename(path + ".new", path)
    return keyfiles.load(path)


def _trusted(policy):
    words = []
    for word in TRUSTED.get(policy, "").split():
        name = word.split("=")[0].split(":")[0]
        words.append(key(name).path + word[len(name):])
    return words


def make_arguments(board, policy):
    """What make is told to build that kernel."""
    return ["make", "--no-print-directory", f"BOARD={board}", f"POLICY={policy}", f"KEYS={' '.join(_trusted(policy))}",
            f"build/{board}-{policy}/kernel.elf"]


def path_of(board, policy):
    """Where it is then."""
    return os.path.join(ROOT, "build", f"{board}-{policy}", "kernel.elf")


def kernel(policy):
    """For Test.kernel; lib/builds.py builds it before."""
    def path(column):
        return path_of(column.board, policy)
    path.policy = policy
    return path


def renamed(data, name, version=0):
    """The TBF with a package name of the same length, and a version."""
    at = images.tlv(data, tbf.TLV_PACKAGE_NAME)
    old = Tbf(data).name
    if len(old) != len(name):
        raise ValueError(f"{name} is not as long as {old}")
    data = data[:at] + name.encode() + data[at + len(name):]
    return images.signed(images.patched(data, images.tlv(data, tbf.TLV_PROGRAM) + 16, "I", version))


def roomy(column, data, room):
    """The TBF with `room` bytes for footers at least, as large as the board can protect."""
    target = images.boards.load(column.board)
    item = Tbf(data)
    size = item.binary_end + room
    size = size + -size % target.page if target.placement == "sequential" else \
        max(1 << (size - 1).bit_length(), target.page)
    bare = data[:item.binary_end]
    bare = images.signed(images.patched(bare, 4, "I", size))
    return bare + bytes(size - len(bare))


def inexact(column, place, name):
    """The same, signed where no memory protection can end what is executed, which detent sign would not do."""
    data = roomy(column, renamed(images.binary(column, "identity", place), name), 2560)
    end = Tbf(data).binary_end + 2
    covered = images.signed(images.patched(data, images.tlv(data, tbf.TLV_PROGRAM) + 12, "I", end))[:end]
    signer = key("release")
    footer = struct.pack("<HHI", tbf.TLV_CREDENTIALS, 4 + 64, signer.format) + signer.sign(covered)
    return (covered + footer).ljust(len(data), b"\0")


def binary(column, place, name, version=0, by=("release",), hashes=(), of="identity"):
    """`of`, an application, for a place, with another name, signed by these keys."""
    data = renamed(images.binary(column, of, place), name, version)
    return sign(roomy(column, data, 2560), [key(k) for k in by], hashes)
