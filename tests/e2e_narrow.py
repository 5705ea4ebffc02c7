#!/usr/bin/python3
"""From numbers to the records behind them and back; finding, filtering and opening records. TAP on stdout."""
import re

from dashboard import APPLICATION, FOCUS, RECORDS, hints, in_title, log_rows, log_title, opened, report, title
from loglines import TRACEBACK, LogFile, after, json_line, text_line
from tap import command, expect, expect_equal, run, test
from terminal import Terminal


# ---- narrowing and coming back

def back_where_it_was(t, narrow, key):
    """Hold the log somewhere, narrow from the pane of `key`; Esc has to bring back the same rows and the same focus."""
    t.press("4", "Home")
    t.wait(lambda s: "held at" in log_title(s) and "21:48:00.219" in s.text())
    t.press("PgDn", "PgDn")
    t.wait(lambda s: "21:48:00.219" not in s.text())
    t.settle()
    before = (log_title(t), log_rows(t))
    t.press(key)
    t.wait(hints(FOCUS[key]))
    narrow()
    t.press("Esc")
    t.wait(lambda s: (log_title(s), log_rows(s)) == before)
    t.wait(hints(FOCUS[key]))
    expect("All ›" not in t.row(-1), "a step is left:", t.row(-1))


@test("Enter on a level narrows to it, and Esc returns to the same place")
def _(folder):
    want = report(APPLICATION)["statistics"]["by_level"]["ERROR"]
    with opened() as t:
        def narrow():
            t.press("Down", "Enter")
            t.wait(in_title("level=error"))
            t.wait(in_title(f"{want} of {RECORDS}"))
            t.wait(lambda s: all("ERROR" in row for row in log_rows(s) if row.strip()))
            t.wait(hints("All › ERROR"))
        back_where_it_was(t, narrow, "2")


@test("Enter on a route narrows to its requests, and Esc returns to the same place")
def _(folder):
    with opened() as t:
        def narrow():
            t.wait(lambda s: "/debug/syntax/" in s.text())
            t.press("Enter")
            t.wait(lambda s: 'route="/debug/syntax/"' in log_title(s) and "method=GET" in log_title(s))
            t.wait(lambda s: all("django.request" in row for row in log_rows(s) if row.strip()))
            t.wait(hints("All › GET /debug/syntax/"))
        back_where_it_was(t, narrow, "3")


@test("Enter on a bucket narrows to its minutes, and Esc returns to the same place")
def _(folder):
    with opened() as t:
        def narrow():
            described = t.wait(lambda s: re.search(r"(\d\d:\d\d) +\d+ errors?, .* of ([\d,]+)", title(s, "Errors per")))
            t.press("Enter")
            t.wait(lambda s: f"time>=2025-09-09T{described[1]}" in log_title(s))
            t.wait(in_title(f"{described[2]} of {RECORDS}"))
            t.wait(hints(f"All › {described[1]}"))
        back_where_it_was(t, narrow, "1")


@test("the timeline's cursor moves by buckets and says what each holds")
def _(folder):
    with opened(cols=120) as t:
        t.press("1")
        first = t.wait(lambda s: re.search(r"per \S+(?: \w+)? +(\d\d:\d\d) +\d+ error", title(s, "Errors per")))[1]
        t.press("Left")
        t.wait(lambda s: re.search(r"(\d\d:\d\d) +\d+ error", title(s, "Errors per"))[1] < first)
        t.press("Right")
        t.wait(lambda s: first in title(s, "Errors per"))


@test("m marks records, ' goes from one to the next and round again")
def _(folder):
    file = LogFile(folder, "app.log", *[text_line(f"record {i:02}", time=after(i)) for i in range(60)])
    with Terminal(file.path) as t:
        t.wait("record 59")
        t.press("'")
        t.wait(hints("no record is marked"))
        t.press("4", "Home", "m")
        t.wait(lambda s: any(row.startswith("◆") and "record 00" in row for row in s.rows()))
        t.press("Down", "Down", "m", "m", "Down", "m")
        t.wait(hints("marked, 2 in all"))
        t.press("G", "'")
        t.wait(hints("mark 1 of 2"))
        t.wait(lambda s: "held at 10:00:00" in log_title(s))
        t.press("'")
        t.wait(lambda s: "held at 10:00:03" in log_title(s))
        t.press("5", "m")
        t.wait(hints("only a record can be marked"))
        t.press("'")
        t.wait(lambda s: "held at 10:00:00" in log_title(s))


