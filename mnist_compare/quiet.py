"""Import TensorFlow and Keras without the dozen lines written to file descriptor 2 on the way.

Whatever goes wrong is still raised as an exception. Modules take ``tensorflow`` and ``keras`` from
here.
"""

import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def _import():
    sys.stderr.flush()
    standard_error = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        import keras
        import tensorflow
    finally:
        os.dup2(standard_error, 2)
        os.close(standard_error)
        os.close(nowhere)
    return tensorflow, keras


tensorflow, keras = _import()
