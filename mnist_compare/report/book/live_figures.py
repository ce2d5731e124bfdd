"""Figures that answer: the records as plain data for ``curves.js`` and ``confusion.js``."""

from contextlib import suppress
from itertools import product

import numpy as np

from mnist_compare import data, metrics
from mnist_compare.findings.changes import CHANGES
from mnist_compare.findings.robustness import Robustness
from mnist_compare.page import parts
from mnist_compare.records import runs
from mnist_compare.records.networks import COMPARED

SLIDERS = ("shift", "rotation", "scale")  # of ``CHANGES``
WIDE = 32  # digits side by side in a sprite: in one row or column, they might be too many for WebP
OF_THE_MLP = "fig-confusion-mlp"
RIGHT = 24  # correct answers of a digit that are shown, the first ones; of mistakes, all are


def of(page):
    """Return {label: data} of the figures of a page that answer, none without records."""
    found = {}
    with suppress(FileNotFoundError):
        if f'id="{OF_THE_MLP}"' in page:
            found[OF_THE_MLP] = confusion("mlp")
    return found


def curves():
    """Return the data of ``makeCurves``: how accuracy falls with each change.

    ``curves`` hold the levels of a change and the mean accuracy of each network over the seeds.
    """
    _, (_, labels) = data.load("mnist")
    lines = Robustness("fair").curves(SLIDERS)
    ((_, accuracies), *_) = lines["shift"].values()
    return {
        "curves": {change: _curve(change, line) for change, line in lines.items()},
        "seeds": accuracies.shape[1],
        "tested": len(labels),
    }


def confusion(name):
    """Return the data of ``confusion.js`` for the network called ``name``, as it is shipped.

    ``counts`` has a row for each digit and a column for each answer; ``cells`` has, in their place,
    the indices of the test digits to show. ``sprite`` shows these in that order, bright on black,
    ``wide`` of them in a row.
    """
    _, (digits, labels) = data.load("mnist")
    read = _read(name)
    cells, shown = [[] for _ in range(10)], []
    for digit, answer in product(range(10), repeat=2):
        there = np.flatnonzero((labels == digit) & (read == answer)).tolist()
        cells[digit].append(there[: RIGHT if digit == answer else None])
        shown += cells[digit][-1]
    return {
        "model": name,
        "counts": metrics.confusion_matrix(labels, read).tolist(),
        "cells": cells,
        "wide": WIDE,
        "sprite": _sprite(digits[shown]),
    }


def _sprite(digits):
    rows = -(-len(digits) // WIDE)
    places = np.zeros((rows * WIDE, 28, 28), np.uint8)
    places[: len(digits)] = digits
    sheet = places.reshape(rows, WIDE, 28, 28).swapaxes(1, 2).reshape(28 * rows, 28 * WIDE)
    return parts.data_url(sheet, max(sheet.shape))


def _read(name):
    """Return what the shipped network, the one of seed 0, reads in the test digits."""
    (run,) = (run for run in runs.reported(name) if run.seed == 0)
    return [*run.predictions.values()][-1]


def _curve(change, lines):
    means = {model: accuracy.mean(axis=1).tolist() for model, (_, accuracy) in lines.items()}
    (levels, _) = lines[COMPARED[0]]
    return {"levels": levels.tolist(), "neutral": CHANGES[change].neutral} | means
