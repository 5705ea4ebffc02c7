"""The machine that was measured, in words, and the state of its page cache."""
import os
import platform
import time

from table import number


def _first(path, key):
    """The value of the first "key : value" line of a file in /proc, or ''."""
    try:
        with open(path) as f:
            return next((line.partition(":")[2].strip() for line in f if line.startswith(key)), "")
    except OSError:
        return ""


def _file_system(folder):
    """Its type, by the longest mount point that the folder is in."""
    folder, found = os.path.realpath(folder) + "/", ("", "unknown")
    try:
        with open("/proc/mounts") as f:
            for line in f:
                _, point, kind = line.split()[:3]
                if folder.startswith(point.rstrip("/") + "/"):
                    found = max(found, (point, kind), key=lambda m: len(m[0]))
    except OSError:
        pass
    return found[1]


def describe(folder):
    """One line: processor, cores, memory, kernel, file system of the folder, date."""
    model = _first("/proc/cpuinfo", "model name") or platform.machine()
    memory = int((_first("/proc/meminfo", "MemTotal") or "0").split()[0]) / 1024**2
    return (f"{model}, {len(os.sched_getaffinity(0))} cores, {number(memory)} GiB RAM, Linux {platform.release()}, "
            f"{_file_system(folder)}; {time.strftime('%Y-%m-%d')}")


def forget(path):
    """Drop a file's pages from the page cache; they must be on the disk already, or they stay."""
    fd = os.open(path, os.O_RDONLY)
    os.fsync(fd)
    os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(fd)


def remember(path):
    """Read a file into the page cache."""
    with open(path, "rb", buffering=0) as f:
        piece = bytearray(1 << 20)
        while f.readinto(piece):
            pass
