"""The chapters on the two networks: what one run shows, and how it compares with the others."""

import pandas as pd

from mnist_compare import metrics, statistics
from mnist_compare.records import runs
from mnist_compare.report.estimates import by_quantity, difference, measured, quantities
from mnist_compare.statistics import Number
from mnist_compare.training import REPORTED_EPOCHS


def epochs(run):
    """Return the table of a run's epochs: running loss and accuracy, and those on validation."""
    columns = {
        "running_loss": ("Loss", ".4f"),
        "running_accuracy": ("Accuracy", ".2%"),
        "validation_loss": ("Validation loss", ".4f"),
        "validation_accuracy": ("Validation accuracy", ".2%"),
    }
    table = {
        heading: [format(row[name], form) for row in run.rows]
        for name, (heading, form) in columns.items()
    }
    return pd.DataFrame(table, pd.Index([row["epoch"] for row in run.rows], name="Epoch"))


def results(run):
    """Return the table of a run's results at the epochs after which it was measured."""
    return by_quantity({f"{row['epoch']} epochs": quantities(row) for row in run.measured})


def values(*own):
    """Return {(model, epoch, quantity): value} of runs at the epochs at which they are measured."""
    return {
        (run.model, row["epoch"], quantity): value
        for run in own
        for row in run.measured
        for quantity, value in quantities(row).items()
    }


def numbers(run):
    """Return what a sentence may say of a run: quantities after its first and last measurement.

    ``{quantity}`` is that after its last epoch, ``first_{quantity}`` that after the first epoch at
    which it was measured; ``last`` and ``first`` are these epochs.
    """
    first, last = run.measured[0], run.measured[-1]
    found = {"first": first["epoch"], "last": last["epoch"]}
    for quantity in ("overfitting_gap", "test_loss"):
        found[quantity] = quantities(last)[quantity]
        found[f"first_{quantity}"] = quantities(first)[quantity]
    return found


def among(run, epoch=10):
    """Return how a run's test accuracy compares with that of the recorded runs of its network.

    ``own`` is its accuracy, ``recorded`` the Estimate of theirs, ``inside`` whether it lies in
    their range, and ``chance`` the probability that one more such run does not.
    """
    recorded = measured((run.model,))[run.model, epoch, "test_accuracy"]
    own = values(run)[run.model, epoch, "test_accuracy"]
    return {
        "own": own,
        "recorded": recorded,
        "inside": recorded.lowest <= own <= recorded.highest,
        # Of n + 1 equal runs, each is as likely as any other to be the lowest or the highest.
        "chance": Number(2 / (recorded.n + 1)),
    }


def of_records(model):
    """Return what a sentence may say of the recorded runs of a network, all Estimates.

    ``accuracy``, ``gap`` and ``loss`` are those on the test digits, such as ``loss_10`` after 10
    epochs; ``change`` is that of accuracy from 5 to 10; ``best_epoch`` has the least validation
    loss.
    """
    recorded = measured()
    names = {"accuracy": "test_accuracy", "gap": "overfitting_gap", "loss": "test_loss"}
    found = {
        f"{name}_{epoch}": recorded[model, epoch, quantity]
        for epoch in REPORTED_EPOCHS
        for name, quantity in names.items()
    }
    losses = [[row["validation_loss"] for row in run.rows] for run in runs.compared()[model]]
    best = statistics.estimate([metrics.best_epoch(of_run) for of_run in losses])
    return found | {"change": difference((model, 10), (model, 5)), "best_epoch": best}


def per_digit(labels, predictions):
    """Return the table of precision, recall and F1 of each digit, with their means at the end."""
    measures = {"Precision": metrics.precision, "Recall": metrics.recall, "F1": metrics.f1}
    table = pd.DataFrame({name: of(labels, predictions) for name, of in measures.items()})
    table.loc["mean"] = table.mean()
    return table.rename_axis("Digit").map("{:.2%}".format)


def with_range(estimate, form):
    """Return a mean and, in brackets, the lowest and the highest value, as text."""
    return f"{estimate:{form}} ({estimate.lowest:{form}} to {estimate.highest:{form}})"
