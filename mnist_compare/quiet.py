"""Import TensorFlow without the dozen lines it writes to file descriptor 2 on its way.

Whatever goes wrong is still raised as an exception. Modules that need TensorFlow import this one
first.
"""

import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def _import_tensorflow():
    sys.stderr.flush()
    standard_error = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        import tensorflow
    finally:
        os.dup2(standard_error, 2)
        os.close(standard_error)
        os.close(nowhere)
    return tensorflow


tensorflow = _import_tensorflow()
