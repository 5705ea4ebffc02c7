#!/usr/bin/python3
"""Searching in the dashboard, where hits are pointed at, and going to times. TAP on stdout."""
import re

from dashboard import FOCUS, hints, in_title, log_rows, log_title, title
from loglines import TRACEBACK, LogFile, after, json_line, text_line
from tap import expect, expect_equal, run, test
from terminal import Terminal

HITS = (5, 25, 45)


def needles(folder, name="a.log", n=60):
    lines = [text_line(f"number {i:02} {'needle' if i in HITS else 'straw'}", time=after(i)) for i in range(n)]
    return LogFile(folder, name, *lines)


def bar(t):
    """The last column of the log's rows."""
    top = t.rows().index(log_title(t)) + 1
    return [t.cell(99, y).data for y in range(top, 29)]


# ---- searching

@test("while a search is typed hits are marked and counted, and the view stays until Enter")
def _(folder):
    with Terminal(needles(folder).path) as t:
        t.wait(in_title("following · 60"))
        before = [row[:99].rstrip() for row in log_rows(t)]
        t.press("/", "straw")
        t.wait(lambda s: "57 hits" in s.row(-1) and s.cell(*s.find("straw")).bold)
        t.press(*["Backspace"] * 5, "needle")
        t.wait(lambda s: "3 hits" in s.row(-1) and "3 hits" in log_title(s) and not s.cell(*s.find("straw")).bold)
        expect_equal([row[:99].rstrip() for row in log_rows(t)], before, "rows")
        t.press(" ", '"str')
        t.wait(hints("the quote is still open"))
        x, y = t.find("the quote")
        expect_equal(t.cell(x, y).fg, "default", "the colour of what is only half typed")
        expect("3 hits" in log_title(t), "half a phrase ends the search:", log_title(t))
        t.press("Esc")
        t.wait(lambda s: "following · 60" in log_title(s) and "hit" not in log_title(s))
        expect_equal([row[:99].rstrip() for row in log_rows(t)], before, "rows after Esc")


@test("n and N go round the ends, and say so")
def _(folder):
    with Terminal(needles(folder).path) as t:
        t.wait(in_title("following · 60"))
        t.press("/", "needle", "Enter")
        t.wait(in_title("held at 10:00:45"))
        t.wait(hints("n/N hit"))
        t.press("n")
        t.wait(lambda s: "held at 10:00:05" in log_title(s) and "no later hit: this is the first" in s.row(-1))
        t.press("N")
        t.wait(lambda s: "held at 10:00:45" in log_title(s) and "no earlier hit: this is the last" in s.row(-1))
        t.press("N")
        t.wait(lambda s: "held at 10:00:25" in log_title(s) and "no earlier" not in s.row(-1))
        t.press("/", '"number 25"', "Enter")
        t.wait(in_title("1 hit "))
        t.press("n")
        t.wait(hints("this is the only hit"))


@test("Up and Down bring back what was searched for")
def _(folder):
    with Terminal(needles(folder).path) as t:
        t.wait(in_title("following · 60"))
        for word in ("needle", "straw"):
            t.press("/", word, "Enter")
            t.wait(lambda s: s.cursor_hidden and "hits" in log_title(s))
        t.press("/", "Up")
        t.wait(hints("/straw"))
        t.press("Up")
        t.wait(lambda s: "/needle" in s.row(-1) and "3 hits" in s.row(-1))
        t.press("Down")
        t.wait(hints("/straw"))
        t.press("Up", "Enter")
        t.wait(in_title("3 hits"))


@test("a held view stays while it is searched and records arrive")
def _(folder):
    file = needles(folder)
    with Terminal(file.path) as t:
        t.wait(in_title("following · 60"))
        t.press("Space")
        t.wait("PAUSED")
        t.press("/", "needle", "Enter")
        t.wait(in_title("held at 10:00:45"))
        rows = [row[:99].rstrip() for row in log_rows(t)]
        file.write(*[text_line(f"late {i} needle", time=after(100 + i)) for i in range(5)])
        t.wait(lambda s: "8 hits" in log_title(s))
        expect_equal([row[:99].rstrip() for row in log_rows(t)], rows, "rows")
        t.press("n")
        t.wait(lambda s: "held at 10:01:40" in log_title(s) and "late 0 needle" in s.text())


@test("in a record n goes from hit to hit, and on to the next record that has one")
def _(folder):
    file = LogFile(folder, "a.log", text_line("first boom", "ERROR"), TRACEBACK, text_line("quiet", time=after(1)),
                   json_line("second boom", "ERROR", after(2), exc_info=TRACEBACK.rstrip("\n"), note="a boom it was"),
                   text_line("last", time=after(3)))
    with Terminal(file.path, rows=24) as t:
        t.wait(in_title("following · 4"))
        t.press("/", "boom", "Enter")
        t.wait(in_title("held at 10:00:02"))
        t.press("Enter")
        t.wait(lambda s: "Record" in s.text() and "a boom it was" in s.text())
        t.press("/", "it was")
        t.wait(lambda s: (at := s.find("it was")) and s.cell(*at).bold)
        t.press("Esc")
        t.wait(lambda s: (at := s.find("it was")) and not s.cell(*at).bold and s.cursor_hidden)
        marked = re.compile(r"(?m)^▸(.*)$")
        seen = []
        for _ in range(3):
            t.press("n")
            seen.append(t.wait(lambda s: (m := marked.search(s.text())) and m[1] not in seen and m[1]))
        expect("second boom" in seen[0] and "boom" in seen[1], "the hits:", seen)
        for _ in range(6):
            t.press("n")
        t.wait(lambda s: "first boom" in s.text() and "Record" in s.text() and marked.search(s.text()))


