"""Every notebook runs alone from a fresh kernel and shows what it is to show.

The first five, on small data, and the one on your own network need no records; the others read the
committed ones, so that their outputs, the verdicts on the claims among them, must be those
committed.

nbval compares the outputs of the cells tagged ``nbval-check-output``; of the others it asks only
that they run.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
ON_RECORDS = tuple(
    f"{name}.ipynb"
    for name in (
        "06_evidence",
        "07_robustness",
        "08_reader",
        "09_clothes",
        "11_conclusion",
        "12_speed",
        "14_class",
        "solutions",
    )
)
SHORT = ("11_conclusion", "13_pictures")
# Less to train for the solutions, which are not about what they train.
LESS = {
    "partial(training.train, ": "partial(training.train, scale=training.data.SMALL, ",
    "epochs=2, seeds=3": "epochs=1, seeds=2",
}


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    return {**os.environ, "MNIST_COMPARE_SMALL": str(tmp_path_factory.mktemp("small"))}


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of what the chapters on records need, so that what they write stays out of here."""
    folder = tmp_path_factory.mktemp("copy")
    for name in ("mnist_compare", "notebooks", "reports"):
        shutil.copytree(NOTEBOOKS.parent / name, folder / name)
    solutions = folder / "notebooks" / "solutions.ipynb"
    source = solutions.read_text()
    for all_of_it, little in LESS.items():
        assert source.count(all_of_it) == 1
        source = source.replace(all_of_it, little)
    solutions.write_text(source)
    return folder


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(path.name, marks=() if path.stem in SHORT else pytest.mark.slow)
        for path in sorted(NOTEBOOKS.glob("*.ipynb"))
    ],
)
def test_a_notebook_runs_from_top_to_bottom(name, environment, copy):
    on_records = name in ON_RECORDS
    folder = copy / "notebooks" if on_records else NOTEBOOKS
    options = ["--nbval-lax", "--nbval-current-env", "--nbval-cell-timeout=300"]
    options += ["--numprocesses=0", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(folder / name)],
        cwd=folder,
        env=os.environ if on_records else environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:]
    assert " passed" in done.stdout
