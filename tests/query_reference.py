"""The query language once more, from its description (core/query.h, the manual), for tests to hold the program against.

A query is parsed into a tree of closures, each from a record to True or False. Written for being right, not fast: a
record's bytes, its text with JSON's escapes resolved, its fields and its keys are all at hand before anything is asked.
"""
import datetime
import json
import re

LEVELS = ["NONE", "TRACE", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]
LEVEL_WORDS = {"WARN": "WARNING", "FATAL": "CRITICAL", "ERR": "ERROR"}
ZONE = datetime.timezone(datetime.timedelta(hours=9))

# What queries call the fields, beyond their own names.
OTHER_NAMES = {"module": "logger", "request": "request_id", "user": "user_id", "text": "message"}
FIELDS = ["time", "level", "logger", "message", "event", "request_id", "user_id", "method", "path", "route", "status",
          "duration", "size", "ip", "agent", "referer", "host", "pid", "thread", "task", "task_id", "function", "file",
          "line", "exception", "exception_message", "frame", "traceback"]
KINDS = {"time": "time", "level": "level", "status": "int", "pid": "int", "line": "int", "duration": "seconds",
         "size": "bytes"}


class Mistake(Exception):
    """The query is wrong."""


class Record:
    """raw: its bytes. fields: by name, text; time (ns) and level apart. keys: of a structured line, dotted, text."""

    def __init__(self, raw, source, time, level, fields, keys=None, rest="", form=None):
        self.raw, self.source, self.time, self.level = raw, source, time, level
        self.fields, self.keys, self.rest, self.form = fields, keys or {}, rest, form
        self.text = raw.decode("utf-8", "surrogateescape")
        self.texts = [self.text]
        if "\\" in self.text and keys is not None:
            self.texts.append(unescape(self.text))

    def value(self, name, quoted):
        """What a comparison looks at, or None."""
        if quoted:
            return self.keys.get(name)
        name_low = name.lower()
        if name_low == "source":
            return self.source
        if name_low == "format":
            return self.form
        field = OTHER_NAMES.get(name_low, name_low)
        if field in FIELDS:
            found = self.fields.get(field)
            return self.keys.get(name) if found is None and field != name_low else found
        return self.keys.get(name)


def unescape(text):
    """JSON's escapes resolved, wherever they stand."""
    def one(match):
        short = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
        if match.group(1):
            high, low = int(match.group(1), 16), int(match.group(2), 16)
            return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
        if match.group(3):
            return chr(int(match.group(3), 16))
        return short.get(match.group(4), match.group(4))
    return re.sub(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|\\u([0-9a-fA-F]{4})|\\(.)", one, text)


# ---- values --------------------------------------------------------------------------------------------------------

def number(text):
    if re.fullmatch(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?", text):
        return float(text)
    return None


def scaled(text, units):
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([A-Za-z]+)", text)
    return float(match.group(1)) * units[match.group(2)] if match and match.group(2) in units else None


def count(text):
    return scaled(text, {"k": 1e3, "M": 1e6, "G": 1e9})


def seconds(text):
    n = number(text)
    if n is None and re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)  # 007
    return n if n is not None else scaled(text, {"us": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600, "d": 86400})


def size(text):
    n = number(text)
    if n is not None:
        return n
    return scaled(text, {"B": 1, "k": 1024, "kB": 1024, "K": 1024, "KB": 1024, "M": 1 << 20, "MB": 1 << 20, "G": 1 << 30,
                         "GB": 1 << 30})


def quantity(text):
    for read in (number, count, seconds, size):
        n = read(text)
        if n is not None:
            return n
    return None


NSEC = 10 ** 9


def moment(text):
    """A time as a query says it: its first ns, and how many it stands for."""
    match = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(Z|[+-]\d\d:\d\d)?)?", text)
    if not match:
        raise Mistake("time: " + text)
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    if zone == "Z":
        zone = datetime.timezone.utc
    elif zone:
        sign = -1 if zone[0] == "-" else 1
        zone = datetime.timezone(sign * datetime.timedelta(hours=int(zone[1:3]), minutes=int(zone[4:])))
    at = datetime.datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0),
                           tzinfo=zone or ZONE)
    ns = int(at.timestamp()) * NSEC
    if fraction:
        return ns + int(fraction.ljust(9, "0")), NSEC // 10 ** len(fraction)
    return ns, 86400 * NSEC if hour is None else 60 * NSEC if second is None else NSEC


def glob(pattern, text):
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text, re.S) is not None


def contains(needle, text, nocase):
    if not nocase:
        return needle in text
    if needle.isascii():
        return re.search(re.escape(needle), text, re.I | re.A) is not None
    return needle.casefold() in text.casefold()


def pattern(text, flags):
    try:
        return re.compile(text, flags | re.A)
    except re.error as e:
        raise Mistake(f"pattern: {e}") from e


