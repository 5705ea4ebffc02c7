#!/usr/bin/python3
"""The list of filters, what each of them hides, and what else is done with filters. TAP on stdout."""
import datetime
import json
import os
import re
import stat

from dashboard import APPLICATION, RECORDS, hints, in_title, log_title, opened, title
from loglines import LogFile, after, json_line, now, text_line
from tap import command, expect, expect_equal, run, test
from terminal import Terminal


def count(query):
    return int(command("search", "--count", query, APPLICATION).out)


def thousands(n):
    return f"{n:,}"


def list_row(t, query):
    return next((row for row in t.rows() if re.match(r" \[[x ]\]", row) and query in row), "")


def numbers(t, query):
    """By itself, and hidden."""
    return list_row(t, query).split()[-2:]


def type_command(t, text):
    t.press(":", *("Space" if c == " " else c for c in text), "Enter")


@test("F lists the filters with what each has and hides; Space switches, e edits, d drops, F closes")
def _(folder):
    level, logger = count("level>=warning"), count("NOT logger=django.request")
    both = count("level>=warning -logger=django.request")
    for cols, rows in ((80, 24), (100, 30)):
        with opened(cols=cols, rows=rows) as t:
            t.press("F")
            t.wait("No filter: f adds one")
            t.press("f", "level>=warning", "Enter")
            t.wait(lambda s: numbers(s, "level>=warning") == [thousands(level), thousands(5346 - level)])
            t.press("f", "-logger=django.request", "Enter")
            t.wait(lambda s: numbers(s, "-logger=") == [thousands(logger), thousands(level - both)])
            expect("exclude" in list_row(t, "-logger="), list_row(t, "-logger="))
            expect("keep" in list_row(t, "level>="), list_row(t, "level>="))
            t.press("Down", "Space")
            t.wait(lambda s: list_row(s, "-logger=").startswith(" [ ]") and f"{level} of {RECORDS}" in log_title(s))
            t.wait(lambda s: numbers(s, "-logger=") == [thousands(logger), thousands(level - both)])
            t.press("Enter")
            t.wait(lambda s: list_row(s, "-logger=").startswith(" [x]") and f"{both} of {RECORDS}" in log_title(s))
            t.press("e", *["Backspace"] * len("-logger=django.request"), "level=error", "Enter")
            t.wait(lambda s: list_row(s, "level=error") and not list_row(s, "-logger="))
            t.wait(in_title(f"{count('level=error')} of {RECORDS}"))
            t.press("d")
            t.wait(lambda s: not list_row(s, "level=error") and f"{level} of {RECORDS}" in log_title(s))
            t.press("F")
            t.wait(lambda s: title(s, "Requests") and not title(s, "Filters"))
            t.press("d")
            t.wait(hints("only a listed filter"))


@test("the list counts again what has come since")
def _(folder):
    file = LogFile(folder, "a.log", *[json_line(f"m{i}", "ERROR" if i % 2 else "INFO", after(i)) for i in range(6)])
    with Terminal(file.path) as t:
        t.wait("m5")
        t.press("f", "level=error", "Enter", "F")
        t.wait(lambda s: numbers(s, "level=error") == ["3", "3"])
        file.write(json_line("m6", "ERROR", after(6)), json_line("m7", time=after(7)), json_line("m8", time=after(8)))
        t.wait(lambda s: numbers(s, "level=error") == ["4", "5"])


@test("the minimum level stands in the list, and is dropped there")
def _(folder):
    with opened() as t:
        t.press(">", ">", "F")
        t.wait(lambda s: list_row(s, "level>=WARNING"))
        t.press("Up", "d")
        t.wait(lambda s: "No filter" in s.text() and f"· {RECORDS}" in log_title(s))


@test("an empty log says which filter empties it")
def _(folder):
    with opened() as t:
        t.press("f", "level>=warning", "Enter", "f", "unobtainium", "Enter")
        t.wait(f"`unobtainium` alone hides all {RECORDS}")
        t.press("0", "f", "level=error", "Enter", "f", "level=warning", "Enter")
        t.wait(f"without `level=warning` there would be {count('level=error')}")


