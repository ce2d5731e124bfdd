"""Every notebook runs alone from a fresh kernel and shows what it is to show.

The first five, on small data, and the one on your own network need no records; the others read the
committed ones. nbval asks that they run; what they show is compared by ``release --check``.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mnist_compare import data
from mnist_compare.report.book import editions

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
PATHS = [*editions.chapters(NOTEBOOKS), editions.solutions(NOTEBOOKS)]
PATHS += [editions.class_notebook(NOTEBOOKS)]
ALONE = ("01", "02", "03", "04", "05", "13")
SHORT = "07_conclusion"
# Less to train for the solutions, which are not about what they train.
LESS = {
    ", training\\n": ", training; from mnist_compare.place import SMALL\\n",
    "partial(training.fit, ": "partial(training.fit, scale=SMALL, ",
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
        path.write_text(path.read_text().replace("nbval-check-output", "as-it-runs"))
    solutions = editions.solutions(folder / "notebooks")
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