@test("steps go back one by one, and the last row names them")
def _(folder):
    with opened(cols=120) as t:
        t.press("2")
        t.wait(hints(FOCUS["2"]))
        t.press("Down", "Enter")
        t.wait(hints("All › ERROR"))
        t.press("3")
        t.wait(hints("sort"))
        t.press("Enter")
        t.wait(hints("All › ERROR › GET /debug/syntax/"))
        t.press("Esc")
        t.wait(lambda s: "All › ERROR " in s.row(-1) and "route=" not in log_title(s))
        t.press("Esc")
        t.wait(in_title(f"following · {RECORDS}"))


# ---- finding

@test("/ searches, n and N go from hit to hit, Esc ends it")
def _(folder):
    lines = [text_line(f"number {i} {'needle' if i in (5, 25, 45) else 'straw'}", time=after(i)) for i in range(60)]
    with Terminal(LogFile(folder, "a.log", *lines).path) as t:
        t.wait(in_title("following · 60"))
        t.press("/", "NeedLE")
        t.wait(lambda s: "0 hits" in s.row(-1) and not s.cursor_hidden)
        t.press(*["Backspace"] * 6, "needle")
        t.wait(lambda s: "3 hits" in s.row(-1))
        t.press("Enter")
        t.wait(lambda s: "3 hits" in log_title(s) and s.cursor_hidden)
        t.press("G")
        t.wait(in_title("following"))
        for key, second in (("N", 45), ("N", 25), ("N", "05"), ("n", 25), ("n", 45)):
            t.press(key)
            t.wait(in_title(f"held at 10:00:{second}"))
        t.press("n")
        t.wait(re.compile("no (later )?hit"))
        t.press("Esc")
        t.wait(lambda s: "hit" not in log_title(s))


@test("a search that is abandoned leaves things as they were; one without hits says so")
def _(folder):
    with opened() as t:
        t.press("/", "unobtainium", "Esc")
        t.wait(lambda s: s.cursor_hidden and "? help" in s.row(-1) and f"following · {RECORDS}" in log_title(s))
        t.press("/", "unobtainium", "Enter")
        t.wait(in_title("0 hits"))
        t.press("n")
        t.wait(re.compile("no (later )?hit"))


@test("a mistake in a query is told where it stands")
def _(folder):
    with opened() as t:
        t.press("f", "level>=waring")
        t.wait(lambda s: "did you mean WARNING" in s.row(-1))
        t.press("Enter")
        t.settle()
        expect("level>=" not in log_title(t), "the filter was taken:", log_title(t))
        t.press("Esc")
        t.wait(lambda s: "? help" in s.row(-1))


@test("f filters, filters stack, Backspace drops the last and 0 all")
def _(folder):
    first = int(command("search", "--count", "level>=warning", APPLICATION).out)
    both = int(command("search", "--count", "level>=warning logger=django.request", APPLICATION).out)
    with opened() as t:
        t.press("f", "level>=warning", "Enter")
        t.wait(lambda s: "level>=warning" in log_title(s) and f"{first} of {RECORDS}" in log_title(s))
        t.wait(lambda s: "filtered" in title(s, "Errors per"))
        t.press("f", "logger=django.request", "Enter")
        t.wait(lambda s: "logger=django.request" in log_title(s) and f"{both} of {RECORDS}" in log_title(s))
        t.press("Backspace")
        t.wait(in_title(f"{first} of {RECORDS}"))
        t.press("f", "has:exception", "Enter")
        t.wait(in_title("has:exception"))
        t.press("0")
        t.wait(lambda s: f"· {RECORDS}" in log_title(s) and "level" not in log_title(s))
        t.press("Backspace")
        t.wait(hints("there is no filter"))


@test("> and < raise and lower the minimum level")
def _(folder):
    with opened() as t:
        for key, level in ((">", "INFO"), (">", "WARNING"), (">", "ERROR"), ("<", "WARNING"), ("<", "INFO")):
            t.press(key)
            t.wait(in_title(f"level>={level}"))
        t.press("<")
        t.wait(lambda s: f"· {RECORDS}" in log_title(s) and "level" not in log_title(s))


@test("e and E go from error to error, w and W from warning to warning")
def _(folder):
    levels = {10: "ERROR", 20: "WARNING", 30: "CRITICAL"}
    lines = [text_line(f"number {i}", levels.get(i, "INFO"), after(i)) for i in range(40)]
    with Terminal(LogFile(folder, "a.log", *lines).path) as t:
        t.wait("number 39")
        for key, second in (("E", 30), ("E", 10), ("e", 30), ("W", 20), ("W", 10), ("w", 20), ("w", 30)):
            t.press(key)
            t.wait(in_title(f"held at 10:00:{second}"))
        t.press("e")
        t.wait(re.compile("no (later )?error"))


