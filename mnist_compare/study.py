"""A grid of runs: train those that are not recorded yet, side by side, and record each."""

import multiprocessing
import os
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial

from mnist_compare import runs
from mnist_compare.runs import MODELS

EPOCHS = max(runs.REPORTED_EPOCHS)


show = partial(print, flush=True)


def main_job():
    """Return the (model, protocol, seed) of every run that the report needs."""
    seeds = range(2) if runs.fast() else range(5)
    return [
        *((model, "fair", seed) for seed in seeds for model in MODELS),
        *((model, "source", 0) for model in MODELS),
    ]


def complete(wanted, fresh=False, progress=show):
    """Return the wanted runs, training those without a record, or all when ``fresh``.

    ``wanted`` are (model, protocol, seed). Each finished run is recorded at once, so that an
    interrupted study goes on where it stopped. Runs are trained in processes of one thread each,
    one a core: the cores share less memory traffic so than inside one run.
    """
    recorded = set() if fresh else {(run.model, run.protocol, run.seed) for run in runs.read()}
    missing = [key for key in wanted if key not in recorded]
    if missing:
        _train(missing, progress)
    found = {(run.model, run.protocol, run.seed): run for run in runs.read()}
    return [found[key] for key in wanted]


def run(model, protocol="fair", seed=0, progress=show):
    """Return one run from the records, training it first where there is none."""
    return complete([(model, protocol, seed)], progress=progress)[0]


def _train(missing, progress):
    workers = min(os.cpu_count(), len(missing))
    progress(f"Training {len(missing)} runs of {EPOCHS} epochs, {workers} at a time.")
    start = time.perf_counter()
    with ProcessPoolExecutor(
        workers, multiprocessing.get_context("spawn"), initializer=one_thread
    ) as executor:
        # The longest first, so that no core is left with a long run at the end.
        futures = [executor.submit(_train_one, *key) for key in sorted(missing)]
        try:
            for done, future in enumerate(as_completed(futures), 1):
                run, environment = future.result()
                _record(run, environment)
                elapsed = time.perf_counter() - start
                remaining = elapsed / max(done, workers) * (len(missing) - done)
                progress(
                    f"{done}/{len(missing)} · {run.model} · {run.protocol} · seed {run.seed} · "
                    f"test accuracy {run.rows[-1]['test_accuracy']:.4f} · "
                    f"{elapsed:.0f} s, about {remaining:.0f} s to go"
                )
        except BaseException:
            for process in multiprocessing.active_children():
                process.terminate()
            executor.shutdown(wait=False, cancel_futures=True)
            raise


def one_thread():
    """Keep TensorFlow to one thread in this process; call it before TensorFlow is in use."""
    from mnist_compare.quiet import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)


def _train_one(model, protocol, seed):
    from mnist_compare import training

    run = training.train(model, EPOCHS, seed, protocol, progress=lambda line: None)
    return run, training.environment()


def _record(run, environment):
    runs.write(run, environment)
    if (run.protocol, run.seed) == ("fair", 0) and not runs.fast():
        from mnist_compare import models, predictor

        model = models.build(run.model)
        model.set_weights(run.weights[EPOCHS])
        predictor.save(model)
