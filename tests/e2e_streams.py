#!/usr/bin/python3
"""Archives, pipes, FIFOs and commands as inputs, and inputs that cannot be read. TAP on stdout."""
import gzip
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time

from loglines import LogFile, after, json_line, now, text_line
from tap import PROGRAM, command, environment, expect, expect_equal, instrumented, log, run, test
from terminal import Terminal

EACH = 500


def lines(count=EACH, level="INFO"):
    return "".join(text_line(f"record {i}", level, time=after(i)) for i in range(count)).encode()


def write(folder, name, data):
    path = os.path.join(folder, name)
    with open(path, "wb") as f:
        f.write(data)
    return path


def pack(tool, data):
    return subprocess.run([tool, "-q", "-c"], input=data, stdout=subprocess.PIPE, check=True).stdout


def report(*arguments, status=0, **how):
    result = command("report", "--output", "json", *arguments, **how)
    expect_equal(result.status, status, f"status of report ({result.err.strip()})")
    return json.loads(result.out), result


def total(data):
    return data["statistics"]["total_logs"]


TOOLS = [tool for tool in ("gzip", "zstd") if shutil.which(tool)]


# ---- archives

@test("archives are read by what they hold, whatever their name, also on standard input")
def _(folder):
    for tool in TOOLS:
        packed = pack(tool, lines())
        for name in (f"a.{tool}", "b.log"):
            data, _ = report(write(folder, name, packed))
            expect_equal(total(data), EACH, f"records of {tool} in {name}")
        data, _ = report("-", stdin=packed)
        expect_equal(total(data), EACH, f"records of {tool} on standard input")
        data, _ = report("-", stdin=packed + pack(tool, lines()))
        expect_equal(total(data), 2 * EACH, f"records of two members of {tool}")


