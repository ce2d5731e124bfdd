"""The chapter on clothes: the same networks on Fashion-MNIST, and the same claims once more.

``digits`` and ``clothes`` are the claims as ``claims.examined()`` and ``claims.on_clothes()`` have
them; ``labels`` are those of the test pictures of clothes.
"""

from types import SimpleNamespace

import numpy as np
import pandas as pd

from mnist_compare import metrics
from mnist_compare.data import DATA_SETS
from mnist_compare.protocols import CLOTHES
from mnist_compare.records import runs
from mnist_compare.report import estimates
from mnist_compare.report.sentences import Names
from mnist_compare.report.tables import Table
from mnist_compare.statistics import Number

PROTOCOL = CLOTHES
CLASSES = DATA_SETS[PROTOCOL.data].classes
TOPS = [CLASSES.index(name) for name in ("T-shirt", "pullover", "coat", "shirt")]


def sheet(record):
    """Return the pictures of ``study.clothes.SHEET``, a class after the other, as an array."""
    return np.stack(record.sort_values(["label", "number"]).picture)


def answers(model, seed=0):
    """Return what a network answers to the test pictures after ten epochs, (10000,) uint8."""
    (run,) = (run for run in runs.read(model, PROTOCOL) if run.seed == seed)
    return run.predictions[10]


def claims_on_both(digits, clothes):
    """Return the table claim × data set: effects with their intervals, in points, and verdicts."""
    rows = []
    for key, claim in clothes.iterrows():
        row = {"Measured": claim.measured}
        for name, found in (("Digits", digits.estimate[key]), ("Clothes", claim.estimate)):
            row[name] = claim.effect.replace("p]", "h]").format(found)
            row[f"{name}: verdict"] = found.verdict
        rows.append(row)
    return Table(rows)


def verdicts(digits, clothes):
    """Return what a sentence may name of the claims on both.

    ``asked`` counts them; of these ``same`` get one verdict on both. The rest are ``Names`` of
    claims: ``both_true`` and ``both_false``, supported and refuted on both; ``true_to_false`` and
    ``false_to_true``, supported on digits and refuted on clothes and the other way round; and those
    undecided on one of them: ``digits_true``, ``digits_false``, ``clothes_true`` and
    ``clothes_false`` on the other.
    """
    pairs = pd.DataFrame(
        {
            "short": clothes.short,
            "digits": digits.estimate[clothes.index].map(lambda found: found.verdict),
            "clothes": clothes.estimate.map(lambda found: found.verdict),
        }
    )

    def those(on_digits, on_clothes):
        return Names(pairs.short[(pairs.digits == on_digits) & (pairs.clothes == on_clothes)])

    return {
        "asked": len(pairs),
        "same": int((pairs.digits == pairs.clothes).sum()),
        "both_true": those("supported", "supported"),
        "both_false": those("refuted", "refuted"),
        "true_to_false": those("supported", "refuted"),
        "false_to_true": those("refuted", "supported"),
        "digits_true": those("supported", "undecided"),
        "digits_false": those("refuted", "undecided"),
        "clothes_true": those("undecided", "supported"),
        "clothes_false": those("undecided", "refuted"),
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
