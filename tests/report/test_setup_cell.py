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

ROOT = Path(__file__).parents[2]
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
    environment = {
        **os.environ,
        "PATH": f"{commands}:{os.environ['PATH']}",
        "PIP_WAS_ASKED": str(asked),
        "IPYTHONDIR": str(tmp_path),
    }

    def run(address, *cells):
        set_up = re.sub('(?<=REPOSITORY = ").*(?=")', address, code_of("01_data")[0])
        command = [sys.executable, ROOT / "tests" / "report" / "colab.py"]
        for number, cell in enumerate([set_up.replace("/content", str(content)), *cells]):
            command.append(tmp_path / f"cell_{number}.py")
            command[-1].write_text(cell)
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout.split("\n")[:-1]

    set_up = tmp_path / "cell_0.py"
    return types.SimpleNamespace(run=run, content=content, asked=asked, set_up=set_up)


@pytest.fixture
def uploaded(colab):
    """As much of the folder as the cell asks for."""
    folder = colab.content / "mnist-compare"
    (folder / "notebooks").mkdir(parents=True)
    (folder / "mnist_compare.py").write_text("print('uploaded')")
    shutil.copy(ROOT / "requirements.txt", folder)
    return folder


def test_the_set_up_cell_fetches_the_package_and_installs_what_colab_lacks(colab):
    # Colab brings Keras, which only takes long to load.
    code = "\n".join(code_of("02_mlp")[1:])
    imports = re.findall("^(?:from|import) (?!keras).+", code, re.MULTILINE)
    again = f"exec(open({str(colab.set_up)!r}).read())"
    hidden = "import importlib.util\nprint(importlib.util.find_spec('distributed'), runs.__file__)"
    done = colab.run(f"file://{ROOT}", "\n".join(imports), hidden, again)
    clone = colab.content / "mnist-compare"
    assert done == (0, [f"None {clone}/notebooks/../mnist_compare/records/runs.py"])
    assert (
        colab.asked.read_text()
        == "install --quiet -c ../requirements.txt onnxruntime gradio polib\n"
    )
    assert (clone / ".git" / "shallow").exists()


def test_a_clone_that_fails_ends_in_one_sentence(colab):
    code, (sentence,) = colab.run(NOWHERE, "print('went on')")
    assert sentence.startswith(f"{NOWHERE} could not be cloned: zip your copy")
    assert code == 1
    assert not colab.asked.exists()


@pytest.mark.parametrize("packed", [True, False])
def test_a_folder_uploaded_by_hand_is_used_and_pip_left_alone_if_nothing_lacks(
    colab, uploaded, packed
):
    colab.asked.write_text("onnxruntime gradio polib")
    if packed:
        shutil.make_archive(str(uploaded), "zip", colab.content, uploaded.name)
        shutil.rmtree(uploaded)
    assert colab.run(NOWHERE, "import mnist_compare, onnxruntime") == (0, ["uploaded"])
    assert colab.asked.read_text() == "onnxruntime gradio polib"


def test_elsewhere_the_set_up_cell_only_makes_the_package_importable(monkeypatch):
    before = list(sys.path)
    monkeypatch.setattr(sys, "path", [*before])
    exec(code_of("01_data")[0], {})
    assert sys.path == ["..", *before]


def test_the_set_up_cell_leaves_the_folder_of_the_chapters_only_from_below(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setenv("MNIST_COMPARE_LANGUAGE", "en")
    clone = tmp_path / "mnist_compare"  # called like the package in it
    for folder in ("notebooks/ko", "mnist_compare"):
        (clone / folder).mkdir(parents=True)
    (clone / "mnist_compare" / "__init__.py").touch()
    for here in ("notebooks", "notebooks/ko"):
        monkeypatch.chdir(clone / here)
        exec(code_of("01_data")[0], {})
        assert Path.cwd() == clone / "notebooks"
