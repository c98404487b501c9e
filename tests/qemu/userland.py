# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What the userland builds: applications for any address and for fixed ones, in C and C++."""
from lib import images
from lib.emulator import Test, app_tab, expect, expect_all, send

from detent import board as boards  # found by lib.images
from detent import tab
from detent.layout import PIC_SUFFIX
from detent.tbf_read import Tbf, grow

MOVED = r"moved: code 0x\w+ data 0x\w+$"


def pic(column, app):
    """The binary of an application that runs at any address, grown to whole pages."""
    target = boards.load(column.board)
    with open(app_tab(app), "rb") as stream:
        bundle = tab.Tab(stream.read(), app)
    data = next(data for name, data in bundle.binaries
                if name in [arch + PIC_SUFFIX for arch in target.archs])
    assert Tbf(data).fixed_start is None and Tbf(data).fixed_ram is None
    return grow(Tbf(data), len(data) + -len(data) % target.page)


def fixed(column, app, place=0):
    """The binary of an application for fixed addresses."""
    data = images.binary(column, app, place)
    assert Tbf(data).fixed_start is not None
    return data


def together(column):
    """Both kinds, alternating."""
    return images.region(column, {0: pic(column, "moved"), 1: fixed(column, "hello", 1), 2: pic(column, "bss_data"),
                                  3: fixed(column, "moved", 3)})


def shifted(column):
    """The same bytes at two places, of which the second is no multiple of a fixed one's."""
    data = pic(column, "moved")
    start = images.region(column, {0: data})
    return start + images.padding(3 * 4096) + data


TESTS = [
    Test("userland-any-address", apps=("moved", "hello", "moved"),
         steps=[expect(r"(?s)(?=.*Hello from a process!).*moved: 0 failed.*moved: 0 failed$")],
         forbid=("kernel panic", r"moved: .* is wrong", r"(?s)moved: code (\w+) .*moved: code \1 ")),
    Test("userland-pic-and-fixed", image=together, uses=("moved", "hello", "bss_data"), needs="fixed-addresses",
         steps=[expect(r"(?s)(?=.*moved: 0 failed.*moved: 0 failed)(?=.*Hello from a process!)"
                       r".*bss_data: 0 failed")],
         require=(r"moved: code 0x8010\w{4} ", r"moved: code 0x8013\w{4} data 0x8033\w{4}"),
         forbid=("kernel panic", r"is wrong", "skipped", "refused")),
    Test("userland-pic-same-bytes-twice", image=shifted, uses=("moved",), needs="fixed-addresses",
         steps=[expect(MOVED, "moved: 0 failed", MOVED, "moved: 0 failed")],
         forbid=("kernel panic", r"is wrong", r"(?s)moved: code (\w+) .*moved: code \1 ")),
    Test("userland-pic-abi-check", image=lambda c: images.region(c, {2: pic(c, "abi_check")}), uses=("abi_check",),
         needs="fixed-addresses", steps=[expect(r"abi_check: [1-9]\d+ passed, 0 failed$")]),
    Test("userland-fixed-abi-check", image=lambda c: images.region(c, {2: fixed(c, "abi_check", 2)}),
         uses=("abi_check",), needs="fixed-addresses", steps=[expect(r"abi_check: [1-9]\d+ passed, 0 failed$")]),
    Test("userland-fixed-bss-data", image=lambda c: images.region(c, {1: fixed(c, "bss_data", 1)}),
         uses=("bss_data",), needs="fixed-addresses", steps=[expect(r"bss_data: 0 failed$")]),
    Test("userland-fixed-at-wrong-address", uses=("hello",), needs="fixed-addresses",
         image=lambda c: images.region(c, {0: pic(c, "bss_data"), 1: fixed(c, "hello", 3)}),
         steps=[expect_all("bss_data: 0 failed", "hello at .* skipped: it was built for another")],
         forbid=("kernel panic", "Hello from a process!")),
    Test("userland-cxx", small=True, apps=("cxx_hello",),
         steps=[expect("cxx_hello: made before main", "sum 42", "even", "0 gone", "odd", "1 gone", "fired",
                       "cxx_hello: 99 gone")]),
    Test("userland-stores", needs="storage raw-flash", apps=("stores",), steps=[expect(r"stores: \d+ failed$")],
         require=("stores: 0 failed$",), forbid=("kernel panic", "no raw flash")),
    Test("userland-stores-without-raw-flash", needs="storage !raw-flash", apps=("stores",),
         steps=[expect(r"stores: \d+ failed$")], require=("stores: 0 failed$", "no raw flash")),
    Test("userland-console-stream", small=True, needs="console-input", apps=("console_stream",),
         steps=[expect("console_stream: ready"), send("abcdefghijklmnopqrstuvwxyz012345....\r"),
                expect(*[rf"console_stream: 4 \[{piece}\]" for piece in
                         ("abcd", "efgh", "ijkl", "mnop", "qrst", "uvwx", "yz01", "2345")],
                       "console_stream: no error")]),
]
