"""What each step towards the reader is worth: measured once and recorded.

``ablation.csv`` has one row per network × measure. The steps are those of ``recipes.RECIPES``; the
two networks of the comparison are measured as well.
"""

from functools import lru_cache

import numpy as np
import pandas as pd

from mnist_compare import data, metrics, training
from mnist_compare.place import FULL, here
from mnist_compare.predictor import UNSURE_BELOW
from mnist_compare.preprocessing import PIPELINES
from mnist_compare.reader import scribbles
from mnist_compare.records.frames import NETWORK, Record
from mnist_compare.records.frames import complete as complete_tasks
from mnist_compare.study import pendigits, trained
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
    *("drawings", "drawings_crop", "worst_writer", "drawings_calibration"),
    *("choosing_drawings", "choosing_worst_writer"),
    *CHANGED,
    *("sure_curves", "sure_walks", "sure_letters", "confidence_blank"),
)


def complete(path, wanted, executor, progress):
    """Measure those of the wanted runs that have no record yet, and record each.

    ``path`` is that of the pen-drawn digits.
    """
    missing = RECORD.missing(wanted, trained.fingerprint)
    if not missing:
        return
    pendigits.read(path)  # a missing file is better known before hours of training
    paths = trained.weights(missing, progress, executor)
    progress(f"Measuring {len(missing)} networks.")
    complete_tasks(
        [(*key, paths[key], path, here().scale) for key in missing],
        measure,
        RECORD.add,
        [RECORD],
        executor,
        progress,
        lambda rows: "{} · {} · {}".format(*rows[0]),
    )


def measure(model, protocol, seed, weights, path, scale=FULL):
    """Return rows of ``RECORD``, one for each of ``MEASURES``, of a network with those weights.

    All are in 0–1. The first four are about the pen-drawn digits of writers 21–30 under all
    conditions: the rate through ``center`` and through ``crop``, and, through ``center``, that of
    the writer who is read worst and the expected calibration error. ``choosing_…`` are the same of
    writers 1–20, by whom recipes are chosen. ``rotation``, ``thin`` and ``thick`` are accuracies on
    test digits turned by 30° either way and with strokes half and twice as wide, ``sure_…`` the
    share of drawings without a digit for which the network is sure enough to answer,
    ``confidence_blank`` how sure it is of an empty picture.
    """

    def read(digits):
        return training.read(model, weights, digits)

    labels, writers, centred, cropped = _drawings(path, pendigits.REPORTING_WRITERS, scale)
    given = read(centred)
    right, right_cropped = (each.argmax(axis=1) == labels for each in (given, read(cropped)))
    by_writer = pd.DataFrame({"center": right, "crop": right_cropped}).groupby(writers).mean()
    found = {
        "drawings": by_writer.center.mean(),
        "drawings_crop": by_writer.crop.mean(),
        "worst_writer": by_writer.center.min(),
        "drawings_calibration": metrics.calibration_error(given.max(axis=1), right),
    }
    labels, writers, centred, _ = _drawings(path, pendigits.CHOOSING_WRITERS, scale)
    by_writer = pd.Series(read(centred).argmax(axis=1) == labels).groupby(writers).mean()
    found |= {
        "choosing_drawings": by_writer.mean(),
        "choosing_worst_writer": by_writer.min(),
    }
    for name, (digits, digit_labels) in _changed(scale).items():
        found[name] = metrics.accuracy(digit_labels, read(digits).argmax(axis=1))
    for name, pictures in no_digits(scale).items():
        found[f"sure_{name}"] = (read(pictures).max(axis=1) >= UNSURE_BELOW).mean()
    found["confidence_blank"] = read(np.zeros((1, 28, 28), np.uint8)).max()
    mark = trained.fingerprint(model, protocol)
    return [(model, str(protocol), seed, name, float(found[name]), mark) for name in MEASURES]


@lru_cache(maxsize=2)
def _drawings(path, writers, scale):
    """Return labels, writers and the pictures through center and crop, of some writers."""
    digits = pendigits.read(path)
    which = [i for i, digit in enumerate(digits) if digit.writer in writers]
    conditions = pendigits.CONDITIONS[: scale.conditions]
    pictures = np.concatenate([pendigits.pictures(digits, c, which) for c in conditions], axis=1)
    labels = np.tile([digits[i].label for i in which], len(conditions))
    by = np.tile([digits[i].writer for i in which], len(conditions))
    crop, center = (PIPELINES.index(name) for name in ("crop", "center"))
    return labels, by, pictures[center], pictures[crop]


@lru_cache(maxsize=1)
def _changed(scale):
    """Return {measure: (changed test digits, labels)}."""
    _, (digits, labels) = data.load("mnist")
    digits, labels = digits[: scale.changed_digits], labels[: scale.changed_digits]
    return {name: (changed(digits, *what), labels) for name, what in CHANGED.items()}


@lru_cache(maxsize=1)
def no_digits(scale=FULL):
    """Return {kind: pictures without a digit, (n, 28, 28) uint8}."""
    return {
        "curves": scribbles.curves(scale.scribbles, NO_DIGITS_SEED),
        "walks": scribbles.walks(scale.scribbles, NO_DIGITS_SEED),
        "letters": scribbles.letters()[0],
    }
