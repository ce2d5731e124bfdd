"""Answers to the exercises of the class notebook, checked against what is computed or recorded.

Each function says whether an answer holds, with a hint where it does not, and returns whether it
does. What a run of one's own measured may lie anywhere where a new run would in 99 of 100 cases,
going by the recorded runs.
"""

from collections.abc import Sequence

import numpy as np
from scipy import stats

from mnist_compare.records import runs
from mnist_compare.records.networks import NETWORKS
from mnist_compare.records.protocols import EPOCHS, FAIR, Protocol
from mnist_compare.report.words.spoken import say
from mnist_compare.study.statistics import Number

LEVEL = 0.99  # of new runs that are taken for right
FEW = 300


def expected(model: str, protocol: Protocol = FAIR) -> tuple[Number, Number]:
    """Return between which test accuracies a new run would lie after the last epoch, 0–1."""
    recorded = [run.measured[-1]["test_accuracy"] for run in runs.read(model, protocol)]
    reach = stats.t.ppf((1 + LEVEL) / 2, len(recorded) - 1) * np.sqrt(1 + 1 / len(recorded))
    middle, half = np.mean(recorded), reach * np.std(recorded, ddof=1)
    return Number(middle - half), Number(middle + half)


def exercise_1(parameters: int) -> bool:
    """Check how many parameters the MLP has."""
    holds = parameters == NETWORKS["mlp"].parameters
    if holds:
        say("Right.")
    else:
        say("Not yet. A layer has a weight for each pair of input and neuron, and a bias a neuron.")
    return holds


def exercise_2(accuracy: float) -> bool:
    """Check the test accuracy of the MLP, 0–1."""
    return _as_recorded(accuracy, "mlp")


def exercise_3(accuracy: float) -> bool:
    """Check the test accuracy of the MLP that learned 300 digits, 0–1."""
    return _as_recorded(accuracy, "mlp", Protocol(digits=FEW))


def exercise_4(accuracies: Sequence[float]) -> bool:
    """Check the test accuracies of MLP and CNN on 300 digits with shuffled pixels, 0–1."""
    mlp, cnn = accuracies
    held = _as_recorded(mlp, "mlp", Protocol(digits=FEW))  # to it, shuffled pixels are the same
    return _as_recorded(cnn, "cnn", Protocol(digits=FEW, permuted=True)) and held


def exercise_5(accuracy: float) -> bool:
    """Check the test accuracy of the CNN, 0–1."""
    return _as_recorded(accuracy, "cnn")


def exercise_6(lead: tuple[float, float]) -> bool:
    """Check the interval of CNN − MLP on the drawings of a class: (low, high), as shares."""
    low, high = lead
    if not -1 <= low <= high <= 1:
        say("An interval of a difference of shares goes from low to high, both between −1 and 1.")
        return False
    if low <= 0 <= high:
        say("The interval holds zero: on these drawings, either network may be ahead.")
    else:
        say("The interval leaves zero out: on drawings like these, one network reads more.")
    return True


def _as_recorded(accuracy, model, protocol=FAIR):
    low, high = expected(model, protocol)
    holds = low <= accuracy <= high
    told = {"accuracy": Number(accuracy), "low": low, "high": high, "epochs": EPOCHS}
    if holds:
        say("{accuracy:.1%}, as expected: such runs lie between {low:.1%} and {high:.1%}.", **told)
    elif accuracy > 1:
        say("An accuracy is a share: between 0 and 1.")
    else:
        say(
            "{accuracy:.1%} is not what such runs give after {epochs} epochs. Is it the test "
            "accuracy of the last epoch, and of the network that was asked for?",
            **told,
        )
    return holds
