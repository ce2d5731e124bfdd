import hashlib

import numpy as np
import pytest

from mnist_compare import data


def test_mnist_is_the_published_data():
    (x_train, y_train), (x_test, y_test) = data.load_mnist()
    assert x_train.shape == (60_000, 28, 28)
    assert x_test.shape == (10_000, 28, 28)
    assert x_train.dtype == y_train.dtype == np.uint8
    assert y_train[:9].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1]
    assert np.bincount(y_test).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]


def test_keras_reads_the_same_arrays(monkeypatch):
    import keras

    monkeypatch.setattr(
        "keras.src.datasets.mnist.get_file", lambda *args, **kwargs: str(data.MNIST_FILE)
    )
    for ours, theirs in zip(data.load_mnist(), keras.datasets.mnist.load_data(), strict=True):
        np.testing.assert_array_equal(ours[0], theirs[0])
        np.testing.assert_array_equal(ours[1], theirs[1])


def test_a_missing_file_is_named_with_the_way_to_get_it_back(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nothing\.npz is missing.*git checkout"):
        data.load_mnist(tmp_path / "nothing.npz")


def test_a_truncated_file_is_named(tmp_path):
    path = tmp_path / "mnist.npz"
    path.write_bytes(data.MNIST_FILE.read_bytes()[:1_000_000])
    with pytest.raises(ValueError, match=r"mnist\.npz is damaged.*SHA-256.*git checkout"):
        data.load_mnist(path)


def test_an_altered_digit_is_found_with_both_sums(tmp_path):
    (x_train, y_train), (x_test, y_test) = data.load_mnist()
    altered = y_test.copy()
    altered[0] += 1
    path = tmp_path / "mnist.npz"
    np.savez(path, x_train=x_train, y_train=y_train, x_test=x_test, y_test=altered)
    found = hashlib.sha256(altered.tobytes()).hexdigest()
    expected = data.ARRAYS["y_test"][1]
    with pytest.raises(ValueError, match=f"y_test has the SHA-256 {found}, expected {expected}"):
        data.load_mnist(path)


def test_the_shared_arrays_cannot_be_changed():
    (x_train, _), _ = data.load_mnist()
    with pytest.raises(ValueError, match="read-only"):
        x_train[0] = 0


def test_scale():
    scaled = data.scale(np.array([0, 51, 255], np.uint8))
    assert scaled.dtype == np.float32
    np.testing.assert_allclose(scaled, [0, 0.2, 1])


def test_one_hot():
    rows = data.one_hot(np.array([3, 0], np.uint8))
    assert rows.tolist() == [[0, 0, 0, 1, 0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0, 0, 0, 0, 0]]
