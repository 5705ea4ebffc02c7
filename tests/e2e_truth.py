#!/usr/bin/python3
"""`tailboard report` and `search` against tests/data/logs/TRUTH.json, which was counted independently. TAP on stdout."""
import json
import os
import re
import subprocess
import sys

DATA = os.path.join(os.environ.get("srcdir", "."), "tests/data/logs")
EXE = os.environ.get("TAILBOARD", "./tailboard")
LOCAL = "Etc/GMT-9"
IN_UTC = {"structlog", "gunicorn-error", "redis"}
ACCESS = {"access", "access-us", "access-s", "access-rt", "nginx-json", "runserver", "runserver-asgi"}
JSON_LINES = {"pyjson", "structlog", "nginx-json"}
NO_TIMES = {"syslog", "runserver-asgi", "simple"}  # no year, or no time at all

HEADER = re.compile(rb'(DEBUG|INFO|WARNING|ERROR|CRITICAL) (\d{4}-\d\d-\d\d )?|\[?\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d'
                    rb'|[\d.:a-f]+ - \S+ \[\d\d/|\{"')
OWN_HEADER = {
    "verbose": rb"(DEBUG|INFO|WARNING|ERROR|CRITICAL) \d{4}", "verbose-short": rb"(DEBUG|INFO|WARNING|ERROR|CRITICAL) \d{4}",
    "simple": rb"(DEBUG|INFO|WARNING|ERROR|CRITICAL) ", "seed-json": rb'\{"level"', "gunicorn-error": rb"\[\d{4}",
    "celery": rb"\[\d{4}", "daphne": rb"\d{4}-|[\d.:a-f]+ - ", "syslog-iso": rb"\d{4}-",
}
ACCESS_LINE = re.compile(rb'\S+ - \S+ \[[^]]+\] "[^"]*" (\d)\d\d ')


def lines_of(name):
    with open(os.path.join(DATA, name), "rb") as f:
        return f.read().split(b"\n")


def foreign_lines(name, truth):
    """Lines that a reader of many formats may count as records of another format."""
    n = truth["lines_in_no_record"]
    own = OWN_HEADER.get(truth["type"])
    if own:
        own = re.compile(own)
        n += sum(1 for line in lines_of(name) if HEADER.match(line) and not own.match(line))
    return n


def run(*args, zone):
    env = dict(os.environ, TZ=zone, LC_ALL="C.UTF-8")
    p = subprocess.run([EXE, *args], capture_output=True, text=True, timeout=300, env=env)
    if p.returncode not in (0, 1):
        raise RuntimeError(f"{' '.join(args)}: exit {p.returncode}: {p.stderr.strip()[:300]}")
    return p.stdout


