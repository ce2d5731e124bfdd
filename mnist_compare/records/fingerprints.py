"""The fingerprint of a network and how it is trained, by which records know it again."""

import hashlib
import json

from mnist_compare.compiled import loss_function
from mnist_compare.lazy_keras import keras
from mnist_compare.training import BATCH

FINGERPRINT_LENGTH = 12  # hexadecimal digits
REFERENCES = {"name", "keras_history", "input_layers", "output_layers"}  # settings that are names


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
