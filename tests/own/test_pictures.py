"""Data sets of one's own: which are taken, and what is said of the others."""

import numpy as np
import pytest

from mnist_compare import data
from mnist_compare.own import pictures


def letters(count=60, classes=6, size=(20, 16), **changed):
    """Arrays of a data set of one's own."""
    generator = np.random.default_rng(0)
    arrays = {}
    for part in ("train", "test"):
        arrays[f"x_{part}"] = generator.integers(0, 256, (count, *size), np.uint8)
        arrays[f"y_{part}"] = np.arange(count) % classes
    return arrays | changed


@pytest.fixture
def saved(tmp_path, monkeypatch):
    """Save arrays as a data set, in a place where none was added."""
    monkeypatch.setattr(data, "DATA_SETS", {**data.DATA_SETS})
    monkeypatch.setattr(pictures, "DATA_SETS", data.DATA_SETS)

    def save(**changed):
        np.savez(tmp_path / "letters.npz", **letters(**changed))
        return tmp_path / "letters.npz"

    return save


def test_a_data_set_of_ones_own_is_split_like_any_other(saved):
    name = pictures.add(saved())
    assert name.startswith("letters-")
    known = data.DATA_SETS[name]
    assert (known.title, known.classes) == ("letters", tuple("012345"))
    trained, validated, _, tested = data.split("mine", f"{name}, 3 epochs", 0)
    assert [len(labels) for _, labels in (trained, validated, tested)] == [54, 6, 60]
    np.testing.assert_array_equal(trained[0], letters()["x_train"][:54])
    assert {labels.dtype for _, labels in (trained, validated, tested)} == {np.dtype(np.uint8)}
    # Other pictures are another data set, so that records of the two are kept apart.
    assert pictures.add(saved(classes=5)) != name
    with_channel = saved(x_train=letters()["x_train"][..., None])
    assert data.load(pictures.add(with_channel))[0][0].shape == (60, 20, 16)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"x_train": np.zeros((60, 20, 16))}, r"x_train must be grey.*float64.*255 \* x"),
        ({"x_test": np.zeros((60, 320), np.uint8)}, r"x_test must be grey.*\(60, 320\) uint8"),
        ({"x_test": np.zeros((60, 9, 9), np.uint8)}, "of one size"),
        ({"y_test": np.arange(59) % 6}, r"60 pictures and y_test the shape \(59,\)"),
        (
            {"y_train": np.arange(60) % 6 - 1},
            "y_train must be integers in 0–255; they are integers in -1–4",
        ),
        ({"y_train": np.arange(60) * 10}, "integers in 0–255; they are integers in 0–590"),
        ({"y_train": np.arange(60) / 60}, "integers in 0–255; they are float64"),
        ({"y_train": np.full(60, "a")}, "integers in 0–255; they are <U1"),
        ({"y_train": 1 + np.arange(60) % 5}, "no picture of class 0. Number the classes 0, 1, 2"),
        ({"y_test": np.arange(60) % 7}, "y_test contains class 6, but y_train"),
        ({"count": 9}, "9 labels; at least 10"),
    ],
)
def test_what_is_wrong_with_a_data_set_is_said_in_a_sentence(saved, changed, sentence):
    path = saved(**changed)
    with pytest.raises(ValueError, match=sentence):
        pictures.add(path)


def test_a_name_with_a_comma_or_a_long_one_is_a_name_too(saved, tmp_path):
    path = saved().rename(tmp_path / f"{'a' * 60},b.npz")
    name = pictures.add(path)
    assert name.startswith("a" * 40 + "-")
    assert data.of(f"{name}, 3 epochs") == name


def test_a_file_that_is_no_data_set_is_named(saved, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no data set .*none\.npz; give mnist, fash"):
        pictures.add(tmp_path / "none.npz")
    path = tmp_path / "half.npz"
    path.write_bytes(saved().read_bytes()[:500])
    with pytest.raises(ValueError, match=r"half\.npz cannot be read .*savez_compressed"):
        pictures.add(path)
    path.write_text("no data set")
    with pytest.raises(ValueError, match=r"cannot be read \(BadZipFile: File is not a zip"):
        pictures.add(path)
    with path.open("wb") as file:
        np.save(file, np.zeros(3))
    with pytest.raises(ValueError, match=r"half\.npz cannot be read"):
        pictures.add(path)
    np.savez(path, x_train=np.zeros((10, 3, 3), np.uint8))
    with pytest.raises(ValueError, match=r"cannot be read .*y_train"):
        pictures.add(path)