@test("an archive that ends early gives what it has, says so, exit status 3; the others are read")
def _(folder):
    for tool in TOOLS:
        packed = pack(tool, lines(20000))
        path = write(folder, f"cut.{tool}", packed[:len(packed) // 2])
        data, result = report(path, log("app.log"), status=3)
        expect(total(data) > 693 + 1000 or tool == "zstd", f"records of {tool}: {total(data)}")
        expect(total(data) >= 693, f"records of the other: {total(data)}")
        expect_equal(result.err, f"tailboard: {path}: the archive ends early\n", "standard error")


@test("a damaged archive gives what can be read, says why, exit status 3")
def _(folder):
    packed = bytearray(gzip.compress(lines(20000)))
    packed[len(packed) // 2:len(packed) // 2 + 64] = bytes(64)
    data, result = report(write(folder, "bad.gz", bytes(packed)), log("app.log"), status=3)
    expect(total(data) > 693 + 1000, "records:", total(data))
    expect("bad.gz: the archive cannot be read on: " in result.err, result.err)


def peak_memory(*arguments):
    """(KiB, standard output) of the program."""
    measure = ("import resource, subprocess, sys\n"
               "p = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE)\n"
               "sys.stdout.buffer.write(p.stdout)\n"
               "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)\n"
               "sys.exit(p.returncode)")
    result = subprocess.run([sys.executable, "-c", measure, PROGRAM, *arguments], capture_output=True, text=True,
                            timeout=120, env=environment())
    expect_equal(result.returncode, 0, f"status ({result.stderr})")
    return int(result.stderr.split()[-1]), result.stdout


@test("an archive, and a command, that bring more than the memory holds are read through within it")
def _(folder):
    path = os.path.join(folder, "big.gz")
    chunk, times = lines(5000) * 10, 40
    with gzip.open(path, "wb", 1) as f:
        for _ in range(times):
            f.write(chunk)
    for arguments in ([path], ["--", "zcat", path]):
        peak, out = peak_memory("report", "--output", "json", "--memory", "64M", *arguments)
        expect_equal(total(json.loads(out)), times * 50000, "records")
        expect(instrumented() or peak < 100 * 1024, f"peak memory {peak} KiB")


@test("an archive that grows is read on; a folder gives archives whose log is not there")
def _(folder):
    path = write(folder, "app.log.2.gz", gzip.compress(text_line("first member", time=now()).encode()))
    with Terminal(folder) as t:
        t.wait("first member")
        with open(path, "ab") as f:
            f.write(gzip.compress(text_line("second member", time=now()).encode()))
        t.wait("second member")


# ---- commands

def shell(script):
    return ["--", "/bin/sh", "-c", script]


@test("report and search read a command until it exits, its standard error too")
def _(folder):
    path = write(folder, "a.log", lines())
    data, result = report(*shell(f"cat {path}; cat {log('app.log')} >&2"))
    expect_equal(total(data), EACH + 693, "records")
    expect_equal(data["statistics"]["by_source"], {"sh": EACH, "sh stderr": 693}, "by source")
    expect_equal(result.err, "", "standard error")
    result = command("search", "--count", "record", *shell(f"cat {path}; sleep 0.3; cat {path}"))
    expect_equal((result.status, result.out.strip()), (0, str(2 * EACH)), "hits")
    data, _ = report(log("app.log"), "--", "cat", path)
    expect_equal(total(data), EACH + 693, "records of a file and a command")


@test("how a command ended is told; one that cannot be run is, with exit status 3")
def _(folder):
    for script, words in [("echo; exit 7", "exited 7"), ("kill -SEGV $$", "killed by SIGSEGV")]:
        _, result = report(*shell(script))
        expect(words in result.err and len(result.err.splitlines()) == 1, repr(result.err))
    data, result = report(log("app.log"), "--", "/nonexistent/command", "x", status=3)
    expect_equal(total(data), 693, "records of the others")
    expect("/nonexistent/command" in result.err and "o such file" in result.err, result.err)
    expect_equal(len(result.err.splitlines()), 1, "lines on standard error")


@test("words behind -- that begin with a dash are files, and so is the query of a search")
def _(folder):
    write(folder, "-x", lines())
    data, _ = report("--", "-x", cwd=folder)
    expect_equal(total(data), EACH, "records")
    result = command("search", "--count", "--", "-nothing", log("app.log"))
    expect_equal(result.out.strip(), "693", "records without a word")
    result = command("search", "--count", "--", "record", os.path.join(folder, "-x"))
    expect_equal(result.out.strip(), str(EACH), "hits")
    result = command("search", "--count", "--", "-nothing", "--", "cat", log("app.log"))
    expect_equal(result.out.strip(), "693", "records of a command")


@test("the dashboard shows a command in a session of its own, and ends it")
def _(folder):
    pid_file = os.path.join(folder, "pid")
    script = f"echo $$ > {pid_file}; i=0; while :; do i=$((i+1)); echo INFO tick $i; sleep 0.2; done"
    with Terminal(*shell(script)) as t:
        t.wait("tick 2")
        expect("2 sources" in t.row(0), t.row(0))
        with open(pid_file) as f:
            pid = int(f.read())
        expect_equal(os.getsid(pid), pid, "session of the command")
        t.wait("tick 4")
        t.press("q")
        expect_equal(t.wait_exit(), 0, "exit status")
    for _ in range(200):
        if not os.path.exists(f"/proc/{pid}"):
            return
        time.sleep(0.02)
    raise AssertionError("the command still runs")


@test("a signal that ends a report ends its command too")
def _(folder):
    pid_file = os.path.join(folder, "pid")
    for number in (signal.SIGINT, signal.SIGTERM):
        process = subprocess.Popen([PROGRAM, "report", *shell(f"echo $$ > {pid_file}.new; mv {pid_file}.new {pid_file};"
                                                              "sleep 60; true")],
                                   stdout=subprocess.PIPE, env=environment())
        while not os.path.exists(pid_file):
            time.sleep(0.01)
        with open(pid_file) as f:
            pid = int(f.read())
        os.unlink(pid_file)
        process.send_signal(number)
        process.communicate(timeout=30)
        expect_equal(process.returncode, -number, "status")
        expect(not os.path.exists(f"/proc/{pid}"), "the command still runs")


@test("explain reads archives, and says that of a damaged one")
def _(folder):
    path = write(folder, "a.log", gzip.compress(lines()))
    result = command("explain", path)
    expect_equal((result.status, result.err), (0, ""), "status and standard error")
    expect("django" in result.out and str(EACH) in result.out, result.out)
    result = command("explain", write(folder, "b.log", gzip.compress(lines())[:-9]))
    expect_equal(result.status, 3, f"status of one that ends early ({result.err})")


@test("a writer that is faster than we are loses nothing")
def _(folder):
    count = 300000
    result = command("report", "--output", "json", "--memory", "32M", *shell(
        f"awk 'BEGIN {{ for (i = 0; i < {count}; i++) print \"INFO 2025-09-09 10:00:00,000 a 1 2 record \" i }}'"))
    expect_equal(total(json.loads(result.out)), count, "records")


@test("the dashboard says how a command ended")
def _(folder):
    with Terminal(*shell("echo INFO the last word; exit 3")) as t:
        t.wait("the last word")
        t.wait("exited 3")


@test("search --follow prints what a command writes as it comes, and ends with it")
def _(folder):
    process = subprocess.Popen([PROGRAM, "search", "--follow", "--output", "raw", *shell(
        "echo INFO first; sleep 0.5; echo INFO second >&2; exit 1")], stdout=subprocess.PIPE, env=environment())
    expect_equal(process.stdout.readline(), b"INFO first\n", "the first line")
    expect_equal(process.poll(), None, "status while the command runs")
    out, _ = process.communicate(timeout=30)
    expect_equal(out, b"INFO second\n", "the rest")
    expect(process.returncode in (0, 3), process.returncode)


@test("a command is started again from the pane of sources")
def _(folder):
    with Terminal(*shell("echo INFO this is run $$")) as t:
        t.wait("this is run")
        t.wait(lambda s: re.search(r"─ Log ─.* 1 ─$", s.text(), re.M))
        for count in (2, 3):
            t.press("5", "r")
            t.press("4")
            t.wait(lambda s: re.search(rf"─ Log ─.* {count} ─$", s.text(), re.M))


# ---- FIFOs

@test("a FIFO waits for its writer, and for the next one")
def _(folder):
    path = os.path.join(folder, "fifo")
    os.mkfifo(path)
    with Terminal(path) as t:
        t.wait("no writer yet")
        for turn in ("first", "second"):
            with open(path, "w") as f:
                f.write(text_line(f"{turn} writer", time=now()))
            t.wait(f"{turn} writer")
    reader = subprocess.Popen([PROGRAM, "report", "--output", "json", path], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, env=environment())
    expect_equal(reader.stderr.readline().decode(), f"tailboard: {path}: no writer yet\n", "what is said")
    with open(path, "wb") as f:
        f.write(lines())
    out, _ = reader.communicate(timeout=30)
    expect_equal((reader.returncode, total(json.loads(out))), (0, EACH), "status and records of report")


# ---- what cannot be read

@test("a folder where a file was meant, a vanished disk, a denied file: each is told, the others go on")
def _(folder):
    # Reading a process's memory at 0 is an input/output error, as a disk that is gone gives.
    data, result = report("/proc/self/mem", log("app.log"), status=3)
    expect_equal(total(data), 693, "records of the others")
    expect_equal(result.err, "tailboard: /proc/self/mem: Input/output error\n", "standard error")
    missing = os.path.join(folder, "later.log")
    with Terminal(missing, log("app.log")) as t:
        t.wait("693")
        os.mkdir(missing)
        t.wait(lambda s: "Is a directory" in s.text())
        os.rmdir(missing)
        LogFile(folder, "later.log", text_line("it is there", time=now()))
        t.wait("it is there")


@test("a file that shrinks while it is read")
def _(folder):
    file = LogFile(folder, "app.log", *[json_line("x" * 200, time=after(i)) for i in range(40000)])
    stop = threading.Event()

    def shrink():
        while not stop.is_set():
            os.truncate(file.path, os.path.getsize(file.path) // 2)
            time.sleep(0.002)

    thread = threading.Thread(target=shrink)
    thread.start()
    try:
        result = command("report", "--output", "json", file.path, log("app.log"))
    finally:
        stop.set()
        thread.join()
    expect(result.status in (0, 3), result)
    expect(total(json.loads(result.out)) >= 693, "records of the other")


# ---- files that cannot be watched

@test("with the limit of watches reached files are looked at once a second, and appended lines appear")
def _(folder):
    limit = "/proc/sys/user/max_inotify_watches"
    can = subprocess.run(["unshare", "-Ur", "sh", "-c", f"echo 1 > {limit} && cat {limit}"], capture_output=True)
    if can.stdout.strip() != b"1":
        return
    names = [f"dir{i}/app.log" for i in range(4)]
    for name in names:
        os.mkdir(os.path.join(folder, os.path.dirname(name)))
    files = [LogFile(folder, name, text_line(f"old of {name}", time=now())) for name in names]
    script = f'echo 1 > {limit}; exec "$0" "$@"'
    with Terminal(argv=["unshare", "-Ur", "sh", "-c", script, PROGRAM, *[f.path for f in files]]) as t:
        t.wait(lambda s: all(f"old of {name}" in s.text() for name in names))
        for file, name in zip(files, names):
            file.write(text_line(f"new of {name}", time=now()))
        t.wait(lambda s: all(f"new of {name}" in s.text() for name in names))


@test("inotify's queue overflows while we cannot look: every line is there, and the new file too")
def _(folder):
    with open("/proc/sys/fs/inotify/max_queued_events") as f:
        limit = int(f.read())
    if limit > 100000:
        return
    files = [LogFile(folder, name, text_line(f"old of {name}", time=now())) for name in ("a.log", "b.log")]
    with Terminal(folder) as t:
        t.wait(lambda s: all(f"old of {name}" in s.text() for name in ("a.log", "b.log")))
        os.kill(t.process.pid, signal.SIGSTOP)
        line = text_line("x", time=now())
        for i in range(limit // 2 + 100):
            for file in files:
                file.write(line)
        LogFile(folder, "c.log", text_line("of a new file", time=now()))
        files[0].write(text_line("the last line", time=now()))
        os.kill(t.process.pid, signal.SIGCONT)
        count = 2 * (limit // 2 + 100) + 4
        t.wait(lambda s: "of a new file" in s.text() and "the last line" in s.text())
        t.wait(lambda s: re.search(rf"─ Log ─.* {count:,} ─$", s.text(), re.M))


@test("without inotify, files are looked at once a second")
def _(folder):
    limit = "/proc/sys/user/max_inotify_instances"
    can = subprocess.run(["unshare", "-Ur", "sh", "-c", f"echo 0 > {limit} && cat {limit}"], capture_output=True)
    if can.stdout.strip() != b"0":
        return
    file = LogFile(folder, "app.log", text_line("old line", time=now()))
    with Terminal(argv=["unshare", "-Ur", "sh", "-c", f'echo 0 > {limit}; exec "$0" "$@"', PROGRAM, folder]) as t:
        t.wait("old line")
        file.write(text_line("new line", time=now()))
        t.wait("new line")
        LogFile(folder, "later.log", text_line("of a new file", time=now()))
        t.wait("of a new file")


run()
