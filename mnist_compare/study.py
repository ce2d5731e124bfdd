"""A grid of runs: train those that are not recorded yet, side by side, and record each.

Every function takes any ``concurrent.futures`` executor: processes on this machine, or a Dask
cluster. A run is known by (model, protocol, seed).
"""

import multiprocessing
import os
import threading
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from functools import cache, partial

import numpy as np

from mnist_compare import repository, runs
from mnist_compare.runs import MODELS, SERVED

EPOCHS = max(runs.REPORTED_EPOCHS)
SEEDS = 20  # of the two models of the comparison
FEW = 5  # seeds of other sizes of network and of training set, and of robustness
VARIANTS = ("mlp_682", "cnn_14_43", "mlp_256", "mlp_512_256")

show = partial(print, flush=True)


def main_job():
    """Return the runs that the chapters on the two models need."""
    return [
        *((model, "fair", seed) for seed in seeds(FEW) for model in MODELS),
        *((model, "source", 0) for model in MODELS),
    ]


def evidence(count=SEEDS):
    """Return the runs that the chapter on evidence needs.

    Both models from ``count`` seeds; from at most five of them the variants, and both models
    trained on fewer digits.
    """
    few = seeds(min(count, FEW))
    samples = list(runs.SAMPLES)[: 2 if runs.fast() else None]
    return [
        *((model, "fair", seed) for seed in seeds(count) for model in MODELS),
        *((model, "fair", seed) for seed in few for model in VARIANTS),
        *((model, sample, seed) for seed in few for sample in samples for model in MODELS),
    ]


def complete(wanted, fresh=False, progress=show, executor=None):
    """Return the wanted runs, training those without a record, or all when ``fresh``.

    A record of another network or recipe than today's code has is none. Each finished run is
    recorded at once, so that an interrupted study goes on where it stopped. Without an ``executor``
    runs are trained in processes of one thread each, one a core, which share less memory traffic
    than the threads of one run would.
    """
    found = {} if fresh else {_key(run): run for run in runs.read()}
    missing = [key for key in wanted if key not in found or not _is_of_today(found[key])]
    if missing:
        _train(missing, progress, executor)
    found = {_key(run): run for run in runs.read()}
    return [found[key] for key in wanted]


def run(model, protocol="fair", seed=0, progress=show):
    """Return one run from the records, training it first where there is none."""
    return complete([(model, protocol, seed)], progress=progress)[0]


def weights(wanted, progress=show, executor=None):
    """Return {(model, protocol, seed): path of the weights after the last epoch, as an npz}.

    They are no part of the records, since every run can be trained again from its seed; a folder
    beside the records, or ``.weights`` at the top, keeps those that were trained here, and the
    others are trained again.
    """
    missing = [key for key in wanted if not _weights_path(*key).exists()]
    if missing:
        _train(missing, progress, executor)
    return {key: _weights_path(*key) for key in wanted}


@cache
def fingerprint(model, protocol):
    """Return the fingerprint of a run by today's code."""
    from mnist_compare import models, reader, recipes
    from mnist_compare.fingerprint import fingerprint

    recipe = recipes.RECIPES.get((model, protocol))
    built = models.build(model)
    return reader.fingerprint_of(built, recipe) if recipe else fingerprint(built, protocol)


def _is_of_today(run):
    return run.fingerprint == fingerprint(run.model, run.protocol)


@contextmanager
def workers(count=None):
    """Give an executor of ``count`` processes, one a core if None; an interruption ends them."""
    executor = ProcessPoolExecutor(
        count or os.cpu_count(), multiprocessing.get_context("spawn"), initializer=_start_worker
    )
    try:
        with executor:
            try:
                yield executor
            except BaseException:
                for process in multiprocessing.active_children():
                    process.terminate()
                executor.shutdown(wait=False, cancel_futures=True)
                raise
    finally:
        executor.shutdown(wait=False, cancel_futures=True)


