#!/usr/bin/python3
"""The dashboard over logs that stand still: what every size shows, and what keys and the mouse do. TAP on stdout."""
import base64
import os
import re

from dashboard import (APPLICATION, FOCUS, NEWEST, RECORDS, hints, in_title, leave, log_rows, log_title, opened, report,
                       title)
from loglines import LogFile, after, now, text_line
from tap import LOGS, SOURCE, expect, expect_equal, log, run, test
from terminal import Terminal


def default_keys():
    """[(key, command)] of data/default.keys."""
    with open(os.path.join(SOURCE, "data/default.keys"), encoding="utf-8") as f:
        return [tuple(line.split()) for line in f if line.strip() and not line.startswith("#")]


# ---- what is seen

@test("every size shows status, timeline, levels, requests, log and hints")
def _(folder):
    for cols, rows in ((80, 24), (100, 30), (200, 50)):
        with opened(cols=cols, rows=rows) as t:
            status = t.row(0)
            for words in ("tailboard", "1 source", f"{RECORDS} held", "60m", "END 2025-09-09 04:39"):
                expect(words in status, f"{cols}x{rows}: no {words!r} in the status line: {status!r}")
            expect(re.search(r"\d\d:\d\d:\d\d", status), "no clock:", status)
            expect(title(t, "Errors per"), f"{cols}x{rows}: no timeline\n", t.text())
            expect(re.search(r"[▁▂▃▄▅▆▇█]", t.row(4) + t.row(3)), "no bars\n", t.text())
            if cols >= 100:
                for level in ("CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG"):
                    expect(t.row_with(level), f"no row of {level}\n", t.text())
            else:
                expect(re.search(r"✖ 4 +● 32 +▲ 29", title(t, "Errors per")), "no strip of levels\n", t.text())
            expect(t.row_with("METHOD") and t.row_with("P95"), "no table of requests\n", t.text())
            expect(re.search(r"GET +/debug/syntax/ +2 ", t.text()), "no route\n", t.text())
            expect("following" in log_title(t), log_title(t))
            expect(t.row(-1).endswith("? help"), t.row(-1))
            expect(all(len(row) <= cols for row in t.rows()))
            leave(t)


@test("the numbers of the window are those of report --window")
def _(folder):
    data = report(APPLICATION, "--window", "60m")
    with opened() as t:
        for level, n in data["statistics"]["by_level"].items():
            t.wait(re.compile(rf"{level} +{n:,} "))
        t.wait(re.compile(rf"slow > 1\.0s: {data['requests']['slow_count']}\b"), deadline=8)
        t.wait(re.compile(rf"Requests by p95 ▼ +1-\d+ of {len(data['requests']['by_route'])} "), deadline=8)


@test("every fixture opens, holds all its records, and quits")
def _(folder):
    for name in sorted(os.listdir(LOGS)):
        if not name.endswith(".log"):
            continue
        ingest = report(log(name))["ingest"]
        with Terminal(log(name)) as t:
            t.wait(lambda s: re.search(rf" {ingest['records'] + ingest['unparsed']:,} ─", log_title(s)))
            leave(t)


@test("a folder is opened as all of its logs")
def _(folder):
    LogFile(folder, "one.log", text_line("from the first"))
    LogFile(folder, "two.log", text_line("from the second"))
    with Terminal(folder) as t:
        t.wait(lambda s: "2 sources" in s.row(0) and "from the first" in s.text() and "from the second" in s.text())


@test("a folder without logs says so and waits, and shows the log that comes")
def _(folder):
    with Terminal(folder) as t:
        t.wait(re.compile("no log files yet"))
        LogFile(folder, "late.log", text_line("here at last"))
        t.wait("here at last")


@test("a missing file is told, the others are shown, and it is picked up when it comes")
def _(folder):
    with Terminal(os.path.join(folder, "absent.log"), LogFile(folder, "a.log", text_line("present")).path) as t:
        t.wait(lambda s: "present" in s.text() and "1 missing" in s.row(0) and "absent.log" in s.row(-1))
        LogFile(folder, "absent.log", text_line("no longer absent"))
        t.wait(lambda s: "no longer absent" in s.text() and "missing" not in s.row(0))


# ---- focus

@test("Tab, Shift-Tab and the digits move the focus")
def _(folder):
    with opened() as t:
        for key in ("1", "2", "3", "4"):
            t.press(key)
            t.wait(hints(FOCUS[key]))
        for key in ("1", "2", "3", "4"):
            t.press("Tab")
            t.wait(hints(FOCUS[key]))
        for key in ("3", "2", "1"):
            t.press("S-Tab")
            t.wait(hints(FOCUS[key]))


@test("z gives a pane the whole screen and takes it back")
def _(folder):
    with opened() as t:
        t.press("z")
        t.wait(lambda s: not title(s, "Requests") and len(log_rows(s)) == 27)
        t.press("z")
        t.wait(lambda s: title(s, "Requests") and title(s, "Errors"))
        t.press("3", "z")
        t.wait(lambda s: title(s, "Requests") and not log_title(s))
        t.press("Esc")
        t.wait(lambda s: title(s, "Requests") and log_title(s))


