"""Pictures of one's own, as a data set beside MNIST."""

import math
import re
import zipfile
from contextlib import contextmanager
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.lib import format as npy

from mnist_compare.data import SHAPES, DataSet
from mnist_compare.own.checks import LONGEST_NAME, printable, said_of
from mnist_compare.predictor import sha256
from mnist_compare.quiet import told

FEWEST_LABELS = 10  # of a part of a data set
MOST_CLASSES = 256
MOST_BYTES = 1_000_000_000  # of its arrays; those of MNIST have 55 million


class Declared(NamedTuple):
    """What a file says of an array before it is read."""

    shape: tuple
    dtype: np.dtype


def data_set(path):
    """Return the name of a data set of one's own, from an .npz file, and the ``DataSet``.

    The file holds ``x_train`` and ``x_test``, grey pictures of one size, (n, rows, columns) uint8
    in 0–255, and ``y_train`` and ``y_test``, labels (n,) integers from 0. The name is that of the
    file and a few digits of its SHA-256. Raises FileNotFoundError, or ValueError for anything else,
    by what the file declares before anything is unpacked.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(
            f"There is no data set {path}; give mnist, fashion_mnist or an .npz file."
        )
    digest = sha256(path)
    (_, labels), _ = _read_checked(path, digest)
    stem = re.sub(r"[^\w-]+", "-", path.stem)[:LONGEST_NAME]
    classes = tuple(map(str, range(int(labels.max()) + 1)))
    read = partial(_read_checked, path, digest)
    return f"{stem}-{digest[:8]}", DataSet(printable(path.stem), classes, (), path, read=read)


@lru_cache(maxsize=1)
def _read_checked(path, _digest):
    with _archive(path) as archive:
        declared = {name: _declared(archive, name) for name in SHAPES}
    with said_of(path):
        _check_declared(declared, path.stat().st_size)
    with _archive(path) as archive:
        arrays = {name: _read(archive, name) for name in SHAPES}
    with said_of(path):
        _check_labels(arrays["y_train"], arrays["y_test"])
    return _part(arrays, "train"), _part(arrays, "test")


@contextmanager
def _archive(path):
    """Open an .npz file that anybody may have made; raise ValueError where it cannot be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except Exception as error:  # damaged archives have many ways to say it
        raise ValueError(
            f"{path} cannot be read ({told(error)}). Save it with `np.savez_compressed(path, "
            "x_train=…, y_train=…, x_test=…, y_test=…)`."
        ) from error


def _declared(archive, name):
    with archive.open(f"{name}.npy") as file:
        if npy.read_magic(file) != (1, 0):  # others are for headers of any length
            raise ValueError(f"{name} is no array of numbers")
        shape, _, dtype = npy.read_array_header_1_0(file)
    return Declared(shape, dtype)


def _read(archive, name):
    with archive.open(f"{name}.npy") as file:
        return npy.read_array(file, allow_pickle=False)


def _check_declared(declared, file_size):
    """Raise ValueError unless arrays that are so declared are pictures and labels."""
    for part in ("train", "test"):
        pictures, labels = declared[f"x_{part}"], declared[f"y_{part}"]
        if pictures.dtype != np.uint8 or not _are_pictures(pictures.shape):
            raise ValueError(
                f"x_{part} must be grey pictures, (n, rows, columns) uint8 in 0–255; it is "
                f"{pictures.shape} {pictures.dtype}. Convert whole numbers in 0–255 by "
                "`x.astype(np.uint8)`, values in 0–1 by `(255 * x).round().astype(np.uint8)`."
            )
        if labels.shape != pictures.shape[:1]:
            raise ValueError(
                f"x_{part} has {pictures.shape[0]} pictures and y_{part} the shape "
                f"{labels.shape}. There must be one label for each picture."
            )
        if labels.dtype.kind not in "iu":
            raise ValueError(
                f"y_{part} must be integers in 0–{MOST_CLASSES - 1}; they are {labels.dtype}."
            )
        if (count := labels.shape[0]) < FEWEST_LABELS:
            raise ValueError(f"y_{part} has {count} labels; at least {FEWEST_LABELS} are needed.")
    sizes = [declared[name].shape[1:3] for name in ("x_train", "x_test")]
    if sizes[0] != sizes[1]:
        raise ValueError(
            f"the pictures are of {sizes[0]} pixels in x_train and of {sizes[1]} in x_test. Make "
            "them all of one size."
        )
    needed = sum(math.prod(array.shape) * array.dtype.itemsize for array in declared.values())
    if max(needed, file_size) > MOST_BYTES:
        raise ValueError(
            f"its arrays take {needed:,} bytes; at most {MOST_BYTES:,} are taken. Leave some "
            "pictures out."
        )


def _part(arrays, part):
    pictures, labels = arrays[f"x_{part}"], arrays[f"y_{part}"]
    return pictures.reshape(pictures.shape[:3]), labels.astype(np.uint8)


def _are_pictures(shape):
    return len(shape) in (3, 4) and shape[3:] in ((), (1,)) and min(shape) > 0


def _check_labels(train, test):
    for part, labels in (("train", train), ("test", test)):
        if labels.min() < 0 or labels.max() >= MOST_CLASSES:
            raise ValueError(
                f"y_{part} must be integers in 0–{MOST_CLASSES - 1}; they are integers in "
                f"{labels.min()}–{labels.max()}."
            )
    classes = int(train.max()) + 1
    if missing := sorted({*range(classes)} - {*train.tolist()}):
        raise ValueError(
            f"y_train has no picture of class {missing[0]}. Number the classes 0, 1, 2 … without "
            "gaps."
        )
    if test.max() >= classes:
        raise ValueError(
            f"y_test contains class {test.max()}, but y_train has only the classes 0 to "
            f"{classes - 1}."
        )
