"""Data sets of one's own: which are taken, and what is said of the others."""

from dataclasses import replace

import numpy as np
import pytest

from mnist_compare.own import pictures
from mnist_compare.records import data_sets, place
from mnist_compare.records.protocols import Protocol


def letters(count=60, classes=6, size=(20, 16), **changed):
    """Arrays of a data set of one's own."""
    generator = np.random.default_rng(0)
    arrays = {}
    for part in ("train", "test"):
        arrays[f"x_{part}"] = generator.integers(0, 256, (count, *size), np.uint8)
        arrays[f"y_{part}"] = np.arange(count) % classes
    return arrays | changed


@pytest.fixture
def saved(tmp_path):
    """Save arrays as a data set."""

    def save(**changed):
        np.savez(tmp_path / "letters.npz", **letters(**changed))
        return tmp_path / "letters.npz"

    return save


def test_a_data_set_of_ones_own_is_split_like_any_other(saved, tmp_path):
    name, known = pictures.data_set(saved())
    assert name.startswith("letters-")
    assert (known.title, known.classes) == ("letters", tuple("012345"))
    with place.at(replace(place.small(tmp_path), data_sets={name: known})):
        trained, validated, _, tested = data_sets.split("mine", Protocol(data=name, epochs=3), 0)
    assert [len(labels) for _, labels in (trained, validated, tested)] == [54, 6, 60]
    np.testing.assert_array_equal(trained[0], letters()["x_train"][:54])
    assert {labels.dtype for _, labels in (trained, validated, tested)} == {np.dtype(np.uint8)}
    # Other pictures are another data set, so that records of the two are kept apart.
    assert pictures.data_set(saved(classes=5))[0] != name
    _, with_channel = pictures.data_set(saved(x_train=letters()["x_train"][..., None]))
    assert with_channel.read()[0][0].shape == (60, 20, 16)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"x_train": np.zeros((60, 20, 16))}, r"x_train must be grey.*float64.*255 \* x"),
        ({"x_test": np.zeros((60, 320), np.uint8)}, r"x_test must be grey.*\(60, 320\) uint8"),
        ({"x_test": np.zeros((60, 9, 9), np.uint8)}, "of one size"),
        ({"y_test": np.arange(59) % 6}, r"60 pictures and y_test the shape \(59,\)"),
        ({"y_train": np.arange(60) % 6 - 1}, "integers in 0–255; they are integers in -1–4"),
        ({"y_train": np.full(60, "a")}, "integers in 0–255; they are <U1"),
        ({"y_train": 1 + np.arange(60) % 5}, "no picture of class 0. Number the classes 0, 1, 2"),
        ({"y_test": np.arange(60) % 7}, "y_test contains class 6, but y_train"),
        ({"count": 9}, "9 labels; at least 10"),
    ],
)
def test_what_is_wrong_with_a_data_set_is_said_in_a_sentence(saved, changed, sentence):
    path = saved(**changed)
    with pytest.raises(ValueError, match=sentence):
        pictures.data_set(path)


def test_a_name_with_a_comma_or_a_long_one_is_a_name_too(saved, tmp_path):
    path = saved().rename(tmp_path / f"{'a' * 60},b.npz")
    name, _ = pictures.data_set(path)
    assert name.startswith("a" * 40 + "-")


def cut(path):
    path.write_bytes(path.read_bytes()[:500])


def no_archive(path):
    path.write_text("no data set")


def without_labels(path):
    np.savez(path, x_train=np.zeros((10, 3, 3), np.uint8))


def of_objects(path):
    np.savez(path, **letters(y_train=np.array([{}] * 60)))


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (cut, "cannot be read"),
        (no_archive, "cannot be read .*np.savez_compressed"),
        (without_labels, "cannot be read .*y_train"),
        (of_objects, "cannot be read .*allow_pickle=False"),
    ],
)
def test_a_file_that_is_no_data_set_is_named(saved, damage, sentence):
    path = saved()
    damage(path)
    with pytest.raises(ValueError, match=rf"letters\.npz.*{sentence}"):
        pictures.data_set(path)


@pytest.mark.parametrize("path", ["none.npz", "/dev/zero", "."])
def test_only_a_file_is_a_data_set(path):
    with pytest.raises(FileNotFoundError, match=r"no data set .*; give mnist, fashion_mnist or"):
        pictures.data_set(path)
