"""The appendix on speed: what the record of ``bench`` says.

``rows`` are those of ``records.speed.read()``.
"""

import re

import numpy as np
import pandas as pd

from mnist_compare.networks import COMPARED
from mnist_compare.records.timings import read
from mnist_compare.report.words.spoken import recorded
from mnist_compare.report.words.tables import Table
from mnist_compare.statistics import Number, estimate


@recorded("bench.json")
def times():
    """Return the table of what is recorded."""
    return table(read()["rows"])


def table(rows):
    """Return median times of baseline and ours, and the median of their ratios with its range."""
    found = {}
    for name, ratios in times_faster(rows).items():
        baseline, ours = np.median(rows[name]["pairs"], axis=0)
        low, median, high = (_digits(q) for q in np.quantile(ratios, (0, 0.5, 1)))
        found[name] = {
            "Baseline": f"{rows[name]['baseline']}: {_duration(baseline)}",
            "Ours": f"{rows[name]['ours']}: {_duration(ours)}",
            "Times faster": f"{median} ({low} to {high})",
        }
    return Table.from_dict(found, orient="index").rename_axis("What is done")


def times_faster(rows):
    """Return {row: ratio of each of its pairs, baseline to ours}."""
    return {name: np.divide(*np.transpose(row["pairs"])) for name, row in rows.items()}


def numbers(rows):
    """Return what a sentence may say of speed.

    ``{row}_times`` is the median ratio of a row (underscores stand for what is no letter nor
    digit); ``{model}_share_of_peak`` how much of the speed at matrix products an epoch reaches,
    ``{model}_peak`` that speed in 10⁹ operations a second, measured with it;
    ``accuracy_{model}_{epochs}`` the Estimate of the difference in test accuracy, ours − plain
    Keras, in the experiment. ``operations_ratio`` is CNN to MLP.
    """
    found = {
        re.sub(r"\W+", "_", name) + "_times": Number(np.median(ratios))
        for name, ratios in times_faster(rows).items()
    }
    for model in COMPARED:
        row = rows[f"{model} epoch"]
        share = row["operations"] / np.median(row["pairs"], axis=0)[1] / row["peak"]
        found[f"{model}_share_of_peak"] = Number(share)
        found[f"{model}_peak"] = Number(row["peak"] / 1e9)
    operations = [rows[f"{model} epoch"]["operations"] for model in COMPARED]
    found["operations_ratio"] = Number(operations[1] / operations[0])
    accuracies = pd.json_normalize(rows["experiment"]["accuracies"])
    for name in [column.removeprefix("ours.") for column in accuracies.filter(like="ours.")]:
        ours, plain = accuracies[f"ours.{name}"], accuracies[f"plain.{name}"]
        found[f"accuracy_{name}"] = estimate(ours - plain)
    return found


def _duration(seconds):
    for unit, size in (("s", 1), ("ms", 1e-3)):
        if seconds >= size:
            return f"{_digits(seconds / size)} {unit}"
    return f"{_digits(seconds / 1e-6)} µs"


def _digits(value):
    """Format with two significant digits, or as an integer where it has more."""
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"
