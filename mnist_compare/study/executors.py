"""Processes for the tasks of a study, as an executor of ``concurrent.futures``."""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager

from mnist_compare.quiet import tensorflow as tf


@contextmanager
def workers(count: int | None = None, prepare: Callable | None = None) -> Iterator[Executor]:
    """Give an executor of ``count`` processes, by default one per core; an error ends them.

    Each process first calls ``prepare``, by default ``one_thread``, since runs side by side are
    faster than threads within one run.
    """
    count, context = count or os.cpu_count() or 1, multiprocessing.get_context("spawn")
    executor = ProcessPoolExecutor(count, context, _start_worker, (prepare or one_thread,))
    with _ctrl_c_ignored(), _main_hidden():
        for _ in range(count):
            executor.submit(os.getpid)  # starts a process, which inherits both
    try:
        yield executor
    except BaseException:
        for process in multiprocessing.active_children():
            process.kill()
        # A process that dies while it sends a result leaves half of it in a pipe, and a thread here
        # would wait for the rest for ever, if this end were not closed as well.
        executor._result_queue._writer.close()  # type: ignore[attr-defined]
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


def one_thread():
    """Limit TensorFlow to one thread in this process; call this before TensorFlow is used."""
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)


def _start_worker(prepare):
    """Prepare a worker, and end it with its parent, even if that is killed."""

    def end_with_parent():
        multiprocessing.parent_process().join()
        os._exit(1)

    threading.Thread(target=end_with_parent, daemon=True).start()
    prepare()
