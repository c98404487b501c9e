# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Power cuts: of the store on a model of a flash, and of QEMU while it writes to one that a file keeps."""
import os
from types import SimpleNamespace

from . import signing
from .builds import need_crypto
from .jobs import Failed, Job

BOARD = "qemu-rv32-virt"
KILLS, KILLS_LONG = 20, 200


def jobs(long):
    """One job on the model, one with the emulator; `long` makes both longer."""
    return [Job("power-cuts", "host", _cuts(long), limit_s=1800 if long else 300),
            Job("power-qemu-kill", "host", _kills(KILLS_LONG if long else KILLS), limit_s=900),
            Job("storage-flash-file", "host", _kept, limit_s=300),
            Job("storage-version-floor", "host", _floor, limit_s=600)]


def _build(log):
    log.run(["make", "--no-print-directory", f"BOARD={BOARD}", f"build/{BOARD}/kernel.elf",
             "build/apps/kv_torture/kv_torture.tab"])


def _kept(log):
    """What one `detent run --flash` stores the next one finds, and `detent storage` too."""
    flash = log.folder + ".flash"
    if os.path.exists(flash):
        os.remove(flash)
    _build(log)
    for steps in (["found 0", "done 30"], [r"found ([3-9]\d|\d{3,})", "done"]):
        log.run(["./detent", "run", "--board", BOARD, "--icount", "--timeout", "120", "--flash", flash, "--app",
                 "build/apps/kv_torture/kv_torture.tab"] + [word for step in steps for word in ("--expect", step)])
    if "torture 1" not in log.output_of(["./detent", "storage", "dump", flash]):
        raise Failed("detent storage does not find what was stored")
    log.run(["./detent", "storage", "check", flash])
    os.remove(flash)


def _floor(log):
    """Version 2 runs; after a loss of power there is only version 1, and the device, which kept its store, refuses it."""
    need_crypto()
    flash = log.folder + ".flash"
    if os.path.exists(flash):
        os.remove(flash)
    log.run(signing.make_arguments(BOARD, "key"))
    log.run(["make", "--no-print-directory", "build/apps/identity/identity.tab"])
    for version, said in ((2, "identity is id 80000000 version 2"), (1, "refused: version 1, and version 2 has run"),
                          (2, "identity is id 80000000 version 2")):
        app = f"{log.folder}.{version}.tbf"
        with open(app, "wb") as stream:
            stream.write(signing.binary(SimpleNamespace(board=BOARD), 0, "identity", version))
        log.run(["./detent", "run", "--board", BOARD, "--icount", "--timeout", "120", "--flash", flash,
                 "--kernel", signing.path_of(BOARD, "key"), "--app", app, "--expect", said])
    os.remove(flash)


def _cuts(long):
    def work(log):
        log.run(["tests/power/run.py"] + (["--long"] if long else []))
    return work


def _kills(count):
    def work(log):
        _build(log)
        log.run(["tests/power/qemu_kill.py", "--kills", str(count)])
    return work
