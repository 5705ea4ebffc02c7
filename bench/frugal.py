"""What a program that is left running costs: asleep over quiet files, and in bytes over the line to the terminal."""
import contextlib
import os
import shutil
import time

from growing import copy_of, cpu_seconds, settle, wakeups, writing
from peers import GOACCESS_FORMAT
from table import Table, number, size
from terminal import Terminal, environment

QUIET_FILES = 20
RATE = 500            # records a second
COLS, ROWS = 150, 45


def _quiet_files(log, folder):
    """Files of a megabyte each, of whole lines."""
    os.makedirs(folder, exist_ok=True)
    paths = [os.path.join(folder, f"quiet-{i:02d}.log") for i in range(QUIET_FILES)]
    with open(log, "rb") as f:
        for path in paths:
            with open(path, "wb") as out:
                out.write(f.read(1 << 20) + f.readline())
    return paths


class Asleep:
    """A program over the quiet files, and what it has used so far."""

    def __init__(self, terminal):
        self.terminal, self.pid = terminal, terminal.process.pid

    def used(self):
        self.terminal.drain()
        return self.terminal.sent, wakeups(self.pid), cpu_seconds(self.pid)


def idle(settings, log, peers):
    """All of them at once: they are asleep."""
    t = Table(f"Idle for {settings.idle_seconds} s over {QUIET_FILES} quiet files", "program", "wake-ups/s>",
              "bytes/s to the terminal>", "CPU>")
    paths = _quiet_files(log, os.path.join(settings.cache, "quiet"))
    programs = {"tailboard": ([settings.tailboard, "--tz", "UTC"], environment()), "tail -F": (["tail", "-F"], None)}
    if shutil.which("lnav") and not settings.without("lnav"):
        programs["lnav"] = (["lnav"], environment(**peers.lnav_env))
    settings.say("idle: " + ", ".join(programs))
    with contextlib.ExitStack() as stack:
        asleep = {name: Asleep(stack.enter_context(Terminal([*argv, *paths], 100, 30, env)))
                  for name, (argv, env) in programs.items()}
        for program in asleep.values():
            settle(program.terminal, settings.calm)
        time.sleep(settings.idle_seconds / 5)  # what follows a load by seconds
        before = {name: program.used() for name, program in asleep.items()}
        time.sleep(settings.idle_seconds)
        ended = [name for name, program in asleep.items() if program.terminal.process.poll() is not None]
        for name in [n for n in asleep if n not in ended]:
            sent, woken, cpu = ((now - then) / settings.idle_seconds
                                for now, then in zip(asleep[name].used(), before[name]))
            t.add(name, number(woken), number(sent), f"{cpu * 100:.3f} %")
    shutil.rmtree(os.path.dirname(paths[0]))
    return t, "tailboard" not in ended


def _sent(settings, argv, env, log, keys):
    """Bytes a second that the program sends while the log grows, or None when it ended."""
    with copy_of(log, settings.cache) as live, Terminal([*argv, live], COLS, ROWS, env) as terminal:
        settle(terminal, settings.calm)
        for key in keys:
            terminal.press(key)
            terminal.take_for(settings.calm)
        with writing(settings.helper("writer"), log, live, RATE):
            terminal.take_for(settings.warm_up)
            sent = terminal.take_for(settings.show_seconds)
        return sent / settings.show_seconds if terminal.process.poll() is None else None


def shown(settings, json_log, access_log, peers):
    t = Table(f"To a terminal of {COLS}x{ROWS} while {RATE} lines a second arrive", "program", "what it shows",
              "bytes/s>")
    own = [settings.tailboard, "--tz", "UTC"]
    programs = [("tailboard", "the dashboard, log following", own, environment(), json_log, []),
                ("tailboard", "requests on the whole screen", own, environment(), json_log, [b"3", b"z"]),
                ("tail -F", "lines", ["tail", "-F"], None, json_log, [])]
    if shutil.which("lnav") and not settings.without("lnav"):
        programs.append(("lnav", "the log, following", ["lnav"], environment(**peers.lnav_env), json_log, []))
    if shutil.which("goaccess") and not settings.without("goaccess"):
        programs.append(("goaccess", "its dashboard of access lines", ["goaccess", *GOACCESS_FORMAT], environment(),
                         access_log, []))
    fine = True
    for name, what, argv, env, log, keys in programs:
        settings.say(f"bytes to the terminal: {name}, {what}")
        rate = _sent(settings, argv, env, log, keys)
        fine &= name != "tailboard" or rate is not None
        t.add(name, what, size(rate) if rate is not None else "ended")
    return t, fine
