#!/usr/bin/python3
"""Files and pipes that are written to while they are watched: nothing is lost, nothing comes twice. TAP on stdout."""
import os
import re
import shlex
import shutil
import subprocess
import sys
import time

from loglines import TRACEBACK, LogFile, access_line, json_line, now, text_line
from tap import PROGRAM, expect, expect_equal, run, test
from terminal import Terminal


def total(n):
    """The log's title says that there are n records."""
    return lambda t: re.search(rf"─ Log ─.* {n:,} ─$", t.text(), re.M)


def live(message, **fields):
    return text_line(message, time=now(), **fields)


def gone_quiet(t, n):
    """The count is n, and stays it."""
    t.wait(total(n))
    t.settle(0.5)
    expect(total(n)(t), f"more than {n} records\n", t.text())


@test("appended lines appear, also those of a writer that opens the file anew for each")
def _(folder):
    file = LogFile(folder, "app.log", live("first"))
    with Terminal(file.path) as t:
        t.wait("first")
        file.write(live("second"), live("third"))
        t.wait(lambda s: "second" in s.text() and "third" in s.text())
        t.wait(lambda s: "LIVE" in s.row(0))
        for i in range(5):
            file.open()
            file.write(live(f"again {i}"))
            t.wait(f"again {i}")
        gone_quiet(t, 8)


@test("half a line waits for its other half")
def _(folder):
    file = LogFile(folder, "app.log", live("first"))
    with Terminal(file.path) as t:
        t.wait("first")
        line = json_line("parted \u4f60\u597d words", time=now()).encode()
        cut = line.index("\u4f60".encode()) + 1  # in the middle of a character
        file.write(line[:cut])
        t.settle(0.5)
        expect("parted" not in t.text(), "half a line is on the screen\n", t.text())
        file.write(line[cut:])
        t.wait(re.compile("parted \u4f60 ?\u597d ? words"))
        gone_quiet(t, 2)


@test("a traceback that comes in pieces belongs to its record")
def _(folder):
    file = LogFile(folder, "app.log", live("first"))
    with Terminal(file.path) as t:
        t.wait("first")
        lines = TRACEBACK.splitlines(keepends=True)
        file.write(live("boom", level="ERROR"), *lines[:2])
        t.wait("boom")
        file.write(lines[2], lines[3][:10])
        t.settle(0.3)
        file.write(lines[3][10:], *lines[4:])
        t.wait(lambda s: "+6 lines" in s.row_with("boom") or "+6 lines" in s.row_with("ZeroDivisionError"))
        t.press("Enter")
        t.wait(lambda s: "Record" in s.text() and "ZeroDivisionError: division by zero" in s.text())
        t.press("Esc")
        t.wait("─ Log ─")
        file.write(live("afterwards"))
        gone_quiet(t, 3)


def shift_numbers(folder, turn):
    """logrotate and RotatingFileHandler: app.log.1 is the newest."""
    for number in range(turn, 0, -1):
        os.rename(os.path.join(folder, f"app.log.{number}"), os.path.join(folder, f"app.log.{number + 1}"))
    return "app.log.1"


ROTATED_NAMES = [
    ("numbers that shift", shift_numbers),
    ("dates", lambda folder, turn: f"app.log-2025090{turn + 1}"),
    ("numbers that count up", lambda folder, turn: f"app.log.{turn + 1}"),
]


def rotate_by_rename(name):
    def check(folder):
        file = LogFile(folder, "app.log", live("before rotation"))
        with Terminal(file.path) as t:
            t.wait("before rotation")
            for turn in range(3):
                file.rename(name(folder, turn))
                file.write(live(f"into the old file {turn}"))
                new = LogFile(folder, "app.log", live(f"into the new file {turn}"))
                t.wait(f"into the new file {turn}")
                t.wait(f"into the old file {turn}")
                file.close()
                file = new
            gone_quiet(t, 7)
    return check


for _words, _name in ROTATED_NAMES:
    test(f"rotation by rename and create, to {_words}: the last lines of the old file and the first of the new")(
        rotate_by_rename(_name))


@test("rotation by copy and truncate")
def _(folder):
    file = LogFile(folder, "app.log", live("before rotation"))
    count = 1
    with Terminal(file.path) as t:
        t.wait("before rotation")
        for turn in range(3):
            file.write(*[live(f"line {turn}.{i}") for i in range(20)])
            t.wait(f"line {turn}.19")
            shutil.copy(file.path, file.path + f".{turn}")
            file.truncate()
            file.write(live(f"after turn {turn}"))
            t.wait(f"after turn {turn}")
            count += 21
        gone_quiet(t, count)


@test("a file that is deleted and made again")
def _(folder):
    file = LogFile(folder, "app.log", live("the first life"))
    with Terminal(file.path) as t:
        t.wait("the first life")
        file.remove()
        file.close()
        t.settle(0.3)
        file = LogFile(folder, "app.log", live("the second life"))
        t.wait("the second life")
        file.write(live("and on"))
        t.wait("and on")
        gone_quiet(t, 3)


