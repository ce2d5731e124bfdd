"""The chapter that compares the two networks and repeats the source report's experiment."""

from functools import cached_property
from itertools import combinations, product
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd

from mnist_compare import metrics
from mnist_compare.findings import estimates
from mnist_compare.findings.estimates import QUANTITIES, Quantities, all_estimates, by_quantity
from mnist_compare.findings.recorded import recorded
from mnist_compare.records import networks, runs
from mnist_compare.records.networks import COMPARED, NETWORKS, title
from mnist_compare.records.protocols import SOURCE
from mnist_compare.report.words.tables import Table
from mnist_compare.study import operations, statistics
from mnist_compare.study.statistics import Estimate, Number
from mnist_compare.training import REPORTED_EPOCHS

PRINTED = Path(__file__).with_name("published.csv")  # in the source report (2025), chapter 5.1


class Comparison:
    """The numbers of the comparison, such as ``mlp.test_accuracy[10]``."""

    mlp, cnn = map(estimates.network, COMPARED)
    lead = estimates.lead()
    source_mlp, source_cnn = (estimates.network(model, SOURCE) for model in COMPARED)
    printed_mlp = Quantities(lambda epoch, quantity: published()["mlp", epoch, quantity])
    printed_cnn = Quantities(lambda epoch, quantity: published()["cnn", epoch, quantity])

    @property
    def parameters(self) -> dict[str, int]:
        """Return the number of each network's parameters."""
        return {name: network.parameters for name, network in NETWORKS.items()}

    @cached_property
    def operations(self) -> dict[str, int]:
        """Return how many it takes to train each network on a digit."""
        return {name: operations.training_operations(networks.build(name)) for name in COMPARED}

    @cached_property
    def best_epoch(self) -> Estimate:
        """Return the ``Estimate`` of the epoch of the MLP's least validation loss."""
        losses = [pd.DataFrame(run.rows).validation_loss for run in runs.compared()["mlp"]]
        return statistics.estimate([metrics.best_epoch(of_run) for of_run in losses])

    @cached_property
    def replicated(self) -> SimpleNamespace:
        """Return how the published test accuracies lie among runs by the source's protocol.

        ``largest`` is the largest distance from their mean; ``within`` of them are in the runs'
        range.
        """
        printed = {key: value for key, value in published().items() if key[2] == "test_accuracy"}
        ours = all_estimates(protocol=SOURCE)
        return SimpleNamespace(
            largest=Number(max(abs(ours[key].mean - printed[key]) for key in printed)),
            within=sum(ours[key].lowest <= printed[key] <= ours[key].highest for key in printed),
        )

    @cached_property
    def disagreement(self) -> SimpleNamespace:
        """Return how many test digits only one of two runs reads, means over pairs of runs.

        ``between`` pairs each MLP with the CNN of its seed; ``mlp`` and ``cnn`` pair runs of one
        kind.
        """
        mlp, cnn = (estimates.right(of_one, 10) for of_one in runs.compared().values())
        return SimpleNamespace(
            between=(mlp != cnn).sum(axis=1).mean(), mlp=_within(mlp), cnn=_within(cnn)
        )


def _within(right):
    return np.mean([(one != other).sum() for one, other in combinations(right, 2)])


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
    return table[[f"{name} {epoch}" for epoch, name in product(REPORTED_EPOCHS, counts)]]


def _at_epochs(name, found):
    columns: dict[str, dict] = {f"{name} {epoch}": {} for epoch in REPORTED_EPOCHS}
    for quantity in QUANTITIES:
        for epoch, value in getattr(found, quantity).items():
            columns[f"{name} {epoch}"][quantity] = value
    return columns


@recorded()
def replication() -> Table:
    """Return published values beside those of runs by the source's protocol and by the fair one.

    The runs below are those by the source's protocol that have a lower value than the published.
    """
    fair, source, printed = all_estimates(), all_estimates(protocol=SOURCE), published()
    rows = []
    for epoch, model, quantity in product(REPORTED_EPOCHS, COMPARED, QUANTITIES):
        if (side := (model, epoch, quantity)) in printed:
            heading, form, *_ = QUANTITIES[quantity]
            below = np.sum(source[side].by_seed < printed[side])
            rows.append({
                "Model and epochs": f"{title(model)} {epoch}",
                "Quantity": heading,
                "Published": f"{printed[side]:{form}}",
                "Its protocol": _with_range(source[side], form),
                "Runs below": f"{below} of {source[side].n}",
                "Fair protocol": _with_range(fair[side], form),
            })  # fmt: skip
    return Table(rows)


def published() -> dict:
    """Return {(model, epoch, quantity): value} as printed in the source report's table."""
    rows = pd.read_csv(PRINTED).itertuples(index=False, name=None)
    return {tuple(key): Number(value) for *key, value in rows}


def _with_range(estimate, form):
    bare = form.replace("%", "h")
    return f"{estimate:{form}} ({estimate.lowest:{bare}}–{estimate.highest:{bare}})"
