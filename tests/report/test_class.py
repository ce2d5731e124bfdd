"""For class: every exercise has its solution."""

import re

import nbformat

from mnist_compare.records.place import clone

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
