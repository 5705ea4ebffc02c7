"""What a person at a terminal waits for: the first screen, the answer to a key under load, a line that was written.

Each program runs as its user would run it, on a pseudo-terminal. A key is answered when bytes have come that only it
brings and the frame they stand in is complete.
"""
import contextlib
import os
import random
import select
import shutil
import string
import subprocess
import time

from growing import Marked, clock_of, copy_of, last_time, settle, writing
from machine import forget, remember
from table import Table, median, milliseconds, size, spread
from terminal import Terminal, environment

COLS, ROWS = 100, 30
PATIENCE = 20            # seconds for a first screen
FRAME_GAP = 0.002        # seconds without a byte: the frame is complete
LINE_GAP = (0.05, 0.15)  # seconds between two lines of a quiet log
RATE = 200_000           # records a second that arrive while keys are pressed

KEYS = [  # a key, and bytes of its answer that nothing else makes the program send
    (b"/", b"\x1b[?25h"), (b"\r", b"\x1b[?25l"), (b"?", b"Help"), (b"?", b"Errors per"), (b"z", b"Log"),
    (b"z", b"Errors per"), (b">", b"level>="), (b"<", b"all levels"), (b"1", b"h/l"), (b"4", b"search"),
    (b"k", b"held at"), (b"G", b"following"),
]


def _dashboard(settings, *logs):
    return Terminal([settings.tailboard, "--tz", "UTC", *logs], COLS, ROWS)


# ---- the first screen

def _first_screen(argv, env, what):
    """Milliseconds from the start of the program until it showed the last record, or None."""
    with Terminal(argv, COLS, ROWS, env) as t:
        seen = t.wait(what, PATIENCE)
        return (seen - t.started) * 1000 if seen else None


def _first_screen_times(argv, env, log, what, runs):
    """The median with the file in the page cache, and one without; (None, None) when it is not to be waited for."""
    remember(log)
    warm = []
    while len(warm) < runs:
        warm.append(_first_screen(argv, env, what))
        if warm[-1] is None:
            return None, None
    forget(log)
    return median(warm), _first_screen(argv, env, what)


def first_screens(settings, logs, peers):
    t = Table(f"First screen, {COLS}x{ROWS}: from exec to the newest record on the screen", "program", "file>",
              "warm>", "cold>")
    programs = [("tailboard", [settings.tailboard, "--tz", "UTC"], environment())]
    if shutil.which("lnav") and not settings.without("lnav"):
        programs.append(("lnav", ["lnav"], environment(**peers.lnav_env)))
    fine = True
    for log in logs:
        what = clock_of(last_time(log)).encode()
        for name, argv, env in programs:
            settings.say(f"first screen: {name}")
            warm, cold = _first_screen_times([*argv, log], env, log, what, settings.runs)
            fine &= name != "tailboard" or warm is not None
            t.add(name, size(os.path.getsize(log)), *(milliseconds(ms) if ms else f"not within {PATIENCE} s"
                                                      for ms in (warm, cold)))
    return t, fine


# ---- keys under load

def _press_all(terminal, presses):
    """Milliseconds to the answer of each key; None where none came."""
    took, dice = [], random.Random(7)
    for i in range(presses):
        key, answer = KEYS[i % len(KEYS)]
        terminal.take_for(dice.uniform(0.04, 0.10))
        terminal.drain()
        pressed = time.monotonic()
        terminal.press(key)
        seen = terminal.wait(answer, 5, FRAME_GAP)
        took.append((key, (seen - pressed) * 1000 if seen else None))
    return took


def _slowest(took):
    """The three keys that take longest, with their medians."""
    by_key = {key: median([ms for k, ms in took if k == key and ms] or [0]) for key, _ in KEYS}
    worst = sorted(by_key, key=by_key.get, reverse=True)[:3]
    return ", ".join(f"{_name(key)} {milliseconds(by_key[key])}" for key in worst)


def _name(key):
    return "Enter" if key == b"\r" else key.decode()


