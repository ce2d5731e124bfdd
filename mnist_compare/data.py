"""MNIST and Fashion-MNIST: load and verify, split and scale the pictures, encode their labels."""

import hashlib
import os
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from mnist_compare.place import FULL, Scale, atomically, entered
from mnist_compare.protocols import Protocol

Labelled = Sequence[np.ndarray]  # pictures and their labels
TRAINING_DIGITS = 54_000  # of 60,000; the last 6,000 validate
CLASSES = 10
PERMUTATION = 784  # sets random numbers of a seed apart
SHAPES = {
    "x_train": (60_000, 28, 28),
    "y_train": (60_000,),
    "x_test": (10_000, 28, 28),
    "y_test": (10_000,),
}


@dataclass(frozen=True)
class DataSet:
    """A known data set: its title, the names of its classes, and how to know its arrays."""

    title: str
    classes: tuple[str, ...]
    sha256: tuple[str, ...]  # of the bytes of the arrays, in the order of ``SHAPES``
    path: Path  # of the .npz file that holds them
    remedy: str = ""  # what to do where it cannot be read
    read: Callable | None = None  # of one's own, a function that returns what ``load()`` does


WRITERS = DataSet(
    "the list of MNIST's writers",
    (),
    (
        "ed1b596a2ab6020170c2b7e850bd0c899067fc32be4d9766b842929cf3826ca0",
        "ed8aff5950b078b32786744667605886358f7d1beab65af6d21b35faf2bc91b1",
    ),
    Path(__file__).parent / "mnist" / "writers.npz",
    "Restore it with `git checkout -- mnist_compare/mnist/writers.npz` or clone again.",
)
FIRST_STUDENT = 2_100  # writers from here on are high-school students, others Census employees
CACHE = Path(os.environ.get("MNIST_COMPARE_CACHE") or Path.home() / ".cache" / "mnist-compare")
DATA_SETS = {
    "mnist": DataSet(
        "MNIST",
        tuple("0123456789"),
        (
            "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757",
            "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13",
            "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161",
            "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5",
        ),
        Path(__file__).parent / "mnist" / "mnist.npz",
        "Restore it with `git checkout -- mnist_compare/mnist/mnist.npz` or clone again.",
    ),
    "fashion_mnist": DataSet(
        "Fashion-MNIST",
        (
            *("T-shirt", "trousers", "pullover", "dress", "coat"),
            *("sandal", "shirt", "sneaker", "bag", "ankle boot"),
        ),
        (
            "2e487a6c89124f78f2d7521542223cafe96f7123c3ca13d447772ac6ecbb3012",
            "657fbd221bfc9f4198cc14b5619cc33ec57c58dd0e47af4d99d6650759e869a7",
            "c867c93ff95360594e8ec3287995350b824dd110b11595c0e13d5423f621867a",
            "3d0e6c6ea990b53b6f8f500a41cac93881d981b315f84578b7d915342ade01e9",
        ),
        CACHE / "fashion_mnist.npz",
        "Delete it, and it will be downloaded again.",
    ),
}


def named(name: str) -> DataSet:
    """Return a ``DataSet`` by its name; raise ValueError, with the known names, for any other."""
    place = entered()
    known = DATA_SETS | place.data_sets if place else DATA_SETS
    if name not in known:
        raise ValueError(f"There is no data set {name!r}; choose one of {', '.join(known)}.")
    return known[name]


@cache
def load(name: str = "mnist") -> tuple[Labelled, Labelled]:
    """Return a data set as ``(x_train, y_train), (x_test, y_test)``, shared and read-only.

    Those of ``DATA_SETS`` are as in ``keras.datasets``: pictures (n, 28, 28) uint8 in 0–255, labels
    (n,) uint8 in 0–9, n = 60,000 and 10,000. MNIST comes with the package; Fashion-MNIST is fetched
    by Keras once and kept in ``CACHE``, which the variable MNIST_COMPARE_CACHE sets.

    Raises ValueError for an unknown name or a file that is damaged or holds something else, and
    FileNotFoundError for one that is missing and cannot be fetched.
    """
    known = named(name)
    if known.read:
        return known.read()
    if name != "mnist" and not known.path.exists():
        _fetch(name, known)
    x_train, y_train, x_test, y_test = _arrays(known, SHAPES)
    return (x_train, y_train), (x_test, y_test)


