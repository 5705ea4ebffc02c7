#!/usr/bin/python3
"""The command line: help, mistakes, exit statuses, report and search over what is not a proper log. TAP on stdout."""
import glob
import json
import os
import re
import subprocess
import sys

from loglines import after, json_line, text_line
from tap import PROGRAM, SOURCE, command, environment, expect, expect_equal, instrumented, log, run, test

COMMANDS = ["", "report", "search", "explain", "demo"]


def write(folder, name, data):
    path = os.path.join(folder, name)
    with open(path, "wb") as f:
        f.write(data if isinstance(data, bytes) else data.encode())
    return path


def report(*arguments, status=0, **how):
    result = command("report", "--output", "json", *arguments, **how)
    expect_equal(result.status, status, f"status of report ({result.err.strip()})")
    return json.loads(result.out), result


def lines_of(text):
    return text.rstrip("\n").split("\n") if text else []


def refused(*arguments, names):
    """Exit status 2, and one line that has all the words of `names`."""
    result = command(*arguments)
    what = " ".join(arguments)
    expect_equal(result.status, 2, f"status of {what}")
    expect_equal(result.out, "", f"output of {what}")
    expect_equal(len(lines_of(result.err)), 1, f"lines on standard error of {what}: {result.err!r}")
    expect(result.err.startswith("tailboard: "), "no name before the message:", result.err)
    for word in names:
        expect(word in result.err, f"{what}: no {word!r} in", repr(result.err))


def options_in_help():
    """{command: set of long options}, {long: letter}"""
    options, letters = {}, {}
    for name in COMMANDS:
        found = re.findall(r"^  (?:-(\w), )?--([a-z-]+)", command(*filter(None, [name]), "--help").out, re.M)
        options[name] = {long for _, long in found}
        letters.update({long: letter for letter, long in found if letter})
    return options, letters


# ---- help and mistakes

@test("--help of each command fits a screen and exits with 0")
def _(folder):
    for name in COMMANDS:
        result = command(*filter(None, [name]), "--help")
        expect_equal((result.status, result.err), (0, ""), f"{name} --help")
        lines = lines_of(result.out)
        expect(5 <= len(lines) <= 40, f"{name} --help has {len(lines)} lines")
        expect(max(map(len, lines)) <= 100, f"{name} --help is wider than 100 columns")
        expect(f"tailboard {name}".strip() in lines[0], f"{name} --help begins with {lines[0]!r}")


@test("--version says the version and the libraries")
def _(folder):
    result = command("--version")
    expect_equal(result.status, 0, "status")
    expect(re.match(r"tailboard \d+\.\d+", result.out), result)


@test("a mistake on the command line is one line, and exit status 2")
def _(folder):
    app = log("app.log")
    for arguments, names in [
            (["--thme", "dark", app], ["--thme", "--theme"]),
            (["report", "--outptu", "json", app], ["--outptu", "--output"]),
            (["--qqqqqq", app], ["--qqqqqq", "--help"]),
            (["-Z", app], ["-Z"]),
            (["search", "--theme", "dark", "x", app], ["--theme", "search"]),
            (["--memory", "3Q", app], ["--memory", "3Q", "512M"]),
            (["--memory", "1k", app], ["--memory", "16M"]),
            (["--memory", "", app], ["--memory"]),
            (["--memory"], ["--memory", "value"]),
            (["--tz", "Moon/Base", app], ["Moon/Base"]),
            (["--theme", "nope", app], ["nope", "mono"]),
            (["--format", "nope", app], ["--format", "nope"]),
            (["report", "--output", "csv", app], ["csv", "json"]),
            (["report", "--since", "half-past", app], ["--since", "half-past"]),
            (["report", "--until", "2025-13-40", app], ["--until"]),
            (["--window", "soon", app], ["--window", "soon"]),
            (["--slow", "molasses", app], ["--slow"]),
            (["--threads", "-1", app], ["--threads"]),
            (["--no-color=yes", app], ["--no-color"]),
            (["--keys", "/nonexistent/keys", app], ["/nonexistent/keys"]),
            (["search", "--level", "LOUD", app], ["--level", "LOUD"]),
            (["search", "--page", "0", "x", app], ["--page"]),
            (["search", "level>=waring", app], ["waring", "WARNING"]),
            (["search", "(error", app], []),
            (["report"], ["report"]),
            (["search"], ["search"]),
            (["demo", app], ["demo"])]:
        refused(*arguments, names=names)


@test("options may follow the files, and -- ends them")
def _(folder):
    path = write(folder, "-x", text_line("hello"))
    data, _ = report("--", "-x", cwd=folder)
    expect_equal(data["statistics"]["total_logs"], 1, "records")
    result = command("report", path, "--output=json")
    expect_equal(json.loads(result.out)["statistics"]["total_logs"], 1, "records")


