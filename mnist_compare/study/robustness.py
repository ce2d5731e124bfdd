"""How many changed test digits trained networks read: measured once and recorded.

``robustness.csv`` has one row per network × change × level × way to the network.
"""

import numpy as np

from mnist_compare import data, metrics, training
from mnist_compare.preprocessing import preprocess
from mnist_compare.records.place import here
from mnist_compare.records.tables import NETWORK, Record
from mnist_compare.records.tables import complete as complete_tasks
from mnist_compare.study import trained
from mnist_compare.study.changes import CHANGES, changed

AS_IT_IS, *THROUGH = WAYS = ("as it is", "crop", "center")  # how a changed digit gets to a network
RECORD = Record(
    "robustness.csv",
    NETWORK | {"change": str, "level": float, "way": str},
    {"accuracy": float},
    "delete it and measure anew with `python -m mnist_compare study`",
)


def complete(networks, executor, progress):
    """Measure every change at every level of those networks that have no record yet.

    ``networks`` are (model, protocol, seed). Each level is recorded once measured.
    """
    levels = [(change, level) for change, what in CHANGES.items() for level in what.levels]
    wanted = [(*network, *level) for level in levels for network in networks]
    tasks = by_condition(RECORD.missing(wanted, trained.fingerprint), progress, executor)
    if tasks:
        progress(f"Measuring {len(tasks)} levels of {len(CHANGES)} changes.")
    complete_tasks(
        [(*level, paths, here().scale) for level, paths in tasks.items()],
        measure,
        RECORD.add,
        executor,
        progress,
        lambda rows: f"{rows[0][3]} {rows[0][4]}",
    )


def by_condition(missing, progress, executor):
    """Return {condition: {network: path of its weights}} of missing keys (*network, *condition).

    Networks without weights are trained first.
    """
    paths = trained.weights(sorted({key[:3] for key in missing}), progress, executor)
    tasks = {}
    for key in missing:
        tasks.setdefault(key[3:], {})[key[:3]] = paths[key[:3]]
    return tasks


def measure(change, level, paths, scale=data.FULL):
    """Return rows of ``RECORD`` with the test accuracies at one level of a change.

    ``paths`` maps (model, protocol, seed) to the weights. Every test digit is changed and then read
    as it is and through the pipelines for drawings.
    """
    _, (digits, labels) = data.load_mnist()
    labels = labels[: scale.changed_digits]
    digits = changed(digits[: scale.changed_digits], change, level)
    seen = {AS_IT_IS: digits}
    for way in THROUGH:
        seen[way] = np.stack([preprocess(digit, way).digit for digit in digits])
    rows = []
    for network, path in paths.items():
        mark = trained.fingerprint(*network[:2])
        for way, pictures in seen.items():
            given = training.read(network[0], path, pictures).argmax(axis=1)
            accuracy = metrics.accuracy(labels, given)
            rows.append((*network, change, float(level), way, accuracy, mark))
    return rows
