#!/usr/bin/python3
"""What is saved from the screen, and secrets: masked on it, shown by a key, counted; --mask and --fields. TAP on stdout."""
import csv
import io
import json
import os
import stat

from dashboard import APPLICATION, log_title, opened
from loglines import LogFile, after, json_line
from tap import command, expect, expect_equal, run, test
from terminal import Terminal

MASK = "•••"


def with_secrets(folder):
    return LogFile(folder, "app.log", json_line("login with password=hunter2 done", logger="auth", token="tok-1234567"),
                   json_line("card 4111 1111 1111 1111 refused", level="ERROR", logger="pay", time=after(1)),
                   json_line("all is well", time=after(2)))


def exported(folder, words):
    """The one file that was written, and its path."""
    names = [n for n in os.listdir(folder) if n.startswith(words)]
    expect_equal(len(names), 1, f"files in {os.listdir(folder)}")
    with open(os.path.join(folder, names[0]), encoding="utf-8") as f:
        return f.read(), os.path.join(folder, names[0])


def type_command(t, text):
    t.press(":", *("Space" if c == " " else c for c in text), "Enter")


# ---- export

@test("o asks for a kind; the report is a new file for its owner only")
def _(folder):
    log = with_secrets(folder)
    with Terminal(log.path, cwd=folder) as t:
        t.wait("all is well")
        t.press("o")
        t.wait(lambda s: "export" in s.row(-1))
        t.press("m", "d", "Enter")
        t.wait(lambda s: "wrote tailboard-" in s.row(-1))
    text, path = exported(folder, "tailboard-")
    expect(path.endswith(".md"), path)
    expect_equal(stat.S_IMODE(os.stat(path).st_mode), 0o600, "mode")
    for words in ("# Log report", "- Window: ", "tailboard --since", log.path, "| ERROR | 1 |", f"card {MASK}1111"):
        expect(words in text.replace("\\", ""), words, "is not in", text)
    expect("4111 1111" not in text and "hunter2" not in text, "a secret:", text)


@test("records of the filter, as they stand and masked, as JSON and as CSV")
def _(folder):
    log = with_secrets(folder)
    with Terminal(log.path, cwd=folder) as t:
        t.wait("all is well")
        type_command(t, "filter logger=auth")
        t.wait(lambda s: "logger=auth" in log_title(s))
        for kind in ("raw", "json", "csv"):
            type_command(t, f"export {kind} out.{kind}")
            t.wait(lambda s, k=kind: f"wrote out.{k}: 1 record" in s.row(-1))
        t.press("M")
        t.wait("SECRETS SHOWN")
        type_command(t, "export raw out.raw")
        t.wait(lambda s: "wrote out-2.raw: 1 record" in s.row(-1))
    raw = json.loads(exported(folder, "out.raw")[0])
    expect_equal((raw["message"], raw["token"]), (f"login with password={MASK} done", MASK), "raw")
    line = json.loads(exported(folder, "out.json")[0])
    expect_equal((line["message"], line["fields"]["token"]), (f"login with password={MASK} done", MASK), "json")
    rows = list(csv.DictReader(io.StringIO(exported(folder, "out.csv")[0])))
    expect_equal([row["message"] for row in rows], [f"login with password={MASK} done"], "csv")
    with open(log.path, encoding="utf-8") as f:
        expect_equal(exported(folder, "out-2.raw")[0], f.readline(), "as it stands")


@test("the table that has the focus")
def _(folder):
    with opened(APPLICATION, cwd=folder) as t:
        t.press("3")
        type_command(t, "export csv routes.csv")
        t.wait(lambda s: "wrote routes.csv" in s.row(-1))
        t.press("2")
        type_command(t, "export json levels.json")
        t.wait(lambda s: "wrote levels.json" in s.row(-1))
    rows = list(csv.DictReader(io.StringIO(exported(folder, "routes.csv")[0])))
    expect(len(rows) > 10 and {"method", "route", "count", "p95"} <= set(rows[0]), rows[:2])
    expect(any(row["level"] == "ERROR" and row["count"] > 0 for row in json.loads(exported(folder, "levels.json")[0])))


@test("many records are written while keys are answered, and all of them arrive")
def _(folder):
    path = os.path.join(folder, "big.log")
    line = json_line("x" * 300)
    with open(path, "w", encoding="utf-8") as f:
        f.writelines(line for _ in range(60000))
    with Terminal(path, cwd=folder) as t:
        t.wait(lambda s: "60,000" in log_title(s))
        type_command(t, "export raw copy.log")
        t.wait(lambda s: "wrote copy.log: 60,000 records" in s.row(-1))
    with open(os.path.join(folder, "copy.log"), encoding="utf-8") as f:
        expect(all(got == line for got in f), "another line")


@test("what cannot be written is said")
def _(folder):
    log = with_secrets(folder)
    with Terminal(log.path, cwd=folder) as t:
        t.wait("all is well")
        type_command(t, "export raw no/such/folder/x")
        t.wait("cannot write no/such/folder/x: No such file or directory")
        type_command(t, "export pdf")
        t.wait("md, raw, json or csv is expected")


# ---- masking

