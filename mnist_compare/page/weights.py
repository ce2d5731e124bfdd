"""The trained networks as data for a page's script, ``assets/networks.js``, to compute with."""

import base64
import contextlib
import io
import json
import zipfile
from collections.abc import Sequence

import numpy as np

from mnist_compare import predictor
from mnist_compare.records.fixed_point import BITS, fixed_point

BASE64 = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", "S1")
EXPLAINED = ("mlp", "cnn")  # by inside.js, in their usual sizes, in its order


def looked_into(models: Sequence[str]) -> dict[str, list[dict]]:
    """Return {name: ``packed(name)``} of those networks that ``inside.js`` explains as they are."""
    networks = {}
    for name in (name for name in EXPLAINED if name in models):
        # A user's own network may have other sizes, or layers that do not tell their settings.
        with contextlib.suppress(ValueError, NotImplementedError):
            layers = packed(name)
            if _outline(layers) == _outline(_computed(shipped_layers(name))):
                networks[name] = layers
    return networks


def packed(name: str) -> list[dict]:
    """Return the layers of the trained network called ``name`` as plain data, in order.

    Each is a dict of its ``kind``, its settings, and ``arrays`` of weights, each with its
    ``shape``. A kernel has ``whole`` and ``unit``, as ``fixed_point()`` gives them, which
    rounds a network of one's own; any other array has ``floats``. Whole numbers are two digits of
    base64 each, 0 for -2048; floats and units are float32 in base64. BatchNormalization becomes a
    factor and a shift for each channel. Raises ValueError for a layer unknown to the script.
    """
    return _computed(layers(name))


def layers(name: str) -> list[tuple[str, dict, list[np.ndarray]]]:
    """Return (kind, settings, arrays of weights) of each layer of a trained network.

    Kind and settings are Keras's, but TensorFlow is not imported.
    """
    if not predictor.is_own(name):
        return shipped_layers(name)
    return [
        (type(layer).__name__, layer.get_config(), layer.get_weights())
        for layer in predictor.load_keras(name).layers
    ]


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
    if kind == "Conv2D" and {*settings["strides"], *settings["dilation_rate"]} == {1}:
        yield _layer("convolution", weights, same=settings["padding"] == "same")
    elif kind == "MaxPooling2D" and [*settings["pool_size"]] == [*settings["strides"]]:
        yield _layer("pooling", size=settings["pool_size"][0])
    elif kind == "BatchNormalization":
        scale, offset, mean, variance = weights
        factor = scale / np.sqrt(variance + settings["epsilon"])
        yield _layer("scaling", (factor, offset - mean * factor))
    elif kind == "Dense":
        yield _layer("dense", weights)
    elif kind == "ReLU":
        yield _layer("relu")
    # The script keeps pictures as rows of numbers.
    elif kind not in ("InputLayer", "Flatten", "Dropout"):
        raise ValueError(f"networks.js cannot compute the layer {kind} {settings}.")
    if settings.get("activation", "linear") != "linear":
        yield _layer(settings["activation"])


def _layer(kind, weights=(), **settings):
    return {"kind": kind, "arrays": [*map(_array, weights)], **settings}


def _array(values):
    shape = list(values.shape)
    if values.ndim == 1:
        return {"shape": shape, "floats": _floats(values)}
    whole, unit = fixed_point(values)
    digits = np.stack(np.divmod(whole + 2 ** (BITS - 1), len(BASE64)), axis=-1)
    return {"shape": shape, "whole": BASE64[digits].tobytes().decode(), "unit": _floats(unit)}


def _floats(values):
    return base64.b64encode(values.astype("<f4").tobytes()).decode()
