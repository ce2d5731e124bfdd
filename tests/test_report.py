"""The report from end to end: two small notebooks are executed, merged and read back."""

import os
import re
import subprocess
import sys
import types
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pandas
import pypdf
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from mnist_compare import REPOSITORY, report

ROOT = Path(__file__).resolve().parents[1]
NUMBERS = {"cnn_10_test_accuracy": 0.98712, "mlp_10_test_accuracy": 0.97791}
SET_UP = f"""import os, sys, types
os.environ["MNIST_COMPARE_FAST"] = "1"
sys.path.insert(0, {str(ROOT)!r})
sys.modules["mnist_compare.tables"] = stand_in = types.ModuleType("mnist_compare.tables")
stand_in.numbers = lambda: {NUMBERS}
from mnist_compare.report import figure, say, table"""
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


def code(source, *tags):
    return new_code_cell(source, metadata={"tags": list(tags)})


def text(source, *tags):
    return new_markdown_cell(source, metadata={"tags": list(tags)})


FIRST = [
    text("# Data"),
    text("![badge](https://example.org/badge.svg)", "remove-cell"),
    code(SET_UP, "remove-cell"),
    code(
        f'say("The CNN reaches {{cnn_10_test_accuracy:.2%}}, see [Table]({THERE}#tab-x).")',
        "abstract",
    ),
    text(
        f"The end comes [Chapter]({THERE}#sec-end); see [the curves](#fig-curves) and "
        f"[](#sec-maths) [[1]]({THERE}#sec-end)."
    ),
    text('<a id="sec-maths"></a>\n\n## Mathematics\n\n' + MATHS),
    text("```python\n# no heading, and [no link](#nowhere)\n```\n\n" + TYPOGRAPHY),
    code(
        "from matplotlib.figure import Figure\nfig = Figure((6.3, 2))\n"
        'fig.subplots().plot([1, 2]); figure(fig, "fig-curves", "Learning curves of $w$.")'
    ),
]
SECOND = [
    text('<a id="sec-end"></a>\n\n# Comparison'),
    code(SET_UP, "remove-cell"),
    code(
        'import pandas as pd\nframe = pd.DataFrame({"accuracy": [.5, None], "of": ["a|b", "c"]})\n'
        'table(frame, "tab-x", "Accuracies.", {"accuracy": "{:.1%}"})'
    ),
    code(LONG_LINE + f"\nprint({UNBROKEN!r})\nprint('│ ┌─┐ \\x1b[1mbold\\x1b[0m ✓')"),
    code('print("lost words", file=sys.stderr)\n"a value"', "remove-input"),
    code('print("removed " + "output")', "remove-output"),
    code(
        "from IPython.display import HTML\n"
        "HTML('<p>a <a href=\"https://example.org\">demo</a></p>')"
    ),
    text("## References\n\n1. *Deep Learning*, 2016."),
]


def store(folder, name, cells):
    path = folder / name
    nbformat.write(new_notebook(cells=cells), path)
    return path


def executed(folder, *cells):
    """A notebook that looks executed, without the seconds that a kernel takes."""
    for cell in cells:
        if cell.cell_type == "code":
            cell.execution_count = 1
    return store(folder, "made.ipynb", cells)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    notebooks = [store(folder, "01_data.ipynb", FIRST), store(folder, "05_end.ipynb", SECOND)]
    report.execute(notebooks)
    page, paper = report.build(notebooks, folder / "reports")
    return types.SimpleNamespace(notebooks=notebooks, page=page, paper=paper)


@pytest.fixture(scope="module")
def page(built):
    return built.page.read_text()


@pytest.fixture(scope="module")
def paper(built):
    return pypdf.PdfReader(built.paper)


@pytest.fixture(scope="module")
def lines(paper):
    """The lines of the PDF, less the invisible characters that only steer line breaks."""
    text = "\n".join(page.extract_text() for page in paper.pages)
    return re.sub("[\u2060\u200b]", "", text).replace("\N{NO-BREAK SPACE}", " ").splitlines()


@pytest.fixture(scope="module")
def words(lines):
    return " ".join(" ".join(lines).split())


@pytest.fixture
def shown(monkeypatch):
    """What the notebook would display, as it is displayed."""
    outputs = []
    monkeypatch.setattr("IPython.display.display", lambda data, **_: outputs.append(data))
    stand_in = types.ModuleType("mnist_compare.tables")
    stand_in.numbers = lambda: NUMBERS
    monkeypatch.setitem(sys.modules, "mnist_compare.tables", stand_in)
    return outputs


def test_import_loads_no_heavy_library():
    heavy = {"tensorflow", "keras", "nbconvert", "pypandoc", "typst", "matplotlib", "pandas"}
    script = f"import sys, mnist_compare.report; print({heavy!r} & {{*sys.modules}})"
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert run.stdout.strip() == "set()", run.stderr


