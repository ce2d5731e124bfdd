"""What networks that learn in a page are given: digits, and recorded runs to be held against."""

import base64
import zlib

import numpy as np

from mnist_compare import data
from mnist_compare.page import parts
from mnist_compare.records import data_sets, runs
from mnist_compare.records.networks import COMPARED
from mnist_compare.records.place import FULL
from mnist_compare.records.protocols import EPOCHS, Protocol

MARK = '<div class="trainer"'
COUNTS = (100, 300, 1_000, 3_000)  # digits to learn, of which there are recorded runs
EVERY = 10  # of the test digits, one in so many is read


def lessons() -> dict:
    """Return what ``trainer.js`` is given, as plain data.

    ``digits``, those that the recorded runs of seed 0 learned, and ``unseen`` have four bits a
    pixel, deflated, in base64; their labels are text. ``recorded`` has what the recorded runs read
    of the unseen digits, by network, pixels and number of digits.
    """
    _, (test_digits, test_labels) = data.load("mnist")
    (digits, labels), *_ = data_sets.split("mlp", Protocol(digits=max(COUNTS)), seed=0)
    return {
        "digits": _packed(digits),
        "labels": _text(labels),
        "unseen": _packed(test_digits[::EVERY]),
        "unseen_labels": _text(test_labels[::EVERY]),
        "kernels": base64.b64encode((parts.ASSETS / "kernels.wasm").read_bytes()).decode(),
        "counts": COUNTS,
        "epochs": EPOCHS,
        "shown": FULL.shown,
        "recorded": {model: _recorded(model) for model in COMPARED},
    }


def _packed(digits):
    """Return digits of 16 shades, two pixels a byte."""
    shades = np.rint(digits / 17).astype(np.uint8).reshape(-1, 2)
    return base64.b64encode(zlib.compress(16 * shades[:, 0] + shades[:, 1], 9)).decode()


def _text(labels):
    return "".join(map(str, labels))


def _recorded(model):
    _, (_, labels) = data.load("mnist")

    def accuracies(**protocol):
        recorded = runs.read(model, Protocol(**protocol))
        return [np.mean((run.predictions[EPOCHS] == labels)[::EVERY]) for run in recorded]

    ways = {"given": False, "permuted": True}
    return {
        way: {count: accuracies(digits=count, permuted=permuted) for count in COUNTS}
        for way, permuted in ways.items()
    }
