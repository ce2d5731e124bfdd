import numpy as np

from mnist_compare import data
from mnist_compare.front import gallery
from mnist_compare.records import runs


def test_the_misread_digits_are_misread_by_every_network():
    _, (digits, labels) = data.load("mnist")
    recorded = [runs.read(model, "fair")[0].predictions[10] for model in ("mlp", "cnn")]
    found = gallery.misread(("mlp", "cnn"))
    assert len(found) == 6
    for index, label, picture in found:
        assert label == labels[index]
        assert all(predictions[index] != label for predictions in recorded)
        assert np.array_equal(255 - picture, digits[index])


def test_there_are_no_misread_digits_without_models_or_records(records):
    assert gallery.misread(()) == gallery.misread(("cnn",)) == []
