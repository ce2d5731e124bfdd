"""What is kept of Fashion-MNIST, from made-up clothes."""

import numpy as np
import pytest

from mnist_compare import data
from mnist_compare.study import fashion

LABELS = (np.arange(300) % 10).astype(np.uint8)
PICTURES = np.random.default_rng(0).integers(0, 256, (300, 28, 28), np.uint8)


@pytest.fixture
def made_up(records, monkeypatch):
    """Clothes that are loaded; the names that were asked for."""
    asked = []

    def load(name):
        asked.append(name)
        return None, (PICTURES, LABELS)

    monkeypatch.setattr(data, "load", load)
    return asked


def test_labels_and_the_first_pictures_of_each_class_are_kept_once(made_up):
    fashion.complete()
    np.testing.assert_array_equal(fashion.LABELS.read().label, LABELS)
    sheet = fashion.SHEET.read()
    assert sheet.groupby("label").number.agg(list).to_dict() == {
        label: list(range(label, 120, 10)) for label in range(10)
    }
    for number, picture in zip(sheet.number, sheet.picture, strict=True):
        np.testing.assert_array_equal(picture, PICTURES[number])
    fashion.complete()
    assert made_up == ["fashion_mnist"]


def test_a_missing_half_is_made_again(made_up):
    fashion.complete()
    fashion.SHEET.path.unlink()
    fashion.complete()
    assert fashion.SHEET.path.exists()
