"""TensorFlow and Keras, imported when first used and without their messages.

Their import writes a dozen lines to file descriptor 2, which are dropped; errors are still raised.
Other modules import ``tensorflow`` and ``keras`` from here.
"""

import os
import re
import sys
from functools import cache

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


class _Module:
    """Stands in for a module, which is imported when an attribute is first used."""

    def __init__(self, name):
        self._name = name

    def __getattr__(self, attribute):
        return getattr(load()[self._name], attribute)


@cache
def load():
    """Import both now, so that nobody else does and has their messages printed; return them."""
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


tensorflow, keras = _Module("tensorflow"), _Module("keras")


def told(error):
    """Return what they say in an error in one line, without colours and traces of their code."""
    said = re.sub(r"\x1b\[\d*m", "", f"{error}").partition("Arguments received by")[0].strip()
    if said.startswith("in user code"):
        return said.splitlines()[-1].strip()[:300]
    return " ".join(f"{type(error).__name__}: {said}".split())[:300]