# ---- terms ---------------------------------------------------------------------------------------------------------

def word(text):
    nocase = text == text.lower()
    return lambda r: any(contains(text, t, nocase) for t in r.texts)


def regex(text, nocase):
    re_ = pattern(text, re.M | (re.I if nocase else 0))
    return lambda r: any(re_.search(t) for t in r.texts)


def present(name, quoted):
    if name == "time" and not quoted:
        return lambda r: r.time is not None
    if name == "level" and not quoted:
        return lambda r: r.level != "NONE"
    return lambda r: r.value(name, quoted) is not None


def in_order(op, low, high):
    """Whether a value stands to the interval [low, high] as the operator says."""
    return {
        "=": lambda v: low <= v <= high, ":": lambda v: low <= v <= high, "<": lambda v: v < low, "<=": lambda v: v <= high,
        ">": lambda v: v > high, ">=": lambda v: v >= low, "!=": lambda v: low <= v <= high,
    }[op]


def compare_time(op, value):
    if op in ("~", "!~"):
        raise Mistake("time with " + op)
    first, width = moment(value)
    holds = in_order(op, first, first + width - 1)
    return (lambda r: not holds(r.time)) if op == "!=" else (lambda r: holds(r.time))


def compare_level(op, value):
    if op in ("~", "!~"):
        raise Mistake("level with " + op)
    name = LEVEL_WORDS.get(value.upper(), value.upper())
    if name not in LEVELS:
        raise Mistake("level: " + value)
    at = LEVELS.index(name)
    holds = in_order(op, at, at)
    return lambda r: holds(LEVELS.index(r.level)) != (op == "!=")


def compare_number(name, op, low, high, quoted):
    holds = in_order(op, low, high)

    def test(r):
        value = r.value(name, quoted)
        n = None if value is None else quantity(value)
        return (n is not None and holds(n)) != (op == "!=")
    return test


def compare_text(name, op, value, name_quoted, value_quoted):
    def with_value(f, negate=False):
        return lambda r: (r.value(name, name_quoted) is not None and bool(f(r, r.value(name, name_quoted)))) != negate

    if op in ("~", "!~"):
        re_ = pattern(value, 0)
        return with_value(lambda r, v: re_.search(v), op == "!~")
    low = name.lower()
    if op == ":" and low in ("source", "format") and not name_quoted:
        op = "="
    if op == ":":
        if OTHER_NAMES.get(low, low) == "message" and not name_quoted:
            return with_value(lambda r, v: contains(value, v, True) or contains(value, r.rest, True))
        return with_value(lambda r, v: contains(value, v, True))
    if op in ("=", "!="):
        def same(r, v):
            if low == "source" and not name_quoted:
                parts = v.split("/")
                ends = ["/".join(parts[i:]) for i in range(len(parts))]
            else:
                ends = [v]
            if "*" in value and not value_quoted:
                return any(glob(value, end) for end in ends)
            return value in ends or (number(value) is not None and number(v) == number(value))
        return with_value(same, op == "!=")
    n = quantity(value)
    if n is not None:
        return compare_number(name, op, n, n, name_quoted)
    a = value.encode("utf-8", "surrogateescape")
    order = {"<": lambda v: v < a, "<=": lambda v: v <= a, ">": lambda v: v > a, ">=": lambda v: v >= a}[op]
    return with_value(lambda r, v: order(v.encode("utf-8", "surrogateescape")))


def compare(name, op, value, name_quoted, value_quoted):
    low = name.lower()
    if op == ":" and low == "has" and not name_quoted:
        return present(value, value_quoted)
    if low in ("since", "until") and not name_quoted:
        first, _ = moment(value)
        return (lambda r: r.time >= first) if low == "since" else (lambda r: r.time <= first)
    kind = "text" if name_quoted else KINDS.get(OTHER_NAMES.get(low, low), "text")
    if kind == "time":
        return compare_time(op, value)
    if kind == "level":
        return compare_level(op, value)
    if kind == "text" or op in ("~", "!~") or ("*" in value and not value_quoted):
        return compare_text(name, op, value, name_quoted, value_quoted)
    if low == "status" and re.fullmatch("[1-5][xX][xX]", value):
        return compare_number(name, op, int(value[0]) * 100, int(value[0]) * 100 + 99, False)
    n = {"int": quantity, "seconds": seconds, "bytes": size}[kind](value)
    if n is None:
        raise Mistake(f"{name}: {value}")
    return compare_number(name, op, n, n, False)


# ---- the language ----------------------------------------------------------------------------------------------------

OPS = re.compile(r"!=|!~|<=|>=|==|=~|[=<>~:]")
NAME = re.compile(r"[A-Za-z_@][A-Za-z0-9_.@-]*")
PHRASE = re.compile(r'"((?:\\["\\]|[^"])*)"', re.S)
COLON = set(FIELDS) | {"has", "since", "until", "source", "format", "text", "module", "request", "user"}


