"""What the source report (2025) claims, and what the records say of it.

A claim is put as a difference that is above 0 where it holds or, where the claim is that nothing
changes, that lies within a margin. One rule decides, the verdict of an ``Estimate``. All claims are
one family, to which those also belong that were asked of clothes: what does not survive Holm's
correction is undecided.
"""

from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pandas as pd

from mnist_compare.findings import drawings, robustness
from mnist_compare.findings.estimates import difference
from mnist_compare.preprocessing import PIPELINES
from mnist_compare.records.networks import COMPARED
from mnist_compare.records.protocols import CLOTHES, FAIR
from mnist_compare.report.words.sentences import Names
from mnist_compare.report.words.tables import Table, p_value
from mnist_compare.study.statistics import Number, asked_together

TEXTS = Path(__file__).with_name("claims.csv")
MARGIN = Number(0.00045)  # of a gap's growth: a tenth of the perceptron's, fixed before the runs


def examined(read: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    """Return the claims by key: their texts and the ``Estimate`` of each.

    ``read`` is of changed digits, ``robustness.BY_WRITER``, ``counts`` of pen-drawn ones.
    The texts are the topic, the claim as the source report has it, what is measured, the format of
    the effect, and in ``short`` the claim in words that go after “that”.
    """
    asked = _of_runs(FAIR) | _of_changes(read) | _of_drawings(counts)
    corrected = asked_together([*asked.values(), *_of_runs(CLOTHES).values()])
    answers = dict(zip(asked, corrected, strict=False))
    texts = pd.read_csv(TEXTS, index_col="key")
    return texts.assign(estimate=[answers[key] for key in texts.index])


def table(claims: pd.DataFrame) -> Table:
    """Return the table of the claims: statement, difference, effect with its interval, verdict."""
    return Table(
        {
            "The source report says": f"*{claim.topic}:* {claim.statement}",
            "Measured": claim.measured,
            "Effect [95 % interval]": claim.effect.format(claim.estimate),
            "p": p_value(claim.estimate.p_value),
            "Corrected p": p_value(claim.estimate.corrected),
            "Verdict": claim.estimate.verdict,
        }
        for claim in claims.itertuples()
    )


def verdicts(claims: pd.DataFrame) -> SimpleNamespace:
    """Return how many claims there are, ``n``, and how many of each verdict.

    ``fragile`` are the ``Names`` of those that would have another verdict if asked alone.
    """
    verdict = claims.estimate.map(lambda estimate: estimate.verdict)
    alone = claims.estimate.map(lambda estimate: replace(estimate, corrected=None).verdict)
    return SimpleNamespace(
        n=len(claims),
        supported=sum(verdict == "supported"),
        refuted=sum(verdict == "refuted"),
        undecided=sum(verdict == "undecided"),
        fragile=Names(claims.short[alone != verdict]),
    )


def _of_runs(protocol):
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
    }


def _of_changes(read):
    return {
        "tilt": robustness.lost(read, "rotation", 30, "cnn"),
        "wide_strokes": robustness.lost(read, "stroke width", 2, "cnn"),
    }


def _of_drawings(counts):
    drawn = {
        (model, pipeline): drawings.share(counts, model, pipeline)
        for model in COMPARED
        for pipeline in PIPELINES
    }
    return {
        "drawings": drawn["cnn", "crop"] - drawn["mlp", "crop"],
        "centred_drawings": drawn["cnn", "center"] - drawn["mlp", "center"],
        "mlp_box": drawn["mlp", "crop"] - drawn["mlp", "resize"],
        "cnn_box": drawn["cnn", "crop"] - drawn["cnn", "resize"],
    }
