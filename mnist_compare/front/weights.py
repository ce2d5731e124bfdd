"""The trained networks as data for a page's script, ``assets/networks.js``, to compute with."""

import base64
import contextlib
from collections.abc import Sequence

import numpy as np

from mnist_compare import predictor

BASE64 = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", "S1")
EXPLAINED = ("mlp", "cnn")  # by inside.js, in their usual sizes, in its order


def looked_into(models: Sequence[str]) -> dict[str, list[dict]]:
    """Return {name: ``packed(name)``} of those networks that ``inside.js`` explains as they are."""
    networks = {}
    for name in (name for name in EXPLAINED if name in models):
        # A user's own network may have other sizes, or layers that do not tell their settings.
        with contextlib.suppress(ValueError, NotImplementedError):
            layers = packed(name)
            if _outline(layers) == _outline(_computed(predictor.shipped_layers(name))):
                networks[name] = layers
    return networks


def packed(name: str) -> list[dict]:
    """Return the layers of the trained network called ``name`` as plain data, in order.

    Each is a dict of its ``kind``, its settings, and ``arrays`` of weights, each with its
    ``shape``. A kernel has ``whole`` and ``unit``, as ``predictor.fixed_point()`` gives them, which
    rounds a network of one's own; any other array has ``floats``. Whole numbers are two digits of
    base64 each, 0 for -2048; floats and units are float32 in base64. BatchNormalization becomes a
    factor and a shift for each channel. Raises ValueError for a layer unknown to the script.
    """
    return _computed(predictor.layers(name))


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
    whole, unit = predictor.fixed_point(values)
    digits = np.stack(np.divmod(whole + 2 ** (predictor.BITS - 1), len(BASE64)), axis=-1)
    return {"shape": shape, "whole": BASE64[digits].tobytes().decode(), "unit": _floats(unit)}


def _floats(values):
    return base64.b64encode(values.astype("<f4").tobytes()).decode()
