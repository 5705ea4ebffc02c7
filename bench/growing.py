"""Logs that grow while a program looks at them, and what a running program uses."""
import calendar
import contextlib
import os
import shutil
import subprocess
import time

LINE = ('{"asctime": "%s", "name": "bench.marker", "levelname": "INFO", "message": "%s", "request_id": "bench", '
        '"user_id": null}\n')


def last_time(log):
    """asctime of the last line as seconds since 1970 in UTC."""
    with open(log, "rb") as f:
        f.seek(max(0, os.path.getsize(log) - (1 << 16)))
        line = f.read().rstrip(b"\n").rpartition(b"\n")[2]
    stamp = line.partition(b'"asctime": "')[2][:23].decode()
    return calendar.timegm(time.strptime(stamp[:19], "%Y-%m-%d %H:%M:%S")) + int(stamp[20:]) / 1000


def clock_of(seconds):
    """As the programs here show it: 11:46:32.693."""
    return time.strftime("%H:%M:%S", time.gmtime(seconds)) + f".{round(seconds * 1000) % 1000:03d}"


@contextlib.contextmanager
def copy_of(log, folder):
    """A copy that may be written to, gone afterwards."""
    path = os.path.join(folder, "live-" + os.path.basename(log))
    shutil.copyfile(log, path)
    try:
        yield path
    finally:
        os.remove(path)


class Marked:
    """A log that gets one line at a time, each with a word of its own in its message."""

    def __init__(self, path):
        self.file = open(path, "ab", buffering=0)
        self.offset = last_time(path) - time.time()

    def write(self, word):
        now = time.time() + self.offset
        stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(now)) + f",{int(now * 1000) % 1000:03d}"
        self.file.write((LINE % (stamp, word)).encode())

    def close(self):
        self.file.close()


@contextlib.contextmanager
def writing(helper, sample, path, rate):
    """The helper bench/writer at work until the end of the block."""
    process = subprocess.Popen([helper, sample, path, str(rate)])
    try:
        yield
    finally:
        process.kill()
        process.wait()


def _threads(pid, name):
    folder = f"/proc/{pid}/task"
    for thread in os.listdir(folder):
        with contextlib.suppress(OSError), open(f"{folder}/{thread}/{name}") as f:
            yield f.read()


def cpu_seconds(pid):
    """Of all its threads that live, exact to the nanosecond where the kernel keeps it."""
    return sum(int(text.split()[0]) for text in _threads(pid, "schedstat")) * 1e-9


def wakeups(pid):
    """How often its threads went to sleep, and so woke up again."""
    return sum(int(line.split()[1]) for text in _threads(pid, "status") for line in text.splitlines()
               if line.startswith("voluntary_ctxt_switches"))


def settle(terminal, quiet, limit=120):
    """Take what a program sends until it uses next to no CPU: it has read what there was."""
    end = time.monotonic() + limit
    while time.monotonic() < end and terminal.process.poll() is None:
        before = cpu_seconds(terminal.process.pid)
        terminal.take_for(quiet)
        if terminal.process.poll() is None and cpu_seconds(terminal.process.pid) - before < quiet * 0.05:
            return