def bare(text):
    """Up to a blank, or a parenthesis that closes more than was opened."""
    depth = i = 0
    while i < len(text) and not text[i].isspace():
        if text[i] == "\\" and i + 1 < len(text) and not text[i + 1].isspace():
            i += 1
        elif text[i] == "(":
            depth += 1
        elif text[i] == ")":
            if not depth:
                break
            depth -= 1
        i += 1
    return text[:i]


class Parser:
    def __init__(self, text):
        self.rest = text

    def blanks(self):
        self.rest = self.rest.lstrip(" \t\r\n")

    def peek_word(self, *words):
        self.blanks()
        found = bare(self.rest)
        return found if found in words else None

    def parse(self):
        self.blanks()
        if not self.rest:
            return lambda r: True
        test = self.any()
        self.blanks()
        if self.rest:
            raise Mistake("left: " + self.rest)
        return test

    def any(self):
        tests = [self.all()]
        while self.peek_word("OR"):
            self.rest = self.rest[2:]
            tests.append(self.all())
        return tests[0] if len(tests) == 1 else lambda r: any(t(r) for t in tests)

    def all(self):
        tests = [self.one()]
        while True:
            self.blanks()
            if self.peek_word("AND"):
                self.rest = self.rest[3:]
            elif not self.rest or self.rest[0] == ")" or self.peek_word("OR"):
                break
            tests.append(self.one())
        return tests[0] if len(tests) == 1 else lambda r: all(t(r) for t in tests)

    def one(self):
        self.blanks()
        if not self.rest or self.peek_word("AND", "OR"):
            raise Mistake("a term is missing")
        if self.peek_word("NOT"):
            self.rest = self.rest[3:]
            test = self.one()
            return lambda r: not test(r)
        if re.match(r"-[^\s)>-]", self.rest):
            self.rest = self.rest[1:]
            test = self.one()
            return lambda r: not test(r)
        if self.rest[0] == "(":
            self.rest = self.rest[1:]
            test = self.any()
            self.blanks()
            if self.rest[:1] != ")":
                raise Mistake("a parenthesis is open")
            self.rest = self.rest[1:]
            return test
        return self.term()

    def phrase(self):
        match = PHRASE.match(self.rest)
        if not match:
            raise Mistake("a quote is open")
        self.rest = self.rest[match.end():]
        return re.sub(r'\\(["\\])', r"\1", match.group(1))

    def value(self):
        if self.rest[:1] == '"':
            return self.phrase(), True
        found = bare(self.rest)
        if not found:
            raise Mistake("a value is missing")
        self.rest = self.rest[len(found):]
        return found, False

    def comparison(self, name, quoted):
        op = OPS.match(self.rest)
        self.rest = self.rest[op.end():]
        value, value_quoted = self.value()
        return compare(name, {"==": "=", "=~": "~"}.get(op.group(), op.group()), value, quoted, value_quoted)

    def term(self):
        if self.rest[0] == '"':
            text = self.phrase()
            return self.comparison(text, True) if OPS.match(self.rest) else word(text)
        match = re.match(r"/((?:\\.|[^/\\])+)/(i?)(?=\s|\)|$)", self.rest, re.S)
        if match:
            self.rest = self.rest[match.end():]
            return regex(match.group(1), match.group(2) == "i")
        match = NAME.match(self.rest)
        op = OPS.match(self.rest, match.end()) if match and match.group()[-1] != "-" else None
        if op and (op.group() != ":" or self.takes_colon(match.group(), self.rest[op.end():])):
            self.rest = self.rest[match.end():]
            return self.comparison(match.group(), False)
        found = bare(self.rest)
        if not found or (OPS.match(found) and found[0] != ":"):
            raise Mistake("no term: " + self.rest)
        self.rest = self.rest[len(found):]
        return word(found)

    @staticmethod
    def takes_colon(name, after):
        return name in COLON and not after.startswith("//") and not re.match(r"[\s)]", after)


def compiled(text):
    return Parser(text).parse()


# ---- records ---------------------------------------------------------------------------------------------------------

class Written(str):
    """A number as it stands in the line."""


def flat(value, name, out):
    """Keys of nested objects joined by dots; what holds nothing, and arrays, as written."""
    for key, member in value.items():
        path = f"{name}.{key}" if name else key
        if isinstance(member, dict) and member:
            flat(member, path, out)
        elif member is not None and path not in out:
            if isinstance(member, str):
                out[path] = str(member)
            else:
                out[path] = json.dumps(member)
    return out


