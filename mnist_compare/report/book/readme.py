"""Put the results, from the records, into the README: its table and its stamps."""

import re
from pathlib import Path

from mnist_compare.files import write
from mnist_compare.findings import Findings, comparison
from mnist_compare.report.words import stamps, tables

BEGIN, END = "<!-- results -->\n", "\n<!-- end of results -->"


def update(path: Path) -> None:
    """Put the table of results between its two marks in the README at a path, fill its stamps."""
    table = tables.markdown(comparison.results())
    between = re.compile(f"(?<={re.escape(BEGIN)}).*?(?={re.escape(END)})", re.DOTALL)
    text, found = between.subn(lambda _: table, path.read_text("utf-8"))
    if not found:
        raise ValueError(f"{path} must have the marks {BEGIN.strip()} and {END.strip()}.")
    text, _ = stamps.fill(text, Findings())
    write(path, text)
