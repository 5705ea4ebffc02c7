#!/usr/bin/python3
"""The benchmark measures: its arithmetic, and a run over tiny logs, so that it cannot rot. TAP on stdout."""
import os
import subprocess
import sys

from tap import PROGRAM, SOURCE, environment, expect, expect_equal, instrumented, run, test

BENCH = os.path.join(SOURCE, "bench")
BUILD = os.path.dirname(PROGRAM)
sys.path.insert(0, BENCH)
sys.dont_write_bytecode = True
import table  # noqa: E402
from growing import clock_of, last_time  # noqa: E402


@test("figures are as people read them")
def figures(_):
    for value, want in ((0, "0.00"), (0.0123, "0.012"), (0.5, "0.50"), (9.994, "9.99"), (45.26, "45.3"),
                        (1234567.8, "1,234,568")):
        expect_equal(table.number(value), want)
    for value, want in ((999, "999 B"), (1500, "1.50 kB"), (400_000_000, "400 MB"), (10**10, "10.0 GB")):
        expect_equal(table.size(value), want)
    expect_equal(table.milliseconds(1500), "1.50 s")
    expect_equal([table.parse_size(t) for t in ("400M", "1.5g", "77")], [400_000_000, 1_500_000_000, 77])
    expect_equal(table.median([3, 1, 2, 10]), 2.5)
    expect_equal(table.spread(range(101)), (50, 99, 100))


@test("a table is text, and markdown between the README's markers")
def tables(_):
    t = table.Table("Load", "program", "MB/s>")
    t.add("a|b", 1234)
    t.note("said below")
    expect_equal(t.text(), "Load\n----\nprogram  MB/s\na|b      1234\n  said below")
    expect_equal(t.markdown(), "**Load**\n\n| program | MB/s |\n|---|---:|\n| a\\|b | 1234 |\n\n- said below")
    page = f"before\n{table.BEGIN}\nold\n{table.END}\nafter\n"
    expect_equal(table.between_markers(page, "new"), f"before\n{table.BEGIN}\nnew\n{table.END}\nafter\n")
    try:
        table.between_markers("no markers", "new")
    except ValueError:
        return
    expect(False, "a page without markers was accepted")


@test("the time of the last line is what the screen will show of it")
def last_line(folder):
    path = os.path.join(folder, "a.log")
    with open(path, "w") as f:
        f.write('{"asctime": "2025-09-09 10:00:00,000"}\n{"asctime": "2025-09-09 10:42:06,120", "name": "x"}\n')
    expect_equal(clock_of(last_time(path)), "10:42:06.120")


@test("the README has the place for the tables")
def readme(_):
    with open(os.path.join(SOURCE, "README.md"), encoding="utf-8") as f:
        table.between_markers(f.read(), "")


@test("every part measures tailboard over tiny logs")
def whole(folder):
    titles = ["Load, JSON", "Load, gunicorn", "Ask 1,000 kB", "Inside"]
    only = ["--only", "load,ask"]
    if not instrumented():  # with sanitizers it would not keep up with what is written to it
        titles += ["First screen", "Key to", "A line", "Idle", "To a terminal"]
        only = []
    done = subprocess.run(
        [sys.executable, os.path.join(BENCH, "bench.py"), "--build", BUILD, "--data", folder, "--bytes", "1M", "--runs",
         "1", "--cold-runs", "0", "--quick", "--quiet", "--no-npm", "--without", "lnav,jq,goaccess,python,hl,duckdb", *only],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60, env=environment())
    expect_equal(done.returncode, 0, f"status\n{done.stdout}\n")
    for title in titles:
        expect(title in done.stdout, "no table", title, "\n", done.stdout)
    expect_equal(sorted(os.listdir(folder)), ["access-125000.log", "json-1000000.log", "lnav-home"], "what it leaves")


run()
