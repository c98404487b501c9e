# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Installing, updating and removing applications while the system runs."""
from lib import images
from lib.emulator import Test, expect

NEVER = ("kernel panic", "wrong:")


def other_name(column):
    """The same application under a name that the board does not let install."""
    data = images.binary(column, "app_loader")
    at = data.index(b"app_loader")
    return images.region(column, {0: images.signed(data[:at] + b"b" + data[at + 1:])})


TESTS = [
    Test("loading-drivers", needs="app-loading", apps=("app_loader", "hello"), forbid=NEVER,
         steps=[expect(r"app_loader: as Tock's", r"app_loader: refused: \w", r"app_loader: updated and removed",
                       r"app_loader: 0 failed")]),
    Test("loading-not-permitted", needs="app-loading", image=other_name, uses=("app_loader",),
         steps=[expect(r"app_loader: not permitted")]),
]
