"""What the source report (2025) says, and what the records say of it.

A claim is put as a difference that is above 0 where it holds. One rule decides: it is *supported*
where the whole 95 % interval of the difference lies above 0, *refuted* where it lies below, else
*undecided*.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mnist_compare import evidence, intervals, pendigits, robustness, runs, tables
from mnist_compare.tables import Number

CORRECTIONS = (
    (
        "The overfitting of the MLP after five epochs is 1.31 % (its table).",
        "Its own accuracies, {published_mlp_5_train_accuracy:.2%} and "
        "{published_mlp_5_test_accuracy:.2%}, differ by {own_gap:.2p}: an error of subtraction. "
        "Other runs have other gaps; ours reach from {mlp_5_overfitting_gap_low:.2h} to "
        "{mlp_5_overfitting_gap_high:.2p}.",
    ),
    (
        "The CNN has fewer parameters.",
        "It has {cnn_parameters:,} to the MLP's {mlp_parameters:,}: {parameter_ratio:.1f} times "
        "as many.",
    ),
    (
        "Both models see the same data under consistent conditions.",
        "The MLP trained on 54,000 digits, the CNN on 60,000, and the CNN's validation curve is "
        "the test set. After ten epochs the CNN reads {cnn_10_test_accuracy:.2%} of the test "
        "digits if it trains on the MLP's digits, {source_cnn_10_test_accuracy:.2%} on its "
        "own (one run).",
    ),
    (
        "The training accuracy of the MLP after five epochs is 98.91 %.",
        "It is measured on all 60,000 digits, of which the MLP never trained on a tenth. Measured "
        "that way we find {source_mlp_5_train_accuracy:.2%} (one run); on the 54,000 that it "
        "trained on, {mlp_5_train_accuracy:.2%}.",
    ),
)


ROBUST = "the CNN is more robust to "


@dataclass(frozen=True)
class Claim:
    """A statement of the source report as a difference that is above 0 where it holds.

    ``effect``, ``low`` and ``high`` are in ``unit``, ``of`` says of how many seeds or writers.
    ``short`` is the claim in words that go after “that”.
    """

    topic: str
    statement: str
    short: str
    measure: str
    effect: float
    low: float
    high: float
    of: str
    degrees: int  # of freedom of the interval
    unit: str = "points"

    @property
    def verdict(self):
        """Return supported, refuted or undecided, by the one rule."""
        return intervals.verdict(self.low, self.high)

    @property
    def p_value(self):
        """Return the p value that the difference is 0."""
        return intervals.p_value(self.low, self.high, self.degrees)


def corrections():
    """Return the table of the source report's slips and what is right."""
    numbers = tables.numbers()
    numbers["own_gap"] = Number(
        numbers["published_mlp_5_train_accuracy"] - numbers["published_mlp_5_test_accuracy"]
    )
    return pd.DataFrame(
        [(statement, finding.format(**numbers)) for statement, finding in CORRECTIONS],
        columns=["The source report says", "In fact"],
    )


