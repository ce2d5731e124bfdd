"""Networks of one's own: found, built, checked and made known by name to the rest of the package.

A network is kept untrained as ``NAME.keras``, so that the processes that train it need not know how
it was built.
"""

import importlib.util
import re
import sys
import tempfile
import warnings
from functools import partial
from pathlib import Path

import numpy as np

from mnist_compare import training
from mnist_compare.networks import NETWORKS, Network, build
from mnist_compare.quiet import keras
from mnist_compare.records.place import whole
from mnist_compare.study import trained

PALETTE = ("#7b4fa3", "#b3261e", "#00838f", "#8d6e00", "#c2185b", "#455a64")
NAME = re.compile(r"[A-Za-z]\w{0,39}")
OURS = frozenset(NETWORKS)


def found(text):
    """Return (name, builder or name) of a network given as ``cnn`` or as ``mine.py:build_mine``.

    Raises ValueError, or FileNotFoundError, for a file or function that is not there.
    """
    path, _, function = text.rpartition(":")
    if not path:
        if text not in OURS:
            raise ValueError(
                f"There is no network {text!r}. Give one of {', '.join(NETWORKS)}, or a function "
                "that builds yours, as in mine.py:build_mine."
            )
        return text, text
    path = Path(path)
    if not path.is_file() or path.suffix != ".py":
        raise FileNotFoundError(f"There is no Python file {path}; give one that ends in .py.")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    # As for a script, which may import its neighbours.
    sys.path.insert(0, str(path.parent.resolve()))
    sys.modules[path.stem] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise ValueError(f"{path} is not a Python file that runs: {_told(error)}.") from error
    if not callable(builder := getattr(module, function, None)):
        raise ValueError(f"{path} has no function {function}().")
    return function.removeprefix("build_"), builder


def by_name(texts):
    """Return {name: builder or name} of several, each as ``found()`` takes it.

    Raises ValueError where two have one name.
    """
    networks = [found(text) for text in texts]
    names = [name for name, _ in networks]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"Two networks are called {twice.pop()!r}; rename one.")
    return dict(networks)


def prepared(name, builder, size, classes):
    """Return a compiled Keras model called ``name`` that gives a probability for each class.

    ``builder`` is a function, a Keras model, or the name of a network of this project. A model that
    is not compiled gets Adam and cross-entropy; logits get a softmax. Raises ValueError, with a
    sentence that says what to change, if the model does not take pictures of ``size`` or fails.
    """
    if not NAME.fullmatch(name):
        raise ValueError(
            f"{name!r} cannot name a network: begin with a letter, and use only letters, "
            "digits and _, 40 at most."
        )
    if name in OURS and builder != name:
        raise ValueError(f"The name {name!r} is taken by a network of this project; give another.")
    if isinstance(builder, str) and builder != name:
        raise ValueError(f"{builder!r} is a network of this project and keeps its name.")
    try:
        model = build(builder) if isinstance(builder, str) else _built(builder)
        given = _tried(model, size)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error
    if given.shape != (2, classes):
        raise ValueError(
            f"{name} returns {given.shape[1:]} for a picture; let it return {classes} "
            f"{'value' if classes == 1 else 'values'}, one for each class."
        )
    if not np.isfinite(given).all():
        raise ValueError(f"{name} returns NaN or infinity before any training.")
    sums = np.allclose(given.sum(axis=1), 1, atol=1e-3) and given.min() >= 0
    if not sums and _activation(model) not in (None, "linear"):
        raise ValueError(
            f"{name} ends in {_activation(model)}, which gives neither probabilities nor logits. "
            f'End it with layers.Dense({classes}, activation="softmax") or layers.Dense({classes}).'
        )
    return model if isinstance(builder, str) else _stored(_compiled(model, name, not sums), name)


def _built(builder):
    if isinstance(builder, keras.Model):
        return builder
    if not callable(builder):
        raise ValueError(f"it is {builder!r}; give a function that returns a Keras model.")
    try:
        model = builder()
    except (Exception, SystemExit) as error:
        raise ValueError(f"its builder fails: {_told(error)}.") from error
    if not isinstance(model, keras.Model):
        raise ValueError(f"its builder returns {type(model).__name__}, not a Keras model.")
    return model


