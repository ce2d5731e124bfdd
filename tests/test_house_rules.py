"""What keeps the house in order: imports point down, chapters are alike, no result is typed."""

import ast
import graphlib
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from mnist_compare.report.book import editions, options, readme
from mnist_compare.report.chapters import comparison
from mnist_compare.report.chapters.names import RECORDED
from mnist_compare.report.words import stamps

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "notebooks"
DOCUMENTS = editions.documents(FOLDER)
NOTEBOOKS = {path.stem: path for path in (*editions.chapters(FOLDER), editions.solutions(FOLDER))}
CHAPTERS = {name: nbformat.read(path, as_version=4) for name, path in NOTEBOOKS.items()}

# A number that could be a result: a percentage, points, two decimals or more. The 20 % of padding,
# 95 % intervals, limits such as 90 and 100 %, versions of Python and the digits inside links,
# formulas and code are none.
RESULT = re.compile(r"\d+(?:\.\d+)?\s?(?:%|per cent|points|seconds)|\d\.\d{2,}")
ALLOWED = {"5 %", "20 %", "90 %", "95 %", "100 %", "3.11", "3.13"}

LINK = re.compile(r"\]\((?P<there>[^)\s#]+\.html)?#(?P<label>[^)\s]+)\)")

each_chapter = pytest.mark.parametrize("name", CHAPTERS)


def cells(notebook, kind):
    return [cell for cell in notebook.cells if cell.cell_type == kind]


def prose(notebook):
    return "\n".join(cell.source for cell in cells(notebook, "markdown"))


def outputs(notebook):
    return [output for cell in cells(notebook, "code") for output in cell.outputs]


def labels(notebook):
    """Labels of sections, figures and tables."""
    return {*re.findall('<a id="([^"]+)"></a>', prose(notebook))}


def homes():
    """The document of each label of a chapter."""
    return {
        label: document
        for document, paths in DOCUMENTS.items()
        for path in paths
        for label in labels(CHAPTERS[path.stem])
    }


def results_in(text):
    text = re.sub(r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$|\]\([^)]*\)", " ", text, flags=re.S)
    return set(RESULT.findall(text)) - ALLOWED


# From the ground up.
ROOMS = ("core", "records", "reader", "study", "front")
ROOMS += ("report.words", "report.draw", "report.chapters", "report", "report.book")
ROOMS += ("own", "demo", "bench")
PACKAGE = ROOT / "mnist_compare"
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in PACKAGE.rglob("*.py")
    if "assets" not in path.parts and path.stem != "__main__"
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


def taken_by(module):
    """Yield (module, name) of what a module takes by its name or from another module."""
    tree, alone = ast.parse(MODULES[module].read_text()), {}
    for node in ast.walk(tree):
        for alias in node.names if isinstance(node, ast.ImportFrom) else ():
            yield node.module, alias.name
            alone[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield alone.get(node.value.id), node.attr


def test_what_one_room_takes_from_another_is_annotated():
    taken = {
        (other, name)
        for module in MODULES
        for other, name in taken_by(module)
        if other in MODULES and room_of(other) != room_of(module)
    }
    bare = []
    for module, path in MODULES.items():
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and (module, node.name) in taken:
                some = [node.returns, *(each.annotation for each in node.args.args)]
                bare += [f"{module}.{node.name}"] if node.args.args and not any(some) else []
    assert not bare


def test_nothing_but_a_network_needs_tensorflow():
    needed = ("fast_cnn", "reader.fitting", "reader.augmentation")
    light = [module for module in MODULES if not module.endswith(needed)]
    code = (
        f"import sys, {', '.join(light)}\n"
        "for name in mnist_compare.__all__: getattr(mnist_compare, name)\n"
        "assert not {'tensorflow', 'keras'} & {*sys.modules}"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_the_check_for_typed_results_finds_them():
    assert results_in("The CNN reaches 98.7 % after ten epochs.") == {"98.7 %"}
    assert results_in("A loss of 0.0433 and a gap of 1.21 points.") == {"0.0433", "1.21 points"}
    assert results_in("Padding of 20 % makes 28 / 1.4 = 20 of 28×28 pixels.") == set()


@each_chapter
def test_a_number_in_the_prose_is_stamped_and_what_the_stamp_says(name):
    names = RECORDED
    for text in (cell.source for cell in cells(CHAPTERS[name], "markdown")):
        assert not results_in(stamps.without(text)), "typed, not stamped"
        filled, untrue = stamps.fill(text, names)
        assert not untrue, "the records do not support this"
        assert filled == text, "stale: `python -m mnist_compare release stamp` fills it anew"
        assert not re.search("^<!--", text, re.M), "a comment at the beginning hides a line"


def test_the_readme_has_no_typed_results_and_takes_the_recorded_ones(tmp_path):
    text = (ROOT / "README.md").read_text()
    before, _, rest = text.partition(readme.BEGIN)
    assert not results_in(stamps.without(before + rest.partition(readme.END)[2]))
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
def test_cells_are_short_and_plumbing_defines_nothing(name):
    lengths = [0]
    for cell in cells(CHAPTERS[name], "code")[1:]:  # after the set-up
        code = options.without(cell.source)
        lengths.append(len(code.splitlines()))
        if re.search(r"^\s*(def|class|async def) ", code, re.M):
            assert options.of(cell.source).get("echo", True), code
            assert len([line for line in code.splitlines() if line.strip()]) <= 17, code
    assert sorted(lengths)[len(lengths) // 2] <= 6


@each_chapter
def test_a_notebook_opens_with_words_and_then_the_set_up(name):
    words = []
    for cell in CHAPTERS[name].cells:
        if cell.cell_type == "code":
            break
        words.append(cell.source)
    assert "setup" in cell.metadata.tags
    assert re.search(r"^# .+\n\n\S", "\n\n".join(words), re.M)


def test_the_class_notebook_shows_no_outputs_before_it_is_run():
    notebook = editions.class_notebook(FOLDER)
    for path in (notebook, editions.path_of(notebook, "ko")):
        assert not outputs(nbformat.read(path, as_version=4))


@each_chapter
def test_a_link_leads_to_a_cell_of_its_notebook_or_else_to_the_document_that_has_it(name):
    texts = [prose(CHAPTERS[name])]
    here = labels(CHAPTERS[name])
    reports = os.path.relpath(ROOT / "reports", NOTEBOOKS[name].parent)
    elsewhere = {
        label: f"{reports}/{document}.html"
        for label, document in homes().items()
        if label not in here
    }
    for link in LINK.finditer("\n".join(texts)):
        if link["there"]:
            assert elsewhere.get(link["label"]) == link["there"], link[0]
        else:
            assert link["label"] in here, link[0]


@pytest.mark.parametrize("name", [path.stem for path in DOCUMENTS["report"][:-1]])
def test_a_chapter_asks_and_ends_in_a_box_to_take_away(name):
    assert "**Predict before you look.**" in prose(CHAPTERS[name])
    assert CHAPTERS[name].cells[-1].source.startswith("> **To take away**")
    assert prose(CHAPTERS[name]).count("**To take away**") == 1


def test_the_top_level_holds_nothing_but_what_belongs_there():
    allowed = {
        "notebooks", "mnist_compare", "figures", "reports", "tests", "requirements.txt",
        "README.md", "pyproject.toml", "Makefile", "LICENSE", "CITATION.cff", "CHANGELOG.md",
        "requirements.lock",
    }  # fmt: skip
    left_by_make = {"build", "mnist_compare.egg-info", "site"}
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert found - left_by_make == allowed