def test_say_fills_in_numbers(shown):
    report.say("{cnn_10_test_accuracy:.2%} in {seconds} s, $x^{{2}}$", seconds=3)
    assert shown[0].data == "98.71% in 3 s, $x^{2}$"


def test_say_needs_no_records_for_names_of_ones_own(shown, monkeypatch):
    monkeypatch.delattr(sys.modules["mnist_compare.tables"], "numbers")
    report.say("{gap:.2%}, $x^{{2}}$", gap=0.0121)
    assert shown[0].data == "1.21%, $x^{2}$"


def test_say_names_what_is_near_an_unknown_number(shown):
    with pytest.raises(KeyError, match=r"cnn_10_tset_accuracy.*near it: cnn_10_test_accuracy"):
        report.say("{cnn_10_tset_accuracy}")
    assert not shown


def test_table_is_markdown_with_formats_and_dashes(shown):
    index = pandas.Index(["MLP", "CNN"], name="model")
    frame = pandas.DataFrame({"accuracy": [0.97791, None], "note": ["a|b", "c"]}, index=index)
    report.table(frame, "tab-x", "Caption.", {"accuracy": "{:.1%}"})
    assert "Caption." in shown[0]["text/markdown"]
    assert shown[1]["text/markdown"].splitlines() == [
        "| model | accuracy | note |",
        "| :--- | ---: | :--- |",
        r"| MLP | 97.8% | a\|b |",
        "| CNN | – | c |",
    ]


def test_labels_say_what_they_label(shown):
    with pytest.raises(ValueError, match="must start with"):
        report.table(pandas.DataFrame(), "results", "Caption.")


class Reader(HTMLParser):
    """Collects what a page defines, links to and loads."""

    def __init__(self):
        super().__init__()
        self.ids, self.links, self.loads, self.tags = [], [], [], set()

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.tags.add(tag)
        self.ids += [attributes["id"]] if "id" in attributes else []
        if tag == "a":
            self.links.append(attributes.get("href", ""))
        else:
            self.loads += [attributes[name] for name in ("src", "href") if name in attributes]


@pytest.fixture(scope="module")
def read(page):
    reader = Reader()
    reader.feed(page)
    return reader


def test_page_loads_nothing_and_runs_nothing(page, read):
    assert all(address.startswith("data:") for address in read.loads)
    assert not {"script", "iframe", "link"} & read.tags
    assert not re.search(r"url\(['\"]?(?!data:)|@import", page)


def test_links_of_the_page_lead_somewhere(read):
    assert len(read.ids) == len(set(read.ids))
    inside = {link[1:] for link in read.links if link.startswith("#")}
    assert {"fig-curves", "tab-x", "sec-maths", "sec-end"} <= inside <= set(read.ids)


def test_page_numbers_chapters_figures_and_tables(page):
    plain = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", page.replace("\N{NO-BREAK SPACE}", " ")))
    assert "The end comes Chapter 2; see the curves (Figure 1) and Section 1.1 [1]." in plain
    assert "The CNN reaches 98.71%, see Table 1." in plain
    assert "Figure 1. Learning curves of" in plain
    assert "Table 1. Accuracies." in plain
    assert "1.1 Mathematics" in plain
    assert "2.1 References" in plain


def test_maths_is_mathml(page):
    assert page.count("<math") >= 4
    assert "<mtable" in page
    assert "$$" not in re.sub("<annotation.*?</annotation>", "", page, flags=re.DOTALL)


def test_tags_and_streams_are_respected(page):
    assert "SET_UP" not in page
    assert "stand_in" not in page
    assert "badge" not in page
    assert "lost words" not in page
    assert "removed output" not in page
    assert "a value" in page
    assert "\x1b" not in page
    assert "no heading, and [no link](#nowhere)" in re.sub("<[^>]+>", "", page)
    assert 'href="https://example.org">demo' in page


def test_paper_has_outline_title_and_captions(paper, words):
    flat = [item.title for item in paper.outline if not isinstance(item, list)]
    assert [title.split()[-1] for title in flat] == ["Data", "Comparison"]
    assert paper.metadata.title == report.TITLE
    assert paper.metadata.creation_date is None
    for expected in ("Figure 1. Learning curves", "Table 1. Accuracies.", "Chapter 2", "98.71%"):
        assert expected in words


def test_paper_misses_no_glyph(words):
    assert "\0" not in words
    assert "\N{REPLACEMENT CHARACTER}" not in words
    for character in "×–≥→·±σΣᵢ“”…│┌─✓":
        assert character in words, character


