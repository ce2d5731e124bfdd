"""Run the notebooks and store them with their outputs."""

import os
import re
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor, as_completed, wait
from pathlib import Path

from mnist_compare import REPOSITORY
from mnist_compare.report import show, translation
from mnist_compare.report.translation import LANGUAGES

ASSETS = Path(__file__).parent / "assets"
FOLDED = ("plumbing", "setup")  # tags of cells whose code is folded in Jupyter, Colab and the page
TRAINING, AFTER = ("02_mlp", "04_cnn"), "05_comparison"  # which shows the runs of those two
# An origin as git writes it: git@github.com:OWNER/NAME.git, https://github.com/OWNER/NAME, …
_ON_GITHUB = re.compile(
    r"(?:https://(?:[^@/]+@)?|(?:ssh://)?git@)github\.com[:/](?P<name>[\w.-]+/[\w.-]+?)(?:\.git)?/?"
)


def execute(notebooks, languages=LANGUAGES[:1]):
    """Run each notebook from top to bottom in a fresh kernel and store it with its outputs.

    The same run gives its editions in the other ``languages``, see ``edition()``.

    As many run at a time as there are cores: first those that train, then the later and longer
    chapters, and last the one that shows what was trained. If a cell fails, its notebook stays as
    it was, and RuntimeError names the notebook, the cell and the error. What changes from run to
    run (times, versions) is not stored.
    """
    paths = {path.stem: path for path in sorted(map(Path, notebooks), reverse=True)}
    names = sorted(paths, key=lambda name: (name == AFTER, name not in TRAINING))
    with ThreadPoolExecutor(os.cpu_count()) as executor:
        running = {}
        try:
            for name in names:
                before = [
                    running[other] for other in TRAINING if name == AFTER and other in running
                ]
                running[name] = executor.submit(_execute, paths[name], before, languages[1:])
            for done in as_completed(running.values()):
                print(done.result(), flush=True)
        except BaseException:
            executor.shutdown(cancel_futures=True)
            raise


def edition(path, language):
    """Return where the notebook at a path is in a language."""
    return path if language == LANGUAGES[0] else path.parent / language / path.name


def address(path):
    """Write into a notebook that is not executed here from where Colab fetches it."""
    import nbformat

    from mnist_compare.records.place import whole

    notebook = nbformat.read(path, as_version=4)
    _stamp(notebook, path)
    with whole(path) as temporary:
        nbformat.write(notebook, temporary)


def _execute(path, before, others):
    """Run one notebook, once those ``before`` it are done, and return a line about it."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellControlSignal, CellExecutionError, DeadKernelError

    from mnist_compare.records.place import whole

    wait(before)
    started, reached = time.perf_counter(), []
    notebook = nbformat.read(path, as_version=4)
    _stamp(notebook, path)
    client = NotebookClient(
        notebook,
        timeout=1800,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(path.parent.resolve())}},
        on_cell_start=lambda cell, cell_index: reached.append(cell_index),
    )
    try:
        # Standard error has TensorFlow's greetings.
        client.execute(
            stderr=subprocess.DEVNULL, env=os.environ | {show.EDITIONS: " ".join(others)}
        )
    except (CellControlSignal, DeadKernelError) as error:
        failed = isinstance(error, CellExecutionError)
        reason = f"{error.ename}: {error.evalue}" if failed else str(error)
        place = f"{path.name}, cell {reached[-1] + 1}"
        raise RuntimeError(f"{place} failed: {reason}") from error
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    for language in others:
        translated = translation.notebook(notebook, language)
        there = edition(path, language)
        there.parent.mkdir(exist_ok=True)
        with whole(there) as temporary:
            nbformat.write(translated, temporary)
    translation.without_editions(notebook)
    with whole(path) as temporary:
        nbformat.write(notebook, temporary)
    return f"{path.name}: {time.perf_counter() - started:.0f} s"


def _stamp(notebook, path):
    """Give the cells tagged ``badge`` and ``setup`` their text, and fold those of ``FOLDED``."""
    repository = _repository(path.parent)
    colab = repository.replace("github.com", "colab.research.google.com/github")
    set_up = (ASSETS / "setup_cell.py").read_text("utf-8").rstrip()
    texts = {
        "badge": f"[![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]"
        f"({colab}/blob/main/notebooks/{path.name})",
        "setup": set_up.replace("{repository}", repository),
    }
    for cell in notebook.cells:
        tags = {*cell.metadata.get("tags", [])}
        for tag in texts.keys() & tags:
            cell.source = texts[tag]
        if {*FOLDED} & tags:
            cell.metadata |= {"jupyter": {"source_hidden": True}, "cellView": "form"}


def _repository(folder):
    """Return the address of a folder's origin, if that is on GitHub, else that of the package."""
    command = ["git", "-C", str(folder), "remote", "get-url", "origin"]
    try:
        origin = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except FileNotFoundError:  # no git on this machine
        return REPOSITORY
    found = _ON_GITHUB.fullmatch(origin.strip())
    return f"https://github.com/{found['name']}" if found else REPOSITORY
