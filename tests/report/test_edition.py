"""The Korean edition: made by the run that makes the English one, and committed as users get it."""

import base64
import copy
import io
import re
from types import SimpleNamespace

import nbformat
import pytest
from bs4 import BeautifulSoup
from fontTools.ttLib import TTFont
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from mnist_compare.place import clone
from mnist_compare.report.book import editions, hangul, notebooks
from mnist_compare.report.draw import descriptions
from mnist_compare.report.words import translation

ROOT = clone()
REPORTS = ROOT / "reports"
ENGLISH = re.compile(r"(?:\b[a-zA-Z][a-z']*,? ){4,}[a-z]+")
TEXT = "# The question\n\n[Table](#tbl-a), [Figure](#fig-a)"
SET_UP = f"""import os, sys
os.environ["MNIST_COMPARE_LANGUAGE"] = "en"
os.environ["MNIST_COMPARE_SMALL"] = os.getcwd()
sys.path.insert(0, {str(ROOT)!r})"""
SENTENCE = """from mnist_compare.report.words.sentences import Names
from mnist_compare.report.words.spoken import say

better = Names(["blur", "shear", "rotation"])
say("the CNN is more robust to {change}", change=better)"""
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
SAID = "CNN이 흐림, 기울임, 회전에 더 강건하다"


def run(notebook, folder):
    NotebookClient(notebook, resources={"metadata": {"path": str(folder)}}).execute()
    return notebook


def shown(notebook):
    """Return what each cell displays."""
    return [[o.get("data") for o in cell.get("outputs", ())] for cell in notebook.cells]


def cells(language="en"):
    texts = [new_markdown_cell(TEXT)]
    set_up = new_code_cell(SET_UP.replace('"en"', f'"{language}"'), metadata={"tags": ["setup"]})
    return [*texts, set_up, *map(new_code_cell, (SENTENCE, TABLE, FIGURE))]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A notebook that was run once, for both editions."""
    path = tmp_path_factory.mktemp("edition") / "01_made.ipynb"
    nbformat.write(new_notebook(cells=cells()), path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(notebooks, "_place_address", lambda notebook, path: None)
        notebooks.execute([path], translation.LANGUAGES)
    korean = editions.path_of(path, "ko")
    return SimpleNamespace(
        path=path,
        korean_path=korean,
        english=nbformat.read(path, as_version=4),
        korean=nbformat.read(korean, as_version=4),
    )


def test_one_run_makes_both_editions(made):
    assert "editions" not in made.path.read_text()
    english = made.english.cells[2].outputs[0].data["text/markdown"]
    assert english == "the CNN is more robust to blur, shear and rotation"
    head, set_up, sentence, table, figure = made.korean.cells
    assert head.source.startswith("# 질문")
    assert set_up.source == SET_UP.replace('"en"', '"ko"')
    assert sentence.source == SENTENCE.replace(
        "the CNN is more robust to {change}", "CNN이 {change}에 더 강건하다"
    )
    assert sentence.outputs[0].data["text/markdown"] == SAID
    first, _, last = table.outputs[0].data["text/markdown"].splitlines()
    assert first == "| 시험 정확도 | 판정 |"
    assert last == "| 1.25%p | 판정 불가 |"
    described = figure.outputs[0].data["text/plain"]
    assert "에폭" in described
    assert "시험용 숫자" in described


def test_prose_may_change_without_a_run_and_what_was_made_stays(made, tmp_path):
    path = tmp_path / "01_made.ipynb"
    english, korean = copy.deepcopy(made.english), copy.deepcopy(made.korean)
    english.cells[0].source = "# The question\n\n## The answer"
    nbformat.write(english, path)
    (tmp_path / "ko").mkdir()
    nbformat.write(korean, tmp_path / "ko" / path.name)
    notebooks.fill(path, translation.LANGUAGES)
    again = nbformat.read(tmp_path / "ko" / path.name, as_version=4)
    assert again.cells[0].source.startswith("# 질문\n\n## ")
    assert shown(again) == shown(korean)


def test_a_notebook_can_be_switched_to_korean(tmp_path):
    _, _, sentence, _, figure = run(new_notebook(cells=cells("ko")), tmp_path).cells
    assert sentence.outputs[0].data["text/markdown"] == SAID
    assert "에폭" in figure.outputs[0].data["text/plain"]
    assert not [*tmp_path.iterdir()], "nothing is written where a notebook is only run"


@pytest.fixture(scope="module", params=["report", "supplement", "class"])
def document(request):
    return request.param


@pytest.fixture(scope="module")
def pages(document):
    """The committed pages of a document, Korean and English."""
    return [
        BeautifulSoup((REPORTS / f"{document}{ending}").read_text(), "html.parser")
        for ending in ("_ko.html", ".html")
    ]


def test_the_editions_lead_to_each_other_and_hold_the_same(pages, document):
    korean, english = pages
    assert f"{document}_ko.html" in [a["href"] for a in english.select(".page-tools a")]
    assert f"{document}.html" in [a["href"] for a in korean.select(".page-tools a")]
    for tag in ("h1", "h2", "h3", "figure", "table", "tr", "pre", "li"):
        assert len(korean.main.select(tag)) == len(english.main.select(tag)), tag
    ours, theirs = ([each["id"] for each in page.select("[id^=fig-]")] for page in pages)
    assert ours == theirs
    sizes = [(REPORTS / f"{document}{ending}").stat().st_size for ending in ("_ko.html", ".html")]
    assert sizes[0] - sizes[1] < 1_000_000


def test_every_figure_is_described_in_short_sentences(pages, document):
    for page in pages:
        shown = page.main.select("figure .frame > :is(img, svg)")
        assert bool(shown) == (document != "class")
        for said in (figure.get("alt") or figure.get("aria-label") for figure in shown):
            assert 10 < len(said) <= descriptions.LONGEST
            assert said.endswith((".", "…"))
            assert "nan" not in said


def test_no_english_sentence_is_left_in_the_korean_page(pages):
    page = BeautifulSoup(str(pages[0]), "html.parser")
    names = ("alt", "aria-label", "title")
    heard = [tag[name] for name in names for tag in page.select(f"[{name}]")]
    quoted = "script, style, template, code, pre, math, svg"
    quoted += ", #sec-references ~ *, #sec-more-references ~ *"
    for each in page.select(quoted):
        each.decompose()
    assert not [line for line in [*heard, *page.stripped_strings] if ENGLISH.search(line)]


def test_the_korean_page_brings_every_syllable(pages):
    styles = "".join(each.string for each in pages[0].select("style"))
    fonts = re.findall(r'"Report Hangul";[^}]*"data:font/woff2;base64,([^"]+)"', styles)
    used = {*map(ord, hangul.SYLLABLES.findall(str(pages[0])))}
    assert len(fonts) == len(hangul.WEIGHTS)
    for font in fonts:
        assert used <= {*TTFont(io.BytesIO(base64.b64decode(font))).getBestCmap()}
