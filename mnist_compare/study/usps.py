"""How many test digits of USPS trained networks read: measured once and recorded.

USPS: 2,007 test digits of 16×16 pixels, cut from envelopes (Y. LeCun et al., Handwritten digit
recognition with a back-propagation network, NIPS 1990), in the form of *The Elements of Statistical
Learning*. ``usps.npz`` tells, for each network and way to it, which digits it reads.
"""

from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from mnist_compare.preprocessing import CANVAS, SIDE, preprocess
from mnist_compare.records.frames import NETWORK, Record
from mnist_compare.study import fitting, measuring, trained

WAYS = ("stretched", "framed", "center")  # how a picture gets to a network
FRAMED = 20  # pixels a side within 28, as MNIST has its digits
DRAWN = 160  # pixels a side on the canvas of the pad, before ``center``
WANTED = "Wanted is the test set of USPS, a line for each digit: its label and 256 grey values."
RECORD = Record(
    "usps.npz",
    NETWORK | {"way": str},
    {"right": (np.bool_, (None,))},
    "delete it and measure anew with `python -m mnist_compare study --usps PATH`",
)


def complete(path: Path, networks: list[tuple]):
    """Measure those of the networks, (model, ``Protocol``, seed), that have no record yet.

    ``path`` is that of the file of USPS.
    """
    wanted = [(*network, way) for way in WAYS for network in networks]
    missing = RECORD.missing(wanted, trained.fingerprint)
    measuring.complete(missing, partial(measure, path), (RECORD,))


def measure(path: Path, weights: dict[tuple, Path], way: str):
    """Return rows of ``RECORD``: which digits networks read, in one way.

    ``weights`` maps (model, ``Protocol``, seed) to a path.
    """
    pictures, labels = read(path)
    digits = np.stack([as_digit(picture, way) for picture in pictures])
    rows = []
    for network, file in weights.items():
        right = fitting.read(network[0], file, digits).argmax(axis=1) == labels
        rows.append(trained.row(network, way, right))
    return (rows,)


def read(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return pictures (n, 16, 16) uint8, bright ink on black, and labels (n,) of a USPS file.

    Each line has a label and 256 values from −1 to 1; the file may be gzipped. Raises
    FileNotFoundError where there is none and ValueError for a file of another form.
    """
    return measuring.parsed(path, _digits, WANTED)


def _digits(text):
    rows = np.array([line.split() for line in text.splitlines()], float)
    labels, values = rows[:, 0], rows[:, 1:]
    if values.shape[1] != 256 or not np.isin(labels, range(10)).all() or abs(values).max() > 1:
        raise ValueError("these are not labels from 0 to 9 and 256 values from −1 to 1")
    return np.rint((values.reshape(-1, 16, 16) + 1) * 127.5).astype(np.uint8), labels.astype(int)


def as_digit(picture: np.ndarray, way: str) -> np.ndarray:
    """Return a square picture, uint8, bright ink on black, as (28, 28) uint8 by one of ``WAYS``.

    ``stretched`` fills the whole square, as most of the literature has it; ``framed`` fills the
    middle 20×20; ``center`` goes through the pipeline of the demo.
    """
    if way == "stretched":
        return _resized(picture, SIDE)
    if way == "framed":
        return np.pad(_resized(picture, FRAMED), (SIDE - FRAMED) // 2)
    return preprocess(np.pad(_resized(picture, DRAWN), (CANVAS - DRAWN) // 2), way).digit


def _resized(picture, side):
    return np.asarray(Image.fromarray(picture).resize((side, side), Image.Resampling.BILINEAR))
