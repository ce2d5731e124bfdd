"""Turn recorded runs into estimates; only this module selects runs and pairs them by seed.

Runs of one seed start from the same random numbers and see the same digits in the same order,
whatever the network. Only seeds that all sides have are compared.

What is measured on test pictures depends on chance twice: on the seed and on who wrote them. Its
interval is over both, seeds and writers of MNIST, or seeds and pictures where nobody knows a
writer; that of all else is over the seeds.
"""

import numpy as np
import pandas as pd

from mnist_compare import data, metrics, statistics
from mnist_compare.networks import COMPARED
from mnist_compare.protocols import CLOTHES, FAIR
from mnist_compare.records import runs
from mnist_compare.report.words.tables import Table
from mnist_compare.statistics import Number
from mnist_compare.study import fashion
from mnist_compare.training import REPORTED_EPOCHS

QUANTITIES = {  # name: (heading, format)
    "train_accuracy": ("Training accuracy", ".2%"),
    "test_accuracy": ("Test accuracy", ".2%"),
    "train_loss": ("Training loss", ".4f"),
    "test_loss": ("Test loss", ".4f"),
    "overfitting_gap": ("Overfitting gap (points)", ".2h"),
    "loss_gap": ("Loss gap", ".4f"),
}

ON_TEST_PICTURES = {"test_accuracy": 1, "overfitting_gap": -1}  # and how it goes with what is read


def quantities(row):
    """Return {quantity: Number} for all of ``QUANTITIES``, from a run's row at a reported epoch."""
    gap = metrics.overfitting_gap(row["train_accuracy"], row["test_accuracy"])
    found = row | {"overfitting_gap": gap}
    found["loss_gap"] = metrics.loss_gap(row["train_loss"], row["test_loss"])
    return {quantity: Number(found[quantity]) for quantity in QUANTITIES}


def by_quantity(columns, show=format):
    """Return {column: {quantity: value}} as a table, whose cells are ``show(value, format)``."""
    return Table(
        {
            column: {name: show(found[q], form) for q, (name, form) in QUANTITIES.items()}
            for column, found in columns.items()
        }
    )


def values(model, epoch, quantity="test_accuracy", protocol=FAIR):
    """Return a quantity after an epoch of every recorded run, a Series by seed."""
    found = {run.seed: _value(run, epoch, quantity) for run in runs.read(model, protocol)}
    return pd.Series(found, dtype=float).dropna()


def of(model, epoch, quantity="test_accuracy", protocol=FAIR, models=COMPARED):
    """Return the ``Estimate`` of a quantity, over the seeds that all of ``models`` have."""
    return estimate(runs.compared(models, protocol)[model], epoch, quantity, protocol)


def estimate(those, epoch, quantity="test_accuracy", protocol=FAIR):
    """Return the ``Estimate`` of a quantity of runs by a protocol, after an epoch."""
    by_seed = np.array([_value(run, epoch, quantity) for run in those])
    if quantity not in ON_TEST_PICTURES or len(those) < 2:
        return statistics.estimate(by_seed)
    read = statistics.clustered(right(those, epoch, protocol), units(protocol))
    away = read - read.mean(axis=1, keepdims=True)
    return statistics.estimate(by_seed[:, None] + ON_TEST_PICTURES[quantity] * away)


def right(those, epoch, protocol=FAIR):
    """Return which test pictures runs read correctly after an epoch, (runs, n) booleans."""
    return np.stack([run.predictions[epoch] for run in those]) == labels(protocol)


def labels(protocol=FAIR):
    """Return the labels of a protocol's test pictures; those of clothes are on record."""
    if protocol.data == CLOTHES.data and fashion.LABELS.path.exists():
        return fashion.LABELS.read().label.to_numpy()
    return data.load(protocol.data)[1][1]


def answers(those, epoch, protocol=FAIR):
    """Return how sure runs are of their answers, and which are right, both (runs, n)."""
    return np.stack([run.confidences[epoch] for run in those]), right(those, epoch, protocol)


def units(protocol=FAIR):
    """Return which unit, a writer of MNIST or itself, each test picture belongs to, (n,)."""
    if protocol.data == "mnist":
        return data.writers()[1]
    return np.arange(len(labels(protocol)))


def _value(run, epoch, quantity):
    rows = {row["epoch"]: row for row in run.measured}
    return quantities(rows[epoch])[quantity] if epoch in rows else np.nan


def difference(one, other, quantity="test_accuracy", protocol=FAIR):
    """Return the ``Estimate`` of one − other, each a pair (model, epoch), paired by seed."""
    models = {one[0], other[0]}
    return of(*one, quantity, protocol, models) - of(*other, quantity, protocol, models)


def measured(models=COMPARED, protocol=FAIR):
    """Return {(model, epoch, quantity): Estimate} at reported epochs, of seeds that all have."""
    return {
        (model, epoch, quantity): of(model, epoch, quantity, protocol, models)
        for model in models
        for epoch in REPORTED_EPOCHS
        for quantity in QUANTITIES
    }


def seconds_per_epoch(model, models=COMPARED, protocol=FAIR):
    """Return the median training time of an epoch in seconds, without the first, which compiles.

    Where there is no other epoch, the first has to do. Only the seeds that all of ``models`` have
    count.
    """
    found = runs.compared(models, protocol)[model]
    return Number(np.median([row["seconds"] for run in found for row in run.rows[1:] or run.rows]))
