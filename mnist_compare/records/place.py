"""Where this process keeps its files, and how it writes one atomically."""

import os
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mnist_compare import REPOSITORY
from mnist_compare.data import FULL, SMALL, Scale

OWN = "MNIST_COMPARE_FOLDER"
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
            f"`git clone {REPOSITORY}`, then run `python -m mnist_compare` in that folder."
        )
    return path


@contextmanager
def whole(path):
    """Give a temporary path, renamed to ``path`` if all goes well; make the folder if needed."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        yield temporary
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
