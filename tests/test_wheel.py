"""What is installed without the repository: all that the package needs, and how it then behaves."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mnist_compare.own.checks import SAFE

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

# What the bundles are made of, and by; and what Python and Node leave behind.
NOT_SHIPPED = ("scripts", "*.sha256", "package*.json", "eslint.config.js")
NOT_SHIPPED += ("__pycache__", "node_modules")

BROUGHT = {"anyio", "httpx", "packaging", "starlette", "uvicorn"}  # by Gradio


def declared():
    extras = PROJECT["optional-dependencies"]
    return [*PROJECT["dependencies"], *(each for extra in extras.values() for each in extra)]


def test_the_requirements_are_those_of_the_package_and_its_extras():
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    assert sorted(line for line in lines if line and line[0] != "#") == sorted(declared())
    # Where an older Keras runs all the same, no stranger's file is opened.
    assert f"keras>={'.'.join(map(str, SAFE))},<4" in declared()


def imported(path):
    """Return the names of the modules that a file imports, at its top or inside a function."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name.partition(".")[0] for each in node.names)
        if isinstance(node, ast.ImportFrom):
            yield node.module.partition(".")[0]


def imports():
    """Yield each file of the package with a module that it imports, and what brings that."""
    of_modules = metadata.packages_distributions() | {"mnist_compare": ["numpy"]}
    for path in (ROOT / "mnist_compare").rglob("*.py"):
        if not {"assets", "node_modules"} & {*path.parts}:
            for name in {*imported(path)} - sys.stdlib_module_names:
                yield path, name, {each.lower() for each in of_modules.get(name, [name])}


def names(requirements):
    return {re.split(r"[\[<>=]", each)[0] for each in requirements} | BROUGHT


def test_what_the_package_imports_is_required():
    required = names(declared()) | {"ipython"}  # by ipykernel
    assert not [(path, module) for path, module, brings in imports() if not brings & required]


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """A copy to build from, since building leaves folders behind."""
    folder, ignored = tmp_path_factory.mktemp("source"), shutil.ignore_patterns(*NOT_SHIPPED)
    for name in ("mnist_compare", "notebooks", "reports", "figures", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    return folder


@pytest.fixture(scope="module")
def site(source, tmp_path_factory):
    """A folder with the package as pip installs it, and nothing of the repository around it."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps"]
    command += ["--no-build-isolation", "--no-compile", "--disable-pip-version-check"]
    subprocess.run([*command, "--target", folder, source], check=True)
    return folder


@pytest.fixture
def run(site, tmp_path):
    """Run a Python with the installed package, from a folder of its own."""

    env = {**os.environ, "PYTHONPATH": str(site), "PYTHONDONTWRITEBYTECODE": "1"}
    return lambda *arguments: subprocess.run(
        [sys.executable, *arguments], cwd=tmp_path, env=env, capture_output=True, text=True
    )


def files(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.slow
def test_the_wheel_holds_the_whole_package_and_nothing_else(source, site):
    assert files(site / "mnist_compare") == files(source / "mnist_compare")
    assert {path.name.partition("-")[0] for path in site.iterdir()} == {"mnist_compare", "bin"}


@pytest.mark.slow
def test_drawings_are_read_by_what_the_package_alone_brings(run, tmp_path):
    folder = tmp_path / "drawn" / "1"
    folder.mkdir(parents=True)
    one = np.pad(np.zeros((60, 8), np.uint8), 40, constant_values=255)
    Image.fromarray(one).save(folder / "one.png")
    there = names(PROJECT["dependencies"]) | {"fonttools"}  # by Matplotlib
    hidden = {module for _, module, brings in imports() if not brings & there}
    assert {"tensorflow", "keras", "joblib", "nbconvert"} <= hidden
    code = f"""
import sys
sys.modules.update(dict.fromkeys({sorted(hidden)}))
import mnist_compare.demo.server, mnist_compare.demo.collected
from mnist_compare.__main__ import main
from mnist_compare.page import weights
assert weights.explained(weights.computable(("mlp", "cnn", "reader"))) == ["mlp", "cnn"]
done = [main(["predict", "drawn/1/one.png"]), main(["drawings", "drawn"])]
done += [main(["drawings", "drawn", "--lang", "ko"]), main(["train", "mlp"])]
assert done == [0, 0, 0, 1], done
"""
    done = run("-c", code)
    assert done.returncode == 0, done.stderr
    assert "one.png: 1 (reader" in done.stdout
    assert "`pip install -r requirements.txt`" in done.stderr
