# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Power cuts: of the store on a model of a flash, and of QEMU while it writes to one."""
from .jobs import Job

BOARD = "qemu-rv32-virt"
KILLS, KILLS_LONG = 20, 200


def jobs(long):
    """One job on the model, one with the emulator; `long` makes both longer."""
    return [Job("power-cuts", "host", _cuts(long), limit_s=1800 if long else 300),
            Job("power-qemu-kill", "host", _kills(KILLS_LONG if long else KILLS), limit_s=900)]


def _cuts(long):
    def work(log):
        log.run(["tests/power/run.py"] + (["--long"] if long else []))
    return work


def _kills(count):
    def work(log):
        log.run(["make", "--no-print-directory", f"BOARD={BOARD}", f"build/{BOARD}/kernel.elf",
                 "build/apps/kv_torture/kv_torture.tab"])
        log.run(["tests/power/qemu_kill.py", "--kills", str(count)])
    return work
