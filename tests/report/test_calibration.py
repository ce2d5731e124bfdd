"""Calibration errors from made-up runs, by hand."""

import numpy as np
import pytest

from mnist_compare import data, metrics
from mnist_compare.report.chapters import calibration, estimates

LABELS = np.arange(10_000) % 10


@pytest.fixture
def sure(a_run, as_records, monkeypatch):
    """Runs of two seeds that are 75 % sure; the MLP misreads a tenth, the CNN three tenths."""
    monkeypatch.setattr(estimates.data, "load", lambda name: (None, (None, LABELS)))

    def make(wrong):
        those = []
        for model, misread in wrong.items():
            for seed, digits in enumerate(misread):
                run = a_run(model, seed=seed)
                for read in run.predictions.values():
                    read[:] = LABELS
                    read[digits] += 1
                those.append(run)
        as_records(those)

    return make


def test_the_table_by_hand(sure):
    sure({"mlp": [slice(1000), slice(1200)], "cnn": [slice(3000), slice(3000)]})
    table = calibration.table().T
    # Right in 90 and 88 % of the answers that they are 75 % sure of: 15 and 13 points off.
    assert table["MLP 10"].tolist()[:3] == ["89.00%", "75.00%", "75.0%"]
    assert table["MLP 10"]["Calibration error (points)"].startswith("14.00 [")
    # As they should be, but for chance: the mean distance of 7,500 ± 43 of 10,000 from 75 %.
    assert table["CNN 10"]["Calibration error (points)"].startswith("5.00 [")
    chance = 100 * np.sqrt(0.75 * 0.25 / 10_000) * np.sqrt(2 / np.pi)
    assert float(table["CNN 10"]["by chance alone"]) == pytest.approx(chance, abs=0.06)


def test_the_errors_are_those_of_the_metric_and_vary_with_the_writers(sure):
    by_writer = np.argsort(data.writers()[1], kind="stable")
    sure({"mlp": [by_writer[::10]] * 2, "cnn": [by_writer[:1000]] * 2})
    spread, lumped = calibration.error(("mlp", 10)), calibration.error(("cnn", 10))
    expected = metrics.calibration_error(np.full(10_000, 0.75), np.arange(10_000) >= 1000)
    assert [spread.mean, lumped.mean] == pytest.approx([expected, expected])
    # A tenth of every writer's digits is misread, or all digits of a few.
    assert lumped.error > 3 * spread.error
    both = calibration.error(("cnn", 10), ("mlp", 10))
    assert (both.mean, both.verdict) == (pytest.approx(0), "undecided")
