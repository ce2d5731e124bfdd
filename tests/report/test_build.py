"""The documents from end to end: small notebooks are executed, merged and read back."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import types
from pathlib import Path
from unittest import mock

import nbformat
import pandas as pd
import pypdf
import pytest
from bs4 import BeautifulSoup
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from mnist_compare.records.environment import commit
from mnist_compare.report.book import documents as book
from mnist_compare.report.book import editions, notebooks
from mnist_compare.report.words import tables

ROOT = Path(__file__).resolve().parents[2]
SET_UP = f"""import os, sys
os.environ["MNIST_COMPARE_SMALL"] = os.path.join(os.getcwd(), "small")
sys.path.insert(0, {str(ROOT)!r})
import matplotlib.pyplot  # which has IPython draw figures in its own way
from mnist_compare.report.draw.drawing import Drawing"""
MATHS = r"""A norm $\lVert w \rVert$ and $x \in \mathbb{R}^{784}$:

$$
\begin{aligned}
p_k &= \frac{e^{z_k}}{\sum_j e^{z_j}} \\
L &= -\frac{1}{N} \sum_n \log p_{y_n}
\end{aligned}
$$"""
TYPOGRAPHY = "28×28, 0–255, accuracy ≥ 97 %, a → b, a · b ± 1, σ(z) = Σ wᵢxᵢ, “quoted”…"
LONG_LINE = "long = [" + ", ".join(f"'entry number {number}'" for number in range(30)) + ", 'end']"
UNBROKEN = "never_" * 40 + "ending"

THERE = "../reports/report.html"  # where a notebook links to for what another defines
FURTHER = "../../reports/report.html"  # and one in a folder of the folder


def code(source, *tags):
    return new_code_cell(source, metadata={"tags": list(tags)})


def text(source, *tags):
    return new_markdown_cell(source, metadata={"tags": list(tags)})


FIRST = [
    text("# Data"),
    text("![badge](https://example.org/badge.svg)", "remove-cell"),
    code(SET_UP, "remove-cell"),
    text(
        f"The CNN reaches <!--{{0.98712:.2%}}--><!--/-->, see [Table]({THERE}#tbl-x).", "abstract"
    ),
    text(
        f"The end comes [Chapter]({THERE}#sec-end); see [the curves](#fig-curves) and "
        f"[](#sec-maths) [[1]]({THERE}#sec-end), [more](../reports/supplement.html#tbl-more)."
    ),
    text('<a id="sec-maths"></a>\n\n## Mathematics\n\n' + MATHS),
    text("```python\n# no heading, and [no link](#nowhere)\n```\n\n" + TYPOGRAPHY),
    code(
        "#| label: fig-curves\ncurves = Drawing((6.3, 2))\ncurves.subplots().plot([1, 2]); curves"
    ),
    text(
        '<a id="fig-curves" title="A line up to <!--{0.98712:.2%}--><!--/-->."></a>\n\n'
        "**Figure.** Learning curves of $w$."
    ),
    code(
        "#| label: fig-down\n#| echo: false\n"
        "down = Drawing((6.3, 2)); down.subplots().plot([2, 1]); down"
    ),
    text('<a id="fig-down" title="Down & <out>, \\o/."></a>\n\n**Figure.** Down:\nso it goes.'),
]
SECOND = [
    text('<a id="sec-end"></a>\n\n# Comparison'),
    code(SET_UP, "remove-cell"),
    text('<a id="tbl-x"></a>\n\n**Table.** Accuracies.'),
    code(
        "#| label: tbl-x\n"
        "from mnist_compare.report.words.tables import Table\n"
        'Table({"accuracy": ["50.0%", None], "of": ["a|b", "c"]})'
    ),
    code(LONG_LINE + f"\nprint({UNBROKEN!r})\nprint('│ ┌─┐ \\x1b[1mbold\\x1b[0m ✓')"),
    code('print("lost words", file=sys.stderr)\n"a value"', "remove-input"),
    code('print("removed " + "output")', "remove-output"),
    code(
        "import pandas as pd\n"
        "runs = {'epoch': [5, 5, 10], 'model': ['mlp', 'cnn', 'mlp']}\n"
        "pd.DataFrame(runs | {'gap|': [0.01, -0.02, 0.03]}).set_index(['epoch', 'model']).T"
    ),
    code(
        "from IPython.display import HTML\n"
        "HTML('<p>a <a href=\"https://example.org\">demo</a></p>')"
    ),
    text(
        "**Predict before you look.** How many?\n\n<details><summary>Answer</summary>\n\n"
        "It is 50% of *all*, [0.1, 0.2].\n\n</details>"
    ),
    text("## References\n\n1. *Deep Learning*, 2016."),
    code(
        "#| label: fig-tall\n#| echo: false\n"
        "tall = Drawing((6.3, 5))\ntall.subplots().plot([1, 2]); tall"
    ),
    text('<a id="fig-tall" title="A line."></a>\n\n**Figure.** A tall one.'),
    text("\n\n".join(f"Paragraph {n} of those after the tall figure." for n in range(20))),
    text("> **To take away**\n>\n> - Half of it: 50%."),
]
THIRD = [
    text(f"# More\n\nAs [the end]({FURTHER}#sec-end) says, [[1]]({FURTHER}#sec-end)."),
    code(SET_UP, "remove-cell"),
    code(
        "#| label: tbl-more\n#| echo: false\n"
        "from mnist_compare.report.words.tables import Table\n"
        'Table({"accuracy": ["51.0%"]})'
    ),
    text('<a id="tbl-more"></a>\n\n**Table.** More of it.'),
    text("See [](#tbl-more)."),
]


def store(folder, name, cells):
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    nbformat.write(new_notebook(cells=cells), path)
    return path


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    store(folder, "01_made.ipynb", FIRST)
    store(folder, "05_end.ipynb", SECOND)
    store(folder, "supplement/06_more.ipynb", THIRD)
    notebooks.execute({path: path for path in editions.chapters(folder)})
    documents = editions.documents(folder)
    paths = book.build(documents, folder / "reports")
    named = dict(zip(("page", "paper", "further", "further_paper"), paths, strict=True))
    return types.SimpleNamespace(documents=documents, paths=paths, **named)


@pytest.fixture(scope="module")
def page(built):
    return built.page.read_text()


@pytest.fixture(scope="module")
def soup(page):
    return BeautifulSoup(page, "html.parser")


@pytest.fixture(scope="module")
def paper(built):
    return pypdf.PdfReader(built.paper)


@pytest.fixture(scope="module")
def lines(paper):
    """The lines of the PDF, less the invisible characters that only steer line breaks."""
    text = "\n".join(page.extract_text() for page in paper.pages)
    return re.sub("[\u2060\u200b]", "", text).replace("\N{NO-BREAK SPACE}", " ").splitlines()


def ids(soup):
    return [tag["id"] for tag in soup.find_all(id=True)]


def links(soup):
    return [tag["href"] for tag in soup.find_all("a", href=True)]


def test_page_numbers_chapters_figures_and_tables_and_respects_tags(soup):
    plain = " ".join(soup.get_text().split())
    for expected in (
        "The end comes Chapter 2; see the curves (Figure 1) and Section 1.1 [1], more (Table 2).",
        "The CNN reaches 98.71%, see Table 1.",
        "Figure 1. Learning curves of",
        "Figure 2. Down: so it goes.",
        "Table 1. Accuracies.",
        "1.1 Mathematics",
        "2.1 References",
        "a value",
        "no heading, and [no link](#nowhere)",
    ):
        assert expected in plain
    for left_out in ("label:", "Figure. ", "badge", "lost words", "removed output", "\x1b"):
        assert left_out not in plain
    assert len(ids(soup)) == len(set(ids(soup)))
    assert {"#fig-curves", "#tbl-x", "#sec-maths", "https://example.org"} <= {*links(soup)}


def test_numbers_go_on_from_one_document_to_the_next_and_links_lead_from_one_to_the_other(
    built, soup
):
    more = BeautifulSoup(built.further.read_text(), "html.parser")
    plain = " ".join(more.get_text().split())
    assert "3 More As the end (Chapter 2) says, [1]." in plain
    assert "Table 2. More of it." in plain
    assert plain.endswith(f"See Table 2. Built from commit {commit()}")
    assert {"supplement.html", "supplement.html#tbl-more"} <= set(links(soup))
    assert {"report.html", "report.html#sec-end", "#tbl-more"} <= set(links(more))
    # On paper, what is in the other document has its number, and the title leads to the other PDF.
    paper = pypdf.PdfReader(built.further_paper)
    words = "".join(page.extract_text() for page in paper.pages).replace("\u2060", "")
    assert "As the end (Chapter 2) says" in " ".join(words.split())
    targets = [
        link.get_object()["/A"].get("/URI")
        for page in paper.pages
        for link in page.get("/Annots", ())
        if "/A" in link.get_object()
    ]
    assert {target for target in targets if target} == {"report.pdf"}


def test_a_chart_is_a_drawing_in_the_pages_colours_that_says_what_it_shows(soup):
    said = {"fig-curves": "A line up to 98.71%.", "fig-down": r"Down & <out>, \o/."}
    for label, text_of_it in said.items():
        drawing = soup.find(id=label).svg
        assert drawing["role"] == "img"
        assert drawing["aria-label"] == text_of_it
        assert "var(--paper)" in str(drawing)
        assert drawing.find(id=True)
        uses = [use["xlink:href"][1:] for use in drawing.find_all("use")]
        assert {*uses} <= {tag["id"] for tag in drawing.find_all(id=True)}


def test_what_pandas_shows_is_a_table_on_page_and_paper(soup, lines):
    (table,) = (each for each in soup.main.select("table") if "epoch model" in each.get_text())
    rows = [[cell.get_text() for cell in row.select("th, td")] for row in table.select("tr")]
    assert rows == [["epoch model", "5 mlp", "5 cnn", "10 mlp"], ["gap|", "0.01", "−0.02", "0.03"]]
    assert "gap| 0.01 −0.02 0.03" in lines


def test_index_values_that_pandas_does_not_repeat_leave_a_place():
    frame = pd.DataFrame({"a": [1, 1, 2], "b": [3, 4, 5], "c": [6, 7, 8]}).set_index(["a", "b"])
    rows = tables.of_pandas(frame._repr_html_()).splitlines()
    assert rows[2:] == ["| 1 | 3 | 6 |", "|  | 4 | 7 |", "| 2 | 5 | 8 |"]


def test_an_answer_is_folded_on_the_page_and_a_footnote_on_paper(soup, paper):
    (answer,) = [d for d in soup.find_all("details") if d.summary.get_text(strip=True) == "Answer"]
    assert "It is 50% of all, [0.1,\N{NO-BREAK SPACE}0.2]." in answer.get_text()
    assert not answer.has_attr("open")
    texts = [re.sub("[\u2060\u200b]", "", page.extract_text()) for page in paper.pages]
    (sheet,) = [text for text in texts if "How many?" in text]
    assert "It is 50% of all, [0.1,\N{NO-BREAK SPACE}0.2]." in sheet.partition("References")[2]


def test_a_title_page_names_who_hands_it_in(built, tmp_path):
    page, paper, *_ = book.build(
        built.documents, tmp_path, author="Kim <Min>", course="false", date="*1* May"
    )
    first, second, *_ = (each.extract_text() for each in pypdf.PdfReader(paper).pages)
    assert "Kim <Min>" in first
    assert "false" in first
    assert "*1* May" in first
    assert "Abstract" in second
    top = BeautifulSoup(page.read_text(), "html.parser").find("p", "handed-in")
    assert top.get_text().split() == ["Kim", "<Min>", "false", "*1*", "May"]


def test_paper_has_outline_title_captions_and_every_glyph(paper, lines):
    flat = [item.title for item in paper.outline if not isinstance(item, list)]
    assert [title.split()[-1] for title in flat] == ["Data", "Comparison"]
    assert paper.metadata.title == book.TITLE
    assert paper.metadata.creation_date is None
    words = " ".join(" ".join(lines).split())
    for expected in ("Figure 1. Learning curves", "Table 1. Accuracies.", "Chapter 2", "98.71%"):
        assert expected in words
    assert {*"×–≥→·±σΣᵢ“”…│┌─✓"} <= {*words}
    assert not {"\0", "\N{REPLACEMENT CHARACTER}"} & {*words}


def test_paper_wraps_code_instead_of_clipping_it(lines):
    squeezed = re.sub(r"\s+", "", "".join(lines))
    assert re.sub(r"\s+", "", LONG_LINE) in squeezed
    assert squeezed.count(UNBROKEN) == 2  # in the code and in what it prints
    assert max(map(len, lines)) <= 105  # what fits between the margins


def test_on_paper_the_text_goes_on_where_a_tall_figure_does_not_fit(paper):
    pages = [page.extract_text() for page in paper.pages]
    (before,) = (page for page in pages if "Deep Learning" in page)
    assert "A tall one" not in before
    assert "Paragraph 0 of" in before


def test_same_notebooks_give_same_bytes(built, tmp_path):
    for again, path in zip(book.build(built.documents, tmp_path), built.paths, strict=True):
        assert again.read_bytes() == path.read_bytes()
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in built.paths}


def test_a_chapter_alone_has_the_numbers_of_the_whole_and_needs_no_other_to_be_run(built, tmp_path):
    first, second = built.documents["report"]
    shutil.copytree(first.parent, tmp_path, dirs_exist_ok=True)
    notebook = nbformat.read(tmp_path / first.name, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    nbformat.write(notebook, tmp_path / first.name)
    page, paper = book.build(editions.documents(tmp_path), tmp_path, only=second.stem)
    assert (page.name, paper.name) == ("05_end.html", "05_end.pdf")
    soup = BeautifulSoup(page.read_text(), "html.parser")
    assert [tag.get_text() for tag in soup.select("h1")] == ["Comparison", "2 Comparison"]
    assert "Table 1. Accuracies." in soup.get_text()
    assert "2.1 References" in " ".join(soup.get_text().split())


def test_links_lead_to_the_caption_of_what_could_not_be_shown(built, tmp_path):
    shutil.copytree(built.documents["report"][0].parent, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "05_end.ipynb"
    notebook = nbformat.read(path, as_version=4)
    (cell,) = (each for each in notebook.cells if "label: tbl-x" in each.source)
    cell.outputs = []
    nbformat.write(notebook, path)
    page, paper, *_ = book.build(editions.documents(tmp_path), tmp_path)
    soup = BeautifulSoup(page.read_text(), "html.parser")
    assert "Table 1. Accuracies." in " ".join(soup.find(id="tbl-x").get_text().split())
    words = " ".join(each.extract_text() for each in pypdf.PdfReader(paper).pages)
    assert "Table 1. Accuracies." in " ".join(words.split())


def test_a_notebook_is_current_until_its_code_changes(built, tmp_path):
    source = built.documents["report"][1]
    notebook = nbformat.read(source, as_version=4)
    notebook.cells[0].source += " in other words"
    nbformat.write(notebook, tmp_path / source.name)
    assert notebooks.is_current(source, tmp_path / source.name)
    next(cell for cell in notebook.cells[2:] if cell.cell_type == "code").source += "\n1"
    nbformat.write(notebook, tmp_path / source.name)
    assert not notebooks.is_current(source, tmp_path / source.name)


def test_failing_notebook_is_named_and_left_alone(tmp_path, monkeypatch):
    """Though its first kernel does not answer: another is started."""
    answers, run = mock.Mock(side_effect=[RuntimeError, None]), NotebookClient.execute
    monkeypatch.setattr(NotebookClient, "execute", lambda *a, **k: answers() or run(*a, **k))
    path = store(tmp_path, "07_bad.ipynb", [text("# Bad"), code("1"), code("undefined_name")])
    before = path.read_bytes()
    with pytest.raises(RuntimeError, match=r"07_bad\.ipynb, cell 3 failed: NameError.*undefined_n"):
        notebooks.execute({path: path})
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_notebook_alone_has_its_captions_and_they_are_what_its_links_lead_to(built):
    page, _ = HTMLExporter().from_filename(built.documents["report"][0])
    soup = BeautifulSoup(page, "html.parser")
    words = " ".join(soup.body.get_text().split())
    for shown in ("Figure. Learning curves of", "Down: so it goes.", "98.71%", "curves = Drawing"):
        assert shown in words
    for hidden in ("down = Drawing", "0.98712"):
        assert hidden not in words
    assert {"#fig-curves", "#sec-maths", f"{THERE}#sec-end"} <= set(links(soup))
    assert {"fig-curves", "fig-down", "sec-maths"} <= set(ids(soup))


@pytest.mark.slow
def test_nbconvert_makes_a_pdf_and_a_script_of_one_notebook(built, tmp_path, needs_chromium):
    path = built.documents["report"][1]
    for form in ("mnist_compare.report.book.webpdf.WebPDF", "script"):
        command = [sys.executable, "-m", "nbconvert", "--to", form, "--output-dir", tmp_path, path]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    assert {each.name for each in tmp_path.iterdir()} == {"05_end.pdf", "05_end.py"}
    assert "Accuracies." in pypdf.PdfReader(tmp_path / "05_end.pdf").pages[0].extract_text()


FORK = "https://github.com/some-one/mnist.compare"


@pytest.mark.parametrize(
    ("origin", "address"),
    [
        ("https://name:secret@github.com/some-one/mnist.compare/", FORK),
        ("git@github.com:some-one/mnist.compare.git", FORK),
        ("https://gitlab.com/some-one/mnist.compare", ""),
        ("https://github.com/some-one/$(id)", ""),
        (None, ""),
    ],
)
@pytest.mark.parametrize("tag", ["", "release/v1.0_a", 'v1"$(id)', "v1;id", "v1{id}", "v1'", "판1"])
def test_badge_and_set_up_name_the_origin_on_github(tmp_path, monkeypatch, origin, address, tag):
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    git = ["git", "-C", tmp_path, "-c", "user.name=a", "-c", "user.email=a@b"]
    for command in (
        ["init", "--quiet"],
        ["remote", "add", "origin", origin] if origin else ["remote"],
        ["commit", "--quiet", "--allow-empty", "-m", "x"],
        ["tag", tag] if tag else ["tag"],
    ):
        subprocess.run([*git, *command], check=True)
    (tmp_path / "ko").mkdir()
    cells = [text("words"), code("", "setup"), text("", "badge")]
    paths = [store(tmp_path / folder, "none.ipynb", cells) for folder in ("", "ko")]
    for path in paths:
        notebooks.fill(path)
    known = address and re.fullmatch("[a-z0-9._/]*", tag)  # what neither shell nor link can take
    for place, folder in zip(paths, ("", "ko/"), strict=True):
        *badge, words, set_up = nbformat.read(place, as_version=4).cells
        there = f"/some-one/mnist.compare/blob/{tag or 'main'}/notebooks/{folder}none.ipynb)"
        assert [each.source.endswith(there) for each in badge] == ([True] if known else [])
        assert words.source == "words"
        source = f"--branch {tag} {address}" if tag else address
        assert (f"git clone -q --depth 1 {source} mnist-compare)" in set_up.source) == bool(known)
        assert ("unzip" in set_up.source) != bool(known)


@pytest.mark.slow
def test_ctrl_c_ends_it_with_its_kernels(tmp_path):
    started = tmp_path / "started"
    wait = f"import os, time; open({str(started)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    path = store(tmp_path, "01_long.ipynb", [code(wait)])
    execute = (
        "from pathlib import Path; from mnist_compare.report.book import notebooks; "
        f"path = Path({str(path)!r}); notebooks.execute({{path: path}})"
    )
    running = subprocess.Popen([sys.executable, "-c", execute], cwd=ROOT, stderr=subprocess.DEVNULL)
    while not (started.exists() and started.read_text()):
        assert running.poll() is None
        time.sleep(0.1)
    running.send_signal(signal.SIGINT)
    assert running.wait(30) != 0  # of which an idle machine takes three
    for _ in range(50):
        if not Path(f"/proc/{started.read_text()}").exists():
            return
        time.sleep(0.1)
    pytest.fail("the kernel goes on")


LABELLED = '<a id="sec-a"></a>\n\n# A'
TABLE = {"text/markdown": "| a |\n| :- |\n| 1 |"}
FAILED = new_code_cell("1 / 0", outputs=[new_output("error", ename="ZeroDivisionError")])
BARE = new_code_cell("#| label: tbl-bare", outputs=[new_output("display_data", TABLE)])
MUTE = new_code_cell("#| label: fig-mute", outputs=[new_output("display_data", {"image/png": ""})])
FAILED.execution_count = BARE.execution_count = MUTE.execution_count = 1


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ([text("# A\n\n[Figure](#fig-none)")], "made.ipynb: nothing has the label 'fig-none'"),
        ([text(LABELLED), text(LABELLED)], "made.ipynb: the label 'sec-a' is used twice"),
        ([FAILED], "made.ipynb holds a cell that failed: ZeroDivisionError"),
        ([text("![a picture](https://example.org/a.png)")], "made.ipynb: the report cannot hold"),
        ([code("1")], "made.ipynb has cells that were never executed"),
        ([BARE], "made.ipynb: tbl-bare has no caption"),
        (
            [MUTE, text('<a id="fig-mute"></a>\n\n**Figure.** Mute.')],
            "made.ipynb: fig-mute has no alternative text",
        ),
        (
            [text(f"{LABELLED}\n\n[x](../reports/supplement.html#sec-a)")],
            "'sec-a' is in report.html",
        ),
    ],
)
def test_build_refuses(tmp_path, cells, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        book.build({"report": [store(tmp_path, "made.ipynb", cells)]}, tmp_path / "reports")
    assert not (tmp_path / "reports").exists()
