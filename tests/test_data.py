import hashlib

import keras
import numpy as np
import pytest

from mnist_compare import data


def test_mnist_is_the_published_data():
    (x_train, y_train), (x_test, y_test) = data.load_mnist()
    assert (x_train.shape, x_test.shape) == ((60_000, 28, 28), (10_000, 28, 28))
    assert y_train[:9].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1]
    assert np.bincount(y_test).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    with pytest.raises(ValueError, match="read-only"):
        x_train[0] = 0


def test_keras_reads_the_same_arrays(monkeypatch):
    monkeypatch.setattr("keras.src.datasets.mnist.get_file", lambda **_: str(data.MNIST_FILE))
    for ours, theirs in zip(data.load_mnist(), keras.datasets.mnist.load_data(), strict=True):
        for one, other in zip(ours, theirs, strict=True):
            np.testing.assert_array_equal(one, other)


def test_a_missing_or_truncated_file_is_named_with_the_way_to_get_it_back(tmp_path):
    path = tmp_path / "mnist.npz"
    with pytest.raises(FileNotFoundError, match=r"mnist\.npz is missing.*git checkout"):
        data.load_mnist(path)
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


def test_grey_values_are_scaled_and_labels_made_rows():
    scaled = data.scale(np.array([0, 51, 255], np.uint8))
    assert scaled.dtype == np.float32
    np.testing.assert_allclose(scaled, [0, 0.2, 1])
    rows = data.one_hot(np.array([3, 0], np.uint8))
    assert rows.tolist() == [[0, 0, 0, 1, 0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0, 0, 0, 0, 0]]


@pytest.mark.parametrize("protocol", ["fair", "100_digits"])
def test_both_models_see_the_same_digits(protocol):
    both = zip(data.split("mlp", protocol, 3), data.split("cnn", protocol, 3), strict=True)
    for mlp, cnn in both:
        np.testing.assert_array_equal(mlp[0], cnn[0])
        np.testing.assert_array_equal(mlp[1], cnn[1])


@pytest.mark.parametrize(
    ("model", "protocol", "sizes"),
    [
        ("cnn", "fair", [54_000, 6_000, 54_000, 10_000]),
        ("mlp", "100_digits", [100, 6_000, 100, 10_000]),
        ("mlp", "source", [54_000, 6_000, 60_000, 10_000]),
        ("cnn", "source", [60_000, 10_000, 60_000, 10_000]),
    ],
)
def test_a_protocol_says_what_is_trained_validated_called_training_digits_and_tested(
    model, protocol, sizes
):
    (_, y_train), (_, y_test) = data.load_mnist()
    _, (_, validated), _, (_, tested) = parts = data.split(model, protocol, 0)
    assert [len(labels) for _, labels in parts] == sizes
    np.testing.assert_array_equal(validated, y_test if sizes[1] == 10_000 else y_train[-6_000:])
    np.testing.assert_array_equal(tested, y_test)


def test_a_small_set_is_of_the_54000_and_another_for_each_seed():
    (everything, _), *_ = data.split("mlp", "fair", 0)
    known = {digit.tobytes() for digit in everything}
    (digits, _), (others, _) = (data.split("mlp", "100_digits", seed)[0] for seed in (3, 4))
    assert all(digit.tobytes() in known for digit in digits)
    assert (others != digits).any()
