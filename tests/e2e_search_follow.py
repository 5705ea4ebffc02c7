#!/usr/bin/python3
"""search --follow: what is printed, when, and how it ends, while files are written, rotated and cut. TAP on stdout."""
import json
import os
import re
import select
import shutil
import signal
import subprocess
import time

from loglines import TRACEBACK, LogFile, after, json_line, now, text_line
from tap import PROGRAM, command, complaint, environment, expect, expect_equal, run, test

DEADLINE = float(os.environ.get("E2E_DEADLINE", "20"))


class Follower:
    """The program, following. `printed` is what came so far, as text."""

    def __init__(self, *arguments, stdin=subprocess.DEVNULL):
        self.process = subprocess.Popen([PROGRAM, "search", "--follow", *map(str, arguments)], stdin=stdin,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment())
        self.printed = ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.process.stderr.close()

    def read(self, seconds):
        """Whether something came within that time."""
        if not select.select([self.process.stdout], [], [], seconds)[0]:
            return False
        piece = os.read(self.process.stdout.fileno(), 1 << 16)
        self.printed += piece.decode("utf-8", "replace")
        return bool(piece)

    def wait(self, words):
        end = time.monotonic() + DEADLINE
        while words not in self.printed:
            expect(time.monotonic() < end, f"{words!r} was not printed, but:\n{self.printed[-2000:]}")
            self.read(0.2)
        return self.printed

    def quiet(self, seconds=0.4):
        """Nothing more comes."""
        before = self.printed
        self.read(seconds)
        expect_equal(self.printed, before, "printed")

    def at_rest(self):
        """It has seen all there is to see, and waits: it used no time of the processor for a while."""
        used, since = None, time.monotonic()
        while time.monotonic() < since + 0.4:
            with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as stat:
                now_used = stat.read().rpartition(")")[2].split()[11:13]
            if now_used != used:
                used, since = now_used, time.monotonic()
            time.sleep(0.05)

    def end(self, number=signal.SIGTERM):
        """(exit status, what was said on standard error)"""
        self.process.send_signal(number)
        return self.ended()

    def ended(self):
        while self.read(DEADLINE):
            pass
        said = self.process.stderr.read().decode()
        expect(not complaint(said.encode()), said)
        return self.process.wait(DEADLINE), said


def messages(text):
    return re.findall(r"m\d+", text)


@test("first what is there, in the order of time, then what comes")
def _(folder):
    a = LogFile(folder, "a.log", text_line("m1", time=after(1)), text_line("m3", time=after(3)))
    b = LogFile(folder, "b.log", text_line("m2", time=after(2)), text_line("m4", time=after(4)))
    with Follower("", a.path, b.path) as f:
        f.wait("m4")
        b.write(text_line("m5", time=after(9)))
        f.wait("m5")
        a.write(text_line("m6", time=after(8)))
        f.wait("m6")
        expect_equal(messages(f.printed), ["m1", "m2", "m3", "m4", "m5", "m6"], "order")
        expect_equal(f.end(), (0, ""), "end")


@test("a query, a level, and a file alone")
def _(folder):
    file = LogFile(folder, "app.log", text_line("m1"), text_line("m2", level="ERROR"))
    for arguments, want in [(["level>=error"], ["m2", "m4"]), (["--level", "ERROR"], ["m2", "m4"]),
                            ([], ["m1", "m2", "m3", "m4"]), (["-n", "1", ""], ["m2", "m3", "m4"]),
                            (["--since", "now", ""], ["m3", "m4"])]:
        with Follower(*arguments, file.path) as f:
            if want[0] != "m3":
                f.wait("m2")
            else:
                f.quiet()
            file.write(text_line("m3"), text_line("m4", level="ERROR"))
            f.wait("m4")
            expect_equal(messages(f.printed), want, f"with {arguments}")
        file.truncate()
        file.write(text_line("m1"), text_line("m2", level="ERROR"))


