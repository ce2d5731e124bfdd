import hashlib
from dataclasses import replace

import keras
import numpy as np
import pytest

from mnist_compare import data, data_files

LOADED = data.load("mnist")


def test_mnist_is_the_published_data():
    (x_train, y_train), (x_test, y_test) = data.load("mnist")
    assert (x_train.shape, x_test.shape) == ((60_000, 28, 28), (10_000, 28, 28))
    assert y_train[:9].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1]
    assert np.bincount(y_test).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    with pytest.raises(ValueError, match="read-only"):
        x_train[0] = 0


@pytest.fixture
def moved(tmp_path, monkeypatch):
    """Paths at which MNIST and Fashion-MNIST are looked for, with nothing there yet."""
    known = {
        name: replace(data_set, path=tmp_path / "new" / f"{name}.npz")
        for name, data_set in data_files.DATA_SETS.items()
    }
    (tmp_path / "new").mkdir()
    monkeypatch.setattr(data_files, "DATA_SETS", known)
    monkeypatch.setattr(data_files, "arrays", data_files.arrays.__wrapped__)  # remembers nothing
    return {name: data_set.path for name, data_set in known.items()}


MNIST_FILE = data_files.DATA_SETS["mnist"].path


def test_a_missing_or_truncated_file_is_named_with_the_way_to_get_it_back(moved):
    with pytest.raises(FileNotFoundError, match=r"mnist\.npz is missing.*git checkout"):
        data.load("mnist")
    content = MNIST_FILE.read_bytes()
    for damaged in (content[:1_000_000], content[:200] + b"\0" + content[201:]):
        moved["mnist"].write_bytes(damaged)
        with pytest.raises(ValueError, match=r"mnist\.npz is damaged.*SHA-256.*git checkout"):
            data.load("mnist")


def test_an_altered_digit_is_found_with_both_sums(moved):
    (x_train, y_train), (x_test, y_test) = LOADED
    altered = y_test.copy()
    altered[0] += 1
    np.savez(moved["mnist"], x_train=x_train, y_train=y_train, x_test=x_test, y_test=altered)
    found = hashlib.sha256(altered.tobytes()).hexdigest()
    expected = data_files.DATA_SETS["mnist"].sha256[-1]
    said = f"is not MNIST: y_test has the SHA-256 {found}, expected {expected}"
    with pytest.raises(ValueError, match=said):
        data.load("mnist")


def test_clothes_are_fetched_once_and_then_read_from_the_cache(moved, monkeypatch):
    """Digits in their place: whatever is fetched is verified as Fashion-MNIST's would be."""
    fetched = []
    monkeypatch.setitem(
        data_files.DATA_SETS,
        "fashion_mnist",
        replace(data_files.DATA_SETS["fashion_mnist"], sha256=data_files.DATA_SETS["mnist"].sha256),
    )
    monkeypatch.setattr(
        keras.datasets.fashion_mnist, "load_data", lambda: fetched.append(1) or LOADED
    )
    moved["fashion_mnist"].parent.rmdir()
    for _ in range(2):
        for ours, theirs in zip(data.load("fashion_mnist"), LOADED, strict=True):
            for one, other in zip(ours, theirs, strict=True):
                np.testing.assert_array_equal(one, other)
    assert fetched == [1]
    assert [path.name for path in moved["fashion_mnist"].parent.iterdir()] == ["fashion_mnist.npz"]


def test_without_a_network_it_is_said_where_the_clothes_belong(moved, monkeypatch):
    def load_data():
        raise Exception("URL fetch failure")

    monkeypatch.setattr(keras.datasets.fashion_mnist, "load_data", load_data)
    with pytest.raises(FileNotFoundError, match=r"not at .*npz.*URL fetch failure.*put the file"):
        data.load("fashion_mnist")


def test_grey_values_are_scaled_and_labels_made_rows():
    scaled = data.scale(np.array([0, 51, 255], np.uint8))
    assert scaled.dtype == np.float32
    np.testing.assert_allclose(scaled, [0, 0.2, 1])
    for labels in (np.array([3, 0], np.uint8), (3, 0)):
        rows = data.one_hot(labels).tolist()
        assert rows == [[0, 0, 0, 1, 0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0, 0, 0, 0, 0]]


def test_the_last_tenth_validates():
    train = data.Labelled(np.arange(20), np.arange(20) % 10)
    parts = data.split(train, data.Labelled(np.arange(5), np.arange(5)))
    for part in (parts.training, parts.train_measured):
        assert part.pictures.tolist() == [*range(18)]
    assert parts.validation.labels.tolist() == [8, 9]
    assert len(parts.test.labels) == 5
