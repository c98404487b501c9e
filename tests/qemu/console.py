# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The process console: its commands, line editing and history."""
from lib import emulator
from lib.emulator import Test, expect, send

PROMPT = r"^detent\$ "
HEADER = r"^ PID +ShortID +Name +Quanta +Syscalls +Restarts +Grants +State$"
COMMANDS = ("help list status start stop fault terminate boot process kernel led button "
            "reset panic").split()


def row(name, state, restarts=r"\d+"):
    """A line of `list`."""
    return rf"^ \d+ +(?:Unique|0x[0-9a-f]+) +{name} +\d+ +\d+ +{restarts} +\d+/ *\d+ +{state}$"


def ask(line, *patterns):
    """Types a command, waits for what it says and for the next prompt."""
    return send(line + r"\r") + expect(*patterns, PROMPT)


def keys(name, typed, *patterns, apps=("preempt",)):
    """Keys on an empty line with `preempt` running."""
    return Test("console-" + name, small=True, needs="process-console", apps=apps,
                steps=[expect("preempt: spinning")] + typed + [expect(*patterns)])


RUNNING = row("preempt", "Running")

TESTS = [
    Test("console-help", small=True, needs="process-console",
         steps=[expect(PROMPT), ask("help", *[rf"^ +{c} .*\w" for c in COMMANDS])]),
    Test("console-list", small=True, needs="process-console", apps=("preempt", "hello"),
         steps=[expect("Hello from a process!"), send(r"list\r"), expect(HEADER)],
         require=()),
    Test("console-list-all", needs="process-console", apps=("preempt", "hello", "alarm_clock"),
         steps=[expect("Hello from a process!"),
                ask("list", HEADER, row("preempt|hello|alarm_clock", r"\w+"),
                    row("preempt|hello|alarm_clock", r"\w+"), row("preempt|hello|alarm_clock", r"\w+"))]),
    Test("console-status", small=True, needs="process-console", apps=("preempt", "hello"),
         steps=[expect("Hello from a process!"), emulator.ask(  # until hello has ended, too
             r"status\r", r"^Total processes: 2\nActive processes: 1\nTimeslice expirations: \d+$")]),
    Test("console-stop-start", small=True, needs="process-console", apps=("preempt",),
         steps=[expect("spinning"), ask("list", RUNNING), ask("stop preempt", "^Process preempt stopped$"),
                ask("list", row("preempt", "Stopped")), ask("stop preempt", "^cannot stop preempt"),
                ask("start preempt", "^Process preempt resumed.$"), ask("list", RUNNING),
                ask("start preempt", "^cannot start preempt")]),
    Test("console-stop-yielded", needs="process-console buttons", apps=("buttons",),
         steps=[expect("buttons: watching"), ask("stop buttons", "stopped"),
                ask("list", row("buttons", "Stopped")), ask("button 0 tap", "button 0: tap"),
                send(r"start buttons\r"), expect("buttons: 0 pressed", "buttons: 0 released")]),
    Test("console-terminate-boot", small=True, needs="process-console", apps=("preempt",),
         steps=[expect("spinning"), ask("terminate preempt", "^Process preempt terminated$"),
                ask("list", row("preempt", "Terminated")), ask("terminate preempt", "^cannot terminate"),
                send(r"boot preempt\r"), expect("preempt: spinning"), ask("list", RUNNING),
                ask("boot preempt", "^cannot boot")]),
    Test("console-fault", small=True, needs="process-console", apps=("preempt",),
         steps=[expect("spinning"), ask("fault preempt", "Process preempt now faulted"),
                ask("list", row("preempt", "Faulted")), send(r"boot preempt\r"),
                expect("preempt: spinning")]),
    Test("console-by-pid", small=True, needs="process-console", apps=("preempt",),
         steps=[expect("spinning"), ask("stop 0", "^Process preempt stopped$"),
                ask("process 0", "^Process preempt, PID 0: Stopped$")]),
    Test("console-process", small=True, needs="process-console", apps=("preempt",),
         steps=[expect("spinning"), ask(
             "process preempt", "^Process preempt, PID 0: Running$",
             r"^ +RAM +0x\w{8} - 0x\w{8} +\d+ bytes: \d+ requested, \d+ for grants, \d+ wasted",
             r"^ +grants +0x\w{8} - 0x\w{8} +\d+ bytes, \d+ of \d+ drivers$",
             r"^ +unused +0x\w{8} - 0x\w{8}", r"^ +application +0x\w{8} - 0x\w{8}",
             r"^ +Flash +0x\w{8} - 0x\w{8}", r"system calls [1-9]\d*,", "completion code 0")]),
    Test("console-kernel", small=True, needs="process-console",
         steps=[expect(PROMPT), ask("kernel", r"code +0x\w{8} - 0x\w{8}", r"stack +0x\w{8} - 0x\w{8}",
                                    r"app flash +0x\w{8}", r"app RAM +0x\w{8}", "version=", "board=",
                                    "toolchain=", "flags=")]),
    Test("console-wrong", small=True, needs="process-console",
         steps=[expect(PROMPT), ask("nonsense", "^unknown command: nonsense"), ask("stop", "^usage: stop "),
                ask("stop nobody", "^no process nobody"), ask("boot 99", "^no process 99"),
                ask("process", "^usage: process"), ask("fault 4294967296", "^no process 4294967296"),
                ask("LIST", "^unknown command: LIST"), ask("   ")]),
    Test("console-panel", needs="process-console buttons leds",
         steps=[expect(PROMPT), ask("led", "^LED 0: off$", "^LED 1: off$"),
                ask("button 0 press", "^button 0: press$"), ask("button 0 press", "so already"),
                ask("button 0 release", "^button 0: release$"), ask("button 77 tap", "^no button 77: this board has"),
                ask("button", "^usage: button"), ask("button 0", "^usage"), ask("button 0 kick", "^usage")]),
    keys("backspace", [send(r"lisx\x7ft\r")], HEADER, RUNNING),
    keys("arrows", [send(r"ist\e[D\e[D\e[Dl\e[C\e[C\e[C\r")], HEADER, RUNNING),
    keys("kill-line", [send(r"garbage\x15list\r")], HEADER, RUNNING),
    keys("kill-word", [send(r"list now\x17\r")], HEADER, RUNNING),
    keys("home-end", [send(r"is\x01l\x05t\r")], HEADER, RUNNING),
    keys("delete", [send(r"llist\x01\e[3~\r")], HEADER, RUNNING),
    keys("interrupt", [send(r"terminate preempt\x03"), expect(r"\^C", PROMPT), send(r"list\r")], HEADER, RUNNING),
    keys("history", [send(r"status\r"), expect("Total processes", PROMPT), send(r"list\r"),
                     expect(HEADER, PROMPT), send(r"\e[A\e[A\r")], "Total processes: 1"),
    keys("history-down", [send(r"status\r"), expect("Total processes", PROMPT), send(r"list\r"),
                          expect(HEADER, PROMPT), send(r"\e[A\e[A\e[B\r")], HEADER, RUNNING),
    keys("line-feed", [send(r"list\n")], HEADER, RUNNING),
    keys("carriage-line-feed", [send(r"list\r\nstatus\r\n")], HEADER, PROMPT, "Total processes"),
    keys("long-line", [send("x" * 300 + r"\x15list\r")], HEADER, RUNNING),
    keys("not-ascii", [send(r"\xff\x00\x80\e[99~\e[Zlist\r")], HEADER, RUNNING),
]
