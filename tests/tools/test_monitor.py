# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`detent monitor`: on a pseudo terminal and on a socket."""
import os
import re
import select
import socket
import subprocess
import threading
import tty
import unittest

from harness import LAUNCHER, Case, tool


class Monitor(Case):
    """The test holds the other end of the line."""

    def start(self, *options):
        """The monitor as a process with pipes; killed after a while, so that no read waits forever."""
        process = subprocess.Popen([LAUNCHER, "monitor", *options], stdin=-1, stdout=-1, stderr=-1)
        watchdog = threading.Timer(60, process.kill)
        watchdog.start()
        self.addCleanup(watchdog.cancel)
        return process

    def test_pseudo_terminal(self):
        board, port = os.openpty()
        tty.setraw(port)
        with self.start("--port", os.ttyname(port), "--log", "log.txt") as process:
            os.write(board, b"hello\r\n")
            self.assertEqual(process.stdout.read(7), b"hello\r\n")
            process.stdin.write(b"list\n")
            process.stdin.flush()
            self.assertEqual(select.select([board], [], [], 20)[0], [board])
            self.assertEqual(os.read(board, 100), b"list\n")
            os.close(port)
            os.close(board)
            out, err = process.communicate(timeout=60)
            self.assertEqual((process.returncode, out), (0, b""), err)
            self.assertIn(b"line was closed", err)
        self.assertEqual(self.read("log.txt"), b"hello\r\n")

    def test_socket_with_timestamps(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            def serve():
                peer, _ = server.accept()
                with peer:
                    peer.sendall(b"one\r")
                    peer.sendall(b"\ntwo\r\n")
            thread = threading.Thread(target=serve)
            thread.start()
            with self.start("--tcp", f"127.0.0.1:{server.getsockname()[1]}", "--timestamps") as process:
                out, err = process.communicate(timeout=60)
            thread.join()
        self.assertEqual(process.returncode, 0, err)
        stamp = rb"\[\d\d:\d\d:\d\d\.\d\d\d\] "
        self.assertTrue(re.fullmatch(stamp + b"one\r\n" + stamp + b"two\r\n", out), out)

    def test_ends_after_a_time(self):
        board, port = os.openpty()
        with self.start("--port", os.ttyname(port), "--for", "0.3") as process:
            process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0)
        os.close(board)
        os.close(port)

    def test_run(self):
        with self.start("--run", "--board nope") as process:
            out, err = process.communicate(timeout=60)
        self.assertIn(b"no board 'nope'", out)
        self.assertEqual(process.returncode, 1, err)
        with self.start("--run", "'") as process:
            _, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 2)
        self.assertIn(b"quotation", err)

    def test_errors(self):
        self.write("file", b"")
        self.assert_one_line(tool("monitor", "--port", "/dev/no-such-port"), "no such port")
        self.assert_one_line(tool("monitor", "--port", "file"), "not a serial port")
        self.assert_one_line(tool("monitor", "--port", "file", "--baud", "12345"), "12345")
        self.assert_one_line(tool("monitor", "--tcp", "nonsense"), "HOST:PORT")
        with socket.create_server(("127.0.0.1", 0)) as server:
            free = server.getsockname()[1]
        self.assert_one_line(tool("monitor", "--tcp", f"127.0.0.1:{free}"), "cannot connect")
        self.assertEqual(tool("monitor").code, 2)


if __name__ == "__main__":
    unittest.main()
