import keras
import pytest
from keras import layers

from mnist_compare.models import build_cnn, build_mlp
from mnist_compare.study import operations


def test_operations_are_counted_by_hand():
    assert operations.operations(build_mlp()) == 2 * (784 * 128 + 128 * 10)
    convolution, hidden, output = 26 * 26 * 9 * 32, 5408 * 100, 100 * 10
    assert operations.operations(build_cnn()) == 2 * (convolution + hidden + output)
    assert operations.training_operations(build_mlp()) == 2 * (2 * 100_352 + 3 * 1_280)
    expected = 2 * (2 * convolution + 3 * (hidden + output))
    assert operations.training_operations(build_cnn()) == expected


def sequential(*those, shape=(28, 28, 1)):
    return keras.Sequential([keras.Input(shape), *those])


def shared():
    picture, dense = keras.Input((28, 28)), layers.Dense(28)
    return keras.Model(picture, keras.ops.add(dense(picture), dense(inputs=dense(picture))))


@pytest.mark.parametrize(
    ("model", "uses"),
    [
        (sequential(layers.Conv2DTranspose(64, 3, strides=2)), 28 * 28 * 9 * 64),
        (sequential(layers.SeparableConv2D(8, 3)), 26 * 26 * (9 + 8)),
        (sequential(layers.Conv2D(8, 3, groups=4), shape=(28, 28, 4)), 26 * 26 * 9 * 8),
        (sequential(layers.Conv1D(8, 3), shape=(28, 28)), 26 * 3 * 28 * 8),
    ],
)
def test_each_use_of_a_weight_is_two_operations(model, uses):
    assert operations.operations(model) == 2 * uses


@pytest.mark.parametrize(
    "model",
    [
        sequential(layers.LSTM(8), shape=(28, 28)),
        sequential(layers.TimeDistributed(layers.Dense(8)), shape=(28, 28)),
        sequential(sequential(layers.Flatten(), layers.Dense(10))),
        shared(),
    ],
)
def test_operations_of_a_layer_whose_use_is_not_known_are_not_counted(model):
    assert operations.operations(model) is None
