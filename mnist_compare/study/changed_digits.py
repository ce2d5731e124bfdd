"""How many changed test pictures trained networks read: measured once and recorded.

``robustness.csv`` has one row per network × change × level × way to the network;
``robustness_writers.npz`` tells how many digits of each writer are read as they are. The pictures
are those of the data set that the network was trained on.
"""

import numpy as np

from mnist_compare import data, metrics, training
from mnist_compare.place import FULL, here
from mnist_compare.preprocessing import preprocess
from mnist_compare.records.frames import NETWORK, Record, by_name
from mnist_compare.records.frames import complete as complete_tasks
from mnist_compare.study import trained
from mnist_compare.study.changes import CHANGES, changed
from mnist_compare.study.grid import FEW

AS_IT_IS, *_ = WAYS = ("as it is", "crop", "center")  # how a changed digit gets to a network
KNOWN = ("mnist", "fashion_mnist")  # data sets whose pictures are changed
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


def complete(networks, executor, progress):
    """Measure every change at every level of those networks that have no record yet.

    ``networks`` are (model, ``Protocol``, seed). Each level is recorded once measured. The first
    seeds of ``FEW`` also read changed digits through the pipelines for drawings.
    """
    levels = [(change, level) for change, what in CHANGES.items() for level in what.levels]
    asked = [(*network, *level) for level in levels for network in networks]
    wanted = [(*key, way) for key in asked for way in _ways(*key[1:3])]
    lacking = {(*key, AS_IT_IS) for key in BY_WRITER.missing(asked, trained.fingerprint)}
    lacking |= {*RECORD.missing(wanted, trained.fingerprint)}
    tasks = by_condition([key for key in wanted if key in lacking], progress, executor)
    if tasks:
        progress(f"Measuring {len(tasks)} levels of {len(CHANGES)} changes, each way.")
    complete_tasks(
        [(*condition, paths, here().scale) for condition, paths in tasks.items()],
        measure,
        _record,
        [BY_WRITER, RECORD],
        executor,
        progress,
        lambda rows: "{3} {4} {5}".format(*rows[0][0]),
    )


def _ways(protocol, seed):
    through = protocol.data == "mnist" and seed < FEW and here().scale.pipelines
    return WAYS if through else (AS_IT_IS,)


def _record(rows):
    shares, counts = rows
    if counts:
        BY_WRITER.add(counts)
    RECORD.add(shares)


def by_condition(missing, progress, executor):
    """Return {condition: {network: path of its weights}} of missing keys (*network, *condition).

    Networks without weights are trained first.
    """
    paths = trained.weights(sorted({key[:3] for key in missing}), progress, executor)
    tasks = {}
    for key in missing:
        tasks.setdefault(key[3:], {})[key[:3]] = paths[key[:3]]
    return tasks


def measure(change, level, way, paths, scale=FULL):
    """Return rows of ``RECORD`` and of ``BY_WRITER``: what is read at one level of a change.

    ``paths`` maps (model, ``Protocol``, seed) to the weights. Every test picture is changed and
    then read, as it is or through a pipeline; only as it is, it counts for who wrote it.
    """
    shares, counts = [], []
    for name in sorted({protocol.data for _, protocol, _ in paths}):
        labels, pictures = _seen(name, change, level, way, scale)
        group = groups(name)
        there = group.max() + 1
        for network, path in paths.items():
            if network[1].data != name:
                continue
            key, mark = by_name(network), trained.fingerprint(*network[:2])
            given = training.read(network[0], path, pictures).argmax(axis=1)
            accuracy = metrics.accuracy(labels, given)
            shares.append((*key, change, float(level), way, accuracy, mark))
            if way == AS_IT_IS:
                read = np.bincount(group[: len(labels)], given == labels, there)
                counts.append((*key, change, float(level), read.astype(np.uint8), mark))
    return shares, counts


def groups(name):
    """Return who wrote each test picture, numbered from 0; of clothes, which of as many parts."""
    _, writers = data.writers()
    _, number = np.unique(writers, return_inverse=True)
    if name == "mnist":
        return number
    return np.arange(len(writers)) % (number.max() + 1)


def _seen(name, change, level, way, scale):
    """Return the labels of a data set's test pictures, and what a network sees of them."""
    _, (pictures, labels) = data.load(name)
    pictures = changed(pictures[: scale.changed_digits], change, level)
    if way != AS_IT_IS:
        pictures = np.stack([preprocess(picture, way).digit for picture in pictures])
    return labels[: scale.changed_digits], pictures
