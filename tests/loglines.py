"""Log lines as services write them, and files that are written to while they are followed."""
import datetime
import json
import os

SEOUL = datetime.timezone(datetime.timedelta(hours=9))
# The hour in which the lines of a test stand, unless it says otherwise.
START = datetime.datetime(2025, 9, 9, 10, 0, 0, tzinfo=SEOUL)

TRACEBACK = """Traceback (most recent call last):
  File "/usr/lib/python3/dist-packages/django/core/handlers/base.py", line 181, in _get_response
    response = wrapped_callback(request)
  File "/srv/app/shop/views.py", line 88, in checkout
    total = price / rate
ZeroDivisionError: division by zero
"""


def now():
    return datetime.datetime.now(SEOUL)


def after(seconds, start=START):
    return start + datetime.timedelta(seconds=seconds)


def asctime(time):
    """2025-09-09 10:00:00,123"""
    return time.astimezone(SEOUL).strftime("%Y-%m-%d %H:%M:%S,") + f"{time.microsecond // 1000:03d}"


def text_line(message, level="INFO", time=START, logger="shop.views"):
    """Django's own example format, with the names of levels and loggers."""
    return f"{level} {asctime(time)} {logger} 4242 139626058688192 {message}\n"


def json_line(message, level="INFO", time=START, logger="shop.views", **fields):
    """python-json-logger."""
    record = {"asctime": asctime(time), "name": logger, "levelname": level, "message": message, **fields}
    return json.dumps(record, ensure_ascii=False) + "\n"


def access_line(path, method="GET", status=200, duration=0.05, time=START):
    """gunicorn's or nginx's combined format with the seconds at the end."""
    stamp = time.astimezone(SEOUL).strftime("%d/%b/%Y:%H:%M:%S +0900")
    return f'10.0.0.7 - - [{stamp}] "{method} {path} HTTP/1.1" {status} 512 "-" "curl/8.5.0" {duration:.6f}\n'


class LogFile:
    """A file that grows. Each write is one write(2), so that a reader sees it at once or not yet."""

    def __init__(self, folder, name, *lines):
        self.path = os.path.join(folder, name)
        self._fd = None
        self.open()
        self.write(*lines)

    def open(self):
        """Open, and make when it is not there, what has the name now."""
        self.close()
        self._fd = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def write(self, *lines):
        data = b"".join(line if isinstance(line, bytes) else line.encode() for line in lines)
        while data:
            data = data[os.write(self._fd, data):]

    def rename(self, name):
        """The open file goes on under another name; nothing has the old one."""
        os.rename(self.path, os.path.join(os.path.dirname(self.path), name))

    def remove(self):
        os.unlink(self.path)

    def truncate(self):
        os.ftruncate(self._fd, 0)

    def close(self):
        if self._fd is not None:
            os.close(self._fd)
        self._fd = None
