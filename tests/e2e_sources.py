#!/usr/bin/python3
"""The sources: what is said of each, hidden, alone, closed, added, run again, fallen silent. TAP on stdout."""
import datetime
import os
import re
import time

from dashboard import log_title, report
from loglines import LogFile, now, text_line
from tap import PROGRAM, expect, expect_equal, run, test
from terminal import Terminal


def live(message, **fields):
    return text_line(message, time=now(), **fields)


def source_row(name):
    """The row of a source in the table, with what follows its name."""
    return lambda t: re.search(rf"^ {re.escape(name)} .*", t.text(), re.M)


def is_so(name, words):
    """The row of the source has the words."""
    def look(t):
        row = source_row(name)(t)
        return row and words in row[0]
    return look


def total(n):
    """The log's title ends with n, by itself or "m of n"."""
    return lambda t: re.search(rf" {n:,} ─$", log_title(t))


def two_files(folder):
    return (LogFile(folder, "app.log", *[live(f"app {i}") for i in range(5)]),
            LogFile(folder, "mail.log", *[live(f"mail {i}", level="ERROR") for i in range(3)]))


def at_sources(t, *names):
    t.press("5")
    for name in names or ("app.log", "mail.log"):
        t.wait(source_row(name))


@test("the table and the card say what was read")
def _(folder):
    app, mail = two_files(folder)
    with Terminal(folder) as t:
        at_sources(t)
        t.wait(is_so("app.log", "following"))
        expect(re.search(r" 3 +3 +100 ", source_row("mail.log")(t)[0]), source_row("mail.log")(t)[0])
        expect(f"─ {app.path} ─" in t.text(), t.text())
        t.wait(re.compile(r"^ read +\d+, 5 lines, 5 records", re.M))
        t.press("Down")
        t.wait(f"─ {mail.path} ─")
        t.wait(re.compile(r"levels +ERROR 3: 100.0% errors"))
        mail.write(live("one more"))
        t.wait(re.compile(r"^ read +\d+, 4 lines, 4 records", re.M))
        t.press("Esc")
        t.wait(total(9))


@test("`:sources` goes there too, and rotations are counted there")
def _(folder):
    app, _ = two_files(folder)
    with Terminal(folder) as t:
        t.wait(total(8))
        t.press(":", "sources", "Enter")
        t.wait(source_row("app.log"))
        t.wait("none seen, nothing lost")
        app.rename("app.log.1")
        app.open()
        app.write(live("after"))
        t.wait("1 rotation, nothing lost")
        app.truncate()
        t.wait("1 rotation, 1 truncation, nothing lost")


@test("Enter narrows to a source, and Esc goes back to it")
def _(folder):
    two_files(folder)
    with Terminal(folder) as t:
        t.wait(total(8))
        at_sources(t)
        t.press("Down", "Enter")
        t.wait(lambda s: "source=mail.log" in log_title(s) and "3 of 8" in log_title(s))
        t.wait(lambda s: "All › mail.log" in s.row(-1))
        t.press("Esc")
        t.wait(source_row("mail.log"))
        expect(f"{folder}/mail.log" in t.text(), "the cursor is elsewhere", t.text())
        t.press("Esc")
        t.wait(total(8))
        expect("source=" not in log_title(t), log_title(t))


@test("x hides a source, = shows it alone; the same key takes it back")
def _(folder):
    two_files(folder)
    with Terminal(folder, cols=120) as t:
        t.wait(total(8))
        at_sources(t)
        t.press("x")
        t.wait(is_so("app.log", "hidden"))
        t.press("4")
        t.wait(lambda s: "-source=app.log" in log_title(s) and "3 of 8" in log_title(s))
        at_sources(t)
        t.press("x")
        t.wait(is_so("app.log", "following"))
        t.press("=")
        t.wait(is_so("mail.log", "hidden"))
        t.press("Down", "=")
        t.wait(is_so("app.log", "hidden"))
        t.wait(is_so("mail.log", "following"))
        t.press("=")
        t.wait(is_so("app.log", "following"))
        t.press("x", "Up", "x")
        t.wait(is_so("mail.log", "hidden"))
        t.wait(is_so("app.log", "hidden"))
        t.press("Esc")
        t.wait(is_so("app.log", "following"))
        expect(is_so("mail.log", "hidden")(t), t.text())


@test("c closes a source, and follows it again with nothing missing")
def _(folder):
    app, mail = two_files(folder)
    with Terminal(folder) as t:
        t.wait(total(8))
        at_sources(t)
        t.press("c")
        t.wait(is_so("app.log", "closed"))
        app.write(live("while it was closed"))
        mail.write(live("meanwhile"))
        app.rename("app.log.1")
        app.open()
        app.write(live("after the rotation"))
        t.wait(is_so("mail.log", " 4 "))
        t.settle(1.2)
        expect(is_so("app.log", "closed")(t) and is_so("app.log", " 5 ")(t), t.text())
        t.press("c")
        t.wait(is_so("app.log", " 7 "))
        t.press("4")
        t.wait(total(11))
        t.wait(lambda s: "while it was closed" in s.text() and "after the rotation" in s.text())


