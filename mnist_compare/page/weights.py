"""The trained networks as data for a page's script, ``scripts/networks.js``, to compute with."""

import base64
import contextlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence

import numpy as np

from mnist_compare import predictor
from mnist_compare.lazy_keras import keras
from mnist_compare.records.fixed_point import BITS, fixed_point

BASE64 = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", "S1")
EXPLAINED = ("mlp", "cnn")  # by inside.js, in their usual sizes, in its order
PICTURES = ((28, 28, 1), (28, 28), (784,))  # shapes of a digit, which the script has as a row
ROWS = ("Dense", "Softmax")  # layers that the script computes of rows of numbers only
USUAL = {  # layers that the script knows, and what it asks of their settings
    "Conv2D": {"strides": [1, 1], "dilation_rate": [1, 1], "groups": 1},
    "MaxPooling2D": {"padding": "valid"},
    "BatchNormalization": {"axis": [-1], "scale": True, "center": True},
    "Dense": {"use_bias": True},
    "ReLU": {"max_value": None, "negative_slope": 0, "threshold": 0},
    "Softmax": {"axis": -1},
    "InputLayer": {},
    "Flatten": {},
    "Dropout": {},
}


def computable(models: Sequence[str]) -> dict[str, list[dict]]:
    """Return {name: ``packed(name)``} of those trained networks that the script can compute."""
    networks = {}
    for name in models:
        with contextlib.suppress(Unknown):
            networks[name] = packed(name)
    return networks


def explained(networks: Mapping[str, list[dict]]) -> list[str]:
    """Return the names of those packed networks that ``inside.js`` explains as they are."""
    return [name for name in EXPLAINED if name in networks and _is_as_shipped(name, networks[name])]


def _is_as_shipped(name, layers):
    if not predictor.is_own(name):
        return True  # what is packed is what is shipped
    return _outline(layers) == _outline(_computed(shipped_layers(name)))


class Unknown(ValueError):
    """A network has a layer, or a setting of one, that the script does not know."""


def packed(name: str) -> list[dict]:
    """Return the layers of the trained network called ``name`` as plain data, in order.

    Each is a dict of its ``kind``, its settings, and ``arrays`` of weights, each with its
    ``shape``. A kernel that ``fixed_point()`` does not change has ``whole`` and ``unit``, as it
    gives them; any other array has ``floats``. Whole numbers are two digits of base64 each, 0 for
    -2048; floats and units are float32 in base64. BatchNormalization becomes a factor and a shift
    for each channel. Raises ``Unknown`` for a network that the script cannot compute.
    """
    return _computed(layers(name))


def layers(name: str) -> list[tuple[str, dict, list[np.ndarray]]]:
    """Return (kind, settings, arrays of weights) of each layer of a trained network.

    Kind and settings are Keras's, but TensorFlow is not imported for a network of the package.
    Raises ``Unknown`` where the layers do not simply follow each other.
    """
    if not predictor.is_own(name):
        return shipped_layers(name)
    model = predictor.load_keras(name)
    if type(model) is not keras.Sequential or model.input_shape[1:] not in PICTURES:
        raise Unknown
    return [*map(_opened, model.layers)]


def _opened(layer):
    kind = type(layer).__name__
    if type(layer) is not getattr(keras.layers, kind, None):  # which may not tell its settings
        raise Unknown
    # A dense layer may see more than a row of numbers, and a softmax more than its sums.
    if kind in ROWS and len(layer.input.shape) != 2:
        raise Unknown
    return kind, layer.get_config(), layer.get_weights()


def shipped_layers(name: str) -> list[tuple[str, dict, list[np.ndarray]]]:
    """Return what ``layers()`` does of the network that comes with the package."""
    return predictor.opened(_read_layers, name, ".keras")


def _read_layers(path):
    import h5py

    with zipfile.ZipFile(path) as archive:
        described = json.loads(archive.read("config.json"))["config"]["layers"]
        weights = io.BytesIO(archive.read("model.weights.h5"))
    with h5py.File(weights) as file:
        groups = [layer["vars"] for layer in file["layers"].values()]
        arrays = {group.attrs["name"]: [array[:] for array in group.values()] for group in groups}
    return [
        (layer["class_name"], layer["config"], arrays.get(layer["config"]["name"], []))
        for layer in described
    ]


def _computed(layers):
    return [step for layer in layers for step in _steps(*layer)]


def _outline(layers):
    return [(layer["kind"], [array["shape"] for array in layer["arrays"]]) for layer in layers]


def _steps(kind, settings, weights):
    """Yield what the script computes for a layer of Keras: the layer, then its activation."""
    activation = settings.get("activation", "linear")
    known = ("linear", "relu", "softmax") if kind == "Dense" else ("linear", "relu")
    if kind not in USUAL or not _is_usual(kind, settings) or activation not in known:
        raise Unknown
    if kind == "Conv2D":
        yield _layer("convolution", weights, same=settings["padding"] == "same")
    elif kind == "MaxPooling2D":
        yield _layer("pooling", size=settings["pool_size"][0])
    elif kind == "BatchNormalization":
        scale, offset, mean, variance = weights
        factor = scale / np.sqrt(variance + settings["epsilon"])
        yield _layer("scaling", (factor, offset - mean * factor))
    elif kind == "Dense":
        yield _layer("dense", weights)
    elif kind in ("ReLU", "Softmax"):
        yield _layer(kind.lower())
    if activation != "linear":
        yield _layer(activation)


def _is_usual(kind, settings):
    for name, usual in USUAL[kind].items():
        value = settings[name]
        if value != usual and [*np.atleast_1d(value)] != usual:
            return False
    return kind != "MaxPooling2D" or len({*settings["pool_size"], *settings["strides"]}) == 1


def _layer(kind, weights=(), **settings):
    return {"kind": kind, "arrays": [*map(_array, weights)], **settings}


def _array(values):
    shape = list(values.shape)
    if values.ndim > 1:
        whole, unit = fixed_point(values)
        if np.array_equal(whole * unit, values):  # as in the networks of the package
            digits = np.stack(np.divmod(whole + 2 ** (BITS - 1), len(BASE64)), axis=-1)
            packed_digits = BASE64[digits].tobytes().decode()
            return {"shape": shape, "whole": packed_digits, "unit": _floats(unit)}
    return {"shape": shape, "floats": _floats(values)}


def _floats(values):
    return base64.b64encode(values.astype("<f4").tobytes()).decode()
