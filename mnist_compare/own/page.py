"""The report of a comparison: a notebook in its folder, run and built as the chapters are."""

import contextlib
from pathlib import Path

from mnist_compare.data import DATA_SETS, of
from mnist_compare.networks import title
from mnist_compare.own import plans
from mnist_compare.records import runs
from mnist_compare.records.place import FEWER_CHANGED, whole
from mnist_compare.report.sentences import Names
from mnist_compare.study.grid import FEW
from mnist_compare.study.pens import COUNTS
from mnist_compare.study.robustness import RECORD

OPENING = """\
import os
import sys

sys.path.insert(0, {package!r})
os.environ["MNIST_COMPARE_FOLDER"] = os.getcwd()
from mnist_compare import report
from mnist_compare.own import plans, results
from mnist_compare.records import runs
from mnist_compare.report import figures, pens
from mnist_compare.study.pens import COUNTS

plan = plans.of(".")"""


def build(folder):
    """Write report.ipynb, report.html and report.pdf into a folder, from its records."""
    from mnist_compare.report import build, notebooks

    folder, plan = Path(folder), plans.of(folder)
    path = folder / "report.ipynb"
    _write(path, _cells(plan))
    with contextlib.redirect_stdout(None):  # it is one notebook, and takes seconds
        notebooks.execute([path])
    named = f"{Names(map(title, plan.names))}"
    pictures = DATA_SETS[of(plan.protocol)].title
    about = {
        "title": named,
        "subtitle": f"Compared on {pictures}: {plan.epochs} epochs, {plan.seeds} seeds",
        "inplace": "true",
    }
    return build.build([path], folder, **about)


def _cells(plan):
    """Yield the cells of the notebook: the text of a heading, or code."""
    yield OPENING.format(package=str(Path(__file__).parents[2])), ["remove-cell"]
    yield 'report.say("{verdicts: }", verdicts=report.Names(results.sentences(plan)))', ["abstract"]
    yield "# The comparison", None
    yield 'report.say("{verdicts: }", verdicts=report.Names(results.sentences(plan)))', ["plumbing"]
    yield _table(
        "differences",
        "Difference in test accuracy between two networks with the same seed, in points: mean with "
        "its 95 % interval (Student's t). The verdict is corrected by Holm's procedure for all "
        "pairs in this table; “more” means that the first network of the pair reads more. "
        "McNemar's exact test compares the answers of the two networks of a seed. Seeds needed: "
        "to see a difference of this size with a power of 95 %.",
    )
    yield _table(
        "accuracies",
        "Means over the seeds, with 95 % intervals (Student's t); standard deviation and "
        "calibration error in points.",
    )
    yield _table(
        "costs",
        "What each network costs. Operations are multiplications and additions; seconds are the "
        "median for an epoch of training on one thread, while other runs shared the machine.",
    )
    yield "## How they learn", None
    for name in plan.names:
        yield _figure(
            f"learning-{name}",
            f"figures.learning_curves(runs.read({name!r}, plan.protocol))",
            f"{title(name)}: thin lines are single seeds, thick lines their means.",
        )
    yield "## How sure they are", None
    yield _figure(
        "reliability",
        "figures.reliability(results.diagrams(plan))",
        "How often each network is right against how sure it is, all seeds; below, the share of "
        "the answers at each confidence.",
    )
    yield "## What they mix up", None
    for name in plan.names:
        yield _figure(
            f"confusion-{name}",
            f"figures.confusion_matrix(*results.confused(plan, {name!r}))",
            f"{title(name)}, seed 0: what each class is taken for.",
        )
    if RECORD.path.exists() and len(runs.measured(RECORD, plan.protocol)):
        yield "## Changed pictures", None
        yield _figure(
            "robustness",
            "figures.robustness(results.curves(plan))",
            f"Accuracy over the level of each change, on {FEWER_CHANGED:,} test pictures: mean "
            f"over {min(plan.seeds, FEW)} seeds, the band its 95 % interval (Student's t), except "
            "where that would fill the panel. The dotted line marks 90 %.",
        )
        yield _table("changed", "Mean accuracy over the changed levels.")
    if COUNTS.path.exists():
        yield "## Digits drawn with a pen", None
        yield (
            "report.table(\n    pens.table(runs.measured(COUNTS, plan.protocol), plan.names),\n"
            '    "tab-pens",\n    "Pen-drawn digits of writers 21–30 that are read correctly.",\n)',
            ["plumbing"],
        )


def _table(name, caption):
    return f'report.table(results.{name}(plan), "tab-{name}", {caption!r})', ["plumbing"]


def _figure(label, code, caption):
    return f'report.figure(\n    {code},\n    "fig-{label}",\n    {caption!r},\n)', ["plumbing"]


def _write(path, cells):
    from nbformat import v4, write

    notebook = v4.new_notebook()
    for number, (source, tags) in enumerate(cells):
        make = v4.new_markdown_cell if tags is None else v4.new_code_cell
        cell = make(source, id=f"own-{number:02}")
        cell.metadata["tags"] = tags or []
        notebook.cells.append(cell)
    with whole(path) as temporary:
        write(notebook, temporary)
