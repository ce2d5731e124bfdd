"""Networks of one's own: found, built, checked and stored.

A network is stored untrained as ``NAME.keras``, so that the processes that train it need not know
how it was built.
"""

import importlib.util
import sys
import tempfile
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mnist_compare import compiled, lazy_keras, training
from mnist_compare.files import atomically
from mnist_compare.lazy_keras import errors_named, keras, one_line, repeatable
from mnist_compare.own.checks import adapted, check_name, check_names, said_of
from mnist_compare.records import data_sets
from mnist_compare.records.networks import NETWORKS, Network, build
from mnist_compare.records.place import Scale
from mnist_compare.study import fitting

COLOURS = ("#7b4fa3", "#b3261e", "#00838f", "#8d6e00", "#c2185b", "#455a64")


def by_name(texts):
    """Return {name: builder or name} of networks given as ``cnn`` or as ``mine.py:build_mine``.

    Raises ValueError, or FileNotFoundError, for a file or function that is not there, and for two
    networks of one name.
    """
    named = [(text.rpartition(":")[2].removeprefix("build_"), text) for text in texts]
    check_names([name for name, _ in named])
    return {name: _builder(text) for name, text in named}


def _builder(text):
    file, _, function = text.rpartition(":")
    if not file:
        if text not in NETWORKS:
            raise ValueError(
                f"There is no network {text!r}. Give one of {', '.join(NETWORKS)}, or a function "
                "that builds yours, as in mine.py:build_mine."
            )
        return text
    path = Path(file)
    if not path.is_file() or path.suffix != ".py":
        raise FileNotFoundError(f"There is no Python file {path}; give one that ends in .py.")
    lazy_keras.load()
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    # As for a script, which may import its neighbours.
    sys.path.insert(0, str(path.parent.resolve()))
    sys.modules[path.stem] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise ValueError(f"{path} is not a Python file that runs: {one_line(error)}.") from error
    if not callable(builder := getattr(module, function, None)):
        raise ValueError(f"{path} has no function {function}().")
    return builder


def prepared(name, builder, size, classes):
    """Return a compiled Keras model called ``name`` that gives a probability for each class.

    ``builder`` is a function, a Keras model, or the name of a network of this project. A model that
    is not compiled gets Adam and cross-entropy. Raises ValueError, with what to change, if the
    model does not take pictures of ``size`` or fails.
    """
    if isinstance(builder, str) and builder != name:
        raise ValueError(f"{builder!r} is a network of this project and keeps its name.")
    if builder == name:
        model = build(name)
        fitting.check_recipe(name)
        with said_of(name):
            adapted(model, name, size, classes)
        return model
    check_name(name)
    with said_of(name):
        model = builder if isinstance(builder, keras.Model) else _built(builder)
        _check_trainable(model)
        made = adapted(model, name, size, classes)
        _compile_as(made, model)
        with tempfile.TemporaryDirectory() as folder:  # another process reads it from a file
            save(made, Path(folder))
            _load(Path(folder, f"{name}.keras"))
        return fitting.checked(made, size, classes)


def _built(builder):
    if not callable(builder):
        raise ValueError(f"it is {builder!r}; give a function that returns a Keras model.")
    try:
        model = builder()
    except (Exception, SystemExit) as error:
        raise ValueError(f"its builder fails: {one_line(error)}.") from error
    if not isinstance(model, keras.Model):
        raise ValueError(f"its builder returns {type(model).__name__}, not a Keras model.")
    return model


def _check_trainable(model):
    frozen = [layer for layer in model.layers if layer.weights and not layer.trainable]
    if frozen or any(hasattr(layer, "adapt") and layer.weights for layer in model.layers):
        raise ValueError(
            "it has weights that are not trained, but given; every network is trained from random "
            "weights here. For the mean of the pictures, give Normalization its numbers."
        )


def _compile_as(model, original):
    """Compile a model as the one of which it is made, whose logits have become probabilities."""
    optimizer, loss = getattr(original, "optimizer", None), getattr(original, "loss", None)
    loss = "sparse_categorical_crossentropy" if loss is None else loss
    if not isinstance(loss, str | keras.losses.Loss):
        raise ValueError(f"it is compiled with {loss!r}; give one loss of keras.losses.")
    if "from_logits" in (settings := getattr(loss, "get_config", dict)()):
        loss = type(loss).from_config(settings | {"from_logits": False})
    try:
        model.compile(optimizer or "adam", loss)
        keras.losses.get(loss)
    except ValueError as error:
        raise ValueError(f"it cannot be compiled: {one_line(error)}") from error


def save(model, folder):
    """Write a model to ``NAME.keras`` in a folder; raise ValueError where Keras cannot."""
    with atomically(folder / f"{model.name}.keras") as path, _storable():
        model.save(path)


def _load(path):
    with _storable():
        return keras.models.load_model(path)


@contextmanager
def _storable():
    """Raise ValueError, with what to change, where Keras cannot write or read a network."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # the optimizer has no state yet
            yield
    except OSError:
        raise
    except Exception as error:
        raise ValueError(
            f"it cannot be written to a file and read again: {one_line(error)[:150]} … Make it of "
            "Keras's own layers, losses and optimizers, without functions of yours."
        ) from error


def registry(names, folder) -> dict[str, Network]:
    """Return {name: Network} of the networks stored in a folder, each in a colour of its own."""
    networks: dict[str, Network] = {}
    for name in (name for name in names if name not in NETWORKS):
        path = folder / f"{name}.keras"
        builder = StoredBuilder(path, path.stat().st_mtime_ns)
        colour = COLOURS[len(networks) % len(COLOURS)]
        networks[name] = Network(name, builder, builder().count_params(), colour)
    return networks


def try_out(name, protocol):
    """Train a copy of a network by one step; raise ValueError, with its name, where it fails."""
    one_batch = Scale(training_digits=training.BATCH)
    (pictures, labels), *_ = data_sets.split(name, protocol, 0, one_batch)
    with repeatable(0):
        model = build(name)
        with errors_named(model):
            training.epoch_function(model, pictures, labels)(np.arange(len(labels)))
        compiled.predict_function(model)(pictures)


@dataclass(frozen=True)
class StoredBuilder:
    """The builder of a network that is stored in a file, and when the file was written."""

    path: Path
    written: int

    def __call__(self, name=None):
        """Return the model with fresh random weights."""
        with said_of(self.path.stem):
            model = _load(self.path)
            return fitting.checked(model, model.input_shape[1:], model.output_shape[-1])
