#!/usr/bin/env python3
"""bench: tailboard beside lnav, goaccess, jq, ripgrep, grep, DuckDB, ... on the same logs, and its parts by themselves.

    make bench                                   tables, in a few minutes
    make bench BENCH_BYTES=1G BENCH_RUNS=5       larger logs, more runs
    make bench BENCH_FLAGS='--only load --without jq'
    make bench BENCH_FLAGS=--update-readme       the tables go into README.md, between its markers

The logs are made first (bench/gen; the same bytes on every machine) and kept for the next time. Then, in this order:
load (load.py), questions over a held log, windows and frames (ask.py), first screen, keys, a line's way (live.py),
idling and bytes to the terminal (frugal.py). Programs that are not installed are named and left out. The exit status is
0 unless tailboard itself failed at something.
"""
import argparse
import os
import subprocess
import sys

sys.dont_write_bytecode = True

import ask  # noqa: E402
import frugal  # noqa: E402
import live  # noqa: E402
import load  # noqa: E402
from machine import describe  # noqa: E402
from peers import Peers  # noqa: E402
from table import between_markers, parse_size  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
PARTS = ("load", "ask", "live", "frugal")
ACCESS_SHARE = 8  # the access log is that much smaller
SMALL = 20_000_000  # bytes of a log whose history does not matter


class Settings:
    """What was asked for, and where things are."""

    def __init__(self, o):
        self.build, self.tailboard = os.path.abspath(o.build), os.path.abspath(o.tailboard or f"{o.build}/tailboard")
        self.cache = os.path.abspath(o.data or f"{o.build}/bench-data")
        self.bytes, self.big, self.runs, self.cold_runs = o.bytes, o.big, o.runs, o.cold_runs
        self.only = o.only.split(",") if o.only else PARTS
        self.left_out = {name.lower() for name in o.without.split(",")} if o.without else set()
        self.quiet = o.quiet
        self.presses, self.lines = (12, 3) if o.quick else (180, 50)
        self.idle_seconds, self.show_seconds, self.warm_up = (0.2, 0.2, 0.1) if o.quick else (10, 6, 1.5)
        self.calm = 0.08 if o.quick else 0.4
        self.timeout = 60 + self.bytes / 1e7  # seconds; no program here is slower than 10 MB/s
        os.makedirs(self.cache, exist_ok=True)

    def helper(self, name):
        return os.path.join(self.build, "bench", name)

    def without(self, name):
        return name.lower() in self.left_out

    def say(self, text):
        if not self.quiet:
            sys.stderr.write(f"\r\033[Kbench: {text}" if sys.stderr.isatty() else f"bench: {text}\n")

    def said(self):
        if not self.quiet and sys.stderr.isatty():
            sys.stderr.write("\r\033[K")


def options():
    p = argparse.ArgumentParser(description="tailboard beside other programs, on the same logs")
    p.add_argument("--build", default=".", help="where tailboard was built (.)")
    p.add_argument("--tailboard", metavar="PROGRAM", help="the program (tailboard of the build)")
    p.add_argument("--data", metavar="FOLDER", help="for logs and caches (bench-data in the build)")
    p.add_argument("--bytes", type=parse_size, default="400M", metavar="SIZE", help="of the JSON log (400M)")
    p.add_argument("--big", type=parse_size, metavar="SIZE", help="also the first screen of a log of that size")
    p.add_argument("--runs", type=int, default=3, metavar="N", help="of each program (3)")
    p.add_argument("--cold-runs", type=int, default=1, metavar="N", help="with a cold page cache (1)")
    p.add_argument("--only", metavar="PART,...", help="of " + ", ".join(PARTS))
    p.add_argument("--without", metavar="NAME,...", help="leave programs out")
    p.add_argument("--no-npm", action="store_true", help="do not let npm fetch DuckDB where it is not installed")
    p.add_argument("--quick", action="store_true", help="a few seconds: to see that it works, not to measure")
    p.add_argument("--quiet", action="store_true", help="do not say what is being done")
    p.add_argument("--markdown", action="store_true", help="tables as markdown, with the machine and the date")
    p.add_argument("--update-readme", nargs="?", const=os.path.join(HERE, "../README.md"), metavar="FILE",
                   help="put the tables between the markers of README.md, too")
    o = p.parse_args()
    unknown = set(o.only.split(",") if o.only else ()) - set(PARTS)
    if unknown or o.runs < 1 or o.cold_runs < 0:
        p.error(f"no such part: {', '.join(unknown)}" if unknown else "at least one run")
    return o


def log_of(settings, kind, size):
    """A log of that kind and size, made unless it is there; (path, lines)."""
    path = os.path.join(settings.cache, f"{kind}-{size}.log")
    if not os.path.exists(path):
        settings.say(f"making {os.path.basename(path)}")
        subprocess.run([settings.helper("gen"), kind, str(size), path + ".new"], check=True)
        os.rename(path + ".new", path)
    with open(path, "rb") as f:
        return path, sum(piece.count(b"\n") for piece in iter(lambda: f.read(1 << 20), b""))


def live_parts(settings, json_log, peers):
    logs = [json_log]
    if settings.big:
        logs.append(log_of(settings, "json", settings.big)[0])
    yield live.first_screens(settings, logs, peers)
    if settings.big:
        os.remove(logs[-1])
    yield live.keys(settings, json_log)
    yield live.lines(settings, json_log, peers)


def frugal_parts(settings, json_log, access_log, peers):
    yield frugal.idle(settings, json_log, peers)
    small = log_of(settings, "json", min(SMALL, settings.bytes))[0]
    yield frugal.shown(settings, small, access_log, peers)


def measure(settings, npm):
    """(tables, whether tailboard did its part)."""
    json_log, json_records = log_of(settings, "json", settings.bytes)
    access_log, access_records = log_of(settings, "access", settings.bytes // ACCESS_SHARE)
    peers = Peers(settings.tailboard, sys.executable, settings.cache, npm)
    tables, fine = [], True
    if "load" in settings.only:
        more, fine = load.run(settings, json_log, json_records, access_log, access_records, peers)
        tables += more
    if "ask" in settings.only:
        more, did = ask.run(settings, json_log)
        tables, fine = tables + more, fine and did
    for part, steps in (("live", live_parts(settings, json_log, peers)),
                        ("frugal", frugal_parts(settings, json_log, access_log, peers))):
        for table, did in steps if part in settings.only else ():
            tables, fine = tables + [table], fine and did
    settings.said()
    return tables, fine


def update(readme, markdown):
    with open(readme, encoding="utf-8") as f:
        text = between_markers(f.read(), markdown)
    with open(readme, "w", encoding="utf-8") as f:
        f.write(text)


def main():
    o = options()
    settings = Settings(o)
    tables, fine = measure(settings, not o.no_npm and not settings.without("duckdb"))
    about = describe(settings.cache)
    markdown = "\n\n".join([about, *(table.markdown() for table in tables)])
    print(markdown if o.markdown else "\n\n".join([about, *(table.text() for table in tables)]))
    if o.update_readme:
        update(o.update_readme, markdown)
    if not fine:
        print("bench: tailboard failed", file=sys.stderr)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
