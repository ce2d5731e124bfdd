"""What each protocol trains, validates and measures on."""

import numpy as np
import pytest

from mnist_compare import data
from mnist_compare.records import data_sets
from mnist_compare.records.protocols import FAIR, SOURCE, Protocol


@pytest.mark.parametrize("protocol", [FAIR, Protocol(digits=100), Protocol(permuted=True)])
def test_both_models_see_the_same_digits(protocol):
    both = zip(
        data_sets.split("mlp", protocol, 3), data_sets.split("cnn", protocol, 3), strict=True
    )
    for mlp, cnn in both:
        np.testing.assert_array_equal(mlp[0], cnn[0])
        np.testing.assert_array_equal(mlp[1], cnn[1])


@pytest.mark.parametrize(
    ("model", "protocol", "sizes"),
    [
        ("cnn", FAIR, [54_000, 6_000, 54_000, 10_000]),
        ("mlp", Protocol(digits=100), [100, 6_000, 100, 10_000]),
        ("mlp", SOURCE, [54_000, 6_000, 60_000, 10_000]),
        ("cnn", SOURCE, [60_000, 10_000, 60_000, 10_000]),
    ],
)
def test_a_protocol_says_what_is_trained_validated_called_training_digits_and_tested(
    model, protocol, sizes
):
    (_, y_train), (_, y_test) = data.load("mnist")
    _, (_, validated), _, (_, tested) = parts = data_sets.split(model, protocol, 0)
    assert [len(labels) for _, labels in parts] == sizes
    np.testing.assert_array_equal(validated, y_test if sizes[1] == 10_000 else y_train[-6_000:])
    np.testing.assert_array_equal(tested, y_test)


def test_a_small_set_is_of_the_54000_and_another_for_each_seed():
    (everything, _), *_ = data_sets.split("mlp", FAIR, 0)
    known = {digit.tobytes() for digit in everything}
    (digits, _), (others, _) = (
        data_sets.split("mlp", Protocol(digits=100), seed)[0] for seed in (3, 4)
    )
    assert all(digit.tobytes() in known for digit in digits)
    assert (others != digits).any()


def test_squares_are_shuffled_whole_and_alike_in_all_pictures():
    """A worked case: squares of side 2 in pictures of 4 × 6 pixels, each with its own number."""
    numbers = np.arange(6).reshape(2, 3).repeat(2, axis=0).repeat(2, axis=1)
    inside = np.tile([[0, 10], [20, 30]], (2, 3))
    pictures = np.stack([numbers + inside, 100 + numbers + inside])
    one, other = data_sets.permuted(pictures, 2, seed=3)
    np.testing.assert_array_equal(other, one + 100)
    squares = one.reshape(2, 2, 3, 2).swapaxes(1, 2).reshape(6, 2, 2)
    order = np.random.default_rng([3, data_sets.PERMUTATION]).permutation(6)
    assert squares[:, 0, 0].tolist() == order.tolist() != [*range(6)]
    np.testing.assert_array_equal(squares - order[:, None, None], [[[0, 10], [20, 30]]] * 6)
