"""The report in Korean: cells do the same in both languages, and no label is left over."""

import ast
import csv
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

from mnist_compare.page.parts import FONTS
from mnist_compare.records.place import clone
from mnist_compare.report.book import editions, hangul
from mnist_compare.report.words import stamps, translation

FOLDER = clone() / "notebooks"
CHAPTERS = editions.chapters(FOLDER)
CHAPTERS += [FOLDER / "class" / "solutions.ipynb"]
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


@cache
def english():
    """Return all English that the report may be made of, with {} for numbers."""
    found = []
    for path in (clone() / "mnist_compare").rglob("*.py"):
        found += constants(path.read_text("utf-8"))
    for path in (clone() / "mnist_compare").rglob("*.csv"):
        found += [cell for row in csv.reader(path.open(encoding="utf-8")) for cell in row]
    for path in CHAPTERS:
        korean = read(FOLDER / "ko" / path.relative_to(FOLDER))
        for cell in korean.cells:
            if cell.cell_type == "code" and "setup" not in cell.metadata.get("tags", []):
                found += constants(cell.source)
    found += [part for each in found for part in translation._MARKED.split(each)]
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


def test_no_translation_begins_as_a_list_on_paper():
    """Typst takes a cell that begins with a plus sign and a space for an item of a list."""
    assert not [e.msgstr for e in KOREAN if re.match(r"[+=/] ", e.msgstr)]


def test_no_translation_is_of_a_text_that_is_no_more():
    all_of_it = "\n".join(english())

    def used(text):  # a sentence as a whole; of a label, which may be made of parts, each part
        parts = [part.strip() for part in re.split(r"[^A-Za-z’' ]+", text)]
        return text in english() or (len(text) < 60 and all(part in all_of_it for part in parts))

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


class Silent(ast.NodeTransformer):
    """Makes every string of a program empty."""

    def visit_JoinedStr(self, node):
        return ast.Constant("")

    def visit_Constant(self, node):
        return ast.Constant("") if isinstance(node.value, str) else node


def code_of(cell):
    """Return the syntax of a code cell without comments, strings and options."""
    source = re.sub(r"^(?:\w+ = )?[!%].*$", "pass", cell.source, flags=re.MULTILINE)
    return ast.dump(Silent().visit(ast.parse(source)))


@each_chapter
def test_the_cells_of_both_languages_do_the_same_and_stamp_the_same_numbers(path):
    here, there = read(path), read(FOLDER / "ko" / path.relative_to(FOLDER))
    assert [cell.id for cell in here.cells] == [cell.id for cell in there.cells]
    for ours, cell in zip(here.cells, there.cells, strict=True):
        if cell.cell_type == "code":
            assert code_of(cell) == code_of(ours), cell.id
        else:
            assert stamped(cell.source) == stamped(ours.source), cell.id


def stamped(text):
    """Return what the stamps of a text name, without their formats."""
    return {stamp["source"].partition(":")[0] for stamp in stamps._STAMP.finditer(text)}
