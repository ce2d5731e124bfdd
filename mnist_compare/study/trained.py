"""Train the runs that are not recorded yet, and keep their weights."""

import os
import threading
from functools import cache, partial

import numpy as np

from mnist_compare import models, networks, training
from mnist_compare.place import FULL, atomically, here
from mnist_compare.reader.recipes import RECIPES
from mnist_compare.records import runs
from mnist_compare.records.environment import environment
from mnist_compare.records.frames import by_name
from mnist_compare.records.frames import complete as complete_tasks
from mnist_compare.study.executors import one_thread, workers

show = partial(print, flush=True)


def complete(wanted, fresh=False, progress=show, executor=None):
    """Return the wanted runs, training those without a record, or all if ``fresh``.

    Records of networks or recipes that the code has changed since do not count. Each run is
    recorded as soon as it is done, so that an interrupted study can continue. Without an
    ``executor``, runs are trained in one single-threaded process per core.
    """
    runs.read()  # damaged records are better known before hours of training
    for record in runs.FILES:
        record.settle()  # what a killed study has added
    missing = wanted if fresh else runs.ROWS.missing(wanted, fingerprint)
    if missing:
        _train(missing, progress, executor)
    found = {run.key: run for run in runs.read()}
    return [found[by_name(key)] for key in wanted]


def weights(wanted, progress=show, executor=None):
    """Return {(model, protocol, seed): path of an npz with the weights after the last epoch}.

    Weights are not part of the records, since every run can be trained again from its seed. Those
    of runs trained here are kept; the others are trained again.
    """
    missing = [key for key in wanted if not _path_of(key).exists()]
    if missing:
        _train(missing, progress, executor)
    return {key: _path_of(key) for key in wanted}


def fingerprint(model, protocol):
    """Return the fingerprint that a run has by the current code."""
    return _fingerprint(model, protocol, networks.named(model))


@cache
def _fingerprint(model, protocol, _network):
    built = networks.build(model)
    if not protocol.recipe:
        return models.fingerprint(built, protocol.kind)
    from mnist_compare.reader.fitting import fingerprint_of

    return fingerprint_of(built, RECIPES[model, protocol.recipe])


def fit(model, protocol, seed, progress=training.print_epoch, scale=FULL):
    """Train a network by a ``Protocol``, whether it names a recipe or not; return the run."""
    if not protocol.recipe:
        return training.fit(model, protocol, seed, progress, scale)
    from mnist_compare.reader.fitting import fit

    return fit(model, protocol.recipe, seed, progress, scale)


def _train(missing, progress, executor=None):
    if executor is None:
        with workers(min(os.cpu_count(), len(missing))) as executor:
            return _train(missing, progress, executor)
    progress(f"Training {len(missing)} runs.")
    # The longest come first, so that no core is left with a long run at the end.
    longest_first = sorted(missing, key=lambda key: (key[0] != "reader", by_name(key)))
    tasks = [(*key, here().scale) for key in longest_first]

    def describe(result):
        run, _ = result
        accuracy = run.rows[-1]["test_accuracy"]
        return f"{run.model} · {run.protocol} · seed {run.seed} · test accuracy {accuracy:.4f}"

    complete_tasks(
        tasks,
        _train_one,
        lambda result: _record(*result),
        runs.FILES,
        executor,
        progress,
        describe,
    )


_training = threading.Lock()  # random seeds are global, so a process trains one run at a time


def _train_one(model, protocol, seed, scale):
    with _training:
        one_thread()
        run = fit(model, protocol, seed, lambda run, epochs: None, scale)
        return run, environment()


def _record(run, environment):
    runs.write(run, environment)
    with atomically(_path(*run.key, run.fingerprint)) as temporary:
        np.savez(temporary, *run.weights[len(run.rows)])


def _path_of(key):
    return _path(*by_name(key), fingerprint(*key[:2]))


def _path(model, protocol, seed, mark):
    return here().weights / f"{model}-{protocol}-{seed}-{mark}.npz"
