"""Where a study keeps its files, how much it trains, and which networks of one's own it knows."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path

from mnist_compare.files import readable

FEWER_CHANGED = 1_000  # test pictures that networks of one's own read changed, to save minutes


@dataclass(frozen=True)
class Scale:
    """How much to train and measure: everything or, in tests, a little; None means no limit."""

    training_digits: int | None = None
    changed_digits: int | None = None  # test digits to change
    shown: int = 6_400  # digits in an epoch at least: 200 batches, in ten epochs 2,000 updates
    read: int | None = None  # digits to validate and to test


FULL = Scale()
SMALL = Scale(960, 100, 0)


@dataclass(frozen=True)
class Place:
    """The folders of a study, which need not exist yet, the scale of its work, and what it adds."""

    records: Path
    figures: Path
    weights: Path  # not part of the repository, since they can be trained again
    own_runs: Path  # of the reader; nor are these
    scale: Scale = FULL
    own: bool = False  # whether it is a comparison of one's own
    networks: dict = field(default_factory=dict, hash=False)  # {name: Network} beside the package's
    data_sets: dict = field(default_factory=dict, hash=False)  # {name: DataSet}, likewise


_entered: ContextVar[Place | None] = ContextVar("place", default=None)


def here() -> Place:
    """Return the ``Place`` of what runs now: that of ``at()``, else the clone of the repository.

    The variable MNIST_COMPARE_RECORDS names other records than those of the clone; in tests,
    MNIST_COMPARE_SMALL names a folder for all files, and the scale is small. Raises
    FileNotFoundError if only the package is installed.
    """
    return entered() or _of_the_process()


def entered() -> Place | None:
    """Return the ``Place`` of ``at()``, None outside."""
    return _entered.get()


@contextmanager
def at(place: Place) -> Iterator[Place]:
    """Let what runs now, but no other thread, be at a ``Place``."""
    before = _entered.set(place)
    try:
        yield place
    finally:
        _entered.reset(before)


def call_at(place: Place, function: Callable, *arguments):
    """Call a function at a ``Place``, as a process or thread that knows nothing of it does."""
    with at(place):
        return function(*arguments)


def small(folder: str | Path) -> Place:
    """Return the ``Place`` of a test: all its files are in a folder."""
    folder = Path(folder)
    return Place(folder, folder, folder / ".weights", folder / ".runs", SMALL)


def _of_the_process():
    if folder := os.environ.get("MNIST_COMPARE_SMALL"):
        return small(folder)
    top = clone()
    records = Path(os.environ.get("MNIST_COMPARE_RECORDS", top / "reports"))
    return Place(records, top / "figures", top / ".weights", top / ".runs")


def clone() -> Path:
    """Return the folder of the clone; raise FileNotFoundError if only the package is installed."""
    path = Path(__file__).parents[2]
    if not (path / "notebooks" / "01_data.ipynb").exists():
        raise FileNotFoundError(
            "This needs the repository, but only its package is installed here: "
            "`git clone` it, then run `python -m mnist_compare` in that folder."
        )
    return path


@contextmanager
def readable_record(path: Path, remedy: str) -> Iterator[None]:
    """Do as ``readable()`` for a file of the records, which ``remedy`` makes again."""
    restores = f"Restore it with `git checkout -- reports`, or {remedy}."
    if here().own:
        restores = f"Delete {path.parent} and give the same command again."
    with readable(path, restores):
        yield
