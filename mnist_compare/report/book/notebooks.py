"""Run the notebooks, and fill the numbers of their prose from the records."""

import base64
import hashlib
import re
import subprocess
import threading
from functools import cache
from multiprocessing.pool import ThreadPool
from pathlib import Path

from mnist_compare.files import atomically, write
from mnist_compare.findings import Findings
from mnist_compare.records import progress
from mnist_compare.records.environment import commit
from mnist_compare.records.place import here
from mnist_compare.report.book import editions, options
from mnist_compare.report.book.pandoc import ASSETS
from mnist_compare.report.words import stamps
from mnist_compare.report.words.translation import LANGUAGES

FINDINGS = Findings()
TRAINING, AFTER = ("02_mlp", "04_cnn"), "05_comparison"  # which shows the runs of those two
LONG = "06_nearness"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"file_extension": ".py", "name": "python"},
}
COMMIT = "commit"  # that was checked out when a notebook was run
MADE_FROM = "made_from"  # what the outputs of a notebook were made from, see ``made_from()``
# An origin as git writes it: git@github.com:OWNER/NAME.git, https://github.com/OWNER/NAME, …
_ON_GITHUB = re.compile(
    r"(?:https://(?:[^@/]+@)?|(?:ssh://)?git@)github\.com[:/]"
    r"(?P<name>[\w.-]+/[\w.-]+?)(?:\.git)?/?",
    re.ASCII,
)
SET_UP = {  # what the set-up cell says: of itself, and to do with a zip or without one
    "en": (
        "Set-up; its last line names the language, en or ko.",
        "Drag mnist-compare.zip into Files",
        "Bring mnist-compare into Files",
    ),
    "ko": (
        "준비. 언어는 마지막 줄에서 en(영어)과 ko(한국어) 중에 고른다.",
        "mnist-compare.zip을 파일 창에 끌어다 놓으세요",
        "mnist-compare를 파일 창에 가져다 놓으세요",
    ),
}
_TAG = re.compile(r"[\w./-]*", re.ASCII)  # of which nothing means anything to a shell or a link


def execute(
    notebooks: dict[Path, Path], language: str = LANGUAGES[0], figures: Path | None = None
) -> list[str]:
    """Run each notebook from top to bottom in a fresh kernel and store it with what it shows.

    ``notebooks`` maps the path of each, in whose folder it runs, to that of the executed one, which
    may be the same. What cells with a label such as ``fig-first-digits`` show is also kept as
    first_digits.png in the folder ``figures``, if one is given. Return a line for each claim that
    the records do not support.

    As many run at a time as there are cores: first those that train, then the longest chapter and
    the later ones, and last the one that shows what was trained. If a cell fails, nothing of its
    notebook is written, and RuntimeError names the notebook, the cell and the error. What changes
    from run to run (times, versions) is not stored.
    """
    import nbformat

    paths = {path.stem: path for path in sorted(notebooks, reverse=True)}
    read = {name: nbformat.read(path, as_version=4) for name, path in paths.items()}
    names = sorted(paths, key=lambda name: (name == AFTER, name not in TRAINING, name != LONG))
    ended = {name: threading.Event() for name in names}

    def run(name):
        for other in ended.keys() & TRAINING if name == AFTER else ():
            ended[other].wait()
        try:
            to = notebooks[paths[name]]
            return name, _execute(read[name], paths[name], to, language, figures, done)
        finally:
            ended[name].set()

    # The threads of this pool end with the process: Ctrl-C waits for no notebook.
    cells = sum(cell.cell_type == "code" for each in read.values() for cell in each.cells)
    with progress.steps("Running notebooks, cells", cells) as done, ThreadPool() as pool:
        remarks = dict(pool.imap_unordered(run, names))
    return [remark for name in paths for remark in remarks[name]]


def made_from(notebook) -> str:
    """Return a digest of what the outputs of a notebook depend on: code, package and records."""
    digest = hashlib.sha256(_sources())
    for cell in notebook.cells:
        if cell.cell_type == "code" and "setup" not in _tags(cell):
            digest.update(options.without(cell.source).encode())
    return digest.hexdigest()[:16]


def is_current(path: Path, source: Path) -> bool:
    """Return whether the notebook at a path was executed from the source as it is today."""
    import nbformat

    if not path.exists():
        return False
    of_today = made_from(nbformat.read(source, as_version=4))
    return nbformat.read(path, as_version=4).metadata.get(MADE_FROM) == of_today


