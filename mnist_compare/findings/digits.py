"""What nearness is worth by the number of training digits, and how many digits it is worth."""

from functools import cached_property
from typing import NamedTuple

import numpy as np
from matplotlib import ticker

from mnist_compare.data import TRAINING_DIGITS
from mnist_compare.findings import estimates
from mnist_compare.findings.recorded import recorded
from mnist_compare.records.networks import colour
from mnist_compare.records.protocols import FAIR, PERMUTED, PERMUTED_SAMPLES, SAMPLES
from mnist_compare.report.draw.drawing import panels
from mnist_compare.report.draw.style import styled
from mnist_compare.study import statistics
from mnist_compare.study.statistics import Estimate, Interval, Number

COUNTS: list = [*(protocol.digits for protocol in SAMPLES), TRAINING_DIGITS]
OTHERS = {  # what the CNN is compared with: a network, and its protocol for each of ``COUNTS``
    "permuted": ("cnn", [*PERMUTED_SAMPLES, PERMUTED]),
    "mlp_682": ("mlp_682", [*SAMPLES, FAIR]),
}


class Factor(NamedTuple):
    """How many times as many digits, with the interval over the seeds."""

    mean: Number
    interval: Interval


class Digits:
    """The numbers on how many digits nearness is worth, by ``OTHERS`` and by ``COUNTS``."""

    @cached_property
    def lead(self) -> dict[str, dict[int, Estimate]]:
        """Return how far the CNN is ahead, in test accuracy after ten epochs."""
        leads = {}
        for other, (of_cnn, of_other) in self._accuracies.items():
            pairs = zip(COUNTS, of_cnn, of_other, strict=True)
            leads[other] = {count: cnn - another for count, cnn, another in pairs}
        return leads

    @cached_property
    def times(self) -> dict[str, dict[int, Factor]]:
        """Return how many times as many digits another needs for the CNN's error.

        Left out where a seed of the other does not come down to it with all digits.
        """
        return {other: _factors(*both) for other, both in self._accuracies.items()}

    @cached_property
    def _accuracies(self):
        """Return {other: accuracies of the CNN and of it}, over the seeds that all have."""
        both = {}
        for other, (model, protocols) in OTHERS.items():
            given = [("cnn", protocol) for protocol in (*SAMPLES, FAIR)]
            found = estimates.accuracies(*given, *((model, protocol) for protocol in protocols))
            both[other] = found[: len(COUNTS)], found[len(COUNTS) :]
        return both


def _factors(of_cnn, of_other):
    """Return {number of digits: ``Factor``}, read from the lines between the points of a seed."""
    errors_of_cnn, errors = _errors(of_cnn), _errors(of_other)
    factors = {}
    for count, wanted in zip(COUNTS[:-1], errors_of_cnn.T, strict=False):
        if (wanted < errors[:, -1]).any():
            continue
        # The errors are minus themselves here, since np.interp() wants values that rise.
        seeds = zip(wanted, errors, strict=True)
        needed = [np.interp(-one, -line, np.log(COUNTS)) for one, line in seeds]
        found = statistics.estimate(np.array(needed) - np.log(count))
        low, high = np.exp(found.interval)
        factors[count] = Factor(Number(np.exp(found.mean)), Interval(Number(low), Number(high)))
    return factors


def _errors(accuracies):
    """Return the logarithms of test errors, (seeds, counts)."""
    return np.log(1 - np.stack([accuracy.by_seed for accuracy in accuracies], axis=1))


@recorded()
@styled
def figure():
    """Draw how far the CNN is ahead, and how many digits that is worth, by their number."""
    found = Digits()
    figure, (left, right) = panels((6.6, 2.2), 1, 2, sharex=True)
    looks = {
        "permuted": {"color": colour("cnn"), "mfc": "white", "label": "CNN, permuted"},
        "mlp_682": {"color": colour("mlp_682"), "label": "MLP 682"},
    }
    for shift, (other, look) in zip((0.95, 1.05), looks.items(), strict=True):
        for axis, numbers, unit in ((left, found.lead, 100), (right, found.times, 1)):
            counts = shift * np.array([*numbers[other]])
            means = [unit * one.mean for one in numbers[other].values()]
            ends = [unit * np.array(one.interval) for one in numbers[other].values()]
            axis.vlines(counts, *np.transpose(ends), color=look["color"], linewidth=1.3)
            axis.plot(counts, means, "o-", ms=5, linewidth=1, **look)
    left.axhline(0, color="black", linewidth=0.9)
    left.set_title("CNN − another network (points)")
    right.axhline(1, color="black", linewidth=0.9)
    right.set_title("times as many digits as the CNN")
    right.yaxis.set_major_formatter(ticker.FormatStrFormatter("%g"))
    for axis in (left, right):
        axis.set(xscale="log", xlabel="training digits of the CNN")
        axis.xaxis.set_major_formatter("{x:,.0f}")
    right.legend(loc="upper left")
    return figure
