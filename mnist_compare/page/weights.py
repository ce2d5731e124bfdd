"""The trained networks as data for a page's script, ``scripts/networks.js``, to compute with."""

import base64
import contextlib
from collections.abc import Mapping, Sequence

import numpy as np

from mnist_compare import predictor
from mnist_compare.lazy_keras import keras
from mnist_compare.records.fixed_point import fixed_point
from mnist_compare.weights.layers import steps_of

BASE64 = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", "S1")
EXPLAINED = ("mlp", "cnn")  # by inside.js, in their usual sizes, in its order
PICTURES = ((28, 28, 1), (28, 28), (784,))  # shapes of a digit, which the script has as a row
ROWS = ("Dense", "Softmax")  # layers that the script computes of rows of numbers only


def computable(models: Sequence[str]) -> dict[str, list[dict]]:
    """Return {name: ``packed(name)``} of those trained networks that the script can compute."""
    networks = {}
    for name in models:
        with contextlib.suppress(NotImplementedError):
            networks[name] = packed(name)
    return networks


def explained(networks: Mapping[str, list[dict]]) -> list[str]:
    """Return the names of those packed networks that ``inside.js`` explains: of the usual form."""
    usual = {name: _outline(_packed(predictor.shipped(name))) for name in EXPLAINED}
    return [name for name in EXPLAINED if _outline(networks.get(name, ())) == usual[name]]


def packed(name: str) -> list[dict]:
    """Return the steps of the trained network called ``name`` as plain data, in order.

    They are those of ``weights.layers.steps_of()``, but each of their arrays is a dict with its
    ``shape``. A kernel that ``fixed_point()`` does not change has ``whole`` and ``unit``, as it
    gives them; any other array has ``floats``. Whole numbers are two digits of base64 each, 0 for
    -2048; floats and units are float32 in base64. Raises NotImplementedError for a network that
    the script cannot compute.
    """
    return _packed(_own_steps(name) if predictor.is_own(name) else predictor.shipped(name))


def _packed(computed):
    return [{**step, "arrays": [*map(_array, step["arrays"])]} for step in computed]


def _own_steps(name):
    model = predictor.load_keras(name)
    if type(model) is not keras.Sequential or model.input_shape[1:] not in PICTURES:
        raise NotImplementedError
    return steps_of(map(_opened, model.layers))


def _opened(layer):
    kind = type(layer).__name__
    if type(layer) is not getattr(keras.layers, kind, None):  # which may not tell its settings
        raise NotImplementedError
    # A dense layer may see more than a row of numbers, and a softmax more than its sums.
    if kind in ROWS and len(layer.input.shape) != 2:
        raise NotImplementedError
    return kind, layer.get_config(), layer.get_weights()


def _outline(layers):
    return [(layer["kind"], [array["shape"] for array in layer["arrays"]]) for layer in layers]


def _array(values):
    shape = list(values.shape)
    if values.ndim > 1:
        whole, unit = fixed_point(values)
        if np.array_equal(whole * unit, values):  # as in the networks of the package
            digits = np.stack(np.divmod(whole + len(BASE64) ** 2 // 2, len(BASE64)), axis=-1)
            packed_digits = BASE64[digits].tobytes().decode()
            return {"shape": shape, "whole": packed_digits, "unit": _floats(unit)}
    return {"shape": shape, "floats": _floats(values)}


def _floats(values):
    return base64.b64encode(values.astype("<f4").tobytes()).decode()
