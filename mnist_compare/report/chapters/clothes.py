"""The chapter on clothes: the same networks on Fashion-MNIST, and the same claims once more."""

from types import SimpleNamespace

import numpy as np
import pandas as pd

from mnist_compare import metrics, statistics
from mnist_compare.data import DATA_SETS
from mnist_compare.protocols import CLOTHES, FAIR
from mnist_compare.records import runs
from mnist_compare.report.chapters import estimates, robustness
from mnist_compare.report.chapters.claims import examined
from mnist_compare.report.chapters.recorded import recorded
from mnist_compare.report.draw import figures
from mnist_compare.report.words.sentences import Names, Sentence
from mnist_compare.report.words.tables import Table, p_value
from mnist_compare.statistics import Number, asked_together
from mnist_compare.study.changed_digits import BY_WRITER
from mnist_compare.study.changes import CHANGES
from mnist_compare.study.pendigits import COUNTS

CLASSES = DATA_SETS[CLOTHES.data].classes
TOPS = [CLASSES.index(name) for name in ("T-shirt", "pullover", "coat", "shirt")]
ROBUST = "the CNN is more robust to {change}"
PICTURED = {  # of ``on_both()``: what the figure calls it
    "accuracy": "lead in accuracy",
    "gap": "narrower overfitting gap",
    **{change: f"lead under {change}" for change in CHANGES},
}


def sheet(record: pd.DataFrame) -> np.ndarray:
    """Return the pictures of ``study.fashion.SHEET``, a class after the other."""
    return np.stack(record.sort_values(["label", "number"]).picture)


def answers(model: str) -> np.ndarray:
    """Return what a network of seed 0 answers to the test pictures after ten epochs, (10000,)."""
    (run,) = (run for run in runs.read(model, CLOTHES) if run.seed == 0)
    return run.predictions[10]


def on_both(claims: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """Return what was asked of digits and of clothes, a row for each question.

    It has what is ``measured``, the claim in ``short``, the ``Estimate``s on ``digits`` and on
    ``clothes``, and ``apart``, clothes − digits, all of which are asked together. ``claims`` are
    those of ``claims.examined()``, ``changes`` the leads of ``robustness.questions()``.
    """
    asked = claims[claims.clothes.notna()]
    of_claims = asked[["measured", "short", "estimate", "clothes"]].set_axis(
        ["measured", "short", "digits", "clothes"], axis=1
    )
    of_changes = pd.DataFrame(
        {
            "measured": [f"relative lead under {change}" for change in changes.index],
            "short": [ROBUST.format(change=change) for change in changes.index],
            "digits": changes.digits,
            "clothes": changes.clothes,
        }
    )
    rows = pd.concat([of_claims, of_changes])
    pairs = zip(rows.clothes, rows.digits, strict=True)
    return rows.assign(apart=asked_together(statistics.apart(*pair) for pair in pairs))


def claims_on_both(both: pd.DataFrame) -> Table:
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


@recorded(BY_WRITER.file, COUNTS.file)
def beside_digits():
    """Draw effects on digits and on clothes; leads under a change less that without it."""
    read = [runs.measured(BY_WRITER, protocol) for protocol in (FAIR, CLOTHES)]
    both = on_both(examined(*read, runs.measured(COUNTS)), robustness.questions(*read))
    effects = {name: (both.digits[key], both.clothes[key]) for key, name in PICTURED.items()}
    return figures.on_both(effects)


def verdicts(both: pd.DataFrame) -> SimpleNamespace:
    """Return how verdicts on digits and on clothes compare.

    ``asked`` counts the questions; of these ``same`` get one verdict on both, and ``differ`` have
    another effect on clothes. The rest are ``Names`` of claims: ``supported`` and ``refuted`` on
    both; ``true_to_false`` those that are refuted on clothes alone, with effects that differ.
    """
    on_digits = both.digits.map(lambda estimate: estimate.verdict)
    on_clothes = both.clothes.map(lambda estimate: estimate.verdict)
    differ = both["apart"].map(lambda estimate: not estimate.undecided)

    def claims(chosen):
        return Names(
            Sentence(ROBUST, change=key) if key in CHANGES else short
            for key, short in both.short[chosen].items()
        )

    return SimpleNamespace(
        asked=len(both),
        same=sum(on_digits == on_clothes),
        differ=sum(differ),
        supported=claims((on_digits == "supported") & (on_clothes == "supported")),
        refuted=claims((on_digits == "refuted") & (on_clothes == "refuted")),
        true_to_false=claims((on_digits == "supported") & (on_clothes == "refuted") & differ),
    )


def network(model: str) -> SimpleNamespace:
    """Return what is said of a network on clothes.

    Its ``accuracy`` and, of seed 0, the class that is found least often, ``worst``, the share of it
    that is found, ``worst_recall``, what it is ``taken_for`` most often, and the share of all
    mistakes that are ``among_tops``.
    """
    labels, read = estimates.labels(CLOTHES), answers(model)
    matrix, recall = metrics.confusion_matrix(labels, read), metrics.recall(labels, read)
    worst = int(recall.argmin())
    np.fill_diagonal(matrix, 0)
    return SimpleNamespace(
        accuracy=estimates.mean(model, 10, protocol=CLOTHES),
        worst=CLASSES[worst],
        worst_recall=Number(recall[worst]),
        taken_for=CLASSES[int(matrix[worst].argmax())],
        among_tops=Number(matrix[np.ix_(TOPS, TOPS)].sum() / max(matrix.sum(), 1)),
    )
