"""Networks as steps that NumPy and a page's script can compute, from the layers of Keras."""

import io
import json
import zipfile
from collections.abc import Iterable
from pathlib import Path

import h5py
import numpy as np

USUAL = {  # layers that are known, and what is asked of their settings
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


class Unknown(ValueError):
    """A network has a layer, or a setting of one, that is not known here."""


def read(path: Path) -> list[tuple[str, dict, list[np.ndarray]]]:
    """Return (kind, settings, arrays of weights) of each layer of a ``.keras`` file, in order.

    Kind and settings are Keras's, but it is not imported.
    """
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


def steps(layers: Iterable[tuple[str, dict, list[np.ndarray]]]) -> list[dict]:
    """Return what is to be computed for layers, given as ``read()`` does.

    Each step is a dict of its ``kind``, its ``arrays`` of weights and its settings. A layer is
    followed by its activation, and BatchNormalization becomes a factor and a shift for each
    channel. Raises ``Unknown`` for a network that cannot be computed so.
    """
    return [step for layer in layers for step in _steps(*layer)]


def _steps(kind, settings, weights):
    activation = settings.get("activation", "linear")
    known = ("linear", "relu", "softmax") if kind == "Dense" else ("linear", "relu")
    if kind not in USUAL or not _is_usual(kind, settings) or activation not in known:
        raise Unknown
    if kind == "Conv2D":
        yield _step("convolution", weights, same=settings["padding"] == "same")
    elif kind == "MaxPooling2D":
        yield _step("pooling", size=settings["pool_size"][0])
    elif kind == "BatchNormalization":
        scale, offset, mean, variance = weights
        factor = scale / np.sqrt(variance + settings["epsilon"])
        yield _step("scaling", (factor, offset - mean * factor))
    elif kind == "Dense":
        yield _step("dense", weights)
    elif kind in ("ReLU", "Softmax"):
        yield _step(kind.lower())
    if activation != "linear":
        yield _step(activation)


def _is_usual(kind, settings):
    for name, usual in USUAL[kind].items():
        value = settings[name]
        if value != usual and [*np.atleast_1d(value)] != usual:
            return False
    return kind != "MaxPooling2D" or len({*settings["pool_size"], *settings["strides"]}) == 1


def _step(kind, weights=(), **settings):
    return {"kind": kind, "arrays": [*weights], **settings}
