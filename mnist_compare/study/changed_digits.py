"""How many changed test pictures trained networks read: measured once and recorded.

``robustness.csv`` has one row per network × change × level × way to the network;
``robustness_writers.npz`` tells how many digits of each writer are read as they are.
"""

from pathlib import Path

import numpy as np

from mnist_compare import data
from mnist_compare.preprocessing import preprocess
from mnist_compare.records.frames import NETWORK, Record
from mnist_compare.records.place import here
from mnist_compare.records.writers import writers_of_digits
from mnist_compare.study import fitting, measuring, trained
from mnist_compare.study.changes import CHANGES, changed
from mnist_compare.study.grid import FEW

AS_IT_IS, *_ = WAYS = ("as it is", "crop", "center")  # how a changed digit gets to a network
REMEDY = "delete it and measure anew with `python -m mnist_compare study`"
RECORD = Record(
    "robustness.csv",
    NETWORK | {"change": str, "level": float, "way": str},
    {"accuracy": float},
    REMEDY,
)
BY_WRITER = Record(  # how many changed digits of each of ``groups()`` are read as they are
    "robustness_writers.npz",
    NETWORK | {"change": str, "level": float},
    {"right": (np.uint8, (None,))},
    REMEDY,
)


def complete(networks: list[tuple]):
    """Measure every change at every level of those networks that have no record yet.

    ``networks`` are (model, ``Protocol``, seed). The first seeds of ``FEW`` also read changed
    digits through the pipelines for drawings.
    """
    levels = [(change, level) for change, what in CHANGES.items() for level in what.levels]
    keys = [(*network, *level) for level in levels for network in networks]
    wanted = [(*key, way) for key in keys for way in _ways(key[2])]
    lacking = {(*key, AS_IT_IS) for key in BY_WRITER.missing(keys, trained.fingerprint)}
    lacking |= {*RECORD.missing(wanted, trained.fingerprint)}
    missing = [key for key in wanted if key in lacking]
    measuring.complete(missing, measure, (RECORD, BY_WRITER))


def _ways(seed):
    return WAYS if seed < FEW and here().scale.pipelines else (AS_IT_IS,)


def measure(weights: dict[tuple, Path], change: str, level: float, way: str):
    """Return rows of ``RECORD`` and of ``BY_WRITER``: what is read at one level of a change.

    ``weights`` maps (model, ``Protocol``, seed) to a path. Only a picture that is read as it is
    counts for who wrote it.
    """
    accuracies, counts = [], []
    labels, digits = _seen(change, level, way)
    group = groups()
    for network, path in weights.items():
        right = fitting.read(network[0], path, digits).argmax(axis=1) == labels
        row = trained.row(network, change, float(level), way, float(right.mean()))
        accuracies.append(row)
        if way == AS_IT_IS:
            count = np.bincount(group[: len(labels)], right, group.max() + 1).astype(np.uint8)
            counts.append(trained.row(network, change, float(level), count))
    return accuracies, counts


def _seen(change, level, way):
    """Return the labels of the test digits, and what a network sees of them."""
    _, (digits, labels) = data.load("mnist")
    count = here().scale.changed_digits
    digits = changed(digits[:count], change, level)
    if way != AS_IT_IS:
        digits = np.stack([preprocess(digit, way).digit for digit in digits])
    return labels[:count], digits


def groups() -> np.ndarray:
    """Return who wrote each test digit, numbered from 0."""
    _, writers = writers_of_digits()
    return np.unique(writers, return_inverse=True)[1]
