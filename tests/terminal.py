"""A program on a pseudo-terminal of a fixed size, and the screen that it draws.

    with Terminal("-", cols=100, rows=30) as t:
        t.wait("following")
        t.press("/", "timeout", "Enter")
        t.wait(lambda s: "3 hits" in s.row(-1))

Nothing here sleeps: wait() reads what the program sends until the screen is as expected, or fails at its deadline and
shows the screen. The screen is pyte's, with what pyte lacks added (class Screen, class Mender).

Rows and columns count from 0; a negative row counts from the bottom.
"""
import fcntl
import itertools
import os
import re
import resource
import select
import signal
import struct
import subprocess
import termios
import time

from tap import PROGRAM, complaint, environment, skip_all

try:
    import pyte
except ImportError:
    skip_all("the Python module pyte is not installed (Debian package: python3-pyte)")

# Seconds. A loaded machine of two cores under a sanitizer is slow; a test that passes does not wait as long.
DEADLINE = float(os.environ.get("E2E_DEADLINE", "20"))

# What xterm and its kin send in application mode, which curses turns on.
KEYS = {
    "Up": b"\033OA", "Down": b"\033OB", "Right": b"\033OC", "Left": b"\033OD", "Home": b"\033OH", "End": b"\033OF",
    "PgUp": b"\033[5~", "PgDn": b"\033[6~", "F1": b"\033OP", "Enter": b"\r", "Esc": b"\033", "Tab": b"\t",
    "S-Tab": b"\033[Z", "Backspace": b"\x7f", "Space": b" ", "C-c": b"\x03", "C-l": b"\x0c", "C-z": b"\x1a",
}


class Screen(pyte.Screen):
    """pyte's screen and the three functions that ncurses uses and pyte does not know: SU, SD and REP."""

    last_drawn = " "

    def draw(self, data):
        super().draw(data)
        if data:
            self.last_drawn = data[-1]

    def scroll_up(self, count=1):
        self._at_top_of_region(self.delete_lines, count)

    def scroll_down(self, count=1):
        self._at_top_of_region(self.insert_lines, count)

    def repeat(self, count=1):
        self.draw(self.last_drawn * (count or 1))

    def _at_top_of_region(self, operation, count):
        x, y = self.cursor.x, self.cursor.y
        self.cursor.y = self.margins.top if self.margins else 0
        operation(count or 1)
        self.cursor.x, self.cursor.y = x, y


class Stream(pyte.ByteStream):
    csi = dict(pyte.ByteStream.csi, S="scroll_up", T="scroll_down", b="repeat")
    events = frozenset(itertools.chain(pyte.ByteStream.events, ("scroll_up", "scroll_down", "repeat")))


class Mender:
    """Rewrites SGR sequences with colons, which pyte would print, to ones with semicolons.

    38:2::R:G:B and 38:2:R:G:B become 38;2;R;G;B, 38:5:N becomes 38;5;N, 4:3 becomes 4. A sequence that is cut at the end
    of a piece waits for the rest.
    """

    SGR = re.compile(rb"\033\[([0-9:;]*:[0-9:;]*)m")
    CUT = re.compile(rb"\033(\[[0-9:;<=>?]*)?\Z")

    def __init__(self):
        self.held = b""

    def feed(self, piece):
        piece = self.held + piece
        cut = self.CUT.search(piece)
        self.held = piece[cut.start():] if cut else b""
        whole = piece[:cut.start()] if cut else piece
        return self.SGR.sub(lambda m: b"\033[" + b";".join(map(self._parameter, m[1].split(b";"))) + b"m", whole)

    @staticmethod
    def _parameter(parameter):
        parts = parameter.split(b":")
        if parts[0] == b"4" and len(parts) > 1:
            return b"24" if parts[1] == b"0" else b"4"
        if parts[1:2] == [b"2"]:
            return b";".join([parts[0], b"2", *parts[-3:]])
        return b";".join(parts)


