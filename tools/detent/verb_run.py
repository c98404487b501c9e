# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`detent run`: boots a kernel in QEMU with applications."""
import argparse
import os
import shlex
import signal
import subprocess
import sys

from . import ROOT, board, qemu, session, steps
from .args import Parser, number, seconds, words
from .console import printable, warn
from .errors import EXIT_FAILURE, EXIT_OK, ToolError, UsageError
from .files import in_memory, read_file
from .verb_image import place

EXAMPLES = [
    "detent run --board qemu-rv32-virt --app hello.tab",
    "detent run --board qemu-rv32-virt --app hello.tab --expect 'Hello' --send 'list\\n' --expect PID",
    "detent run --board mps2-an386 --app blink.tab --until 'LED 0 on' --timeout 20",
    "detent run --board qemu-rv32-virt --app test.tab --icount --expect-exit 0",
    "detent run --board qemu-rv32-virt --app counter.tab --flash flash.bin",
    "detent run --board qemu-rv32-virt --gdb",
    "detent run --board qemu-rv32-virt --app loader.tab --console unix:console.sock,server=on,wait=off",
]
DESCRIPTION = """Boots build/BOARD/kernel.elf in QEMU. On a terminal, and without steps, it is a live
console (Ctrl-A X ends it). Steps (--expect, --send, --send-after, --input, --expect-exit) are
taken in the order given; the exit code is 0 once all are done. Without a terminal and without
steps the console is shown for a bounded time (--for, --until)."""
DEFAULT_PANIC = r"(?i)^\*\*\* kernel panic"
DEFAULT_SHOW_S = 10


class _Step(argparse.Action):
    """Appends to one list of steps, so that the order on the command line is kept."""

    def __call__(self, parser, namespace, values, option_string=None):
        try:
            made = _STEPS[option_string](values)
        except UsageError as error:
            parser.error(f"{option_string}: {error}")
        namespace.steps = (namespace.steps or []) + made


_STEPS = {
    "--expect": lambda v: [(steps.EXPECT, steps.pattern(v))],
    "--send": lambda v: [(steps.SEND, steps.unescape(v))],
    "--send-after": lambda v: [(steps.EXPECT, steps.pattern(v[0])), (steps.SEND, steps.unescape(v[1]))],
    "--input": lambda v: [(steps.SEND, _input(v))],
    "--expect-exit": lambda v: [(steps.EXIT, v)],
}


def _pattern(text):
    try:
        return steps.pattern(text)
    except UsageError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _input(path):
    return sys.stdin.buffer.read() if path == "-" else read_file(path)


def main(argv):
    """Runs the verb."""
    options = _parse(argv)
    target = board.load(options.board)
    kernel = find_kernel(options.kernel, target)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    image = _image(options, target)
    arguments = qemu.command(target, kernel, image, options)
    if options.dry_run:
        print(shlex.join(arguments))
        if options.app:
            print("detent: the loader's file exists during a run only; make one with detent image "
                  "and give it with --image", file=sys.stderr)
        return EXIT_OK
    if options.gdb:
        print(f"waiting for gdb: gdb-multiarch {kernel} -ex 'target remote :{options.gdb}'",
              file=sys.stderr)
    if options.console:
        return _elsewhere(arguments)
    return _live(arguments) if options.live else _headless(arguments, options)


def _parse(argv):
    parser = Parser("run", DESCRIPTION, EXAMPLES)
    add = parser.add_argument
    add("--board", required=True, help="a board's name, or its folder with a slash")
    add("--app", action="append", default=[], metavar="FILE",
        help="a .tbf or .tab file, or raw:FILE to place it unchecked; repeatable")
    add("--image", metavar="BIN", help="an image made by detent image, instead of --app")
    add("--kernel", metavar="ELF", help="default: build/BOARD/kernel.elf")
    step = {"action": _Step, "dest": "steps"}
    add("--expect", metavar="REGEX", help="wait until the console shows this", **step)
    add("--send", metavar="TEXT", help=r"type TEXT; \n \r \t \e \xHH are replaced", **step)
    add("--send-after", nargs=2, metavar=("REGEX", "TEXT"), help="--expect, then --send", **step)
    add("--input", metavar="FILE", help="type the contents of FILE (- is standard input)", **step)
    add("--expect-exit", type=number(31), metavar="CODE", help="wait until the guest ends QEMU", **step)
    add("--fail-on", action="append", type=_pattern, metavar="REGEX",
        help="fail when the console shows this and no step waits for it (default: kernel panic)")
    add("--timeout", type=seconds, default=60.0, metavar="S", help="for all steps (default 60)")
    add("--for", type=seconds, dest="show_for", metavar="S", help="show the console for S seconds")
    add("--until", type=_pattern, metavar="REGEX",
        help="show the console until this; fails at --timeout, but not at --for")
    add("--log", metavar="FILE", help="also write the console to FILE")
    add("--console", metavar="DEVICE",
        help="QEMU device of the console instead of this terminal: unix:NAME,server=on,wait=off, pty")
    add("--serial", action="append", default=[], metavar="DEVICE",
        help="QEMU device of the next serial port: file:NAME, pty, null; repeatable")
    add("--flash", metavar="FILE", help="what keeps the board's flash over runs; made if it is not there")
    add("--smepmp", choices=("on", "off", "auto"), default="auto")
    add("--icount", action="store_true", help="count instructions: 1 ns each, deterministic")
    add("--gdb", nargs="?", type=number(16), const=1234, metavar="PORT", help="wait for gdb")
    add("--qemu-arg", type=words, action="append", default=[], metavar="ARGS",
        help="more arguments for QEMU, as in --qemu-arg='-d int'")
    add("--dry-run", action="store_true", help="print the QEMU command line and end")
    options = parser.parse_args(argv)
    if options.image and options.app:
        parser.error("give --image or --app, not both")
    if options.steps and (options.until or options.show_for):
        parser.error("--for and --until do not go with steps; use --expect and --timeout")
    if options.console and (options.steps or options.until or options.show_for or options.log):
        parser.error("--console goes with nothing that looks at the console")
    headless = options.steps or options.until or options.show_for
    options.live = not headless and sys.stdin is not None and sys.stdin.isatty()
    return options


