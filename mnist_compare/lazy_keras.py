"""Import TensorFlow and Keras when they are first used, without their messages.

Other modules import ``tensorflow`` and ``keras`` from here, and so start in a moment.
"""

import os
import random
import re
import sys
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


class _LazyModule:
    def __init__(self, name):
        self._name = name

    def __getattr__(self, attribute):
        return getattr(load()[self._name], attribute)


@cache
def load() -> dict[str, Any]:
    """Import both, dropping the dozen lines that they write to file descriptor 2; return them."""
    sys.stderr.flush()
    standard_error = os.dup(2)
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
        try:
            import keras
            import tensorflow
        finally:
            os.dup2(standard_error, 2)
            os.close(standard_error)
    tensorflow.get_logger().setLevel("ERROR")
    return {"tensorflow": tensorflow, "keras": keras}


tensorflow: Any = _LazyModule("tensorflow")
keras: Any = _LazyModule("keras")


@contextmanager
def repeatable(seed: int):
    """Let everything random depend on a seed, and TensorFlow be deterministic, in a ``with`` block.

    After the block, Python and NumPy go on as before and TensorFlow is as fast as before; the
    generators of Keras and TensorFlow, which can only be set, keep the seed.
    """
    load()
    import numpy as np
    from tensorflow.python.framework import config  # tf.config cannot disable what it enables

    of_python, of_numpy = random.getstate(), np.random.get_state()  # noqa: NPY002, Keras uses it
    was_deterministic = config.is_op_determinism_enabled()
    keras.utils.set_random_seed(seed)
    config.enable_op_determinism()
    try:
        yield
    finally:
        random.setstate(of_python)
        np.random.set_state(of_numpy)  # noqa: NPY002
        if not was_deterministic:
            config.disable_op_determinism()


def limit_threads(operations: int = 1):
    """Let TensorFlow run so many operations at a time in this process, each on one thread.

    This has no effect once TensorFlow has started.
    """
    with suppress(RuntimeError):
        tensorflow.config.threading.set_intra_op_parallelism_threads(1)
        tensorflow.config.threading.set_inter_op_parallelism_threads(operations)


def one_line(error: BaseException) -> str:
    """Return the message of an error of Keras in one line, without colours and traces."""
    message = re.sub(r"\x1b\[\d*m", "", f"{error}").partition("Arguments received by")[0].strip()
    if message.startswith("in user code"):
        return message.splitlines()[-1].strip()[:300]
    return " ".join(f"{type(error).__name__}: {message}".split())[:300]


@contextmanager
def errors_named(model):
    """Raise ValueError, with the model's name, for any error in a ``with`` block that trains it."""
    try:
        yield
    except Exception as error:  # of layers, losses and optimizers of any kind
        raise ValueError(f"{model.name} cannot be trained: {one_line(error)}") from error
