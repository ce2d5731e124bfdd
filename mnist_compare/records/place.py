"""Where this process keeps its files, and how it writes one atomically."""

import os
import zipfile
import zlib
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from mnist_compare.data import FULL, SMALL, Scale
from mnist_compare.quiet import told

OWN = "MNIST_COMPARE_FOLDER"
DAMAGED = (OSError, EOFError, KeyError, ValueError, TypeError, RuntimeError)
DAMAGED += (zipfile.BadZipFile, zlib.error)  # all that reading a damaged file may raise
OF_THE_PACKAGE = "Restore it with `git checkout -- mnist_compare`, or install the package again."
FEWER_CHANGED = 1_000  # test pictures that networks of one's own read changed, to save minutes


@dataclass(frozen=True)
class Place:
    """The folders of a process, which need not exist yet, and the scale of its work.

    ``records`` and ``figures`` are part of the repository; ``weights`` and the reader's
    ``own_runs`` are not, since they can be trained again.
    """

    records: Path
    figures: Path
    weights: Path
    own_runs: Path
    scale: Scale = FULL


def here():
    """Return the ``Place`` of this process: the clone of the repository around the package.

    For a comparison of one's own, the variable MNIST_COMPARE_FOLDER names its folder. For tests,
    MNIST_COMPARE_SMALL names another, and the scale is small. Raises FileNotFoundError if only the
    package is installed.
    """
    if own := os.environ.get(OWN):
        folder = Path(own)
        parts = [folder / part for part in ("records", "figures", ".weights", ".runs")]
        return Place(*parts, Scale(changed_digits=FEWER_CHANGED, pipelines=False))
    if small := os.environ.get("MNIST_COMPARE_SMALL"):
        folder = Path(small)
        return Place(folder, folder, folder / ".weights", folder / ".runs", SMALL)
    top = clone()
    return Place(top / "reports", top / "figures", top / ".weights", top / ".runs")


@contextmanager
def at(folder):
    """Keep the files of this process, and of those it starts, in a folder of one's own."""
    before = os.environ.get(OWN)
    os.environ[OWN] = str(Path(folder).resolve())
    try:
        yield
    finally:
        os.environ.pop(OWN)
        if before:
            os.environ[OWN] = before


def clone():
    """Return the folder of the clone; raise FileNotFoundError if only the package is installed."""
    path = Path(__file__).parents[2]
    if not (path / "notebooks" / "01_data.ipynb").exists():
        raise FileNotFoundError(
            "This needs the repository, but only its package is installed here: "
            "`git clone` it, then run `python -m mnist_compare` in that folder."
        )
    return path


@contextmanager
def whole(path):
    """Give a temporary path, renamed to ``path`` if all goes well; make the folder if needed.

    An OSError on the way, such as of a full disk, names ``path``.
    """
    path = Path(path)
    temporary = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        os.replace(temporary, path)
    except OSError as error:
        if error.errno is None:
            raise
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        with suppress(OSError):
            temporary.unlink()


@contextmanager
def readable(path, remedy):
    """Raise ValueError, with the file and what restores it, where it turns out to be damaged."""
    try:
        yield
    except DAMAGED as error:
        reason = told(error).removeprefix("ValueError: ")
        raise ValueError(f"{path} cannot be read ({reason}). {remedy}") from error


def of_records(path, remedy):
    """Return the sentence that says how a file of the records comes back, for ``readable()``."""
    if OWN in os.environ:
        return f"Delete {path.parent} and give the same command again."
    return f"Restore it with `git checkout -- reports`, or {remedy}."
