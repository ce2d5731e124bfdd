"""Executors for the tasks of a study: processes of this machine, or a Dask cluster.

Both work as those of ``concurrent.futures`` do.
"""

import multiprocessing
import os
import signal
import sys
import threading
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager

from mnist_compare.quiet import tensorflow as tf


def chosen(count=None, address=None):
    """Give an executor over the Dask cluster at an address or, without one, over processes here."""
    return cluster(address) if address else workers(count)


@contextmanager
def workers(count=None):
    """Give an executor of ``count`` processes, by default one per core; an error ends them.

    Each process has one thread, since runs side by side are faster than threads within one run.
    """
    context, count = multiprocessing.get_context("spawn"), count or os.cpu_count()
    executor = ProcessPoolExecutor(count, context, _start_worker)
    # By the processes that start here; the parent answers it for all.
    with _ctrl_c_ignored(), _main_hidden():
        for _ in range(count):
            executor.submit(os.getpid)
    try:
        yield executor
    except BaseException:
        for process in multiprocessing.active_children():
            process.kill()
        # A process that dies while it sends a result leaves half of it in a pipe, and a thread here
        # would wait for the rest for ever, if this end were not closed as well.
        executor._result_queue._writer.close()
        raise
    finally:
        executor.shutdown(cancel_futures=True)


@contextmanager
def _ctrl_c_ignored():
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread gets the signal and may say what it does
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _main_hidden():
    """Keep processes that start here from running the user's script again, which calls us."""
    main = sys.modules["__main__"]
    hidden = {name: getattr(main, name, None) for name in ("__spec__", "__file__")}
    main.__spec__ = main.__file__ = None
    try:
        yield
    finally:
        for name, value in hidden.items():
            setattr(main, name, value)


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
    with client:
        executor = client.get_executor(pure=False)
        try:
            yield executor
        finally:
            executor.shutdown(wait=False)


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
