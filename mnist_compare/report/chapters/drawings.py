"""What the records of pen-drawn digits say: how many of them each network reads.

``counts`` is the frame of ``study.pens.COUNTS``. Rates are of the writers that are reported and
over all conditions. Only the seeds that all networks have are used.
"""

import numpy as np
import pandas as pd

from mnist_compare import networks
from mnist_compare.networks import COMPARED, title
from mnist_compare.preprocessing import PIPELINES
from mnist_compare.report.words.tables import Table
from mnist_compare.statistics import Number, estimate
from mnist_compare.study.pendigits import CONDITIONS, REPORTING_WRITERS


def rates(counts, model, pipeline):
    """Return the share of digits that a network reads, by seed and writer: (seeds, writers).

    A rate over writers is the mean of a row. ``statistics.estimate()`` of the matrix takes seeds
    and writers both as drawn by chance.
    """
    seeds, matrices = _confusions(counts, model, pipeline)
    shares = np.trace(matrices, axis1=2, axis2=3) / matrices.sum(axis=(2, 3))
    return pd.DataFrame(shares).groupby(seeds).mean().to_numpy()


def table(counts, models=networks.SIZES):
    """Return the rate of each of the networks, if it was measured, through every pipeline."""
    return Table.from_dict(
        {
            title(model): {
                pipeline: f"{estimate(rates(counts, model, pipeline)):[.1%]}"
                for pipeline in PIPELINES
            }
            for model in sorted({*counts.model} & {*models})
        },
        orient="index",
    ).rename_axis("Network")


def digit_rates(counts, model):
    """Return how often a network reads each digit through center: (10,)."""
    matrix = _confusion(counts, model)
    return matrix.diagonal() / matrix.sum(axis=1)


def numbers(counts):
    """Return the numbers on pen-drawn digits that a sentence may name.

    ``pen_{model}_{pipeline}``, the rate, and ``pen_lead_{pipeline}``, CNN − MLP. Of the digit least
    often read through center: ``pen_{model}_worst``, which it is, ``pen_{model}_worst_rate``, and
    ``pen_{model}_worst_as``, what it is most often taken for.
    """
    found = {
        f"pen_{model}_{pipeline}": estimate(rates(counts, model, pipeline))
        for model in COMPARED
        for pipeline in PIPELINES
    }
    for pipeline in PIPELINES:
        lead = found[f"pen_cnn_{pipeline}"] - found[f"pen_mlp_{pipeline}"]
        found[f"pen_lead_{pipeline}"] = lead
    for model in COMPARED:
        recall, matrix = digit_rates(counts, model), _confusion(counts, model)
        worst = int(recall.argmin())
        matrix[worst, worst] = 0
        found[f"pen_{model}_worst"] = worst
        found[f"pen_{model}_worst_rate"] = Number(recall[worst])
        found[f"pen_{model}_worst_as"] = int(matrix[worst].argmax())
    return found


def _confusions(counts, model, pipeline):
    """Return the seed of each row of a network, and its counts, (rows, writers, 10, 10)."""
    rows_of_seed = counts.groupby("seed").model.transform("size")
    whole = rows_of_seed == counts.model.nunique() * len(CONDITIONS)
    those = counts[whole & (counts.model == model)]
    through = np.stack(those.counts)[:, PIPELINES.index(pipeline)]
    return those.seed.to_numpy(), through[:, np.array(REPORTING_WRITERS) - 1]


def _confusion(counts, model):
    """Return digit drawn × digit read through center, over seeds: (10, 10)."""
    _, matrices = _confusions(counts, model, "center")
    return matrices.sum(axis=(0, 1))
