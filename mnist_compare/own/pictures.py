"""Pictures of one's own, as a data set beside MNIST."""

import hashlib
import re
import zipfile
from pathlib import Path

import numpy as np

from mnist_compare.data import ADDED, DATA_SETS, SHAPES, DataSet

FEWEST, MOST_CLASSES = 10, 256  # labels of a part, and classes, of a data set of one's own


def add(path):
    """Make a data set of one's own known, from an .npz file, and return its name.

    The file holds ``x_train`` and ``x_test``, grey pictures of one size, (n, rows, columns) uint8
    in 0–255, and ``y_train`` and ``y_test``, labels (n,) integers from 0. The name is that of the
    file and a few digits of its SHA-256. Raises FileNotFoundError, or ValueError for anything else.
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(
            f"There is no data set {path}; give mnist, fashion_mnist or an .npz file."
        )
    try:
        content = path.read_bytes()
        with np.load(path, allow_pickle=False) as file:
            x_train, y_train, x_test, y_test = (file[name] for name in SHAPES)
    except (OSError, EOFError, KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
        told = "it is no .npz file" if "allow_pickle" in f"{error}" else error
        raise ValueError(
            f"{path} cannot be read ({told}). Save it with `np.savez_compressed(path, "
            "x_train=…, y_train=…, x_test=…, y_test=…)`."
        ) from error
    train, test = (
        _pictures(path, "train", x_train, y_train),
        _pictures(path, "test", x_test, y_test),
    )
    if train[0].shape[1:] != test[0].shape[1:]:
        raise ValueError(
            f"{path}: the pictures are of {train[0].shape[1:]} pixels in x_train and of "
            f"{test[0].shape[1:]} in x_test. Make them all of one size."
        )
    classes = int(train[1].max()) + 1
    if missing := sorted({*range(classes)} - {*train[1].tolist()}):
        raise ValueError(
            f"{path}: y_train has no picture of class {missing[0]}. Number the classes 0, 1, 2 … "
            "without gaps."
        )
    if test[1].max() >= classes:
        raise ValueError(
            f"{path}: y_test contains class {test[1].max()}, but y_train has only the classes 0 to "
            f"{classes - 1}."
        )
    stem = re.sub(r"[^\w-]+", "-", path.stem)[:40]
    name = f"{stem}-{hashlib.sha256(content).hexdigest()[:8]}"
    DATA_SETS[name] = DataSet(path.stem, tuple(map(str, range(classes))), (), path, "")
    ADDED[name] = train, test
    return name


def _pictures(path, part, pictures, labels):
    """Return pictures (n, rows, columns) uint8 and labels (n,) uint8, or raise ValueError."""
    if pictures.ndim == 4 and pictures.shape[-1] == 1:
        pictures = pictures[..., 0]
    if pictures.ndim != 3 or pictures.dtype != np.uint8:
        raise ValueError(
            f"{path}: x_{part} must be grey pictures, (n, rows, columns) uint8 in 0–255; it is "
            f"{pictures.shape} {pictures.dtype}. Convert whole numbers in 0–255 by "
            "`x.astype(np.uint8)`, values in 0–1 by `(255 * x).round().astype(np.uint8)`."
        )
    if labels.shape != pictures.shape[:1]:
        raise ValueError(
            f"{path}: x_{part} has {len(pictures)} pictures and y_{part} the shape {labels.shape}. "
            "There must be one label for each picture."
        )
    if len(labels) < FEWEST:
        raise ValueError(
            f"{path}: y_{part} has {len(labels)} labels; at least {FEWEST} are needed."
        )
    whole = labels.dtype.kind in "iu"
    if not whole or labels.min() < 0 or labels.max() >= MOST_CLASSES:
        found = f"integers in {labels.min()}–{labels.max()}" if whole else labels.dtype
        raise ValueError(
            f"{path}: y_{part} must be integers in 0–{MOST_CLASSES - 1}; they are {found}."
        )
    return pictures, labels.astype(np.uint8)