class Terminal:
    """The program, running. `arguments` are tailboard's; `argv` runs another command instead.

    `sent` is every byte that came from the program, `modes_before` what the terminal was set to when it began.
    """

    def __init__(self, *arguments, cols=100, rows=30, term="xterm-256color", env=None, argv=None, cwd=None):
        self.screen = Screen(cols, rows)
        self.sent = bytearray()
        self.status = None
        self._half_drawn = False  # within a synchronized update
        self._stream, self._mender = Stream(self.screen), Mender()
        self.master, self.slave = os.openpty()
        self._set_size(cols, rows)
        self.modes_before = termios.tcgetattr(self.slave)
        env = environment(**{"TERM": term, **(env or {})})
        self.process = subprocess.Popen(argv or [PROGRAM, *map(str, arguments)], stdin=self.slave, stdout=self.slave,
                                        stderr=self.slave, env=env, cwd=cwd, start_new_session=True,
                                        preexec_fn=self._take_terminal)

    @staticmethod
    def _take_terminal():
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # ---- what the program sends

    def pump(self, seconds=0.0):
        """Take what arrives within that time; returns how many bytes came at once, 0 for none."""
        if self.master is None or not select.select([self.master], [], [], seconds)[0]:
            return 0
        try:
            piece = os.read(self.master, 1 << 16)
        except OSError:  # no process has the terminal open any longer
            return 0
        self.sent += piece
        news = self.sent[-len(piece) - 8:]  # a sequence may have come in two pieces
        begun, done = news.rfind(b"\033[?2026h"), news.rfind(b"\033[?2026l")
        if begun != done:
            self._half_drawn = begun > done
        self._stream.feed(self._mender.feed(piece))
        return len(piece)

    def wait(self, what, deadline=DEADLINE):
        """Until the screen contains a string, matches a compiled expression, or a function of this object is true.

        Returns what the function returned, or the text of the screen. A synchronized update counts when it is complete.
        """
        end = time.monotonic() + deadline
        while True:
            found = self._look(what)
            if found:
                return found
            came = self.pump(0.05)
            if not came and self._ended() and not self.pump() and not self._look(what):
                raise AssertionError(f"the program ended with status {self.status} before {self._words(what)}\n"
                                     f"{self.text()}")
            if time.monotonic() > end:
                raise AssertionError(f"not within {deadline:g} s: {self._words(what)}\n{self.text()}")

    def _look(self, what):
        if self._half_drawn:
            return None
        if callable(what):
            return what(self)
        text = self.text()
        found = what in text if isinstance(what, str) else what.search(text)
        return text if found else None

    @staticmethod
    def _words(what):
        if not callable(what):
            return repr(what)
        code = what.__code__
        return f"{os.path.basename(code.co_filename)}:{code.co_firstlineno}"

    def settle(self, quiet=0.3, deadline=DEADLINE):
        """Until the screen stays the same for that long, for what must *not* come, after what must.

        The first row does not count: it has a clock.
        """
        end = time.monotonic() + deadline
        since, rows = time.monotonic(), self.rows()[1:]
        while time.monotonic() - since < quiet and time.monotonic() < end:
            if self.pump(0.02) and self.rows()[1:] != rows:
                since, rows = time.monotonic(), self.rows()[1:]

    # ---- the screen

    def row(self, y):
        buffer = self.screen.buffer[y % self.screen.lines]
        return "".join(buffer[x].data for x in range(self.screen.columns)).rstrip()

    def rows(self):
        return [self.row(y) for y in range(self.screen.lines)]

    def text(self):
        return "\n".join(self.rows())

    def find(self, text, start=0):
        """(x, y) of the first place where the text stands in one row, or None."""
        for y in range(start, self.screen.lines):
            cells = [self.screen.buffer[y][x].data for x in range(self.screen.columns)]
            for x in range(self.screen.columns):
                if "".join(cells[x:x + len(text)]).startswith(text):
                    return x, y
        return None

    def row_with(self, text, start=0):
        """The first row that contains the text, or ''."""
        return next((row for row in self.rows()[start:] if text in row), "")

    def cell(self, x, y):
        """data, fg, bg, bold, reverse..., as pyte names them."""
        return self.screen.buffer[y % self.screen.lines][x]

    def colour_of(self, text):
        """The foreground of the text's first character: 'default', a name, or rrggbb."""
        at = self.find(text)
        return self.cell(*at).fg if at else None

    @property
    def cursor_hidden(self):
        return self.screen.cursor.hidden

    # ---- what is done to the program

    def press(self, *keys):
        """Each is a name of KEYS, or text that is typed."""
        for key in keys:
            os.write(self.master, KEYS.get(key) or (key if isinstance(key, bytes) else key.encode()))

    def click(self, x, y):
        """A press and a release of the first button, in one piece as a lagging line brings them."""
        os.write(self.master, b"\033[<0;%d;%dM\033[<0;%d;%dm" % ((x + 1, y + 1) * 2))

    def wheel(self, x, y, up):
        os.write(self.master, b"\033[<%d;%d;%dM" % (64 if up else 65, x + 1, y + 1))

    def resize(self, cols, rows):
        self.screen.resize(rows, cols)
        self._set_size(cols, rows)  # the kernel sends SIGWINCH

    def _set_size(self, cols, rows):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))

    def kill(self, number, pid=None):
        os.kill(pid or self.process.pid, number)

    def hang_up(self):
        """Take the terminal away, as a lost connection does."""
        self.pump()
        os.close(self.master)
        self.master = None

    # ---- the end

    def modes(self):
        return termios.tcgetattr(self.slave)

    def _ended(self):
        if self.status is None:
            self.status = self.process.poll()
        return self.status is not None

    def wait_exit(self, deadline=DEADLINE):
        """The exit status; -N when signal N killed it. What it sent last is taken."""
        end = time.monotonic() + deadline
        while not self._ended():
            self.pump(0.02)
            if time.monotonic() > end:
                raise AssertionError(f"still running after {deadline:g} s\n{self.text()}")
        while self.pump():
            pass
        if self.status >= 0 and complaint(self.sent):
            raise AssertionError("a sanitizer complained: " + complaint(self.sent))
        return self.status

    def close(self):
        """Safe at any time; what still runs in the terminal's session is killed."""
        if not self._ended():
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self.process.wait()
        for fd in (self.master, self.slave):
            if fd is not None:
                os.close(fd)
        self.master = self.slave = None
