"""For class: the exercises have solutions, its links and its glossary are right."""

import re
from functools import cache

import nbformat
import pytest

from mnist_compare.place import clone
from mnist_compare.report.book import editions
from mnist_compare.report.chapters import glossary
from mnist_compare.report.words import stamps

NOTEBOOKS = clone() / "notebooks"
DOCUMENTS = editions.documents(NOTEBOOKS)
HERE = NOTEBOOKS / "class" / "20_exercises.ipynb"
HEADING = re.compile(r'(?:^<a id="(?P<label>[^"]+)"></a>\s*\n)?^#{1,2} (?P<title>.+)$', re.M)
NO_PROSE = re.compile(r"`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]*\$|\]\([^)]*\)|</?[a-z][^>]*>", re.S)


@cache
def prose(path):
    """The Markdown of a notebook that a document shows, but no abstract."""
    parts = []
    for cell in nbformat.read(path, as_version=4).cells:
        if {"remove-cell", "abstract", "answer"} & {*cell.metadata.get("tags", [])}:
            continue
        if cell.cell_type == "markdown":
            parts.append(stamps.plain(cell.source))
        else:
            parts += [output.get("data", {}).get("text/markdown", "") for output in cell.outputs]
    return re.sub(r"^```.*?^```$", "", "\n\n".join(parts), flags=re.M | re.S)


def sections():
    """Yield (title, document, label, text) of the sections before the appendix, in their order."""
    for document, paths in DOCUMENTS.items():
        for path in paths:
            if path.stem == "16_glossary":
                continue
            text = prose(path)
            marks = [*HEADING.finditer(text)]
            ends = [mark.start() for mark in marks[1:]] + [len(text)]
            for mark, end in zip(marks, ends, strict=True):
                words = " ".join(NO_PROSE.sub(" ", text[mark.start("title") : end]).split())
                yield f"{path.name}, {mark['title']}", document, mark["label"], words


@pytest.fixture(scope="module")
def both_texts():
    return [*sections()]


def test_every_exercise_has_its_solution_and_every_solution_its_exercise():
    asked = re.findall(r"\*\*(\d+)\. (.+?)\*\*", prose(HERE))
    solved = re.findall(r"^## (\d+)\. (.+)$", prose(editions.solutions(NOTEBOOKS)), re.M)
    assert asked == solved
    assert [int(number) for number, _ in asked] == [*range(1, len(asked) + 1)]
    assert prose(HERE).count("*Hand in:*") == len(asked)


@pytest.mark.parametrize("term", [*glossary.read().itertuples()], ids=lambda term: term.term)
def test_a_term_of_the_glossary_is_first_used_where_the_glossary_says(term, both_texts):
    uses = re.compile(rf"\b{re.escape(term.term)}s?\b", re.I)
    found = (place for *place, text in both_texts if uses.search(text))
    title, *first = next(found, ("nowhere", None, None))
    assert first == [term.document, term.label], f"{term.term!r} is first used in {title!r}"


def test_the_glossary_is_in_alphabetical_order():
    terms = glossary.read().term
    assert [*terms] == sorted(terms, key=str.lower)
    assert terms.is_unique
