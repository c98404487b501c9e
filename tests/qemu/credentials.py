# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Kernels that check what they run (docs/reference/appid.md): what is accepted, as whom it runs, and
what is refused, with the reason on the console and everything else unaffected."""
import struct

from detent import layout
from detent.device import Device
from lib import images, signing
from lib.emulator import Test, expect, expect_all, play, send
from lib.gdb import Gdb
from lib.images import patched
from . import loading

NEVER = ("kernel panic", "faulted", "no answer", "another life", "not found", "nobody is found")
NEEDS = "policy process-console"
USES = ("identity",)
EC, RSA3072, RSA4096, ED25519, SHA256 = 6, 1, 2, 0xD0, 3


def runs(name, credential, key, role, version=0):
    """What the application says of itself. The device gives short ids from 0x80000000 on."""
    return rf"{name} is id 8000000[0-9a-f] version {version}, credential {credential} key {key} role {role}\r?$"


def refused(place, reason):
    """A line of the kernel about the binary of a place."""
    return rf"app at 0x\w+{place:x}0000 refused: {reason}"


def region(*pieces):
    """image(column) of functions (column, place) in the order of places."""
    return lambda column: images.region(column, {p: piece(column, p) for p, piece in enumerate(pieces)})


def app(name, damage=None, **options):
    """One application; `damage` is done to it after it was signed."""
    def make(column, place):
        data = signing.binary(column, place, name, **options)
        return damage(data) if damage else data
    return make


def end_of_binary(data):
    """Offset of the first footer."""
    return struct.unpack_from("<I", data, images.tlv(data, 9) + 12)[0]


def before_footers(new):
    """`new` before the footers that are there; they have room behind them."""
    def damage(data):
        at = end_of_binary(data)
        return data[:at] + new + data[at:len(data) - len(new)]
    return damage


def footer_word(offset, layout, value):
    """A word of the first footer (type, length, format, data) set."""
    return lambda data: patched(data, end_of_binary(data) + offset, layout, value)


def flipped(offset, bit=1):
    """A bit of the first footer, or with a negative offset of the binary before it, changed."""
    def damage(data):
        out = bytearray(data)
        out[end_of_binary(data) + offset] ^= bit
        return bytes(out)
    return damage


def of_another(data):
    """The binary changed, its credentials those of before."""
    return flipped(-8)(data)


def halves_swapped(data):
    """The two numbers of its ECDSA signature in the wrong order."""
    at = end_of_binary(data) + 8
    return data[:at] + data[at + 32:at + 64] + data[at:at + 32] + data[at + 64:]


UNKNOWN = struct.pack("<HHI", 128, 8, 99) + b"more" + struct.pack("<HH", 77, 2) + b"??\0\0"
LOST = struct.pack("<HHI", 128, 0xFFF0, 6)  # its length leads out of the image
CUT = struct.pack("<HHI", 128, 64, 6) + bytes(60)  # four bytes of its data are missing

ACCEPTED = [
    Test("credentials-kinds", kernel=signing.kernel("keys"), needs=NEEDS, uses=USES, limit_s=60, forbid=NEVER + ("refused",),
         image=region(app("by-ecdsa", version=7), app("by-r4096", by=["vendor"]), app("by-r3072", by=["short"]),
                      app("by-ed255", by=["edwards"]),
                      app("by-order", by=["stranger", "edwards", "release"], hashes=["sha512", "sha256"]),
                      app("by-later", before_footers(UNKNOWN)), app("by-found", before_footers(LOST)),
                      app("by-whole", before_footers(CUT))),
         # Every process speaks once all were checked, in the order in which they were made.
         steps=[expect(runs("by-ecdsa", EC, 0, 1, 7), runs("by-r4096", RSA4096, 1, 2), runs("by-r3072", RSA3072, 2, 3),
                       runs("by-ed255", ED25519, 3, 4), runs("by-order", ED25519, 3, 4), runs("by-later", EC, 0, 1),
                       runs("by-found", EC, 0, 1), runs("by-whole", EC, 0, 1))]),
    Test("credentials-hash", kernel=signing.kernel("hash"), needs=NEEDS + " riscv", uses=USES, limit_s=60, forbid=NEVER,
         image=region(app("by-hash1", by=[], hashes=["sha256"]), app("by-hash2", by=[], hashes=["sha384"]),
                      app("by-hash3", by=[], hashes=["sha512"]), app("no-hash1"),
                      app("no-hash2", of_another, by=[], hashes=["sha256"]),
                      app("no-hash3", of_another, by=[], hashes=["sha256", "sha384", "sha512"] * 3)),
         steps=[expect(refused(3, "it has no credential that this board accepts"),
                       refused(4, "its hash is that of another binary"), refused(5, "it has too many credentials"),
                       runs("by-hash1", SHA256, 255, 0), runs("by-hash2", 4, 255, 0), runs("by-hash3", 5, 255, 0))]),
    Test("credentials-names", kernel=signing.kernel("names"), needs=NEEDS + " riscv", uses=USES, limit_s=60, forbid=NEVER,
         image=region(app("by-name1", by=[]), app("by-name2", by=["stranger"]), app("by-name1", by=[])),
         steps=[expect(refused(2, r"the same application and version is at 0x\w+")),
                expect_all(runs("by-name1", 0, 255, 0), runs("by-name2", 0, 255, 0))]),
]

REFUSED = [
    Test("credentials-refused-2", kernel=signing.kernel("keys"), needs=NEEDS, uses=USES, limit_s=60, forbid=NEVER + ("is-bad",),
         image=region(lambda column, place: signing.inexact(column, place, "is-bad-c"), app("is-bad-d", halves_swapped),
                      app("is-bad-e", footer_word(2, "H", 72)), app("is-bad-f", by=["stranger"] * 9 + ["release"]),
                      app("is-good2"), app("is-good2")),
         steps=[expect(refused(0, "its footers could be executed in part"), refused(1, "its signature is of another binary"),
                       refused(2, "its credential is damaged"), refused(3, "it has too many credentials"),
                       refused(5, r"the same application and version is at 0x\w+40000"), runs("is-good2", EC, 0, 1))]),
    Test("credentials-refused", kernel=signing.kernel("keys"), needs=NEEDS, uses=USES, limit_s=60, forbid=NEVER + ("is-bad",),
         image=region(
             app("is-bad-0", by=[]), app("is-bad-1", by=["stranger"]), app("is-bad-2", by=["old", "release"]),
             app("is-bad-3", of_another), app("is-bad-4", flipped(8 + 40)), app("is-bad-5", footer_word(2, "H", 60)),
             app("is-bad-6", footer_word(2, "H", 0xFFFF)), app("is-bad7\x01"), app("is-bad-8", flipped(0, 0x40)),
             app("is-bad-9", hashes=["sha256"], by=[]),
             app("is-bad-a", by=["vendor"], damage=flipped(8 + 3)), app("is-bad-b", by=["edwards"], damage=of_another),
             app("is-good1")),
         steps=[expect(refused(0, "it has no credential that this board accepts"),
                       refused(1, "its signature is of another binary, or by a key not trusted"),
                       refused(2, "it is signed by a key that was revoked"),
                       refused(3, "its signature is of another binary"), refused(4, "its signature is of another"),
                       refused(5, "its credential is damaged"), refused(6, "it has no credential"),
                       refused(7, "its name has control characters"), refused(8, "it has no credential"),
                       refused(9, "it has no credential"), refused(10, "it is signed by a key not trusted"),
                       refused(11, "its signature is of another"), runs("is-good1", EC, 0, 1))]),
]


def erase(place):
    """Takes the binary of a place away, under the running system."""
    def step(console):
        family = "riscv" if "riscv" in console.column.capabilities else "arm"
        gdb = Gdb(console.gdb_path, family)
        start = images.boards.load(console.column.board).app_start
        gdb.write(start + place * images.PLACE, images.padding(images.PLACE)[:16])
        gdb.go_on()
    return play(step)


VERSIONS = [
    Test("credentials-versions", kernel=signing.kernel("keys"), needs=NEEDS, uses=USES, limit_s=60, gdb=True, forbid=NEVER,
         image=region(app("versions", version=1), app("versions", version=3), app("versions", version=3),
                      app("versions", version=2), app("versions", version=1, by=["vendor"])),
         steps=[expect(refused(0, r"version 3 of it is at 0x\w+10000"), refused(2, r"the same application and version is"),
                       refused(3, r"version 3 of it is at 0x\w+10000"))
                # The other signer's application of this name is another one.
                + expect(runs("versions", EC, 0, 1, 3), runs("versions", RSA4096, 1, 2, 1)),
                # The newest is erased, and the older ones may not run all the same.
                erase(1) + erase(2) + send(r"terminate 0\r") + expect("terminated") + send(r"load\r"),
                expect(refused(0, "version 1, and version 3 has run"), refused(3, "version 2, and version 3 has run"))]),
    Test("credentials-one-key", kernel=signing.kernel("key"), needs=NEEDS + " riscv", uses=USES, limit_s=60, forbid=NEVER,
         image=region(app("one-key1"), app("one-key2", by=["vendor"])),
         steps=[expect(refused(1, "it has no credential|it is signed by a key not trusted"),
                       runs("one-key1", EC, 0, 0))]),
]



def candidate(console, place, **options):
    """A binary to install: it has its place's address where it is linked for one."""
    data = signing.binary(console.column, place, "versions", **options)
    return [layout.Candidate(f"versions {options}", data)]


