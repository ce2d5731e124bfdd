"""The chapter on evidence: how sure each difference between the networks is, over many seeds."""

from types import SimpleNamespace

import numpy as np
import pandas as pd

from mnist_compare.data import TRAINING_DIGITS
from mnist_compare.findings import estimates
from mnist_compare.findings.estimates import QUANTITIES, by_quantity, difference
from mnist_compare.findings.recorded import recorded
from mnist_compare.records import networks, runs
from mnist_compare.records.networks import COMPARED, EQUAL_SIZE, NETWORKS, STUDIED, title
from mnist_compare.records.protocols import FAIR, SAMPLES, Protocol
from mnist_compare.report.draw import figures
from mnist_compare.report.words.sentences import Names
from mnist_compare.report.words.tables import Table
from mnist_compare.study import operations, statistics
from mnist_compare.study.statistics import Number, asked_together
from mnist_compare.training import REPORTED_EPOCHS

DIFFERENCES = {  # between networks of the same seed, and between epochs of the same run
    "CNN − MLP, 5 epochs": (("cnn", 5), ("mlp", 5)),
    "CNN − MLP, 10 epochs": (("cnn", 10), ("mlp", 10)),
    "MLP, 10 − 5 epochs": (("mlp", 10), ("mlp", 5)),
    "CNN, 10 − 5 epochs": (("cnn", 10), ("cnn", 5)),
}


@recorded()
def differences() -> Table:
    """Return the paired differences, between networks and between epochs, with 95 % intervals."""
    columns = {
        heading: {quantity: difference(*pair, quantity) for quantity in QUANTITIES}
        for heading, pair in DIFFERENCES.items()
    }
    return by_quantity(columns, lambda each, form: f"{each:[+{form.replace('%', 'h')}]}")


def longer(model: str) -> SimpleNamespace:
    """Return what ten epochs change in a network, after five: ``Estimate``s of 10 − 5.

    ``mistakes`` is the confidence of wrong answers.
    """
    after = (model, 10), (model, 5)
    return SimpleNamespace(
        test_accuracy=difference(*after),
        test_loss=difference(*after, "test_loss"),
        mistakes=_mistakes(model, 10) - _mistakes(model, 5),
    )


@recorded()
def confidences() -> Table:
    """Return accuracy and mean confidence, of all answers and of the wrong ones, of all seeds."""
    rows = {}
    for model in COMPARED:
        for epoch in REPORTED_EPOCHS:
            sure, right = _answers(model, epoch)
            rows[f"{title(model)} {epoch}"] = {
                "Accuracy": f"{right.mean():.2%}",
                "Mean confidence": f"{sure.mean():.2%}",
                "where wrong": f"{_mistakes(model, epoch):.1%}",
            }
    return Table.from_dict(rows, orient="index").rename_axis("Model and epochs")


def _mistakes(model, epoch):
    """Return the ``Estimate`` of the confidence of wrong answers."""
    both = _answers(model, epoch)
    return statistics.estimate([sure[~right].mean() for sure, right in zip(*both, strict=True)])


def _answers(model, epoch):
    """Return confidences and which answers are right, both (seeds, 10000), of all seeds."""
    recorded = runs.compared()[model]
    sure = np.stack([run.confidences[epoch] for run in recorded])
    return sure, estimates.right(recorded, epoch)


def mcnemar() -> SimpleNamespace:
    """Return what McNemar's test says of the pairs of runs after ten epochs.

    ``only_cnn`` and ``only_mlp`` are how many digits only one of a pair reads, means over the
    ``pairs``; ``unlikely`` and ``by_writer`` how many pairs have a p value below 0.05, by digit and
    by writer.
    """
    mlp, cnn = (estimates.right(of_one, 10) for of_one in runs.compared().values())
    only_cnn, only_mlp = (cnn & ~mlp).sum(axis=1), (mlp & ~cnn).sum(axis=1)
    p = np.array([statistics.mcnemar(*pair) for pair in zip(only_cnn, only_mlp, strict=True)])
    by_writer = pd.DataFrame((cnn.astype(int) - mlp).T).groupby(estimates.units()).sum()
    p_by_writer = np.array([statistics.mcnemar_by(by_writer[seed]) for seed in by_writer])
    return SimpleNamespace(
        only_cnn=Number(only_cnn.mean()),
        only_mlp=Number(only_mlp.mean()),
        pairs=len(p),
        unlikely=int((p < statistics.LEVEL).sum()),
        by_writer=int((p_by_writer < statistics.LEVEL).sum()),
    )


