"""Committed measurements, made anew with the weights of seed 0, which come with the package."""

import numpy as np
import pytest

from mnist_compare import data, metrics, predictor
from mnist_compare.networks import COMPARED, SERVED
from mnist_compare.records import runs
from mnist_compare.study import robustness
from mnist_compare.study.changes import changed

_, (DIGITS, LABELS) = data.load("mnist")


def accuracy(model, digits):
    read = predictor.load(model)
    given = np.concatenate([read(few).argmax(axis=1) for few in np.split(digits, 10)])
    return metrics.accuracy(LABELS, given)


@pytest.mark.parametrize("model", SERVED)
def test_the_shipped_weights_reach_the_recorded_accuracy(model):
    run = next(run for run in runs.reported(model) if run.seed == 0)
    assert accuracy(model, DIGITS) == pytest.approx(run.rows[-1]["test_accuracy"], abs=5e-5)


def test_the_shipped_weights_read_changed_digits_as_recorded():
    shifted = changed(DIGITS, "shift", 2)
    recorded = runs.measured(robustness.RECORD, "fair").set_index(
        ["model", "seed", "change", "level", "way"]
    )
    for model in COMPARED:
        expected = recorded.accuracy[model, 0, "shift", 2, robustness.AS_IT_IS]
        assert accuracy(model, shifted) == pytest.approx(expected, abs=5e-5)
