"""How sure the networks are, and whether they are right to be."""

import numpy as np

from mnist_compare import data, metrics, statistics
from mnist_compare.networks import COMPARED, title
from mnist_compare.records import runs
from mnist_compare.report.chapters import estimates
from mnist_compare.report.chapters.recorded import recorded
from mnist_compare.report.draw import figures
from mnist_compare.report.words.tables import Table
from mnist_compare.statistics import Estimate, Number
from mnist_compare.training import REPORTED_EPOCHS

DRAWS = 100  # of answers as a calibrated network would give them


@recorded()
def table():
    """Return accuracy, mean confidence, of all and of wrong answers, and calibration error."""
    rows = {}
    for model in COMPARED:
        for epoch in REPORTED_EPOCHS:
            sure, right = answers(model, epoch)
            rows[f"{title(model)} {epoch}"] = {
                "Accuracy": f"{right.mean():.2%}",
                "Mean confidence": f"{sure.mean():.2%}",
                "where wrong": f"{mistakes(model, epoch):.1%}",
                "Calibration error (points)": f"{error((model, epoch)):[.2h]}",
                "by chance alone": f"{by_chance(model, epoch):.2h}",
            }
    return Table.from_dict(rows, orient="index").rename_axis("Model and epochs")


@recorded()
def reliability():
    """Draw how often the networks are right against how sure they are, of all seeds."""
    diagrams = {
        (model, epoch): [*map(metrics.reliability, *answers(model, epoch))]
        for model in COMPARED
        for epoch in REPORTED_EPOCHS
    }
    return figures.reliability(diagrams)


def answers(model, epoch):
    """Return confidences and which answers are right, both (seeds, 10000), of all seeds."""
    return estimates.answers(runs.compared()[model], epoch)


def mistakes(model, epoch):
    """Return the ``Estimate`` of the confidence of wrong answers."""
    both = answers(model, epoch)
    return statistics.estimate([sure[~right].mean() for sure, right in zip(*both, strict=True)])


def error(one, other=None):
    """Return the ``Estimate`` of a calibration error, or of one − other.

    Each is a pair (model, epoch). An error is no mean over digits, so that its standard error is
    that of the pigeonhole bootstrap, over seeds and writers.
    """
    values, drawn = _errors(*one), _drawn(*one)
    if other:
        values, drawn = values - _errors(*other), drawn - _drawn(*other)
    return Estimate(values, float(drawn.std(ddof=1)), len(values) - 1)


def by_chance(model, epoch):
    """Return the mean calibration error if every answer were right as often as it is sure to be.

    The error is a sum of distances, so that chance alone makes it larger than 0 (R. Roelofs et al.,
    AISTATS 2022).
    """
    sure, _ = answers(model, epoch)
    draw = np.random.default_rng(0)
    errors = [
        metrics.calibration_error(of_seed, draw.random(len(of_seed)) < of_seed)
        for of_seed in sure
        for _ in range(DRAWS // len(sure) + 1)
    ]
    return Number(np.mean(errors))


def _errors(model, epoch):
    return np.abs(_excess(model, epoch).sum(axis=0)).sum(axis=1)


def _excess(model, epoch):
    """Return what confidences exceed right answers by, as shares: (writers, seeds, bins)."""
    sure, right = answers(model, epoch)
    _, writers = data.writers()
    _, writer = np.unique(writers, return_inverse=True)
    bins = metrics.CALIBRATION_BINS
    place = np.clip(np.ceil(sure * bins).astype(int) - 1, 0, bins - 1)
    sums = [
        np.bincount(writer * bins + at, excess, (writer.max() + 1) * bins)
        for at, excess in zip(place, sure - right, strict=True)
    ]
    return np.reshape(sums, (len(sure), -1, bins)).swapaxes(0, 1) / sure.shape[1]


def _drawn(model, epoch):
    """Return the calibration errors of seeds and writers drawn anew, (repetitions,)."""
    excess = _excess(model, epoch)
    _, writers = data.writers()
    sizes = np.unique(writers, return_counts=True)[1] / len(writers)
    seeds, by_writer = statistics.shares(excess.shape[1], 0), statistics.shares(len(excess), 1)
    digits = by_writer @ sizes  # of all digits, whose number changes with the writers drawn
    errors = np.abs(np.einsum("rw,wsb->rsb", by_writer, excess, optimize=True)).sum(axis=2)
    return (errors / digits[:, None] * seeds).sum(axis=1)
