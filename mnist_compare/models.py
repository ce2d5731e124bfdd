"""Build the two networks, a multilayer perceptron and a convolutional network.

Both are compiled Keras models. ``keras`` is Keras, imported only when a network is built.
"""

from mnist_compare.data import CLASSES
from mnist_compare.lazy_keras import keras


def build_mlp(hidden=128, name="mlp"):
    """Build a multilayer perceptron: (n, 28, 28) grey values in 0–1 → (n, 10) probabilities.

    With 128 hidden units it has 784 · 128 + 128 + 128 · 10 + 10 = 101,770 parameters. Its loss
    takes labels as they are, integers in 0–9.
    """
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Flatten(),
            layers.Dense(hidden, activation="relu"),
            layers.Dense(CLASSES, activation="softmax"),
        ],
        name=name,
    )
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def build_cnn(filters=32, hidden=100, name="cnn"):
    """Build a convolutional network: (n, 28, 28, 1) grey values in 0–1 → (n, 10) probabilities.

    A 3 × 3 kernel has 26 × 26 places in a picture, of which pooling leaves 13 × 13. With 32 filters
    and 100 hidden units it has 32 · 9 + 32 + 13 · 13 · 32 · 100 + 100 + 100 · 10 + 10 = 542,230
    parameters. Its loss, the same in value, takes one-hot labels, (n, 10). Keras adds the last axis
    to pictures (n, 28, 28).
    """
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(filters, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(hidden, activation="relu"),
            layers.Dense(CLASSES, activation="softmax"),
        ],
        name=name,
    )
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model
