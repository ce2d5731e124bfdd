"""What networks that somebody brings may be called, and what they must do.

A comparison and the demo ask for the same. What they say of a network begins with “it”, after its
name.
"""

import re
import unicodedata
from contextlib import contextmanager
from itertools import chain, count
from pathlib import Path

import numpy as np

from mnist_compare.lazy_keras import keras, one_line
from mnist_compare.records.networks import NETWORKS

NAME = re.compile(r"[A-Za-z]\w{0,39}", re.ASCII)
LONGEST_NAME = 40  # characters
LAYER_NAME = re.compile(r"[A-Za-z][\w.-]*", re.ASCII)  # as TensorFlow takes it
SAFE = (3, 15, 1)  # the version of Keras from which on it opens a stranger's file without risk
CHANGE_NO_VALUE = ("Dropout", "Flatten", "Identity", "Reshape")


def check_name(name):
    """Raise ValueError if a name cannot name a network, or names one of this project."""
    if not NAME.fullmatch(name):
        raise ValueError(
            f"{printable(name)!r} cannot name a network: begin with a letter from A to Z, and use "
            f"only these, digits and _, {LONGEST_NAME} at most."
        )
    if name.casefold() in NETWORKS:
        raise ValueError(f"The name {name!r} is taken by a network of this project; give another.")


def check_names(names):
    """Raise ValueError for less than two names, or two that differ at most in case.

    On some machines the files of such two are one.
    """
    if len(names) < 2:
        raise ValueError("Give at least two networks to compare.")
    folded = [name.casefold() for name in names]
    if twice := [name for name in names if folded.count(name.casefold()) > 1]:
        raise ValueError(f"Two networks are called {printable(twice[-1])!r}; rename one.")


def free_name(text, taken):
    """Return a text as one printable word, with a number where a name in ``taken`` equals it."""
    word = re.sub(r"\s", "_", printable(text))[:LONGEST_NAME]
    taken = {name.casefold() for name in taken}
    numbered = (f"{word}_{number}" for number in count(2))
    return next(name for name in chain([word], numbered) if name.casefold() not in taken)


def printable(text):
    """Return a text, such as the name of a file, with _ for what cannot be printed."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(letter if letter.isprintable() else "_" for letter in composed)


@contextmanager
def said_of(name):
    """Put a name before what a ValueError says of it."""
    try:
        yield
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error


def open_model(path):
    """Return the Keras model in a file that anybody may have made.

    Raises FileNotFoundError where there is no file, and ValueError where it holds no model or the
    installed Keras is too old to open it safely.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"There is no model {path}.")
    if tuple(map(int, re.findall(r"\d+", keras.__version__)[:3])) < SAFE:
        needed = ".".join(map(str, SAFE))
        raise ValueError(
            f"{path} is not opened: Keras {keras.__version__} may run code that such a file hides. "
            f'Install a newer one by `pip install "keras>={needed}"`.'
        )
    try:
        return keras.models.load_model(path, compile=False)
    except Exception as error:  # Keras has many ways to say it
        raise ValueError(
            f"{path} is not a Keras model that can be loaded: {one_line(error)}"
        ) from error


def adapted(model, name, size, classes):
    """Return a model of the same layers, called ``name``, that gives probabilities.

    It takes grey values in 0–1, (n, *size) or in another shape of as many values, and gives
    (n, classes); logits get a softmax. Raises ValueError, with a sentence that says what to change.
    """
    single = _with_one_output(model)
    _check_layers(single)
    shape = _picture_shape(single, size)
    pictures = np.random.default_rng(0).random((4, *shape), np.float32)
    pictures[0] = 0
    pictures[1] = 1
    answers = _answers(single, pictures, size)
    if answers.shape != (len(pictures), classes):
        raise ValueError(
            f"it returns {answers.shape[1:]} for a picture; let it return {classes} "
            f"{'value' if classes == 1 else 'values'}, one for each class."
        )
    if not all(np.isfinite(values).all() for values in (answers, *single.get_weights())):
        raise ValueError("it returns or contains NaN or infinity.")
    logits = answers.min() < 0 or not np.allclose(answers.sum(axis=1), 1, atol=1e-3)
    if logits and (activation := _last_activation(single)):
        raise ValueError(
            f"it ends in {activation}, which gives neither probabilities nor logits. End it with "
            f'layers.Dense({classes}, activation="softmax") or layers.Dense({classes}).'
        )
    softmax = [keras.layers.Softmax()] if logits else []
    if isinstance(single, keras.Sequential):
        return keras.Sequential([keras.Input(shape), *single.layers, *softmax], name=name)
    output = softmax[0](single.outputs[0]) if logits else single.outputs[0]
    return keras.Model(single.inputs[0], output, name=name)


def _with_one_output(model):
    """Return a model without the lists and dicts that may stand about its input and output."""
    if not getattr(model, "inputs", None):
        raise ValueError(
            "it has no input shape; let it begin with keras.Input((28, 28)), or the size of your "
            "pictures, in a keras.Sequential or keras.Model. Classes of your own are not taken."
        )
    if len(model.inputs) > 1 or len(model.outputs) > 1:
        raise ValueError("it has several inputs or outputs; let it have one of each.")
    sequential = isinstance(model, keras.Sequential)
    return model if sequential else keras.Model(model.inputs[0], model.outputs[0])


def _check_layers(model):
    dtype = model.inputs[0].dtype
    if dtype != "float32":
        raise ValueError(f"it takes {dtype}; let it take float32, grey values in 0–1.")
    for layer in _layers(model):
        if layer.compute_dtype != "float32":
            raise ValueError(
                f"it computes in {layer.compute_dtype} (layer {layer.name}); make it in float32, "
                "without keras.config.set_dtype_policy()."
            )
        if not LAYER_NAME.fullmatch(layer.name):
            raise ValueError(
                f"it has a layer called {printable(layer.name)!r}; give its layers names of "
                "letters from A to Z, digits and _, or none."
            )


def _layers(model):
    """Yield the layers of a model, and of the models that are layers of it."""
    for layer in model.layers:
        yield layer
        if isinstance(layer, keras.Model):
            yield from _layers(layer)


def _picture_shape(model, size):
    batch, *shape = model.inputs[0].shape
    if None in shape or np.prod(shape) != np.prod(size):
        raise ValueError(
            f"it takes input of shape {tuple(shape)}; let it take pictures of "
            f"{' × '.join(map(str, size))} pixels, keras.Input({(*size, 1)})."
        )
    if batch is not None:
        raise ValueError(
            f"it takes {batch} pictures at a time; let it take any number, "
            f"keras.Input({tuple(shape)}) without batch_size."
        )
    return tuple(shape)


def _answers(model, pictures, size):
    try:
        return np.asarray(model(pictures), np.float32)
    except Exception as error:
        pixels = " × ".join(map(str, size))
        raise ValueError(f"it fails on a picture of {pixels} pixels: {one_line(error)}") from error


def _last_activation(model):
    """Return the name of the activation at the end of a model, None after plain sums."""
    steps = getattr(model, "operations", model.layers)  # of a function of Keras, too
    last = next(each for each in reversed(steps) if type(each).__name__ not in CHANGE_NO_VALUE)
    if isinstance(last, keras.Model):
        return _last_activation(last)
    if hasattr(last, "activation"):
        name = getattr(last.activation, "__name__", type(last.activation).__name__)
        return None if name == "linear" else name
    known = {name.replace("_", "") for name in dir(keras.activations)} | {"prelu"}
    name = type(last).__name__
    return name if name.lower() in known else None
