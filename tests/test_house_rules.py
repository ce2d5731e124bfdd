"""What keeps the house in order: light imports, equal chapters, no result typed by hand."""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from mnist_compare import report, tables

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
CHAPTERS = {path.stem: nbformat.read(path, as_version=4) for path in NOTEBOOKS}

# A number that could be a result: a percentage, points, two decimals or more. The 20 % of padding,
# 95 % intervals, Python 3.11 and the digits inside links, formulas and code are none.
RESULT = re.compile(r"\d+(?:\.\d+)?\s?(?:%|per cent|points|seconds)|\d\.\d{2,}")
ALLOWED = {"20 %", "95 %", "3.11"}

LINK = re.compile(r"\]\((?P<there>\.\./reports/report\.html)?#(?P<label>[^)\s]+)\)")


def cells(notebook, kind):
    return [cell for cell in notebook.cells if cell.cell_type == kind]


def outputs(notebook):
    return [output for cell in cells(notebook, "code") for output in cell.outputs]


def labels(notebook):
    """Labels of sections, then of figures and tables."""
    prose = "\n".join(cell.source for cell in cells(notebook, "markdown"))
    reports = [output.get("metadata", {}).get("report", {}) for output in outputs(notebook)]
    return {
        *re.findall('<a id="([^"]+)"></a>', prose),
        *(r["label"] for r in reports if "label" in r),
    }


def results_in(text):
    text = re.sub(r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$|\]\([^)]*\)", " ", text, flags=re.S)
    return set(RESULT.findall(text)) - ALLOWED


def test_the_chapters_are_in_reading_order():
    expected = [
        "01_data", "02_mlp", "03_drawing", "04_cnn", "05_comparison", "06_evidence",
        "07_robustness", "08_reader", "10_speed",
    ]  # fmt: skip
    assert list(CHAPTERS) == expected


@pytest.mark.parametrize(
    "module",
    [
        "__init__",
        "metrics",
        "runs",
        "preprocessing",
        "figures",
        "report",
        "predictor",
        "demo",
        "evidence",
        "robustness",
        "claims",
    ],
)
def test_the_report_needs_no_tensorflow(module):
    name = "mnist_compare" if module == "__init__" else f"mnist_compare.{module}"
    code = f"import sys, {name}; assert not {{'tensorflow', 'keras'}} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_public_names_need_no_tensorflow_until_a_builder_is_called():
    code = (
        "import sys, mnist_compare as m; all(map(m.__getattribute__, m.__all__)); "
        "assert 'train' in m.__all__ and 'tensorflow' not in sys.modules; "
        "assert m.build_mlp().count_params() == 101770 and 'tensorflow' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_check_for_typed_results_finds_them():
    assert results_in("The CNN reaches 98.7 % after ten epochs.") == {"98.7 %"}
    assert results_in("A loss of 0.0433 and a gap of 1.21 points.") == {"0.0433", "1.21 points"}
    assert results_in("Padding of 20 % makes 28 / 1.4 = 20 of 28×28 pixels.") == set()


@pytest.mark.parametrize("name", CHAPTERS)
def test_no_result_is_typed_into_a_notebook(name):
    for cell in cells(CHAPTERS[name], "markdown"):
        assert not results_in(cell.source), cell.source


def test_no_result_is_typed_into_the_readme():
    before, _, rest = (ROOT / "README.md").read_text().partition("<!-- results -->")
    _, _, after = rest.partition("<!-- end of results -->")
    assert not results_in(before + after)


def test_the_readme_shows_the_recorded_results(tmp_path):
    copy = tmp_path / "README.md"
    copy.write_text((ROOT / "README.md").read_text())
    report.update_readme(copy)
    assert copy.read_text() == (ROOT / "README.md").read_text()
    assert tables.results().loc["Test accuracy", "CNN 10"] in copy.read_text()


@pytest.mark.parametrize("name", CHAPTERS)
def test_plumbing_defines_nothing_and_teaching_code_little(name):
    for cell in cells(CHAPTERS[name], "code"):
        lines = [line for line in cell.source.splitlines() if line.strip()]
        if re.search(r"^\s*(def|class|async def) ", cell.source, re.M):
            assert "plumbing" not in cell.metadata.get("tags", []), cell.source
            assert len(lines) <= 15, cell.source


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_notebook_has_short_cells(name):
    asks = ("if there:", "if compared:")  # whether there are records: not a line of its own
    sources = [cell.source.splitlines() for cell in cells(CHAPTERS[name], "code")]
    lengths = sorted(len([line for line in lines if line not in asks]) for lines in sources)
    assert lengths[len(lengths) // 2] <= 5


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_notebook_opens_with_badge_and_set_up(name):
    badge, set_up, *_ = CHAPTERS[name].cells
    # In a fork the address is its own, once it has run its notebooks.
    (repository,) = re.findall('REPOSITORY = "https://github.com/([^/"]+/[^/"]+)"', set_up.source)
    assert f"/github/{repository}/blob/main/notebooks/{name}.ipynb" in badge.source
    assert set_up.source == CHAPTERS["01_data"].cells[1].source


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_notebook_is_committed_executed_in_order_and_without_errors(name):
    code = cells(CHAPTERS[name], "code")
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    shown = outputs(CHAPTERS[name])
    assert not [output for output in shown if output.output_type == "error"]
    assert not [output for output in shown if output.get("name") == "stderr"]


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_link_leads_to_a_cell_of_its_notebook_or_else_to_the_report(name):
    texts = [cell.source for cell in CHAPTERS[name].cells]
    texts += [output.get("data", {}).get("text/markdown", "") for output in outputs(CHAPTERS[name])]
    here = labels(CHAPTERS[name])
    elsewhere = {*re.findall(' id="([^"]+)"', (ROOT / "reports" / "report.html").read_text())}
    elsewhere = elsewhere.union(*map(labels, CHAPTERS.values())) - here
    for link in LINK.finditer("\n".join(texts)):
        assert link["label"] in (elsewhere if link["there"] else here), link[0]


def test_the_two_model_chapters_share_their_headings():
    headings = {
        name: re.findall(
            r"^## .*$", "\n".join(c.source for c in cells(CHAPTERS[name], "markdown")), re.M
        )
        for name in ("02_mlp", "04_cnn")
    }
    assert headings["02_mlp"] == headings["04_cnn"]


def test_every_figure_has_its_file_and_every_file_its_figure():
    found = set().union(*map(labels, CHAPTERS.values()))
    names = {label[4:].replace("-", "_") for label in found if label.startswith("fig-")}
    assert names == {path.stem for path in (ROOT / "figures").glob("*.png")}


def test_the_top_level_holds_nothing_but_what_belongs_there():
    allowed = {
        "notebooks", "mnist_compare", "figures", "reports", "tests", "requirements.txt",
        "README.md", "pyproject.toml", "Makefile", "LICENSE",
    }  # fmt: skip
    left_by_pip = {"build", "mnist_compare.egg-info"}  # where somebody has installed the package
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert found - left_by_pip == allowed
