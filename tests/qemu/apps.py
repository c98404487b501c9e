# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Applications that do what applications do."""
from lib.emulator import Test, ask, expect, expect_all, play, send
from lib.jobs import Failed

PROMPT = r"detent\$ "
PRINTF_ALL = (
    r"int 0 -2147483648 2147483647\nunsigned 0 4294967295\nhex deadbeef DEADBEEF 0x1f 0000002a\n"
    r"octal 10\nwidth \[   42\] \[42   \] \[00042\] \[\+42\]\n"
    r"char ok string word \[   right\] \[left    \] \[cut\]\nshort -3 200 long -70000 70000\n"
    r"sizes 4 123456789 abcdef\npercent %\n(?:\d\d-0123456789){20} end of a long line\n"
    r"no end of line here but flushed\nsnprintf 7 seven\nlength 16\n\.\nstderr too\n"
    r"printf_all: done")


def guess(console):
    """Finds the number by halving."""
    low, high = 1, 100
    while low <= high:
        console.wait_for(r"guess: your number\? ")
        number = (low + high) // 2
        answer = console.wait_for(rf"guess: (?:{number} is too (small|large)|right, after \d+ tries)",
                                  b"%d\r" % number)
        if not answer[1]:
            return
        low, high = (number + 1, high) if answer[1] == "small" else (low, number - 1)
    raise Failed("no number from 1 to 100 is the secret")


