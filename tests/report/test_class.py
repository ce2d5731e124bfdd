"""The appendix for class: its exercises have solutions, its links and its glossary are right."""

import re
from functools import cache
from pathlib import Path

import nbformat
import pytest

from mnist_compare.report import glossary, options, stamps

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
HERE = "15_class.ipynb"
HEADING = re.compile(r'(?:^<a id="(?P<label>[^"]+)"></a>\s*\n)?^#{1,2} (?P<title>.+)$', re.M)
NO_PROSE = re.compile(r"`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]*\$|\]\([^)]*\)|</?[a-z][^>]*>", re.S)


@cache
def prose(name):
    """The Markdown of a notebook that the report shows, captions too, but not the abstract."""
    parts = []
    for cell in nbformat.read(NOTEBOOKS / name, as_version=4).cells:
        if {"remove-cell", "abstract"} & {*cell.metadata.get("tags", [])}:
            continue
        if cell.cell_type == "markdown":
            parts.append(stamps.plain(cell.source))
        else:
            shown = (output.get("data", {}).get("text/markdown", "") for output in cell.outputs)
            parts += [*shown, options.caption(options.of(cell.source)) or ""]
    return re.sub(r"^```.*?^```$", "", "\n\n".join(parts), flags=re.M | re.S)


def sections():
    """Yield (title, label, text) of the sections before the appendix, in the report's order."""
    for name in sorted(path.name for path in NOTEBOOKS.glob("[0-9]*.ipynb") if path.name < HERE):
        text = prose(name)
        marks = [*HEADING.finditer(text)]
        ends = [mark.start() for mark in marks[1:]] + [len(text)]
        for mark, end in zip(marks, ends, strict=True):
            words = " ".join(NO_PROSE.sub(" ", text[mark.start("title") : end]).split())
            yield f"{name}, {mark['title']}", mark["label"], words


@pytest.fixture(scope="module")
def report_text():
    return [*sections()]


def test_every_exercise_has_its_solution_and_every_solution_its_exercise():
    asked = re.findall(r"\*\*(\d+)\. (.+?)\*\*", prose(HERE))
    solved = re.findall(r"^## (\d+)\. (.+)$", prose("solutions.ipynb"), re.M)
    assert asked == solved
    assert [int(number) for number, _ in asked] == [*range(1, len(asked) + 1)]
    assert prose(HERE).count("*Hand in:*") == len(asked)


def test_the_links_of_the_appendix_lead_to_a_chapter(report_text):
    shown = {
        options.of(cell.source).get("label")
        for path in NOTEBOOKS.glob("[0-9]*.ipynb")
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "code"
    }
    there = shown | {label for _, label, _ in report_text}
    links = {*re.findall(r"\]\(\.\./reports/report\.html#([^)]+)\)", prose(HERE))}
    assert links
    assert links <= there


@pytest.mark.parametrize(("term", "label"), glossary.read()[["term", "label"]].to_numpy().tolist())
def test_a_term_of_the_glossary_is_first_used_where_the_glossary_says(term, label, report_text):
    uses = re.compile(rf"\b{re.escape(term)}s?\b", re.I)
    first = next(
        ((title, found) for title, found, text in report_text if uses.search(text)), (None, None)
    )
    assert first[1] == label, f"{term!r} is first used in {first[0]!r}"


def test_the_glossary_is_in_alphabetical_order():
    terms = glossary.read().term
    assert [*terms] == sorted(terms, key=str.lower)
    assert terms.is_unique
