"""What the source report (2025) claims, and what the records say of it.

A claim is put as a difference that is above 0 where it holds or, where the claim is that nothing
changes, that lies within a margin. One rule decides, the verdict of an ``Estimate``. All claims are
one family, to which those also belong that were asked of clothes: what does not survive Holm's
correction is undecided.
"""

from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path

import numpy as np
import pandas as pd

from mnist_compare.findings.drawings import COUNTS, Drawings
from mnist_compare.findings.estimates import difference
from mnist_compare.findings.recorded import recorded
from mnist_compare.findings.robustness import BY_WRITER, Robustness
from mnist_compare.records.networks import COMPARED
from mnist_compare.records.protocols import CLOTHES, FAIR
from mnist_compare.report.words.sentences import Names
from mnist_compare.report.words.tables import Table, p_value
from mnist_compare.study.statistics import Number, asked_together

TEXTS = Path(__file__).with_name("claims.csv")
MARGIN = Number(0.00045)  # of a gap's growth: a tenth of the perceptron's, fixed before the runs


class Claims:
    """The claims of the source report, what the records say of each, and how many hold."""

    margin = MARGIN

    @cached_property
    def examined(self) -> pd.DataFrame:
        """Return the claims by key: their texts and the ``Estimate`` of each.

        The texts are the topic, the claim as the source report has it, what is measured, the format
        of the effect, and in ``short`` the claim in words that go after “that”.
        """
        asked = _of_runs(FAIR) | _of_changes(Robustness()) | _of_drawings(Drawings())
        corrected = asked_together([*asked.values(), *_of_runs(CLOTHES).values()])
        answers = dict(zip(asked, corrected, strict=False))
        texts = pd.read_csv(TEXTS, index_col="key")
        return texts.assign(estimate=[answers[key] for key in texts.index])

    estimate = property(lambda self: self.examined.estimate)
    n = property(lambda self: len(self.examined))
    supported = property(lambda self: self._count("supported"))
    refuted = property(lambda self: self._count("refuted"))
    undecided = property(lambda self: self._count("undecided"))

    def _count(self, verdict):
        return sum(estimate.verdict == verdict for estimate in self.estimate)

    @property
    def fragile(self) -> Names:
        """Return the ``Names`` of those that would have another verdict if asked alone."""
        claims = self.examined.itertuples()
        return Names(
            claim.short
            for claim in claims
            if replace(claim.estimate, corrected=np.nan).verdict != claim.estimate.verdict
        )

    @recorded(BY_WRITER.file, COUNTS.file)
    def table(self) -> Table:
        """Return the claims: statement, difference, effect with its interval, verdict."""
        return Table(
            {
                "The source report says": f"*{claim.topic}:* {claim.statement}",
                "Measured": claim.measured,
                "Effect [95 % interval]": claim.effect.format(claim.estimate),
                "p": p_value(claim.estimate.p_value),
                "Corrected p": p_value(claim.estimate.corrected),
                "Verdict": claim.estimate.verdict,
            }
            for claim in self.examined.itertuples()
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


def _of_changes(robustness):
    return {
        "tilt": robustness.lost("rotation", 30, "cnn"),
        "wide_strokes": robustness.lost("stroke width", 2, "cnn"),
    }


def _of_drawings(drawings):
    mlp, cnn = drawings.mlp, drawings.cnn
    return {
        "drawings": cnn.crop - mlp.crop,
        "centred_drawings": cnn.center - mlp.center,
        "mlp_box": mlp.crop - mlp.resize,
        "cnn_box": cnn.crop - cnn.resize,
    }