TESTS = [
    Test("apps-several", apps=("hello", "bss_data", "preempt", "rng"), needs="rng",
         steps=[expect_all("Hello from a process!", "bss_data: 0 failed", "preempt: spinning",
                           "rng: done")]),
    Test("apps-same-twice", apps=("hello", "hello", "hello"),
         steps=[expect(*["Hello from a process!"] * 3)]),
    Test("apps-abi-check", apps=("abi_check",), forbid=(r"kernel panic", r"(?i)abi_check: .*wrong"),
         steps=[expect(r"abi_check: [1-9]\d+ passed, 0 failed$")]),
    Test("apps-bss-data", small=True, apps=("bss_data",), steps=[expect(r"bss_data: 0 failed$")]),
    Test("apps-printf", small=True, apps=("printf_all",), steps=[expect(PRINTF_ALL)]),
    Test("apps-alarm-clock", small=True, apps=("alarm_clock",),
         steps=[expect("alarm_clock: set", *[f"alarm_clock: {n} s$" for n in range(1, 6)],
                       r"alarm_clock: ring! \(after 5 ticks\)", "alarm_clock: 6 s$",
                       "alarm_clock: 20 s$")]),
    Test("apps-multi-alarm", small=True, apps=("multi_alarm",), steps=[expect(r"multi_alarm: 0 failed$")]),
    Test("apps-multi-alarm-twice", apps=("multi_alarm", "multi_alarm", "preempt"),
         steps=[expect(r"multi_alarm: 0 failed$", r"multi_alarm: 0 failed$")]),
    Test("apps-rng", apps=("rng",), needs="rng",
         steps=[expect(*[r"rng:(?: [0-9a-f]{2}){16}$"] * 3, "rng: done$")],
         forbid=("kernel panic", r"(?s)rng:((?: [0-9a-f]{2}){16})\n.*rng:\1\n")),
    Test("apps-rng-missing", small=True, apps=("rng",), needs="!rng",
         steps=[expect(r"rng: (?!done)\w+")], forbid=("kernel panic", "rng: done")),
    Test("apps-rng-fair", apps=("rng", "rng", "rng"), needs="rng", steps=[expect(*["rng: done"] * 3)]),
    Test("apps-guess", small=True, apps=("guess",), needs="console-input",
         steps=[expect("guess: I think of", r"guess: your number\? "), ask(r"word\r", "please a number"),
                ask(r"101\r", "please a number"), play(guess)]),
    Test("apps-console-echo", small=True, apps=("console_echo",), needs="console-input",
         steps=[expect("console_echo: ready"), ask(r"first line\r", r"console_echo: 10 \[first line\]"),
                ask(r"\r", r"console_echo: 0 \[\]"), ask(r"quit\r", r"console_echo: 4 \[quit\]")]),
    Test("apps-buttons", apps=("buttons",), needs="buttons leds process-console",
         steps=[expect(r"buttons: watching [1-9]"), send(r"button 0 tap\r"),
                expect_all("buttons: 0 pressed", r"button 0: tap", "buttons: 0 released"),
                send(r"led\r"), expect("LED 0: on", "LED 1: off", PROMPT),
                send(r"button 1 press\r"), expect("buttons: 1 pressed"),
                send(r"button 0 tap\r"), expect("buttons: 0 pressed", "buttons: 0 released"),
                send(r"led\r"), expect("LED 0: off", "LED 1: on", PROMPT)],
         forbid=("kernel panic", "buttons: 1 released")),
    Test("apps-blink", apps=("blink",), needs="leds process-console",
         steps=[expect(PROMPT), ask(r"list\r", r"blink +\d+ +\d{2,} .* Yielded"),
                send(r"led\r"), expect("LED 0: on|LED 0: off")]),
    Test("apps-blink-unseen", small=True, apps=("blink",), needs="!leds process-console",
         steps=[expect(PROMPT), ask(r"list\r", r"blink +\d+ +\d{2,} .* Yielded")]),
    Test("apps-exit-restart", small=True, apps=("exit_restart",),
         steps=[expect("exit_restart: started at [0-9] ms", "exit_restart: restarting",
                       "exit_restart: started at [2-3][0-9] ms", "exit_restart: ending with status 7")],
         forbid=("kernel panic", "memory is stale")),
    Test("apps-completion-code", small=True, apps=("exit_restart",), needs="process-console",
         steps=[expect("ending with status 7"), ask(r"list\r", r"exit_restart +\d+ +\d+ +[3-9] .* Terminated"),
                send(r"process exit_restart\r"), expect("completion code 7")]),
    Test("apps-preempt", apps=("preempt", "hello", "alarm_clock"), reference=True,
         steps=[expect_all("preempt: spinning", "Hello from a process!", "alarm_clock: 1 s")]),
    Test("apps-preempt-counted", small=True, apps=("preempt", "preempt"), needs="process-console",
         steps=[expect("preempt: spinning", "preempt: spinning"),
                ask(r"list\r", r" preempt +[1-9]\d* +\d+ +0 .* Running")]),
    Test("apps-own-malloc", small=True, apps=("own_malloc",),
         steps=[expect("own_malloc: starting", "own_malloc: .*, enough blocks, zero, own calls")]),
    Test("apps-scopes", small=True, apps=("scopes",), steps=[expect("scopes: 0 failed")]),
    Test("apps-atexit", small=True, apps=("exit_atexit",), steps=[expect("exit_atexit: main, first, last")]),
    Test("apps-assert", small=True, apps=("assert_fails", "hello"), forbid=("kernel panic", "came back"),
         steps=[expect_all("assert_fails: going on(?s:.*)three == 4", "Hello from a process!")]),
    Test("apps-lent-buffer", small=True, apps=("owned_misuse", "hello"), forbid=("kernel panic", "came back"),
         steps=[expect_all("owned_misuse: touching a lent buffer", "Hello from a process!")]),
    Test("apps-exit-status", small=True, apps=("exit_atexit",), needs="process-console",
         steps=[expect("main, first, last"), ask(r"list\r", "exit_atexit .* Terminated"),
                send(r"process exit_atexit\r"), expect("Terminated", "completion code 42")]),
    Test("apps-float-state", apps=("fpu_state", "fpu_state", "preempt"), needs="fpu",
         steps=[expect("fpu_state: 0 failed", "fpu_state: 0 failed")]),
]