class File:
    """One file's comparison; `wrong` collects what differs."""

    def __init__(self, name, truth):
        self.name, self.truth, self.wrong = name, truth, []
        self.zone = "UTC" if truth["type"] in IN_UTC else LOCAL
        self.path = os.path.join(DATA, name)
        self.extra = foreign_lines(name, truth)

    def equal(self, what, want, got):
        close = isinstance(want, float) and isinstance(got, (int, float)) and abs(want - got) <= 1e-6 * max(1, abs(want))
        if want != got and not close:
            self.wrong.append(f"{what}: expected {want!r}, got {got!r}")

    def between(self, what, want, got, extra=None):
        extra = self.extra if extra is None else extra
        if got is None or not want <= got <= want + extra:
            self.wrong.append(f"{what}: expected {want!r}" + (f" to {want + extra!r}" if extra else "") + f", got {got!r}")

    def counts(self, what, want, got):
        for key, n in (want or {}).items():
            self.between(f"{what} {key}", n, got.get(key, 0))

    def levels(self):
        """TRUTH's, plus the status classes of access lines."""
        want = dict(self.truth.get("by_level") or {})
        if self.truth["type"] == "mixed":
            classes = [m.group(1) for m in map(ACCESS_LINE.match, lines_of(self.name)) if m]
            classes = {c.decode() + "xx": classes.count(c) for c in set(classes)}
        elif self.truth["type"] in ACCESS or self.truth["type"] == "daphne":
            classes = self.truth.get("by_status_class") or {}
        else:
            classes = {}
        for key, n in classes.items():
            level = {"5": "ERROR", "4": "WARNING"}.get(key[0], "INFO")
            want[level] = want.get(level, 0) + n
        return want

    def statistics(self, report):
        t, s = self.truth, report["statistics"]
        self.between("total_logs", t["records"], s["total_logs"])
        self.equal("lines", t["lines"], report["ingest"]["lines"])
        slack = self.extra + ((t.get("without_level") or 0) if t["type"] in ACCESS or t["type"] == "daphne" else 0)
        for level, n in self.levels().items():
            self.between(f"by_level {level}", n, s["by_level"].get(level, 0), slack)
        self.counts("by_module", t.get("by_logger") or t.get("by_module"), s["by_module"])
        self.counts("by_status", t.get("by_status"), s["by_status"])
        if t["type"] not in NO_TIMES:
            self.counts("by_hour", t.get("by_hour"), s["by_hour"])
            self.counts("by_minute", t.get("by_minute"), s["by_minute"])

    def errors(self, report):
        t, e = self.truth, report["errors"]
        if t["type"] in ACCESS or t["type"] in ("daphne", "mixed") or not t.get("errors_seed"):
            return
        for level in ("WARNING", "ERROR", "CRITICAL"):
            self.between(f"errors {level}", t["errors_seed"].get(level, 0), e["error_counts"][level])
        self.between("total_errors", t["errors_seed"]["total"], e["total_errors"])

    def durations(self, report):
        want, got = self.truth.get("durations"), report["performance"]
        if not want:
            return
        self.equal("performance.count", want["n"], got["count"])
        for key in ("avg", "max", "p95"):
            self.equal(f"performance.{key}", float(want[key]), got[f"{key}_response_time"])
        self.equal("slow_requests_count", want["slow_over_1s"], got["slow_requests_count"])
        slow = self.truth.get("last_20_slow") or []
        self.equal("slow_requests", [round(x["duration"], 6) for x in slow],
                   [round(x["duration"], 6) for x in got["slow_requests"]])
        if self.truth["type"] == "pyjson":
            row = lambda x: (x.get("path") or "", x.get("method") or "")
            self.equal("slow_requests' paths and methods", [row(x) for x in slow], [row(x) for x in got["slow_requests"]])

    def requests(self, report):
        want, got = self.truth.get("requests"), report["requests"]
        if not want or self.truth["type"] != "pyjson":
            return
        self.equal("requests.count", want["n"], got["count"])
        for key in ("avg", "max", "p95"):
            self.equal(f"requests.{key}", float(want[key]), got[key])
        self.equal("requests.slow_count", want["slow_over_1s"], got["slow_count"])
        row = lambda x: (round(x["duration"], 6), x.get("path") or "", x.get("method") or "")
        self.equal("requests.last_slow", [row(x) for x in want["last_20_slow"]], [row(x) for x in got["last_slow"]])

    def searches(self):
        t = self.truth
        count = lambda *args: int(run("search", "--count", "--tz", self.zone, *args, self.path, zone=self.zone) or 0)
        for term, n in (t.get("search_contains") or {}).items():
            self.between(f"search -q {term!r}", n["message_or_following_lines"], count("-q", term))
        if t.get("search_level_ERROR") and t["type"] not in ACCESS and t["type"] not in ("daphne", "mixed"):
            self.between("search --level ERROR", t["search_level_ERROR"]["n"], count("--level", "ERROR"))
        for u in t.get("search_user_id") or []:
            self.equal(f"search --user {u['user_id']}", u["records"], count("--user", str(u["user_id"])))
        for r in t.get("search_request_id") or []:
            self.equal(f"search --request {r['request_id']}", len(r["records"]), count("--request", r["request_id"]))

    def check(self):
        report = json.loads(run("report", "--output", "json", "--by", "minute", "--tz", self.zone, self.path, zone=self.zone))
        self.statistics(report)
        self.errors(report)
        self.durations(report)
        self.requests(report)
        self.searches()


def main():
    with open(os.path.join(DATA, "TRUTH.json")) as f:
        files = json.load(f)["files"]
    files = {name: t for name, t in files.items() if len(sys.argv) < 2 or name in sys.argv[1:]}
    print(f"1..{len(files)}")
    for i, (name, truth) in enumerate(files.items(), 1):
        one = File(name, truth)
        try:
            one.check()
        except Exception as e:  # a crash of the program is this file's failure, not the run's
            one.wrong.append(f"{type(e).__name__}: {e}")
        print(f"{'not ok' if one.wrong else 'ok'} {i} - {name}", flush=True)
        for line in one.wrong[:20]:
            print(f"# {line}")


if __name__ == "__main__":
    main()
