"""What the source report (2025) claims, and what the records say of it.

A claim is put as a difference that is above 0 where it holds. One rule decides, the verdict of an
``Estimate``: a claim is *supported* where the whole 95 % interval of the difference lies above 0,
*refuted* where it lies below, else *undecided*. All claims are asked together, so what does not
survive Holm's correction for that is undecided too.
"""

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from mnist_compare.networks import COMPARED
from mnist_compare.protocols import CLOTHES, FAIR
from mnist_compare.records import runs
from mnist_compare.report import pens, robustness
from mnist_compare.report.estimates import difference
from mnist_compare.report.sentences import Names
from mnist_compare.report.tables import Table
from mnist_compare.statistics import VERDICTS, asked_together, estimate

TEXTS = Path(__file__).with_name("claims.csv")


def examined(record, counts):
    """Return the claims, a frame by key: their texts and the ``Estimate`` of each.

    ``record`` is of changed digits, ``counts`` of pen-drawn ones. The texts are the topic, the
    claim as the source report has it, what is measured, the format of the effect, and in ``short``
    the claim in words that go after “that”.
    """
    return _together(_of_networks(record, FAIR) | _of_drawings(counts))


def on_clothes(record):
    """Return those claims that can be put to clothes, as ``examined()`` does.

    ``record`` is of changed clothes. The claims are asked together, apart from those on digits.
    """
    return _together(_of_networks(record, CLOTHES))


def _together(found):
    texts = pd.read_csv(TEXTS, index_col="key")
    texts = texts[texts.index.isin([*found])]
    return texts.assign(estimate=asked_together([found[key] for key in texts.index]))


def table(claims):
    """Return the table of the claims: statement, difference, effect with its interval, verdict."""
    return Table(
        [
            {
                "The source report says": f"*{claim.topic}:* {claim.statement}",
                "Measured": claim.measured,
                "Effect [95 % interval]": claim.effect.format(claim.estimate),
                "Of": _of(claim.estimate),
                "Verdict": claim.estimate.verdict,
            }
            for claim in claims.itertuples()
        ]
    )


def numbers(claims):
    """Return what a sentence may name: ``claims``, how many there are, and ``Names`` of some.

    ``supported_n``, ``refuted_n`` and ``undecided_n`` count those of each verdict. ``cnn_better``,
    ``mlp_better`` and ``neither_better`` are the changes of digits for which each is true;
    ``fragile`` are the claims that would have another verdict if each had been asked alone,
    ``fragile_changes`` the changes of those on changed digits.
    """
    alone = claims.estimate.map(lambda found: replace(found, stands=True).verdict)
    verdicts = claims.estimate.map(lambda found: found.verdict)
    changes = claims.topic == "robustness"
    counts = {f"{verdict}_n": int((verdicts == verdict).sum()) for verdict in VERDICTS}
    return counts | {
        "claims": len(claims),
        "fragile": Names(claims.short[alone != verdicts]),
        "fragile_changes": Names(claims.index[changes & (alone != verdicts)]),
        "cnn_better": robustness.named(claims.estimate[changes], "supported"),
        "mlp_better": robustness.named(claims.estimate[changes], "refuted"),
        "neither_better": robustness.named(claims.estimate[changes], "undecided"),
    }


def _of_networks(record, protocol):
    """Return {key: ``Estimate`` of the difference that is above 0 where the claim holds}."""
    accuracy = partial(difference, protocol=protocol)
    overfitting = partial(accuracy, quantity="overfitting_gap")
    gap = {e: overfitting(("mlp", e), ("cnn", e)) for e in (5, 10)}
    return {
        "accuracy": accuracy(("cnn", 10), ("mlp", 10)),
        "gap_5": gap[5],
        "gap_10": gap[10],
        "mlp_grows": overfitting(("mlp", 10), ("mlp", 5)),
        "cnn_stable": overfitting(("cnn", 5), ("cnn", 10)),
        "cnn_more_stable": gap[10] - gap[5],
        "mlp_longer": accuracy(("mlp", 10), ("mlp", 5)),
        "cnn_longer": accuracy(("cnn", 10), ("cnn", 5)),
        "equal_large": accuracy(("cnn", 10), ("mlp_682", 10)),
        "equal_small": accuracy(("cnn_14_43", 10), ("mlp", 10)),
        **robustness.leads(record),
        "tilt": robustness.lost(record, "rotation", 30, "cnn"),
        "wide_strokes": robustness.lost(record, "stroke width", 2, "cnn"),
        "seconds": estimate(_seconds("cnn", protocol) - _seconds("mlp", protocol)),
    }


def _of_drawings(counts):
    """Return the same of the claims that are about drawings."""
    drawn = {
        (model, pipeline): estimate(pens.rates(counts, model, pipeline))
        for model in COMPARED
        for pipeline in ("resize", "crop", "center")
    }
    return {
        "drawings": drawn["cnn", "crop"] - drawn["mlp", "crop"],
        "centred_drawings": drawn["cnn", "center"] - drawn["mlp", "center"],
        "mlp_box": drawn["mlp", "crop"] - drawn["mlp", "resize"],
        "cnn_box": drawn["cnn", "crop"] - drawn["cnn", "resize"],
    }


def _seconds(model, protocol):
    """Return the median seconds an epoch of each run: (seeds,)."""
    found = runs.compared(protocol=protocol)[model]
    return np.array([np.median([row["seconds"] for row in run.rows[1:]]) for run in found])


def _of(estimate):
    counted = zip(estimate.values.shape, ("seeds", "writers"), strict=False)
    return ", ".join(f"{count:,} {what}" for count, what in counted)
