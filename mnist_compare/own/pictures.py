"""Pictures of one's own, as a data set beside MNIST."""

import hashlib
import re
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from mnist_compare.lazy_keras import one_line
from mnist_compare.own.checks import LONGEST_NAME, printable, said_of
from mnist_compare.records.data_sets import OwnDataSet

FEWEST_LABELS = 10  # of a part of a data set
MOST_CLASSES = 256
ARRAYS = ("x_train", "y_train", "x_test", "y_test")


def data_set(path: str | Path) -> tuple[str, OwnDataSet]:
    """Return the name of a data set of one's own, from an .npz file, and the ``OwnDataSet``.

    The file holds ``x_train`` and ``x_test``, grey pictures of one size, (n, rows, columns) uint8
    in 0–255, and ``y_train`` and ``y_test``, labels (n,) integers from 0. The name is that of the
    file and a few digits of its SHA-256. Raises FileNotFoundError, or ValueError for anything else.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(
            f"There is no data set {path}; give mnist, fashion_mnist or an .npz file."
        )
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    (_, labels), _ = _read(path, digest)
    stem = re.sub(r"[^\w-]+", "-", path.stem)[:LONGEST_NAME]
    classes = tuple(map(str, range(int(labels.max()) + 1)))
    read = partial(_read, path, digest)
    return f"{stem}-{digest[:8]}", OwnDataSet(printable(path.stem), classes, (), path, read=read)


@lru_cache(maxsize=1)
def _read(path, _digest):
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in ARRAYS}
    except Exception as error:  # damaged archives have many ways to say it
        raise ValueError(
            f"{path} cannot be read ({one_line(error)}). Save it with `np.savez_compressed(path, "
            "x_train=…, y_train=…, x_test=…, y_test=…)`."
        ) from error
    with said_of(path):
        train, test = _checked(arrays, "train"), _checked(arrays, "test")
        _check_parts(train, test)
    return train, test


def _checked(arrays, part):
    """Return pictures (n, rows, columns) uint8 and labels (n,) uint8, or raise ValueError."""
    pictures, labels = arrays[f"x_{part}"], arrays[f"y_{part}"]
    if pictures.ndim == 4 and pictures.shape[3] == 1:
        pictures = pictures[..., 0]
    if pictures.dtype != np.uint8 or pictures.ndim != 3:
        raise ValueError(
            f"x_{part} must be grey pictures, (n, rows, columns) uint8 in 0–255; it is "
            f"{pictures.shape} {pictures.dtype}. Convert whole numbers in 0–255 by "
            "`x.astype(np.uint8)`, values in 0–1 by `(255 * x).round().astype(np.uint8)`."
        )
    if labels.shape != pictures.shape[:1]:
        raise ValueError(
            f"x_{part} has {len(pictures)} pictures and y_{part} the shape {labels.shape}. There "
            "must be one label for each picture."
        )
    if len(labels) < FEWEST_LABELS:
        raise ValueError(f"y_{part} has {len(labels)} labels; at least {FEWEST_LABELS} are needed.")
    if labels.dtype.kind not in "iu" or labels.min() < 0 or labels.max() >= MOST_CLASSES:
        integers = labels.dtype.kind in "iu"
        described = f"integers in {labels.min()}–{labels.max()}" if integers else labels.dtype
        raise ValueError(
            f"y_{part} must be integers in 0–{MOST_CLASSES - 1}; they are {described}."
        )
    return pictures, labels.astype(np.uint8)


def _check_parts(train, test):
    sizes = [pictures.shape[1:] for pictures, _ in (train, test)]
    if sizes[0] != sizes[1]:
        raise ValueError(
            f"the pictures are of {sizes[0]} pixels in x_train and of {sizes[1]} in x_test. Make "
            "them all of one size."
        )
    classes, tested = int(train[1].max()) + 1, int(test[1].max())
    if missing := sorted({*range(classes)} - {*train[1].tolist()}):
        raise ValueError(
            f"y_train has no picture of class {missing[0]}. Number the classes 0, 1, 2 … without "
            "gaps."
        )
    if tested >= classes:
        raise ValueError(
            f"y_test contains class {tested}, but y_train has only the classes 0 to {classes - 1}."
        )