def update_and_roll_back(console):
    """Version 2 in place of a running version 1; then version 1 is refused, also when version 2 is gone."""
    device = Device(loading.ConsoleLine(console), loading.WAIT_S)
    device.hello()
    first = next(app for app in device.apps() if app["name"] == "versions")
    # Refused after its check: the old one runs on, in the same life.
    loading.refused(device, candidate(console, 2, version=2, by=["stranger"]), "a key not trusted", "a stranger's update",
                    first["address"])
    second, _ = device.install(candidate(console, 2, version=2), first["address"])
    loading.same([app["address"] for app in device.apps() if app["name"] == "versions"], [second], "after the update")
    device.start(second)
    console.wait_for(runs("versions", EC, 0, 0, 2))
    device.uninstall(second, "versions")
    loading.refused(device, candidate(console, 3, version=1), "a newer version of it has run", "a downgrade")


def downgrade_after_power(console):
    """The same after a new start."""
    device = Device(loading.ConsoleLine(console), loading.WAIT_S)
    device.hello()
    loading.refused(device, candidate(console, 3, version=1), "a newer version of it has run", "a downgrade after the start")


INSTALLING = [
    # The region of applications is RAM here: a reset of the machine brings version 1 back, and the store stays.
    Test("credentials-update", kernel=signing.kernel("key"), needs=NEEDS + " riscv app-loading", uses=USES + ("loader",),
         limit_s=120, forbid=NEVER,
         image=region(lambda column, place: signing.binary(column, place, "loader", of="loader"), app("versions", version=1)),
         steps=[expect_all("loader: ready", runs("versions", EC, 0, 0, 1)), play(update_and_roll_back), send(r"reset\r"),
                expect("loader: ready"), play(downgrade_after_power)]),
    Test("credentials-installer-role", kernel=signing.kernel("keys"), needs=NEEDS + " riscv app-loading",
         uses=USES + ("app_loader",), limit_s=60, forbid=NEVER,
         image=region(lambda column, place: signing.binary(column, place, "app_loader", of="app_loader", by=["vendor"])),
         steps=[expect(r"app_loader: not permitted")]),
    Test("credentials-installer", kernel=signing.kernel("keys"), needs=NEEDS + " riscv app-loading",
         uses=USES + ("loader",), limit_s=60, forbid=NEVER,
         image=region(lambda column, place: signing.binary(column, place, "loader", of="loader")),
         steps=[expect("loader: ready"), play(lambda console: Device(loading.ConsoleLine(console), loading.WAIT_S).hello())]),
]

TESTS = ACCEPTED + REFUSED + VERSIONS + INSTALLING
