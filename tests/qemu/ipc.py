# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Processes that talk to each other."""
import os
import sys

from lib import ROOT, images, signing
from lib.emulator import Test, expect, expect_all, send

sys.path.insert(0, os.path.join(ROOT, "tests", "hostile"))

import suite  # noqa: E402

LINE = "ask: the quick brown fox -> THE QUICK BROWN FOX"

NEVER = ("kernel panic", "faulted", "although cancelled", "failed", "out of memory")
# What apps/tally_ask says where everything works, for that many bytes: lengths depend on the processor.
ALL_WAYS = (r"tally_ask: of a message: 4950", r"tally_ask: of a loan: 124716", r"tally_ask: of a stream: 124716",
            r"tally_ask: twice: busy, try again later, cancelled: busy, try again later",
            r"tally: answer to a stream: cancelled")


def signed(*pieces):
    """image(column) of (application, its key)."""
    return lambda column: images.region(column, {place: signing.binary(column, place, name, of=name, by=[key])
                                                 for place, (name, key) in enumerate(pieces)})


TESTS = [
    Test("ipc-request-and-answer", apps=("ask", "upper"), needs="ipc process-console",
         steps=[expect(LINE), send(r"terminate upper\r"), expect("fox -> device taken out", "fox -> no such driver"),
                send(r"boot upper\r"), expect(LINE), send(r"fault ask\r"), expect("process ask .* faulted"),
                send(r"boot ask\r"), expect(*[LINE] * 4)]),
    Test("ipc-attacks", apps=("upper", "ipc_attacks", "ask"), needs="ipc process-console",
         steps=[expect(r"ipc_attacks: [1-9]\d\d\d tried, 0 succeeded", *[LINE] * 2), send(r"fault ipc_attacks\r"),
                expect("process ipc_attacks .* faulted", LINE), send(r"boot ipc_attacks\r"),
                expect(r"ipc_attacks: [1-9]\d\d\d tried, 0 succeeded", *[LINE] * 2)],
         forbid=("kernel panic", "SUCCEEDED", r"process (upper|ask) \(slot \d\) faulted", "device taken out")),
    # Tock 1993 and 4371: what cannot be protected is refused, and the end of sharing is the end.
    Test("ipc-tock-shared-buffer", apps=("ipc_share", "ipc_share"), needs="ipc",
         steps=[expect("ipc_share: an odd buffer: size too large or too small", "ipc_share: 5a a5 00"),
                expect_all("ipc_share: not shared any more: no error",
                           r"service reaches out[^$]*process ipc_share \(slot 0\) faulted[^$]*loan 0x\w+ from ipc_share was revoked")],
         forbid=("kernel panic", r"process ipc_share \(slot 1\) faulted")),
    # By identity, loans and streams through a connection, answers that come later, calls that are cancelled. The
    # third application, of another role, is turned away.
    Test("ipc-checked-identity", kernel=signing.kernel("keys"), needs="policy process-console", uses=("tally", "tally_ask"),
         image=signed(("tally", "release"), ("tally_ask", "release"), ("tally_ask", "vendor")), limit_s=60, forbid=NEVER,
         steps=[expect_all(r"tally: turns away role 2[^$]*?tally_ask: device taken out",
                           "tally_ask: to 8000000[0-9a-f], credential 6 key 0 role 1[^$]*?tally_ask: checked: no error[^$]*?"
                           + "[^$]*?".join(ALL_WAYS))]),
    Test("ipc-memory-and-streams", apps=("tally", "tally_ask"), needs="ipc loans process-console", forbid=("kernel panic",),
         steps=[expect("tally_ask: to 00007a11, credential 0 key 255 role 0", "tally_ask: checked: no such driver", *ALL_WAYS),
                send(r"terminate tally\r"), expect("tally_ask: no such driver"), send(r"boot tally\r"),
                expect("tally_ask: to 00007a11", *ALL_WAYS)]),
    # Tock's registries and relay, between two applications; then the server ends with a request at work.
    Test("ipc-registry-and-relay", apps=("relay_pair", "relay_pair"), needs="ipc process-console", reference=True,
         forbid=("kernel panic", "faulted", "not the same"),
         steps=[expect("client: found twice, the same", "client: Hello, World -> Uryyb, Jbeyq", "client: the first one: cancelled",
                       "server: an answer: no such driver", "client: Once more -> Bapr zber", "client: waits"),
                send(r"terminate 0\r"), expect("client: device taken out"), send(r"boot 0\r"),
                expect("client: found twice, the same", "client: Hello, World -> Uryyb, Jbeyq", "client: Once more -> Bapr zber")]),
    # Either side crashes, restarts and is terminated, at each step of a connection.
    Test("ipc-ends", apps=("ipc_ends", "ipc_ends"), needs="ipc process-console", reference=True,
         kernel=lambda column: suite.kernel("restarting", column.board), forbid=("kernel panic", "WRONG"),
         steps=[expect("ipc_ends: ended as client", "ipc_ends: ended as service", "ipc_ends: terminated"), send(r"boot 1\r"),
                expect("ipc_ends: terminated", r"ipc_ends: \d{3} checked, 0 wrong")]),
]
