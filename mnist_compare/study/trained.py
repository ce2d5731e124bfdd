"""Train the runs that are not recorded yet, and keep their weights."""

import importlib.util
import json
import os
import re
import threading
import warnings
from functools import cache, partial

import numpy as np

from mnist_compare import data, models, networks, predictor, training
from mnist_compare.networks import NETWORKS, SERVED
from mnist_compare.reader.recipes import RECIPES
from mnist_compare.records import runs
from mnist_compare.records.environment import environment
from mnist_compare.records.place import OF_THE_PACKAGE, here, readable, whole
from mnist_compare.records.tables import complete as complete_tasks
from mnist_compare.study.executors import one_thread, workers

EPOCHS = max(training.REPORTED_EPOCHS)

show = partial(print, flush=True)


def complete(wanted, fresh=False, progress=show, executor=None):
    """Return the wanted runs, training those without a record, or all if ``fresh``.

    Records of networks or recipes that the code has changed since do not count. Each run is
    recorded as soon as it is done, so that an interrupted study can continue. Without an
    ``executor``, runs are trained in one single-threaded process per core.
    """
    runs.read()  # damaged records are better known before hours of training
    missing = wanted if fresh else runs.ROWS.missing(wanted, fingerprint)
    if missing:
        _train(missing, progress, executor)
    found = {run.key: run for run in runs.read()}
    return [found[key] for key in wanted]


def weights(wanted, progress=show, executor=None):
    """Return {(model, protocol, seed): path of an npz with the weights after the last epoch}.

    Weights are not part of the records, since every run can be trained again from its seed. Those
    of runs trained here are kept; the others are trained again.
    """
    missing = [key for key in wanted if not _path(*key).exists()]
    if missing:
        _train(missing, progress, executor)
    return {key: _path(*key) for key in wanted}


@cache
def fingerprint(model, protocol):
    """Return the fingerprint that a run has by the current code."""
    recipe, built = RECIPES.get((model, protocol)), networks.build(model)
    if not recipe:
        return models.fingerprint(built, protocol)
    from mnist_compare.reader.training import fingerprint_of

    return fingerprint_of(built, recipe)


def train(model, protocol, seed, epochs=EPOCHS, progress=training.print_epoch, scale=data.FULL):
    """Train a network by a protocol or by a recipe, which sets its own epochs; return the run."""
    if (model, protocol) not in RECIPES:
        return training.train(model, epochs, seed, protocol, progress, scale)
    from mnist_compare.reader.training import train

    return train(model, protocol, seed, progress, scale)


def save(model):
    """Save a trained Keras model, also as ONNX, for demo and predict to use."""
    with whole(predictor.WEIGHTS / f"{model.name}.keras") as path:
        model.save(path)
    export_onnx(model, predictor.WEIGHTS / f"{model.name}.onnx")
    known = predictor.WEIGHTS / predictor.SUMS
    with readable(known, OF_THE_PACKAGE):
        sums = predictor.known_sums()
    for suffix in (".keras", ".onnx"):
        path = predictor.WEIGHTS / f"{model.name}{suffix}"
        sums[path.name] = predictor.sha256(path)
    with whole(known) as path:
        path.write_text(json.dumps(sums, indent=2, sort_keys=True) + "\n", "utf-8")


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
    with whole(path) as temporary:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # of NumPy, about Keras's own code
            model.export(temporary, format="onnx", verbose=False)
        onnx.checker.check_model(onnx.load(temporary), full_check=True)
        difference = float(np.abs(predictor.open_onnx(temporary)(digits) - expected).max())
        if difference > 1e-5:
            raise ValueError(f"As ONNX, {model.name} differs from Keras by {difference:.1e}.")
    return difference


def _train(missing, progress, executor=None):
    if executor is None:
        with workers(min(os.cpu_count(), len(missing))) as executor:
            return _train(missing, progress, executor)
    if any(map(_is_served, missing)):
        check_onnx_tools()  # now, not after minutes of training
    progress(f"Training {len(missing)} runs.")
    # The longest come first, so that no core is left with a long run at the end.
    longest_first = sorted(missing, key=lambda key: (key[0] != "reader", key))
    tasks = [(*key, here().scale) for key in longest_first]

    def describe(result):
        run, _ = result
        accuracy = run.rows[-1]["test_accuracy"]
        return f"{run.model} · {run.protocol} · seed {run.seed} · test accuracy {accuracy:.4f}"

    complete_tasks(tasks, _train_one, lambda result: _record(*result), executor, progress, describe)


_training = threading.Lock()  # random seeds are global, so a process trains one run at a time


def _train_one(model, protocol, seed, scale):
    with _training:
        one_thread()
        epochs = _epochs(protocol)
        run = train(model, protocol, seed, epochs, lambda run, epochs: None, scale)
        return run, environment()


def _epochs(protocol):
    """Return the epochs that a protocol names, as “mnist, 3 epochs” does, or those of a report."""
    found = re.search(r", (\d+) epochs$", protocol)
    return int(found[1]) if found else EPOCHS


def _record(run, environment):
    runs.write(run, environment)
    path, last = _path(*run.key), run.weights[len(run.rows)]
    with whole(path) as temporary:
        np.savez(temporary, *last)
    if _is_served(run.key):
        model = networks.build(run.model)
        model.set_weights(last)
        save(model)


def _is_served(key):
    """Return whether demo and predict use the weights of a run."""
    served = [(model, NETWORKS[model].protocol, 0) for model in SERVED]
    return key in served and here().scale == data.FULL


def _path(model, protocol, seed):
    return here().weights / f"{model}-{protocol}-{seed}-{fingerprint(model, protocol)}.npz"