def test_paper_wraps_code_instead_of_clipping_it(lines):
    squeezed = re.sub(r"\s+", "", "".join(lines))
    assert re.sub(r"\s+", "", LONG_LINE) in squeezed
    assert squeezed.count(UNBROKEN) == 2  # in the code and in what it prints
    assert max(map(len, lines)) <= 105  # what fits between the margins


def test_links_of_the_paper_lead_somewhere(paper):
    inside = [
        annotation.get_object()
        for page in paper.pages
        for annotation in page.get("/Annots", [])
        if annotation.get_object().get("/Subtype") == "/Link"
    ]
    assert sum("/Dest" in link or "/D" in link.get("/A", {}) for link in inside) >= 5


def test_same_notebooks_give_same_bytes(built, tmp_path):
    again = report.build(built.notebooks, tmp_path)
    assert [path.read_bytes() for path in again] == [
        path.read_bytes() for path in (built.page, built.paper)
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.html", "report.pdf"]


def test_executed_notebook_keeps_no_trace_of_the_run(built):
    notebook = nbformat.read(built.notebooks[0], as_version=4)
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert "version" not in notebook.metadata.language_info
    assert not any("execution" in cell.metadata for cell in notebook.cells)


def test_failing_notebook_is_named_and_left_alone(tmp_path):
    path = store(tmp_path, "07_bad.ipynb", [text("# Bad"), code("1"), code("undefined_name")])
    before = path.read_bytes()
    with pytest.raises(RuntimeError, match=r"07_bad\.ipynb, cell 3 failed: NameError.*undefined_n"):
        report.execute([path])
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_notebook_alone_converts_with_jupyter(built, tmp_path):
    command = [sys.executable, "-m", "nbconvert", "--to", "html", str(built.notebooks[0])]
    subprocess.run([*command, "--output-dir", str(tmp_path)], check=True, capture_output=True)
    page = (tmp_path / "01_data.html").read_text()
    assert "Figure: Learning curves" in page
    read = Reader()
    read.feed(page)
    assert {"#fig-curves", "#sec-maths", f"{THERE}#sec-end"} <= set(read.links)
    assert {"fig-curves", "sec-maths"} <= set(read.ids)


FORK = "https://github.com/some-one/mnist.compare"


@pytest.mark.parametrize(
    ("origin", "address"),
    [
        ("https://github.com/some-one/mnist.compare", FORK),
        ("https://github.com/some-one/mnist.compare.git", FORK),
        ("https://name:secret@github.com/some-one/mnist.compare/", FORK),
        ("git@github.com:some-one/mnist.compare.git", FORK),
        ("ssh://git@github.com/some-one/mnist.compare", FORK),
        ("https://gitlab.com/some-one/mnist.compare", REPOSITORY),
        ("/srv/github.com/some-one/mnist.compare", REPOSITORY),
        (None, REPOSITORY),
    ],
)
def test_badge_and_set_up_name_the_origin_on_github(tmp_path, monkeypatch, origin, address):
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    if origin:
        subprocess.run(["git", "-C", tmp_path, "remote", "add", "origin", origin], check=True)
    badge, set_up, other = cells = [text("", "badge"), code("", "setup"), text("other")]
    report._stamp(new_notebook(cells=cells), tmp_path / "02_mlp.ipynb")
    assert f"/github/{address[19:]}/blob/main/notebooks/02_mlp.ipynb" in badge.source
    assert f'REPOSITORY = "{address}"' in set_up.source
    assert other.source == "other"


def test_the_repository_is_known_without_git(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert report._repository(tmp_path) == REPOSITORY


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ([text("# A\n\n[Figure](#fig-none)")], "made.ipynb: nothing has the label 'fig-none'"),
        ([text(f"[Section]({THERE}#sec-b)")], "made.ipynb: nothing has the label 'sec-b'"),
        (
            [text('<a id="sec-a"></a>\n\n# A'), text('<a id="sec-a"></a>\n\n## B')],
            "made.ipynb: the label 'sec-a' is used twice",
        ),
        (
            [new_code_cell("1 / 0", outputs=[new_output("error", ename="ZeroDivisionError")])],
            "made.ipynb holds a cell that failed: ZeroDivisionError",
        ),
        ([text("![a picture](https://example.org/a.png)")], "made.ipynb: the report cannot hold"),
    ],
)
def test_build_refuses(tmp_path, cells, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        report.build([executed(tmp_path, *cells)], tmp_path / "reports")
    assert not (tmp_path / "reports").exists()


def test_build_refuses_what_was_never_executed(tmp_path):
    with pytest.raises(ValueError, match="never executed"):
        report.build([store(tmp_path, "02_new.ipynb", [code("1")])], tmp_path / "reports")
