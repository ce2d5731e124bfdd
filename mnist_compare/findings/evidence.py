"""The chapter on evidence: how sure each difference between the networks is, over many seeds."""

from functools import cached_property
from types import SimpleNamespace

import numpy as np

from mnist_compare.findings import estimates
from mnist_compare.findings.estimates import QUANTITIES, by_quantity, difference
from mnist_compare.findings.recorded import recorded
from mnist_compare.records import networks, runs
from mnist_compare.records.networks import COMPARED, EQUAL_SIZE, NETWORKS, STUDIED, title
from mnist_compare.records.protocols import FAIR, PERMUTED
from mnist_compare.report.words.tables import Table
from mnist_compare.study import operations, statistics
from mnist_compare.study.statistics import Estimate, Number
from mnist_compare.training import REPORTED_EPOCHS

DIFFERENCES = {  # between networks of the same seed, and between epochs of the same run
    "CNN − MLP, 5 epochs": (("cnn", 5), ("mlp", 5)),
    "CNN − MLP, 10 epochs": (("cnn", 10), ("mlp", 10)),
    "MLP, 10 − 5 epochs": (("mlp", 10), ("mlp", 5)),
    "CNN, 10 − 5 epochs": (("cnn", 10), ("cnn", 5)),
}


class Evidence:
    """The numbers of the chapter on evidence."""

    made_with = property(lambda self: runs.ENVIRONMENTS.read().iloc[-1])
    amount = property(lambda self: runs.amount())
    longer_mlp = cached_property(lambda self: _longer("mlp"))
    longer_cnn = cached_property(lambda self: _longer("cnn"))
    mlp_682 = cached_property(lambda self: estimates.accuracy("mlp_682"))
    wider_mlp = cached_property(lambda self: difference(("mlp_682", 10), ("mlp", 10)))

    @cached_property
    def correlation(self) -> dict[str, Number]:
        """Return how test accuracies correlate over the seeds with those of the CNN, by network.

        Those of ``cnn`` itself are on permuted pixels.
        """
        given, found = estimates.by_seed("cnn", 10), {}
        for model, protocol in {"mlp": FAIR, "mlp_682": FAIR, "cnn": PERMUTED}.items():
            found[model] = Number(given.corr(estimates.by_seed(model, 10, protocol=protocol)))
        return found

    @cached_property
    def surer(self) -> dict[int, Estimate]:
        """Return by epoch how much more the CNN's confidence exceeds accuracy than the MLP's."""
        return {epoch: _excess("cnn", epoch) - _excess("mlp", epoch) for epoch in REPORTED_EPOCHS}


@recorded()
def table_of_differences() -> Table:
    """Return the paired differences, between networks and between epochs, with 95 % intervals."""
    columns = {}
    for heading, pair in DIFFERENCES.items():
        columns[heading] = {quantity: difference(*pair, quantity) for quantity in QUANTITIES}
    return by_quantity(columns, lambda each, form: f"{each:[+{form.replace('%', 'h')}]}")


@recorded()
def table_of_chance() -> Table:
    """Return the intervals of the main leads by what is taken as drawn by chance, side by side."""
    rows = {}
    for mlp, cnn in (COMPARED, *EQUAL_SIZE):
        lead, pair = difference((cnn, 10), (mlp, 10)), runs.compared((cnn, mlp))
        right = {model: estimates.right(pair[model], 10).astype(float) for model in pair}
        by_digit = (right[cnn] - right[mlp]).mean(axis=0)
        rows[f"{title(cnn)} − {title(mlp)}"] = {
            "Mean": f"{lead:.2h}",
            "Seeds": f"{statistics.estimate(lead.by_seed).interval:.2h}",
            "Test digits": f"{statistics.estimate(by_digit).interval:.2h}",
            "Writers": f"{statistics.estimate(lead.values.mean(axis=0)).interval:.2h}",
            "Seeds and writers": f"{lead.interval:.2h}",
        }
    return Table.from_dict(rows, orient="index").rename_axis("Points")


@recorded()
def table_of_confidence() -> Table:
    """Return accuracy and mean confidence, and that of wrong answers, of all seeds."""
    rows = {}
    for model in COMPARED:
        for epoch in REPORTED_EPOCHS:
            sure, right = _answers(model, epoch)
            rows[f"{title(model)} {epoch}"] = {
                "Accuracy": f"{right.mean():.2%}",
                "Mean confidence": f"{sure.mean():.2%}",
                "where wrong": f"{_mistakes(model, epoch):.1%}",
                "Confidence − accuracy": f"{_excess(model, epoch):[+.2h]}",
            }
    return Table.from_dict(rows, orient="index").rename_axis("Model and epochs")


@recorded()
def table_of_sizes() -> Table:
    """Return parameters, cost and test accuracy after ten epochs, over all seeds."""
    rows = {}
    for model in sorted(STUDIED, key=lambda model: NETWORKS[model].parameters):
        built = networks.build(model)
        rows[title(model)] = {
            "Parameters": f"{NETWORKS[model].parameters:,}",
            "To train on a digit": f"{operations.training_operations(built):,}",
            "To read one": f"{operations.operations(built):,}",
            "Test accuracy": f"{estimates.accuracy(model):[.2%]}",
        }
    return Table.from_dict(rows, orient="index").rename_axis("Network")


def _longer(model):
    """Return what ten epochs change in a network, after five: ``Estimate``s of 10 − 5.

    ``mistakes`` is the confidence of wrong answers.
    """
    after = (model, 10), (model, 5)
    return SimpleNamespace(
        test_accuracy=difference(*after),
        test_loss=difference(*after, "test_loss"),
        mistakes=_mistakes(model, 10) - _mistakes(model, 5),
    )


def _mistakes(model, epoch):
    """Return the ``Estimate`` of the confidence of wrong answers."""
    both = _answers(model, epoch)
    return statistics.estimate([sure[~right].mean() for sure, right in zip(*both, strict=True)])


def _excess(model, epoch):
    """Return the ``Estimate`` of mean confidence − accuracy."""
    sure, right = _answers(model, epoch)
    return statistics.estimate(statistics.clustered(sure - right, estimates.units()))


def _answers(model, epoch):
    """Return confidences and which answers are right, both (seeds, 10000), of all seeds."""
    recorded_runs = runs.compared()[model]
    sure = np.stack([run.confidences[epoch] for run in recorded_runs])
    return sure, estimates.right(recorded_runs, epoch)
