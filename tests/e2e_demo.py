#!/usr/bin/python3
"""`tailboard demo`: something to see at once, and nothing left behind, however it ends. TAP on stdout."""
import os
import re
import signal
import time

from tap import expect, expect_equal, run, test
from terminal import DEADLINE, Terminal


def demo(folder, *options, **how):
    """A demo whose temporary files go to the folder."""
    t = Terminal("demo", *options, env={"TMPDIR": folder}, **how)
    try:
        t.wait(lambda s: re.search(r"LIVE", s.row(0)) and re.search(r"─ Log ─.*following", s.text()))
    except BaseException:
        t.close()
        raise
    return t


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as f:
        return [int(child) for child in f.read().split()]


def runs(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as f:
            return f.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def all_gone(folder, pids):
    """Within the deadline no process of the demo runs and its folder is removed."""
    end = time.monotonic() + DEADLINE
    while os.listdir(folder) or any(runs(pid) for pid in pids):
        if time.monotonic() > end:
            raise AssertionError(f"left behind: files {os.listdir(folder)}, processes {[p for p in pids if runs(p)]}")
        time.sleep(0.02)  # nothing tells of another's child


@test("records and requests are there within seconds, and more come")
def _(folder):
    for cols, rows in ((80, 24), (120, 40)):
        with demo(folder, cols=cols, rows=rows) as t:
            t.wait(re.compile(r"\b(GET|POST) +/\S* +[\d,]+ "))
            t.wait(re.compile(r"INFO"))
            held = t.wait(lambda s: re.search(r"─ Log ─.* ([\d,]+) ─", s.text()))[1]
            t.wait(lambda s: re.search(r"─ Log ─.* ([\d,]+) ─", s.text())[1] != held)
            expect(int(held.replace(",", "")) > 1000, "the demo has no history:", held)
            t.press("q")
            expect_equal(t.wait_exit(), 0, "exit status")


@test("q removes the folder and ends the child")
def _(folder):
    with demo(folder) as t:
        expect(os.listdir(folder), "the demo does not use $TMPDIR")
        pids = children(t.process.pid)
        expect(pids, "the demo has no child")
        t.press("q")
        expect_equal(t.wait_exit(), 0, "exit status")
        expect_equal(os.listdir(folder), [], "files that are left")
        all_gone(folder, pids)


@test("so do Ctrl-C, SIGTERM, SIGHUP and a lost terminal")
def _(folder):
    for number in (None, signal.SIGTERM, signal.SIGHUP, "hang up"):
        with demo(folder) as t:
            pids = children(t.process.pid)
            if number is None:
                t.press("C-c")
            elif number == "hang up":
                t.hang_up()
            else:
                t.kill(number)
            t.wait_exit()
            all_gone(folder, pids)


@test("and kill -9")
def _(folder):
    with demo(folder) as t:
        pids = children(t.process.pid)
        t.kill(signal.SIGKILL)
        expect_equal(t.wait_exit(), -signal.SIGKILL, "exit status")
        all_gone(folder, pids)


@test("the death of the child leaves the screen usable, and the folder goes at the end")
def _(folder):
    with demo(folder) as t:
        for pid in children(t.process.pid):
            os.kill(pid, signal.SIGKILL)
        t.press("?")
        t.wait("Moving")
        t.press("q")
        expect_equal(t.wait_exit(), 0, "exit status")
        all_gone(folder, [])


run()
