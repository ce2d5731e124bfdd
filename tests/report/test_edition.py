"""The Korean edition: its notebooks are made of the English ones and run on their own."""

import base64
import copy
import io
import re
from types import SimpleNamespace

import nbformat
import pytest
from bs4 import BeautifulSoup
from fontTools.ttLib import TTFont
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from mnist_compare.records.place import clone
from mnist_compare.report.book import editions, hangul, notebooks
from mnist_compare.report.words import translation

ROOT = clone()
ENGLISH = re.compile(r"(?:\b[a-zA-Z][a-z']*,? ){4,}[a-z]+")
TEXT = "# The question\n\n[Table](#tbl-a), [Figure](#fig-a)"
SET_UP = f"""import os, sys
os.environ["MNIST_COMPARE_SMALL"] = os.getcwd()
sys.path.insert(0, {str(ROOT)!r})
{editions.SET_UP} en"""
SENTENCE = """from mnist_compare.report.words.sentences import Names
from mnist_compare.report.words.spoken import say

better = Names(["blur", "shear", "rotation"])
say("The code was that of commit {commit}.", commit=better)"""
TABLE = """#| label: tbl-a
from mnist_compare.report.words.tables import Table

Table({"Test accuracy": ["1.25 points"], "Verdict": ["undecided"]})"""
FIGURE = """#| label: fig-a
from mnist_compare.report.draw.drawing import Drawing

drawn = Drawing((3, 2))
drawn.subplots().plot([1, 2], label="test digits")
drawn.axes[0].set(xlabel="epoch")
drawn.legend()
drawn"""
SAID = "코드의 커밋은 흐림, 기울임, 회전입니다."


def cells(language="en"):
    texts = [new_markdown_cell(TEXT)]
    set_up = new_code_cell(SET_UP.replace(" en", f" {language}"), metadata={"tags": ["setup"]})
    return [*texts, set_up, *map(new_code_cell, (SENTENCE, TABLE, FIGURE))]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A notebook and its Korean edition, each run on its own."""
    path = tmp_path_factory.mktemp("edition") / "01_made.ipynb"
    korean = editions.path_of(path, "ko")
    nbformat.write(new_notebook(cells=cells()), path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(notebooks, "_place_address", lambda notebook, path: None)
        notebooks.fill(path, translation.LANGUAGES)
        notebooks.execute({path: path})
        notebooks.execute({korean: korean}, "ko")
    return SimpleNamespace(
        english=nbformat.read(path, as_version=4), korean=nbformat.read(korean, as_version=4)
    )


def test_each_edition_shows_itself_in_its_language(made):
    english = made.english.cells[2].outputs[0].data["text/markdown"]
    assert english == "The code was that of commit blur, shear and rotation."
    head, set_up, sentence, table, figure = made.korean.cells
    assert head.source.startswith("# 질문")
    assert set_up.source == SET_UP.replace(" en", " ko")
    assert sentence.source == SENTENCE.replace(
        "The code was that of commit {commit}.", "코드의 커밋은 {commit}입니다."
    )
    assert sentence.outputs[0].data["text/markdown"] == SAID
    first, _, last = table.outputs[0].data["text/markdown"].splitlines()
    assert first == "| 시험 정확도 | 판정 |"
    assert last == "| 1.25%p | 판정 불가 |"
    drawn = figure.outputs[0].data["image/svg+xml"]
    assert "에폭" in drawn
    assert "시험용 숫자" in drawn


@pytest.fixture(scope="module", params=["report", "supplement", "class"])
def page(request, drafts):
    """The Korean page of a document."""
    text = (drafts / "reports" / f"{request.param}_ko.html").read_text()
    return BeautifulSoup(text, "html.parser")


def test_no_english_sentence_is_left_in_the_korean_page(page):
    page = copy.copy(page)
    names = ("alt", "aria-label", "title")
    heard = [tag[name] for name in names for tag in page.select(f"[{name}]")]
    quoted = "script, style, template, code, pre, math, svg"
    quoted += ", #sec-references ~ *, #sec-more-references ~ *"
    for each in page.select(quoted):
        each.decompose()
    assert not [line for line in [*heard, *page.stripped_strings] if ENGLISH.search(line)]


def test_the_korean_page_brings_every_syllable(page):
    styles = "".join(each.string for each in page.select("style"))
    fonts = re.findall(r'"Report Hangul";[^}]*"data:font/woff2;base64,([^"]+)"', styles)
    used = {*map(ord, hangul.SYLLABLES.findall(str(page)))}
    assert len(fonts) == len(hangul.WEIGHTS)
    for font in fonts:
        assert used <= {*TTFont(io.BytesIO(base64.b64decode(font))).getBestCmap()}