def _fetch(name, known):
    from mnist_compare.quiet import keras

    try:
        (x_train, y_train), (x_test, y_test) = getattr(keras.datasets, name).load_data()
    except Exception as error:  # Keras raises no narrower one where there is no network
        raise FileNotFoundError(
            f"{known.title} is not at {known.path}, and Keras could not fetch it ({error}). "
            "Connect to the internet and try again, or put the file there."
        ) from error
    arrays = {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}
    with atomically(known.path) as temporary:
        np.savez_compressed(temporary, **arrays)


def _arrays(known, shapes):
    """Return the verified arrays of a file, of which ``shapes`` has names and shapes."""
    if not known.path.exists():
        raise FileNotFoundError(f"{known.path} is missing. {known.remedy}")
    arrays = []
    for (name, shape), expected in zip(shapes.items(), known.sha256, strict=True):
        try:
            with np.load(known.path, allow_pickle=False) as file:
                array = file[name]
        except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile) as error:
            raise ValueError(
                f"{known.path} is damaged: {name} cannot be read ({error}); "
                f"its expected SHA-256 is {expected}. {known.remedy}"
            ) from error
        digest = hashlib.sha256(array.tobytes()).hexdigest()
        if digest != expected or array.shape != shape:
            raise ValueError(
                f"{known.path} is not {known.title}: {name} has the SHA-256 {digest}, expected "
                f"{expected}. {known.remedy}"
            )
        array.flags.writeable = False
        arrays.append(array)
    return arrays


@cache
def writers() -> tuple[np.ndarray, np.ndarray]:
    """Return who wrote each digit of MNIST: two arrays of numbers, (60000,) and (10000,) int16.

    Writers from ``FIRST_STUDENT`` on are high-school students, the others employees of the Census
    Bureau; nobody wrote both training and test digits. The numbers are NIST's, traced by C. Yadav
    and L. Bottou (Cold case: the lost MNIST digits, NeurIPS 2019). Raises as ``load()`` does.
    """
    # The second column is the part of NIST's collection.
    train, test = _arrays(WRITERS, {"train": (60_000, 2), "test": (10_000, 2)})
    return train[:, 0], test[:, 0]


def sha256() -> str:
    """Return one SHA-256, in hexadecimal, that identifies the four arrays of MNIST."""
    return hashlib.sha256("".join(DATA_SETS["mnist"].sha256).encode()).hexdigest()


def scale(digits: np.ndarray) -> np.ndarray:
    """Scale grey values, uint8 in 0–255 of any shape, to float32 in 0–1."""
    return np.asarray(digits, np.float32) / 255


def one_hot(labels: np.ndarray, classes: int = CLASSES) -> np.ndarray:
    """Turn labels, (n,) in 0–9, into one-hot rows, (n, 10) float32, or as many classes as given."""
    return np.eye(classes, dtype=np.float32)[labels]


def split(
    model_name: str, protocol: Protocol, seed: int, scale: Scale = FULL
) -> tuple[Labelled, Labelled, Labelled, Labelled]:
    """Return (digits, labels) for training, validation, training accuracy and testing."""
    train, test = load(protocol.data)
    if protocol.permuted:
        train, test = [(_permuted(pictures, seed), labels) for pictures, labels in (train, test)]
    count = len(train[1]) * 9 // 10  # the rest validates, as with validation_split=0.1
    everything = [array[: scale.training_digits] for array in train]
    first = [array[:count] for array in everything]
    last = [array[count:] for array in train]
    if protocol.digits:
        chosen = np.random.default_rng(seed).permutation(len(first[1]))[: protocol.digits]
        first = [array[chosen] for array in first]
    if protocol.split != "source":
        return first, last, first, test
    if model_name.startswith("mlp"):
        return first, last, everything, test
    return everything, test, everything, test


def _permuted(pictures, seed):
    order = np.random.default_rng([seed, PERMUTATION]).permutation(pictures[0].size)
    return pictures.reshape(len(pictures), -1)[:, order].reshape(pictures.shape)