def _tried(model, size):
    """Return what a model gives for two pictures, one of them black."""
    pictures = np.stack([np.zeros(size), np.random.default_rng(0).random(size)]).astype(np.float32)
    wanted = " × ".join(map(str, size))
    if not getattr(model, "inputs", None):
        raise ValueError(
            f"it has no input shape; let it begin with keras.Input({(*size, 1)}), in a "
            "keras.Sequential or keras.Model. Classes of your own cannot be compared."
        )
    if len(model.inputs) > 1 or len(model.outputs) > 1:
        raise ValueError("it has several inputs or outputs; let it have one of each.")
    frozen = [layer for layer in model.layers if layer.weights and not layer.trainable]
    if frozen or any(hasattr(layer, "adapt") and layer.weights for layer in model.layers):
        raise ValueError(
            "it has weights that are not trained, but given; every network is trained from random "
            "weights here. For the mean of the pictures, give Normalization its numbers."
        )
    shape = model.inputs[0].shape[1:]
    if np.prod([side or 0 for side in shape]) != np.prod(size):
        raise ValueError(
            f"it takes input of shape {shape}; let it take pictures of {wanted} pixels, "
            f"keras.Input({(*size, 1)})."
        )
    try:
        return np.asarray(model(pictures.reshape(2, *shape)))
    except Exception as error:
        raise ValueError(f"it fails on a picture of {wanted} pixels: {_told(error)}.") from error


def _activation(model):
    """Return the name of the last layer's activation, or None where it has none."""
    activation = getattr(model.layers[-1], "activation", None)
    return getattr(activation, "__name__", None)


def _stored(model, name):
    """Return the model; raise ValueError if it cannot be written and read by another process."""
    try:
        with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # the optimizer has no state yet
            model.save(Path(folder, "model.keras"))
            code = keras.saving.get_custom_objects().copy()
            keras.saving.get_custom_objects().clear()  # another process knows none of them
            try:
                keras.models.load_model(Path(folder, "model.keras"))
            finally:
                keras.saving.get_custom_objects().update(code)
    except Exception as error:
        raise ValueError(
            f"{name} cannot be written to a file and read again: {_told(error)[:150]} … Make it of "
            "Keras's own layers, losses and optimizers, without functions of yours."
        ) from error
    return model


def _compiled(model, name, logits):
    """Return the model under a name, with softmax behind logits, compiled as it was."""
    optimizer, loss = getattr(model, "optimizer", None), getattr(model, "loss", None)
    ending = [keras.layers.Softmax()] if logits else []
    if isinstance(model, keras.Sequential):
        given = keras.Input(model.inputs[0].shape[1:])
        renamed = keras.Sequential([given, *model.layers, *ending], name=name)
    else:
        output = model.outputs[0]
        for layer in ending:
            output = layer(output)
        renamed = keras.Model(model.inputs[0], output, name=name)
    loss = "sparse_categorical_crossentropy" if loss is None else loss
    if not isinstance(loss, str | keras.losses.Loss):
        raise ValueError(f"{name} is compiled with {loss!r}; give one loss of keras.losses.")
    if "from_logits" in (settings := getattr(loss, "get_config", dict)()):
        loss = type(loss).from_config(settings | {"from_logits": False})
    try:
        renamed.compile(optimizer or "adam", loss)
        keras.losses.get(loss)
    except ValueError as error:
        raise ValueError(f"{name} cannot be compiled: {_told(error)}") from error
    return renamed


def keep(model, folder):
    """Write an untrained model to ``NAME.keras`` in a folder."""
    with whole(folder / f"{model.name}.keras") as path:
        model.save(path)


def register(names, folder):
    """Make the networks of a folder known by name, each in a colour of its own."""
    # A name may have had another network before.
    trained.fingerprint.cache_clear()
    training._compiled.cache_clear()
    for number, name in enumerate(name for name in names if name not in OURS):
        build = partial(_loaded, folder / f"{name}.keras")
        colour = PALETTE[number % len(PALETTE)]
        NETWORKS[name] = Network(name, build, build().count_params(), colour)


def _loaded(path, name=None):
    """Return the model of a file with fresh random weights, as a builder does."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # the optimizer has no state yet
        model = keras.models.load_model(path)
    return training.begin_anew(model, model.input_shape[1:], model.output_shape[-1])


def _told(error):
    """Return an error in one line."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]
