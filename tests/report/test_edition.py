"""What is shown in Korean: sentences, tables, figures, and the page."""

import base64
import copy
import io
import re

import nbformat
import pytest
from bs4 import BeautifulSoup
from fontTools.ttLib import TTFont
from nbformat.v4 import new_code_cell, new_notebook

from mnist_compare.records.place import clone
from mnist_compare.report.book import hangul, notebooks

ROOT = clone()
ENGLISH = re.compile(r"(?:\b[a-zA-Z][a-z']*,? ){4,}[a-z]+")
SET_UP = f"""import os, sys
os.environ["MNIST_COMPARE_SMALL"] = os.getcwd()
sys.path.insert(0, {str(ROOT)!r})
%run -m mnist_compare.report.set_up en"""
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


def shown(folder, language):
    """Return what cells show in a language."""
    path = folder / f"01_{language}.ipynb"
    set_up = SET_UP.replace(" en", f" {language}")
    cells = [new_code_cell(source) for source in (set_up, SENTENCE, TABLE, FIGURE)]
    nbformat.write(new_notebook(cells=cells), path)
    notebooks.execute({path: path}, language)
    _, *made = nbformat.read(path, as_version=4).cells
    return [cell.outputs[0].data for cell in made]


@pytest.mark.slow
def test_each_edition_shows_itself_in_its_language(tmp_path):
    sentence, *_ = shown(tmp_path, "en")
    assert sentence["text/markdown"] == "The code was that of commit blur, shear and rotation."
    sentence, table, figure = shown(tmp_path, "ko")
    assert sentence["text/markdown"] == "코드의 커밋은 흐림, 기울임, 회전입니다."
    first, _, last = table["text/markdown"].splitlines()
    assert first == "| 시험 정확도 | 판정 |"
    assert last == "| 1.25%p | 판정 불가 |"
    assert "에폭" in figure["image/svg+xml"]
    assert "시험용 숫자" in figure["image/svg+xml"]


@pytest.fixture(scope="module", params=["report", "supplement", "class"])
def page(request, drafts):
    """The Korean page of a document."""
    text = (drafts / "reports" / f"{request.param}_ko.html").read_text()
    return BeautifulSoup(text, "html.parser")


@pytest.mark.slow
def test_no_english_sentence_is_left_in_the_korean_page(page):
    page = copy.copy(page)
    names = ("alt", "aria-label", "title")
    heard = [tag[name] for name in names for tag in page.select(f"[{name}]")]
    quoted = "script, style, template, code, pre, math, svg"
    quoted += ", #sec-references ~ *, #sec-more-references ~ *"
    for each in page.select(quoted):
        each.decompose()
    assert not [line for line in [*heard, *page.stripped_strings] if ENGLISH.search(line)]


@pytest.mark.slow
def test_the_korean_page_brings_every_syllable(page):
    styles = "".join(each.string for each in page.select("style"))
    fonts = re.findall(r'"Report Hangul";[^}]*"data:font/woff2;base64,([^"]+)"', styles)
    used = {*map(ord, hangul.SYLLABLES.findall(str(page)))}
    assert len(fonts) == len(hangul.WEIGHTS)
    for font in fonts:
        assert used <= {*TTFont(io.BytesIO(base64.b64decode(font))).getBestCmap()}