# ---- the requests

@test("s and S sort the requests, and the title says by what")
def _(folder):
    with opened(cols=160) as t:
        t.press("3")
        t.wait(hints("sort"))
        t.press("S")
        t.wait(lambda s: "Requests by p95 ▲" in title(s, "Requests"))
        t.press("S", "s")
        t.wait(lambda s: "Requests by p99 ▼" in title(s, "Requests"))
        for _ in range(3):
            t.press("s")
        t.wait(lambda s: "Requests by count ▼" in title(s, "Requests"))
        head = t.find("METHOD")[1]
        counts = [int(m[1].replace(",", "")) for m in
                  (re.match(r" \w+ +\S+ +([\d,]+) ", t.row(y)) for y in range(head + 1, head + 6)) if m]
        expect(len(counts) >= 4 and counts == sorted(counts, reverse=True), "counts:", counts)


# ---- time

@test("+ and - zoom, [ and ] shift the window, . returns to the newest")
def _(folder):
    def window(words):
        return lambda s: f"  {words}  " in s.row(0)
    with opened() as t:
        for key, words in (("+", "30m"), ("+", "15m"), ("-", "30m"), ("-", "60m"), ("-", "3h")):
            t.press(key)
            t.wait(window(words))
        t.press("+")
        t.wait(window("60m"))
        t.press("[")
        t.wait(lambda s: "UNTIL 2025-09-09 04:" in s.row(0))
        t.press("]")
        t.wait(lambda s: "END 2025-09-09 04:39" in s.row(0))
        for hour in ("04:", "03:"):
            t.press("[")
            t.wait(lambda s: f"UNTIL 2025-09-09 {hour}" in s.row(0))
        t.press(".")
        t.wait(lambda s: "END" in s.row(0) and "following" in log_title(s))


@test("Space holds the screen and counts what arrives")
def _(folder):
    file = LogFile(folder, "a.log", text_line("first", time=now()))
    with Terminal(file.path) as t:
        t.wait(in_title("following · 1"))
        t.press("Space")
        t.wait(lambda s: "PAUSED +0" in s.row(0))
        for i in range(1500):
            file.write(text_line(f"later {i}", time=now()))
        t.wait(lambda s: "PAUSED +1,500" in s.row(0))
        expect("later" not in t.text(), "the screen moved\n", t.text())
        t.press("Space")
        t.wait(lambda s: "later 1499" in s.text() and "PAUSED" not in s.row(0) and "LIVE" in s.row(0))


# ---- help, commands, themes, mouse

@test("? lists every command with its keys, and Esc closes it")
def _(folder):
    with open(os.path.join(SOURCE, "tui/command.h"), encoding="utf-8") as f:
        table = re.findall(r'X\((\w+), "([\w-]+)", \w+, "((?:[^"\\]|\\.)*)"\)', f.read())
    keys = dict((command, key) for key, command in reversed(default_keys()))
    expect(len(table) > 40, "the table of commands was not found")
    with opened(cols=200, rows=70) as t:
        t.press("?")
        t.wait(lambda s: title(s, "Help") and not log_title(s))
        text = t.text()
        for _, name, what in table:
            what = what.replace('\\"', '"')
            expect(what in text, f"help lacks {name}: {what}\n", text)
            expect(name not in keys or re.search(rf"{re.escape(keys[name])}[^│]*{re.escape(what)}", text),
                   f"help lacks the key {keys.get(name)} of {name}")
        for words in ("level>=warning", "status=5xx", "has:exception", "CRITICAL"):
            expect(words in text, f"help lacks {words}")
        t.press("Esc")
        t.wait(log_title)


@test("help scrolls where it does not fit")
def _(folder):
    with opened(cols=80, rows=24) as t:
        t.press("?")
        t.wait("Moving")
        t.press("End")
        t.wait(lambda s: "CRITICAL" in s.text() and "Moving" not in s.text())
        t.press("q")
        expect_equal(t.wait_exit(), 0, "exit status")


@test("a key is bound to every command, and no key of the table is dead")
def _(folder):
    with open(os.path.join(SOURCE, "tui/command.h"), encoding="utf-8") as f:
        names = {name for _, name in re.findall(r'X\((\w+), "([\w-]+)",', f.read())}
    bound = {command for _, command in default_keys()}
    expect_equal(sorted(names - bound), [], "commands without a key")
    expect_equal(sorted(bound - names), [], "keys of commands that do not exist")


@test(": runs a command by its name, Tab completes it")
def _(folder):
    with opened() as t:
        t.press(":", "zoom-p", "Tab", "Enter")
        t.wait(lambda s: not title(s, "Requests"))
        t.press(":", "no-such-command", "Enter")
        t.wait(lambda s: "no-such-command" in s.row(-1))
        t.press("Esc", ":", "quit", "Enter")
        expect_equal(t.wait_exit(), 0, "exit status")


