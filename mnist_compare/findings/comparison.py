"""The chapter that compares the two networks and repeats the source report's experiment."""

from itertools import combinations
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd

from mnist_compare.findings import estimates
from mnist_compare.findings.estimates import QUANTITIES, Quantities, by_quantity, measured
from mnist_compare.findings.recorded import recorded
from mnist_compare.records import runs
from mnist_compare.records.networks import COMPARED, NETWORKS, title
from mnist_compare.records.protocols import SOURCE
from mnist_compare.report.words.tables import Table
from mnist_compare.study.statistics import Number
from mnist_compare.training import REPORTED_EPOCHS

PRINTED = Path(__file__).with_name("published.csv")  # in the source report (2025), chapter 5.1


@recorded()
def results() -> Table:
    """Return the main table: the mean of every quantity of both networks at reported epochs.

    Beside them stands their difference, of accuracies in points.
    """
    mlp, cnn = map(estimates.network, COMPARED)
    lead = _at_epochs("CNN − MLP", estimates.lead())
    signed = by_quantity(lead, lambda each, form: f"{each:+{form.replace('%', 'h')}}")
    table = by_quantity(_at_epochs("MLP", mlp) | _at_epochs("CNN", cnn)).join(signed)
    small, large = (NETWORKS[model].parameters for model in COMPARED)
    counts = {"MLP": f"{small:,}", "CNN": f"{large:,}", "CNN − MLP": f"{large - small:+,}"}
    table.loc["Parameters"] = [counts[column.rpartition(" ")[0]] for column in table]
    return table[[f"{name} {epoch}" for epoch in REPORTED_EPOCHS for name in counts]]


def _at_epochs(name, found):
    return {
        f"{name} {epoch}": {quantity: getattr(found, quantity)[epoch] for quantity in QUANTITIES}
        for epoch in REPORTED_EPOCHS
    }


@recorded()
def replication() -> Table:
    """Return published values beside those of runs by the source's protocol and by the fair one.

    The runs below are those by the source's protocol that have a lower value than the published.
    """
    fair, source, printed = measured(), measured(protocol=SOURCE), published()
    return Table(
        {
            "Model and epochs": f"{title(model)} {epoch}",
            "Quantity": heading,
            "Published": f"{printed[model, epoch, quantity]:{form}}",
            "Its protocol": _with_range(source[model, epoch, quantity], form),
            "Runs below": _below(source[model, epoch, quantity], printed[model, epoch, quantity]),
            "Fair protocol": _with_range(fair[model, epoch, quantity], form),
        }
        for epoch in REPORTED_EPOCHS
        for model in COMPARED
        for quantity, (heading, form) in QUANTITIES.items()
        if (model, epoch, quantity) in printed
    )


def published() -> dict:
    """Return {(model, epoch, quantity): value} as printed in the source report's table."""
    rows = pd.read_csv(PRINTED).itertuples(index=False, name=None)
    return {tuple(key): Number(value) for *key, value in rows}


def as_published(model: str) -> Quantities:
    """Return what the source report prints of a network."""
    return Quantities(lambda epoch, quantity: published()[model, epoch, quantity])


def replicated() -> SimpleNamespace:
    """Return how the published test accuracies lie among runs by the source's protocol.

    ``largest`` is the largest distance from their mean; ``within`` of them are in the runs' range.
    """
    printed = {key: value for key, value in published().items() if key[2] == "test_accuracy"}
    recorded = measured(protocol=SOURCE)
    return SimpleNamespace(
        largest=Number(max(abs(recorded[key].mean - printed[key]) for key in printed)),
        within=sum(recorded[k].lowest <= printed[k] <= recorded[k].highest for k in printed),
    )


def disagreement() -> SimpleNamespace:
    """Return how many test digits only one of two runs reads correctly, means over pairs of runs.

    ``between`` pairs each MLP with the CNN of its seed; ``mlp`` and ``cnn`` pair runs of one kind.
    """
    right = {model: estimates.right(of_one, 10) for model, of_one in runs.compared().items()}
    within = {
        model: np.mean([(one != other).sum() for one, other in combinations(read, 2)])
        for model, read in right.items()
    }
    return SimpleNamespace(between=(right["mlp"] != right["cnn"]).sum(axis=1).mean(), **within)


def _with_range(estimate, form):
    bare = form.replace("%", "h")
    return f"{estimate:{form}} ({estimate.lowest:{bare}}–{estimate.highest:{bare}})"


def _below(estimate, value):
    return f"{np.sum(estimate.by_seed < value)} of {estimate.n}"
