"""Build the third network, the reader."""

from mnist_compare.data import CLASSES
from mnist_compare.lazy_keras import keras


def build_reader(name="reader"):
    """Build the network that reads drawings: (n, 28, 28, 1) grey values in 0–1 → (n, 10).

    Its loss takes rows of ten probabilities: one-hot for a digit, all equal for a scribble.
    """
    layers = keras.layers
    parts = [keras.Input((28, 28, 1))]
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
    parts += [layers.Flatten(), layers.Dense(CLASSES, activation="softmax")]
    model = keras.Sequential(parts, name=name)
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    return model
