"""Every notebook runs alone from a fresh kernel and shows what it is to show.

The first five, on small data, and the one on your own network need no records; the others read the
committed ones. nbval asks that they run; what they show is compared by ``release --check``.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from PIL import Image
from report.drafts import FEWER_DIGITS

from mnist_compare import data
from mnist_compare.report.book import editions

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
PATHS = [*editions.chapters(NOTEBOOKS), NOTEBOOKS / "class" / "solutions.ipynb"]
ALONE = ("01", "02", "03", "04", "05", "13")
SHORT = "07_conclusion"
# Less to train for the solutions, which are not about what they train.
LESS = {
    "import fitting\\n": "import fitting; from mnist_compare.records.place import SMALL\\n",
    "partial(fitting.fit, ": "partial(fitting.fit, scale=SMALL, ",
    "_train[:5_000]": "_train[:500]",
    "compare(both, epochs=2, seeds=3": "compare(both, 'few.npz', epochs=1, seeds=2",
}


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    return {**os.environ, "MNIST_COMPARE_SMALL": str(tmp_path_factory.mktemp("small"))}


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of what the notebooks need, so that what they write stays out of here."""
    folder = tmp_path_factory.mktemp("copy")
    for name in ("mnist_compare", "notebooks", "reports"):
        shutil.copytree(NOTEBOOKS.parent / name, folder / name)
    for path in (folder / "notebooks").rglob("*.ipynb"):
        text = path.read_text().replace("nbval-check-output", "as-it-runs")
        path.write_text(text.replace(*FEWER_DIGITS))
    solutions = folder / "notebooks" / "class" / "solutions.ipynb"
    source = solutions.read_text()
    for all_of_it, little in LESS.items():
        assert all_of_it in source
        source = source.replace(all_of_it, little)
    solutions.write_text(source)
    of_training, of_testing = data.load("mnist")
    few = {"x_train": of_training[0][:900], "y_train": of_training[1][:900]}
    few |= {"x_test": of_testing[0][:300], "y_test": of_testing[1][:300]}
    np.savez(folder / "few.npz", **few)
    return folder


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=path.stem, marks=() if path.stem == SHORT else pytest.mark.slow)
        for path in PATHS
    ],
)
def test_a_notebook_runs_from_top_to_bottom(path, environment, copy):
    on_records = not path.name.startswith(ALONE)
    path = copy / path.relative_to(NOTEBOOKS.parent)
    options = ["--nbval-lax", "--nbval-current-env", "--nbval-cell-timeout=300"]
    options += ["--numprocesses=0", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(path)],
        cwd=path.parent,
        env=os.environ if on_records else environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:]
    assert " passed" in done.stdout


def sources(name):
    """The source of each cell of a chapter by its id."""
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    return {cell.id: cell.source for cell in notebook.cells}


@pytest.mark.parametrize("last", [(7, 10), (3, 10)])
def test_runs_of_other_epochs_are_compared_only_where_both_were_measured(a_run, last):
    given = {"mlp": a_run("mlp", test_accuracy=0.97), "cnn": a_run("cnn", test_accuracy=0.98)}
    for run, epoch in zip(given.values(), last, strict=True):
        run.rows[2]["epoch"] = epoch
        del run.rows[1 if epoch < 5 else 0]
    cells = sources("05_comparison")
    exec(cells["05_comparison-07"], given)
    assert {*given["table"].columns} >= {(last[0], "mlp"), (10, "cnn")}
    before, shown = cells["05_comparison-07b"].rsplit("\n", 1)
    exec(before, given)
    differences = eval(shown, given)
    assert [*differences] == ([5] if last[0] > 5 else [])
    assert differences.notna().all(axis=None)


def test_a_picture_of_ones_own_opens_as_the_text_says(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    Image.new("L", (30, 30), "white").save("nine.jpg")
    cells, given = sources("03_drawing"), {}
    code = re.findall("`((?:from|drawing) [^`]+)`", cells["03_drawing-03"])
    exec("\n".join([cells["03_drawing-drawing"], *code]), given)
    assert given["drawing"].size == (30, 30)
