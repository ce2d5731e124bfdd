"""Turn recorded runs into estimates; only this module selects runs and pairs them by seed.

Runs of one seed start from the same random numbers and see the same digits in the same order,
whatever the network. Only seeds that all sides have are compared.

What is measured on test pictures depends on chance twice: on the seed and on who wrote them. Its
interval is over both, seeds and writers of MNIST, or seeds and pictures where nobody knows a
writer; that of all else is over the seeds.
"""

from collections.abc import Callable, Sequence
from itertools import product
from operator import itemgetter
from typing import NamedTuple

import numpy as np
import pandas as pd

from mnist_compare import metrics
from mnist_compare.records import data_sets, runs
from mnist_compare.records.frames import Record
from mnist_compare.records.networks import COMPARED
from mnist_compare.records.protocols import CLOTHES, FAIR, Protocol
from mnist_compare.records.writers import writers_of_digits
from mnist_compare.report.words.tables import Table, p_value
from mnist_compare.study import statistics
from mnist_compare.study.statistics import Estimate, Number
from mnist_compare.training import REPORTED_EPOCHS, Run


class Quantity(NamedTuple):
    """A quantity of a run at a reported epoch."""

    heading: str
    form: str  # of its value
    of: Callable  # of(row) returns it
    per_digit: int  # what a test digit read more adds to it: 1, −1, or 0 if that is not known


def _gap(row):
    return metrics.overfitting_gap(row["train_accuracy"], row["test_accuracy"])


def _loss_gap(row):
    return metrics.loss_gap(row["train_loss"], row["test_loss"])


QUANTITIES = {
    "train_accuracy": Quantity("Training accuracy", ".2%", itemgetter("train_accuracy"), 0),
    "test_accuracy": Quantity("Test accuracy", ".2%", itemgetter("test_accuracy"), 1),
    "train_loss": Quantity("Training loss", ".4f", itemgetter("train_loss"), 0),
    "test_loss": Quantity("Test loss", ".4f", itemgetter("test_loss"), 0),
    "overfitting_gap": Quantity("Overfitting gap (points)", ".2h", _gap, -1),
    "loss_gap": Quantity("Loss gap", ".4f", _loss_gap, 0),
}
LABELS_OF_CLOTHES = Record(  # of Fashion-MNIST's test pictures, without the 30 MB of these
    "clothes_labels.npz",
    {"number": int},
    {"label": (np.int64, ())},
    "delete it and make it anew with `python -m mnist_compare study --data fashion_mnist`",
)
Side = tuple[str, int]  # a model and the epoch after which it is measured


class Quantities:
    """All ``QUANTITIES`` of a network or of a difference: ``mlp.test_accuracy[10]``."""

    def __init__(self, at: Callable):
        self._at = at

    def __getattr__(self, quantity):
        if quantity not in QUANTITIES:
            raise AttributeError(quantity)
        return {epoch: self._at(epoch, quantity) for epoch in REPORTED_EPOCHS}


def network(model: str, protocol: Protocol = FAIR) -> Quantities:
    """Return the estimates of a network of the comparison."""
    return Quantities(lambda epoch, quantity: mean(model, epoch, quantity, protocol))


def lead() -> Quantities:
    """Return the estimates of CNN − MLP."""
    return Quantities(lambda epoch, name: difference(("cnn", epoch), ("mlp", epoch), name))


def quantities(row: dict) -> dict[str, Number]:
    """Return all of ``QUANTITIES`` of a run's row at a reported epoch."""
    return {name: Number(quantity.of(row)) for name, quantity in QUANTITIES.items()}


def by_quantity(columns: dict, show: Callable = format) -> Table:
    """Return {column: {quantity: value}} as a table, whose cells are ``show(value, format)``."""
    rows = {}
    for name, (heading, form, *_) in QUANTITIES.items():
        rows[heading] = {column: show(values[name], form) for column, values in columns.items()}
    return Table.from_dict(rows, orient="index")


def by_seed(model, epoch, quantity="test_accuracy", protocol=FAIR) -> pd.Series:
    """Return a quantity after an epoch of every recorded run."""
    recorded = runs.read(model, protocol)
    values = {run.seed: _value(run, epoch, quantity) for run in recorded}
    return pd.Series(values, dtype=float).dropna()


