"""Run the notebooks, fill the numbers of their prose from the records, make their editions."""

import base64
import os
import re
import subprocess
import time
from concurrent.futures import Future, ThreadPoolExecutor, as_completed, wait
from pathlib import Path

from mnist_compare.place import atomically
from mnist_compare.report.book import editions, options
from mnist_compare.report.book.pandoc import ASSETS
from mnist_compare.report.chapters.names import RECORDED
from mnist_compare.report.words import spoken, stamps, translation
from mnist_compare.report.words.translation import LANGUAGES

TRAINING, AFTER = ("02_mlp", "04_cnn"), "05_comparison"  # which shows the runs of those two
LONG = "06_nearness"
# An origin as git writes it: git@github.com:OWNER/NAME.git, https://github.com/OWNER/NAME, …
_ON_GITHUB = re.compile(
    r"(?:https://(?:[^@/]+@)?|(?:ssh://)?git@)github\.com[:/](?P<name>[\w.-]+/[\w.-]+?)(?:\.git)?/?"
)


def execute(
    notebooks: list[Path], languages: tuple = LANGUAGES[:1], figures: Path | None = None
) -> None:
    """Run each notebook from top to bottom in a fresh kernel and store it with its outputs.

    The same run gives its editions in the other ``languages``, see ``editions``. What cells with a
    label such as ``fig-first-digits`` show is also kept as first_digits.png in the folder
    ``figures``, if one is given.

    As many run at a time as there are cores: first those that train, then the longest chapter and
    the later ones, and last the one that shows what was trained. If a cell fails, its notebook
    stays as it was, and RuntimeError names the notebook, the cell and the error. What changes from
    run to run (times, versions) is not stored.
    """
    paths = {path.stem: path for path in sorted(map(Path, notebooks), reverse=True)}
    names = sorted(paths, key=lambda name: (name == AFTER, name not in TRAINING, name != LONG))
    with ThreadPoolExecutor(os.cpu_count()) as executor:
        running: dict[str, Future] = {}
        try:
            for name in names:
                before = [
                    running[other] for other in TRAINING if name == AFTER and other in running
                ]
                running[name] = executor.submit(_execute, paths[name], before, languages, figures)
            for done in as_completed(running.values()):
                print(done.result(), flush=True)
        except BaseException:
            executor.shutdown(cancel_futures=True)
            raise


def fill(path: Path, languages: tuple = LANGUAGES[:1]) -> list[str]:
    """Fill the numbers in the prose of a notebook, in each of its editions, and write them.

    The address from where Colab fetches the project is written too. Return a line for each claim
    that the records do not support, with its cell, sentence and verdict, and for each text that has
    no translation.
    """
    import nbformat

    earlier = {}
    for language in languages[1:]:
        there = editions.path_of(path, language)
        if there.exists():
            earlier[language] = nbformat.read(there, as_version=4)
    return _write(nbformat.read(path, as_version=4), path, languages, earlier)


def _execute(path, before, languages, figures):
    """Run one notebook, once those ``before`` it are done, and return what is to be said of it."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellControlSignal, CellExecutionError, DeadKernelError

    wait(before)
    started, reached = time.perf_counter(), []
    notebook = nbformat.read(path, as_version=4)
    _place_address(notebook, path)
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
            stderr=subprocess.DEVNULL, env=os.environ | {spoken.EDITIONS: " ".join(languages[1:])}
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
        if figures:
            _save_figures(cell, figures)
    remarks = _write(notebook, path, languages)
    return "\n".join([f"{path.name}: {time.perf_counter() - started:.0f} s", *remarks])


def _save_figures(cell, folder):
    label = options.of(cell.source).get("label", "") if cell.cell_type == "code" else ""
    for output in cell.outputs if label.startswith("fig-") else ():
        if image := output.get("data", {}).get("image/png"):
            name = label.removeprefix("fig-").replace("-", "_")
            with atomically(folder / f"{name}.png") as temporary:
                temporary.write_bytes(base64.b64decode(image))


def _write(notebook, path, languages, earlier=None):
    """Write a notebook in its languages; return what ``fill`` returns.

    What cells show in another language is of the same run or, unless it has just run, of the
    ``earlier`` edition.
    """
    import nbformat

    _place_address(notebook, path)
    _hide(notebook)
    remarks = []
    english, *others = languages
    for language in others:
        known = translation.catalogue(language)
        for text in editions.texts(notebook):
            if text not in known:
                remarks.append(f"{path.name}: {language}.po has no “{text}”")
        there = editions.path_of(path, language)
        translated = editions.notebook(notebook, language, (earlier or {}).get(language))
        _fill(translated, RECORDED, language)
        there.parent.mkdir(parents=True, exist_ok=True)
        with atomically(there) as temporary:
            nbformat.write(translated, temporary)
    for number, failed in _fill(notebook, RECORDED, english):
        remarks.append(f"{path.name}, cell {number}: {failed}")
    editions.forget(notebook)
    with atomically(path) as temporary:
        nbformat.write(notebook, temporary)
    return remarks


def _hide(notebook):
    """Mark the code that pages leave out, as nbconvert's own templates understand it."""
    for cell in notebook.cells:
        cell.metadata.pop("transient", None)
        is_code = cell.cell_type == "code"
        if is_code and ("setup" in _tags(cell) or options.of(cell.source).get("echo") is False):
            cell.metadata["transient"] = {"remove_source": True}


def _fill(notebook, names, language):
    """Fill the stamps of a notebook; yield the number of each cell and what is untrue in it."""
    found = []
    for number, cell in enumerate(notebook.cells, 1):
        if cell.cell_type == "markdown":
            cell.source, untrue = stamps.fill(cell.source, names, language)
            found += [(number, each) for each in untrue]
    return found


def _place_address(notebook, path):
    """Write into the set-up cell from where Colab fetches the project, if that is known.

    Then a badge opens the notebook there.
    """
    address, tag = _origin(path.parent)
    set_up = (ASSETS / "setup_cell.ipy").read_text("utf-8").rstrip()
    source = f"--branch {tag} {address}" if tag else address
    notebook.cells = [cell for cell in notebook.cells if "badge" not in _tags(cell)]
    for cell in notebook.cells:
        if "setup" in _tags(cell):
            cell.source = set_up.replace('compare", ""', f'compare", "{source}"')
    if address:
        inner = f"{path.parent.name}/" if path.parent.name in editions.WITHIN else ""
        notebook.cells.insert(0, _badge(address, tag or "main", f"{inner}{path.name}"))


def _tags(cell):
    return cell.metadata.get("tags", [])


def _badge(address, version, name):
    from nbformat.v4 import new_markdown_cell

    colab = address.replace("github.com", "colab.research.google.com/github")
    source = (
        "[![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]"
        f"({colab}/blob/{version}/notebooks/{name})"
    )
    badge = new_markdown_cell(source, id="badge")
    badge.metadata["tags"] = ["badge", "remove-cell"]
    return badge


def _origin(folder):
    """Return the address on GitHub that a folder was cloned from, and the tag it is at.

    Both are empty where there is none.
    """

    def git(*command):
        try:
            done = subprocess.run(
                ["git", "-C", str(folder), *command], capture_output=True, text=True, check=False
            )
        except FileNotFoundError:  # no git on this machine
            return ""
        return done.stdout.strip()

    found = _ON_GITHUB.fullmatch(git("remote", "get-url", "origin"))
    address = f"https://github.com/{found['name']}" if found else ""
    return address, git("describe", "--tags", "--exact-match") if address else ""
