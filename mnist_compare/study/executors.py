"""Executors for the tasks of a study: processes of this machine, or a Dask cluster.

Both work as those of ``concurrent.futures`` do.
"""

import multiprocessing
import os
import threading
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager

from mnist_compare.quiet import tensorflow as tf


@contextmanager
def workers(count=None):
    """Give an executor of ``count`` processes, by default one per core; an error ends them.

    Each process has one thread, since runs side by side are faster than threads within one run.
    """
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count or os.cpu_count(), context, _start_worker) as executor:
        try:
            yield executor
        except BaseException:
            for process in multiprocessing.active_children():
                process.terminate()
            executor.shutdown(wait=False, cancel_futures=True)
            raise


@contextmanager
def cluster(address):
    """Give an executor over the Dask cluster whose scheduler is at ``address``.

    A worker trains one run at a time, so start one with one thread for each core:
    ``dask worker ADDRESS --nthreads 1 --nworkers 8``. If a worker dies, another takes over its run.
    Raises RuntimeError if dask.distributed is missing or no scheduler answers.
    """
    try:
        from distributed import Client
    except ImportError as error:
        needed = 'pip install "mnist-compare[cluster]"'
        raise RuntimeError(f"A cluster needs dask.distributed: {needed}.") from error
    try:
        client = Client(address, timeout="10s")
    except (OSError, ValueError) as error:
        raise RuntimeError(
            f"No Dask scheduler answers at {address} ({error}). Start one with `dask scheduler`."
        ) from error
    with client, client.get_executor(pure=False) as executor:
        yield executor


def one_thread():
    """Limit TensorFlow to one thread in this process; call this before TensorFlow is used."""
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)


def _start_worker():
    """Limit a worker to one thread, and end it with its parent, even if that is killed."""

    def end_with_parent():
        multiprocessing.parent_process().join()
        os._exit(1)

    threading.Thread(target=end_with_parent, daemon=True).start()
    one_thread()