def keys(settings, log):
    t = Table(f"Key to finished frame on the pseudo-terminal, {COLS}x{ROWS}", "while", "keys>", "p50>", "p99>", "max>")
    fine = True
    with copy_of(log, settings.cache) as live, _dashboard(settings, live) as terminal:
        settle(terminal, settings.calm)
        for what, rate in (("nothing arrives", 0), (f"{RATE:,} records a second arrive", RATE)):
            settings.say(f"keys while {what}")
            with writing(settings.helper("writer"), log, live, rate) if rate else contextlib.nullcontext():
                terminal.take_for(settings.warm_up)
                took = _press_all(terminal, settings.presses)
            lost = [_name(key) for key, ms in took if ms is None]
            if lost:
                t.note(f"{what}: no answer within 5 s to {' '.join(lost)}")
                fine = False
            t.add(what, len(took) - len(lost), *map(milliseconds, spread([ms for _, ms in took if ms] or [0])))
            t.note(f"{what}: slowest keys by median {_slowest(took)}")
    held = size(os.path.getsize(log))
    t.note(f"Keys: {' '.join(_name(key) for key, _ in KEYS)}, in turn, 40 to 100 ms "
           f"apart; {held} held at the start.")
    return t, fine


# ---- from a written line to the place where it is seen

def _words():
    """Words that have next to no letter at the place where the one before has it, so each is sent whole."""
    dice = random.Random(11)
    while True:
        yield "".join(dice.choices(string.ascii_uppercase, k=14))


def _lines_seen(marked, wait, lines):
    """Milliseconds from the end of the write to the arrival, for each line; those not seen within 5 s are left out."""
    took, dice, words = [], random.Random(5), _words()
    for word, _ in zip(words, range(lines)):
        marked.write(word)
        written = time.monotonic()
        seen = wait(word.encode())
        if seen:
            took.append((seen - written) * 1000)
        time.sleep(dice.uniform(*LINE_GAP))
    return took


def _on_screen(settings, argv, env, live):
    marked = Marked(live)
    with Terminal([*argv, live], COLS, ROWS, env) as terminal:
        settle(terminal, settings.calm)
        took = _lines_seen(marked, lambda word: terminal.wait(word, 5), settings.lines)
    marked.close()
    return took


def _printed(settings, argv, live):
    """The same for a program that prints to a pipe."""
    marked = Marked(live)
    out, inside = os.pipe()
    process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=inside, stderr=subprocess.DEVNULL,
                               env=environment())
    os.close(inside)
    try:
        time.sleep(settings.warm_up)  # it must have come to the end
        took = _lines_seen(marked, lambda word: _read_until(out, word, 5), settings.lines)
    finally:
        process.kill()
        process.wait()
        os.close(out)
        marked.close()
    return took


def _read_until(fd, word, seconds):
    tail, end = b"", time.monotonic() + seconds
    while select.select([fd], [], [], max(0, end - time.monotonic()))[0]:
        now = time.monotonic()
        piece = os.read(fd, 1 << 16)
        tail = tail[-256:] + piece
        if word in tail:
            return now
        if not piece:
            break
    return None


def _follows(settings):
    """Whether this build has search --follow."""
    done = subprocess.run([settings.tailboard, "search", "--help"], capture_output=True, text=True)
    return "--follow" in done.stdout


def lines(settings, log, peers):
    t = Table("A line written to a quiet log until it is seen", "program", "where", "lines>", "p50>", "p99>", "max>")
    fine = True
    with copy_of(log, settings.cache) as live:
        def on_screen(argv, env):
            return f"screen {COLS}x{ROWS}", lambda: _on_screen(settings, argv, env, live)

        def printed(*argv):
            return "pipe", lambda: _printed(settings, [*argv, live], live)
        ways = [("tailboard", *on_screen([settings.tailboard, "--tz", "UTC"], environment()))]
        if _follows(settings):
            ways.append(("tailboard search --follow", *printed(settings.tailboard, "search", "--follow", "--since",
                                                              "now", "-o", "raw", "")))
        ways.append(("tail -F", *printed("tail", "-n", "0", "-F")))
        if shutil.which("lnav") and not settings.without("lnav"):
            ways.append(("lnav", *on_screen(["lnav"], environment(**peers.lnav_env))))
        for name, where, measure in ways:
            settings.say(f"a line to {where}: {name}")
            took = measure()
            fine &= not name.startswith("tailboard") or len(took) == settings.lines
            figures = map(milliseconds, spread(took)) if took else "---"
            t.add(name, where, f"{len(took)} of {settings.lines}", *figures)
    return t, fine
