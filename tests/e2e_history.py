#!/usr/bin/python3
"""The copies that rotations left beside a log: read behind it, in order, each record once. TAP on stdout."""
import gzip
import json
import os
import re
import shutil
import subprocess

from dashboard import loaded
from loglines import LogFile, after, now, text_line
from tap import command, expect, expect_equal, run, test
from terminal import Terminal

EACH = 20  # records of a file


def records(file, count=EACH):
    """Those of the file with this number: 0 is the newest, and an hour goes by from one to the next."""
    return "".join(text_line(f"file {file} record {i}", time=after(i - 3600 * file)) for i in range(count))


def write(folder, name, text):
    path = os.path.join(folder, name)
    data = text.encode()
    if name.endswith(".gz"):
        data = gzip.compress(data)
    elif name.endswith(".zst"):
        data = subprocess.run(["zstd", "-q", "-c"], input=data, stdout=subprocess.PIPE, check=True).stdout
    with open(path, "wb") as f:
        f.write(data)
    return path


def rotated(folder, *names):
    """app.log and its copies, the newest first."""
    path = write(folder, "app.log", records(0))
    for number, name in enumerate(names, 1):
        write(folder, name, records(number))
    return path


def found(*arguments, status=0):
    """[(file, record)] in the order they are printed."""
    result = command("search", *arguments)
    expect_equal(result.status, status, f"status ({result.err})")
    return [tuple(map(int, pair)) for pair in re.findall(r"file (\d+) record (\d+)", result.out)]


def in_order(files):
    return [(file, i) for file in sorted(files, reverse=True) for i in range(EACH)]


def report(*arguments, status=0):
    result = command("report", "--output", "json", *arguments)
    expect_equal(result.status, status, f"status ({result.err})")
    return json.loads(result.out)


STYLES = {
    "numbers": ["app.log.1", "app.log.2", "app.log.3"],
    "packed numbers": ["app.log.1", "app.log.2.gz", "app.log.3.gz"],
    "packed dates": ["app.log-20250909", "app.log-20250908.gz", "app.log-20250907.gz"],
    "dates before the extension": ["app-2025-09-09.log", "app-2025-09-08.log", "app-2025-09-07.log.gz"],
    "one of each": ["app.log.1.gz", "app.log.2.zst", "app.log.3"],
}


@test("all styles of names: the copies of a log are read with --history, oldest first in the order of time")
def _(folder):
    for style, names in STYLES.items():
        if any(name.endswith(".zst") for name in names) and not shutil.which("zstd"):
            continue
        place = os.path.join(folder, style)
        os.mkdir(place)
        path = rotated(place, *names)
        expect_equal(found("record", path), in_order([0]), f"{style}: without --history")
        expect_equal(found("--history", "1", "record", path), in_order([0, 1]), f"{style}: with one")
        expect_equal(found("--history", "all", "record", path), in_order([0, 1, 2, 3]), f"{style}: with all")
        expect_equal(found("--history=all", "--threads=0", "record", place), in_order([0, 1, 2, 3]), f"{style}: folder")


@test("records of one moment stand in the order of their files")
def _(folder):
    path = write(folder, "app.log", text_line("file 0 record 0") + text_line("file 0 record 1"))
    write(folder, "app.log.1", text_line("file 1 record 0") + text_line("file 1 record 1"))
    write(folder, "app.log.2.gz", text_line("file 2 record 0") + text_line("file 2 record 1"))
    expect_equal(found("--history", "all", "record", path), [(2, 0), (2, 1), (1, 0), (1, 1), (0, 0), (0, 1)], "order")


@test("a report counts the named file only, and with --history its copies too, as one source")
def _(folder):
    path = rotated(folder, "app.log.1", "app.log.2.gz")
    expect_equal(report(path)["statistics"]["total_logs"], EACH, "records")
    data = report("--history", "2", path)
    expect_equal(data["statistics"]["total_logs"], 3 * EACH, "records with history")
    expect_equal(data["statistics"]["by_source"], {"app.log": 3 * EACH}, "by source")
    expect_equal(len(data["ingest"]["sources"]), 1, "sources")
    expect_equal(report("--history", "0", path)["statistics"]["total_logs"], EACH, "records with --history 0")


