"""Questions over a log that is held, windows and frames, by the helper inproc; ripgrep asks the file the same.

ripgrep has what it needs of the line in its pattern; tailboard has the level in a column and looks durations and paths
up in the record. Where the pattern can only come near the query, the hits tell by how much.
"""
import os
import shutil
import subprocess

from cost import Runner
from machine import remember
from table import Table, median, milliseconds, number, size

QUESTIONS = [  # what it is, the query, ripgrep's options and pattern
    ("a rare word", "postcode", ["-i", "postcode"]),
    ("a common word", "completed", ["-i", "completed"]),
    ("an alternation", "/timeout|refused|deadlock|traceback/i", ["-i", "timeout|refused|deadlock|traceback"]),
    ("a level", "level>=error", ['"levelname": "(ERROR|CRITICAL)"']),
    ("two fields", "duration>1s AND path~^/api/", ['"duration": [1-9][0-9.]*,.*"path": "/api/']),
]


def _inproc(settings, log):
    """Its figures by name, or None."""
    settings.say("in process")
    argv = [settings.helper("inproc"), log, str(settings.runs), *(query for _, query, _ in QUESTIONS)]
    try:
        done = subprocess.run(argv, stdout=subprocess.PIPE, text=True, timeout=settings.timeout, check=True)
    except subprocess.SubprocessError:
        return None
    return {name: float(value) for name, value in (line.split() for line in done.stdout.splitlines())}


def _ripgrep(settings, log):
    """Milliseconds and hits for each question, or None where it is not installed."""
    if not shutil.which("rg"):
        return [None] * len(QUESTIONS)
    runner, answers = Runner(settings.helper("run"), settings.timeout), []
    for what, _, arguments in QUESTIONS:
        settings.say(f"ripgrep: {what}")
        costs = [runner.run(["rg", "-c", *arguments, log], fine=(0, 1)) for _ in range(settings.runs)]
        hits = subprocess.run(["rg", "-c", *arguments, log], stdout=subprocess.PIPE, text=True).stdout
        answers.append((median([c.wall for c in costs]) * 1000, int(hits or 0)) if all(costs) else None)
    return answers


def _questions(figures, answers):
    rate = lambda ms: f"{figures['log_bytes'] / ms / 1000:,.0f}" if ms else "-"  # noqa: E731
    t = Table(f"Ask {size(figures['log_bytes'])} that are held ({figures['records']:,.0f} records)", "query",
              "first row>", "screenful>", "all>", "MB/s>", "hits>", "ripgrep>", "MB/s>", "hits>", "tailboard is>")
    for i, (what, query, _) in enumerate(QUESTIONS):
        first, screenful, whole, hits = (figures[f"query.{i}.{k}"] for k in ("first", "screenful", "all", "hits"))
        ms, found = answers[i] or (None, None)
        t.add(f"{what}: {query}", milliseconds(first), milliseconds(screenful), milliseconds(whole), rate(whole),
              f"{hits:,.0f}", milliseconds(ms) if ms else "-", rate(ms), f"{found:,}" if ms else "-",
              f"{number(ms / whole)}x" if ms else "-")
    t.note("tailboard: the query becomes the filter; time until the newest row, 30 rows, the last count are there. "
           "ripgrep: rg -c over the file, in the page cache.")
    return t


def _inside(figures):
    t = Table("Inside", "what", "p50>", "p99>")
    pair = lambda name: [milliseconds(figures[f"{name}.{p}"]) for p in ("p50", "p99")]  # noqa: E731
    t.add("numbers of a window of 1, 5, 15, 60 minutes", *pair("window"))
    t.add("the same behind the filter level>=error", *pair("window.filtered"))
    for wxh in ("100x30", "200x50"):
        t.add(f"key to finished frame, {wxh}, window shifted", *pair(f"frame.window.{wxh}"))
        t.add(f"key to finished frame, {wxh}, log scrolled", *pair(f"frame.scroll.{wxh}"))
    t.note(f"Load of the held log: first 30 rows after {milliseconds(figures['load.first'])}, all after "
           f"{milliseconds(figures['load.all'])}.")
    t.note(f"Memory: {number(figures['memory'] / figures['records'])} bytes a record held by its own books, "
           f"{number(figures['resident'] / figures['records'])} resident, for records of "
           f"{number(figures['log_bytes'] / figures['records'])} bytes on average.")
    return t


def run(settings, log):
    """(tables, whether tailboard did its part)."""
    remember(log)
    figures = _inproc(settings, log)
    if not figures:
        return [], False
    held = os.path.getsize(log)
    tables = [_questions(figures, _ripgrep(settings, log)), _inside(figures)]
    if figures["log_bytes"] < held * 0.99:
        tables[0].note(f"The file has {size(held)}: the ceiling of memory let the oldest go.")
    return tables, True
