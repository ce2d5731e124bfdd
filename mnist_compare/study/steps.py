"""What each step towards the reader is worth: measured once and recorded.

``ablation.csv`` has one row per network × measure. The steps are those of ``recipes.RECIPES``; the
two networks of the comparison are measured as well.
"""

from functools import lru_cache, partial
from pathlib import Path

import numpy as np
import pandas as pd

from mnist_compare import data, metrics
from mnist_compare.predictor import UNSURE_BELOW
from mnist_compare.preprocessing import PIPELINES
from mnist_compare.reader import scribbles
from mnist_compare.records.frames import NETWORK, Record
from mnist_compare.records.place import here
from mnist_compare.study import fitting, measuring, pendigits, trained
from mnist_compare.study.changes import changed

RECORD = Record(
    "ablation.csv",
    NETWORK | {"measure": str},
    {"value": float},
    "delete it and measure anew with `python -m mnist_compare study --drawings PATH`",
    unit=len(NETWORK),
)
CHANGED = {
    "rotation": ("rotation", 30),
    "thin": ("stroke width", 0.5),
    "thick": ("stroke width", 2),
}
NO_DIGITS_SEED = 1_000  # unlike the seed of any run, from which it draws its own scribbles
MEASURES = (
    *("drawings", "drawings_crop", "worst_writer"),
    *CHANGED,
    *("sure_curves", "sure_walks", "sure_letters", "confidence_blank"),
)


def complete(path: Path, networks: list[tuple]):
    """Measure those of the networks, (model, ``Protocol``, seed), that have no record yet.

    ``path`` is that of the pen-drawn digits.
    """
    missing = RECORD.missing(networks, trained.fingerprint)
    measuring.complete(missing, partial(measure, path), (RECORD,))


def measure(path, weights, model, protocol, seed):
    """Return rows of ``RECORD``, one for each of ``MEASURES``, of a network.

    All values are in 0–1. The first three are about the pen-drawn digits of the reporting writers
    under all conditions: the rate through ``center`` and through ``crop``, and, through ``center``,
    that of the writer who is read worst. ``rotation``, ``thin`` and ``thick`` are accuracies on
    test digits turned by 30° either way and with strokes half and twice as wide, ``sure_…`` the
    share of drawings without a digit for which the network is sure enough to answer,
    ``confidence_blank`` how sure it is of an empty picture.
    """
    network = model, protocol, seed
    read = partial(fitting.read, model, weights[network])
    labels, writers, centered, cropped = _drawings(path)
    right = read(centered).argmax(axis=1) == labels
    right_cropped = read(cropped).argmax(axis=1) == labels
    rates = pd.DataFrame({"center": right, "crop": right_cropped}).groupby(writers).mean()
    values = {
        "drawings": rates.center.mean(),
        "drawings_crop": rates.crop.mean(),
        "worst_writer": rates.center.min(),
    }
    for name, (digits, digit_labels) in _changed(here().scale.changed_digits).items():
        values[name] = metrics.accuracy(digit_labels, read(digits).argmax(axis=1))
    for name, pictures in no_digits().items():
        values[f"sure_{name}"] = (read(pictures).max(axis=1) >= UNSURE_BELOW).mean()
    values["confidence_blank"] = read(np.zeros((1, 28, 28), np.uint8)).max()
    return ([trained.row(network, name, float(values[name])) for name in MEASURES],)


@lru_cache(maxsize=1)
def _drawings(path):
    """Return labels, writers and the pictures through center and crop, of all conditions."""
    digits = pendigits.read(path)
    which = [i for i, digit in enumerate(digits) if digit.writer in pendigits.REPORTING_WRITERS]
    conditions = pendigits.CONDITIONS
    pictures = np.concatenate([pendigits.pictures(digits, c, which) for c in conditions], axis=1)
    labels = np.tile([digits[i].label for i in which], len(conditions))
    writers = np.tile([digits[i].writer for i in which], len(conditions))
    return labels, writers, pictures[PIPELINES.index("center")], pictures[PIPELINES.index("crop")]


@lru_cache(maxsize=1)
def _changed(count):
    """Return {measure: (changed test digits, labels)}."""
    _, (digits, labels) = data.load("mnist")
    return {
        name: (changed(digits[:count], *change), labels[:count]) for name, change in CHANGED.items()
    }


@lru_cache(maxsize=1)
def no_digits(count: int = 1_000) -> dict[str, np.ndarray]:
    """Return {kind: pictures without a digit, (n, 28, 28) uint8}."""
    return {
        "curves": scribbles.curves(count, NO_DIGITS_SEED),
        "walks": scribbles.walks(count, NO_DIGITS_SEED),
        "letters": scribbles.letters()[0],
    }
