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


def steps_in(path: Path) -> list[dict]:
    """Return the steps of the network in a ``.keras`` file, for which Keras is not imported."""
    with zipfile.ZipFile(path) as archive:
        described = json.loads(archive.read("config.json"))["config"]["layers"]
        weights = io.BytesIO(archive.read("model.weights.h5"))
    with h5py.File(weights) as file:
        groups = [layer["vars"] for layer in file["layers"].values()]
        arrays = {group.attrs["name"]: [array[:] for array in group.values()] for group in groups}
    return steps_of(
        (layer["class_name"], layer["config"], arrays.get(layer["config"]["name"], []))
        for layer in described
    )


def steps_of(layers: Iterable[tuple[str, dict, list[np.ndarray]]]) -> list[dict]:
    """Return what is to be computed for layers, each (kind, settings, arrays of weights).

    Kind and settings are Keras's. A step is a dict of its ``kind``, its ``arrays`` and its
    settings: a layer is followed by its activation, and BatchNormalization becomes a factor and a
    shift for each channel. Raises NotImplementedError for a network that cannot be computed so.
    """
    return [step for layer in layers for step in _steps(*layer)]


def _steps(kind, settings, weights):
    activation = settings.get("activation", "linear")
    known = ("linear", "relu", "softmax") if kind == "Dense" else ("linear", "relu")
    if kind not in USUAL or not _is_usual(kind, settings) or activation not in known:
        raise NotImplementedError
    if kind == "Conv2D":
        yield _step("convolution", weights, same=settings["padding"] == "same")
    elif kind == "MaxPooling2D":
        yield _step("pooling", size=settings["pool_size"][0])
    elif kind == "BatchNormalization":
        scale, offset, mean, variance = weights
        factor = scale / np.sqrt(variance + settings["epsilon"])
        yield _step("scaling", (factor, offset - mean * factor))
    elif kind in ("Dense", "ReLU", "Softmax"):
        yield _step(kind.lower(), weights)
    if activation != "linear":
        yield _step(activation)


def _is_usual(kind, settings):
    sides = {*settings.get("pool_size", ()), *settings.get("strides", ())}
    values = [(settings[name], usual) for name, usual in USUAL[kind].items()]
    return len(sides) < 2 and all(usual in (has, [*np.atleast_1d(has)]) for has, usual in values)


def _step(kind, weights=(), **settings):
    return {"kind": kind, "arrays": [*weights], **settings}
