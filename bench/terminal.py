"""A program on a pseudo-terminal, and when it sent what.

Bytes only: nothing here knows what the screen looks like, so that taking them costs next to nothing and the times are
the program's. What a key does is told by bytes that nothing else makes it send (live.py).
"""
import fcntl
import os
import select
import signal
import struct
import subprocess
import termios
import time

ENVIRONMENT = {"TZ": "UTC", "LC_ALL": "C.UTF-8", "TERM": "xterm-256color"}


def environment(**more):
    """The user's, but for what would change what is drawn or read."""
    return {**os.environ, **ENVIRONMENT, "XDG_CONFIG_HOME": "/nonexistent", **more}


def _take_terminal():
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class Terminal:
    """A running program. `sent` counts its bytes, `started` is the monotonic second of its start."""

    def __init__(self, argv, cols, rows, env=None):
        self.master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
        self.sent = 0
        self.started = time.monotonic()
        self.process = subprocess.Popen(argv, stdin=slave, stdout=slave, stderr=slave, env=env or environment(),
                                        start_new_session=True, preexec_fn=_take_terminal)
        os.close(slave)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            os.killpg(self.process.pid, signal.SIGTERM)
        except ProcessLookupError:
            pass
        end = time.monotonic() + 2
        while self.process.poll() is None and time.monotonic() < end:
            self.take(0.05)
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self.master)

    def take(self, seconds):
        """What came first within that time, as (bytes, monotonic second); bytes are b"" when nothing did."""
        if not select.select([self.master], [], [], max(0, seconds))[0]:
            return b"", time.monotonic()
        now = time.monotonic()
        try:
            piece = os.read(self.master, 1 << 16)
        except OSError:  # the program has ended
            piece = b""
        self.sent += len(piece)
        return piece, now

    def take_for(self, seconds):
        """Take what comes for that long; returns how many bytes."""
        before, end = self.sent, time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            self.take(end - time.monotonic())
        return self.sent - before

    def press(self, key):
        os.write(self.master, key)

    def wait(self, what, seconds=20, gap=0.0):
        """The second when the bytes `what` had been sent, counted from now on; None when they were not.

        With a gap, the second of the last byte before that long a silence: when the frame with `what` was complete.
        """
        tail, end = b"", time.monotonic() + seconds
        while time.monotonic() < end:
            piece, now = self.take(end - time.monotonic())
            if not piece and self.process.poll() is not None:
                return None
            tail = tail[-256:] + piece
            if what in tail:
                return self._end_of_burst(now, gap) if gap else now
        return None

    def _end_of_burst(self, last, gap):
        while True:
            piece, now = self.take(gap)
            if not piece:
                return last
            last = now

    def drain(self):
        """Take what is there already."""
        while self.take(0)[0]:
            pass
