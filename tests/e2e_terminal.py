#!/usr/bin/python3
"""The terminal: restored however the program ends, drawn on every kind, safe from what logs hold. TAP on stdout."""
import os
import re
import shlex
import signal
import time

from loglines import LogFile, after, json_line, text_line
from tap import PROGRAM, expect, expect_equal, instrumented, log, run, test
from terminal import Terminal

ENTER, LEAVE, SHOW = b"\033[?1049h", b"\033[?1049l", b"\033[?25h"
MOUSE_OFF = re.compile(rb"\033\[\?(1006;)?1000l")


def running(folder, *options, **how):
    path = LogFile(folder, "a.log", text_line("calm waters"), text_line("storm", "ERROR", after(1))).path
    t = Terminal(path, *options, **how)
    try:
        t.wait("calm waters")
    except BaseException:
        t.close()
        raise
    return t


def restored(t):
    sent = bytes(t.sent)
    expect(sent.rfind(LEAVE) > sent.rfind(ENTER) >= 0, "the alternate screen was not left:", sent[-200:])
    expect(sent.rfind(SHOW) > sent.rfind(b"\033[?25l"), "the cursor was not shown:", sent[-200:])
    on, off = sent.rfind(b"1000h"), [m.start() for m in MOUSE_OFF.finditer(sent)]
    expect(on < 0 or off and off[-1] > on, "the mouse is still reported:", sent[-200:])
    expect(b"\033[?1002h" not in sent[sent.rfind(b"\033[?1002l") + 1:], "drags are still reported")
    expect(sent.rfind(b"\033[?2026l") >= sent.rfind(b"\033[?2026h"), "a synchronized update was not ended")
    expect(not re.search(rb"\S", re.sub(rb"\033[\[(][0-9;?]*[A-Za-z]|\033[=>]", b"", sent[sent.rfind(LEAVE):])),
           "text behind the end:", sent[sent.rfind(LEAVE):])
    expect_equal(t.modes(), t.modes_before, "modes of the terminal")


