"""The builders of the networks, what a network costs to use, and its fingerprint.

Every builder returns a compiled Keras model, so ``summary()``, ``fit()`` and ``save()`` work as
usual. Keras, and with it TensorFlow, is loaded when the first builder is called.
"""

import hashlib
import json
import math

from mnist_compare.data import CLASSES
from mnist_compare.quiet import keras

BATCH = 32  # digits, Keras's default; the protocols of the comparison use it
FINGERPRINT_LENGTH = 12  # hexadecimal digits


def build_mlp(hidden=(128,), name="mlp"):
    """Build a multilayer perceptron: (n, 28, 28) grey values in 0–1 → (n, 10) probabilities.

    Flatten → Dense ReLU for each width in ``hidden`` → Dense 10 softmax; by default Flatten →
    Dense 128 → Dense 10, 101,770 parameters (source report, chapter 2.2). It trains on integer
    labels in 0–9.
    """
    layers = keras.layers
    return _compiled(
        name,
        keras.Input((28, 28)),
        layers.Flatten(),
        *(layers.Dense(width, activation="relu") for width in hidden),
        layers.Dense(CLASSES, activation="softmax"),
        loss="sparse_categorical_crossentropy",
    )


def build_cnn(filters=32, hidden=100, name="cnn", normalized=False):
    """Build a convolutional network: (n, 28, 28, 1) grey values in 0–1 → (n, 10) probabilities.

    Conv 3×3 ReLU → MaxPool 2×2 → Flatten → Dense ReLU → Dense 10 softmax; by default with 32
    filters and 100 hidden units, 542,230 parameters (source report, chapter 4.1). It trains on
    one-hot labels (n, 10). If ``normalized``, BatchNormalization comes before the first ReLU, and
    both come after MaxPool, which leaves them a quarter of the values: 128 parameters more, half
    of them running statistics.
    """
    layers = keras.layers
    first = [layers.Conv2D(filters, 3, activation="relu"), layers.MaxPooling2D(2)]
    if normalized:
        first = [layers.Conv2D(filters, 3), layers.MaxPooling2D(2)]
        first += [layers.BatchNormalization(), layers.ReLU()]
    return _compiled(
        name,
        keras.Input((28, 28, 1)),
        *first,
        layers.Flatten(),
        layers.Dense(hidden, activation="relu"),
        layers.Dense(CLASSES, activation="softmax"),
    )


def build_reader(filters=40, name="reader", normalized=True):
    """Build the network that reads drawings: (n, 28, 28, 1) grey values in 0–1 → (n, 10).

    Five convolutions, one 5×5 and four 3×3, of one, two, two, four and four times ``filters``
    filters, each with BatchNormalization and ReLU, the first and the third with MaxPool 2×2; then
    Flatten → Dense 10 softmax; 460,690 parameters. Biases take the place of BatchNormalization if
    not ``normalized``. It trains on rows of ten probabilities, one-hot for a digit.
    """
    layers = keras.layers
    parts = []
    for width, size, padding, pooled in (
        # Digits have a black border, so they need no padding: a third less work.
        (filters, 5, "valid", True),
        (2 * filters, 3, "valid", False),
        (2 * filters, 3, "valid", True),
        (4 * filters, 3, "same", False),
        (4 * filters, 3, "same", False),
    ):
        parts.append(layers.Conv2D(width, size, padding=padding, use_bias=not normalized))
        if pooled:  # before normalization, to which it leaves a quarter of the values
            parts.append(layers.MaxPooling2D(2))
        if normalized:
            parts.append(layers.BatchNormalization(momentum=0.95))
        parts.append(layers.ReLU())
    parts += [layers.Flatten(), layers.Dense(CLASSES, activation="softmax")]
    return _compiled(name, keras.Input((28, 28, 1)), *parts)


def _compiled(name, *layers, loss="categorical_crossentropy"):
    model = keras.Sequential(layers, name=name)
    model.compile(optimizer="adam", loss=loss, metrics=["accuracy"])
    return model


def operations(model):
    """Return the multiplications and additions to read one digit: two for each use of a weight."""
    return sum(_operations(model))


def training_operations(model):
    """Return the multiplications and additions of training on one digit.

    They are those of the forward pass, of the gradient for the weights and, except in the first
    layer with weights, of the gradient for the layer's input.
    """
    first, *rest = _operations(model)
    return 2 * first + 3 * sum(rest)


def _operations(model):
    return [
        2 * math.prod(layer.kernel.shape) * math.prod(layer.output.shape[1:-1])
        for layer in model.layers
        if hasattr(layer, "kernel")
    ]


def fingerprint(model, recipe="fair"):
    """Return hexadecimal digits that identify a network and how it is trained.

    Runs may be compared as seeds of one experiment only if their fingerprints are equal. A
    fingerprint depends on the layers of ``model``, a compiled Keras model, their settings, the loss
    and the optimizer, and on ``recipe``, the name of a protocol or anything that JSON can hold. It
    does not depend on names or weights or, for the usual layers, on the version of Keras.
    """
    optimizer = model.optimizer
    description = [
        _plain(model.get_config()),
        [type(optimizer).__name__, _plain(optimizer.get_config())],
        _loss(model.loss),
        {"protocol": recipe, "batch": BATCH} if isinstance(recipe, str) else recipe,
    ]
    digest = hashlib.sha256(json.dumps(description, sort_keys=True).encode())
    return digest.hexdigest()[:FINGERPRINT_LENGTH]


def _plain(value, numbers=None):
    """Return a configuration without what depends on the version of Keras or does not matter.

    New versions add settings that are None or False by default; these are left out. Names become
    numbers in order of appearance, since layers may refer to each other by name.
    """
    numbers = {} if numbers is None else numbers
    if isinstance(value, dict):
        if value.get("class_name") == "DTypePolicy":  # here the name matters: it is the type
            return value["config"]["name"]
        if "class_name" in value:
            parts = ("class_name", "config", "inbound_nodes")
            return [_plain(value[part], numbers) for part in parts if part in value]
        if isinstance(value.get("name"), str):
            numbers.setdefault(value["name"], len(numbers))
        kept = {k: v for k, v in value.items() if v is not None and v is not False}
        kept.pop("build_input_shape", None)
        return {key: _plain(each, numbers) for key, each in kept.items()}
    if isinstance(value, list | tuple):
        return [_plain(each, numbers) for each in value]
    return numbers.get(value, value) if isinstance(value, str) else value


def _loss(loss):
    """Return what distinguishes a loss, given as a name, a function or an object, from others."""
    usual = {"name", "reduction", "dtype", "axis"}
    settings = getattr(loss, "get_config", dict)()
    unusual = {k: value for k, value in settings.items() if value and k not in usual}
    return [loss_name(loss), *sorted(unusual.items())]


def loss_name(loss):
    """Return the name of a loss, given as a name, a function or an object."""
    return loss if isinstance(loss, str) else getattr(loss, "name", None) or loss.__name__
