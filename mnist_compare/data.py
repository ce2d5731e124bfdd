"""MNIST: load and verify the embedded digits, split them, scale them, one-hot their labels."""

import hashlib
import zipfile
from functools import cache
from pathlib import Path

import numpy as np

MNIST_FILE = Path(__file__).parent / "mnist" / "mnist.npz"
TRAINING_DIGITS = 54_000  # the last 6,000 of the 60,000 are for validation, as validation_split=0.1
CLASSES = 10

ARRAYS = {  # name: (shape, SHA-256 of the bytes)
    "x_train": (
        (60_000, 28, 28),
        "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757",
    ),
    "y_train": (
        (60_000,),
        "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13",
    ),
    "x_test": (
        (10_000, 28, 28),
        "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161",
    ),
    "y_test": (
        (10_000,),
        "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5",
    ),
}

HOW_TO_RESTORE = "Restore it with `git checkout -- mnist_compare/mnist/mnist.npz` or clone again."


@cache
def load_mnist(path=MNIST_FILE):
    """Return MNIST as ``(x_train, y_train), (x_test, y_test)``, each array verified by its SHA-256.

    The arrays are those of ``keras.datasets.mnist.load_data()``: digits (n, 28, 28) uint8 in
    0–255, labels (n,) uint8 in 0–9, n = 60,000 and 10,000. They are shared and read-only.

    Raises:
        FileNotFoundError: the file is missing.
        ValueError: the file is truncated, or an array is not MNIST's.
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing. {HOW_TO_RESTORE}")
    arrays = {}
    for name, (shape, expected) in ARRAYS.items():
        try:
            with np.load(path, allow_pickle=False) as file:
                array = file[name]
        except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile) as error:
            raise ValueError(
                f"{path} is damaged: {name} cannot be read ({error}); "
                f"its expected SHA-256 is {expected}. {HOW_TO_RESTORE}"
            ) from error
        found = hashlib.sha256(array.tobytes()).hexdigest()
        if found != expected or array.shape != shape or array.dtype != np.uint8:
            raise ValueError(
                f"{path} is not MNIST: {name} has the SHA-256 {found}, expected {expected}. "
                f"{HOW_TO_RESTORE}"
            )
        array.flags.writeable = False
        arrays[name] = array
    return (arrays["x_train"], arrays["y_train"]), (arrays["x_test"], arrays["y_test"])


def sha256():
    """Return one SHA-256 (hexadecimal) for the four arrays together: the name of the data."""
    return hashlib.sha256("".join(digest for _, digest in ARRAYS.values()).encode()).hexdigest()


def scale(digits):
    """Scale grey values from 0–255 to 0–1: uint8 of any shape in, float32 of that shape out."""
    return np.asarray(digits, np.float32) / 255


def one_hot(labels):
    """Turn labels (n,) in 0–9 into rows (n, 10) float32 with a single 1 at the label."""
    return np.eye(CLASSES, dtype=np.float32)[labels]
