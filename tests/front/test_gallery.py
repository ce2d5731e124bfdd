import numpy as np
import pytest

from mnist_compare import data
from mnist_compare.front import gallery, parts
from mnist_compare.preprocessing import CANVAS
from mnist_compare.records import runs


def test_the_drawings_for_the_pad_are_the_pictures():
    for (digit, _), drawn in zip(gallery.examples(), gallery.stroke_examples(), strict=True):
        assert digit == drawn["digit"]
        points = np.concatenate([stroke["points"] for stroke in drawn["strokes"]])
        assert 0 <= points.min() < points.max() <= CANVAS


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


@pytest.mark.parametrize(
    ("file", "read"),
    [
        ("demo_strings.json", parts.strings.__wrapped__),
        ("demo_drawings.json", gallery.examples),
    ],
)
def test_what_the_demo_is_made_of_is_named_where_it_is_damaged(tmp_path, monkeypatch, file, read):
    content = (parts.ASSETS / file).read_bytes()
    (tmp_path / file).write_bytes(content[: len(content) // 2])
    monkeypatch.setattr(parts, "ASSETS", tmp_path)
    with pytest.raises(ValueError, match=rf"{file} cannot be read .*git checkout -- mnist_compare"):
        read()