def stamp(text):
    """A time of a log in ns."""
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d+))?(Z|[+-]\d\d:?\d\d)?", text)
    at = datetime.datetime.fromisoformat(f"{match.group(1)} {match.group(2)}")
    zone = match.group(4)
    at = at.replace(tzinfo=datetime.timezone.utc if zone == "Z" else ZONE)
    return int(at.timestamp()) * NSEC + int((match.group(3) or "0").ljust(9, "0"))


def level_of(text):
    name = (text or "NONE").upper()
    return LEVEL_WORDS.get(name, name)


# Keys that mean a field, of the loggers whose lines the tests read.
ALIASES = {
    "time": ("asctime", "timestamp", "time", "time_iso8601"), "level": ("levelname", "level"),
    "logger": ("name", "logger", "module"), "message": ("message", "event"), "request_id": ("request_id",),
    "user_id": ("user_id",), "path": ("path", "request_uri"), "status": ("status_code", "status"),
    "duration": ("duration", "request_time"), "ip": ("ip_address", "remote_addr", "user_ip"),
    "agent": ("user_agent", "http_user_agent"), "size": ("response_size", "body_bytes_sent"),
}


def json_records(data, source):
    """Lines that are JSON and nothing else; a naive logger's that are not are left out, for the tests to do so too."""
    records = []
    for line in data.split(b"\n"):
        try:
            value = json.loads(line, parse_float=Written, parse_int=Written)
        except ValueError:
            continue
        keys = flat(value, "", {})
        naive = list(value) == ["level", "time", "module", "message"]
        if naive:  # a formatter that pastes its message between quotes: nothing in it is an escape
            keys["message"] = line.split(b'"message": "', 1)[1].rsplit(b'"', 1)[0].decode("utf-8", "surrogateescape")
        fields = {field: next((keys[k] for k in names if k in keys), None) for field, names in ALIASES.items()}
        if value.get("message", "") is None:
            fields["message"] = ""  # a dictionary was logged
        level = level_of(fields["level"])
        if fields["level"] is None and fields["status"]:
            level = {"5": "ERROR", "4": "WARNING"}.get(fields["status"][0], "INFO")
        fields["level"] = level
        if "exc_info" in keys:
            fields["traceback"] = keys["exc_info"]
        records.append(Record(line, source, stamp(fields["time"]), level, fields, keys,
                              form="json-naive" if naive else "json"))
    return records


VERBOSE = re.compile(rb"(DEBUG|INFO|WARNING|ERROR|CRITICAL) (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) (\S+) (\d+) (\d+) (.*)", re.S)


def verbose_records(data, source):
    """Django's example format; lines that begin no record belong to the one before them."""
    groups = []
    for line in data.split(b"\n"):
        if VERBOSE.match(line):
            groups.append([line])
        elif groups:
            groups[-1].append(line)
    records = []
    for lines in groups:
        while lines[-1] == b"":
            lines.pop()
        level, time, logger, pid, thread, message = (g.decode("utf-8", "surrogateescape") for g in
                                                     VERBOSE.match(lines[0]).groups())
        rest = b"\n".join(lines[1:]).decode("utf-8", "surrogateescape")
        message = re.sub(r"\x1b\[[0-9;]*m", "", message.lstrip(" "))
        fields = {"level": level, "time": time, "logger": logger, "pid": pid, "thread": thread, "message": message}
        said = re.match(r"([A-Z]+) (\S+) -> (\d{3}) in ([\d.]+ms)$", message)
        if said:
            fields.update(zip(("method", "path", "status", "duration"), said.groups()))
        records.append(Record(b"\n".join(lines), source, stamp(time), level, fields, None, rest, "django"))
    return records


ACCESS = re.compile(rb'(\S+) - (\S+) \[([^]]+)\] "(\S+) (\S+) [^"]*" (\d{3}) (\d+|-) "([^"]*)" "([^"]*)"')


def access_records(data, source):
    records = []
    for line in data.split(b"\n"):
        if not line:
            continue
        ip, user, time, method, path, status, bytes_, referer, agent = (
            g.decode("utf-8", "surrogateescape") for g in ACCESS.match(line).groups())
        at = datetime.datetime.strptime(time, "%d/%b/%Y:%H:%M:%S %z")
        level = {"5": "ERROR", "4": "WARNING"}.get(status[0], "INFO")
        fields = {"ip": ip, "method": method, "path": path, "status": status, "level": level,
                  "message": line.decode("utf-8", "surrogateescape")}
        for name, value in (("agent", agent), ("size", bytes_), ("referer", referer)):
            fields[name] = value if value != "-" else None
        records.append(Record(line, source, int(at.timestamp()) * NSEC, level, fields, None, form="access"))
    return records


def in_merged_order(*files):
    """Records of several files as the program gives them out: by time, then by file, then by place."""
    rows = [(record.time, f, i, record) for f, records in enumerate(files) for i, record in enumerate(records)]
    return [row[3] for row in sorted(rows, key=lambda row: row[:3])]
