"""The chapter on evidence: how sure each difference between the networks is, over many seeds."""

from types import SimpleNamespace

import numpy as np
import pandas as pd

from mnist_compare import models, networks, statistics
from mnist_compare.data import TRAINING_DIGITS
from mnist_compare.networks import COMPARED, EQUAL_SIZE, NETWORKS, SIZES, STUDIED, title
from mnist_compare.protocols import FAIR, SAMPLES
from mnist_compare.records import runs
from mnist_compare.report.chapters import calibration, estimates
from mnist_compare.report.chapters.estimates import QUANTITIES, by_quantity, difference
from mnist_compare.report.draw import figures
from mnist_compare.report.words.sentences import Names
from mnist_compare.report.words.spoken import recorded
from mnist_compare.report.words.tables import Table
from mnist_compare.statistics import Number, asked_together
from mnist_compare.training import REPORTED_EPOCHS

DIFFERENCES = {  # between networks of the same seed, and between epochs of the same run
    "CNN − MLP, 5 epochs": (("cnn", 5), ("mlp", 5)),
    "CNN − MLP, 10 epochs": (("cnn", 10), ("mlp", 10)),
    "MLP, 10 − 5 epochs": (("mlp", 10), ("mlp", 5)),
    "CNN, 10 − 5 epochs": (("cnn", 10), ("cnn", 5)),
}
PAIRS = {"equal_operations": ("cnn", "mlp_1261"), "wider_mlp": ("mlp_682", "mlp")}


@recorded()
def differences():
    """Return the paired differences, between networks and between epochs, with 95 % intervals."""
    columns = {
        heading: {quantity: difference(*pair, quantity) for quantity in QUANTITIES}
        for heading, pair in DIFFERENCES.items()
    }
    return by_quantity(columns, lambda each, form: f"{each:[+{form.replace('%', 'h')}]}")


def mcnemar():
    """Return what McNemar's test says of the pairs of runs after ten epochs, as attributes.

    ``only_cnn`` and ``only_mlp`` are how many digits only one of a pair reads, means over the
    ``pairs``; ``unlikely`` and ``by_writer`` how many pairs have a p value below 0.05, by digit and
    by writer.
    """
    mlp, cnn = (estimates.right(those, 10) for those in runs.compared().values())
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
    accuracies = (estimates.of(model, 10).by_seed for model in COMPARED)
    return figures.paired_runs(*accuracies, difference(("cnn", 10), ("mlp", 10)).interval)


@recorded()
def cost():
    """Draw test accuracy against what each network costs."""
    return figures.cost(costs())


def costs():
    """Return what ``figures.cost`` draws, over all seeds of each network, the smallest first."""
    found = {}
    for model in sorted(SIZES, key=lambda model: NETWORKS[model].parameters):
        found[title(model)] = {
            "model": model,
            "parameters": NETWORKS[model].parameters,
            "operations": models.training_operations(networks.build(model)),
            "accuracy": estimates.of(model, 10, models=[model]),
        }
    return found


@recorded()
def sizes():
    """Return the table of parameters, cost and test accuracy after ten epochs, as ``costs()``."""
    rows = {
        name: {
            "Parameters": f"{point['parameters']:,}",
            "To train on a digit": f"{point['operations'] / 1e6:.2f} million",
            "To read one": f"{models.operations(networks.build(point['model'])) / 1e6:.2f} million",
            "Test accuracy": f"{point['accuracy']:[.2%]}",
        }
        for name, point in costs().items()
    }
    return Table.from_dict(rows, orient="index").rename_axis("Network")


def by_count():
    """Return (training digits, ``Protocol``) of those numbers that all networks are trained on."""
    return [
        (protocol.digits or TRAINING_DIGITS, protocol)
        for protocol in (*SAMPLES, FAIR)
        if all(runs.read(model, protocol) for model in STUDIED)
    ]


def samples():
    """Return {model: {training digits: test accuracies (seeds,)}}."""
    return {
        model: {
            count: estimates.values(model, 10, protocol=p).to_numpy() for count, p in by_count()
        }
        for model in STUDIED
    }


@recorded()
def sample_efficiency():
    """Draw test error over the number of training digits."""
    return figures.sample_efficiency(samples())


def samples_at_equal_size():
    """Return how far a CNN is ahead of an MLP of its size: a frame of ``Estimate``.

    A row for each number of training digits, a column for each size; all are asked together.
    """
    asked = {
        (f"{count:,}", f"{title(cnn)} − {title(mlp)}"): _lead(cnn, mlp, protocol)
        for mlp, cnn in EQUAL_SIZE
        for count, protocol in by_count()
    }
    together = pd.Series(asked_together(asked.values()), pd.MultiIndex.from_tuples(asked))
    return together.unstack(1, sort=False)


def _lead(cnn, mlp, protocol):
    return difference((cnn, 10), (mlp, 10), protocol=protocol)


def numbers():
    """Return what a sentence may name: Estimates, if nothing else is said.

    The names of ``PAIRS`` and ``accuracy_10`` are differences in test accuracy after ten epochs,
    ``{model}_longer…`` changes from five to ten, ``…_calibration`` differences of calibration
    errors, ``…_mistakes`` of the confidence of wrong answers. Numbers are
    ``{model}_10_error_ratio``, test errors to training errors, and ``few_ratio`` and ``all_ratio``,
    the CNN's errors to the MLP's on the fewest and on all training digits. ``equal_size`` are the
    ``Names`` of those numbers of training digits at which the CNN is ahead of the MLP of its size,
    at both sizes, and ``mcnemar`` what ``mcnemar()`` has.
    """
    measured, at_equal_size = estimates.measured(), samples_at_equal_size()
    ahead = at_equal_size.map(lambda lead: lead.supported).all(axis=1)
    found = {
        "accuracy_10": difference(("cnn", 10), ("mlp", 10)),
        "gap_5": difference(("mlp", 5), ("cnn", 5), "overfitting_gap"),
        "mlp_682": estimates.of("mlp_682", 10, models=["mlp_682"]),
        "equal_size": Names(at_equal_size.index[ahead]),
        "mcnemar": mcnemar(),
    }
    for name, (one, other) in PAIRS.items():
        found[name] = difference((one, 10), (other, 10))
    for name, (_, protocol) in (("few", by_count()[0]), ("all", by_count()[-1])):
        sides = (estimates.of(model, 10, protocol=protocol) for model in ("cnn", "mlp"))
        found[f"{name}_ratio"] = _error_ratio(*sides)
    for model in COMPARED:
        after = (model, 10), (model, 5)
        test, train = (measured[model, 10, f"{of}_accuracy"] for of in ("test", "train"))
        found |= {
            f"{model}_longer": difference(*after),
            f"{model}_longer_loss": difference(*after, "test_loss"),
            f"{model}_longer_calibration": calibration.error(*after),
            f"{model}_longer_mistakes": calibration.mistakes(*after[0])
            - calibration.mistakes(*after[1]),
            f"{model}_10_error_ratio": _error_ratio(test, train),
        }
    for epoch in REPORTED_EPOCHS:
        pair = (("cnn", epoch), ("mlp", epoch))
        found[f"difference_{epoch}_calibration"] = calibration.error(*pair)
    return found


def _error_ratio(one, other):
    return Number((1 - one.mean) / (1 - other.mean))
