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
from IPython.core.interactiveshell import InteractiveShell

from mnist_compare.report.words import code

ROOT = Path(__file__).parents[2]
NOWHERE = "file:///nowhere/mnist-compare"


def code_of(name):
    notebook = nbformat.read((ROOT / "notebooks" / name).with_suffix(".ipynb"), as_version=4)
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
        set_up = code_of("01_data")[0].replace('compare", ""', f'compare", "{address}"')
        command = [sys.executable, ROOT / "tests" / "report" / "colab.py"]
        for number, cell in enumerate([set_up, *cells]):
            command.append(tmp_path / f"cell_{number}.py")
            command[-1].write_text(cell.replace("/content", str(content)))
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout.split("\n")[:-1]

    return types.SimpleNamespace(run=run, content=content, asked=asked)


@pytest.fixture
def uploaded(colab):
    """As much of the folder as the cell asks for."""
    folder = colab.content / "mnist-compare"
    script = Path("mnist_compare", "report", "book", "assets", "colab.py")
    (folder / script).parent.mkdir(parents=True)
    shutil.copy(ROOT / script, folder / script)
    (folder / "mnist_compare" / "__init__.py").write_text("print('uploaded')")
    shutil.copy(ROOT / "requirements.txt", folder)
    return folder


@pytest.mark.slow
def test_the_set_up_cell_fetches_the_package_and_installs_what_colab_lacks(colab):
    # Colab brings Keras, which only takes long to load.
    code = "\n".join(code_of("02_mlp")[1:])
    imports = re.findall("^(?:from|import) (?!keras).+", code, re.MULTILINE)
    hidden = "import importlib.util\nprint(importlib.util.find_spec('hypothesis'), live.__file__)"
    done = colab.run(f"file://{ROOT}", "\n".join(imports), hidden, code_of("01_data")[0])
    clone = colab.content / "mnist-compare"
    assert done == (0, [f"None {clone}/mnist_compare/report/live.py"])
    asked = colab.asked.read_text()
    assert asked.startswith("install --quiet -c requirements.txt ")
    assert {*asked.split()[4:]} == {"onnxruntime", "gradio", "polib"}
    assert (clone / ".git" / "shallow").exists()


@pytest.mark.slow
@pytest.mark.parametrize("address", ["", NOWHERE])
def test_without_the_project_a_sentence_says_where_to_look(colab, address):
    code, lines = colab.run(address, "print('went on')")
    assert lines[0] == "Bring the project here first, as the first line says."
    assert code == 1
    assert "went on" not in lines
    assert not colab.asked.exists()


@pytest.mark.slow
@pytest.mark.parametrize("packed", [True, False])
def test_a_folder_uploaded_by_hand_is_used_and_pip_left_alone_if_nothing_lacks(
    colab, uploaded, packed
):
    colab.asked.write_text("onnxruntime gradio polib filelock")
    if packed:
        shutil.make_archive(str(uploaded), "zip", colab.content, uploaded.name)
        shutil.rmtree(uploaded)
    assert colab.run(NOWHERE, "import mnist_compare, onnxruntime") == (0, ["uploaded"])
    assert colab.asked.read_text() == "onnxruntime gradio polib filelock"


@pytest.mark.parametrize("folder", [".", "notebooks", "notebooks/ko", "notebooks/ko/supplement"])
def test_elsewhere_it_only_goes_to_the_project_and_makes_it_importable(
    folder, tmp_path, monkeypatch
):
    clone = tmp_path / "mnist_compare"  # called like the package in it
    for each in (folder, "mnist_compare"):
        (clone / each).mkdir(parents=True, exist_ok=True)
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setenv("MNIST_COMPARE_LANGUAGE", "ko")
    monkeypatch.chdir(clone / folder)
    for _ in range(2):
        InteractiveShell.instance().run_cell(code_of("01_data")[0]).raise_error()
        assert Path.cwd() == clone
        assert sys.path[0] == str(clone)


def test_the_set_up_is_short_and_the_same_in_every_notebook():
    for path in (ROOT / "notebooks").rglob("*.ipynb"):
        set_up = code_of(path)[0]
        language = "ko" if "ko" in path.parts else "en"
        expected = code_of("01_data")[0].replace('= "en"', f'= "{language}"')
        assert set_up == code.translated(expected, language)
    assert len([line for line in set_up.splitlines() if line]) <= 10
