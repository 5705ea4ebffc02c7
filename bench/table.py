"""Figures as people read them, and tables of them: plain text for a terminal, markdown for the README."""
import unicodedata


def spread(values):
    """(p50, p99, max) of some samples, as sorted[round(share * (n - 1))]."""
    values = sorted(values)
    at = lambda share: values[int(share * (len(values) - 1) + 0.5)]  # noqa: E731
    return at(0.5), at(0.99), values[-1]


def median(values):
    values = sorted(values)
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


def number(value):
    """Three significant digits where it is small, thousands separated where it is large."""
    if value >= 100:
        return f"{value:,.0f}"
    if value >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if value >= 0.095 or value == 0 else f"{value:.2g}"


def milliseconds(value):
    return f"{number(value)} ms" if value < 1000 else f"{number(value / 1000)} s"


def size(value):
    """Bytes in powers of ten, as file sizes and rates are given here."""
    for unit in ("B", "kB", "MB"):
        if value < 1000:
            return f"{number(value) if unit != 'B' else int(value)} {unit}"
        value /= 1000
    return f"{number(value)} GB"


def parse_size(text):
    """400M, 1G, 2500000: powers of ten, so that a rate of MB/s is a rate of these."""
    factor = {"K": 10**3, "M": 10**6, "G": 10**9}.get(text[-1:].upper())
    value = int(float(text[:-1]) * factor) if factor else int(text)
    if value <= 0:
        raise ValueError("a size is more than nothing")
    return value


def _width(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


class Table:
    """A title, columns (a name that ends in ">" is set flush right), rows of text, and notes below."""

    def __init__(self, title, *columns):
        self.title = title
        self.right = [c.endswith(">") for c in columns]
        self.columns = [c.rstrip(">") for c in columns]
        self.rows, self.notes = [], []

    def add(self, *cells):
        self.rows.append([str(c) for c in cells])

    def note(self, text):
        self.notes.append(text)

    def text(self):
        widths = [max(map(_width, column)) for column in zip(self.columns, *self.rows)]
        lines = [self.title, "-" * len(self.title)]
        for row in (self.columns, *self.rows):
            cells = [" " * (w - _width(c)) + c if right else c + " " * (w - _width(c))
                     for c, w, right in zip(row, widths, self.right)]
            lines.append("  ".join(cells).rstrip())
        return "\n".join(lines + ["  " + note for note in self.notes])

    def markdown(self):
        row = lambda cells: "| " + " | ".join(c.replace("|", "\\|") for c in cells) + " |"  # noqa: E731
        rule = "|" + "|".join("---:" if right else "---" for right in self.right) + "|"
        notes = "\n".join("- " + note for note in self.notes)
        return "\n".join([f"**{self.title}**", "", row(self.columns), rule, *map(row, self.rows), "", notes]).rstrip()


BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"


def between_markers(text, inner):
    """The text with what stands between the two markers replaced; ValueError when they are not there."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"no {BEGIN} ... {END}")
    return f"{before}{begin}\n{inner.strip()}\n{end}{after}"
