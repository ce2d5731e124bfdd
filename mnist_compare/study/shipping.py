"""Put trained networks into the package, where demo and predict take their weights from."""

import tempfile
from pathlib import Path

from mnist_compare import predictor, training
from mnist_compare.files import atomically, compress
from mnist_compare.records import networks
from mnist_compare.records.fixed_point import fixed_point
from mnist_compare.records.networks import NETWORKS, SERVED
from mnist_compare.records.progress import say
from mnist_compare.study import fitting, trained


def ship():
    """Put the networks of seed 0 that demo and predict use into the package.

    Those whose weights are not kept are trained first.
    """
    wanted = [(name, NETWORKS[name].protocol, 0) for name in SERVED]
    for (name, *_), path in trained.weights(wanted).items():
        model = networks.build(name)
        fitting.set_weights(model, path)
        save(model)
        say(f"{name}.keras is in {predictor.WEIGHTS}.")


def check_path(path: Path):
    """Raise ValueError or OSError if a network cannot be saved at a path."""
    if path.suffix != ".keras":
        raise ValueError(f"{path} must end in .keras.")
    path.parent.mkdir(parents=True, exist_ok=True)
    tempfile.TemporaryFile(dir=path.parent).close()


def save_run(run: training.Run, path: Path):
    """Save a network that was just trained, as it is after the last epoch."""
    model = networks.build(run.model)
    model.set_weights(run.weights[max(run.weights)])
    model.optimizer.build(model.trainable_variables)  # else Keras warns when it loads it
    with atomically(path) as temporary:
        model.save(temporary)


def save(model):
    """Put a trained Keras model into the package, its kernels rounded by ``fixed_point()``."""
    model.set_weights([_rounded(weights) for weights in model.get_weights()])
    with atomically(predictor.WEIGHTS / f"{model.name}.keras") as temporary:
        model.save(temporary)
        compress(temporary)


def _rounded(weights):
    if weights.ndim == 1:  # biases and normalization
        return weights
    whole_numbers, unit = fixed_point(weights)
    return whole_numbers * unit