def fill(path: Path) -> list[str]:
    """Fill the numbers in the prose of a notebook and write it.

    The address from where Colab fetches the project is written too. Return a line for each claim
    that the records do not support, with its cell, sentence and verdict.
    """
    import nbformat

    notebook, language = nbformat.read(path, as_version=4), editions.language_of(path)
    _place_address(notebook, path, language)
    return _write(notebook, path, language)


def _execute(notebook, path, to, language, figures, done, again=False):
    """Run one notebook, telling ``done`` of each cell, and return what is to be said of it."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellControlSignal, CellExecutionError

    reached = []
    client = NotebookClient(
        notebook,
        timeout=1800,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        shutdown_kernel="immediate",
        resources={"metadata": {"path": str(path.parent.resolve())}},
        on_cell_start=lambda cell, cell_index: reached.append(cell_index),
        on_cell_executed=lambda cell, cell_index, execute_reply: done(path.stem),
    )
    try:
        client.execute(stderr=subprocess.DEVNULL)  # TensorFlow's greetings
    except (CellControlSignal, RuntimeError) as error:
        if not reached and not again:  # another program may have taken the port of the kernel
            return _execute(notebook, path, to, language, figures, done, again=True)
        failed = isinstance(error, CellExecutionError)
        reason = f"{error.ename}: {error.evalue}" if failed else str(error)
        place = f"{path.name}, cell {max(reached, default=0) + 1}"
        raise RuntimeError(f"{place} failed: {reason}") from error
    notebook.metadata = METADATA | {MADE_FROM: made_from(notebook), COMMIT: commit()}
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if figures:
            _save_figures(cell, figures)
    return _write(notebook, to, language)


@cache
def _sources():
    """Return a digest of all files that cells depend on: the package's and the records."""
    package, records = Path(__file__).parents[2], here().records
    files = [path for end in ("py", "po", "csv") for path in package.rglob(f"*.{end}")]
    files += [path for end in ("csv", "npz", "json") for path in records.glob(f"*.{end}")]
    digests = (hashlib.sha256(path.read_bytes()).digest() for path in sorted(files))
    return b"".join(digests)


def _save_figures(cell, folder):
    label = options.of(cell.source).get("label", "") if cell.cell_type == "code" else ""
    for output in cell.outputs if label.startswith("fig-") else ():
        if image := output.get("data", {}).get("image/png"):
            name = label.removeprefix("fig-").replace("-", "_")
            write(folder / f"{name}.png", base64.b64decode(image))


def _write(notebook, path, language=LANGUAGES[0]):
    """Write a notebook with its stamps filled; return what of it the records do not support."""
    import nbformat

    _hide(notebook)
    untrue = _fill(notebook, FINDINGS, language)
    with atomically(path) as temporary:
        nbformat.write(notebook, temporary)
    return [f"{path.name}, cell {number}: {failed}" for number, failed in untrue]


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


def _place_address(notebook, path, language):
    """Write into the set-up cell from where Colab fetches the project, if that is known.

    Then a badge opens the notebook there.
    """
    address, tag = _origin(path.parent)
    notebook.cells = [cell for cell in notebook.cells if "badge" not in _tags(cell)]
    for cell in notebook.cells:
        if "setup" in _tags(cell):
            cell.source = set_up_cell(address, tag, language)
    if address:
        top = path.parents[path.parent.name in editions.WITHIN]
        top = top.parent if language != LANGUAGES[0] else top
        name = path.relative_to(top).as_posix()
        notebook.cells.insert(0, _badge(address, tag or "main", name))


def set_up_cell(address: str = "", tag: str = "", language: str = LANGUAGES[0]) -> str:
    """Return the first code of a notebook; without an address, Colab gets the project as a zip."""
    about, drag, bring = SET_UP[language]
    code = (ASSETS / "setup_cell.ipy").read_text("utf-8").rstrip()
    code = code.replace("ABOUT", about).replace("LANGUAGE", language)
    if not address:
        return code.replace("TO_DO", drag)
    version = f"--branch {tag} " if tag else ""
    clone = f"git clone -q --depth 1 {version}{address} mnist-compare"
    return code.replace("TO_DO", bring).replace("unzip -q mnist-compare", clone)


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

    Both are empty where there is none, or one that a notebook cannot safely hold.
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
    tag = git("describe", "--tags", "--exact-match")
    if not found or not _TAG.fullmatch(tag):
        return "", ""
    return f"https://github.com/{found['name']}", tag
