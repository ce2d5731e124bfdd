"""The two networks of the comparison, each stated once, with its parameter counts asserted.

Both builders return a compiled stock Keras model: ``summary()``, ``fit()`` and ``save()`` work as
everywhere. ``training_form()`` gives the same network, with the same weights, in an arrangement
that the XLA compiler turns into faster code.
"""

from mnist_compare.quiet import tensorflow as tf  # isort: skip, before Keras imports it

import keras
from keras import layers

from mnist_compare.data import CLASSES


def build_mlp():
    """Build the multilayer perceptron: (n, 28, 28) grey values in 0–1 → (n, 10) probabilities.

    Flatten → Dense 128 ReLU → Dense 10 softmax, 101,770 parameters (source report, chapter 2.2).
    Its labels are integers in 0–9.
    """
    model = keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dense(CLASSES, activation="softmax"),
        ],
        name="mlp",
    )
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    assert [layer.count_params() for layer in model.layers] == [0, 100_480, 1_290]
    return model


def build_cnn():
    """Build the convolutional network: (n, 28, 28, 1) grey values in 0–1 → (n, 10) probabilities.

    Conv 32 3×3 ReLU → MaxPool 2×2 → Flatten → Dense 100 ReLU → Dense 10 softmax, 542,230 parameters
    (source report, chapter 4.1). Its labels are one-hot rows (n, 10).
    """
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(100, activation="relu"),
            layers.Dense(CLASSES, activation="softmax"),
        ],
        name="cnn",
    )
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    assert [layer.count_params() for layer in model.layers] == [320, 0, 0, 540_900, 1_010]
    return model


BUILDERS = {"mlp": build_mlp, "cnn": build_cnn}


def build(name):
    """Build the model called ``name``; raises ValueError, with the names there are, for another."""
    if name not in BUILDERS:
        raise ValueError(f"There is no model {name!r}; choose one of {', '.join(BUILDERS)}.")
    return BUILDERS[name]()


class PooledConvolution(layers.Layer):
    """A 3×3 convolution, ReLU and 2×2 max-pooling as four matrix products and their maximum.

    (n, 28, 28, 1) float32 → (n, 13, 13, 32). Each product is the convolution at one of the four
    places of a pooling window. Pooling comes before bias and ReLU: both are monotonic, so the order
    changes neither values nor gradients, and three quarters of their work fall away.
    """

    def __init__(self, convolution):
        """Share the weights of ``convolution``, a built Conv2D with 3×3 kernels."""
        super().__init__()
        self.convolution = convolution

    def call(self, images):
        """Return the pooled activations of the images."""
        # Pixel (2·row + r, 2·column + c) of every pooling window's 4×4 field, without a copy.
        images = tf.reshape(images, (-1, 14, 2, 14, 2))
        pixels = [
            [images[:, r // 2 : r // 2 + 13, r % 2, c // 2 : c // 2 + 13, c % 2] for c in range(4)]
            for r in range(4)
        ]
        kernel = tf.reshape(self.convolution.kernel, (9, -1))
        windows = [
            tf.stack([pixels[top + r][left + c] for r in range(3) for c in range(3)], axis=-1)
            for top in range(2)
            for left in range(2)
        ]
        products = [tf.matmul(tf.reshape(window, (-1, 9)), kernel) for window in windows]
        largest = tf.maximum(
            tf.maximum(products[0], products[1]), tf.maximum(products[2], products[3])
        )
        activations = tf.nn.relu(largest + self.convolution.bias)
        return tf.reshape(activations, (-1, 13, 13, activations.shape[-1]))


def training_form(model):
    """Return ``model`` with convolution and pooling joined; both models share their weights."""
    if not isinstance(model.layers[0], layers.Conv2D):
        return model
    convolution, _pooling, *rest = model.layers
    return keras.Sequential([keras.Input((28, 28, 1)), PooledConvolution(convolution), *rest])
