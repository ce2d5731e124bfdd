"""The appendix on speed: what the record of ``bench`` says."""

from types import SimpleNamespace

import numpy as np
import pandas as pd

from mnist_compare.records.timings import read
from mnist_compare.report.chapters.recorded import recorded
from mnist_compare.report.words.tables import Table
from mnist_compare.statistics import Estimate, Number, estimate


@recorded("bench.json")
def times() -> Table:
    """Return the table of what is recorded."""
    return table(read()["rows"])


def table(rows: dict) -> Table:
    """Return median times of baseline and ours, and the median of their ratios with its range."""
    shown = {}
    for name, row in rows.items():
        baseline, ours = np.median(row["pairs"], axis=0)
        low, median, high = map(_digits, np.quantile(_ratios(row), (0, 0.5, 1)))
        shown[name] = {
            "Baseline": f"{row['baseline']}: {_duration(baseline)}",
            "Ours": f"{row['ours']}: {_duration(ours)}",
            "Times faster": f"{median} ({low} to {high})",
        }
    return Table.from_dict(shown, orient="index").rename_axis("What is done")


def times_faster(rows: dict) -> dict[str, Number]:
    """Return the median ratio of each row, baseline to ours."""
    return {name: Number(np.median(_ratios(row))) for name, row in rows.items()}


def epoch(rows: dict, model: str) -> SimpleNamespace:
    """Return what an epoch takes: ``operations``, ``seconds``, and its ``share_of_peak``.

    ``peak`` is the speed at matrix products that was measured with it, in 10⁹ operations a second.
    """
    row = rows[f"{model} epoch"]
    seconds = np.median(row["pairs"], axis=0)[1]
    return SimpleNamespace(
        operations=row["operations"],
        seconds=seconds,
        peak=Number(row["peak"] / 1e9),
        share_of_peak=Number(row["operations"] / seconds / row["peak"]),
    )


def beside_keras(rows: dict) -> dict[tuple[str, int], Estimate]:
    """Return {(model, epochs): ours − plain Keras in test accuracy} of the experiment."""
    accuracies = pd.json_normalize(rows["experiment"]["accuracies"], sep=" ")
    differences = {}
    for name in accuracies.filter(like="ours ").columns.str.removeprefix("ours "):
        model, epochs = name.split("_")
        difference = accuracies[f"ours {name}"] - accuracies[f"plain {name}"]
        differences[model, int(epochs)] = estimate(difference)
    return differences


def _ratios(row):
    return np.divide(*np.transpose(row["pairs"]))


def _duration(seconds):
    for unit, size in (("s", 1), ("ms", 1e-3)):
        if seconds >= size:
            return f"{_digits(seconds / size)} {unit}"
    return f"{_digits(seconds / 1e-6)} µs"


def _digits(value):
    """Format with two significant digits, or as an integer where it has more."""
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"
