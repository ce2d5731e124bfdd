"""The builders of the three networks, as Keras's tutorials write them.

Each returns a compiled model. Keras, and with it TensorFlow, is loaded when the first is called.
"""

from mnist_compare.data import CLASSES
from mnist_compare.late_keras import keras

BATCH = 32  # pictures of a training step, Keras's default


def build_mlp(hidden=(128,), name="mlp"):
    """Build a multilayer perceptron: (n, 28, 28) grey values in 0–1 → (n, 10) probabilities.

    By default it is that of the source report, chapter 2.2. It trains on integer labels in 0–9.
    """
    layers = keras.layers
    parts = [keras.Input((28, 28)), layers.Flatten()]
    for width in hidden:
        parts.append(layers.Dense(width, activation="relu"))
    parts.append(layers.Dense(CLASSES, activation="softmax"))
    model = keras.Sequential(parts, name=name)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def build_cnn(filters=32, hidden=100, name="cnn", normalized=False):
    """Build a convolutional network: (n, 28, 28, 1) grey values in 0–1 → (n, 10) probabilities.

    By default it is that of the source report, chapter 4.1. It trains on one-hot labels (n, 10). If
    ``normalized``, BatchNormalization comes before the first ReLU.
    """
    layers = keras.layers
    parts = [
        keras.Input((28, 28, 1)),
        layers.Conv2D(filters, 3, activation=None if normalized else "relu"),
        layers.MaxPooling2D(2),
    ]
    if normalized:  # after MaxPooling2D, which leaves a quarter of the values
        parts += [layers.BatchNormalization(), layers.ReLU()]
    parts += [
        layers.Flatten(),
        layers.Dense(hidden, activation="relu"),
        layers.Dense(CLASSES, activation="softmax"),
    ]
    model = keras.Sequential(parts, name=name)
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    return model


def build_reader(filters=40, name="reader"):
    """Build the network that reads drawings: (n, 28, 28, 1) grey values in 0–1 → (n, 10).

    It trains on rows of ten probabilities, one-hot for a digit.
    """
    layers = keras.layers
    parts = [keras.Input((28, 28, 1))]
    for width, size, padding, pooled in [
        # Digits have a black border, so they need no padding: a third less work.
        (filters, 5, "valid", True),
        (2 * filters, 3, "valid", False),
        (2 * filters, 3, "valid", True),
        (4 * filters, 3, "same", False),
        (4 * filters, 3, "same", False),
    ]:
        parts.append(layers.Conv2D(width, size, padding=padding, use_bias=False))
        if pooled:  # before normalization, to which it leaves a quarter of the values
            parts.append(layers.MaxPooling2D(2))
        parts += [layers.BatchNormalization(momentum=0.95), layers.ReLU()]
    parts += [layers.Flatten(), layers.Dense(CLASSES, activation="softmax")]
    model = keras.Sequential(parts, name=name)
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    return model
