"""Train the runs that are not recorded yet, and keep their weights."""

from functools import cache
from pathlib import Path

import numpy as np

from mnist_compare.files import atomically
from mnist_compare.reader.recipes import RECIPES
from mnist_compare.records import fingerprints, networks, runs
from mnist_compare.records.environment import environment
from mnist_compare.records.frames import by_name, run_tasks
from mnist_compare.records.place import here
from mnist_compare.records.protocols import Protocol
from mnist_compare.study.fitting import fit
from mnist_compare.training import Run

MOST_SEEDS = 1_000  # of a study or comparison, which would take days
FEW = 5  # seeds of drawings and of the reader


def check_seeds(count: int):
    """Raise ValueError for more seeds than anybody trains."""
    if count > MOST_SEEDS:
        raise ValueError(f"{count:,} seeds are too many; give at most {MOST_SEEDS:,}.")


def seeds(count: int, most: int = MOST_SEEDS) -> range:
    """Return the first ``count`` seeds, at most ``most``."""
    check_seeds(count)
    return range(min(count, most))


def train_missing(wanted: list[tuple]) -> list[Run]:
    """Return the wanted runs, training those without a record.

    ``wanted`` are (model, ``Protocol``, seed). Records of networks or recipes that the code has
    changed since do not count. Each run is recorded as soon as it is done, so that an interrupted
    study can continue.
    """
    runs.read()  # damaged records are better known before hours of training
    missing = runs.ROWS.missing(wanted, fingerprint)
    if missing:
        _train(missing)
    recorded = {run.key: run for run in runs.read()}
    return [recorded[by_name(key)] for key in wanted]


def weights(wanted: list[tuple]) -> dict[tuple, Path]:
    """Return {(model, protocol, seed): path of an npz with the weights after the last epoch}.

    Weights are kept where a run is trained, but are no part of the records: if they are missing,
    the run is trained again from its seed.
    """
    missing = [key for key in wanted if not _path_of(key).exists()]
    if missing:
        _train(missing)
    return {key: _path_of(key) for key in wanted}


def fingerprint(model: str, protocol: Protocol) -> str:
    """Return the fingerprint that a run has by the current code."""
    return _fingerprint(model, protocol, networks.network_named(model))


@cache
def _fingerprint(model, protocol, _network):
    built = networks.build(model)
    if not protocol.recipe:
        return fingerprints.fingerprint(built, protocol.kind)
    from mnist_compare.reader.fitting import fingerprint_of  # it loads TensorFlow

    return fingerprint_of(built, RECIPES[model, protocol.recipe])


def row(network: tuple, *values) -> tuple:
    """Return a row of a record of measurements: names of a network, values, its fingerprint."""
    return *by_name(network), *values, fingerprint(*network[:2])


def _train(missing):
    # The longest come first, so that no core is left with a long run at the end.
    longest_first = sorted(missing, key=lambda key: (key[0] != "reader", by_name(key)))
    run_tasks(longest_first, _train_one, _record, "Training runs", _test_accuracy)


def _train_one(model, protocol, seed):
    return fit(model, protocol, seed, lambda run, epochs: None, here().scale), environment()


def _record(result):
    run, environment = result
    runs.write(run, environment)
    with atomically(_path(*run.key, run.fingerprint)) as temporary:
        np.savez(temporary, *run.weights[len(run.rows)])


def _test_accuracy(result):
    run, _ = result
    accuracy = run.rows[-1]["test_accuracy"]
    return f"{run.model} · {run.protocol} · seed {run.seed} · test accuracy {accuracy:.4f}"


def _path_of(key):
    return _path(*by_name(key), fingerprint(*key[:2]))


def _path(model, protocol, seed, mark):
    return here().weights / f"{model}-{protocol}-{seed}-{mark}.npz"