# ---- inputs

@test("a missing file is told with exit status 3, and the others are reported")
def _(folder):
    data, result = report(os.path.join(folder, "absent.log"), log("app.log"), status=3)
    expect_equal(data["statistics"]["total_logs"], 693, "records")
    expect_equal(len(lines_of(result.err)), 1, f"lines on standard error: {result.err!r}")
    expect("absent.log" in result.err and "o such file" in result.err, result.err)


@test("an unreadable file is told with exit status 3, and the others are reported")
def _(folder):
    # Root may read everything, but not the memory of a process at address 0.
    path = "/proc/self/mem" if os.geteuid() == 0 else write(folder, "secret.log", text_line("hidden"))
    if os.geteuid() != 0:
        os.chmod(path, 0)
    data, result = report(path, log("app.log"), status=3)
    expect_equal(data["statistics"]["total_logs"], 693, "records")
    expect(os.path.basename(path) in result.err, result.err)


@test("report reads standard input, as - ")
def _(folder):
    with open(log("app.log"), "rb") as f:
        content = f.read()
    data, _ = report("-", stdin=content)
    expect_equal(data["statistics"]["total_logs"], 693, "records")
    direct, _ = report(log("app.log"))
    for key in ("errors", "performance", "requests"):
        expect_equal(data[key], direct[key], key)


@test("a last line without a newline is a record")
def _(folder):
    data, _ = report(write(folder, "a.log", text_line("one") + text_line("two").rstrip("\n")))
    expect_equal(data["statistics"]["total_logs"], 2, "records")


@test("an empty file is reported as no records")
def _(folder):
    path = write(folder, "empty.log", b"")
    data, result = report(path)
    expect_equal(data["statistics"]["total_logs"], 0, "records")
    expect_equal(result.err, "", "standard error")
    text = command("report", path)
    expect_equal((text.status, text.err), (0, ""), "status and standard error of the text")
    expect("no records" in text.out.lower() or re.search(r"\b0 records", text.out), text.out)


@test("a folder without logs is told, and reported as no records")
def _(folder):
    result = command("report", "--output", "json", folder)
    expect(result.status in (0, 3), result)
    expect_equal(json.loads(result.out)["statistics"]["total_logs"], 0, "records")
    expect(len(lines_of(result.err)) == 1 and folder in result.err, "nothing is said:", result)


@test("a folder and a glob stand for the logs in them")
def _(folder):
    write(folder, "a.log", text_line("one"))
    write(folder, "b.log", text_line("two") + text_line("three"))
    for argument in (folder, os.path.join(folder, "*.log")):
        data, _ = report(argument)
        expect_equal(data["statistics"]["total_logs"], 3, f"records of {argument}")


@test("NUL bytes and binary files are survived and counted")
def _(folder):
    binary = bytes(range(256)) * 4096
    data, _ = report(write(folder, "binary.log", binary), PROGRAM)
    expect(data["ingest"]["bytes"] >= len(binary), "bytes:", data["ingest"]["bytes"])
    nul = write(folder, "nul.log", text_line("before") + "\0" * 5000 + "\n" + text_line("a\0b") + text_line("after"))
    data, _ = report(nul)
    expect_equal(data["statistics"]["total_logs"], 3, "records around NULs")
    expect_equal(command("search", "--count", "after", nul).out.strip(), "1", "hits behind NULs")


@test("a line of 100 MB stays under the memory ceiling and is counted as cut")
def _(folder):
    path = os.path.join(folder, "long.log")
    with open(path, "wb") as f:
        f.write(text_line("before").encode())
        f.write(b"x" * 100_000_000)
        f.write(b"\n" + text_line("after").encode())
    measure = ("import resource, subprocess, sys\n"
               "p = subprocess.run(sys.argv[1:], capture_output=True)\n"
               "sys.stdout.buffer.write(p.stdout); sys.stderr.buffer.write(p.stderr)\n"
               "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)\n"
               "sys.exit(p.returncode)")
    result = subprocess.run([sys.executable, "-c", measure, PROGRAM, "report", "--output", "json",
                             "--memory", "64M", path], capture_output=True, text=True, timeout=120, env=environment())
    expect_equal(result.returncode, 0, f"status ({result.stderr})")
    data = json.loads(result.stdout)
    expect(data["ingest"]["cut"] >= 1, "cut lines:", data["ingest"])
    expect_equal(data["statistics"]["by_level"].get("INFO"), 2, "records before and after")
    if not instrumented():
        peak = int(result.stderr.split()[-1])
        expect(peak < 100 * 1024, f"peak memory {peak} KiB")


# ---- search