@test("raw is byte for byte, JSON a record a line, CSV a header and rows")
def _(folder):
    lines = [text_line("m1"), text_line("boom", level="ERROR") + TRACEBACK, json_line("m2"), text_line("m3")]
    file = LogFile(folder, "app.log", *lines)
    with Follower("-o", "raw", "", file.path) as f:
        expect_equal(f.wait("m3\n"), "".join(lines), "raw")
    with Follower("-o", "json", "", file.path) as f:
        f.wait("m3")
        records = [json.loads(line) for line in f.printed.splitlines()]
        expect_equal([r["message"] for r in records], ["m1", "boom", "m2", "m3"], "messages")
        expect("ZeroDivisionError" in records[1]["fields"]["traceback"], records[1])
    with Follower("-o", "csv", "", file.path) as f:
        f.wait("m3")
        expect(f.printed.startswith("time,level,"), f.printed)


@test("a traceback that comes in pieces is printed once, complete")
def _(folder):
    file = LogFile(folder, "app.log", text_line("m1"))
    with Follower("-o", "json", "", file.path) as f:
        f.wait("m1")
        first, rest = TRACEBACK[:60], TRACEBACK[60:]
        file.write(text_line("boom", level="ERROR"), first)
        f.quiet(0.02)
        file.write(rest)
        f.wait("boom")
        record = json.loads(f.printed.splitlines()[1])
        expect("ZeroDivisionError: division by zero" in record["fields"].get("traceback", ""), record)
        f.quiet()


@test("half a line waits; what waits for nothing is printed at once")
def _(folder):
    file = LogFile(folder, "app.log", json_line("m1"))
    with Follower("", file.path) as f:
        f.wait("m1")
        line = json_line("m2")
        file.write(line[:20])
        f.quiet(0.3)
        file.write(line[20:])
        f.wait("m2")


@test("a completion is found by the route of its request, before following and while")
def _(folder):
    def request(number):
        return (json_line(f"started m{number}", request_id=f"r{number}", method="GET", path=f"/orders/{number}/"),
                json_line(f"completed m{number}", request_id=f"r{number}", status=200, duration=0.1))
    file = LogFile(folder, "app.log", *request(1), json_line("m0"))
    with Follower("route~/orders/ completed", file.path) as f:
        f.wait("completed m1")
        file.write(*request(2))
        f.wait("completed m2")
        expect_equal(messages(f.printed), ["m1", "m2"], "printed")


@test("rotations of every kind lose nothing")
def _(folder):
    file = LogFile(folder, "app.log", json_line("m0"))
    number = 0

    def line():
        nonlocal number
        number += 1
        return json_line(f"m{number}")
    with Follower("", file.path) as f:
        f.wait("m0")
        for turn in range(4):
            file.write(line())
            file.rename(f"app.log.{turn}")
            file.write(line())
            new = LogFile(folder, "app.log", line())
            f.wait(f"m{number}")
            file.write(line())  # late, from a process that has the old file open
            f.wait(f"m{number}")
            file.close()
            file = new
            file.write(line(), line())
            shutil.copy(file.path, f"{file.path}-2025090{turn}")
            file.truncate()
            file.write(line())
            f.wait(f"m{number}")
            file.remove()
            file.close()
            file = LogFile(folder, "app.log", line())
            f.wait(f"m{number}")
        expect_equal(messages(f.printed), [f"m{i}" for i in range(number + 1)], "lines")
        expect_equal(f.end(), (0, ""), "end")


def stalled(folder):
    """A follower whose reader takes nothing, and the lines that were written: more than pipe and program hold."""
    lines = [json_line(f"m{i} " + "x" * 900) for i in range(3000)]
    file = LogFile(folder, "app.log", *lines[:1000])
    f = Follower("-o", "raw", "", file.path)
    file.write(*lines[1000:])
    f.at_rest()
    return f, file, lines


@test("what was not read when a file was cut comes from the copy")
def _(folder):
    f, file, lines = stalled(folder)
    with f:
        shutil.copy(file.path, file.path + ".1")
        file.truncate()
        last = json_line("the end")
        file.write(last)
        expect_equal(f.wait("the end"), "".join(lines) + last, "printed")
        expect_equal(f.end(), (0, ""), "end")


