#!/usr/bin/python3
"""What was read stays readable although its bytes are not in memory: files renamed, deleted, cut. TAP on stdout."""
import os
import re
import shutil
import subprocess

from loglines import LogFile, after, text_line
from tap import PROGRAM, command, environment, expect, expect_equal, instrumented, log, run, test
from terminal import Terminal

LINES = 30_000
GONE = "these bytes are gone"


def history(folder):
    """A log of some MiB, so that all but its end is read behind the screen."""
    lines = [text_line(f"number {i} " + "x" * 60, time=after(i)) for i in range(LINES)]
    return LogFile(folder, "app.log", *lines)


def loaded(t):
    t.wait(f"{LINES:,}")
    t.settle()


def shows_the_first(t):
    """At the top of the log stands its first line."""
    t.press("G")
    t.wait(f"number {LINES - 1} ")
    t.press("g")
    t.wait("number 0 ")


@test("a file that was renamed, then deleted, can be read to its first line")
def _(folder):
    file = history(folder)
    with Terminal(file.path) as t:
        loaded(t)
        shows_the_first(t)
        os.rename(file.path, file.path + ".1")
        shows_the_first(t)
        os.unlink(file.path + ".1")
        shows_the_first(t)
        t.press("/", *"number 17 ", "\r")
        t.wait("number 17 ")


@test("after a copytruncate the lines are found in the copy")
def _(folder):
    file = history(folder)
    with Terminal(file.path) as t:
        loaded(t)
        shutil.copyfile(file.path, file.path + "-20250909")
        os.truncate(file.path, 0)
        with open(file.path, "a") as out:
            out.write(text_line("after the cut", time=after(LINES)))
        t.press("G")
        t.wait("after the cut")
        t.press("g")
        t.wait("number 0 ")
        expect(GONE not in t.text(), "lines are missing\n", t.text())


@test("where a file was cut without a copy the screen says so, and the counts stay")
def _(folder):
    file = history(folder)
    with Terminal(file.path) as t:
        loaded(t)
        os.truncate(file.path, 0)
        with open(file.path, "a") as out:
            out.write(text_line("after the cut", time=after(LINES)))
        t.press("G")
        t.wait("after the cut")
        t.press("g")
        t.wait(GONE)
        expect(f"{LINES + 1:,}" in t.text(), "the count changed\n", t.text())
        t.press("\r")
        t.settle()
        t.press("q")
        t.wait_exit()


@test("what came through a pipe is held in less than its size, and found")
def _(folder):
    if "zstd" not in command("--version").out:
        return
    file = history(folder)
    with open(file.path, "rb") as stdin:
        whole = stdin.read() * 4
    for threads in ("0", "2"):
        got = command("search", "--threads", threads, "--memory", "24M", "--output", "raw", '"number 77 "', "-", stdin=whole)
        expect_equal(got.status, 0, "status")
        expect_equal(got.out.count("number 77 "), 4, "lines")


@test("however many workers there are, the result is the same, byte for byte")
def _(folder):
    path = os.path.join(folder, "app.log")
    with open(log("application.log"), "rb") as source, open(path, "wb") as out:
        text = source.read()
        for _ in range(12 * 1024 * 1024 // len(text) + 1):  # several chunks of history
            out.write(text)
    results = []
    for threads in ("0", "1", "2", "7"):
        report = command("report", "--threads", threads, "--output", "json", path)
        records = command("search", "--threads", threads, "--output", "raw", "level>=warning OR checkout", path)
        results.append((re.sub(r'"timestamp": "[^"]*"', "", report.out), records.out_bytes))
    expect(len(results[0][1]) > 1_000_000, "too little was found")
    for other in results[1:]:
        expect(other == results[0], "the number of workers changes the result")


def peak(program, *arguments, stdin=None):
    """The most memory that a run of the program had, in MiB."""
    process = subprocess.Popen([PROGRAM, program, *arguments], stdin=stdin, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, env=environment())
    _, status, usage = os.wait4(process.pid, 0)
    expect_equal(status, 0, "status")
    return usage.ru_maxrss / 1024


@test("memory stays within the ceiling and 32 MiB, whatever is poured in")
def _(folder):
    if instrumented():
        return
    path = os.path.join(folder, "app.log")
    with open(log("application.log"), "rb") as source, open(path, "wb") as out:
        text = source.read()
        for _ in range(300 * 1024 * 1024 // len(text)):
            out.write(text)
    for program in (["report"], ["search", "--count", "level>=error"]):
        got = peak(*program, "--memory", "64M", path)
        expect(got < 96, f"{program[0]} of a file: {got:.0f} MiB")
        with subprocess.Popen(["cat", path], stdout=subprocess.PIPE) as cat:
            got = peak(*program, "--memory", "64M", "-", stdin=cat.stdout)
        expect(got < 96, f"{program[0]} of a pipe: {got:.0f} MiB")


run()