@test("x and = hide and keep what is like the record under the cursor")
def _(folder):
    path = LogFile(folder, "a.log", text_line("one", logger="shop.a"), text_line("two", "ERROR", logger="shop.b"),
                   text_line("three", logger="shop.a", time=after(1))).path
    with Terminal(path) as t:
        t.wait(in_title("following · 3"))
        t.press("x")
        t.wait(lambda s: "hide:" in s.row(-1) and "g logger" in s.row(-1))
        t.press("g")
        t.wait(lambda s: "1 of 3" in log_title(s) and "two" in s.text())
        t.press("Esc")
        t.wait(in_title("following · 3"))
        t.press("=", "l")
        t.wait(lambda s: "2 of 3" in log_title(s) and "level=INFO" in log_title(s))


# ---- records

@test("Enter opens a record with its fields and traceback, Esc closes it")
def _(folder):
    for cols, rows in ((80, 50), (100, 60), (200, 60)):
        line = json_line("Request failed", "ERROR", after(5), "django.request", request_id="r-77", path="/checkout/",
                         exc_info=TRACEBACK.rstrip("\n"))
        with Terminal(LogFile(folder, f"{cols}.log", text_line("before"), line).path, cols=cols, rows=rows) as t:
            t.wait(in_title("following · 2"))
            t.press("Enter")
            for words in ("Record", "2025-09-09 10:00:05.000 +09:00", f"django.request · {cols}.log", "Request failed",
                          "request_id", "r-77", "/checkout/", "Traceback (most recent call last):",
                          'File "/srv/app/shop/views.py", line 88', "ZeroDivisionError: division by zero", "raw"):
                t.wait(words)
            beside = "before" in t.text()
            expect_equal(beside, cols >= 160, "the log is beside the record")
            t.press("Esc")
            t.wait(lambda s: "Record" not in s.text() and log_title(s) and "before" in s.text())


@test("a traceback of text lines is one record that says how many lines it hides")
def _(folder):
    path = LogFile(folder, "a.log", text_line("boom", "ERROR"), TRACEBACK, text_line("after it", time=after(1))).path
    with Terminal(path, rows=40) as t:
        t.wait(lambda s: "following · 2" in log_title(s) and "+6 lines" in s.row_with("boom"))
        t.press("Up")
        t.wait(in_title("held at 10:00:00"))
        t.press("Enter")
        t.wait(lambda s: "Record" in s.text() and "ZeroDivisionError: division by zero" in s.text())


@test("t shows only the records of one request")
def _(folder):
    wanted = report(APPLICATION)["requests"]["last_slow"][-1]["request_id"]
    count = int(command("search", "--count", "--request", wanted, APPLICATION).out)
    with opened() as t:
        t.press("t")
        t.wait(lambda s: "request_id=" in log_title(s) and wanted[:8] in log_title(s) + s.row(-1))
        t.wait(in_title(f"{count} of {RECORDS}"))
        t.press("Esc")
        t.wait(lambda s: f"{RECORDS} ─" in log_title(s) and "request_id" not in log_title(s))
    with Terminal(LogFile(folder, "a.log", text_line("alone")).path) as t:
        t.wait("alone")
        t.press("t")
        t.wait(hints("no request id"))


@test("backslash wraps long lines, the arrows scroll sideways when they are not wrapped")
def _(folder):
    path = LogFile(folder, "a.log", text_line("start " + "word " * 60 + "finish")).path
    with Terminal(path) as t:
        t.wait(lambda s: "start word" in s.text() and "finish" not in s.text())
        t.press("\\")
        t.wait("finish")
        t.press("\\")
        t.wait(lambda s: "finish" not in s.text())
        t.press(*["Right"] * 16)
        t.wait(lambda s: "finish" in s.text() and "start" not in s.text())


@test("moving in the log holds it, G follows again")
def _(folder):
    path = LogFile(folder, "a.log", *[text_line(f"number {i}.", time=after(i)) for i in range(200)]).path
    with Terminal(path) as t:
        t.wait("number 199.")
        t.press("Up")
        t.wait(in_title("held at 10:03:18"))
        t.press("g")
        t.wait("number 0.")
        t.press("PgDn")
        t.wait(lambda s: "number 0." not in s.text() and "number 12." in s.text())
        t.press("G")
        t.wait(lambda s: "number 199." in s.text() and "following" in log_title(s))


run()
