"""The first cell of every notebook, run as it stands in one of them, in a stand-in for Colab."""

import os
import re
import shutil
import subprocess
import sys
import types
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
NOWHERE = "file:///nowhere/mnist-compare"


def code_of(name):
    notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


@pytest.fixture
def colab(tmp_path):
    """A stand-in for Colab that runs the set-up cell, told that address, and cells after it."""
    content, commands, asked = (tmp_path / name for name in ("content", "bin", "asked"))
    content.mkdir()
    commands.mkdir()
    pip = commands / "pip"
    pip.write_text('#!/bin/sh\necho "$@" >> "$PIP_WAS_ASKED"\n')
    pip.chmod(0o755)

    def run(address, *cells):
        set_up = re.sub('(?<=REPOSITORY = ").*(?=")', address, code_of("01_data")[0])
        files = []
        for number, cell in enumerate([set_up.replace("/content", str(content)), *cells]):
            files.append(tmp_path / f"cell_{number}.py")
            files[-1].write_text(cell)
        environment = {
            **os.environ,
            "PATH": f"{commands}:{os.environ['PATH']}",
            "PIP_WAS_ASKED": str(asked),
            "IPYTHONDIR": str(tmp_path),
        }
        command = [sys.executable, ROOT / "tests" / "colab.py", *files]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        return types.SimpleNamespace(code=done.returncode, lines=done.stdout.split("\n")[:-1])

    return types.SimpleNamespace(
        run=run, content=content, asked=asked, set_up=tmp_path / "cell_0.py"
    )


@pytest.fixture
def uploaded(colab):
    """As much of the folder as the cell asks for."""
    folder = colab.content / "mnist-compare"
    (folder / "notebooks").mkdir(parents=True)
    (folder / "mnist_compare.py").write_text("print('uploaded')")
    shutil.copy(ROOT / "requirements.txt", folder)
    return folder


def test_the_set_up_cell_fetches_the_package_and_installs_what_colab_lacks(colab):
    imports = re.findall("^(?:from|import) .+", "\n".join(code_of("02_mlp")[1:]), re.MULTILINE)
    again = f"exec(open({str(colab.set_up)!r}).read())"
    hidden = "import importlib.util\nprint(importlib.util.find_spec('distributed'), runs.__file__)"
    done = colab.run(f"file://{ROOT}", "\n".join(imports), hidden, again)
    clone = colab.content / "mnist-compare"
    assert done.lines == [f"None {clone}/notebooks/../mnist_compare/runs.py"]
    assert done.code == 0
    assert colab.asked.read_text() == "install --quiet -c ../requirements.txt onnxruntime gradio\n"
    assert (clone / ".git" / "shallow").exists()


def test_the_set_up_cell_leaves_pip_alone_where_nothing_is_lacking(colab, uploaded):
    colab.asked.write_text("onnxruntime gradio")
    done = colab.run(NOWHERE, "import onnxruntime")
    assert (done.code, done.lines) == (0, [])
    assert colab.asked.read_text() == "onnxruntime gradio"


def test_a_clone_that_fails_ends_in_one_sentence(colab):
    done = colab.run(NOWHERE, "print('went on')")
    assert done.lines == [
        f"{NOWHERE} could not be cloned: zip your copy of the folder mnist-compare, drag "
        "mnist-compare.zip into Files (the folder symbol on the left), and run this cell again."
    ]
    assert done.code == 1
    assert not colab.asked.exists()


@pytest.mark.parametrize("packed", [True, False])
def test_a_folder_uploaded_by_hand_is_used(colab, uploaded, packed):
    if packed:
        shutil.make_archive(str(uploaded), "zip", colab.content, uploaded.name)
        shutil.rmtree(uploaded)
    done = colab.run(NOWHERE, "import mnist_compare")
    assert (done.code, done.lines) == (0, ["uploaded"])


def test_elsewhere_the_set_up_cell_only_makes_the_package_importable(monkeypatch):
    before = list(sys.path)
    monkeypatch.setattr(sys, "path", [*before])
    exec(code_of("01_data")[0], {})
    assert sys.path == ["..", *before]