@test("what the copy lacks is counted to the byte")
def _(folder):
    f, file, lines = stalled(folder)
    with f:
        with open(file.path + ".1", "w", encoding="utf-8") as copy:
            copy.write("".join(lines[:2500]))
        file.truncate()
        last = json_line("the end")
        file.write(last)
        expect_equal(f.wait("the end"), "".join(lines[:2500]) + last, "printed")
        status, said = f.end()
        lost = sum(map(len, lines[2500:]))
        expect_equal((status, re.findall(r"(\d+) bytes were cut off", said)), (0, [str(lost)]), said)


@test("a reader that takes its time gets everything, in little memory")
def _(folder):
    lines = [json_line(f"m{i} " + "x" * 200) for i in range(40000)]
    file = LogFile(folder, "app.log", *lines)
    with Follower("--memory", "16M", "-o", "raw", "", file.path) as f:
        f.at_rest()
        with open(f"/proc/{f.process.pid}/status", encoding="ascii") as status:
            peak = int(re.search(r"VmHWM:\s+(\d+) kB", status.read())[1])
        expect(peak < 150000, f"{peak} kB")  # under sanitizers; plainly it is some 7 MB
        f.wait("m39999 ")
        while f.read(0.3):
            pass
        expect_equal(f.printed, "".join(lines), "printed")


@test("it ends when nobody reads, and when it is told to")
def _(folder):
    file = LogFile(folder, "app.log", text_line("m1"))
    with Follower("", file.path) as f:
        f.wait("m1")
        f.process.stdout.close()
        expect_equal(f.process.wait(DEADLINE), 0, "status after the reader left")
        f.process.stdout = open(os.devnull, "rb")
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        with Follower("", file.path) as f:
            f.wait("m1")
            expect_equal(f.end(number), (0, ""), f"end by {number}")


@test("standard input: what it has is printed, and its end is the end")
def _(folder):
    with Follower("level>=error", "-", stdin=subprocess.PIPE) as f:
        f.process.stdin.write(text_line("m1").encode() + text_line("m2", level="ERROR").encode())
        f.process.stdin.flush()
        f.wait("m2")
        f.process.stdin.write(text_line("m3", level="ERROR").encode())
        f.process.stdin.close()
        expect_equal(f.ended(), (0, ""), "end")
        expect_equal(messages(f.printed), ["m2", "m3"], "printed")


@test("a file that is not there yet is waited for, and said so")
def _(folder):
    with Follower("", os.path.join(folder, "late.log")) as f:
        f.quiet(0.2)
        LogFile(folder, "late.log", json_line("m1"))
        f.wait("m1")
        status, said = f.end()
        expect(status == 0 and "late.log: not there yet" in said, said)


@test("--count and pages do not go with --follow")
def _(folder):
    path = LogFile(folder, "app.log", text_line("m1")).path
    for option in (["--count"], ["--page", "1"], ["--page-size", "3"]):
        result = command("search", "--follow", *option, "", path)
        expect_equal((result.status, result.out), (2, ""), str(option))


@test("--dedup folds what was written twice, and counts it")
def _(folder):
    stamp = now()
    lines = [text_line(f"m{i}", time=stamp) for i in range(3)]
    paths = [LogFile(folder, name, *lines).path for name in ("a.log", "b.log")]
    result = command("search", "--dedup", "", *paths)
    expect_equal(messages(result.out), ["m0", "m1", "m2"], "printed")
    expect("3 duplicates folded" in result.err, result.err)
    expect_equal(command("search", "--dedup", "--count", "", *paths).out, "3\n", "count")
    expect_equal(command("search", "--count", "", *paths).out, "6\n", "count without")
    page = json.loads(command("search", "--dedup", "-o", "json", "--page", "2", "--page-size", "2", "", *paths).out)
    expect_equal((page["total_count"], [r["message"] for r in page["logs"]]), (3, ["m2"]), "page")
    with Follower("--dedup", "", *paths) as f:
        f.wait("m2")
        with open(paths[1], "a", encoding="utf-8") as file:
            file.write(lines[2] + text_line("m9", time=stamp))
        f.wait("m9")
        status, said = f.end()
        expect_equal(messages(f.printed), ["m0", "m1", "m2", "m9"], "printed")
        expect(status == 0 and "4 duplicates folded" in said, said)


run()
