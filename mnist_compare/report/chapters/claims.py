"""What the source report (2025) claims, and what the records say of it.

A claim is put as a difference that is above 0 where it holds or, where the claim is that nothing
changes, that lies within a margin. One rule decides, the verdict of an ``Estimate``. All claims, on
digits and on clothes, are one family: what does not survive Holm's correction is undecided.
"""

from dataclasses import replace
from functools import partial
from pathlib import Path

import pandas as pd

from mnist_compare.networks import COMPARED
from mnist_compare.protocols import CLOTHES, FAIR
from mnist_compare.report.chapters import drawings, robustness
from mnist_compare.report.chapters.estimates import difference
from mnist_compare.report.words.sentences import Names
from mnist_compare.report.words.tables import Table, p_value
from mnist_compare.statistics import VERDICTS, asked_together, estimate

TEXTS = Path(__file__).with_name("claims.csv")
MARGIN = 0.00045  # of the growth of a gap: a tenth of the perceptron's, fixed before the runs


def examined(digits, clothes, counts):
    """Return the claims, a frame by key: their texts and the ``Estimate`` of each.

    ``digits`` and ``clothes`` are of what is read of them changed, ``study.robustness.BY_WRITER``,
    ``counts`` of pen-drawn ones. The texts are the topic, the claim as the source report has it,
    what is measured, the format of the effect, and in ``short`` the claim in words that go after
    “that”. ``estimate`` is on digits and ``clothes`` on clothes, None where it cannot be asked.
    """
    asked = {("estimate", key): found for key, found in _of_networks(digits, FAIR).items()}
    asked |= {("estimate", key): found for key, found in _of_drawings(counts).items()}
    asked |= {("clothes", key): found for key, found in _of_networks(clothes, CLOTHES).items()}
    together = dict(zip(asked, asked_together(asked.values()), strict=True))
    texts = pd.read_csv(TEXTS, index_col="key")
    for column in ("estimate", "clothes"):
        texts[column] = [together.get((column, key)) for key in texts.index]
    return texts


def table(claims):
    """Return the table of the claims: statement, difference, effect with its interval, verdict."""
    return Table(
        [
            {
                "The source report says": f"*{claim.topic}:* {claim.statement}",
                "Measured": claim.measured,
                "Effect [95 % interval]": claim.effect.format(claim.estimate),
                "p": p_value(claim.estimate.p_value),
                "Corrected p": p_value(claim.estimate.corrected),
                "Verdict": claim.estimate.verdict,
            }
            for claim in claims.itertuples()
        ]
    )


def numbers(claims):
    """Return what a sentence may name: ``claims``, how many there are, and ``Names`` of some.

    ``supported_n``, ``refuted_n`` and ``undecided_n`` count those of each verdict on digits.
    ``fragile`` are the claims that would have another verdict if each had been asked alone.
    """
    alone = claims.estimate.map(lambda found: replace(found, corrected=None).verdict)
    verdicts = claims.estimate.map(lambda found: found.verdict)
    counts = {f"{verdict}_n": int((verdicts == verdict).sum()) for verdict in VERDICTS}
    return counts | {"claims": len(claims), "fragile": Names(claims.short[alone != verdicts])}


def _of_networks(read, protocol):
    """Return {key: ``Estimate`` of the difference that is above 0 where the claim holds}."""
    accuracy = partial(difference, protocol=protocol)
    overfitting = partial(accuracy, quantity="overfitting_gap")
    growth = {model: overfitting((model, 10), (model, 5)) for model in COMPARED}
    return {
        "accuracy": accuracy(("cnn", 10), ("mlp", 10)),
        "mlp_longer": accuracy(("mlp", 10), ("mlp", 5)),
        "cnn_longer": accuracy(("cnn", 10), ("cnn", 5)),
        "gap": overfitting(("mlp", 10), ("cnn", 10)),
        "mlp_grows": growth["mlp"],
        "cnn_stable": replace(growth["cnn"], margin=MARGIN),
        "cnn_more_stable": growth["mlp"] - growth["cnn"],
        "tilt": robustness.lost(read, "rotation", 30, "cnn"),
        "wide_strokes": robustness.lost(read, "stroke width", 2, "cnn"),
    }


def _of_drawings(counts):
    """Return the same of the claims that are about drawings."""
    drawn = {
        (model, pipeline): estimate(drawings.rates(counts, model, pipeline))
        for model in COMPARED
        for pipeline in ("resize", "crop", "center")
    }
    return {
        "drawings": drawn["cnn", "crop"] - drawn["mlp", "crop"],
        "centred_drawings": drawn["cnn", "center"] - drawn["mlp", "center"],
        "mlp_box": drawn["mlp", "crop"] - drawn["mlp", "resize"],
        "cnn_box": drawn["cnn", "crop"] - drawn["cnn", "resize"],
    }
