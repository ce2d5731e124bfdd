"""What each step towards the reader is worth: measured once and recorded.

``reports/ablation.csv`` has one row per model × recipe × seed × measure. The steps are those of
``recipes.RECIPES``; the two models of the comparison, under the fair protocol, are measured beside
them.
"""

from functools import lru_cache

import numpy as np

from mnist_compare import (
    data,
    measurements,
    metrics,
    pendigits,
    recipes,
    runs,
    scribbles,
    study,
)
from mnist_compare.changes import changed
from mnist_compare.reading import UNSURE_BELOW

SEEDS = 3  # of each step; the reader and the two models of the comparison have study.FEW
COLUMNS = ("model", "recipe", "seed", "measure", "value", "fingerprint")
CHANGED = {
    "rotation": ("rotation", 30),
    "thin": ("stroke width", 0.5),
    "thick": ("stroke width", 2),
}
NO_DIGITS = 1_000  # scribbles of each kind
NO_DIGITS_SEED = 1_000  # none of those that a run trains with, whose seeds are its own
MEASURES = (
    *("drawings", "drawings_crop", "worst_writer", "drawings_calibration"),
    *CHANGED,
    *("sure_curves", "sure_walks", "sure_letters", "confidence_blank"),
)


def wanted(count=study.FEW):
    """Return the runs that the chapter on the reader needs: (model, recipe, seed).

    From at most ``count`` seeds.
    """
    few, fewer = study.seeds(min(count, study.FEW)), study.seeds(min(count, SEEDS))
    compared = [(model, "fair") for model in runs.SERVED]
    return sorted(
        {(*key, seed) for key in compared for seed in few}
        | {(*key, seed) for key in recipes.RECIPES for seed in fewer}
    )


def complete(path, wanted, executor, progress):
    """Measure the wanted runs that have no record yet, with the pen-drawn digits at the path.

    Each is recorded once measured, so that an interrupted study goes on where it stopped.
    """
    there = {
        row
        for row in (_stored().itertuples(index=False, name=None) if _path().exists() else ())
        if row[-1] == study.fingerprint(*row[:2])
    }
    measured = {row[:3] for row in there}
    missing = [key for key in wanted if key not in measured]
    if not missing:
        return
    pendigits.read(path)  # a missing file is better known before hours of training
    paths = study.weights(missing, progress, executor)
    progress(f"Measuring {len(missing)} networks.")
    tasks = [(*key, paths[key], path) for key in missing]
    for rows in study.side_by_side(
        measure, tasks, executor, progress, lambda rows: " · ".join(map(str, rows[0][:3]))
    ):
        there |= set(rows)
        measurements.write(_path(), COLUMNS, there)


def measure(model, recipe, seed, weights, path):
    """Return rows of ``COLUMNS``, one for each of ``MEASURES``, of a network with those weights.

    Rates in 0–1. ``drawings`` and the next three are about the pen-drawn digits of writers 21–30
    under all conditions, the first, third and fourth through ``center``: rate, rate of the writer
    who is read least, expected calibration error. ``rotation``, ``thin`` and ``thick``: accuracy
    on test digits turned by 30° either way, with strokes half and twice as wide. ``sure_…``: the
    share of drawings that are no digit of whose reading the network is sure.
    """
    from mnist_compare import training

    def read(digits):
        return training.read(model, weights, digits)

    labels, writers, centred, cropped = _drawings(path)
    given = read(centred)
    right, right_cropped = (each.argmax(axis=1) == labels for each in (given, read(cropped)))
    by_writer, by_writer_cropped = (
        [each[writers == writer].mean() for writer in pendigits.REPORTING_WRITERS]
        for each in (right, right_cropped)
    )
    found = {
        "drawings": np.mean(by_writer),
        "drawings_crop": np.mean(by_writer_cropped),
        "worst_writer": min(by_writer),
        "drawings_calibration": metrics.calibration_error(given.max(axis=1), right),
    }
    for name, (digits, digit_labels) in _changed().items():
        found[name] = metrics.accuracy(digit_labels, read(digits).argmax(axis=1))
    for name, pictures in no_digits().items():
        found[f"sure_{name}"] = (read(pictures).max(axis=1) >= UNSURE_BELOW).mean()
    found["confidence_blank"] = read(np.zeros((1, 28, 28), np.uint8)).max()
    mark = study.fingerprint(model, recipe)
    return [(model, recipe, seed, name, float(found[name]), mark) for name in MEASURES]


@lru_cache(maxsize=1)
def _drawings(path):
    """Return labels, writers and the pictures through center and crop, of writers 21–30."""
    digits = pendigits.read(path)
    which = [i for i, digit in enumerate(digits) if digit.writer in pendigits.REPORTING_WRITERS]
    conditions = pendigits.CONDITIONS[: 1 if runs.fast() else None]
    pictures = np.concatenate([pendigits.pictures(digits, c, which) for c in conditions], axis=1)
    labels = np.tile([digits[i].label for i in which], len(conditions))
    writers = np.tile([digits[i].writer for i in which], len(conditions))
    crop, center = (pendigits.PIPELINES.index(name) for name in ("crop", "center"))
    return labels, writers, pictures[center], pictures[crop]


@lru_cache(maxsize=1)
def _changed():
    """Return {measure: (changed test digits, labels)}."""
    _, (digits, labels) = data.load_mnist()
    if runs.fast():
        digits, labels = digits[:100], labels[:100]
    return {name: (changed(digits, *what), labels) for name, what in CHANGED.items()}


@lru_cache(maxsize=1)
def no_digits():
    """Return {kind: pictures that are no digit}."""
    count = 20 if runs.fast() else NO_DIGITS
    return {
        "curves": scribbles.curves(count, NO_DIGITS_SEED),
        "walks": scribbles.walks(count, NO_DIGITS_SEED),
        "letters": scribbles.letters()[0],
    }


def read():
    """Return the record as a table with the columns ``COLUMNS``.

    Raises ValueError with the file and what to do where it cannot be read, or was measured with
    other networks than those of the recorded runs.
    """
    record = _stored()
    measured = set(zip(record.model, record.recipe, record.fingerprint, strict=True))
    runs.require_networks(measured, _path())
    return record


def _stored():
    types = {"seed": int, "value": float}
    return measurements.read(_path(), COLUMNS, types, "study --drawings PATH")


def _path():
    return runs.folder() / "ablation.csv"