@test("a file replaced by a rename over it")
def _(folder):
    file = LogFile(folder, "app.log", live("old content"))
    with Terminal(file.path) as t:
        t.wait("old content")
        LogFile(folder, "new", live("new content")).rename("app.log")
        t.wait("new content")
        gone_quiet(t, 2)


@test("a file, and a folder, that come later")
def _(folder):
    with Terminal(os.path.join(folder, "deep/er/late.log"), LogFile(folder, "app.log", live("here already")).path) as t:
        t.wait("here already")
        os.makedirs(os.path.join(folder, "deep/er"))
        file = LogFile(folder, "deep/er/late.log", live("better late"))
        t.wait("better late")
        file.write(live("than never"))
        t.wait("than never")
        gone_quiet(t, 3)


@test("a new file in a watched folder, and one that a glob matches")
def _(folder):
    LogFile(folder, "one.log", live("from one"))
    with Terminal(folder) as t:
        t.wait("from one")
        LogFile(folder, "two.log", live("from two"))
        t.wait("from two")
    with Terminal(os.path.join(folder, "*.log")) as t:
        t.wait(total(2))
        LogFile(folder, "three.log", live("from three"))
        t.wait("from three")


@test("several files are shown in the order of time, a late record where it belongs")
def _(folder):
    start = time.time()

    def at(seconds, words):
        return text_line(words, time=now().fromtimestamp(start + seconds, now().tzinfo))
    a = LogFile(folder, "a.log", at(0, "event 0"), at(2, "event 2"), at(4, "event 4"))
    b = LogFile(folder, "b.log", at(1, "event 1"), at(3, "event 3"))
    c = LogFile(folder, "c.log", access_line("/event/", time=now().fromtimestamp(start - 5, now().tzinfo)))

    def order(t):
        return re.findall(r"event (\d)", t.text())
    with Terminal(a.path, b.path, c.path, rows=40, cols=140) as t:
        t.wait(lambda s: order(s) == ["0", "1", "2", "3", "4"])
        expect("3 sources" in t.row(0), t.row(0))
        a.write(at(8, "event 8"))
        t.wait("event 8")
        b.write(at(6, "event 6"))
        t.wait(lambda s: order(s) == ["0", "1", "2", "3", "4", "6", "8"])


@test("a pipe on standard input, with keys from the terminal")
def _(folder):
    fifo = os.path.join(folder, "fifo")
    os.mkfifo(fifo)
    shell = f"cat {shlex.quote(fifo)} | {shlex.quote(PROGRAM)} -"
    with Terminal(argv=["/bin/sh", "-c", shell]) as t:
        writer = os.open(fifo, os.O_WRONLY)
        os.write(writer, live("through the pipe").encode())
        t.wait("through the pipe")
        os.write(writer, live("in two ")[:-1].encode())
        t.settle(0.3)
        os.write(writer, b"pieces\n")
        t.wait("in two pieces")
        t.press("?")
        t.wait("Moving")
        t.press("Esc")
        t.wait("in two pieces")
        os.close(writer)
        t.settle(0.3)
        expect("in two pieces" in t.text(), "the end of the pipe emptied the screen\n", t.text())
        t.press("q")
        expect_equal(t.wait_exit(), 0, "exit status")


@test("a pipe on standard input needs no argument")
def _(folder):
    path = LogFile(folder, "a.log", live("no argument")).path
    with Terminal(argv=["/bin/sh", "-c", f"cat {shlex.quote(path)} | {shlex.quote(PROGRAM)}"]) as t:
        t.wait("no argument")
        t.press("q")
        expect_equal(t.wait_exit(), 0, "exit status")


@test("5,000 lines a second for 2 seconds arrive complete")
def _(folder):
    file = LogFile(folder, "app.log", live("first"))
    script = ("import sys, time\n"
              "fd = open(sys.argv[1], 'ab', buffering=0)\n"
              "start = time.monotonic()\n"
              "stamp = sys.argv[2]\n"
              "for i in range(10000):\n"
              "    fd.write(f'INFO {stamp} shop.views 1 2 request {i} of many\\n'.encode())\n"
              "    ahead = start + i / 5000 - time.monotonic()\n"
              "    if ahead > 0: time.sleep(ahead)\n")
    with Terminal(file.path) as t:
        t.wait("first")
        stamp = live("x").split(" ")
        writer = subprocess.Popen([sys.executable, "-c", script, file.path, " ".join(stamp[1:3])])
        t.wait(total(10001))
        expect_equal(writer.wait(timeout=20), 0, "the writer's exit status")
        t.wait("request 9999 of many")
        t.wait(re.compile(r"INFO +10,001 "))
        gone_quiet(t, 10001)
        t.press("q")
        expect_equal(t.wait_exit(), 0, "exit status")


run()
