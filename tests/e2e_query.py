#!/usr/bin/python3
"""`tailboard search` against a second implementation of the query language (query_reference.py), on several hundred
queries that are made up from the records themselves. The seed is fixed; SEED in the environment takes another. TAP on
stdout."""
import gzip
import os
import random

import query_reference as reference
from tap import command, expect, expect_equal, log, run, test

RECORDS = 700
SEED = int(os.environ.get("SEED", "5"))
WORD = r"[A-Za-z0-9_]{2,}"


class Maker:
    """Makes queries that have something to do with the records."""

    def __init__(self, records, fields, keys, seed):
        self.records, self.fields, self.keys = records, fields, keys
        self.random = random.Random(seed)

    def pick(self, *choices):
        return self.random.choice(choices)

    def record(self):
        return self.random.choice(self.records)

    def some_word(self):
        words = reference.re.findall(WORD, self.record().texts[-1])
        word = self.random.choice(words) if words else "word"
        if self.random.random() < 0.3:
            word = word[self.random.randrange(len(word)):] or word
        return self.pick(word, word, word.lower(), word.upper(), word.capitalize()) + self.pick("", "", "", "zz")

    def word(self):
        word = self.some_word()
        return word + "x" if word in ("AND", "OR", "NOT") else word

    def foreign_word(self):
        """A word beyond ASCII, where there is one."""
        words = reference.re.findall(r"[^\x00-\x7f\s\"'/(){}\[\],.:]+", self.record().texts[-1])
        words = [w for w in words if all(ord(c) < 0xD800 or ord(c) > 0xDFFF for c in w)]
        return words[0] if words else self.word()

    def phrase(self):
        text = self.record().texts[-1]
        at = self.random.randrange(max(1, len(text) - 12))
        piece = text[at:at + self.random.randrange(3, 12)].split("\n")[0]
        return quoted("".join(c for c in piece if ord(c) < 0xD800 or ord(c) > 0xDFFF) or "x")

    def regex(self):
        a, b = (reference.re.escape(self.some_word()) for _ in range(2))
        made = self.pick(f"{a}|{b}", f"{a}.*{b}", f"{a[0]}[a-z]+", f"{a}\\s", f"({a}|{b})\\d*", f"\\b{a}\\b", f"^{a}",
                         f"{a}.?$", f"[{a[0]}-z]{{3}}\\d", f"\\d+\\.\\d{{2}}", f"(?:{a}){{1,2}}")
        return f"/{made}/" + self.pick("", "i")

    def level(self):
        name = self.pick("debug", "info", "warning", "error", "critical", "ERROR", "warn", "none", "fatal")
        return "level" + self.pick("=", "!=", ">=", ">", "<", "<=", ":") + name

    def time(self):
        at = reference.datetime.datetime.fromtimestamp(self.record().time // 10 ** 9, reference.ZONE)
        text = at.strftime(self.pick("%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d", "%Y-%m-%dT%H:%M:%S+09:00",
                                     "%Y-%m-%dT%H:%M:%S.%f", "%Y-%m-%dT%H:%M:%S.2"))
        if self.random.random() < 0.25:
            text = text.replace("T", " ")
            return "time" + self.pick(">=", "<", "=", "!=") + quoted(text)
        return self.pick("time>=", "time<", "time<=", "time>", "time=", "time!=", "since:", "until:") + text

    def value_of(self, name):
        """A value that some record has, or part of it."""
        values = [v for v in (r.value(name, False) for r in self.random.sample(self.records, 30)) if v]
        value = self.random.choice(values) if values else self.some_word()
        return "".join(c for c in value[:60] if ord(c) < 0xD800 or ord(c) > 0xDFFF)

    def field(self):
        name = self.random.choice(self.fields + self.keys)
        value = self.value_of(name)
        known = name.split(".")[0] in reference.FIELDS
        return self.pick(self.equal, self.equal, self.part, self.matches, self.ordered)(name, value, known)

    def equal(self, name, value, known):
        if self.random.random() < 0.3 and not reference.re.search(r"[\s\"()*\\]", value):
            cut = self.random.randrange(len(value) + 1)
            return name + self.pick("=", "!=") + self.pick(value[:cut] + "*", "*" + value[cut:], value[:cut] + "*" + value[-1:])
        return name + self.pick("=", "!=", "==") + quoted(value)

    def part(self, name, value, known):
        cut = self.random.randrange(len(value))
        return name + (":" if known else "=") + quoted(self.pick(value[cut:], value[:cut + 1].upper()))

    def matches(self, name, value, known):
        words = reference.re.findall(WORD, value) or ["x"]
        made = self.pick("^{}", "{}$", "{}", "({}|nothing)", "^[a-z/]*{}", "\\d").format(self.random.choice(words))
        return name + self.pick("~", "!~", "=~") + made

    def ordered(self, name, value, known):
        return name + self.pick("<", "<=", ">", ">=") + quoted(value)

    def number(self):
        return self.pick(
            "status=5xx", "status!=2xx", "status>=400", "status<404", "status=404", "status=4*", "status~^[45]0",
            "duration>0.3", "duration>=300ms", "duration<0.05s", "duration<=1s", "duration!=0.1", "duration>1m",
            "size>1kB", "size<=179", "size>1k", "size<1.5kB", "user_id=15", "user_id>10", "user_id<1k", "user_id!=15")

    def has(self):
        return "has:" + self.random.choice(self.fields + self.keys)

    def term(self):
        return self.pick(self.word, self.word, self.foreign_word, self.phrase, self.regex, self.level, self.time,
                         self.field, self.field, self.field, self.number, self.has)()

    def query(self, depth=0):
        roll = self.random.random()
        if depth > 2 or roll < 0.4:
            return self.term()
        if roll < 0.55:
            return self.query(depth + 1) + self.pick(" ", " AND ") + self.query(depth + 1)
        if roll < 0.7:
            return self.query(depth + 1) + " OR " + self.query(depth + 1)
        if roll < 0.8:
            return "(" + self.query(depth + 1) + ")"
        term = self.term()
        return self.pick("-", "NOT ") + (term if not term.startswith(("-", ">")) else "(" + term + ")")


def quoted(value):
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def sample(name, read, n=RECORDS, source=None):
    """The first records of a fixture, as they stand, and as the reference reads them."""
    with open(log(name), "rb") as f:
        data = f.read()
    records = read(data, source or name)[:n]
    return b"".join(r.raw + b"\n" for r in records), records


def raw(records):
    return b"".join(r.raw + b"\n" for r in records)


def compare(query, records, arguments, **how):
    """One query, both ways: the records, and how many they are."""
    want = list(filter(reference.compiled(query), records))
    options, inputs = arguments if isinstance(arguments, tuple) else ((), arguments)
    got = command("search", "--output", "raw", *options, "--", query, *inputs, **how)
    expect(got.status in (0, 1), query, got)
    if got.out_bytes != raw(want):
        lines, wanted = set(got.out_bytes.split(b"\n")), set(raw(want).split(b"\n"))
        differ = sorted(lines ^ wanted)[:1] or [b"(their order)"]
        raise AssertionError(f"{query}\n{len(want)} records expected, {got.out_bytes.count(10)} lines found; "
                             f"{'found' if differ[0] in lines else 'missed'}: {differ[0][:700]!r}")
    expect_equal(got.status, 0 if want else 1, query)
    return len(want)


def compare_all(maker, n, folder, data):
    path = os.path.join(folder, maker.records[0].source)
    with open(path, "wb") as f:
        f.write(data)
    found, wrong = [], []
    records = reference.in_merged_order(maker.records)
    for i in range(n):
        query = maker.query()
        try:
            reference.compiled(query)
        except reference.Mistake:
            expect_equal(command("search", "--", query, path).status, 2, query)
            continue
        try:
            found.append(compare(query, records, [path]))
            if i % 4 == 0:
                count = command("search", "--count", "--", query, path).out.strip()
                expect_equal(count, str(found[-1]), "--count of " + query)
        except AssertionError as e:
            wrong.append(str(e))
    expect(not wrong, f"{len(wrong)} of {n} disagree\n" + "\n".join(wrong[:12]))
    # Queries that find nothing, or everything, prove little.
    some = sum(0 < n < len(records) for n in found)
    expect(some > n // 3, f"only {some} of {n} queries divide the records")


STRUCTURED = [
    ("application.log", ["logger", "message", "request_id", "user_id", "path", "ip", "agent"],
     ["lineno", "pathname", "content_type", "view_kwargs.pk", "content_length", "cache_hit"]),
    ("application-structlog.log", ["logger", "message", "request_id", "user_id", "path", "ip", "agent"],
     ["product_name", "product_price", "is_mobile", "cache_hit", "view_kwargs.pk"]),
    ("seed-json.log", ["logger", "message"], ["nosuchkey"]),
    ("nginx-access-json.log", ["path", "ip", "agent", "status", "request_id"], ["upstream_response_time", "body_bytes_sent"]),
]


def structured(name, fields, keys):
    @test(f"queries over {name}")
    def _(folder):
        data, records = sample(name, reference.json_records)
        compare_all(Maker(records, fields, keys, SEED), 70, folder, data)


for row in STRUCTURED:
    structured(*row)


@test("queries over text with tracebacks")
def _(folder):
    data, records = sample("verbose-error.log", reference.verbose_records, 150)
    compare_all(Maker(records, ["logger", "message", "pid"], ["nosuchkey"], SEED), 60, folder, data)


@test("queries over text")
def _(folder):
    data, records = sample("verbose.log", reference.verbose_records)
    compare_all(Maker(records, ["logger", "message", "thread"], ["nosuchkey"], SEED + 1), 50, folder, data)


@test("queries over access lines")
def _(folder):
    data, records = sample("nginx-access.log", reference.access_records)
    compare_all(Maker(records, ["ip", "method", "path", "status", "size", "referer", "agent"], ["nosuchkey"], SEED), 70,
                folder, data)


@test("several files, one of them compressed, in the order of their times")
def _(folder):
    files = [sample("application.log", reference.json_records, 300), sample("verbose.log", reference.verbose_records, 300),
             sample("nginx-access.log", reference.access_records, 300, "nginx-access.log.gz")]
    paths = [os.path.join(folder, records[0].source) for _, records in files]
    for path, (data, _) in zip(paths, files):
        with (gzip.open if path.endswith(".gz") else open)(path, "wb") as f:
            f.write(data)
    records = reference.in_merged_order(*(records for _, records in files))
    maker = Maker(records, ["logger", "message", "path", "ip"], ["user_id"], SEED)
    wrong = []
    for i in range(40):
        query = maker.query() if i % 4 else maker.pick("source:", "source=", "source!=") + maker.pick(
            "verbose.log", "*.gz", "application*", "application.log", "log") + maker.pick(" ", " format=json ", " OR ",
                                                                                    " -format=access ") + maker.query(2)
        try:
            compare(query, records, paths)
        except AssertionError as e:
            wrong.append(str(e))
    expect(not wrong, f"{len(wrong)} disagree\n" + "\n".join(wrong[:8]))


@test("standard input is a source like others")
def _(_folder):
    data, records = sample("application.log", reference.json_records, 300, "-")
    maker = Maker(records, ["logger", "message", "path"], ["lineno"], SEED + 2)
    records = reference.in_merged_order(records)
    for _ in range(20):
        query = maker.query()
        if "source" not in query:
            compare(query, records, ["-"], stdin=data)


@test("a field of the configuration file is asked for by its name")
def _(folder):
    data, records = sample("application-structlog.log", reference.json_records)
    for record in records:
        record.fields["host"] = record.keys.get("product_category", None)
    config, path = os.path.join(folder, "tb.conf"), os.path.join(folder, "app.log")
    with open(config, "w", encoding="utf-8") as f:
        f.write('fields: { host = "product_category"; };\n')
    with open(path, "wb") as f:
        f.write(data)
    maker = Maker(records, ["host"], ["host"], SEED)
    records = reference.in_merged_order(records)
    for _ in range(20):
        compare(maker.field(), records, (("--config", config), [path]))
    expect(compare("has:host", records, (("--config", config), [path])) > 0, "no record has the field")


@test("a pattern that tries without end is given up, and that is said")
def _(folder):
    path = os.path.join(folder, "app.log")
    with open(path, "w", encoding="utf-8") as f:
        f.write("INFO " + "a" * 30000 + "!\nINFO aaa\n")
    got = command("search", "--output", "raw", "/^INFO (a+)+$/", path, timeout=30)
    expect_equal(got.out, "INFO aaa\n", "what is found")
    expect("a pattern was given up" in got.err, got)


@test("what the reference takes for a mistake is one")
def _(folder):
    path = os.path.join(folder, "app.log")
    with open(path, "w", encoding="utf-8") as f:
        f.write("INFO x\n")
    for query in ["(a", "a)", "a AND", "OR a", "NOT", '"a', "level>=loud", "time>=soon", "duration>x", "status=", "/(/",
                  "path~(", "level~x", "a OR", "()", "= b", "status>x"]:
        try:
            reference.compiled(query)
            raise AssertionError("the reference takes " + query)
        except reference.Mistake:
            expect_equal(command("search", query, path).status, 2, query)


run()