@test("search finds, counts, pages, and exits with 1 when nothing is found")
def _(folder):
    path = write(folder, "a.log", "".join(
        json_line(f"step {i}", "ERROR" if i % 10 == 0 else "INFO", after(i), user_id=i % 3) for i in range(50)))
    expect_equal(command("search", "--count", "level=error", path).out.strip(), "5", "count")
    raw = command("search", "--output", "raw", "step", path)
    with open(path, encoding="utf-8") as f:
        expect_equal(raw.out, f.read(), "raw output")
    page = json.loads(command("search", "--output", "json", "--page", "2", "--page-size", "20", "step", path).out)
    expect_equal([page[k] for k in ("total_count", "page", "total_pages", "has_next", "has_previous")],
                 [50, 2, 3, True, True], "page")
    expect_equal([r["message"] for r in page["logs"]], [f"step {i}" for i in range(20, 40)], "records of page 2")
    expect_equal(len(lines_of(command("search", "--limit", "7", "step", path).out)), 7, "lines with --limit 7")
    expect_equal(command("search", "--count", "--since", "yesterday", "step", path).out.strip(),
                 command("search", "--count", "step since:yesterday", path).out.strip(), "count with --since")
    expect_equal(command("search", "--count", "--until", "2001-01-01", "step", path).status, 1, "status with --until")
    many = write(folder, "many.log", "".join(json_line(f"row {i}", "INFO", after(i)) for i in range(250)))
    expect_equal(len(lines_of(command("search", "row", many).out)), 250, "lines without pages")
    expect_equal(len(lines_of(command("search", "--page", "3", "row", many).out)), 50, "lines of the third page")
    nothing = command("search", "unobtainium", path)
    expect_equal((nothing.status, nothing.out), (1, ""), "status and output without hits")
    none = command("search", "--count", "unobtainium", path)
    expect_equal((none.status, none.out.strip()), (1, "0"), "status and count without hits")


@test("search takes its flags instead of a query")
def _(folder):
    path = write(folder, "a.log", json_line("Paid", "INFO", user_id=7, request_id="r-1") +
                 json_line("paid NOT", "ERROR", logger="shop.pay", user_id=8, request_id="r-2"))
    for flags, count in [(["-q", "PAID"], 2), (["--level", "ERROR"], 1), (["--module", "shop.pay"], 1),
                         (["--user", "7"], 1), (["--request", "r-2"], 1), (["--user", "9"], 0),
                         (["-q", "paid", "--user", "8"], 1)]:
        expect_equal(command("search", "--count", *flags, path).out.strip(), str(count), " ".join(flags))


@test("--since and --until bound what is read")
def _(folder):
    path = write(folder, "a.log", "".join(text_line(f"minute {i}", time=after(60 * i)) for i in range(60)))
    data, _ = report("--since", "2025-09-09T10:10", "--until", "2025-09-09T10:20", path)
    expect_equal(data["statistics"]["total_logs"], 10, "records between")
    data, _ = report("--window", "15m", path)
    records = data["statistics"]["total_logs"]
    expect(15 <= records <= 16, "records of the last 15 minutes:", records)


@test("output to a pipe has no colour and no escape sequences of the log in text")
def _(folder):
    path = write(folder, "a.log", text_line("red \033[31malert\033[0m \033]52;c;aGk=\a \u202eevil"))
    for arguments in (["report"], ["search", "alert"], ["explain"]):
        result = command(*arguments, path)
        expect(b"\033" not in result.out_bytes and b"\a" not in result.out_bytes, " ".join(arguments), repr(result.out))


