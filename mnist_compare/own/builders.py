"""Networks of one's own: found, built, checked and kept.

A network is kept untrained as ``NAME.keras``, so that the processes that train it need not know how
it was built.
"""

import importlib.util
import sys
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mnist_compare import data, models, quiet, training
from mnist_compare.networks import NETWORKS, Network, build
from mnist_compare.own.checks import reader, said_of
from mnist_compare.own.names import check_name, check_names
from mnist_compare.place import Scale, atomically
from mnist_compare.quiet import keras, told
from mnist_compare.study import trained

PALETTE = ("#7b4fa3", "#b3261e", "#00838f", "#8d6e00", "#c2185b", "#455a64")
OURS = frozenset(NETWORKS)
NOT_STORED = (
    "it cannot be written to a file and read again: {} … Make it of Keras's own layers, losses and "
    "optimizers, without functions of yours."
)


def by_name(texts):
    """Return {name: builder or name} of networks given as ``cnn`` or as ``mine.py:build_mine``.

    Raises ValueError, or FileNotFoundError, for a file or function that is not there, and for two
    networks of one name.
    """
    named = [(text.rpartition(":")[2].removeprefix("build_"), text) for text in texts]
    check_names([name for name, _ in named])
    return {name: _found(text) for name, text in named}


def _found(text):
    """Return the name of a network of this project, or the function of a file."""
    path, _, function = text.rpartition(":")
    if not path:
        if text not in OURS:
            raise ValueError(
                f"There is no network {text!r}. Give one of {', '.join(NETWORKS)}, or a function "
                "that builds yours, as in mine.py:build_mine."
            )
        return text
    path = Path(path)
    if not path.is_file() or path.suffix != ".py":
        raise FileNotFoundError(f"There is no Python file {path}; give one that ends in .py.")
    quiet.load()
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    # As for a script, which may import its neighbours.
    sys.path.insert(0, str(path.parent.resolve()))
    sys.modules[path.stem] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise ValueError(f"{path} is not a Python file that runs: {told(error)}.") from error
    if not callable(builder := getattr(module, function, None)):
        raise ValueError(f"{path} has no function {function}().")
    return builder


def prepared(name, builder, size, classes):
    """Return a compiled Keras model called ``name`` that gives a probability for each class.

    ``builder`` is a function, a Keras model, or the name of a network of this project. A model that
    is not compiled gets Adam and cross-entropy; logits get a softmax. Raises ValueError, with a
    sentence that says what to change, if the model does not take pictures of ``size`` or fails.
    """
    if isinstance(builder, str) and builder != name:
        raise ValueError(f"{builder!r} is a network of this project and keeps its name.")
    if builder == name:
        model = build(name)
        training.check_recipe(name)
        with said_of(name):
            reader(model, name, size, classes)
        return model
    check_name(name, OURS)
    with said_of(name):
        model = _built(builder)
        _check_trained(model)
        made = _stored(_compiled(reader(model, name, size, classes), model))
        return training.begin_anew(made, size, classes)


def _built(builder):
    if isinstance(builder, keras.Model):
        return builder
    if not callable(builder):
        raise ValueError(f"it is {builder!r}; give a function that returns a Keras model.")
    try:
        model = builder()
    except (Exception, SystemExit) as error:
        raise ValueError(f"its builder fails: {told(error)}.") from error
    if not isinstance(model, keras.Model):
        raise ValueError(f"its builder returns {type(model).__name__}, not a Keras model.")
    return model


def _check_trained(model):
    frozen = [layer for layer in model.layers if layer.weights and not layer.trainable]
    if frozen or any(hasattr(layer, "adapt") and layer.weights for layer in model.layers):
        raise ValueError(
            "it has weights that are not trained, but given; every network is trained from random "
            "weights here. For the mean of the pictures, give Normalization its numbers."
        )


def _stored(model):
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
        raise ValueError(NOT_STORED.format(told(error)[:150])) from error
    return model


def _compiled(model, given):
    """Return the model compiled as the ``given`` one, of which it is made, was."""
    optimizer, loss = getattr(given, "optimizer", None), getattr(given, "loss", None)
    loss = "sparse_categorical_crossentropy" if loss is None else loss
    if not isinstance(loss, str | keras.losses.Loss):
        raise ValueError(f"it is compiled with {loss!r}; give one loss of keras.losses.")
    if "from_logits" in (settings := getattr(loss, "get_config", dict)()):
        loss = type(loss).from_config(settings | {"from_logits": False})
    try:
        model.compile(optimizer or "adam", loss)
        keras.losses.get(loss)
    except ValueError as error:
        raise ValueError(f"it cannot be compiled: {told(error)}") from error
    return model


def keep(model, folder):
    """Write an untrained model to ``NAME.keras`` in a folder."""
    with atomically(folder / f"{model.name}.keras") as path:
        model.save(path)


def registry(names, folder):
    """Return {name: Network} of the networks of a folder, each in a colour of its own."""
    found = {}
    for name in names:
        if name not in OURS:
            path = folder / f"{name}.keras"
            build = Stored(path, path.stat().st_mtime_ns)
            colour = PALETTE[len(found) % len(PALETTE)]
            found[name] = Network(name, build, build().count_params(), colour)
    return found


def try_out(name, protocol):
    """Train a copy of a network by one step; raise ValueError, with its name, where it fails."""
    trained.one_thread()  # now, since a network is built next; a cluster's worker may be new
    one_batch = Scale(training_digits=models.BATCH)
    (pictures, labels), *_ = data.split(name, protocol, 0, one_batch)
    with training.repeatable(0):
        model = build(name)
        training.epoch_of(model, pictures, labels)(np.arange(len(labels)))
        training.compiled_probabilities(model)(pictures)


@dataclass(frozen=True)
class Stored:
    """The builder of a network that is kept in a file, and when the file was written."""

    path: Path
    written: int

    def __call__(self, name=None):
        """Return the model with fresh random weights."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)  # the optimizer has no state yet
                model = keras.models.load_model(self.path)
        except Exception as error:
            reason = NOT_STORED.format(told(error)[:150])
            raise ValueError(f"{self.path.stem}: {reason}") from error
        return training.begin_anew(model, model.input_shape[1:], model.output_shape[-1])