def mean(
    model: str,
    epoch: int,
    quantity: str = "test_accuracy",
    protocol: Protocol = FAIR,
    models: Sequence[str] = COMPARED,
) -> Estimate:
    """Return the ``Estimate`` of a quantity, over the seeds that all of ``models`` have."""
    return _estimate(runs.compared(models, protocol)[model], epoch, quantity, protocol)


def _estimate(recorded, epoch, quantity, protocol):
    of_seeds = np.array([_value(run, epoch, quantity) for run in recorded])
    per_digit = QUANTITIES[quantity].per_digit
    if not per_digit or len(recorded) < 2:
        return statistics.estimate(of_seeds)
    read = statistics.clustered(right(recorded, epoch, protocol), units(protocol))
    away = read - read.mean(axis=1, keepdims=True)
    return statistics.estimate(of_seeds[:, None] + per_digit * away)


def accuracy(model: str, protocol: Protocol = FAIR) -> Estimate:
    """Return the ``Estimate`` of a network's test accuracy after ten epochs, over all its seeds."""
    return accuracies((model, protocol))[0]


def accuracies(*networks: tuple[str, Protocol]) -> list[Estimate]:
    """Return the same of several networks, (model, ``Protocol``), over the seeds that all have."""
    recorded = [runs.read(*network) for network in networks]
    seeds = set.intersection(*({run.seed for run in of_one} for of_one in recorded))
    found = []
    for of_one, (_, protocol) in zip(recorded, networks, strict=True):
        paired = [run for run in of_one if run.seed in seeds]
        found.append(_estimate(paired, REPORTED_EPOCHS[-1], "test_accuracy", protocol))
    return found


def answer(estimate: Estimate) -> dict[str, str]:
    """Return what tables of questions say of an ``Estimate``: points, p values and verdict."""
    return {
        "Points [95 % interval]": _with_middle(estimate),
        "p": p_value(estimate.p_value),
        "Corrected p": p_value(estimate.corrected),
        "Verdict": estimate.verdict,
    }


def _with_middle(estimate):
    """Return an effect and, where a few runs move it, the mean of the middle half of the runs."""
    moved = abs(estimate.middle - estimate.mean) > (estimate.high - estimate.low) / 10
    return f"{estimate:[.2h]}" + (f" (middle half {estimate.middle:.2h})" if moved else "")


def right(recorded: list[Run], epoch: int, protocol: Protocol = FAIR) -> np.ndarray:
    """Return which test pictures runs read correctly after an epoch, (runs, n) booleans."""
    return np.stack([run.predictions[epoch] for run in recorded]) == labels(protocol)


def labels(protocol: Protocol = FAIR) -> np.ndarray:
    """Return the labels of a protocol's test pictures; those of clothes are on record."""
    if protocol.data == CLOTHES.data and LABELS_OF_CLOTHES.path.exists():
        return LABELS_OF_CLOTHES.read().label.to_numpy()
    return data_sets.load_named(protocol.data)[1][1]


def units(protocol: Protocol = FAIR) -> np.ndarray:
    """Return which unit, a writer of MNIST or itself, each test picture belongs to, (n,)."""
    if protocol.data == "mnist":
        return writers_of_digits()[1]
    return np.arange(len(labels(protocol)))


def _value(run, epoch, quantity):
    rows = {row["epoch"]: row for row in run.measured}
    return quantities(rows[epoch])[quantity] if epoch in rows else np.nan


def difference(
    one: Side, other: Side, quantity: str = "test_accuracy", protocol: Protocol = FAIR
) -> Estimate:
    """Return the ``Estimate`` of one − other, paired by seed."""
    models = [one[0], other[0]]
    return mean(*one, quantity, protocol, models) - mean(*other, quantity, protocol, models)


def all_estimates(models: Sequence[str] = COMPARED, protocol: Protocol = FAIR) -> dict:
    """Return {(model, epoch, quantity): Estimate} at reported epochs, of seeds that all have."""
    every = product(models, REPORTED_EPOCHS, QUANTITIES)
    return {
        (model, epoch, name): mean(model, epoch, name, protocol, models)
        for model, epoch, name in every
    }


def seconds_per_epoch(model: str, models=COMPARED, protocol: Protocol = FAIR) -> Number:
    """Return the median training time of an epoch, without the first, which compiles."""
    recorded = runs.compared(models, protocol)[model]
    seconds: list[float] = []
    for run in recorded:
        seconds += [row["seconds"] for row in run.rows[1:] or run.rows]
    return Number(np.median(seconds))
