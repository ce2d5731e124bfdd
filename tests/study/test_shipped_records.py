"""Committed measurements, made anew with the weights of seed 0, which come with the package."""

import numpy as np
import pytest

from mnist_compare import data, metrics, predictor
from mnist_compare.networks import COMPARED, SERVED
from mnist_compare.records import runs
from mnist_compare.study import changed_digits
from mnist_compare.study.changes import changed

_, (DIGITS, LABELS) = data.load("mnist")


def answers(model, digits):
    read = predictor.load(model)
    return np.concatenate([read(few).argmax(axis=1) for few in np.split(digits, 10)])


@pytest.mark.parametrize("model", SERVED)
def test_the_shipped_weights_answer_as_recorded(model):
    run = next(run for run in runs.reported(model) if run.seed == 0)
    recorded = run.predictions[run.rows[-1]["epoch"]]
    # Another machine may round another way; one digit may then change sides.
    assert np.count_nonzero(answers(model, DIGITS) != recorded) <= 1


def test_the_shipped_weights_read_changed_digits_as_recorded():
    shifted = changed(DIGITS, "shift", 2)
    recorded = runs.measured(changed_digits.RECORD, "fair").set_index(
        ["model", "seed", "change", "level", "way"]
    )
    for model in COMPARED:
        expected = recorded.accuracy[model, 0, "shift", 2, changed_digits.AS_IT_IS]
        # Rounded weights read one or two of the 10,000 otherwise.
        accuracy = metrics.accuracy(LABELS, answers(model, shifted))
        assert accuracy == pytest.approx(expected, abs=3e-4)
