"""A DataFrame as a table in Markdown."""

import re
from unicodedata import east_asian_width

from mnist_compare.report import translation
from mnist_compare.report.sentences import into

# pandas takes a second to load, and show.py imports this.

LONGEST_LINE = 100  # characters in a table's source; a table with longer lines fills the page
LONGEST_CELL = 60  # characters that widen a column on paper; longer text is wrapped
_TARGET = re.compile(r"(?<=\])\([^)]*\)")  # of a link, which is not seen
_NUMBER = re.compile(r"–|[\[−+-]*\d[^A-Za-z]*( points|%p)?")  # also "98.7% ± 0.1%", "1.21 points"


def markdown(frame, formats, language="en", alphabetical=False):
    """Return a DataFrame as a table in Markdown, as ``show.table()`` shows it, in a language."""
    import pandas

    if frame.index.name or not isinstance(frame.index, pandas.RangeIndex):
        frame = frame.rename_axis(frame.index.name or "").reset_index()

    def shown(value, form):
        if pandas.isna(value):
            return "–"
        said = translation.translated(form.format(into(value, language)), language)
        return said.replace("|", r"\|")

    columns = [[shown(value, formats.get(name, "{}")) for value in frame[name]] for name in frame]
    body = [*zip(*columns, strict=True)]
    if alphabetical:
        body.sort(key=lambda row: re.sub(r"\W", "", row[0]).casefold())
    rows = [[shown(name, "{}") for name in frame], *body]
    rules = ["---:" if all(map(_NUMBER.fullmatch, column)) else ":---" for column in columns]
    if max(_length(_line(row)) for row in rows) > LONGEST_LINE:
        # pandoc makes such a table as wide as the page, in proportion to the dashes.
        widths = [_width(column) for column in zip(*rows, strict=True)]
        rules = [r.replace("---", "-" * n) for r, n in zip(rules, widths, strict=True)]
    return "\n".join(map(_line, [rows[0], rules, *rows[1:]]))


def _width(column):
    """Return how many dashes a column gets: its longest cell, or more if a word needs them."""
    shown = [_TARGET.sub("", cell) for cell in column]
    word = max(_length(word) for cell in shown for word in cell.split() or [""])
    # The widths add up to nearly two lines, and three characters go between two columns.
    return min(max(2 * (word + 3), *map(_length, shown)), LONGEST_CELL)


def _length(text):
    """Return how many Latin letters are about as wide as a text: Hangul is twice as wide."""
    return len(text) + sum(east_asian_width(letter) == "W" for letter in text)


def _line(row):
    return f"| {' | '.join(row)} |"
