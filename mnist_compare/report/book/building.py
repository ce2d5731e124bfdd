"""The report in build/, which git ignores, and its release into the files that git tracks."""

import os
import shutil
import subprocess
import tempfile
from functools import partial
from pathlib import Path

import pandas as pd
from joblib import parallel_config

from mnist_compare.files import atomically
from mnist_compare.records import runs
from mnist_compare.records.frames import NETWORK, by_name
from mnist_compare.records.progress import say
from mnist_compare.report.book import documents, editions, notebooks, options, readme
from mnist_compare.report.book.merging import file_name
from mnist_compare.report.words.translation import LANGUAGES

TOP = Path(__file__).parents[3]  # of the clone
BUILD, SOURCES = TOP / "build", TOP / "notebooks"
RECORDS = "*.csv", "*.npz", "*.json", "*.md"


def report(language: str, chapter: str = "", fresh: bool = False, **about: str) -> list[Path]:
    """Run the notebooks of a language, say what of them does not hold, and return the documents.

    With ``chapter``, only that one is made, and run only if its code, the package or the records
    have changed since it was. ``fresh`` trains the runs of the report anew; so does a network that
    is not the recorded one. Their records are then in build/records. ``about`` is as in
    ``documents.build()``.
    """
    if not chapter:
        _train_missing(fresh)
        _run(editions.chapters(SOURCES, language), language)
        page = partial(file_name, "report", "html")
        built = [other for other in _others(language) if (BUILD / "reports" / page(other)).exists()]
        return _built(language, editions=built, site=BUILD / "site", **about)
    path = editions.chapter(SOURCES, language, chapter)
    if fresh or not notebooks.is_current(_executed(path), path):
        _train_missing(fresh)
        _run([path], language)
    return _built(language, only=path.stem, **about)


def release() -> None:
    """Run and build everything in every language, and put it where git tracks it.

    Raises ValueError where git sees changes, since a release tells which commit it was made from.
    """
    if _git("status", "--porcelain", "--untracked-files=no"):
        raise ValueError("Commit what has changed first: a release is made from a commit.")
    for language in LANGUAGES:
        _run(editions.chapters(SOURCES, language), language)
    for language in LANGUAGES:
        for path in _built(language, editions=_others(language)):
            _copy(path, TOP / "reports" / path.name)
    for path in (BUILD / "notebooks").rglob("*.ipynb"):
        _copy(path, SOURCES / path.relative_to(BUILD / "notebooks"))
    for path in (BUILD / "figures").glob("*.png"):
        _copy(path, TOP / "figures" / path.name)
    readme.update(TOP / "README.md")


def check() -> list[str]:
    """Return what git tracks of a release that is not what its sources give, a line for each."""
    import nbformat

    wrong = []
    for language in LANGUAGES:
        chapters = editions.chapters(SOURCES, language)
        stale = [path for path in chapters if not notebooks.is_current(path, path)]
        why = "was run before its code, the package or a record changed"
        wrong += [f"{path.relative_to(TOP)} {why}" for path in stale]
        if not stale:
            wrong += _other_documents(language)
    labels = set()
    for path in editions.chapters(SOURCES):
        cells = [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
        labels |= {options.of(cell.source).get("label", "") for cell in cells}
    named = {f"{label[4:].replace('-', '_')}.png" for label in labels if label.startswith("fig-")}
    there = {path.name for path in (TOP / "figures").glob("*.png")}
    wrong += [f"figures/{name} is missing" for name in sorted(named - there)]
    unused = {name for name in there - named if not name.startswith("stage_")}
    wrong += [f"figures/{name} is of no cell" for name in sorted(unused)]
    with tempfile.TemporaryDirectory() as folder:
        updated = Path(folder, "README.md")
        shutil.copyfile(TOP / "README.md", updated)
        readme.update(updated)
        if updated.read_bytes() != (TOP / "README.md").read_bytes():
            wrong.append("README.md has other numbers than the records")
    return wrong


def _train_missing(fresh):
    """Train what the records lack, or all if ``fresh``, into a copy of them in build/.

    This process and the kernels that it starts then read that copy.
    """
    from mnist_compare.findings import everything
    from mnist_compare.study import trained

    say("Looking whether the recorded runs are of these networks.")
    wanted, folder = everything.main_job(), BUILD / "records"
    if not fresh and not runs.ROWS.missing(wanted, trained.fingerprint):
        return
    begins = not folder.exists()
    for path in (path for form in RECORDS for path in (TOP / "reports").glob(form) if begins):
        _copy(path, folder / path.name)
    os.environ["MNIST_COMPARE_RECORDS"] = str(folder)
    if begins and fresh:
        for record in runs.FILES:
            frame = record.read()
            runs_of = pd.MultiIndex.from_frame(frame[[*NETWORK]])
            record.write(frame[~runs_of.isin([by_name(key) for key in wanted])])
    say(f"Runs are recorded in {folder}; delete that folder to train them anew.")
    with parallel_config(n_jobs=-1):
        trained.train_missing(wanted)


def _run(paths, language):
    """Run notebooks of a language into build/, and say what of them does not hold."""
    figures = BUILD / "figures" if language == LANGUAGES[0] else None
    for remark in notebooks.execute({path: _executed(path) for path in paths}, language, figures):
        say(remark)


def _others(language):
    return [other for other in LANGUAGES if other != language]


def _executed(path):
    return BUILD / "notebooks" / path.relative_to(SOURCES)


def _built(language, **about):
    """Build documents of the notebooks that have been run; return their paths."""
    say("Writing pages and PDFs.")
    chapters = {
        name: [_executed(path) if _executed(path).exists() else path for path in paths]
        for name, paths in editions.documents(SOURCES, language).items()
    }
    return documents.build(chapters, BUILD / "reports", language, **about)


def _other_documents(language):
    """Yield which documents differ from those of the stored notebooks."""
    stored, others = editions.documents(SOURCES, language), _others(language)
    with tempfile.TemporaryDirectory() as folder:
        for path in documents.build(stored, Path(folder), language, others):
            tracked = TOP / "reports" / path.name
            if not tracked.exists() or tracked.read_bytes() != path.read_bytes():
                yield f"reports/{path.name} is of other notebooks"


def _copy(path, to):
    with atomically(to) as temporary:
        shutil.copyfile(path, temporary)


def _git(*command):
    return subprocess.run(
        ["git", "-C", str(TOP), *command], capture_output=True, text=True, check=True
    ).stdout
