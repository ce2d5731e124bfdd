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

from mnist_compare.report.book.notebooks import set_up_cell

ROOT = Path(__file__).parents[2]


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
        command = [sys.executable, ROOT / "tests" / "report" / "colab.py"]
        for number, cell in enumerate([set_up_cell(address), *cells]):
            command.append(tmp_path / f"cell_{number}.py")
            command[-1].write_text(cell.replace("/content", str(content)))
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout.split("\n")[:-1]

    return types.SimpleNamespace(run=run, content=content, asked=asked)


def enough(folder):
    """Put as much of the project into a folder as its set-up asks for."""
    for part in ("__init__.py", "report/__init__.py", "report/set_up.py"):
        (folder / "mnist_compare" / part).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "mnist_compare" / part, folder / "mnist_compare" / part)
    shutil.copy(ROOT / "requirements.txt", folder)


@pytest.mark.slow
def test_the_set_up_cell_fetches_the_package_and_installs_what_colab_lacks(colab):
    # Colab brings Keras, which only takes long to load.
    code = "\n".join(code_of("02_mlp")[1:])
    imports = re.findall("^(?:from|import) (?!keras).+", code, re.MULTILINE)
    hidden = "import importlib.util\nprint(importlib.util.find_spec('hypothesis'), live.__file__)"
    done = colab.run(f"file://{ROOT}", "\n".join(imports), hidden, set_up_cell())
    clone = colab.content / "mnist-compare"
    assert done == (0, [f"None {clone}/mnist_compare/report/live.py"])
    asked = colab.asked.read_text()
    assert asked.startswith("install --quiet -c requirements.txt ")
    assert {*asked.split()[4:]} == {"gradio", "polib"}
    assert (clone / ".git" / "shallow").exists()


@pytest.mark.slow
def test_without_the_project_the_cell_ends_the_run_with_what_to_do(colab):
    code, (of_ipython, *lines) = colab.run("file:///nowhere/mnist-compare", "print('went on')")
    (sentence,) = filter(None, lines)
    assert sentence.startswith("SystemExit: Bring mnist-compare into Files: ")
    assert "fatal: '/nowhere/mnist-compare' does not " in sentence
    assert (code, "Traceback" in of_ipython) == (1, False)
    assert not colab.asked.exists()


@pytest.mark.slow
@pytest.mark.parametrize("packed", [True, False])
def test_a_folder_uploaded_by_hand_is_used_and_pip_left_alone_if_nothing_lacks(colab, packed):
    colab.asked.write_text("gradio polib filelock")
    uploaded = colab.content / "mnist-compare"
    enough(uploaded)
    if packed:
        shutil.make_archive(str(uploaded), "zip", colab.content, uploaded.name)
        shutil.rmtree(uploaded)
    shown = "import mnist_compare, polib; print(mnist_compare.__file__)"
    assert colab.run("", shown) == (0, [f"{uploaded}/mnist_compare/__init__.py"])
    assert colab.asked.read_text() == "gradio polib filelock"


@pytest.mark.parametrize("folder", [".", "notebooks", "notebooks/ko", "notebooks/ko/supplement"])
def test_elsewhere_it_only_goes_to_the_project_and_makes_it_importable(folder, tmp_path):
    clone = tmp_path / "mnist_compare"  # called like the package in it
    enough(clone)
    (clone / folder).mkdir(parents=True, exist_ok=True)
    here = "import os; print(os.getcwd(), sys.path[0], os.environ['MNIST_COMPARE_LANGUAGE'])"
    again = set_up_cell(language="ko")
    (tmp_path / "cells.ipy").write_text("\n".join([set_up_cell(), here, again, here]))
    command = [sys.executable, "-m", "IPython", "--quick", tmp_path / "cells.ipy"]
    environment = os.environ | {"IPYTHONDIR": str(tmp_path)}
    done = subprocess.run(
        command, cwd=clone / folder, env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    assert done.stdout.splitlines() == [f"{clone} {clone} {language}" for language in ("en", "ko")]


def test_the_set_up_is_short_and_the_same_in_every_notebook():
    for path in (ROOT / "notebooks").rglob("*.ipynb"):
        set_up = code_of(path)[0]
        first = code_of("ko/01_data" if "ko" in path.parts else "01_data")[0]
        assert set_up == first
    lines = [line for line in set_up_cell().splitlines() if line]
    assert len(lines) <= 5
    assert max(map(len, lines)) <= 100
