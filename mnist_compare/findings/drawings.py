"""What the records of pen-drawn digits say: how many of them each network reads.

``counts`` is the frame of ``study.pendigits.COUNTS``. Rates are of the writers that are reported
and over all conditions. Only the seeds that all networks have are used.
"""

from types import SimpleNamespace

import numpy as np
import pandas as pd

from mnist_compare.preprocessing import PIPELINES
from mnist_compare.records import networks
from mnist_compare.records.networks import title
from mnist_compare.report.words.tables import Table
from mnist_compare.study.pendigits import CONDITIONS, REPORTING_WRITERS
from mnist_compare.study.statistics import Estimate, Number, estimate


def rates(counts: pd.DataFrame, model: str, pipeline: str) -> np.ndarray:
    """Return the share of digits that a network reads, by seed and writer: (seeds, writers)."""
    seeds, matrices = _confusions(counts, model, pipeline)
    shares = np.trace(matrices, axis1=2, axis2=3) / matrices.sum(axis=(2, 3))
    return pd.DataFrame(shares).groupby(seeds).mean().to_numpy()


def share(counts: pd.DataFrame, model: str, pipeline: str) -> Estimate:
    """Return the ``Estimate`` of the rate: seeds and writers both are drawn by chance."""
    return estimate(rates(counts, model, pipeline))


def table(counts: pd.DataFrame, models=networks.SIZES) -> Table:
    """Return the rate of each of the networks, if it was measured, through every pipeline."""
    rows = {
        title(model): {p: f"{share(counts, model, p):[.1%]}" for p in PIPELINES}
        for model in sorted({*counts.model} & {*models})
    }
    return Table.from_dict(rows, orient="index").rename_axis("Network")


def network(counts: pd.DataFrame, model: str) -> SimpleNamespace:
    """Return the ``Estimate`` of a network's rate by pipeline, and the digit it reads worst.

    ``worst`` is the digit that is least often read through center, ``worst_rate`` how often, and
    ``worst_as`` what it is most often taken for.
    """
    recall, matrix = digit_rates(counts, model), _confusion(counts, model)
    worst = int(recall.argmin())
    matrix[worst, worst] = 0
    return SimpleNamespace(
        **{pipeline: share(counts, model, pipeline) for pipeline in PIPELINES},
        worst=worst,
        worst_rate=Number(recall[worst]),
        worst_as=int(matrix[worst].argmax()),
    )


def digit_rates(counts: pd.DataFrame, model: str) -> np.ndarray:
    """Return how often a network reads each digit through center: (10,)."""
    matrix = _confusion(counts, model)
    return matrix.diagonal() / matrix.sum(axis=1)


def _confusions(counts, model, pipeline):
    """Return the seed of each row of a network, and its counts, (rows, writers, 10, 10)."""
    rows_of_seed = counts.groupby("seed").model.transform("size")
    of_all_networks = rows_of_seed == counts.model.nunique() * len(CONDITIONS)
    rows = counts[of_all_networks & (counts.model == model)]
    through = np.stack(rows.counts)[:, PIPELINES.index(pipeline)]
    return rows.seed.to_numpy(), through[:, np.array(REPORTING_WRITERS) - 1]


def _confusion(counts, model):
    """Return digit drawn × digit read through center, over seeds: (10, 10)."""
    _, matrices = _confusions(counts, model, "center")
    return matrices.sum(axis=(0, 1))
