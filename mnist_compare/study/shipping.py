"""Put trained networks into the package, where demo and predict take their weights from."""

import importlib.util
import json
import warnings

import numpy as np

from mnist_compare import data, networks, predictor, training
from mnist_compare.networks import NETWORKS, SERVED
from mnist_compare.place import OF_THE_PACKAGE, atomically, readable
from mnist_compare.study import trained


def ship(progress=trained.show):
    """Put the networks of seed 0 that demo and predict use into the package, as Keras and ONNX.

    Their kernels are rounded to ``predictor.fixed_point()``, biases and normalization are not.
    Those whose weights are not kept are trained first. Raises RuntimeError if tools are missing.
    """
    check_onnx_tools()  # now, not after minutes of training
    wanted = [(name, NETWORKS[name].protocol, 0) for name in SERVED]
    for (name, *_), path in trained.weights(wanted, progress).items():
        model = networks.build(name)
        training.set_weights(model, path)
        save(model)
        progress(f"{name}.keras and {name}.onnx are in {predictor.WEIGHTS}.")


def check_onnx_tools():
    """Raise RuntimeError, which says what to install, if the tools that write ONNX are missing."""
    if not all(map(importlib.util.find_spec, ("onnx", "tf2onnx"))):
        needed = 'pip install "mnist-compare[onnx]"'
        raise RuntimeError(f"Writing ONNX needs onnx and tf2onnx: {needed}.")


def export_onnx(model, path):
    """Write a Keras model as ONNX and return how far its probabilities are from Keras's.

    The distance is the largest over the 10,000 test digits. The file is written only if it passes
    onnx.checker and the distance is at most 1e-5; otherwise ValueError is raised.
    """
    import onnx

    _, (digits, _) = data.load("mnist")
    expected = training.probabilities(model, digits)  # Keras exports only models that were called
    with atomically(path) as temporary:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # of NumPy, about Keras's own code
            model.export(temporary, format="onnx", verbose=False)
        onnx.checker.check_model(onnx.load(temporary), full_check=True)
        difference = float(np.abs(predictor.open_onnx(temporary)(digits) - expected).max())
        if difference > 1e-5:
            raise ValueError(f"As ONNX, {model.name} differs from Keras by {difference:.1e}.")
    return difference


def save(model):
    """Round a trained Keras model and save it, also as ONNX, for demo and predict to use."""
    model.set_weights([_rounded(each) if each.ndim > 1 else each for each in model.get_weights()])
    with atomically(predictor.WEIGHTS / f"{model.name}.keras") as path:
        model.save(path)
    export_onnx(model, predictor.WEIGHTS / f"{model.name}.onnx")
    known = predictor.WEIGHTS / predictor.SUMS
    with readable(known, OF_THE_PACKAGE):
        sums = predictor.known_sums()
    for suffix in (".keras", ".onnx"):
        path = predictor.WEIGHTS / f"{model.name}{suffix}"
        sums[path.name] = predictor.sha256(path)
    with atomically(known) as path:
        path.write_text(json.dumps(sums, indent=2, sort_keys=True) + "\n", "utf-8")


def _rounded(kernel):
    whole_numbers, unit = predictor.fixed_point(kernel)
    return whole_numbers * unit
