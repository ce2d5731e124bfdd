"""What the records of pen-drawn digits say: how many of them each network reads.

``counts``, ``right`` and ``places`` are the frames of ``COUNTS``, ``RIGHT`` and ``PLACES`` in
``study.pens``. If nothing else is said, rates are of the writers that are reported and over all
conditions. Only the seeds that all networks have are used.
"""

from itertools import pairwise

import numpy as np
import pandas as pd

from mnist_compare import networks
from mnist_compare.networks import COMPARED, title
from mnist_compare.preprocessing import PIPELINES
from mnist_compare.report.tables import Table
from mnist_compare.statistics import Number, estimate
from mnist_compare.study.pens import BRUSHES, CONDITIONS, REPORTING_WRITERS, SIZES, Condition


def rates(counts, model, pipeline, writers=REPORTING_WRITERS, conditions=CONDITIONS):
    """Return the share of digits that a network reads, by seed and writer: (seeds, writers).

    A rate over writers is the mean of a row. ``statistics.estimate()`` of the matrix takes seeds
    and writers both as drawn by chance.
    """
    seeds, matrices = _confusions(counts, model, pipeline, writers, conditions)
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


def by_size(counts):
    """Return {pipeline: {(model, size): (rate, low, high)}}, as ``figures.pen_rates`` draws it."""
    found = {pipeline: {} for pipeline in PIPELINES}
    for pipeline, bars in found.items():
        for name, size in SIZES.items():
            conditions = [Condition(size, brush) for brush in BRUSHES]
            for model in COMPARED:
                rate = estimate(rates(counts, model, pipeline, conditions=conditions))
                bars[model, name] = rate.mean, *rate.interval
    return found


def by_condition(counts, model, pipelines=("crop", "center")):
    """Return the table of the rates of a network by size and brush of the drawings."""
    return Table.from_dict(
        {
            f"{name} ({size} pixels)": {
                f"{pipeline}, brush {brush}": f"{rate.mean():.1%}"
                for pipeline in pipelines
                for brush in BRUSHES
                for rate in [rates(counts, model, pipeline, conditions=[Condition(size, brush)])]
            }
            for name, size in SIZES.items()
        },
        orient="index",
    ).rename_axis("Drawings")


def by_displacement(right, places, edges=(0, 1, 2, 3)):
    """Return, by how far ``crop`` leaves the centre of mass off, how many drawings are read.

    A row for each range of pixels, the last without an end: the number of drawings in it, and each
    network's rate, mean over the seeds, through ``crop`` and, of the same drawings, ``center``.
    """
    off = places.set_index("pipeline").off["crop"].astype(float)
    rows = {}
    for low, high in pairwise((*edges, np.inf)):
        inside = (off >= low) & (off < high)
        row = rows[f"{low} to {high}" if high < np.inf else f"{low} and more"] = {
            "Drawings": f"{inside.sum():,}"
        }
        for model in COMPARED:
            of_seeds = np.stack(right.right[right.model == model])
            for pipeline in ("crop", "center"):
                those = of_seeds[:, PIPELINES.index(pipeline), inside]
                row[f"{title(model)} {pipeline}"] = f"{those.mean():.1%}" if those.size else "–"
    return Table.from_dict(rows, orient="index").rename_axis("Pixels off")


def digit_rates(counts, model, pipeline="center"):
    """Return how often a network reads each digit: (10,)."""
    matrix = _confusion(counts, model, pipeline)
    return matrix.diagonal() / matrix.sum(axis=1)


def writer_rates(counts, model, pipeline="center"):
    """Return {writer: rate}, mean over the seeds."""
    by_writer = rates(counts, model, pipeline).mean(axis=0)
    return dict(zip(REPORTING_WRITERS, by_writer, strict=True))


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
        recall, matrix = digit_rates(counts, model), _confusion(counts, model, "center")
        worst = int(recall.argmin())
        matrix[worst, worst] = 0
        found[f"pen_{model}_worst"] = worst
        found[f"pen_{model}_worst_rate"] = Number(recall[worst])
        found[f"pen_{model}_worst_as"] = int(matrix[worst].argmax())
    return found


def _confusions(counts, model, pipeline, writers=REPORTING_WRITERS, conditions=CONDITIONS):
    """Return the seed of each row of a network, and its counts, (rows, writers, 10, 10)."""
    under = zip(counts["size"], counts.brush, strict=True)
    those = counts[[condition in conditions for condition in under]]
    rows_of_seed = those.groupby("seed").model.transform("size")
    whole = rows_of_seed == those.model.nunique() * len(conditions)
    those = those[whole & (those.model == model)]
    through = np.stack(those.counts)[:, PIPELINES.index(pipeline)]
    return those.seed.to_numpy(), through[:, np.array(writers) - 1]


def _confusion(counts, model, pipeline):
    """Return digit drawn × digit read, over seeds: (10, 10)."""
    _, matrices = _confusions(counts, model, pipeline)
    return matrices.sum(axis=(0, 1))
