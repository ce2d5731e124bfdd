"""Whose digits are read, from made-up runs and records."""

import numpy as np
import pandas as pd
import pytest

from mnist_compare import data
from mnist_compare.report.chapters import others
from mnist_compare.study.usps import RECORD, WAYS

_, (_, LABELS) = data.load("mnist")
_, WRITERS = data.writers()
STUDENTS = WRITERS >= data.FIRST_STUDENT
ALL = np.unique(WRITERS)


@pytest.fixture
def reading(a_run, as_records):
    """Two runs of each network that misread the test digits told, by model."""

    def make(misread):
        those = []
        for model in others.READ:
            for seed in range(2):
                run = a_run(model, "complete" if model == "reader" else "fair", seed)
                for epoch in run.predictions:
                    run.predictions[epoch] = LABELS.copy()
                    run.predictions[epoch][misread.get(model, [])] += 10
                run.predictions[len(run.rows)] = run.predictions[10]
                those.append(run)
        as_records(those)

    return make


def test_the_hands_by_hand(reading):
    (first,) = np.flatnonzero(ALL[0] == WRITERS)[:1]
    of_the_last = np.flatnonzero(ALL[-1] == WRITERS)
    reading({"mlp": of_the_last, "cnn": [first]})
    table = others.hands()
    # The last writer is a student, all of whose digits the MLP misreads; the first is none.
    share = 1 - len(of_the_last) / STUDENTS.sum()
    assert table.loc["MLP", "Students"].startswith(f"{share:.2%}")
    assert table.loc["MLP", "Employees"].startswith("100.00%")
    assert table.loc["MLP", "Hands without a mistake"] == f"{len(ALL) - 1} of {len(ALL)}"
    assert table.loc["MLP", "The worst hand"] == "0%"
    count = (ALL[0] == WRITERS).sum()
    assert table.loc["CNN", "The worst hand"] == f"{1 - 1 / count:.0%}"
    assert table.loc["Reader", "The worst hand"] == "100%"
    lead = others.lead(students=True)
    assert lead.mean == pytest.approx(len(of_the_last) / STUDENTS.sum())


def test_shares_of_usps_are_over_seeds_and_digits():
    right = {0: [True, True, False, True], 1: [True, False, False, True]}
    rows = [
        ("mlp", "fair", seed, way, np.array(read), "0123456789ab")
        for seed, read in right.items()
        for way in WAYS
    ]
    record = pd.DataFrame(rows, columns=RECORD.columns)
    found = others.share(record, "mlp", "framed")
    assert (found.mean, found.values.shape) == (0.625, (2, 4))
    alone = others.share(record[record.seed == 0], "mlp", "framed")
    assert (alone.mean, alone.n) == (0.75, 1)
