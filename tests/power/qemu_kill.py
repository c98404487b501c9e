#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Kills QEMU at random instants while tests/apps/kv_torture writes to a flash that a file keeps.

    qemu_kill.py [--kernel build/qemu-rv32-virt/kernel.elf] [--app kv_torture.tbf] [--kills 200] [--seed 1]

After every kill the emulator starts anew on the same file. The application checks what it finds; this
program checks that nothing that was reported done is gone. Ends with 1 where something was lost.
"""
import argparse
import os
import random
import re
import selectors
import signal
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FLASH_BYTES = 32 << 20
APPS_ADDRESS = 0x80100000
START_LIMIT_S = 30


def tbf_of(path):
    """The first RISC-V image in a TAB, the one for the lowest place; a TBF is taken as it is."""
    import tarfile
    if not tarfile.is_tarfile(path):
        with open(path, "rb") as stream:
            return stream.read()
    with tarfile.open(path) as tab:
        names = sorted(m.name for m in tab.getmembers()
                       if m.name.startswith("rv32imac") and m.name.endswith(".tbf"))
        if not names:
            sys.exit(f"{path}: no rv32imac image in it")
        return tab.extractfile(names[0]).read()


class Machine:
    """One life of the emulator."""

    def __init__(self, kernel, apps, flash):
        self.process = subprocess.Popen(
            ["qemu-system-riscv32", "-M", "virt", "-cpu", "rv32", "-display", "none", "-monitor", "none",
             "-serial", "stdio", "-global", "virtio-mmio.force-legacy=false", "-bios", kernel,
             "-device", f"loader,file={apps},addr={APPS_ADDRESS:#x},force-raw=on",
             "-drive", f"if=pflash,unit=1,format=raw,file={flash}"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        os.set_blocking(self.process.stdout.fileno(), False)
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.process.stdout, selectors.EVENT_READ)
        self.text = ""

    def read(self, seconds, pattern=None):
        """Reads for so long, or until the pattern shows; False: the emulator ended by itself."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if self.selector.select(left):
                data = self.process.stdout.read()
                if data == b"":
                    return False
                self.text += (data or b"").decode("latin-1")
            if pattern and re.search(pattern, self.text):
                return True
        return True

    def kill(self):
        """Power off; what the guest had sent is read to the end."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        os.set_blocking(self.process.stdout.fileno(), True)
        self.text += self.process.stdout.read().decode("latin-1")
        self.process.stdout.close()
        self.process.stderr.close()


def check(text, done, kill):
    """What this life says, against what the last one had done; (lost, number done now)."""
    trouble = re.search(r"LOST: [^\n]*|kernel panic[^\n]*|storage: [^\n]*", text)
    found = re.search(r"found (\d+)", text)
    if trouble or not found:
        return f"kill {kill}: " + (trouble[0].strip() if trouble else "the application found nothing"), done
    if not done <= int(found[1]) <= done + 1:
        return f"kill {kill}: {done} was done, {found[1]} was found", done
    numbers = [int(n) for n in re.findall(r"done (\d+)\r?\n", text)]
    return None, max(numbers + [int(found[1])])


def main():
    """Kills, counts, reports."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--kernel", default=os.path.join(ROOT, "build/qemu-rv32-virt/kernel.elf"))
    parser.add_argument("--app", default=os.path.join(ROOT, "build/apps/kv_torture/kv_torture.tab"))
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--longest", type=float, default=0.5, help="seconds of writing before a kill, at most")
    options = parser.parse_args()
    for path, goal in ((options.kernel, "kernel"), (options.app, "test-apps")):
        if not os.path.exists(path):
            sys.exit(f"{path} is missing: make {goal}")
    chance = random.Random(options.seed)
    done, losses = 0, []
    with tempfile.TemporaryDirectory() as folder:
        flash, apps = os.path.join(folder, "flash"), os.path.join(folder, "apps")
        with open(flash, "wb") as stream:
            stream.truncate(FLASH_BYTES)
        with open(apps, "wb") as stream:
            stream.write(tbf_of(options.app) + b"\xff" * 64)
        for kill in range(1, options.kills + 1):
            machine = Machine(options.kernel, apps, flash)
            if chance.random() < 0.8:
                alive = machine.read(START_LIMIT_S, r"found \d+\r?\n|LOST|panic")
            else:
                alive = True
            # Now and then while it is still looking at what is there.
            alive = alive and machine.read(chance.random() * options.longest)
            machine.kill()
            if not alive:
                sys.exit(f"the emulator ended by itself: {machine.text[-500:]}")
            if "found" not in machine.text and not re.search("LOST|panic", machine.text):
                continue
            trouble, done = check(machine.text, done, kill)
            if trouble:
                losses.append(trouble)
                print(trouble, flush=True)
                break
        print(f"QEMU killed {kill} times, {done} values written: "
              f"cuts made {kill}, losses found {len(losses)}")
    return 1 if losses or done == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
