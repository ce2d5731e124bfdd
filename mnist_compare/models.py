"""The builders of the networks, what a network costs to use, and its fingerprint.

Every builder returns a compiled Keras model. Keras, and with it TensorFlow, is loaded when the
first is called.
"""

import hashlib
import json
import math

from mnist_compare.data import CLASSES
from mnist_compare.quiet import keras

BATCH = 32  # digits, Keras's default; the protocols of the comparison use it
FINGERPRINT_LENGTH = 12  # hexadecimal digits
# Layers whose kernels multiply, and layers with weights that do not sum.
MULTIPLYING = {
    *("Dense", "Conv1D", "Conv2D", "Conv3D", "DepthwiseConv1D", "DepthwiseConv2D"),
    *("SeparableConv1D", "SeparableConv2D"),
    *("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"),
}
NORMALIZING = {
    *("BatchNormalization", "LayerNormalization", "GroupNormalization", "Normalization"),
    *("UnitNormalization", "RMSNormalization", "PReLU"),
}
REFERENCES = {"name", "keras_history", "input_layers", "output_layers"}  # settings that are names


def build_mlp(hidden=(128,), name="mlp"):
    """Build a multilayer perceptron: (n, 28, 28) grey values in 0–1 → (n, 10) probabilities.

    By default it is that of the source report, chapter 2.2. It trains on integer labels in 0–9.
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

    By default it is that of the source report, chapter 4.1. It trains on one-hot labels (n, 10). If
    ``normalized``, BatchNormalization comes before the first ReLU.
    """
    layers = keras.layers
    convolution = [layers.Conv2D(filters, 3, activation="relu"), layers.MaxPooling2D(2)]
    if normalized:  # after MaxPool, which leaves a quarter of the values
        convolution = [layers.Conv2D(filters, 3), layers.MaxPooling2D(2)]
        convolution += [layers.BatchNormalization(), layers.ReLU()]
    return _compiled(
        name,
        keras.Input((28, 28, 1)),
        *convolution,
        layers.Flatten(),
        layers.Dense(hidden, activation="relu"),
        layers.Dense(CLASSES, activation="softmax"),
    )


def build_reader(filters=40, name="reader"):
    """Build the network that reads drawings: (n, 28, 28, 1) grey values in 0–1 → (n, 10).

    It trains on rows of ten probabilities, one-hot for a digit.
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
        parts.append(layers.Conv2D(width, size, padding=padding, use_bias=False))
        if pooled:  # before normalization, to which it leaves a quarter of the values
            parts.append(layers.MaxPooling2D(2))
        parts += [layers.BatchNormalization(momentum=0.95), layers.ReLU()]
    parts += [layers.Flatten(), layers.Dense(CLASSES, activation="softmax")]
    return _compiled(name, keras.Input((28, 28, 1)), *parts)


def _compiled(name, *layers, loss="categorical_crossentropy"):
    model = keras.Sequential(layers, name=name)
    model.compile(optimizer="adam", loss=loss, metrics=["accuracy"])
    return model


def set_rate(model, rate: float, steps: int | None = None):
    """Compile a model anew with Adam at a rate, which falls along a cosine to 0 over ``steps``."""
    schedule = keras.optimizers.schedules.CosineDecay(rate, steps) if steps else rate
    model.compile(keras.optimizers.Adam(schedule), loss=model.loss, metrics=["accuracy"])


def operations(model) -> int | None:
    """Return the multiplications and additions to read one digit: two for each use of a weight.

    Biases and what normalizes are not counted. None is returned where a layer has weights of which
    this does not know how they are used.
    """
    counts = [_operations(layer) for layer in model.layers]
    return None if None in counts else sum(counts)


def training_operations(model) -> int:
    """Return the multiplications and additions of training on one digit.

    They are those of the forward pass, of the gradient for the weights and, except in the first
    layer with weights, of the gradient for the layer's input.
    """
    first, *later = filter(None, map(_operations, model.layers))
    return 2 * first + 3 * sum(later)


def _operations(layer):
    kind = type(layer).__name__
    if not layer.weights or kind in NORMALIZING:
        return 0
    if kind not in MULTIPLYING or len(layer._inbound_nodes) > 1:  # another model, or shared
        return None
    # Where each weight is used once: places of the output, but of the input if it is spread.
    shape = (layer.input if kind.endswith("Transpose") else layer.output).shape
    channels_first = getattr(layer, "data_format", "") == "channels_first"
    places = shape[2:] if channels_first else shape[1:-1]
    if None in places:
        return None
    used = sum(math.prod(weight.shape) for weight in layer.weights if "kernel" in weight.name)
    return 2 * used * math.prod(places)


def fingerprint(model, recipe="fair") -> str:
    """Return hexadecimal digits that identify a network and how it is trained.

    They depend on the layers of ``model``, a compiled Keras model, their settings, the loss and the
    optimizer, and on ``recipe``, the name of a protocol or anything that JSON can hold, but not on
    names or weights or, for the usual layers, on the version of Keras.
    """
    description = [
        _plain(model.get_config()),
        [type(model.optimizer).__name__, _plain(model.optimizer.get_config())],
        _loss(model.loss),
        {"protocol": recipe, "batch": BATCH} if isinstance(recipe, str) else recipe,
    ]
    digest = hashlib.sha256(json.dumps(description, sort_keys=True).encode())
    return digest.hexdigest()[:FINGERPRINT_LENGTH]


def _plain(value, number_of=None, refers=False):
    """Return a configuration without what depends on the version of Keras or does not matter.

    New versions add settings that are None or False by default; these are left out. Names become
    numbers in the order of the layers of their model, also where layers refer to each other.
    """
    number_of = number_of or {}
    if isinstance(value, dict):
        if value.get("class_name") == "DTypePolicy":  # here the name matters: it is the type
            return value["config"]["name"]
        if "class_name" in value:
            parts = ("class_name", "config", "inbound_nodes")
            return [_plain(value[part], number_of) for part in parts if part in value]
        if "layers" in value:  # a model, in which names mean its own layers
            names = [value["name"], *(layer["config"].get("name") for layer in value["layers"])]
            number_of = {name: number for number, name in enumerate(names)}
        settings = {k: v for k, v in value.items() if v is not None and v is not False}
        settings.pop("build_input_shape", None)
        return {k: _plain(v, number_of, refers or k in REFERENCES) for k, v in settings.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, number_of, refers) for item in value]
    return number_of.get(value, 0) if refers and isinstance(value, str) else value


def _loss(loss):
    settings = getattr(loss, "get_config", dict)()
    if settings.get("reduction") == "sum_over_batch_size":
        del settings["reduction"]
    unusual = {k: v for k, v in settings.items() if v and k not in {"name", "dtype", "axis"}}
    function = loss_function(loss)
    known = getattr(keras.losses, function.__name__, None) is function
    name = function.__name__ if known else f"{function.__module__}.{function.__qualname__}"
    return [name, *sorted(unusual.items())]


def loss_function(loss):
    """Return the function of a loss, given as a name, a function or an object, else its class."""
    loss = keras.losses.get(loss)
    function = getattr(loss, "fn", loss)
    return function if hasattr(function, "__name__") else type(loss)
