"""README's Python and its commands, as they stand."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import mnist_compare
from mnist_compare.__main__ import _parser

ROOT = Path(__file__).parents[1]
TEXTS = [(ROOT / name).read_text("utf-8") for name in ("README.md", "mnist_compare/README.md")]
COMMANDS = [
    line.partition("  #")[0].replace("\\", "/")
    for text in TEXTS
    for line in re.findall(r"(?:^|`)((?:\.venv|make |py |python|mnist-compare)[^`\n]*)", text, re.M)
]
OWN = [
    command.partition("mnist_compare ")[2] or command.partition("mnist-compare ")[2]
    for command in COMMANDS
    if "-m mnist_compare " in command or command.startswith("mnist-compare ")
]


@pytest.mark.slow
def test_the_ten_lines_build_train_and_measure_both_networks():
    (code,) = re.findall(r"```python\n(.*?)```", TEXTS[0], re.DOTALL)
    assert len(code.strip().splitlines()) <= 11
    few = "[[part[:300] for part in digits] for digits in load()]"
    code = code.replace("= load()", f"= {few}").replace("epochs=5", "epochs=1")
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    lines = [line for line in done.stdout.splitlines() if "overfitting gap" in line]
    assert [line.partition(":")[0] for line in lines] == ["mlp", "cnn"]


@pytest.mark.slow
def test_the_public_names_do_what_the_table_of_the_package_says():
    (code,) = re.findall(r"```python\n(.*?)```", TEXTS[1], re.DOTALL)
    names = {*re.findall(r"\w+", code)} & {*mnist_compare.__all__}
    assert names | {"compare", "own_run"} == {*mnist_compare.__all__}
    made = {name: getattr(mnist_compare, name) for name in names}
    exec(code, made)
    assert made["digit"].shape == (28, 28)
    assert 0.9 < made["share"] < 1
    assert (
        made["gap"]
        == made["run"].rows[-1]["train_accuracy"] - made["run"].rows[-1]["test_accuracy"]
    )


@pytest.mark.parametrize("arguments", OWN)
def test_a_command_is_one_that_the_package_takes(arguments):
    _parser("mnist-compare").parse_args(shlex.split(arguments))


def test_make_knows_what_it_is_asked_for():
    wanted = {command.split()[1] for command in COMMANDS if command.startswith("make ")}
    wanted |= {name for command in COMMANDS for name in re.findall(r"make (\w+)", command)}
    subprocess.run(
        ["make", "--dry-run", *sorted(wanted)], cwd=ROOT, check=True, capture_output=True
    )
