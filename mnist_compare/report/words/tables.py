"""A DataFrame that shows itself as a table in Markdown, and such a table in another language."""

import re
from functools import partial
from unicodedata import east_asian_width
from xml.etree import ElementTree

import pandas as pd

from mnist_compare.report.words import spoken, translation

LONGEST_LINE = 100  # characters in a table's source; a table with longer lines fills the page
FULL_LINE = 108  # characters across the page of the PDF, three of them between two columns
_TARGET = re.compile(r"(?<=\])\([^)]*\)")  # of a link, which shows a number instead
_NUMBER = re.compile(r"–|[\[−+-]*\d[^A-Za-z]*( points|%p)?")  # also "98.7% ± 0.1%", "1.21 points"
_INTERVAL = re.compile(r"(\[[+−]?[\d.]+%?,) (?=[+−]?[\d.]+%?\])")
_BETWEEN = re.compile(r"(?<!\\)\|")  # two cells


class Table(pd.DataFrame):
    """A DataFrame that a notebook shows as Markdown.

    Columns of numbers are aligned right. The index is shown if it has a name or is not a range.
    Cells may hold Markdown and mathematics; missing values become dashes.
    """

    _repr_html_ = None

    @property
    def _constructor(self):
        return Table

    def _repr_mimebundle_(self, include=None, exclude=None):
        text = markdown(self)
        if spoken.language() != translation.LANGUAGES[0]:
            text = translated(text, spoken.language())
        return {"text/markdown": text, "text/plain": text}


def markdown(frame: pd.DataFrame) -> str:
    """Return a DataFrame as a table in Markdown."""
    if frame.index.name or not isinstance(frame.index, pd.RangeIndex):
        frame = frame.rename_axis(frame.index.name or "").reset_index()
    columns = [[*map(_cell, frame[name])] for name in frame]
    return laid_out([[*map(str, frame)], *zip(*columns, strict=True)])


def translated(text: str, language: str) -> str:
    """Return a table in Markdown, and its links to the report, in a language."""
    lines = [line.strip()[1:-1] for line in text.splitlines()]
    rows = [[*map(str.strip, _BETWEEN.split(line))] for line in lines]
    said = partial(_said, language=language)
    heads, _, *body = [[*map(said, row)] for row in rows]
    return translation.linked(laid_out([heads, *body]), language)


def laid_out(rows: list) -> str:
    """Return rows of text, the first of them the heads, as a table in Markdown."""
    columns = [*zip(*rows, strict=True)]
    rules = ["---:" if all(map(_NUMBER.fullmatch, column[1:])) else ":---" for column in columns]
    if max(_length(_line(row)) for row in rows) > LONGEST_LINE:
        # pandoc makes such a table as wide as the page, in proportion to the dashes.
        rules = [r.replace("---", "-" * n) for r, n in zip(rules, _widths(columns), strict=True)]
    return "\n".join(map(_line, [rows[0], rules, *rows[1:]]))


def of_pandas(html: str) -> str:
    """Return what pandas shows of a DataFrame as a table in Markdown, with one row of heads."""
    start, end = html.index("<table"), html.index("</table>")
    heads, body = ElementTree.fromstring(html[start:end] + "</table>")
    names = [" ".join(filter(None, name)) for name in zip(*map(_spread, heads), strict=True)]
    rows = map(_spread, body)
    # Index values are not repeated in each row.
    return laid_out([names, *([""] * (len(names) - len(row)) + row for row in rows)])


def _spread(row):
    """Return the cells of a row in HTML, each as often as it has columns."""
    cells = (cell for cell in row for _ in range(int(cell.get("colspan", 1))))
    return [re.sub(r"^-(?=\d)", "−", _cell(cell.text or "")) for cell in cells]


def unbroken(text: str) -> str:
    """Return a text with no line break within its intervals; before one, a line may break."""
    return _INTERVAL.sub("\\1\N{NO-BREAK SPACE}", text)


def _cell(value):
    if isinstance(value, tuple):
        return ", ".join(value)
    return "–" if pd.isna(value) else str(value).replace("|", r"\|")


def _said(cell, language):
    return translation.units(translation.translated(cell, language), language)


def _widths(columns):
    """Return how many dashes each column gets: as its longest cell, or a fair share of the line.

    No word is broken; a head may take several lines.
    """
    shown = [
        [_TARGET.sub("\N{NO-BREAK SPACE}1.1", unbroken(c)) for c in column] for column in columns
    ]
    words = [max(_length(word) for cell in cells for word in cell.split(" ")) for cells in shown]
    cells = [max(map(_length, cells[1:]), default=0) for cells in shown]
    for limit in range(max(cells), -1, -1):
        widths = [max(word, min(cell, limit)) + 3 for word, cell in zip(words, cells, strict=True)]
        if sum(widths) <= FULL_LINE:
            break
    return widths


def _length(text):
    """Return how many Latin letters are about as wide as a text: Hangul is twice as wide."""
    return len(text) + sum(east_asian_width(letter) == "W" for letter in text)


def _line(row):
    return f"| {' | '.join(row)} |"


def p_value(value: float) -> str:
    """Return a p value as a table has it."""
    return "< 0.001" if value < 0.001 else f"{value:.3f}"