@recorded()
def paired_runs():
    """Draw the test accuracies of both networks, paired by seed, and their differences."""
    accuracies = (estimates.mean(model, 10).by_seed for model in COMPARED)
    return figures.paired_runs(*accuracies, difference(("cnn", 10), ("mlp", 10)).interval)


@recorded()
def cost():
    """Draw test accuracy against what each network costs."""
    return figures.cost(costs())


def costs() -> dict:
    """Return what ``figures.cost`` draws, over all seeds of each network, the smallest first."""
    return {
        title(model): {
            "model": model,
            "parameters": NETWORKS[model].parameters,
            "operations": operations.training_operations(networks.build(model)),
            "accuracy": alone(model),
        }
        for model in sorted(STUDIED, key=lambda model: NETWORKS[model].parameters)
    }


@recorded()
def sizes() -> Table:
    """Return the table of parameters, cost and test accuracy after ten epochs, as ``costs()``."""
    rows = {}
    for name, point in costs().items():
        reading = operations.operations(networks.build(point["model"])) or 0
        rows[name] = {
            "Parameters": f"{point['parameters']:,}",
            "To train on a digit": f"{point['operations']:,}",
            "To read one": f"{reading:,}",
            "Test accuracy": f"{point['accuracy']:[.2%]}",
        }
    return Table.from_dict(rows, orient="index").rename_axis("Network")


def alone(model: str) -> statistics.Estimate:
    """Return the test accuracy of a network after ten epochs, over all of its seeds."""
    return estimates.mean(model, 10, models=[model])


def lead(one: str, other: str, protocol: Protocol = FAIR) -> statistics.Estimate:
    """Return one − other in test accuracy after ten epochs."""
    return difference((one, 10), (other, 10), protocol=protocol)


def by_count() -> dict[int, Protocol]:
    """Return the ``Protocol`` of each number of digits that all networks are trained on."""
    return {
        protocol.digits or TRAINING_DIGITS: protocol
        for protocol in (*SAMPLES, FAIR)
        if all(runs.read(model, protocol) for model in STUDIED)
    }


@recorded()
def sample_efficiency():
    """Draw test error over the number of training digits."""
    return figures.sample_efficiency(samples())


def samples() -> dict:
    """Return {model: {training digits: test accuracies (seeds,)}}."""
    protocols = by_count()
    return {
        model: {
            count: estimates.by_seed(model, 10, protocol=protocol).to_numpy()
            for count, protocol in protocols.items()
        }
        for model in STUDIED
    }


def samples_at_equal_size() -> pd.DataFrame:
    """Return how far a CNN is ahead of an MLP of its size, ``Estimate``s asked together.

    A row for each number of training digits, a column for each size.
    """
    protocols = by_count()
    asked = {
        (f"{count:,}", f"{title(cnn)} − {title(mlp)}"): lead(cnn, mlp, protocol)
        for mlp, cnn in EQUAL_SIZE
        for count, protocol in protocols.items()
    }
    together = pd.Series(asked_together(asked.values()), pd.MultiIndex.from_tuples(asked))
    return together.unstack(1, sort=False)


def ahead_at_equal_size() -> Names:
    """Return the numbers of training digits at which the CNN is ahead at both sizes."""
    leads = samples_at_equal_size()
    return Names(leads.index[leads.map(lambda lead: lead.supported).all(axis=1)])


def errors_of_the_mlp() -> dict[int, Number]:
    """Return the CNN's test errors, in those of the MLP, by the number of training digits."""
    ratios = {}
    for count, protocol in by_count().items():
        cnn, mlp = (estimates.mean(model, 10, protocol=protocol) for model in ("cnn", "mlp"))
        ratios[count] = Number((1 - cnn.mean) / (1 - mlp.mean))
    return ratios
