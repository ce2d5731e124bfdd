"""The report in Korean: every text has its translation, and nothing is lost or added in it."""

import ast
import csv
import difflib
import re
import string
from collections import Counter
from functools import cache
from pathlib import Path

import nbformat
import polib
import pytest
from fontTools.ttLib import TTFont
from matplotlib import font_manager

from mnist_compare.front.parts import FONTS
from mnist_compare.records.place import clone
from mnist_compare.report.book import editions, hangul, notebooks
from mnist_compare.report.chapters.names import RECORDED
from mnist_compare.report.words import code, translation

FOLDER = clone() / "notebooks"
CHAPTERS = editions.chapters(FOLDER)
CHAPTERS += [editions.solutions(FOLDER), editions.class_notebook(FOLDER)]
KOREAN = polib.pofile(str(clone() / "mnist_compare" / "report" / "words" / "ko.po"))
each_chapter = pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)


@pytest.mark.parametrize("share", [None, 0, 0.3, 0.5, 0.8, 0.99])
def test_a_catalogue_that_is_not_whole_is_named_with_what_restores_it(tmp_path, monkeypatch, share):
    """The report would be half in English, without a word."""
    content = Path(translation.__file__).with_name("ko.po").read_bytes()
    monkeypatch.setattr(translation, "__file__", str(tmp_path / "translation.py"))
    if share is not None:
        (tmp_path / "ko.po").write_bytes(content[: int(share * len(content))])
    with pytest.raises(ValueError, match=r"ko\.po cannot be read .*git checkout -- mnist_compare"):
        translation.catalogue.__wrapped__("ko")


@cache
def read(path):
    return nbformat.read(path, as_version=4)


def texts():
    """Return all that notebooks say in their own words, but for what code says."""
    return [text for path in CHAPTERS for text in editions.texts(read(path))]


def said_by_code():
    """Return what the code of notebooks says: comments, docstrings, what is printed."""
    cells = (cell for path in CHAPTERS for cell in read(path).cells if cell.cell_type == "code")
    return [text for cell in cells for text in said_in(cell.source)]


def said_in(source):
    """Yield what Python says in English: comments, docstrings, what it prints or ends with."""
    for *_, text, says in code._found(source):
        if says and translation.has_words(text):
            yield translation.key(text)


def test_every_text_of_the_notebooks_has_its_translation():
    known = {entry.msgid for entry in KOREAN}
    for text in [*texts(), *said_by_code()]:
        if text not in known:
            near = difflib.get_close_matches(text, known, n=1, cutoff=0)
            pytest.fail(f"ko.po lacks {text!r}; nearest to it is {near[0]!r}")


@cache
def english():
    """Return all English that the report may be made of, with {} for numbers."""
    found = [*texts(), *said_by_code(), (clone() / "reports" / "plan.md").read_text()]
    for path in (clone() / "mnist_compare").rglob("*.py"):
        found += constants(path.read_text("utf-8"))
    for path in (clone() / "mnist_compare" / "report").rglob("*.csv"):
        found += [cell for row in csv.reader(path.open(encoding="utf-8")) for cell in row]
    for path in CHAPTERS:
        for cell in read(path).cells:
            if cell.cell_type == "code" and "setup" not in cell.metadata.get("tags", []):
                found += constants(cell.source)
                found += [shown for output in cell.outputs for shown in written(output)]
    found += [text for each in found for text in translation.paragraphs(each)]
    return {translation.numberless(translation.key(each)) for each in found}


def constants(source):
    """Yield the strings of a program, with {} for what is filled in."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr):
            yield "".join(
                getattr(part, "value", "{}") if isinstance(part, ast.Constant) else "{}"
                for part in node.values
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def written(output):
    """Yield what an output of a notebook says: its text, or what a picture shows."""
    data = output.get("data", {})
    yield from filter(None, (data.get(f"text/{kind}") for kind in ("markdown", "plain")))
    yield from re.findall("<text[^>]*>([^<]+)<", data.get("image/svg+xml", ""))


def test_no_translation_begins_as_a_list_on_paper():
    """Typst takes a cell that begins with a plus sign and a space for an item of a list."""
    assert not [e.msgstr for e in KOREAN if re.match(r"[+=/] ", e.msgstr)]


def test_no_translation_is_of_a_text_that_is_no_more():
    all_of_it = "\n".join(english())

    def used(text):  # a sentence as a whole, a label as a part of whatever it stands in
        return text in english() or (len(text) < 60 and text in all_of_it)

    assert not [e.msgid for e in KOREAN if not used(translation.numberless(e.msgid))]


def kept(text):
    """Return what a translation must keep: what is filled in, where links lead, formulas, code."""
    fields = Counter(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)
    parts = re.findall(
        r"\]\([^)]+\)|\$[^$]+\$|`[^`]+`|<[^>]+>", text.replace("_ko.html`", ".html`")
    )
    return sorted(fields.elements()), sorted(parts)


def test_a_translation_keeps_what_is_not_language():
    for entry in KOREAN:
        english, korean = kept(entry.msgid), kept(entry.msgstr)
        if {*korean[0]} <= {*map(str, range(len(english[0])))}:  # {0} and {1} in place of two {}
            korean = [""] * len(korean[0]), korean[1]
        assert entry.msgstr
        assert korean == english, entry.msgid


def glyphs(*files):
    return set().union(*(TTFont(file).getBestCmap() for file in files))


def test_every_letter_has_a_glyph():
    in_figures = glyphs(
        font_manager.findfont("DejaVu Sans"), FONTS / "NotoSansKR-Regular-subset.ttf"
    )
    syllables = glyphs(*(FONTS / file for file in hangul.WEIGHTS.values()))
    for entry in KOREAN:
        used = {*entry.msgstr} - {"\n"}
        assert {*map(ord, used)} <= in_figures, entry.msgstr
        assert {*map(ord, hangul.SYLLABLES.findall(entry.msgstr))} <= syllables, entry.msgstr


@each_chapter
def test_the_korean_notebook_is_the_english_one_translated(path):
    """Cell by cell: the same code, translated text, the same numbers and pictures."""
    here, there = read(path), read(editions.path_of(path, "ko"))
    expected = editions.notebook(here, "ko", there)
    notebooks._fill(expected, RECORDED, "ko")
    assert len(there.cells) == len(here.cells)
    for ours, cell in zip(expected.cells, there.cells, strict=True):
        assert cell.source == ours.source
        if cell.cell_type == "code":
            assert not [*said_in(cell.source)] or re.search("[가-힣]", cell.source)
        outputs = cell.get("outputs", ())
        assert len(outputs) == len(ours.get("outputs", ()))
        for before, after in zip(ours.get("outputs", ()), outputs, strict=True):
            assert {*before.get("data", {})} == {*after.get("data", {})}
            assert numbers(before) == numbers(after)
            cells = after.get("data", {}).get("text/markdown", "").split("|")
            assert not [cell for cell in cells if cell.count("**") % 2]


def numbers(output):
    """Count the measured numbers that an output shows: others may be words in one language."""
    text = output.get("data", {}).get("text/markdown", "")
    return Counter(re.findall(r"(?<![\w.])\d[\d,]*[.,]\d+", text))