@test("what a filter would keep and hide is said as it is typed, and nothing moves")
def _(folder):
    keep = count("level=error")
    with opened() as t:
        before = log_title(t)
        t.press("f", "level=error")
        t.wait(hints(f"would keep {thousands(keep)}, hide {thousands(5346 - keep)}"))
        expect_equal(log_title(t), before, "the log's title")
        t.press("Esc")
        t.wait(lambda s: log_title(s) == before)


@test("U shows everything as if there was no filter, and heeds them again")
def _(folder):
    errors = count("level=error")
    with opened() as t:
        t.press("U")
        t.wait(hints("there is no filter"))
        t.press("f", "level=error", "Enter")
        t.wait(in_title(f"{errors} of {RECORDS}"))
        t.press("U")
        t.wait(lambda s: "UNFILTERED" in s.row(0) and f"· {RECORDS}" in log_title(s))
        t.wait(lambda s: "filtered" not in title(s, "Errors per"))
        t.press("U")
        t.wait(lambda s: "UNFILTERED" not in s.row(0) and f"{errors} of {RECORDS}" in log_title(s))
        t.wait(lambda s: "filtered" in title(s, "Errors per"))
        t.press("U", "f", "record", "Esc", ">")
        t.wait(lambda s: "UNFILTERED" not in s.row(0))


@test(", keeps only what comes from now on")
def _(folder):
    file = LogFile(folder, "a.log", *[text_line(f"old {i}", time=after(i)) for i in range(5)])
    with Terminal(file.path) as t:
        t.wait("old 4")
        t.press(",")
        t.wait(lambda s: "old 4" not in s.text() and "time>=" in log_title(s))
        t.wait(hints("from "))
        file.write(text_line("new one", time=now() + datetime.timedelta(seconds=5)))
        t.wait(lambda s: "new one" in s.text() and "1 of 6" in log_title(s))


@test("x and = say how many records are like the one under the cursor; the sources say that they are not filtered")
def _(folder):
    lines = [json_line(f"m{i}", "ERROR" if i == 8 else "INFO", after(i), "a.b" if i % 2 else "c.d", user_id=i % 3)
             for i in range(9)]
    with Terminal(LogFile(folder, "a.log", *lines).path) as t:
        t.wait(in_title("following · 9"))
        t.press("x")
        t.wait(lambda s: re.search("hide: l level 1  g logger 5 .*u user 3 .*w word", s.row(-1)))
        t.press("l")
        t.wait(in_title("8 of 9"))
        t.press("=")
        t.wait(lambda s: re.search("keep only: l level 8  g logger 4 .*u user 3 ", s.row(-1)))
        t.press("Esc", "5")
        t.wait(lambda s: "not filtered" in title(s, "Sources"))
        t.press("0")
        t.wait(lambda s: "not filtered" not in title(s, "Sources"))


@test("the requests are those that records which pass belong to, each once")
def _(folder):
    lines = []
    for i, (path, seconds) in enumerate(2 * [("/slow/", 2.0)] + 3 * [("/fast/", 0.1)]):
        lines += [json_line("Request started", time=after(10 * i), request_id=f"r{i}", method="GET", path=path),
                  json_line("Request completed", time=after(10 * i + 2), request_id=f"r{i}", status_code=200,
                            duration=seconds)]

    def rows(s):
        return {row.split()[1]: row.split()[2] for row in s.rows() if row.startswith(" GET")}

    with Terminal(LogFile(folder, "a.log", *lines).path, cols=120) as t:
        t.wait(lambda s: rows(s) == {"/slow/": "2", "/fast/": "3"} and "filtered" not in title(s, "Requests"))
        for query, want in (("duration>1s", {"/slow/": "2"}), ("path=/fast/", {"/fast/": "3"}),
                            ("request_id=r0 OR request_id=r4", {"/slow/": "1", "/fast/": "1"}), ("nothing", {})):
            t.press("f", query, "Enter")
            t.wait(lambda s: rows(s) == want and "filtered" in title(s, "Requests"))
            t.press("U")
            t.wait(lambda s: rows(s) == {"/slow/": "2", "/fast/": "3"} and "filtered" not in title(s, "Requests"))
            t.press("0")