@test("a stream is not closed, for its writer's sake")
def _(folder):
    script = f"printf '{live('from a pipe').strip()}\\n'; sleep 60"
    with Terminal(argv=["/bin/sh", "-c", f"({script}) | exec {PROGRAM} -"]) as t:
        t.wait("from a pipe")
        at_sources(t, "stdin")
        t.press("c")
        t.wait(lambda s: "stdin is a stream" in s.row(-1))
        expect(not is_so("stdin", "closed")(t), t.text())


@test("`:open` adds a file while running, with its path completed")
def _(folder):
    os.mkdir(os.path.join(folder, "a"))
    os.mkdir(os.path.join(folder, "logs-of-b"))
    first = LogFile(os.path.join(folder, "a"), "app.log", live("first"))
    LogFile(os.path.join(folder, "logs-of-b"), "beta.log", live("second"), live("third"))
    with Terminal(first.path) as t:
        t.wait("first")
        t.press(f":open {folder}/lo", "Tab")
        t.wait(lambda s: s.row(-1).rstrip().endswith("/logs-of-b/"))
        t.press("b", "Tab")
        t.wait(lambda s: "/logs-of-b/beta.log" in s.row(-1))
        t.press("Enter")
        t.wait(lambda s: "1 source added" in s.row(-1))
        t.wait(total(3))
        t.wait(lambda s: "2 sources" in s.row(0))
        at_sources(t, "app.log", "beta.log")
        t.press(f":open {folder}/logs-of-b/beta.log", "Enter")
        t.wait(lambda s: "nothing new to read" in s.row(-1))
        t.press(f":open {folder}/later.log", "Enter")
        t.wait(is_so("later.log", "waiting"))
        LogFile(folder, "later.log", live("came later"))
        t.wait(is_so("later.log", "following"))
        t.press("4")
        t.wait("came later")


@test("a command's end is shown, and r runs it again")
def _(folder):
    line = live("ran").strip()
    with Terminal("--", "/bin/sh", "-c", f"echo '{line}'; exit 3") as t:
        t.wait("ran")
        t.press("5")
        t.wait("exited 3")
        expect(t.colour_of("exited 3") != "default", "how it ended looks like nothing")
        t.press("r")
        t.wait(lambda s: "runs again" in s.row(-1))
        t.press("4")
        t.wait(total(2))


@test("a source that falls silent is told of, with what was usual, until it speaks again")
def _(folder):
    start = now() - datetime.timedelta(seconds=60)
    lines = [text_line(f"old {i}", time=start + datetime.timedelta(seconds=i / 4)) for i in range(240)]
    app = LogFile(folder, "app.log", *lines)
    with Terminal(app.path) as t:
        t.wait(total(240))
        for i in range(8):
            app.write(live(f"live {i}"))
            t.wait(f"live {i}")
        t.wait(lambda s: re.search(r"app\.log silent for 1\ds, usually \d/s", s.row(-1)))
        expect("1 silent" in t.row(0), t.row(0))
        at_sources(t, "app.log")
        t.wait(is_so("app.log", "silent 1"))
        t.wait(re.compile(r"usually \d/s, silent for 1\ds"))
        app.write(live("back"))
        t.wait(is_so("app.log", "following"))
        t.wait(lambda s: "silent" not in s.row(0))


@test("the report says the same of each source")
def _(folder):
    start = now() - datetime.timedelta(seconds=600)
    lines = [text_line(f"old {i}", time=start + datetime.timedelta(seconds=i / 4), level="ERROR" if i % 8 == 0 else "INFO")
             for i in range(240)]
    app = LogFile(folder, "app.log", *lines)
    long_ago = time.time() - 540
    os.utime(app.path, (long_ago, long_ago))
    source = report(app.path)["ingest"]["sources"][0]
    expect_equal((source["records"], source["lines"], source["errors"], source["held"]), (240, 240, 30, 240))
    expect_equal((source["by_level"], source["formats"]), ({"ERROR": 30, "INFO": 210}, ["django"]))
    expect_equal((source["behind"], source["lost"], source["gaps"], source["rotations"], source["truncations"]),
                 (0, 0, 0, 0, 0))
    expect(539 < source["silent"] < 600, "silent for", source["silent"])
    expect(3.9 < source["usual_rate"] < 4.1, "usually", source["usual_rate"])
    old = LogFile(folder, "old.log", *[text_line(f"{i}", time=start - datetime.timedelta(days=30)) for i in range(240)])
    expect_equal(report(old.path)["ingest"]["sources"][0]["silent"], None, "an old log")


run()
