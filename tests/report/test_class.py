"""For class: every exercise has its solution, and its check does not tell the answer."""

import re

import nbformat
import pytest

from mnist_compare.records import runs
from mnist_compare.records.place import clone
from mnist_compare.records.protocols import EPOCHS, Protocol
from mnist_compare.report import check

NOTEBOOKS = clone() / "notebooks"
HERE = NOTEBOOKS / "class" / "20_exercises.ipynb"


def prose(path):
    cells = nbformat.read(path, as_version=4).cells
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def test_every_exercise_has_its_solution_and_every_solution_its_exercise():
    asked = re.findall(r"\*\*(\d+)\. (.+?)\*\*", prose(HERE))
    solved = re.findall(r"^## (\d+)\. (.+)$", prose(NOTEBOOKS / "class" / "solutions.ipynb"), re.M)
    assert asked == solved
    assert [int(number) for number, _ in asked] == [*range(1, len(asked) + 1)]
    assert prose(HERE).count("*Hand in:*") == len(asked)


@pytest.mark.parametrize(
    ("exercise", "model", "protocol"),
    [
        (check.exercise_2, "mlp", Protocol()),
        (check.exercise_3, "mlp", Protocol(digits=300)),
        (check.exercise_5, "cnn", Protocol()),
    ],
)
def test_a_run_like_those_on_record_is_right_and_another_is_not(exercise, model, protocol):
    recorded = [run.measured[-1]["test_accuracy"] for run in runs.read(model, protocol)]
    held = [exercise(accuracy) for accuracy in recorded]
    assert sum(held) >= len(held) - 1  # of 99 in 100
    assert not any(map(exercise, (min(recorded) - 0.1, 0.5, 98.0)))
    assert runs.read(model, protocol)[0].measured[-1]["epoch"] == EPOCHS


def test_shuffled_pixels_are_judged_by_runs_on_shuffled_pixels(capsys):
    (mlp, *_), (cnn, *_) = (
        runs.read(*asked)
        for asked in (
            ("mlp", Protocol(digits=300)),
            ("cnn", Protocol(digits=300, permuted=True)),
        )
    )
    accuracies = [run.measured[-1]["test_accuracy"] for run in (mlp, cnn)]
    assert check.exercise_4(accuracies)
    assert not check.exercise_4([accuracies[0], 0.97])
    assert not check.exercise_4([0.97, accuracies[1]])


def test_a_hint_is_not_the_answer(capsys):
    assert check.exercise_1(784 * 128 + 128 + 128 * 10 + 10)
    assert not check.exercise_1(784 * 128)
    assert "101" not in capsys.readouterr().out
    assert not check.exercise_6((0.2, 0.1))
    assert check.exercise_6((-0.1, 0.2))
