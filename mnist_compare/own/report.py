"""The report of a comparison: a notebook in its folder, run and built as the chapters are.

It is made of ``assets/report.ipynb``. There, cells tagged ``each-network`` are for one network and
come once for each; those tagged ``robustness`` need such a record.
"""

import copy
from pathlib import Path

from mnist_compare.files import atomically
from mnist_compare.findings.robustness import RECORD
from mnist_compare.own import plans
from mnist_compare.records import data_sets, runs
from mnist_compare.records.networks import title
from mnist_compare.records.place import FEWER_CHANGED, at
from mnist_compare.study.trained import FEW

TEMPLATE = Path(__file__).parent / "assets" / "report.ipynb"


def build(folder):
    """Write report.ipynb and, as a page, report.html, made of the folder's records."""
    import nbformat

    from mnist_compare.report.book import documents, notebooks

    path = Path(folder) / "report.ipynb"
    plan, place = plans.read_folder(folder)
    with at(place):
        with atomically(path) as temporary:
            nbformat.write(_notebook(plan), temporary)
        notebooks.execute({path: path}, figures=path.parent / "figures")
        pictures = data_sets.data_set_named(plan.protocol.data).title
        documents.build(
            {"report": [path]},
            path.parent,
            on_paper=False,
            title=", ".join(map(title, plan.names)),
            subtitle=f"Compared on {pictures} after epoch {plan.epochs}, over {plan.seeds} seeds",
        )


def _notebook(plan):
    """Return the template with what this comparison has: its networks and its records."""
    from nbformat import read

    measured = RECORD.path.exists() and len(runs.measured(RECORD, plan.protocol))
    words = {
        "PACKAGE": str(Path(__file__).parents[2]),
        "CHANGED": f"{FEWER_CHANGED:,}",
        "SEEDS": str(min(plan.seeds, FEW)),
    }
    notebook = read(TEMPLATE, as_version=4)
    cells = []
    for cell in notebook.cells:
        tags = {*cell.metadata.get("tags", [])}
        names = plan.names if "each-network" in tags else plan.names[:1]
        if measured or "robustness" not in tags:
            cells += [_filled(cell, words | {"NAME": name}) for name in names]
    notebook.cells = cells
    return notebook


def _filled(cell, words):
    """Return a copy of a cell with words in place of those in capitals that stand for them."""
    filled = copy.deepcopy(cell)
    filled.id = f"{cell.id}-{words['NAME']}"
    for word, text in words.items():
        filled.source = filled.source.replace(word, text)
    return filled
