"""The trained networks as data for a page's script, ``assets/networks.js``, to compute with."""

import base64
import contextlib

import numpy as np

from mnist_compare import networks, predictor

EXPLAINED = ("cnn", "mlp")  # by inside.js, in their usual sizes, in its order


def looked_into(models):
    """Return {name: ``packed(name)``} of those networks that ``inside.js`` explains as they are."""
    found = {}
    for name in (each for each in EXPLAINED if each in models):
        # A network of the user's own may have other layers, or other sizes.
        with contextlib.suppress(ValueError):
            layers = packed(name)
            if _outline(layers) == _outline(_all_layers(networks.build(name))):
                found[name] = layers
    return found


def packed(name):
    """Return the layers of the trained network called ``name`` as plain data, in order.

    Each is a dict of its ``kind``, its settings, and ``arrays`` of weights: ``shape`` and
    ``halves``, float16 in base64, which changes no answer to a test digit. BatchNormalization
    becomes a factor and a shift for each channel. Raises ValueError for a layer that the script
    does not know.
    """
    return _all_layers(predictor.load_keras(name))


def _all_layers(model):
    return [layer for each in model.layers for layer in _layers(each)]


def _outline(layers):
    """Return the kinds and sizes of layers."""
    return [(layer["kind"], [array["shape"] for array in layer["arrays"]]) for layer in layers]


def _layers(layer):
    """Yield what the script computes for a layer of Keras: the layer, then its activation."""
    kind, settings = type(layer).__name__, layer.get_config()
    if kind == "Conv2D" and settings["strides"] == settings["dilation_rate"] == (1, 1):
        yield _layer("convolution", layer.get_weights(), same=settings["padding"] == "same")
    elif kind == "MaxPooling2D" and settings["pool_size"] == settings["strides"]:
        yield _layer("pooling", size=settings["pool_size"][0])
    elif kind == "BatchNormalization":
        scale, offset, mean, variance = layer.get_weights()
        factor = scale / np.sqrt(variance + layer.epsilon)
        yield _layer("scaling", (factor, offset - mean * factor))
    elif kind == "Dense":
        yield _layer("dense", layer.get_weights())
    elif kind == "ReLU":
        yield _layer("relu")
    elif kind not in ("Flatten", "Dropout"):  # the script keeps pictures as rows of numbers
        raise ValueError(f"networks.js cannot compute the layer {kind} {settings}.")
    if settings.get("activation", "linear") != "linear":
        yield _layer(settings["activation"])


def _layer(kind, weights=(), **settings):
    return {"kind": kind, "arrays": [_array(each) for each in weights], **settings}


def _array(values):
    halves = values.astype("<f2").tobytes()
    return {"shape": list(values.shape), "halves": base64.b64encode(halves).decode()}
