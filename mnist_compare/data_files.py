"""The files of MNIST and Fashion-MNIST: fetched where they are missing, and verified."""

import hashlib
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from mnist_compare.files import DAMAGED, atomically
from mnist_compare.lazy_keras import keras

SHAPES = {
    "x_train": (60_000, 28, 28),
    "y_train": (60_000,),
    "x_test": (10_000, 28, 28),
    "y_test": (10_000,),
}


@dataclass(frozen=True)
class DataSet:
    """A data set: its title, the names of its classes, and where its arrays are."""

    title: str
    classes: tuple[str, ...]
    sha256: tuple[str, ...]  # of the bytes of the arrays, in the order of ``SHAPES``
    path: Path  # of the .npz file that holds them
    remedy: str = ""  # what to do where it cannot be read


CACHE = Path(os.environ.get("MNIST_COMPARE_CACHE") or Path.home() / ".cache" / "mnist-compare")
CLOTHES = (
    "T-shirt", "trousers", "pullover", "dress", "coat",
    "sandal", "shirt", "sneaker", "bag", "ankle boot",
)  # fmt: skip
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
        CLOTHES,
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


@cache
def arrays(name: str) -> list[np.ndarray]:
    """Return the arrays of a data set, verified and read-only, in the order of ``SHAPES``."""
    if name not in DATA_SETS:
        raise ValueError(f"There is no data set {name!r}; choose one of {', '.join(DATA_SETS)}.")
    data_set = DATA_SETS[name]
    if name != "mnist" and not data_set.path.exists():
        _fetch(name, data_set)
    return verified(data_set, SHAPES)


def _fetch(name, data_set):
    try:
        (x_train, y_train), (x_test, y_test) = getattr(keras.datasets, name).load_data()
    except Exception as error:  # Keras raises no narrower one where there is no network
        raise FileNotFoundError(
            f"{data_set.title} is not at {data_set.path}, and Keras could not fetch it ({error}). "
            "Connect to the internet and try again, or put the file there."
        ) from error
    arrays = {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}
    with atomically(data_set.path) as temporary:
        np.savez_compressed(temporary, **arrays)


def verified(data_set: DataSet, shapes: dict[str, tuple]) -> list[np.ndarray]:
    """Return the verified arrays of a file, of which ``shapes`` has names and shapes."""
    if not data_set.path.exists():
        raise FileNotFoundError(f"{data_set.path} is missing. {data_set.remedy}")
    arrays = []
    for (name, shape), expected in zip(shapes.items(), data_set.sha256, strict=True):
        try:
            with np.load(data_set.path, allow_pickle=False) as file:
                array = file[name]
        except DAMAGED as error:
            raise ValueError(
                f"{data_set.path} is damaged: {name} cannot be read ({error}); "
                f"its expected SHA-256 is {expected}. {data_set.remedy}"
            ) from error
        digest = hashlib.sha256(array.tobytes()).hexdigest()
        if digest != expected or array.shape != shape:
            raise ValueError(
                f"{data_set.path} is not {data_set.title}: {name} has the SHA-256 {digest}, "
                f"expected {expected}. {data_set.remedy}"
            )
        array.flags.writeable = False
        arrays.append(array)
    return arrays


def digest_of_mnist() -> str:
    """Return one SHA-256, in hexadecimal, that identifies the four arrays of MNIST."""
    return hashlib.sha256("".join(DATA_SETS["mnist"].sha256).encode()).hexdigest()