@test("the terminal is restored on q, Ctrl-C, SIGINT, SIGTERM and SIGHUP, with status 0")
def _(folder):
    for how in ("q", "C-c", signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        with running(folder) as t:
            expect(t.modes() != t.modes_before, "the terminal was never set up")
            expect(t.cursor_hidden, "the cursor is shown")
            if isinstance(how, str):
                t.press(how)
            else:
                t.kill(how)
            expect_equal(t.wait_exit(), 0, f"exit status after {how}")
            restored(t)


@test("the terminal is restored while something is typed, and with a record open")
def _(folder):
    with running(folder) as t:
        t.press("/", "sto")
        t.wait(lambda s: not s.cursor_hidden)
        t.kill(signal.SIGTERM)
        t.wait_exit()
        restored(t)
    with running(folder) as t:
        t.press("Enter")
        t.wait("Record")
        t.press("q")
        expect_equal(t.wait_exit(), 0, "exit status")
        restored(t)


def ended(t):
    """The exit status after a crash; a sanitizer says what it thinks of it and exits with 1."""
    try:
        return t.wait_exit()
    except AssertionError:
        if t.status != 1 or not instrumented():
            raise
        return 1


@test("the terminal is restored on crashes, which stay crashes")
def _(folder):
    for number in (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGQUIT):
        with running(folder) as t:
            t.kill(number)
            status = ended(t)
            expect(status == -number or instrumented() and status == 1, f"exit status {status} after {number.name}")
            sent = bytes(t.sent)
            expect(sent.rfind(LEAVE) > sent.rfind(ENTER), number.name, "left the alternate screen on")
            expect(sent.rfind(SHOW) > sent.rfind(b"\033[?25l"), number.name, "left the cursor hidden")
            expect_equal(t.modes(), t.modes_before, f"modes after {number.name}")


def is_stopped(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as f:
        return f.read().rsplit(")", 1)[1].split()[0] == "T"


def child_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as f:
        return [int(child) for child in f.read().split()][0]


@test("Ctrl-Z and SIGTSTP give the terminal back, and SIGCONT brings the screen again")
def _(folder):
    path = LogFile(folder, "a.log", text_line("calm waters")).path
    # A shell with job control: in its own process group the program may be stopped.
    for how in ("C-z", signal.SIGTSTP):
        with Terminal(argv=["/bin/bash", "--norc", "--noprofile", "-i"], env={"PS1": "ready> "}) as t:
            t.wait("ready>")
            t.press(f"{shlex.quote(PROGRAM)} {shlex.quote(path)}\n")
            t.wait("calm waters")
            pid = child_of(t.process.pid)
            if how == "C-z":
                t.press(how)
            else:
                t.kill(how, pid)
            t.wait(lambda s: is_stopped(pid) and s.sent.rfind(LEAVE) > s.sent.rfind(ENTER) and not s.cursor_hidden)
            t.wait(lambda s: bytes(s.sent[s.sent.rfind(LEAVE):]).count(b"ready>") == 1)
            t.screen.reset()
            t.press("fg\n")
            t.wait(lambda s: "calm waters" in s.text() and "─ Log ─" in s.text() and s.cursor_hidden)
            t.press("Enter")
            t.wait("Record")
            t.press("q")
            t.wait(lambda s: s.sent.count(LEAVE) == 2 and b"ready>" in s.sent[s.sent.rfind(LEAVE):])
            t.press("exit\n")
            t.wait_exit()


@test("a size that changes while the program is stopped is taken on")
def _(folder):
    path = LogFile(folder, "a.log", text_line("calm waters")).path
    with Terminal(argv=["/bin/bash", "--norc", "--noprofile", "-i"], env={"PS1": "ready> "}) as t:
        t.wait("ready>")
        t.press(f"{shlex.quote(PROGRAM)} {shlex.quote(path)}\n")
        t.wait("calm waters")
        pid = child_of(t.process.pid)
        t.press("C-z")
        t.wait(lambda s: is_stopped(pid))
        t.resize(140, 40)
        t.press("fg\n")
        t.wait(lambda s: "? help" in s.row(39) and len(s.row_with("─ Log ─")) == 140)


@test("a terminal that hangs up ends the program promptly")
def _(folder):
    with running(folder) as t:
        t.hang_up()
        start = time.monotonic()
        t.wait_exit()
        expect(time.monotonic() - start < 5, "it took", time.monotonic() - start, "seconds")


@test("a pipe's program ends when its terminal hangs up")
def _(folder):
    fifo = os.path.join(folder, "fifo")
    os.mkfifo(fifo)
    shell = f"cat {shlex.quote(fifo)} | exec {shlex.quote(PROGRAM)} -"
    with Terminal(argv=["/bin/sh", "-c", shell]) as t:
        writer = os.open(fifo, os.O_WRONLY)
        os.write(writer, text_line("through the pipe").encode())
        t.wait("through the pipe")
        t.hang_up()
        t.wait_exit()
        os.close(writer)


@test("every kind of terminal draws")
def _(folder):
    for term in ("xterm", "xterm-256color", "screen", "screen-256color", "tmux-256color", "linux", "vt100",
                 "xterm-direct"):
        # On a Linux console curses loads libgpm, which leaks.
        with running(folder, term=term, env={"NCURSES_GPM_TERMS": "none"}) as t:
            t.wait(lambda s: "tailboard" in s.row(0) and s.row(-1).endswith("? help") and "storm" in s.text())
            t.press("?")
            t.wait("Moving")
            t.press("Esc")
            t.wait(lambda s: "storm" in s.text() and "Moving" not in s.text())
            t.press("q")
            expect_equal(t.wait_exit(), 0, f"exit status on {term}")
            expect_equal(t.modes(), t.modes_before, f"modes of {term}")


@test("a terminal that cannot move its cursor is refused in one line with status 2")
def _(folder):
    for term in ("dumb", "no-such-terminal", ""):
        with Terminal(log("app.log"), term=term) as t:
            expect_equal(t.wait_exit(), 2, f"exit status on {term!r}")
            said = t.text().strip()
            expect(said.startswith("tailboard: ") and "TERM" in said, said)
            expect(b"\033" not in t.sent, "escape sequences on", term)
            expect_equal(t.modes(), t.modes_before, f"modes of {term!r}")


@test("errors stand out in colour on 8, 16 and 256 colours, and by weight without any")
def _(folder):
    for term in ("xterm-256color", "xterm-16color", "linux"):
        with running(folder, term=term) as t:
            t.wait("storm")
            expect(t.colour_of("storm") not in (None, "default"), f"no colour on {term}")
    for how in ({"term": "vt100"}, {"env": {"NO_COLOR": "1"}}):
        with running(folder, **how) as t:
            t.wait("storm")
            x, y = t.find("storm")
            cell = t.cell(x, y)
            expect(cell.bold or cell.reverse or cell.underscore, "an error looks like any line:", cell)


COLOUR = re.compile(rb"\033\[(?:[0-9:;]*[:;])?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:[:;][0-9:;]*)?m")


@test("NO_COLOR and --no-color send no colours")
def _(folder):
    for options, env in (([], {"NO_COLOR": "1"}), (["--no-color"], {})):
        with running(folder, *options, env=env) as t:
            t.press("2", "3", "?")
            t.wait("Moving")
            t.press("Esc", "T")
            t.settle()
            t.press("q")
            t.wait_exit()
            found = COLOUR.search(bytes(t.sent))
            expect(not found, "a colour was sent:", found and found[0])
    with running(folder, env={"NO_COLOR": ""}) as t:
        expect(COLOUR.search(bytes(t.sent)), "an empty NO_COLOR is as none")


@test("--ascii, and a locale without UTF-8, draw with ASCII alone")
def _(folder):
    for options, env in ((["--ascii"], {}), ([], {"LC_ALL": "C"})):
        with running(folder, *options, env=env) as t:
            for key in ("1", "2", "3", "?"):
                t.press(key)
                t.settle(0.15)
            t.wait("Moving")
            t.press("Esc", "4", "Enter")
            t.wait("Record")
            t.press("q")
            t.wait_exit()
            high = re.search(rb"[^\x00-\x7f]+", bytes(t.sent))
            expect(not high, "not ASCII:", high and high[0].decode("utf-8", "replace"))


# ---- what logs hold must not reach the terminal

HOSTILE = [
    b"\033]52;c;cm0gLXJmIC8=\a",        # put text into the clipboard
    b"\033]0;pwned\a",                  # set the title
    b"\033[2J", b"\033[3J", b"\033c",   # clear, clear the scrollback, reset
    b"\033[41;97mPWNED", b"\033[8mhidden",
    b"\033[?1049lEVIL", b"\033[6n", b"\033[c", b"\033[21t", b"\033P+q544e\033\\",
    b"\033[5;5Hjumped", b"\033#8", b"\033(0lqqk", b"\033[20;1ppaste",
    b"\xc2\x9b31mred", b"\xc2\x9d0;title\xc2\x9c", b"\xc2\x90q", b"\xc2\x85next",  # C1 in UTF-8
    b"\x9b41mraw", b"\x9d52;c;aGk=\x9c", b"\x84\x85",                              # C1 as bytes
    "\u202eesrever\u202c".encode(), "\u2066isolate\u2069".encode(), "\u200f\u061c".encode(),  # bidi
    "\u2028line\u2029".encode(), "\ufeff".encode(),
    b"a\x00b", b"bell\x07", b"back\x08\x08\x08", b"over\rwrite", b"\x0e\x0f", b"\x7f", b"\x0b\x0c",
    b"\xff\xfe", b"\xc3(", b"\xe2\x28\xa1", b"\xf0\x28\x8c\xbc", b"\xed\xa0\x80", b"\xc0\xaf",
]
FORBIDDEN = [
    b"\033]", b"\033P", b"\033^", b"\033_", b"\033X", b"\033[3J", b"\033c", b"\033#8", b"\033[6n",
    b"\033[c", b"\033[21t", b"\033[41;97m", b"\033[8m", b"\033[20;1p", b"\x9b31m", b"\x00", b"\x07", b"\x0e", b"\x0f",
    b"\x0b", b"\x0c", b"\x7f", b"\xff", b"\xfe", b"\xc0\xaf", b"\xed\xa0\x80",
    *("\u202e", "\u202c", "\u2066", "\u2069", "\u200f", "\u061c", "\u2028", "\u2029", "\ufeff"),
]


def nothing_hostile(t):
    sent = bytes(t.sent)
    text = sent.decode("utf-8")  # fails on invalid UTF-8
    control = re.search("[\x80-\x9f]", text)
    if control:
        raise AssertionError("a C1 control was sent: " + repr(text[max(0, control.start() - 40):control.end() + 20]))
    for word in FORBIDDEN:
        raw = word if isinstance(word, bytes) else word.encode()
        at = sent.find(raw)
        expect(at < 0, "sent raw:", repr(raw), "in", repr(sent[max(0, at - 40):at + 40]))
    expect(sent.count(LEAVE) <= 1, "the log left the alternate screen")


def hostile_files(folder):
    text = LogFile(folder, "text.log")
    for i, bad in enumerate(HOSTILE):
        text.write(text_line(f"before {i} ", "ERROR" if i % 3 else "INFO", after(i))[:-1].encode() + bad + b" behind\n")
        text.write(b"  continued " + bad + b"\n")
    text.write(text_line("the end", "ERROR", after(60)))
    structured = LogFile(folder, "json.log")
    for i, bad in enumerate(HOSTILE):
        words = bad.decode("utf-8", "surrogateescape").encode("utf-8", "replace").decode()
        structured.write(json_line(
            f"json {i} {words}", "ERROR", after(60 + i), f"log{words}", request_id=words, path="/" + words,
            method=words, status=500, duration=2.5, exc_info=f"Traceback (most recent call last):\n{words}\nE: {words}"))
    raw = LogFile(folder, "\033]0;name\a\033[2J.log", *HOSTILE, b"\n", b"\n".join(HOSTILE), b"\n")
    return text.path, structured.path, raw.path


@test("hostile lines, fields and file names never reach the terminal raw")
def _(folder):
    for path in hostile_files(folder) + (folder,):
        for cols, rows in ((80, 24), (200, 60)):
            with Terminal(path, cols=cols, rows=rows) as t:
                t.wait(re.compile("─ Log ─.*following"))
                for key in ("\\", "PgUp", "PgUp", "g", "PgDn", "\\", "Right", "Right", "Enter", "PgDn", "Down", "Esc",
                            "3", "Enter", "Esc", "4", "x", "Esc", "t", "Esc", "/", "behind", "Enter", "n", "N",
                            "1", "Enter", "Esc", "Esc"):
                    t.press(key)
                    t.settle(0.04)
                t.press("q")
                expect_equal(t.wait_exit(), 0, "exit status")
                nothing_hostile(t)


@test("every hostile line is opened as a record without harm, and stays searchable")
def _(folder):
    path = hostile_files(folder)[0]
    with Terminal(path, cols=120, rows=40) as t:
        t.wait("the end")
        t.press("g")
        t.wait("before 0 ")
        for i in range(len(HOSTILE)):
            t.press("Enter")
            t.wait(lambda s: "Record" in s.text() and f"before {i} " in s.text())
            t.press("Esc")
            t.wait("─ Log ─")
            t.press("Down")
            t.settle(0.05)
        t.press("/", "behind", "Enter")
        t.wait(f"{len(HOSTILE)} hits")
        t.press("q")
        t.wait_exit()
        nothing_hostile(t)


@test("a file's hostile name in a report and its messages is shown harmlessly")
def _(folder):
    name = os.path.join(folder, "\033]0;pwned\a.log")
    with Terminal("report", name) as t:
        t.wait_exit()
        expect(b"\033]" not in t.sent and b"\a" not in t.sent, "sent raw:", bytes(t.sent))


@test("an idle screen sends next to nothing")
def _(folder):
    with running(folder) as t:
        t.settle(1.0)
        before, start = len(t.sent), time.monotonic()
        while time.monotonic() - start < 3:
            t.pump(0.1)
        sent = bytes(t.sent[before:])
        expect(len(sent) <= 3 * 40, len(sent), "bytes in 3 idle seconds:", sent)


run()
