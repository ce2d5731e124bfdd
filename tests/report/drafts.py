"""The documents as they are written today, with made-up outputs in place of what a run shows."""

import re
from pathlib import Path

import nbformat
from nbformat.v4 import new_output

from mnist_compare.page import pads
from mnist_compare.records.place import clone
from mnist_compare.report.book import documents, editions, options
from mnist_compare.report.draw.drawing import Drawing
from mnist_compare.report.words.translation import LANGUAGES

TABLE = "| | A |\n| :--- | ---: |\n| B | 1.0% |"
SHOWS_A_PAD = re.compile(r"demo\.show\(.*?\)", re.DOTALL)

# What a notebook trains and validates on, in a test: replace the one by the other in its code.
FEWER_DIGITS = (
    "live.prepare()",
    "live.prepare(); from mnist_compare import data; "
    "data.split = lambda train, test, whole=data.split: data.Split("
    "*(data.Labelled(*(each[:960] for each in part)) for part in whole(train, test)[:3]), test)",
)


def build(folder: Path) -> Path:
    """Write the pages and PDFs of all languages into a folder, and return it."""
    sources = clone() / "notebooks"
    (picture, metadata) = _picture()
    for language in LANGUAGES:
        others = [other for other in LANGUAGES if other != language]
        for path in editions.chapters(sources, language):
            notebook = nbformat.read(path, as_version=4)
            for number, cell in enumerate(c for c in notebook.cells if c.cell_type == "code"):
                cell.outputs, cell.execution_count = [], number + 1
                kind = options.of(cell.source).get("label", "").partition("-")[0]
                if kind == "fig":
                    cell.outputs.append(new_output("display_data", picture, metadata=metadata))
                if kind == "tbl":
                    table = {"text/markdown": TABLE, "text/plain": TABLE}
                    cell.outputs.append(new_output("display_data", table))
                if shown := SHOWS_A_PAD.search(cell.source):
                    given = re.search(r'pipeline="(\w+)"', shown[0])
                    pad = {"text/markdown": pads.pad(given[1] if given else "center", "–")}
                    cell.outputs.insert(0, new_output("display_data", pad))
            copy = folder / "notebooks" / path.relative_to(sources)
            copy.parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(notebook, copy)
        written = editions.documents(folder / "notebooks", language)
        documents.build(written, folder / "reports", language, others, site=folder / "site")
    return folder


def _picture():
    drawing = Drawing((3, 2))
    drawing.subplots().plot([1, 2])
    data, metadata = drawing.in_language(LANGUAGES[0])
    del data["image/svg+xml"]
    return data, metadata