def examined(record, pens):
    """Return the list of claims with the evidence of the records.

    ``record`` is that of ``robustness.read()``, ``pens`` that of ``pendigits.recorded()``.
    """
    gap = {
        key[:2]: values for key, values in tables.measured().items() if key[2] == "overfitting_gap"
    }
    growth = {model: gap[model, 10] - gap[model, 5] for model in runs.MODELS}
    changed = robustness.means(record)
    seconds = _seconds("cnn") - _seconds("mlp")
    return [
        _of_seeds(
            "accuracy",
            "The CNN is the more accurate (98.71 % against 97.79 %).",
            "the CNN reads more test digits than the MLP",
            "test accuracy, CNN − MLP, 10 epochs",
            evidence.difference(("cnn", 10), ("mlp", 10)).values,
        ),
        *(
            _of_seeds(
                "overfitting",
                f"The CNN overfits less ({epoch} epochs: {published}).",
                f"the CNN overfits less than the MLP after {epoch} epochs",
                f"overfitting gap, MLP − CNN, {epoch} epochs",
                evidence.difference(("mlp", epoch), ("cnn", epoch), "overfitting_gap").values,
            )
            for epoch, published in ((5, "1.09 against 1.31 %"), (10, "1.12 against 1.76 %"))
        ),
        _of_seeds(
            "stability over epochs",
            "From 5 to 10 epochs the MLP's overfitting grows.",
            "the MLP's overfitting grows from five to ten epochs",
            "overfitting gap of the MLP, 10 − 5 epochs",
            growth["mlp"],
        ),
        _of_seeds(
            "stability over epochs",
            "The CNN stays stable.",
            "the CNN's overfitting does not grow",
            "overfitting gap of the CNN, 5 − 10 epochs",
            -growth["cnn"],
        ),
        _of_seeds(
            "stability over epochs",
            "The CNN is the more stable.",
            "the MLP's overfitting grows faster than the CNN's",
            "growth of the overfitting gap, MLP − CNN",
            growth["mlp"] - growth["cnn"],
        ),
        *(
            _of_seeds(
                "stability over epochs",
                f"More epochs make the {model.upper()} more accurate.",
                f"ten epochs make a better {model.upper()} than five",
                f"test accuracy of the {model.upper()}, 10 − 5 epochs",
                evidence.difference((model, 10), (model, 5)).values,
            )
            for model in runs.MODELS
        ),
        _of_seeds(
            "parameter efficiency",
            "The CNN makes better use of its parameters.",
            "the CNN reads more than an MLP of its size",
            f"test accuracy, CNN − {evidence.TITLES['mlp_682']}, as many parameters",
            evidence.difference(("cnn", 10), ("mlp_682", 10)).values,
        ),
        _of_seeds(
            "parameter efficiency",
            "The CNN makes better use of its parameters.",
            "a CNN of the MLP's size reads more than the MLP",
            f"test accuracy, {evidence.TITLES['cnn_14_43']} − MLP, as many parameters",
            evidence.difference(("cnn_14_43", 10), ("mlp", 10)).values,
        ),
        *(
            _of_seeds(
                "robustness",
                f"The CNN is more robust to changed input: {change}.",
                f"{ROBUST}{change}",
                f"accuracy over the levels of {change}, CNN − MLP",
                found["cnn"] - found["mlp"],
            )
            for change, found in changed.items()
        ),
        *(
            _of_seeds(
                "limits",
                statement,
                f"{what} costs the CNN accuracy",
                f"accuracy of the CNN, unchanged − at {level:g} {unit}",
                robustness.lost(record, change, level, "cnn"),
            )
            for statement, what, change, level, unit in (
                ("Tilted digits remain a limit.", "tilt", "rotation", 30, "degrees"),
                (
                    "Varying stroke widths remain a limit (here: twice the width).",
                    "a doubled stroke width",
                    "stroke width",
                    2,
                    "times the width",
                ),
            )
        ),
        _of_writers(
            "users' drawings",
            "The CNN reads more drawings of users (“excellent” against “good”).",
            "the CNN reads more drawings than the MLP",
            "pen-drawn digits through crop, CNN − MLP",
            pendigits.rates(pens, "cnn", "crop") - pendigits.rates(pens, "mlp", "crop"),
        ),
        *(
            _of_writers(
                "preprocessing",
                "Cutting out the bounding box makes drawings more readable.",
                f"cutting out the box helps the {model.upper()} to read drawings",
                f"pen-drawn digits, {model.upper()}, crop − resize",
                pendigits.rates(pens, model, "crop") - pendigits.rates(pens, model, "resize"),
            )
            for model in runs.MODELS
        ),
        _of_seeds(
            "cost",
            "The CNN takes longer to train (35–42 against 5–14 seconds an epoch).",
            "the CNN takes longer to train",
            "median seconds an epoch, CNN − MLP, on a shared machine",
            seconds,
            unit="seconds",
        ),
    ]


def table(found):
    """Return the claims as a table: topic and statement, difference, effect, interval, verdict."""
    return pd.DataFrame(
        [
            {
                "The source report says": f"*{claim.topic}:* {claim.statement}",
                "Measured": claim.measure,
                "Effect [95 % interval]": _effect(claim),
                "Of": claim.of,
                "Verdict": claim.verdict,
            }
            for claim in found
        ]
    )


def prose(found):
    """Return what the verdicts amount to, a Markdown paragraph for each kind of verdict."""
    words = {
        "supported": "The records support",
        "refuted": "They refute",
        "undecided": "They leave undecided",
    }
    paragraphs = []
    for verdict, opening in words.items():
        those = [claim for claim in found if claim.verdict == verdict]
        robust = [c.short.removeprefix(ROBUST) for c in those if c.topic == "robustness"]
        parts = [claim.short for claim in those if claim.topic != "robustness"]
        if robust:
            parts.append(ROBUST + robustness.listed(robust))
        if parts:
            paragraphs.append(f"**{opening}** that " + "; that ".join(parts) + ".")
    decided = [claim for claim in found if claim.verdict != "undecided"]
    fragile = [
        claim.short
        for claim, holds in zip(found, intervals.holm([c.p_value for c in found]), strict=True)
        if claim in decided and not holds
    ]
    paragraphs.append(
        f"Asked all together, {len(found)} questions are more likely to give one wrong answer than "
        "each alone. Corrected for that by Holm's procedure, "
        + (f"it would be undecided that {'; that '.join(fragile)}." if fragile else "all stand.")
    )
    return "\n\n".join(paragraphs)


def _of_seeds(topic, statement, short, measure, values, unit="points"):
    low, high = intervals.of_mean(values)
    of, degrees = f"{len(values)} seeds", len(values) - 1
    return Claim(
        topic, statement, short, measure, float(values.mean()), low, high, of, degrees, unit
    )


def _of_writers(topic, statement, short, measure, values):
    """Take ``values`` (seeds, writers), both as drawn by chance."""
    low, high = intervals.of_crossed_mean(values)
    of = f"{values.shape[0]} seeds, {values.shape[1]} writers"
    degrees = min(values.shape) - 1
    return Claim(topic, statement, short, measure, float(values.mean()), low, high, of, degrees)


def _seconds(model):
    return np.array(
        [np.median([row["seconds"] for row in run.rows[1:]]) for run in runs.compared()[model]]
    )


def _effect(claim):
    if claim.unit == "seconds":
        return f"{claim.effect:.1f} s [{claim.low:.1f}, {claim.high:.1f}]"
    effect, low, high = (Number(value) for value in (claim.effect, claim.low, claim.high))
    return f"{effect:.2p} [{low:.2h}, {high:.2h}]"