@test("secrets are masked on the screen until M shows them")
def _(folder):
    log = with_secrets(folder)
    with Terminal(log.path) as t:
        t.wait("all is well")
        expect("hunter2" not in t.text() and f"password={MASK} done" in t.text(), t.text())
        expect(f"{MASK}1111" in t.text() and "4111" not in t.text().replace(f"{MASK}1111", ""), t.text())
        t.press("g", "Enter")
        t.wait("token")
        expect("tok-1234567" not in t.text(), t.text())
        t.press("M")
        t.wait("SECRETS SHOWN")
        t.wait("tok-1234567")
        t.press("M")
        t.wait(lambda s: "tok-1234567" not in s.text() and "SECRETS SHOWN" not in s.text())


@test("with --ascii the sign is ***")
def _(folder):
    log = with_secrets(folder)
    with Terminal("--ascii", log.path) as t:
        t.wait("password=***")


@test("K counts the records that hold secrets, and says who wrote them")
def _(folder):
    log = with_secrets(folder)
    with Terminal(log.path) as t:
        t.wait("all is well")
        t.press("K")
        t.wait(lambda s: "records hold secrets" in s.row(-1))
        t.settle()
        t.press("K")
        t.wait(lambda s: "2 of 3 records hold secrets" in s.row(-1) or "2 of 2 records hold secrets" in s.row(-1))
        expect("in auth" in t.row(-1) and "card in pay" in t.row(-1), t.row(-1))


@test("search and report mask when they are asked to")
def _(folder):
    log = with_secrets(folder)
    for kind in ("text", "raw", "json", "csv"):
        plain = command("search", "--output", kind, "", log.path).out
        masked = command("search", "--output", kind, "--mask", "", log.path).out
        expect("hunter2" in plain and "4111 1111" in plain, plain)
        expect("hunter2" not in masked and "4111 1111" not in masked and "tok-1234567" not in masked, masked)
    for kind in ("text", "json"):
        expect("4111 1111" in command("report", "--output", kind, log.path).out, "the report masks by itself")
        expect("4111 1111" not in command("report", "--output", kind, "--mask", log.path).out, "the report does not mask")


@test("report --secrets counts them by logger and kind")
def _(folder):
    log = with_secrets(folder)
    secrets = json.loads(command("report", "--output", "json", "--secrets", log.path).out)["secrets"]
    expect_equal((secrets["looked_at"], secrets["total_records"]), (3, 2), "records")
    expect_equal(secrets["by_rule"], {"password": 1, "token": 1, "card": 1}, "by rule")
    expect_equal({(row["logger"], row["rule"], row["records"]) for row in secrets["by_logger"]},
                 {("auth", "password", 1), ("auth", "token", 1), ("pay", "card", 1)}, "by logger")
    expect("1  auth: password" in command("report", "--secrets", log.path).out, "not in the text")
    expect("secrets" not in json.loads(command("report", "--output", "json", log.path).out), "not asked for")


@test("the configuration file adds keys and patterns; its mistakes have a line")
def _(folder):
    config = os.path.join(folder, "tb.conf")
    log = LogFile(folder, "app.log", json_line("iban=DE123 customer 123456 of bob@example.com", sort_code="x1"))
    with open(config, "w", encoding="utf-8") as f:
        f.write('mask: {\n keys = [ "iban", "*_code" ];\n patterns = "customer \\\\K\\\\d{6}";\n emails = true;\n};\n')
    got = command("search", "--config", config, "--mask", "--output", "raw", "", log.path).out
    expect(f"iban={MASK} customer {MASK} of {MASK}" in got and "x1" not in got, got)
    for text, words in (('mask = 1;', ":1: mask: expected a group"), ('mask: {\n key = "a"; };', ':2: mask: unknown setting "key" '
                        '(did you mean keys?)'), ('mask: {\n keys = [ "iban",\n "x" ]; };', ":3: mask.keys: the last word of"),
                        ('mask: {\n patterns = "(";\n};', ":2: mask.patterns: "), ('mask: { emails = 3; };', "true or false")):
        with open(config, "w", encoding="utf-8") as f:
            f.write(text)
        result = command("search", "--config", config, "", log.path)
        expect(result.status == 2 and words in result.err, text, result)


# ---- fields

@test("--fields: chosen columns as text, CSV and JSON, nested keys too")
def _(folder):
    log = LogFile(folder, "app.log", json_line('say "a, b"', http={"url": {"path": "/x"}}, user_id=7), json_line("two\nlines"))
    names = "level,message,http.url.path,nothing,user"
    expect_equal(command("search", "--fields", names, "", log.path).out,
                 'INFO\tsay "a, b"\t/x\t\t7\nINFO\ttwo↵lines\t\t\t\n', "text")
    got = command("search", "--output", "csv", "--fields", names, "", log.path).out
    expect_equal(list(csv.reader(io.StringIO(got))), [names.split(","), ["INFO", 'say "a, b"', "/x", "", "7"],
                                                      ["INFO", "two\nlines", "", "", ""]], "csv")
    got = json.loads(command("search", "--output", "json", "--fields", names, "", log.path).out)["logs"][0]
    expect_equal(got, {"level": "INFO", "message": 'say "a, b"', "http.url.path": "/x", "nothing": None, "user": "7"}, "json")
    expect_equal(command("search", "--output", "raw", "--fields", names, "", log.path).status, 2, "raw")


run()
