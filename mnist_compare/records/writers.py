"""Who wrote the digits of MNIST."""

from functools import cache

import numpy as np

from mnist_compare.data_files import DATA_SETS, DataSet, verified

WRITERS = DataSet(
    "the list of MNIST's writers",
    (),
    (
        "ed1b596a2ab6020170c2b7e850bd0c899067fc32be4d9766b842929cf3826ca0",
        "ed8aff5950b078b32786744667605886358f7d1beab65af6d21b35faf2bc91b1",
    ),
    DATA_SETS["mnist"].path.with_name("writers.npz"),
    "Restore it with `git checkout -- mnist_compare/mnist/writers.npz` or clone again.",
)
FIRST_STUDENT = 2_100  # writers from here on are high-school students, others Census employees


@cache
def writers_of_digits() -> tuple[np.ndarray, np.ndarray]:
    """Return who wrote each digit of MNIST: two arrays of numbers, (60000,) and (10000,) int16.

    Writers from ``FIRST_STUDENT`` on are high-school students, the others employees of the Census
    Bureau; nobody wrote both training and test digits. The numbers are NIST's, traced by C. Yadav
    and L. Bottou (Cold case: the lost MNIST digits, NeurIPS 2019). Raises as ``data.load()`` does.
    """
    # The second column is the part of NIST's collection.
    train, test = verified(WRITERS, {"train": (60_000, 2), "test": (10_000, 2)})
    return train[:, 0], test[:, 0]
