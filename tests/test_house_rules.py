"""What keeps the house in order: imports point down, chapters are alike, no result is typed."""

import ast
import graphlib
import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from mnist_compare.findings import Findings, comparison
from mnist_compare.report.book import editions, options, readme
from mnist_compare.report.words import stamps

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "notebooks"
SOLUTIONS = FOLDER / "class" / "solutions.ipynb"
NOTEBOOKS = {path.stem: path for path in (*editions.chapters(FOLDER), SOLUTIONS)}
FINDINGS = Findings()
CHAPTERS = {name: nbformat.read(path, as_version=4) for name, path in NOTEBOOKS.items()}

# A number that could be a result: a percentage, points, two decimals or more. The 20 % of padding,
# 95 % intervals, limits such as 90 and 100 %, versions of Python and the digits inside links,
# formulas and code are none.
RESULT = re.compile(r"\d+(?:\.\d+)?\s?(?:%|per cent|points|seconds)|\d\.\d{2,}")
ALLOWED = {"5 %", "20 %", "90 %", "95 %", "100 %", "3.11", "3.13"}


each_chapter = pytest.mark.parametrize("name", CHAPTERS)


def cells(notebook, kind):
    return [cell for cell in notebook.cells if cell.cell_type == kind]


def prose(notebook):
    return "\n".join(cell.source for cell in cells(notebook, "markdown"))


def outputs(notebook):
    return [output for cell in cells(notebook, "code") for output in cell.outputs]


def results_in(text):
    text = re.sub(r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$|\]\([^)]*\)", " ", text, flags=re.S)
    return set(RESULT.findall(text)) - ALLOWED


# From the ground up.
ROOMS = ("core", "records", "reader", "study", "page")
ROOMS += ("report.words", "report.draw", "findings", "report", "report.book")
ROOMS += ("own", "demo")
PACKAGE = ROOT / "mnist_compare"
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in PACKAGE.rglob("*.py")
    if not {"assets", "node_modules"} & {*path.parts} and path.stem != "__main__"
}


def room_of(module):
    _, *names = module.split(".")
    rooms = (".".join(names[:2]), *names[:1])
    return next((room for room in rooms if room in ROOMS), "core")


def imported(module):
    """Return the modules of the package that one imports, at its top or inside a function."""
    found = set()
    for node in ast.walk(ast.parse(MODULES[module].read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("mnist_compare"):
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= names & MODULES.keys() or {node.module}
    return found - {"mnist_compare", module}


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_down_between_rooms(module):
    for other in imported(module):
        assert ROOMS.index(room_of(other)) <= ROOMS.index(room_of(module)), other


def test_no_import_goes_round_in_a_circle():
    imports = {module: imported(module) for module in MODULES if module != "mnist_compare"}
    list(graphlib.TopologicalSorter(imports).static_order())  # raises CycleError


def test_the_map_names_every_file():
    text = (PACKAGE / "README.md").read_text("utf-8")
    names = {path.stem for path in MODULES.values()} - {"__init__"}
    assert not names - {*re.findall(r"\w+", text)}
    for path in re.findall(r"`((?:\w+/)+\w+\.\w+)`", text):
        assert (PACKAGE / path).exists(), path


def test_nothing_but_a_network_needs_tensorflow():
    needed = ("fast_cnn", "reader.fitting", "reader.augmentation")
    light = [module for module in MODULES if not module.endswith(needed)]
    code = (
        f"import sys, {', '.join(light)}\n"
        "for name in mnist_compare.__all__: getattr(mnist_compare, name)\n"
        "assert not {'tensorflow', 'keras'} & {*sys.modules}"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


@each_chapter
def test_a_number_in_the_prose_is_stamped_and_what_the_stamp_says(name):
    names = FINDINGS
    for text in (cell.source for cell in cells(CHAPTERS[name], "markdown")):
        assert not results_in(stamps._STAMP.sub("", text)), "typed, not stamped"
        filled, untrue = stamps.fill(text, names)
        assert not untrue, "the records do not support this"
        assert filled == text, "stale: `python -m mnist_compare release stamp` fills it anew"
        assert not re.search("^<!--", text, re.M), "a comment at the beginning hides a line"


def test_the_readme_has_no_typed_results_and_takes_the_recorded_ones(tmp_path):
    text = (ROOT / "README.md").read_text()
    before, _, rest = text.partition(readme.BEGIN)
    assert not results_in(stamps._STAMP.sub("", before + rest.partition(readme.END)[2]))
    copy = tmp_path / "README.md"
    copy.write_text(text)
    readme.update(copy)
    assert comparison.results().loc["Test accuracy", "CNN 10"] in copy.read_text()


def test_text_is_read_and_written_as_utf8_whatever_the_locale():
    for path in MODULES.values():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in ("read_text", "write_text"):
                assert "utf-8" in ast.unparse(node), (path, node.lineno)


@each_chapter
def test_a_figure_has_an_alternative_text_that_is_not_its_caption(name):
    for path in (NOTEBOOKS[name], FOLDER / "ko" / NOTEBOOKS[name].relative_to(FOLDER)):
        notebook = nbformat.read(path, as_version=4)
        said = {}
        for cell in cells(notebook, "markdown"):
            if found := re.match(r'<a id="(fig-[^"]+)" title="([^"]+)"></a>\s+(.+)', cell.source):
                label, said[label], caption = found.groups()
                assert said[label] not in caption
                assert len(stamps.plain(said[label])) <= 300, said[label]
        asked = {options.of(cell.source).get("label", "") for cell in cells(notebook, "code")}
        assert {*said} == {label for label in asked if label.startswith("fig-")}


@each_chapter
def test_a_notebook_opens_with_words_and_then_the_set_up(name):
    words = []
    for cell in CHAPTERS[name].cells:
        if cell.cell_type == "code":
            break
        words.append(cell.source)
    assert "setup" in cell.metadata.tags
    assert re.search(r"^# .+\n\n\S", "\n\n".join(words), re.M)


@each_chapter
def test_what_a_notebook_imports_is_there(name):
    for cell in cells(CHAPTERS[name], "code"):
        imports = re.findall(r"^from (mnist_compare\S*) import ([\w, ]+)", cell.source, re.M)
        for module, names in imports:
            for each in (name.split()[0] for name in names.split(",")):
                there = hasattr(importlib.import_module(module), each)
                assert there or importlib.util.find_spec(f"{module}.{each}"), (module, each)


@each_chapter
def test_a_link_to_a_document_leads_to_its_folder(name):
    for path in re.findall(r"\]\(([^)\s#]+\.html)#", prose(CHAPTERS[name])):
        assert (NOTEBOOKS[name].parent / path).resolve().parent == ROOT / "reports", path
