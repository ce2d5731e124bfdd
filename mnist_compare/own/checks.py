"""What every network that somebody brings must do: see a picture, give a probability a class.

A comparison and the demo ask for the same. What they say begins with “it”, after its name.
"""

import itertools
import re
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from mnist_compare.quiet import keras, told

SAFE = (3, 15, 1)  # the version of Keras from which on it opens a stranger's file without risk
PLAIN = re.compile(r"[A-Za-z][\w.-]*", re.ASCII)  # names of layers that TensorFlow takes
PASSED_ON = ("Dropout", "Flatten", "Identity", "Reshape")  # layers that change no value


@contextmanager
def said_of(name):
    """Put a name before what a ValueError says of it."""
    try:
        yield
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error


def opened(path):
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
            f"{path} is not a Keras model that can be loaded: {told(error)}"
        ) from error


def reader(model, name, size, classes):
    """Return a model called ``name``, from (n, *size) grey values in 0–1 to (n, classes).

    It has the layers and weights of the model given, and a softmax where that gives logits. Where
    the batch has a fixed size, sides are left open or layers have names that TensorFlow refuses,
    the layers are copies. Raises ValueError, with a sentence that says what to change.
    """
    single = _with_one_output(model)
    _check_precision(single)
    shape = _shape(single.inputs[0].shape[1:], size)
    pictures = np.random.default_rng(0).random((4, *size), np.float32)
    pictures[0], pictures[1] = 0, 1
    pictures = pictures.reshape(-1, *shape)
    given = _given(single, pictures, size)
    if given.shape != (len(pictures), classes):
        raise ValueError(
            f"it returns {given.shape[1:]} for a picture; let it return {classes} "
            f"{'value' if classes == 1 else 'values'}, one for each class."
        )
    if not all(np.isfinite(each).all() for each in (given, *single.get_weights())):
        raise ValueError("it returns or contains NaN or infinity.")
    logits = given.min() < 0 or not np.allclose(given.sum(axis=1), 1, atol=1e-3)
    if logits and (ending := _ending(single)):
        raise ValueError(
            f"it ends in {ending}, which gives neither probabilities nor logits. End it with "
            f'layers.Dense({classes}, activation="softmax") or layers.Dense({classes}).'
        )
    fits = single.inputs[0].shape == (None, *shape) or isinstance(single, keras.Sequential)
    if not (fits and _has_plain_names(single)):
        single = _copied(single, shape, pictures, given)
    return _renamed(single, name, shape, [keras.layers.Softmax()] if logits else [])


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


def _check_precision(model):
    if model.inputs[0].dtype != "float32":
        raise ValueError(
            f"it takes {model.inputs[0].dtype}; let it take float32, grey values in 0–1."
        )
    for layer in _layers(model):
        if layer.compute_dtype != "float32":
            raise ValueError(
                f"it computes in {layer.compute_dtype} (layer {layer.name}); make it in float32, "
                "without keras.config.set_dtype_policy()."
            )


def _shape(taken, size):
    """Return the shape of one picture for an input of the shape ``taken``, which may be open."""
    for shape in (size, (*size, 1), (np.prod(size).item(),)):
        fits = len(shape) == len(taken)
        if fits and all(one in (None, other) for one, other in zip(taken, shape, strict=True)):
            return shape
    if None in taken or np.prod(taken) != np.prod(size):
        raise ValueError(
            f"it takes input of shape {taken}; let it take pictures of "
            f"{' × '.join(map(str, size))} pixels, keras.Input({(*size, 1)})."
        )
    return tuple(taken)


def _given(model, pictures, size):
    try:
        return np.asarray(model(pictures), np.float32)
    except Exception as error:
        wanted = " × ".join(map(str, size))
        raise ValueError(f"it fails on a picture of {wanted} pixels: {told(error)}") from error


def _ending(model):
    """Return the name of the activation at the end of a model, None after plain sums."""
    steps = getattr(model, "operations", model.layers)
    last = next(each for each in reversed(steps) if type(each).__name__ not in PASSED_ON)
    if isinstance(last, keras.Model):
        return _ending(last)
    if hasattr(last, "activation"):
        kind = getattr(last.activation, "__name__", type(last.activation).__name__)
        return None if kind == "linear" else kind
    known = {name.replace("_", "") for name in dir(keras.activations)} | {"prelu"}
    kind = type(last).__name__
    return kind if kind.lower() in known else None


def _layers(model):
    """Yield the layers of a model, and of the models that are layers of it."""
    for layer in model.layers:
        yield layer
        if isinstance(layer, keras.Model):
            yield from _layers(layer)


def _has_plain_names(model):
    return all(PLAIN.fullmatch(layer.name) for layer in _layers(model))


def _copied(model, shape, pictures, given):
    """Return a copy for pictures of a shape, which gives what was ``given`` for some."""
    numbers = itertools.count()

    def copy(layer):
        settings = layer.get_config() | {"name": f"layer_{next(numbers)}"}
        return type(layer).from_config(settings)

    try:
        copied = keras.models.clone_model(model, keras.Input(shape), copy, recursive=True)
        copied.set_weights(model.get_weights())
        equal = np.allclose(copied(pictures), given, atol=1e-5) and _has_plain_names(copied)
    except Exception:  # layers of any kind, in any way
        equal = False
    if not equal:
        raise ValueError(
            "it cannot be rebuilt for any number of pictures; let it begin with "
            f"keras.Input({shape}), without batch_size, and give its layers plain names."
        )
    return copied


def _renamed(model, name, shape, ending):
    if isinstance(model, keras.Sequential):
        return keras.Sequential([keras.Input(shape), *model.layers, *ending], name=name)
    output = model.outputs[0]
    for layer in ending:
        output = layer(output)
    return keras.Model(model.inputs[0], output, name=name)
