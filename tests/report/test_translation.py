"""The report in Korean: every text has its translation, and nothing is lost or added in it."""

import ast
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
from mnist_compare.place import clone
from mnist_compare.report.book import editions, hangul, notebooks
from mnist_compare.report.chapters.names import RECORDED
from mnist_compare.report.words import translation

FOLDER = clone() / "notebooks"
CHAPTERS = editions.chapters(FOLDER)
CHAPTERS += [editions.solutions(FOLDER), editions.class_notebook(FOLDER)]
KOREAN = polib.pofile(str(clone() / "mnist_compare" / "report" / "words" / "ko.po"))
each_chapter = pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)


@pytest.mark.parametrize("share", [0, 0.3, 0.5, 0.8, 0.99])
def test_a_catalogue_that_is_not_whole_is_named_with_what_restores_it(tmp_path, monkeypatch, share):
    """The report would be half in English, without a word."""
    content = Path(translation.__file__).with_name("ko.po").read_bytes()
    monkeypatch.setattr(translation, "__file__", str(tmp_path / "translation.py"))
    if share:
        (tmp_path / "ko.po").write_bytes(content[: int(share * len(content))])
    with pytest.raises(ValueError, match=r"ko\.po cannot be read .*git checkout -- mnist_compare"):
        translation.catalogue.__wrapped__("ko")


@cache
def read(path):
    return nbformat.read(path, as_version=4)


def texts():
    """Return all that notebooks say in their own words."""
    return [text for path in CHAPTERS for text in editions.texts(read(path))]


def test_every_text_of_the_notebooks_has_its_translation():
    known = {entry.msgid for entry in KOREAN}
    for text in texts():
        if text not in known:
            near = difflib.get_close_matches(text, known, n=1, cutoff=0)
            pytest.fail(f"ko.po lacks {text!r}; nearest to it is {near[0]!r}")


@cache
def english():
    """Return all English that the report may be made of, with {} for numbers, as one text."""
    found = [*texts()]
    for path in (clone() / "mnist_compare").rglob("*.py"):
        found += constants(path.read_text("utf-8"))
    found += [path.read_text() for path in (clone() / "mnist_compare" / "report").rglob("*.csv")]
    for path in CHAPTERS:
        for cell in read(path).cells:
            if cell.cell_type == "code" and "setup" not in cell.metadata.get("tags", []):
                found += constants(cell.source)
                found += [shown for output in cell.outputs for shown in written(output)]
    return translation.numberless("\n".join(map(translation.key, found)))


def constants(code):
    """Yield the strings of a program, with {} for what is filled in."""
    for node in ast.walk(ast.parse(code)):
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


def test_no_translation_begins_as_a_list_on_paper():
    """Typst takes a cell that begins with a plus sign and a space for an item of a list."""
    assert not [e.msgstr for e in KOREAN if re.match(r"[+=/] ", e.msgstr)]


def test_no_translation_is_of_a_text_that_is_no_more():
    stale = [e.msgid for e in KOREAN if translation.numberless(e.msgid) not in english()]
    assert not stale


def kept(text):
    """Return what a translation must keep: what is filled in, where links lead, formulas, code."""
    fields = Counter(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)
    parts = re.findall(r"\]\([^)]+\)|\$[^$]+\$|`[^`]+`|<[^>]+>", text)
    return sorted(fields.elements()), sorted(parts)


def test_a_translation_keeps_what_is_not_language():
    for entry in KOREAN:
        english, korean = kept(entry.msgid), kept(entry.msgstr)
        if {*korean[0]} <= {*map(str, range(len(english[0])))}:  # {0} and {1} in place of two {}
            korean = [""] * len(korean[0]), korean[1]
        assert entry.msgstr
        assert korean == english, entry.msgid


def test_korean_sentences_have_korean_particles():
    # After what is filled in, a particle that depends on its last sound would often be wrong.
    wrong = [
        e.msgstr
        for e in KOREAN
        if re.search(r"\}[`*]*(은|는|이|가|을|를|과|와|으로|로|라|란)(?![가-힣])", e.msgstr)
    ]
    assert not wrong


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
        outputs = cell.get("outputs", ())
        assert len(outputs) == len(ours.get("outputs", ()))
        for before, after in zip(ours.get("outputs", ()), outputs, strict=True):
            assert {*before.get("data", {})} == {*after.get("data", {})}
            assert numbers(before) == numbers(after)


def numbers(output):
    """Count the measured numbers that an output shows: others may be words in one language."""
    text = output.get("data", {}).get("text/markdown", "")
    return Counter(re.findall(r"(?<![\w.])\d[\d,]*[.,]\d+", text))
