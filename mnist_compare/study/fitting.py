"""Train a network by a protocol, and read with the weights that a study has kept."""

import math
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from mnist_compare import compiled, training
from mnist_compare.lazy_keras import keras, repeatable
from mnist_compare.records import data_sets, fingerprints, networks
from mnist_compare.records.place import FULL, Scale
from mnist_compare.records.protocols import FAIR, Protocol
from mnist_compare.training import BATCH, Run, print_epoch


def fit(
    network, protocol: Protocol = FAIR, seed: int = 0, progress=print_epoch, scale: Scale = FULL
) -> Run:
    """Train a network, a name or a compiled Keras model, by a ``Protocol`` and return its ``Run``.

    A model is trained in place, always from fresh weights. ``progress`` is called after every epoch
    with the run so far and its number of epochs. On one machine, with the same number of threads,
    equal arguments give equal runs, bit for bit, except for the seconds. Raises ValueError for what
    cannot be trained.
    """
    if protocol.recipe:
        from mnist_compare.reader import fitting  # it loads TensorFlow

        return fitting.fit(network, protocol.recipe, seed, progress, scale)
    with repeatable(seed):
        if isinstance(network, str):
            check_recipe(network)
            model = networks.build(network)
        else:
            (pictures, _), _ = data_sets.load_named(protocol.data)
            classes = len(data_sets.data_set_named(protocol.data).classes)
            model = checked(network, pictures.shape[1:], classes)
        parts = data_sets.split(model.name, protocol, seed, scale)
        order_of = partial(repeated_order, fewest=scale.shown)
        mark = fingerprints.fingerprint(model, protocol.kind)
        if protocol.sets_rate:
            shown = len(order_of(len(parts.training.labels), seed, 0))
            steps = protocol.epochs * math.ceil(shown / BATCH)
            set_rate(model, protocol.rate, steps if protocol.cosine else None)
        run = Run(model.name, str(protocol), seed)
        return training.train_and_measure(
            model, parts, run, protocol.epochs, progress, order_of, mark
        )


def repeated_order(count: int, seed: int, epoch: int, fewest: int) -> np.ndarray:
    """Return a random order of ``count`` pictures, repeated until at least ``fewest`` are shown."""
    generator, times = np.random.default_rng([seed, epoch]), max(1, math.ceil(fewest / count))
    return np.concatenate([generator.permutation(count) for _ in range(times)])


def check_recipe(name: str):
    """Raise ValueError if a network of this project is not trained by a protocol."""
    if recipe := networks.network_named(name).protocol.recipe:
        raise ValueError(
            f"{name} cannot be trained by this protocol: it has a recipe of its own, {recipe!r}."
        )


def checked(model, size: tuple[int, ...], classes: int):
    """Return a model with fresh random weights and a fresh optimizer.

    Raises ValueError if it does not map pictures of ``size`` to a probability for each class.
    """
    if not model.built:
        raise ValueError("The network has no input shape. Let it begin with keras.Input((28, 28)).")
    training.reset(model)
    shape, wanted = model.input_shape[1:], " × ".join(map(str, size))
    if math.prod(side or 0 for side in shape) != math.prod(size):
        raise ValueError(
            f"The network takes input of shape {shape}. Let it take pictures of {wanted} pixels: "
            f"{size}, {(*size, 1)} or ({math.prod(size)},)."
        )
    answer = np.asarray(model(np.zeros((2, *shape), np.float32)))
    if answer.shape != (2, classes) or not np.allclose(answer.sum(axis=1), 1, atol=1e-3):
        raise ValueError(
            f"The network must return {classes} probabilities that add up to one. Let it end with "
            f'layers.Dense({classes}, activation="softmax").'
        )
    return model


def set_rate(model, rate: float, steps: int | None = None):
    """Compile a model anew with Adam at a rate, which falls along a cosine to 0 over ``steps``."""
    schedule = keras.optimizers.schedules.CosineDecay(rate, steps) if steps else rate
    model.compile(keras.optimizers.Adam(schedule), loss=model.loss, metrics=["accuracy"])


def predict(name: str, path: Path, digits: np.ndarray) -> np.ndarray:
    """Return (n, 10) probabilities of digits (n, 28, 28) uint8 by a network's weights at a path."""
    model, probabilities_of = _compiled(name, networks.network_named(name))
    set_weights(model, path)
    return probabilities_of(digits)


def set_weights(model, path: Path):
    """Give a model the weights that a study has kept at a path."""
    with np.load(path) as weights:
        model.set_weights(list(weights.values()))


@lru_cache(maxsize=16)
def _compiled(name, _network):
    model = networks.build(name)
    return model, compiled.predict_function(model)