def find_kernel(path, target):
    """The kernel's ELF file: `path`, or the one that was built for the board."""
    if path:
        if os.path.isfile(path):
            return path
        raise ToolError(f"{path}: no such file; give the kernel's ELF file")
    path = target.kernel
    if os.path.isfile(path):
        return path
    inside = target.folder.startswith(os.path.join(ROOT, "boards"))
    raise ToolError(f"{os.path.relpath(path)} is missing; run: make "
                    f"{f'BOARD={target.name}' if inside else f'-C {target.folder}'}")


def _image(options, target):
    if options.image:
        data = read_file(options.image)
        if len(data) > target.app_size:
            raise ToolError(f"{options.image}: {len(data)} bytes, but {target.name} has "
                            f"{target.app_size} for applications; leave something out")
        return os.path.abspath(options.image)
    if not options.app:
        return None
    result, remarks = place(target, options.app)
    for text in remarks:
        warn(text)
    return in_memory("apps.bin", result.image())


def _live(arguments):
    """QEMU has the terminal; it passes keys through and restores the terminal at its end."""
    print("Ctrl-A X ends QEMU, Ctrl-A H shows its help.", file=sys.stderr)
    saved = _terminal_state()
    process = qemu.start(arguments)
    try:
        code = process.wait()
    finally:
        qemu.kill(process)
        _restore_terminal(saved)
    return code if code >= 0 else EXIT_FAILURE


def _elsewhere(arguments):
    """Somebody else has the console: until QEMU ends, or Ctrl-C."""
    process = qemu.start(arguments, stdin=subprocess.DEVNULL)
    try:
        code = process.wait()
    finally:
        qemu.kill(process)
    return code if code >= 0 else EXIT_FAILURE


def _terminal_state():
    import termios
    try:
        return termios.tcgetattr(0)
    except termios.error:
        return None


def _restore_terminal(saved):
    import termios
    if saved is not None:
        termios.tcsetattr(0, termios.TCSADRAIN, saved)


def _headless(arguments, options):
    fail_on = options.fail_on or [steps.pattern(DEFAULT_PANIC)]
    showing = not options.steps
    todo = options.steps or [(steps.EXPECT, options.until or steps.pattern(r"(?!)"))]
    limit = options.timeout
    if showing:
        limit = options.show_for or (options.timeout if options.until else DEFAULT_SHOW_S)
    script = steps.Script(todo, fail_on)
    log = session.open_log(options.log)
    try:
        run = session.Session(arguments, script, limit, log)
        run.run()
    finally:
        if log is not None:
            log.close()
    return _verdict(run, script, options, limit)


def _verdict(run, script, options, limit):
    showing = not options.steps
    if script.done:
        return EXIT_OK
    if script.failure:
        return _failed(script.failure)
    if run.ended:
        said = f" ({run.qemu_said})" if run.qemu_said else ""
        if showing and not said:
            return run.exit_code if run.exit_code >= 0 else EXIT_FAILURE
        if showing:
            return _failed(f"QEMU ended with code {run.exit_code}{said}", run.exit_code)
        return _failed(f"QEMU ended with code {run.exit_code}{said}: {script.waiting_for}")
    if showing and (options.show_for or not options.until):
        print(f"\n[shown for {limit:g} s; run it in a terminal for a live console]", file=sys.stderr)
        return EXIT_OK
    return _failed(f"timeout after {limit:g} s: {script.waiting_for}")


def _failed(text, code=EXIT_FAILURE):
    sys.stdout.flush()
    print(f"\ndetent run: {printable(text)}", file=sys.stderr)
    return code if code > 0 else EXIT_FAILURE