@test(":save-filter writes what is filtered into the config file, @NAME and :filter NAME stand for it")
def _(folder):
    config = os.path.join(folder, "c", "tailboard", "tailboard.conf")
    want = count("level>=warning NOT logger=django.request")
    with Terminal(APPLICATION, env={"XDG_CONFIG_HOME": os.path.join(folder, "c")}) as t:
        t.wait(in_title(RECORDS))
        type_command(t, "save-filter odd")
        t.wait(hints("there is no filter to save"))
        t.press("f", "level>=warning", "Enter", "f", "-logger=django.request", "Enter")
        t.wait(in_title(f"{want} of {RECORDS}"))
        type_command(t, "save-filter 1odd")
        t.wait(hints("is no name"))
        type_command(t, "save-filter odd")
        t.wait(hints("saved in"))
        t.press("0", "f", "@o", "Tab", "Enter")
        t.wait(lambda s: "@odd" in log_title(s) and f"{want} of {RECORDS}" in log_title(s))
        t.press("0")
        type_command(t, "filter odd")
        t.wait(lambda s: "@odd" in log_title(s) and f"{want} of {RECORDS}" in log_title(s))
    with open(config, encoding="utf-8") as f:
        expect_equal(f.read(), 'filters: {\n\todd = "level>=warning -logger=django.request";\n};\n', "the file")
    expect_equal(stat.S_IMODE(os.stat(config).st_mode), 0o600, "mode")
    found = command("search", "--count", "--config", config, "@odd", APPLICATION)
    expect_equal(found.out.strip(), str(want), "records of @odd")


# ---- search --context

def surroundings(sources, wanted, n):
    """What is printed of records (time, name) of several sources: groups of those that follow each other."""
    merged = sorted((time, which, at) for which, records in enumerate(sources) for at, (time, _) in enumerate(records))
    printed, groups, last, due = set(), [], None, [0] * len(sources)

    def put(which, at):
        nonlocal last
        if last != (which, at - 1):
            groups.append([])
        groups[-1].append(sources[which][at][1])
        printed.add((which, at))
        last = (which, at)

    for _, which, at in merged:
        if sources[which][at][1] in wanted:
            for before in range(max(0, at - n), at):
                if (which, before) not in printed:
                    put(which, before)
            put(which, at)
            due[which] = n
        elif due[which]:
            due[which] -= 1
            put(which, at)
    return groups


@test("search -C prints records of the same source around each, once, with -- between what is apart")
def _(folder):
    sources = [[(i * 1.0, f"one{i:02}") for i in range(30)], [(i * 2.3 + 0.1, f"two{i:02}") for i in range(12)]]
    paths = [LogFile(folder, f"{k}.log", *[json_line(name, time=after(time)) for time, name in records]).path
             for k, records in enumerate(sources)]
    wanted = ["one00", "one07", "one09", "one29", "two05", "two11"]
    for n in (1, 2, 3, 40):
        want = surroundings(sources, wanted, n)
        for form in ("text", "raw"):
            out = command("search", "-o", form, "-C", str(n), " OR ".join(wanted), *paths).out
            got = [[re.search(r"(one|two)\d\d", line)[0] for line in group.splitlines()] for group in out.split("--\n")]
            expect_equal(got, want, f"groups with {n} as {form}")
        logs = json.loads(command("search", "-o", "json", "-C", str(n), " OR ".join(wanted), *paths).out)["logs"]
        expect_equal([r["message"] for r in logs], [name for group in want for name in group], f"messages with {n}")
        expect_equal([r["message"] for r in logs if r["match"]], sorted(wanted, key=lambda w: next(
            time for records in sources for time, name in records if name == w)), "those that match")


@test("search -C goes with pages, and says with what it does not go")
def _(folder):
    path = LogFile(folder, "a.log", *[text_line(f"step {i}", time=after(i)) for i in range(20)]).path
    out = command("search", "-o", "raw", "-C", "1", "-n", "1", "step", path).out
    expect_equal(re.findall(r"step \d+", out), ["step 18", "step 19"], "the last one and the one before")
    expect_equal(command("search", "--count", "-C", "3", "\"step 7\"", path).out, "1\n", "count")
    for arguments, words in ((("-C", "0"), "a number from 1 to 10,000"), (("-C", "2", "-o", "csv"), "text, raw and json"),
                             (("-C", "2", "--follow"), "without --follow")):
        expect(words in command("search", *arguments, "step", path).err, arguments, words)


run()
