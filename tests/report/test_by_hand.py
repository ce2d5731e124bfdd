"""What the chapters work out by hand is what NumPy and Keras compute."""

import ast
import re
from pathlib import Path

import keras
import nbformat
import numpy as np
import pytest
from scipy.signal import correlate2d

from mnist_compare import build_mlp, load, scale

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
(X_TRAIN, Y_TRAIN), _ = load("mnist")


def cells_of(name):
    (path,) = (*NOTEBOOKS.glob(f"{name}.ipynb"), *NOTEBOOKS.glob(f"supplement/{name}.ipynb"))
    return nbformat.read(path, as_version=4).cells


def one_step():
    """Return the code of the section that takes one step by hand."""
    texts = [(cell.cell_type, cell.source) for cell in cells_of("02_mlp")]
    start = next(i for i, (_, text) in enumerate(texts) if 'id="sec-by-hand"' in text)
    end = next(i for i, (_, text) in enumerate(texts) if i > start and "\n## " in f"\n{text}")
    return "\n".join(text for kind, text in texts[start:end] if kind == "code")


def last_value(code):
    """Run code on the first training digits and return the value of its last expression."""
    *statements, last = ast.parse(code).body
    names = {"keras": keras, "build_mlp": build_mlp, "scale": scale}
    names |= {"x_train": X_TRAIN[:32], "y_train": Y_TRAIN[:32]}
    exec(compile(ast.Module(statements, []), "02_mlp", "exec"), names)
    return eval(compile(ast.Expression(last.value), "02_mlp", "eval"), names)


def test_a_step_in_numpy_is_a_step_of_keras():
    assert last_value(one_step()) is True


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("(p - y)", "(y - p)"),
        (" * (z > 0)", ""),
        ("h.T @ d_logits", "2 * h.T @ d_logits"),
        ("np.log(p[y == 1])", "np.log10(p[y == 1])"),
    ],
)
def test_the_check_finds_a_mistake(right, wrong):
    code = one_step()
    assert code.count(right) == 1
    assert last_value(code.replace(right, wrong)) is False


def formulas():
    prose = [cell.source for cell in cells_of("01_data") if cell.cell_type == "markdown"]
    return "\n".join(prose)


def numbers(text):
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", text)]


def test_the_softmax_worked_out_by_hand():
    pattern = r"e\^z &= \(([^)]+)\).*?&= ([\d.]+).*?p &= \(([^)]+)\)"
    found = re.search(pattern, formulas(), re.DOTALL)
    powers, (total,), shares = map(numbers, found.groups())
    z = np.array([2, 1, 0])
    assert powers == np.exp(z).round(2).tolist()
    assert total == np.exp(z).sum().round(2)
    assert shares == (np.exp(z) / np.exp(z).sum()).round(2).tolist()


def test_the_convolution_worked_out_by_hand():
    matrices = re.findall(r"\\begin\{pmatrix\}(.*?)\\end\{pmatrix\}", formulas(), re.DOTALL)
    kernel, picture, response = ([numbers(row) for row in m.split(r"\\")] for m in matrices)
    assert np.shape(picture) == (4, 4)
    assert correlate2d(picture, kernel, mode="valid").tolist() == response
