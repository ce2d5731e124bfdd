"""MNIST: load and verify the digits, split and scale them, encode their labels."""

import hashlib
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

MNIST_FILE = Path(__file__).parent / "mnist" / "mnist.npz"
TRAINING_DIGITS = 54_000  # of 60,000; the last 6,000 validate, as with validation_split=0.1
CLASSES = 10
SAMPLES = {f"{count}_digits": count for count in (100, 300, 1_000, 3_000, 10_000)}
PROTOCOLS = ("fair", "source", *SAMPLES)

ARRAYS = {  # name: (shape, SHA-256 of the bytes)
    "x_train": (
        (60_000, 28, 28),
        "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757",
    ),
    "y_train": ((60_000,), "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13"),
    "x_test": (
        (10_000, 28, 28),
        "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161",
    ),
    "y_test": ((10_000,), "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5"),
}


@dataclass(frozen=True)
class Scale:
    """How much to train and measure: everything, or, in tests, a little.

    Each of the first five fields limits a number, and None means no limit: training digits, test
    digits to change, conditions for drawing, seeds, and sample sizes. An epoch shows at least
    ``shown`` digits; a network is measured on ``scribbles`` of each kind.
    """

    training_digits: int | None = None
    changed_digits: int | None = None
    conditions: int | None = None
    seeds: int | None = None
    samples: int | None = None
    shown: int = 6_400  # 200 batches, so that ten epochs make 2,000 updates
    scribbles: int = 1_000


FULL = Scale()
SMALL = Scale(960, 100, 1, 2, 2, 0, 20)

HOW_TO_RESTORE = "Restore it with `git checkout -- mnist_compare/mnist/mnist.npz` or clone again."


@cache
def load_mnist(path=MNIST_FILE):
    """Return MNIST as ``(x_train, y_train), (x_test, y_test)``, each array verified by its SHA-256.

    The arrays are those of ``keras.datasets.mnist.load_data()``: digits (n, 28, 28) uint8 in
    0–255, labels (n,) uint8 in 0–9, n = 60,000 and 10,000. They are shared and read-only. Raises
    FileNotFoundError if the file is missing, ValueError if it is damaged or is not MNIST.
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing. {HOW_TO_RESTORE}")
    arrays = []
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
        arrays.append(array)
    x_train, y_train, x_test, y_test = arrays
    return (x_train, y_train), (x_test, y_test)


def sha256():
    """Return one SHA-256, in hexadecimal, that identifies the four arrays together."""
    return hashlib.sha256("".join(digest for _, digest in ARRAYS.values()).encode()).hexdigest()


def scale(digits):
    """Scale grey values, uint8 in 0–255 of any shape, to float32 in 0–1."""
    return np.asarray(digits, np.float32) / 255


def one_hot(labels):
    """Turn labels, (n,) in 0–9, into one-hot rows, (n, 10) float32."""
    return np.eye(CLASSES, dtype=np.float32)[labels]


def split(model_name, protocol, seed, scale=FULL):
    """Return (digits, labels) for training, validation, training accuracy and testing.

    ``training.train()`` describes the protocols.
    """
    train, test = load_mnist()
    everything = [array[: scale.training_digits] for array in train]
    first = [array[:TRAINING_DIGITS] for array in everything]
    last = [array[TRAINING_DIGITS:] for array in train]
    if protocol in SAMPLES:
        chosen = np.random.default_rng(seed).permutation(len(first[1]))[: SAMPLES[protocol]]
        first = [array[chosen] for array in first]
    if protocol != "source":
        return first, last, first, test
    if model_name.startswith("mlp"):
        return first, last, everything, test
    return everything, test, everything, test
