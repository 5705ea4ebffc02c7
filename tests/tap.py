"""Test functions, their results as TAP, and what every end-to-end test needs: the program, the fixtures, a folder.

    @test("the header is there")
    def header(folder):
        expect(...)

    run()

A test gets a temporary folder that is removed after it. It fails by an exception; AssertionError by expect(), and
anything else alike. Names given as arguments run only the tests whose description contains one of them.
"""
import os
import re
import subprocess
import sys
import tempfile
import traceback

SOURCE = os.path.abspath(os.environ.get("srcdir", "."))
LOGS = os.path.join(SOURCE, "tests/data/logs")
PROGRAM = os.path.abspath(os.environ.get("TAILBOARD", "./tailboard"))

# The zone of the fixtures is +09:00; what the user has set must not change what is drawn.
ZONE = "Etc/GMT-9"
FOREIGN = ("NO_COLOR", "COLORTERM", "COLUMNS", "LINES", "TERMINFO", "TERMINFO_DIRS", "ESCDELAY")

_tests = []


def environment(**changes):
    """The environment of the program under test. A change to None takes the variable away."""
    env = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    env.update({"TZ": ZONE, "LC_ALL": "C.UTF-8", "XDG_CONFIG_HOME": "/nonexistent", **changes})
    return {name: value for name, value in env.items() if value is not None}


def log(name):
    """The path of a fixture."""
    return os.path.join(LOGS, name)


def test(description):
    def add(function):
        _tests.append((description, function))
        return function
    return add


def expect(condition, *words):
    if not condition:
        raise AssertionError(" ".join(str(w) for w in words) or "condition not met")


def expect_equal(got, want, what="value"):
    if got != want:
        raise AssertionError(f"{what}: expected {want!r}, got {got!r}")


class Result:
    """What a command said: status, out and err (text), out_bytes and err_bytes."""

    def __init__(self, process):
        self.status = process.returncode
        self.out_bytes, self.err_bytes = process.stdout, process.stderr
        self.out, self.err = (b.decode("utf-8", "replace") for b in (process.stdout, process.stderr))

    def __str__(self):
        return f"status {self.status}\nstdout: {self.out[:1000]}\nstderr: {self.err[:3000]}"


def command(*arguments, stdin=b"", env=None, cwd=None, timeout=60):
    """Run the program without a terminal. A crash, sanitizers included, is a failure of the test by itself."""
    process = subprocess.run([PROGRAM, *map(str, arguments)], input=stdin, capture_output=True, timeout=timeout,
                             env=env or environment(), cwd=cwd)
    result = Result(process)
    expect(result.status >= 0 and not complaint(result.err_bytes), "crashed:", " ".join(map(str, arguments)), result)
    return result


def complaint(output):
    """What a sanitizer said, or ''."""
    found = re.search(rb"runtime error:|(Address|Leak|Thread|UndefinedBehavior)Sanitizer", output)
    return output[found.start():].decode("utf-8", "replace") if found else ""


def instrumented():
    """Whether the program is a build with sanitizers, which use memory and handle crashes in their own way."""
    with open(PROGRAM, "rb") as f:
        code = f.read()
    return b"__asan_init" in code or b"__tsan_init" in code


def comment(text):
    for line in text.rstrip("\n").split("\n"):
        print("# " + line)


def run():
    """Run all tests of the script, print TAP, and end the process: 1 when one failed."""
    chosen = [t for t in _tests if len(sys.argv) < 2 or any(word in t[0] for word in sys.argv[1:])]
    failed = 0
    print(f"1..{len(chosen)}", flush=True)
    for number, (description, function) in enumerate(chosen, 1):
        try:
            with tempfile.TemporaryDirectory(prefix="tailboard-e2e-") as folder:
                function(folder)
        except Exception as e:
            failed += 1
            print(f"not ok {number} - {description}")
            frame = traceback.extract_tb(e.__traceback__)[1:]
            comment(" < ".join(f"{os.path.basename(f.filename)}:{f.lineno}" for f in reversed(frame)))
            comment(str(e) if isinstance(e, AssertionError) else f"{type(e).__name__}: {e}")
        else:
            print(f"ok {number} - {description}")
        sys.stdout.flush()
    sys.exit(failed > 0)


def skip_all(reason):
    print(f"1..0 # SKIP {reason}")
    sys.exit(0)
