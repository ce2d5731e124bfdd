"""What convolutions buy: a CNN against an MLP with as many parameters, at two sizes."""

import pandas as pd

from mnist_compare.networks import EQUAL_SIZE, title
from mnist_compare.report.sentences import Names
from mnist_compare.statistics import asked_together, estimate


def leads(accuracies, questions):
    """Return how far the CNN is ahead, a frame of ``Estimate``: a column for each size.

    ``accuracies[model][question]`` are those of each seed; there is a row for each question. All
    are asked together.
    """
    found = {
        (f"{title(cnn)} − {title(mlp)}", question): estimate(
            accuracies[cnn][question] - accuracies[mlp][question]
        )
        for mlp, cnn in EQUAL_SIZE
        for question in questions
    }
    together = pd.Series(asked_together(found.values()), pd.MultiIndex.from_tuples(found))
    return together.unstack(0, sort=False)


def sides(found):
    """Return ``Names`` of the rows of ``leads()`` in which a CNN is ahead of an MLP of its size.

    ``equal_cnn`` at both sizes, ``equal_mlp`` behind at both, ``equal_mixed`` all others;
    ``equal_asked`` counts the questions.
    """
    verdicts = found.map(lambda each: each.verdict)
    both = {v: (verdicts == v).all(axis=1) for v in ("supported", "refuted")}
    return {
        "equal_cnn": Names(verdicts.index[both["supported"]]),
        "equal_mlp": Names(verdicts.index[both["refuted"]]),
        "equal_mixed": Names(verdicts.index[~both["supported"] & ~both["refuted"]]),
        "equal_asked": verdicts.size,
    }
