# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Tests as jobs: programs with a time limit, run two at a time, each with a log of its own."""
import ctypes
import os
import queue
import shlex
import signal
import subprocess
import threading
import time

from . import ROOT

PASSED, FAILED, SKIPPED = "ok", "FAIL", "-"
LOGS = os.path.join(ROOT, "build", "test")
_PR_SET_PDEATHSIG = 1  # prctl(2)
_LIBC = ctypes.CDLL(None)


class Failed(Exception):
    """A test found something wrong; the text says what."""


class Skipped(Exception):
    """A test finds that what it needs is not on this machine; the text says what."""


class Job:
    """One test on one column of the report.

    `work(log)` does it: it calls log.run() for each program, and raises Failed where something is
    wrong. `skip` is the reason why it cannot run, or None; what takes time to find out is not asked
    for it, for jobs are made to be listed too: then `work` raises Skipped.
    """

    def __init__(self, name, column, work, limit_s=120, skip=None):
        self.name, self.column, self.work = name, column, work
        self.limit_s, self.skip = limit_s, skip
        self.outcome = SKIPPED if skip else None
        self.why = skip or ""
        self.seconds = 0.0

    @property
    def log_path(self):
        """Where everything that the test's programs say goes."""
        return os.path.join(LOGS, self.column.replace("/", "_"), self.name + ".log")


class Log:
    """A running job's log file and time limit."""

    def __init__(self, job):
        os.makedirs(os.path.dirname(job.log_path), exist_ok=True)
        self.path = job.log_path
        self.folder = job.log_path[:-len(".log")]
        self._limit_s = job.limit_s
        self._deadline = time.monotonic() + job.limit_s
        with open(self.path, "wb"):
            pass

    def write(self, text):
        """Appends `text`."""
        with open(self.path, "ab") as stream:
            stream.write(text.encode())

    def text(self):
        """All of it so far."""
        with open(self.path, "rb") as stream:
            return stream.read().decode("utf-8", "replace")

    def run(self, arguments, expect=0, env=None, cwd=ROOT):
        """Runs a program to its end, its output into the log; returns its exit code.

        Raises Failed where the time is up (everything it started is killed), or where the exit
        code is not `expect` (None: any will do).
        """
        self.write("$ " + shlex.join(arguments) + "\n")
        with open(self.path, "ab") as stream:
            code = self._wait(arguments, stream, env, cwd)
        if expect is not None and code != expect:
            raise Failed(f"exit code {code}: {self._last_line()}")
        return code

    def _wait(self, arguments, stream, env, cwd):
        with open(self.path, "ab") as errors:
            process = _start(arguments, stream, errors, env, cwd)
        try:
            return process.wait(max(0.0, self._deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise Failed(f"killed: it took more than {self._limit_s} s") from None
        finally:
            _kill_group(process)

    def _last_line(self):
        lines = [line.strip() for line in self.text().splitlines() if line.strip()]
        return lines[-1] if lines else "it said nothing"


    def output_of(self, arguments):
        """Runs a program and returns its standard output; the rest goes into the log."""
        path = self.path + ".out"
        with open(path, "wb") as stream:
            code = self._wait(arguments, stream, None, ROOT)
        with open(path, encoding="utf-8", errors="replace") as stream:
            text = stream.read()
        os.remove(path)
        if code != 0:
            self.write(text)
            raise Failed(f"exit code {code}: {self._last_line()}")
        return text


def _start(arguments, output, errors, env, cwd):
    try:
        return subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=output, stderr=errors,
                                env=clean_environment(env), cwd=cwd, start_new_session=True,
                                preexec_fn=die_with_parent)
    except OSError as error:
        raise Failed(f"{arguments[0]} does not start: {error.strerror}") from None


def die_with_parent():
    """For a child between fork and exec: it is killed with this process, however that ends."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _kill_group(process):
    """Whatever the program has left running ends with it."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def clean_environment(extra=None):
    """The environment without what a calling make put there for its own children."""
    out = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES")}
    out.update(LC_ALL="C", PYTHONDONTWRITEBYTECODE="1")
    out.update(extra or {})
    return out


def perform(job):
    """Runs one job that is not skipped and notes how it ended."""
    started = time.monotonic()
    log = Log(job)
    try:
        job.work(log)
        job.outcome = PASSED
    except Skipped as reason:
        job.outcome, job.why = SKIPPED, str(reason)
    except Failed as failure:
        job.outcome, job.why = FAILED, str(failure)
    except Exception as error:  # a mistake in a test must not hide the others
        job.outcome, job.why = FAILED, f"the test itself is wrong: {type(error).__name__}: {error}"
    job.seconds = time.monotonic() - started
    if job.outcome == FAILED:
        log.write(f"\nFAILED: {job.why}\n")


def perform_all(jobs, workers, tell):
    """Runs the jobs, `workers` at a time in the order given; `tell(job)` after each."""
    waiting = queue.SimpleQueue()
    for job in jobs:
        waiting.put(job)
    telling = threading.Lock()

    def worker():
        while True:
            try:
                job = waiting.get_nowait()
            except queue.Empty:
                return
            if job.outcome is None:
                perform(job)
            with telling:
                tell(job)

    threads = [threading.Thread(target=worker, daemon=True) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
