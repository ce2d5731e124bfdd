"""Put trained networks into the package, where demo and predict take their weights from."""

import importlib.util
import tempfile
import warnings
from pathlib import Path

import numpy as np

from mnist_compare import data, predictor, training
from mnist_compare.files import atomically
from mnist_compare.records import networks
from mnist_compare.records.fixed_point import fixed_point
from mnist_compare.records.networks import NETWORKS, SERVED
from mnist_compare.records.progress import say
from mnist_compare.study import fitting, trained


def ship():
    """Put the networks of seed 0 that demo and predict use into the package, as Keras and ONNX.

    Those whose weights are not kept are trained first. Raises RuntimeError if tools are missing.
    """
    # Now, not after minutes of training.
    if not all(map(importlib.util.find_spec, ("onnx", "tf2onnx"))):
        raise RuntimeError('To write ONNX, install its tools: pip install "mnist-compare[onnx]".')
    wanted = [(name, NETWORKS[name].protocol, 0) for name in SERVED]
    for (name, *_), path in trained.weights(wanted).items():
        model = networks.build(name)
        fitting.set_weights(model, path)
        save(model)
        say(f"{name}.keras and {name}.onnx are in {predictor.WEIGHTS}.")


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


def export_onnx(model, path: Path):
    """Write a Keras model as ONNX.

    The file is written only if it passes onnx.checker and its probabilities are within 1e-5 of
    Keras's for the 10,000 test digits; otherwise ValueError is raised.
    """
    import onnx

    _, (digits, _) = data.load("mnist")
    inputs = training.as_input(model, digits)
    expected = model.predict(inputs, batch_size=1000, verbose=0)  # only what was called is exported
    with atomically(path) as temporary:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # of NumPy, about Keras's own code
            model.export(temporary, format="onnx", verbose=False)
        onnx.checker.check_model(onnx.load(temporary), full_check=True)
        difference = float(np.abs(predictor.open_onnx(temporary)(digits) - expected).max())
        if difference > 1e-5:
            raise ValueError(f"As ONNX, {model.name} differs from Keras by {difference:.1e}.")


def save(model):
    """Round the kernels of a trained Keras model by ``fixed_point()`` and save it twice.

    Demo and predict use it as Keras or as ONNX, whose sums are kept beside them.
    """
    model.set_weights([_rounded(weights) for weights in model.get_weights()])
    keras_path, onnx_path = (predictor.WEIGHTS / f"{model.name}{s}" for s in (".keras", ".onnx"))
    with atomically(keras_path) as temporary:
        model.save(temporary)
    export_onnx(model, onnx_path)
    predictor.record_sums(keras_path, onnx_path)


def _rounded(weights):
    if weights.ndim == 1:  # biases and normalization
        return weights
    whole_numbers, unit = fixed_point(weights)
    return whole_numbers * unit
