"""The programs that are measured: what each is told to do with a log, and whether it is here.

A peer does the least it can be asked for that has it read the whole file and parse it, or, where it does not parse
(grep, ripgrep), look at every byte. What that is stands in the table beside its figures.
"""
import json
import os
import shutil
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
NPM_SECONDS = 120

JQ = "reduce (inputs | .levelname) as $l ({}; .[$l] += 1)"
LEVELS = "SELECT levelname, count(*) FROM log GROUP BY 1"
COLUMNS = ("{asctime: 'VARCHAR', name: 'VARCHAR', levelname: 'VARCHAR', message: 'VARCHAR', request_id: 'VARCHAR', "
           "path: 'VARCHAR', method: 'VARCHAR', status_code: 'INTEGER', duration: 'DOUBLE'}")
GOACCESS_FORMAT = ['--log-format=%h %^[%d:%t %^] "%r" %s %b "%R" "%u" %D', "--date-format=%d/%b/%Y",
                   "--time-format=%T", "--no-global-config"]


class Peer:
    """A command, what it does in words, and what it needs in its environment."""

    def __init__(self, name, does, argv, env=None, version=None):
        self.name, self.does, self.argv, self.env = name, does, argv, env
        self.version = version


def _version(program, option="--version"):
    """What a program says of itself: the first word with a digit in the first line."""
    try:
        done = subprocess.run([program, option], capture_output=True, text=True, timeout=10, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return None
    words = (done.stdout or done.stderr).partition("\n")[0].split()
    return next((word.strip(",.jq-") for word in words if any(c.isdigit() for c in word)), "")


def lnav_home(cache):
    """A home folder whose lnav knows the JSON lines."""
    home = os.path.join(cache, "lnav-home")
    formats = os.path.join(home, ".lnav/formats/bench")
    os.makedirs(formats, exist_ok=True)
    shutil.copy(os.path.join(HERE, "lnav-format.json"), formats)
    return {"HOME": home}


def _duckdb(cache, npm):
    """A function from SQL to a command, and the version; (None, why not)."""
    if shutil.which("duckdb"):
        return (lambda sql: ["duckdb", "-batch", "-c", sql]), _version("duckdb")
    if not npm or not shutil.which("npm") or not shutil.which("node"):
        return None, "neither duckdb nor npm is installed" if npm else "not installed"
    folder = os.path.join(cache, "npm")
    package = os.path.join(folder, "node_modules/@duckdb/node-api")
    if not os.path.isdir(package):
        try:
            subprocess.run(["npm", "install", "--prefix", folder, "--no-audit", "--no-fund", "--silent",
                            "@duckdb/node-api"], timeout=NPM_SECONDS, stdin=subprocess.DEVNULL,
                           capture_output=True, check=True)
        except (OSError, subprocess.SubprocessError):
            return None, "npm could not fetch it"
    script = os.path.join(HERE, "duckdb.mjs")
    with open(os.path.join(package, "package.json")) as f:
        version = json.load(f)["version"] + " in node"
    return (lambda sql: ["node", script, folder, sql]), version


class Peers:
    """Those that are here, for JSON lines and for access lines; `missing` says why others are not."""

    def __init__(self, tailboard, python, cache, npm):
        self.missing = []
        self.tailboard, self.python, self.cache = tailboard, python, cache
        self.lnav_env = lnav_home(cache)
        self._sql, self._sql_version = _duckdb(cache, npm)

    def _here(self, name):
        if shutil.which(name):
            return True
        if f"{name}: not installed" not in self.missing:
            self.missing.append(f"{name}: not installed")
        return False

    def _lnav(self, log, table):
        return Peer("lnav", "indexes all, counts by level", ["lnav", "-n", "-c", f";SELECT log_level, count(*) "
                    f"FROM {table} GROUP BY 1", log], env=self.lnav_env, version=_version("lnav"))

    def _tailboard(self, log):
        version = _version(self.tailboard)
        return [Peer("tailboard", "report: levels, hours, routes, percentiles, ...",
                     [self.tailboard, "report", "-o", "json", log], version=version),
                Peer("tailboard, 1 thread", "the same with --threads 0",
                     [self.tailboard, "report", "--threads", "0", "-o", "json", log]),
                Peer("tailboard, pipe", "the same from a pipe, with --memory 64M",
                     ["sh", "-c", 'cat "$1" | "$0" report --memory 64M -o json -', self.tailboard, log])]

    def json(self, log):
        found = self._tailboard(log)
        if self._here("lnav"):
            found.append(self._lnav(log, "python_json_log"))
        if self._sql:
            source = f"read_json('{log}', format = 'newline_delimited', columns = {COLUMNS})"
            found.append(Peer("DuckDB", "9 columns into a table, counts by level", self._sql(
                f"CREATE TABLE log AS SELECT * FROM {source}; {LEVELS}"), version=self._sql_version))
        else:
            self.missing.append(f"DuckDB: {self._sql_version}")
        if self._here("jq"):
            found.append(Peer("jq", "counts by level", ["jq", "-n", JQ, log], version=_version("jq")))
        found.append(Peer("Python", "json.loads a line: levels, hours, avg, max, p95",
                          [self.python, os.path.join(HERE, "count.py"), log], version=_version(self.python)))
        if self._here("hl"):
            found.append(Peer("hl", "prints records of level error", ["hl", "--paging=never", "-l", "e", log],
                              version=_version("hl")))
        if self._here("rg"):
            found.append(Peer("ripgrep", "counts lines with one string; parses nothing",
                              ["rg", "-c", '"levelname": "ERROR"', log], version=_version("rg")))
        found.append(Peer("grep", "counts lines with one string; parses nothing",
                          ["grep", "-c", '"levelname": "ERROR"', log], version=_version("grep")))
        if self._here("gonzo"):
            self.missing.append("gonzo: has no way to read a file and end")
        return found

    def access(self, log):
        found = self._tailboard(log)[:1]
        if self._here("goaccess"):
            found.append(Peer("goaccess", "its whole report, -o json", [
                "goaccess", log, "-o", os.path.join(self.cache, "goaccess.json"), *GOACCESS_FORMAT],
                version=_version("goaccess")))
        if self._here("lnav"):
            found.append(self._lnav(log, "access_log"))
        return found
