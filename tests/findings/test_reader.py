"""The reader: what it is trained on, and what the records say of it."""

import numpy as np
import pytest

from mnist_compare import data
from mnist_compare.findings import reader

_, (DIGITS, LABELS) = data.load("mnist")


def test_numbers_by_hand(as_records, a_run):
    """Two runs of three epochs of half a second, of which one was held up, read 97 and 99 %."""
    slow = a_run("reader", "complete", 1, 0.99)
    slow.rows[0]["seconds"] = 60
    as_records([a_run("reader", "complete", 0), slow])
    found = reader.Reader()
    assert found.test_accuracy.mean == pytest.approx(0.98)
    assert (found.minutes.mean, found.parameters) == (3 * 0.5 / 60, 460_690)


def test_each_kind_of_change_is_shown_alone():
    shown = reader.examples(DIGITS, LABELS)
    unchanged, *changed = shown.values()
    assert [*shown] == ["as they are", *reader.ONE_AT_A_TIME, "forms of other hands"]
    np.testing.assert_array_equal(*unchanged)
    for pictures in changed:
        assert (pictures.shape, pictures.dtype) == (unchanged.shape, np.uint8)
        assert (pictures != unchanged).any(axis=(0, 2, 3)).sum() >= 2
