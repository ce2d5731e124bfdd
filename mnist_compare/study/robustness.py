"""How many changed test pictures trained networks read: measured once and recorded.

``robustness.csv`` has one row per network × change × level × way to the network. The pictures are
those of the data set that the network was trained on.
"""

import numpy as np

from mnist_compare import data, metrics, training
from mnist_compare.place import FULL, here
from mnist_compare.preprocessing import preprocess
from mnist_compare.records.tables import NETWORK, Record, by_name
from mnist_compare.records.tables import complete as complete_tasks
from mnist_compare.study import trained
from mnist_compare.study.changes import CHANGES, changed

AS_IT_IS, *THROUGH = WAYS = ("as it is", "crop", "center")  # how a changed digit gets to a network
KNOWN = ("mnist", "fashion_mnist")  # data sets whose pictures are changed
RECORD = Record(
    "robustness.csv",
    NETWORK | {"change": str, "level": float, "way": str},
    {"accuracy": float},
    "delete it and measure anew with `python -m mnist_compare study`",
)


def complete(networks, executor, progress):
    """Measure every change at every level of those networks that have no record yet.

    ``networks`` are (model, ``Protocol``, seed). Each level is recorded once measured.
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
        [RECORD],
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


def measure(change, level, paths, scale=FULL):
    """Return rows of ``RECORD`` with the test accuracies at one level of a change.

    ``paths`` maps (model, ``Protocol``, seed) to the weights. Every test picture is changed and
    then read as it is and, if it shows a digit, through the pipelines for drawings.
    """
    rows = []
    for name in sorted({protocol.data for _, protocol, _ in paths}):
        labels, seen = _seen(name, change, level, scale)
        for network, path in paths.items():
            if network[1].data != name:
                continue
            mark = trained.fingerprint(*network[:2])
            for way, pictures in seen.items():
                given = training.read(network[0], path, pictures).argmax(axis=1)
                accuracy = metrics.accuracy(labels, given)
                rows.append((*by_name(network), change, float(level), way, accuracy, mark))
    return rows


def _seen(name, change, level, scale):
    """Return the labels of a data set's test pictures, and {way: what a network sees of them}."""
    _, (pictures, labels) = data.load(name)
    pictures = changed(pictures[: scale.changed_digits], change, level)
    seen = {AS_IT_IS: pictures}
    for way in THROUGH if name == "mnist" and scale.pipelines else ():
        seen[way] = np.stack([preprocess(picture, way).digit for picture in pictures])
    return labels[: scale.changed_digits], seen