@contextmanager
def cluster(address):
    """Give an executor over the Dask cluster whose scheduler is at ``address``.

    Each worker trains one run at a time, so start them with one thread each, as many as there are
    cores: ``dask worker ADDRESS --nthreads 1 --nworkers 8``. A run whose worker dies is given to
    another. Raises RuntimeError where dask.distributed is missing or nobody answers.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise RuntimeError(
            'A cluster needs dask.distributed: pip install "mnist-compare[cluster]".'
        ) from error
    try:
        client = Client(address, timeout="10s")
    except (OSError, ValueError) as error:
        raise RuntimeError(
            f"No Dask scheduler answers at {address} ({error}). Start one with `dask scheduler`."
        ) from error
    with client, client.get_executor(pure=False) as executor:
        yield executor


def side_by_side(function, arguments, executor, progress, describe):
    """Call ``function`` on each of ``arguments`` by the executor and yield the results as they end.

    ``progress`` gets a line for each: ``describe(result)`` and the time that remains.
    """
    start, count = time.perf_counter(), len(arguments)
    futures = [executor.submit(function, *each) for each in arguments]
    try:
        for done, future in enumerate(as_completed(futures), 1):
            result = future.result()
            yield result
            elapsed = time.perf_counter() - start
            remaining = elapsed / done * (count - done)
            progress(
                f"{done}/{count} · {describe(result)} · {elapsed:.0f} s, "
                f"about {remaining:.0f} s to go"
            )
    finally:
        for future in futures:
            future.cancel()


def one_thread():
    """Keep TensorFlow to one thread in this process; call it before TensorFlow is in use."""
    from mnist_compare.quiet import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)


def _start_worker():
    """Keep to one thread, and end with the parent: a killed study leaves no training behind."""

    def end_with_parent():
        multiprocessing.parent_process().join()
        os._exit(1)

    threading.Thread(target=end_with_parent, daemon=True).start()
    one_thread()


def _train(missing, progress, executor=None):
    if executor is None:
        with workers(min(os.cpu_count(), len(missing))) as executor:
            return _train(missing, progress, executor)
    if any(map(_is_served, missing)):
        from mnist_compare import predictor

        predictor.check_onnx_tools()  # now, not after minutes of training
    progress(f"Training {len(missing)} runs.")
    # The longest first, so that no core is left with a long run at the end.
    for run, environment in side_by_side(
        _train_one,
        sorted(missing, key=lambda key: (key[0] != "reader", key)),
        executor,
        progress,
        lambda result: (
            f"{result[0].model} · {result[0].protocol} · seed {result[0].seed} · "
            f"test accuracy {result[0].rows[-1]['test_accuracy']:.4f}"
        ),
    ):
        _record(run, environment)


_training = threading.Lock()  # the seeds are global, so a process trains one run at a time


def _train_one(model, protocol, seed):
    with _training:
        one_thread()
        from mnist_compare import reader, recipes, training

        if (model, protocol) in recipes.RECIPES:
            run = reader.train(model, protocol, seed, progress=lambda line: None)
        else:
            run = training.train(model, EPOCHS, seed, protocol, progress=lambda run, epochs: None)
        return run, training.environment()


def _record(run, environment):
    runs.write(run, environment)
    path, weights = _weights_path(*_key(run)), run.weights[len(run.rows)]
    with runs.whole(path) as temporary:
        np.savez(temporary, *weights)
    if _is_served(_key(run)):
        from mnist_compare import models, predictor

        model = models.build(run.model)
        model.set_weights(weights)
        predictor.save(model)


def _is_served(key):
    """Tell whether the weights of a run are those that demo and predict use."""
    return key in [(model, "fair", 0) for model in SERVED] and not runs.fast()


def _weights_path(model, protocol, seed):
    folder = runs.folder() if runs.fast() else repository.folder()
    return folder / ".weights" / f"{model}-{protocol}-{seed}-{fingerprint(model, protocol)}.npz"


def seeds(count):
    """Return the first ``count`` seeds, two at most in fast mode."""
    return range(min(count, 2) if runs.fast() else count)


def _key(run):
    return run.model, run.protocol, run.seed
