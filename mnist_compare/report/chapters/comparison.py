"""The chapter that compares the two networks and repeats the source report's experiment.

The published values, in ``published.csv``, are those of the source report (2025), chapter 5.1.
Everything else is computed from the runs.
"""

from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

from mnist_compare.networks import COMPARED, NETWORKS, title
from mnist_compare.protocols import SOURCE
from mnist_compare.report.chapters import one_run
from mnist_compare.report.chapters.estimates import QUANTITIES, by_quantity, difference, measured
from mnist_compare.report.draw import figures
from mnist_compare.report.words.spoken import comparable, recorded
from mnist_compare.report.words.tables import Table
from mnist_compare.statistics import Number
from mnist_compare.training import REPORTED_EPOCHS

SAID = ("train_accuracy", "test_accuracy", "overfitting_gap")  # in sentences


def published():
    """Return {(model, epoch, quantity): value} as printed in the source report's table."""
    table = pd.read_csv(Path(__file__).parent / "published.csv")
    return {tuple(key): Number(value) for *key, value in table.itertuples(index=False, name=None)}


def numbers():
    """Return what a sentence may say of the recorded runs of both networks.

    ``{model}_{epoch}_{quantity}`` and ``{model}_change_{quantity}``, epoch 10 − epoch 5, are
    Estimates over the seeds, and so is ``difference_{epoch}_{quantity}``, CNN − MLP of the same
    seed. ``source_…`` is of runs by the source report's protocol, ``published_…`` what the source
    report prints. ``replication_largest`` is the largest distance of a published test accuracy from
    the mean of these runs, ``replication_within`` how many lie within their range.
    """
    fair, source, page = measured(), measured(protocol=SOURCE), published()
    found = {
        f"{prefix}{model}_{epoch}_{quantity}": value
        for prefix, given in (("", fair), ("source_", source), ("published_", page))
        for (model, epoch, quantity), value in given.items()
        if quantity in SAID
    }
    printed = found["published_mlp_5_train_accuracy"] - found["published_mlp_5_test_accuracy"]
    found["published_gap"] = Number(printed)  # the source report prints another number
    for quantity in SAID:
        for epoch in REPORTED_EPOCHS:
            pair = ("cnn", epoch), ("mlp", epoch)
            found[f"difference_{epoch}_{quantity}"] = difference(*pair, quantity)
        for model in COMPARED:
            change = difference((model, 10), (model, 5), quantity)
            found[f"{model}_change_{quantity}"] = change
    tests = {key: value for key, value in page.items() if key[2] == "test_accuracy"}
    distances = [abs(source[key].mean - value) for key, value in tests.items()]
    found["replication_largest"] = Number(max(distances))
    found["replication_within"] = sum(
        source[key].lowest <= value <= source[key].highest for key, value in tests.items()
    )
    for model in COMPARED:
        found[f"{model}_parameters"] = NETWORKS[model].parameters
    found["parameter_ratio"] = found["cnn_parameters"] / found["mlp_parameters"]
    mlp, cnn = (fair[model, 10, "test_accuracy"] for model in COMPARED)
    return found | {"error_ratio": (1 - cnn.mean) / (1 - mlp.mean), "seeds": mlp.n}


@recorded()
def every_run(*own):
    """Draw the reader's own runs among the recorded runs of both networks."""
    if comparable(*own):
        return figures.every_run(measured(), one_run.values(*own))
    return None


@recorded()
def results():
    """Return the main table: the mean of every quantity of both networks at reported epochs."""
    fair = measured()
    columns = [(model, epoch) for epoch in REPORTED_EPOCHS for model in COMPARED]
    table = by_quantity(
        {f"{title(m)} {epoch}": {q: fair[m, epoch, q] for q in QUANTITIES} for m, epoch in columns}
    )
    table.loc["Parameters"] = [f"{NETWORKS[model].parameters:,}" for model, _ in columns]
    return table


@recorded()
def replication():
    """Return published values beside those of runs by the source's protocol and by the fair one.

    The runs below are those by the source's protocol that have a lower value than the published.
    """
    fair, source, page = measured(), measured(protocol=SOURCE), published()
    rows = [
        {
            "Model and epochs": f"{title(model)} {epoch}",
            "Quantity": heading,
            "Published": f"{page[model, epoch, quantity]:{form}}",
            "Its protocol": one_run.with_range(source[model, epoch, quantity], form),
            "Runs below": _below(source[model, epoch, quantity], page[model, epoch, quantity]),
            "Fair protocol": one_run.with_range(fair[model, epoch, quantity], form),
        }
        for epoch in REPORTED_EPOCHS
        for model in COMPARED
        for quantity, (heading, form) in QUANTITIES.items()
        if (model, epoch, quantity) in page
    ]
    return Table(rows)


def _below(found, published):
    return f"{np.sum(found.by_seed < published)} of {found.n}"


def disagreement(mlp, cnn, labels):
    """Return how many test digits only one of two runs reads correctly, means over pairs of runs.

    ``between`` pairs each MLP with the CNN of its seed; ``mlp`` and ``cnn`` pair runs of one kind.
    """
    right = {"mlp": _right(mlp, labels), "cnn": _right(cnn, labels)}
    found = {"between": (right["mlp"] != right["cnn"]).sum(axis=1).mean()}
    for model, those in right.items():
        found[model] = np.mean([(one != other).sum() for one, other in combinations(those, 2)])
    return found


def _right(those, labels):
    """Return which test digits runs read correctly after ten epochs: (runs, 10000) booleans."""
    return np.array([run.predictions[10] == labels for run in those])