@test("a copy that is named too is read once, and so is one that is the same file")
def _(folder):
    path = rotated(folder, "app.log.1", "app.log.2.gz")
    os.link(os.path.join(folder, "app.log.1"), os.path.join(folder, "app.log.7"))
    write(folder, "app.log.1.gz", records(1))
    data = report("--history", "all", path, os.path.join(folder, "app.log.1"))
    expect_equal(data["statistics"]["by_source"], {"app.log": 2 * EACH, "app.log.1": EACH}, "by source")


@test("--since ends the history at the first copy that is older")
def _(folder):
    path = rotated(folder, "app.log.1", "app.log.2", "app.log.3")
    write(folder, "app.log.3", records(3) + text_line("file 3 record 9999", time=after(0)))
    since = after(-3600 - 5).isoformat()
    data = report("--history", "all", "--since", since, path)
    expect_equal(data["statistics"]["total_logs"], 2 * EACH, "records")
    # Not even looked at: it would have been counted.
    expect(data["ingest"]["lines"] <= 2 * EACH, "lines:", data["ingest"]["lines"])


@test("a copy that cannot be read is told with exit status 3, and the others are read")
def _(folder):
    path = rotated(folder, "app.log.1.gz", "app.log.2")
    with open(os.path.join(folder, "app.log.1.gz"), "r+b") as f:
        f.truncate(os.path.getsize(f.name) - 12)
    result = command("report", "--output", "json", "--history", "all", path)
    expect_equal(result.status, 3, "status")
    expect("app.log.1.gz: the archive ends early" in result.err, result.err)
    expect(json.loads(result.out)["statistics"]["total_logs"] >= 2 * EACH, "records of the others")


@test("the dashboard reads the copies behind the log; --tail and --history 0 do not")
def _(folder):
    path = rotated(folder, "app.log.1", "app.log.2.gz")

    def held(n):
        return lambda t: re.search(rf"─ Log ─.* {n} ─$", t.text(), re.M)

    for options, count in [((), 3 * EACH), (("--history", "1"), 2 * EACH), (("--history", "0"), EACH),
                           (("--tail",), EACH)]:
        for argument in (path, folder):
            with Terminal(*options, argument) as t:
                t.wait(held(count))
                t.settle(0.3)
                expect(held(count)(t), f"{options}: not {count} records\n", t.text())
                expect("1 source" in t.row(0), t.row(0))


@test("a rotation while history is read: no line twice, none lost")
def _(folder):
    file = LogFile(folder, "app.log", text_line("file 0 record 0", time=now()))
    for number in (1, 2, 3):
        write(folder, f"app.log.{number}", records(number, 60000))
    with Terminal(file.path) as t:
        t.wait("file 0 record 0")
        for number in (3, 2, 1):
            os.rename(f"{file.path}.{number}", f"{file.path}.{number + 1}")
        file.rename("app.log.1")
        file = LogFile(folder, "app.log", text_line("file 9 record 9", time=now()))
        t.wait("file 9 record 9")
        t.wait(lambda s: re.search(r"─ Log ─.* 180,002 ─$", s.text(), re.M))
        t.settle(0.5)
        expect(re.search(r"─ Log ─.* 180,002 ─$", t.text(), re.M), t.text())


@test("history ends where the memory does, and the screen says that records are gone")
def _(folder):
    path = write(folder, "app.log", records(0))
    line = text_line("x" * 900, time=after(-7200))
    for number in range(1, 13):
        write(folder, f"app.log.{number}.gz", line * 20000)
    with Terminal("--memory", "64M", path) as t:
        t.wait("file 0 record 19")
        t.wait(loaded)
        t.press("q")
        expect_equal(t.wait_exit(), 0, "exit status")


@test("--history is a number or all, and --follow has none")
def _(folder):
    path = rotated(folder, "app.log.1")
    for value in ("-1", "x", "", "1025", "3x"):
        result = command("report", f"--history={value}", path)
        expect_equal(result.status, 2, f"status of --history={value}")
        expect("--history" in result.err and "1024" in result.err, result.err)
    result = command("search", "--follow", "--history", "1", "record", path)
    expect_equal(result.status, 2, "status with --follow")


run()
