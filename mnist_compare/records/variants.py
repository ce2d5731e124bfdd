"""Build the third network, the reader, and the CNN in other forms, of one change each."""

from functools import cache

import numpy as np

from mnist_compare.data import CLASSES
from mnist_compare.lazy_keras import keras

FILTERS, KERNEL, STRIDED, PLACES = 32, 9, (13, 13), 26 * 26  # of the CNN, and of stride 2


def build_reader(name="reader"):
    """Build the network that reads drawings: (n, 28, 28, 1) grey values in 0–1 → (n, 10).

    Its loss takes rows of ten probabilities: one-hot for a digit, all equal for a scribble.
    """
    layers = keras.layers
    parts = []
    for filters, size, padding, pooled in [
        # Digits have a black border, so they need no padding: a third less work.
        (40, 5, "valid", True),
        (80, 3, "valid", False),
        (80, 3, "valid", True),
        (160, 3, "same", False),
        (160, 3, "same", False),
    ]:
        parts.append(layers.Conv2D(filters, size, padding=padding, use_bias=False))
        if pooled:  # before normalization, to which it leaves a quarter of the values
            parts.append(layers.MaxPooling2D(2))
        parts += [layers.BatchNormalization(momentum=0.95), layers.ReLU()]
    return _compiled(name, *parts, layers.Flatten())


def build_strided(name="cnn_stride"):
    """Build the CNN with stride 2 in place of pooling; it has equally many parameters."""
    convolution = keras.layers.Conv2D(FILTERS, 3, strides=2, activation="relu")
    return _compiled(name, convolution, *_head())


def build_unshared(name="cnn_unshared"):
    """Build the CNN with stride 2 and, at each of its 13 × 13 places, kernels of its own.

    Before them, a convolution that does not learn picks the nine pixels of each place.
    """
    layers = keras.layers
    pixels = keras.initializers.Constant(np.eye(KERNEL).reshape(3, 3, 1, KERNEL))
    pick = layers.Conv2D(
        KERNEL, 3, strides=2, use_bias=False, kernel_initializer=pixels, trainable=False
    )
    reach = np.sqrt(6 / (KERNEL + KERNEL * FILTERS))  # as Keras draws those of a convolution
    kernels = layers.EinsumDense(
        "nrcp,rcpf->nrcf",
        (*STRIDED, FILTERS),
        bias_axes="rcf",
        activation="relu",
        kernel_initializer=keras.initializers.RandomUniform(-reach, reach),
    )
    return _compiled(name, pick, kernels, *_head())


def build_frozen(name="cnn_frozen"):
    """Build the CNN whose kernels stay as they are drawn, at random."""
    layers = keras.layers
    frozen = layers.Conv2D(FILTERS, 3, activation="relu", trainable=False)
    return _compiled(name, frozen, layers.MaxPooling2D(2), *_head())


def build_shuffled(name="cnn_shuffled"):
    """Build the CNN that shuffles the places of its maps, all maps alike, before it pools them."""
    layers = keras.layers
    convolution = layers.Conv2D(FILTERS, 3, activation="relu")
    return _compiled(name, convolution, _shuffle()(), layers.MaxPooling2D(2), *_head())


@cache
def _shuffle():
    """Return the class of a layer that puts the places of maps in an order drawn at random."""

    class Shuffle(keras.layers.Layer):
        def build(self, shape):
            self.order = self.add_weight(
                shape=(PLACES,),
                dtype="int32",
                initializer=lambda shape, dtype: keras.random.shuffle(keras.ops.arange(*shape)),
                trainable=False,
            )

        def call(self, maps):
            places = keras.ops.reshape(maps, (-1, PLACES, FILTERS))
            return keras.ops.reshape(keras.ops.take(places, self.order, 1), (-1, *maps.shape[1:]))

    return Shuffle


def _head():
    return keras.layers.Flatten(), keras.layers.Dense(100, activation="relu")


def _compiled(name, *parts):
    output = keras.layers.Dense(CLASSES, activation="softmax")
    model = keras.Sequential([keras.Input((28, 28, 1)), *parts, output], name=name)
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    return model