@test("a reader that goes away ends the program in silence")
def _(folder):
    path = write(folder, "a.log", "".join(text_line(f"line {i} " + "x" * 200, time=after(i)) for i in range(20000)))
    for arguments in (["search", "--output", "raw", "line", path],
                      ["search", "--output", "json", "--page-size", "20000", "line", path],
                      ["report", "--output", "json", "--by", "minute", path]):
        process = subprocess.Popen([PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   env=environment())
        process.stdout.readline()
        process.stdout.close()
        error = process.stderr.read().decode()
        status = process.wait(timeout=60)
        expect_equal(error, "", f"standard error of {arguments[0]}")
        expect(status in (0, 3, -13), f"{arguments[0]} ended with status {status}")


@test("a full device is told with a status of its own")
def _(folder):
    with open("/dev/full", "wb") as full:
        process = subprocess.run([PROGRAM, "report", log("app.log")], stdout=full, stderr=subprocess.PIPE,
                                 env=environment())
    expect(process.returncode not in (0, 1), f"status {process.returncode}")


@test("the live screen without a terminal or a file says what it needs")
def _(folder):
    for arguments in ([], [log("app.log")]):
        process = subprocess.run([PROGRAM, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                 start_new_session=True, env=environment(TERM="xterm-256color"), timeout=30)
        expect_equal(process.returncode, 2, f"status ({process.stderr})")
        expect_equal(len(lines_of(process.stderr)), 1, f"lines on standard error: {process.stderr!r}")


# ---- the documents

def man_page():
    with open(os.path.join(SOURCE, "man/tailboard.1"), encoding="utf-8") as f:
        return f.read().replace("\\-", "-")


def completion(name):
    with open(os.path.join(SOURCE, "data/completions", name), encoding="utf-8") as f:
        return f.read()


def compare(what, documented, real):
    expect_equal(sorted(documented - real), [], f"{what} names what does not exist")
    expect_equal(sorted(real - documented), [], f"{what} lacks")


@test("the man page has every option and every command, and no others")
def _(folder):
    options, letters = options_in_help()
    page = man_page()
    # "--" with a letter behind it; the page may write --no-color with a break in the font.
    found = set(re.findall(r"--([a-z][a-z-]*[a-z])", re.sub(r"\\f.|\\~|\\\|", " ", page)))
    compare("the man page", found, set().union(*options.values()))
    for long, letter in letters.items():
        expect(re.search(rf"(?<![\w-])-{letter}(?![\w-])", page), f"the man page lacks -{letter} of --{long}")
    for name in COMMANDS[1:]:
        expect(re.search(rf"\b{name}\b", page), f"the man page lacks {name}")


@test("the man page has every command of the keys")
def _(folder):
    with open(os.path.join(SOURCE, "data/default.keys"), encoding="utf-8") as f:
        commands = {line.split()[1] for line in f if line.strip() and not line.startswith("#")}
    page = man_page()
    expect_equal(sorted(c for c in commands if c not in page), [], "commands that the man page lacks")


@test("the man page has every role of themes with its parent, and no others")
def _(folder):
    with open(os.path.join(SOURCE, "tui/style.h"), encoding="utf-8") as f:
        rows = re.findall(r'X\((\w+), "([a-z-]+)", (\w+), "', f.read())
    names = {role: name for role, name, _ in rows}
    real = {(name, names[parent] if parent != role else "-") for role, name, parent in rows}
    table = re.search(r"\.SH THEMES\n.*?\.TS\n(.*?)\.TE", man_page(), re.S).group(1)
    compare("the table of roles", set(re.findall(r"^([a-z-]+)\t([a-z-]+)\tT\{", table, re.M)) - {("role", "parent")}, real)


@test("the completions have every option and every command, and no others")
def _(folder):
    options, _ = options_in_help()
    real = set().union(*options.values())
    for name, pattern in [("tailboard.bash", r"--([a-z][a-z-]*[a-z])"), ("_tailboard", r"--([a-z][a-z-]*[a-z])"),
                          ("tailboard.fish", r"-l ([a-z][a-z-]*[a-z])")]:
        text = completion(name)
        compare(name, set(re.findall(pattern, text)), real)
        for word in COMMANDS[1:]:
            expect(re.search(rf"\b{word}\b", text), f"{name} lacks {word}")


def formats_in_sources():
    names = {"raw"}
    for path in glob.glob(os.path.join(SOURCE, "core/format_*.c")):
        with open(path, encoding="utf-8") as f:
            names |= set(re.findall(r'\.name = "([a-z-]+)",\s+\.title', f.read()))
    return names


@test("the man page and the completions have every format, and no others")
def _(folder):
    real = formats_in_sources()
    expect(len(real) > 20, "formats:", real)
    for name in sorted(real):
        expect_equal(command("report", "--format", name, "--output", "json", os.devnull).err, "", f"--format {name}")
    table = re.search(r"\.SH FORMATS\n.*?\.TS\n(.*?)\.TE", man_page(), re.S).group(1)
    compare("the man page", set(re.findall(r"^([a-z-]+)\tT\{", table, re.M)), real)
    for name, pattern in [("tailboard.bash", r"--format\) echo (.*?);;"), ("_tailboard", r"formats=\((.*?)\)"),
                          ("tailboard.fish", r"set --local formats (.*?)\ncomplete")]:
        words = re.search(pattern, completion(name), re.S).group(1)
        compare(name, set(re.findall(r"[a-z-]+", words)), real)


@test("bash completes options of the command that is typed")
def _(folder):
    options, _ = options_in_help()
    script = (f"source {os.path.join(SOURCE, 'data/completions/tailboard.bash')}; compopt() {{ :; }}\n"
              "COMP_WORDS=(tailboard $1 --); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _tailboard\n"
              "printf '%s\\n' \"${COMPREPLY[@]}\"")
    for name in COMMANDS:
        result = subprocess.run(["bash", "-c", script, "bash", name], capture_output=True, text=True)
        expect_equal(result.stderr, "", "errors of bash")
        got = {word[2:] for word in result.stdout.split()}
        compare(f"bash completion of tailboard {name}", got, options[name])


run()