# ---- where hits are

@test("a bar beside the log says where hits are, and what is seen")
def _(folder):
    with Terminal(needles(folder).path) as t:
        t.wait(in_title("following · 60"))
        expect_equal("".join(bar(t)).strip(), "", "the bar while it follows")
        t.press("g")
        t.wait(lambda s: bar(s)[0] == "▐" and bar(s)[-1] == " ")
        t.press("/", "needle")
        t.wait(lambda s: bar(s).count("━") + bar(s)[:5].count("▐") >= 3 and bar(s)[0] == "▐")
        t.press("Enter")
        t.wait(lambda s: bar(s).count("━") >= 2 and "held at 10:00:05" in log_title(s))
        t.press("Esc")
        t.wait(lambda s: "━" not in bar(s) and "▐" in bar(s))
        t.press("G")
        t.wait(lambda s: not "".join(bar(s)).strip())


@test("the timeline has a row of the buckets with hits, and counts them")
def _(folder):
    lines = [text_line(f"number {i} {'needle' if i == 3 else 'straw'}", time=after(60 * i)) for i in range(30)]
    with Terminal(LogFile(folder, "a.log", *lines).path) as t:
        t.wait(in_title("following · 30"))
        top = t.rows().index(title(t, "Errors per"))
        t.press("/", "needle", "Enter")
        t.wait(lambda s: any(row.strip(" │") == "▇" for row in s.rows()[top:top + 12]) or "▇" in s.text())
        t.press("1")
        t.wait(hints(FOCUS["1"]))
        t.wait(lambda s: "  0 hits, 0 errors" in title(s, "Errors per"))
        t.press("g")
        for _ in range(70):
            t.press("Right")
            t.settle(0.02)
            if "  1 hit," in title(t, "Errors per"):
                break
        t.wait(lambda s: "  1 hit," in title(s, "Errors per") and "10:03" in title(s, "Errors per"))


# ---- time

@test("v marks a stretch of the timeline, Enter narrows to it, Esc brings back the window")
def _(folder):
    lines = [text_line(f"number {i:02}", time=after(60 * i)) for i in range(60)]
    with Terminal(LogFile(folder, "a.log", *lines).path) as t:
        t.wait(in_title("following · 60"))
        t.press("4", "v")
        t.wait(hints("marked in the timeline"))
        t.press("1")
        t.wait(hints("v mark a stretch"))
        t.press("Left", "Left", "v", "Left", "Left", "Left", "Left")
        stretch = t.wait(lambda s: re.search(r"(\d\d:\d\d)-(\d\d:\d\d)  0 errors", title(s, "Errors per")))
        t.wait(hints("Esc back"))
        t.press("Esc")
        t.wait(lambda s: "-" not in title(s, "Errors per").split("errors")[0].strip("─- "))
        t.press("v", "Right", "Right", "Right", "Right", "Enter")
        t.wait(lambda s: f"time>=2025-09-09T{stretch[1]} time<2025-09-09T{stretch[2]}" in log_title(s))
        t.wait(hints(f"All › {stretch[1]}-{stretch[2]}"))
        minutes = int(stretch[2][3:]) - int(stretch[1][3:])
        t.wait(lambda s: f"{minutes} of 60" in log_title(s) and f" {minutes}m " in s.row(0))
        t.press("Esc")
        t.wait(lambda s: "· 60" in log_title(s) and "60m" in s.row(0))


@test(":goto moves the log and the timeline, and says what is expected")
def _(folder):
    lines = [text_line(f"number {i:03}", time=after(60 * i)) for i in range(300)]  # 10:00 to 14:59
    with Terminal(LogFile(folder, "a.log", *lines).path) as t:
        t.wait(in_title("following · 300"))
        for typed, held in (("10:30", "10:30:00"), ("2025-09-09 11:15", "11:15:00"), ("-1h", "11:")):
            t.press(":", "goto " + typed, "Enter")
            t.wait(in_title("held at " + held))
        t.press(":", "goto 10:30", "Enter")
        t.wait(lambda s: "number 030" in s.text() and "10:30" in title(s, "Errors per") + "\n".join(s.rows()[:12]))
        t.press("1")
        t.wait(lambda s: re.search(r"10:30  0 errors", title(s, "Errors per")))
        for typed in ("goto", "goto teatime"):
            t.press(":", typed, "Enter")
            t.wait(hints("goto: a time is expected"))


@test("@ shows the minute around a record in all files, whatever the filters; Esc brings them back")
def _(folder):
    LogFile(folder, "a.log", *[text_line(f"a {i}", "ERROR" if i == 10 else "INFO", after(30 * i)) for i in range(20)])
    LogFile(folder, "b.log", *[text_line(f"b {i}", time=after(30 * i + 1)) for i in range(20)])
    with Terminal(folder) as t:
        t.wait(in_title("following · 40"))
        t.press("f", "a", "Enter", ">", ">", ">", "f", "level>=error", "Enter")
        t.wait(in_title("1 of 40"))
        t.press("@")
        t.wait(lambda s: "time>=2025-09-09T10:04:00" in log_title(s) and "level" not in log_title(s))
        t.wait(lambda s: "9 of 40" in log_title(s) and "b 9" in s.text())
        t.wait(hints("around 10:05:00"))
        t.press("Esc")
        t.wait(lambda s: "1 of 40" in log_title(s) and "level>=ERROR" in log_title(s))
        t.press(":", "around 30s", "Enter")
        t.wait(in_title("5 of 40"))
        t.press("Backspace")
        t.wait(lambda s: "1 of 40" in log_title(s) and "level>=ERROR" in log_title(s))
        t.press(":", "around teatime", "Enter")
        t.wait(hints("around: a length"))


run()
