"""The data sets of a protocol: which there are, one's own among them, and how they are split."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from mnist_compare import data
from mnist_compare.data import Labelled, Split
from mnist_compare.data_files import DATA_SETS, DataSet
from mnist_compare.records.place import FULL, Scale, entered
from mnist_compare.records.protocols import Protocol

PERMUTATION = 784  # sets random numbers of a seed apart


@dataclass(frozen=True)
class OwnDataSet(DataSet):
    """A data set of one's own; ``read`` returns what ``data.load()`` does."""

    read: Callable = field(kw_only=True)


def data_set_named(name: str) -> DataSet:
    """Return a ``DataSet`` by its name; raise ValueError, with the known names, for any other."""
    place = entered()
    known = DATA_SETS | place.data_sets if place else DATA_SETS
    if name not in known:
        raise ValueError(f"There is no data set {name!r}; choose one of {', '.join(known)}.")
    return known[name]


def load_named(name: str) -> tuple[Labelled, Labelled]:
    """Return a data set by its name, as ``data.load()`` does."""
    known = data_set_named(name)
    if not isinstance(known, OwnDataSet):
        return data.load(name)
    train, test = known.read()
    return Labelled(*train), Labelled(*test)


def split(model_name: str, protocol: Protocol, seed: int, scale: Scale = FULL) -> Split:
    """Return the pictures and labels on which a network is trained by a protocol."""
    train, test = load_named(protocol.data)
    if protocol.permuted:
        train = Labelled(permuted(train.pictures, protocol.permuted, seed), train.labels)
        test = Labelled(permuted(test.pictures, protocol.permuted, seed), test.labels)
    parts = data.split(train, test)
    few = _first(parts.training, scale.training_digits)
    if protocol.digits:
        chosen = np.random.default_rng(seed).permutation(len(few.labels))[: protocol.digits]
        few = Labelled(*(array[chosen] for array in few))
    validation, test = _first(parts.validation, scale.read), _first(test, scale.read)
    if protocol.split != "source":
        return Split(few, validation, few, test)
    everything = _first(train, scale.training_digits)
    if model_name.startswith("mlp"):
        return Split(few, validation, everything, test)
    return Split(everything, test, everything, test)


def _first(part, count):
    return Labelled(*(array[:count] for array in part))


def permuted(pictures: np.ndarray, side: int, seed: int) -> np.ndarray:
    """Return pictures (n, height, width) whose squares of ``side`` pixels, whole, are shuffled.

    All pictures have them in the same order, which ``seed`` draws; ``side`` divides both lengths.
    """
    (n, height, width), side = pictures.shape, int(side)  # True is 1
    rows, columns = height // side, width // side
    squares = pictures.reshape(n, rows, side, columns, side).swapaxes(2, 3)
    order = np.random.default_rng([seed, PERMUTATION]).permutation(rows * columns)
    shuffled = squares.reshape(n, -1, side, side)[:, order].reshape(squares.shape)
    return shuffled.swapaxes(2, 3).reshape(pictures.shape)