@test("--keys binds keys on top of the defaults")
def _(folder):
    keys = LogFile(folder, "my.keys", "# mine\nQ quit\nq none\n").path
    with opened(APPLICATION, "--keys", keys) as t:
        t.press("q")
        t.settle()
        expect_equal(t.process.poll(), None, "exit status after q")
        t.press("Q")
        expect_equal(t.wait_exit(), 0, "exit status after Q")


@test("T goes through the themes; --theme begins with one; errors have a colour in all but mono")
def _(folder):
    path = LogFile(folder, "a.log", text_line("calm"), text_line("broken", "ERROR", time=after(1))).path
    with Terminal(path, "--theme", "dark") as t:
        t.wait("broken")
        seen = set()
        while len(seen) < 5:
            t.press("T")
            name = t.wait(lambda s: (m := re.search(r"theme: ([\w-]+)", s.row(-1))) and m[1] not in seen and m[1])
            seen.add(name)
            if name == "mono":
                expect_equal(t.colour_of("ERROR broken") or t.cell(*t.find("broken")).fg, "default", "colour in mono")
            else:
                t.wait(lambda s: s.cell(*s.find("broken")).fg != "default")
        expect_equal(seen, {"default", "dark", "light", "high-contrast", "mono"}, "themes")


@test("keys that arrive together do what they do one by one")
def _(folder):
    path = LogFile(folder, "a.log", *[text_line(f"number {i}.", time=after(i)) for i in range(10)]).path
    with Terminal(path) as t:
        t.wait("number 9.")
        t.press("\033OA\033OA\r")
        t.wait(lambda s: "Record" in s.text() and "number 7." in s.text())
    with opened() as t:
        t.press("2j\r")
        t.wait(in_title("level=error"))
    with opened() as t:
        t.press("[[")
        t.wait(lambda s: "UNTIL 2025-09-09 03:" in s.row(0))
    with opened() as t:
        t.press("3jz")
        t.wait(lambda s: title(s, "Requests") and not log_title(s))


@test("the mouse focuses, moves the cursor and scrolls; --no-mouse leaves it alone")
def _(folder):
    with opened() as t:
        x, y = t.find("WARNING")
        t.click(x, y)
        t.wait(hints(FOCUS["2"]))
        x, y = t.find(NEWEST)
        t.wheel(x, y, up=True)
        t.wait(in_title("held at"))
        expect(b"\033[?1000h" in t.sent or b"1006;1000h" in t.sent, "no mouse reports were asked for")
    with opened(APPLICATION, "--no-mouse") as t:
        expect(b"1000h" not in t.sent and b"1002h" not in t.sent, "mouse reports were asked for")


@test("y copies the record by OSC 52")
def _(folder):
    line = text_line("precious \u4f60\u597d words")
    with Terminal(LogFile(folder, "a.log", line).path) as t:
        t.wait("precious")
        t.press("y")
        t.wait(hints("copied"))
        copied = re.search(rb"\033\]52;c;([A-Za-z0-9+/=]*)(?:\a|\033\\)", bytes(t.sent))
        expect(copied, "nothing was copied")
        expect_equal(base64.b64decode(copied[1]).decode().rstrip("\n"), line.rstrip("\n"), "what was copied")


# ---- sizes

@test("i says how the record was read, and i again shows the record")
def _(folder):
    with opened() as t:
        t.press("E", "i")
        t.wait("Record, how it was read")
        t.wait("~~~~~")
        t.press("i")
        t.wait("exception_message")
        t.press("Esc")
        t.wait(lambda s: "─ Record" not in s.text())


@test("the screen follows the terminal's size, says when it is too small, and comes back")
def _(folder):
    with opened() as t:
        t.press("f", "level=error", "Enter")
        t.wait(in_title("level=error"))
        for cols, rows in ((80, 24), (60, 10), (200, 50), (20, 3), (79, 24), (100, 30), (400, 120), (100, 30)):
            t.resize(cols, rows)
            if cols < 80 or rows < 24:
                t.wait(lambda s: "80 x 24" in s.text() or cols < 40)
                t.settle(0.1)
                expect(not log_title(t), "a pane on a screen that is too small\n", t.text())
            else:
                t.wait(lambda s: "level=error" in log_title(s) and len(log_title(s)) == cols and "? help" in s.row(-1))
                expect("tailboard" in t.row(0), t.row(0))
        leave(t)


@test("q quits at a size that is too small")
def _(folder):
    with Terminal(APPLICATION, cols=40, rows=10) as t:
        t.wait("tailboard needs 80 x 24")
        leave(t)


@test("Ctrl-L draws everything anew")
def _(folder):
    with opened() as t:
        t.settle()
        before = len(t.sent)
        t.press("C-l")
        t.wait(lambda s: len(s.sent) - before > 2000)


run()
