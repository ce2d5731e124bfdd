"""The chapter on clothes: the same networks on Fashion-MNIST, and the same claims once more.

``claims`` are as ``claims.examined()`` has them; ``labels`` are those of the test pictures of
clothes.
"""

from types import SimpleNamespace

import numpy as np
import pandas as pd

from mnist_compare import metrics, statistics
from mnist_compare.data import DATA_SETS
from mnist_compare.protocols import CLOTHES, FAIR
from mnist_compare.records import runs
from mnist_compare.report.chapters import estimates, robustness
from mnist_compare.report.chapters.claims import examined
from mnist_compare.report.draw import figures
from mnist_compare.report.words.sentences import Names, Sentence
from mnist_compare.report.words.spoken import recorded
from mnist_compare.report.words.tables import Table, p_value
from mnist_compare.statistics import Number, asked_together
from mnist_compare.study.changed_digits import BY_WRITER
from mnist_compare.study.changes import CHANGES
from mnist_compare.study.pendigits import COUNTS

PROTOCOL = CLOTHES
CLASSES = DATA_SETS[PROTOCOL.data].classes
TOPS = [CLASSES.index(name) for name in ("T-shirt", "pullover", "coat", "shirt")]
ROBUST = "the CNN is more robust to {change}"


def sheet(record):
    """Return the pictures of ``study.clothes.SHEET``, a class after the other, as an array."""
    return np.stack(record.sort_values(["label", "number"]).picture)


def answers(model, seed=0):
    """Return what a network answers to the test pictures after ten epochs, (10000,) uint8."""
    (run,) = (run for run in runs.read(model, PROTOCOL) if run.seed == seed)
    return run.predictions[10]


def on_both(claims, changes):
    """Return what was asked of digits and of clothes: a frame with a row for each question.

    It has what is ``measured``, the claim in ``short``, the ``Estimate``s on ``digits`` and on
    ``clothes``, and ``apart``, clothes − digits, all of which are asked together. ``changes`` are
    the leads as ``robustness.questions()`` has them.
    """
    asked = claims[claims.clothes.notna()]
    rows = pd.DataFrame(
        {
            "measured": [
                *asked.measured,
                *(f"relative lead under {name}" for name in changes.index),
            ],
            "short": [
                *asked.short,
                *(ROBUST.format(change=name) for name in changes.index),
            ],
            "digits": [*asked.estimate, *changes.digits],
            "clothes": [*asked.clothes, *changes.clothes],
        },
        index=[*asked.index, *changes.index],
    )
    pairs = zip(rows.clothes, rows.digits, strict=True)
    return rows.assign(apart=asked_together(statistics.apart(*pair) for pair in pairs))


def claims_on_both(both):
    """Return the table of ``on_both()``: effects in points, verdicts, and whether they differ."""
    return Table(
        {
            "Measured": row.measured,
            "Digits": f"{row.digits:[.2h]}",
            "Digits: verdict": row.digits.verdict,
            "Clothes": f"{row.clothes:[.2h]}",
            "Clothes: verdict": row.clothes.verdict,
            "Clothes − digits": f"{row.apart:+.2h}"
            + ("" if row.apart.undecided else f" (p {p_value(row.apart.corrected)})"),
        }
        for row in both.itertuples()
    )


PICTURED = {  # of ``on_both()``: what the figure calls it
    "accuracy": "lead in accuracy",
    "gap": "narrower overfitting gap",
    **{change: f"lead under {change}" for change in CHANGES},
}


def pictured(both):
    """Draw effects on digits and on clothes; leads under a change less that without it."""
    return figures.on_both(
        {name: (both.digits[key], both.clothes[key]) for key, name in PICTURED.items()}
    )


@recorded(BY_WRITER.file, COUNTS.file)
def beside_digits():
    """Draw the effects on digits and on clothes."""
    read = [runs.measured(BY_WRITER, protocol) for protocol in (FAIR, CLOTHES)]
    asked = examined(*read, runs.measured(COUNTS))
    return pictured(on_both(asked, robustness.questions(*read)))


def verdicts(both):
    """Return what a sentence may name of ``on_both()``.

    ``asked`` counts the questions; of these ``same`` get one verdict on both, and ``differ`` have
    another effect on clothes. The rest are ``Names`` of claims: ``both_true`` and ``both_false``,
    supported and refuted on both; ``true_to_false`` those that are refuted on clothes alone, with
    effects that differ.
    """
    found = both.assign(
        on_digits=[each.verdict for each in both.digits],
        on_clothes=[each.verdict for each in both.clothes],
        differ=[not each.undecided for each in both["apart"]],
    )

    def those(on_digits, on_clothes, differ=(True, False)):
        chosen = (found.on_digits == on_digits) & (found.on_clothes == on_clothes)
        short = found.short[chosen & found.differ.isin(differ)]
        return Names(
            Sentence(ROBUST, change=key) if key in CHANGES else said for key, said in short.items()
        )

    return {
        "asked": len(found),
        "same": int((found.on_digits == found.on_clothes).sum()),
        "differ": int(found.differ.sum()),
        "both_true": those("supported", "supported"),
        "both_false": those("refuted", "refuted"),
        "true_to_false": those("supported", "refuted", [True]),
    }


def ratios(networks):
    """Return how many errors the CNN makes for each of the MLP's, on digits and on clothes."""
    mlp, cnn = networks["mlp"], networks["cnn"]
    return {
        "ratio_digits": Number(cnn.error_digits / mlp.error_digits),
        "ratio_clothes": Number(cnn.error / mlp.error),
    }


def network(model, labels):
    """Return what a sentence may name of a network, as attributes.

    Its ``accuracy`` and ``error`` rate on clothes, ``error_digits``, that on digits, and, of seed
    0, the class that is found least often, ``worst``, the share of it that is found,
    ``worst_recall``, what it is ``taken_for`` most often, and the share of all mistakes that are
    ``among_tops``.
    """
    accuracy = estimates.of(model, 10, protocol=PROTOCOL)
    matrix = metrics.confusion_matrix(labels, answers(model))
    found = metrics.recall(labels, answers(model))
    worst = int(found.argmin())
    np.fill_diagonal(matrix, 0)
    return SimpleNamespace(
        accuracy=accuracy,
        error=Number(1 - accuracy.mean),
        error_digits=Number(1 - estimates.of(model, 10).mean),
        worst=CLASSES[worst],
        worst_recall=Number(found[worst]),
        taken_for=CLASSES[int(matrix[worst].argmax())],
        among_tops=Number(matrix[np.ix_(TOPS, TOPS)].sum() / max(matrix.sum(), 1)),
    )
