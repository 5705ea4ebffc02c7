"""What the end-to-end tests know of the dashboard: where its parts stand and how it is opened."""
import json
import re

from tap import command, expect_equal, log
from terminal import Terminal

APPLICATION = log("application.log")
# What is the newest in application.log, and how many records it has.
NEWEST, RECORDS = "Slow request detected", "5,346"


def loaded(t):
    """The first row does not say how far the history is read."""
    return not re.search(r"loading|back to", t.row(0))


def title(t, word):
    """The row that is the title of a pane: ' Log ... 5,346 ' between rules."""
    return next((row for row in t.rows() if re.match(rf"[─-]+ {word}\b", row) or f"─ {word} ─" in row
                 or f"─ {word}, " in row), "")


def log_title(t):
    return title(t, "Log")


def log_rows(t):
    rows = t.rows()
    return rows[rows.index(log_title(t)) + 1:-1]


def opened(path=APPLICATION, *options, **how):
    """A dashboard that has loaded all of application.log."""
    t = Terminal(path, *options, **how)
    try:
        if path == APPLICATION:
            t.wait(lambda s: RECORDS in log_title(s) and NEWEST in s.text() and loaded(s))
    except BaseException:
        t.close()
        raise
    return t


def in_title(words):
    return lambda t: words in log_title(t)


def hints(words):
    """The last row says so."""
    return lambda t: words in t.row(-1)


FOCUS = {"1": "zoom", "2": "level", "3": "sort", "4": "search"}  # a hint that only this pane has


def report(path, *options):
    return json.loads(command("report", "--output", "json", *options, path).out)


def leave(t):
    t.press("q")
    expect_equal(t.wait_exit(), 0, "exit status")
