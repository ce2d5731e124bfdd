"""The chapter on the data: what MNIST contains."""

from types import SimpleNamespace

import numpy as np

from mnist_compare import data, predictor
from mnist_compare.findings.recorded import recorded
from mnist_compare.page import gallery
from mnist_compare.preprocessing import preprocess
from mnist_compare.records.networks import SERVED
from mnist_compare.report.draw import figures
from mnist_compare.report.words.tables import Table


@recorded()
def disagreement():
    """Draw the digit that the page's first pad starts with, and what each network reads in it."""
    _, _, drawing = gallery.contested()
    digit = preprocess(drawing).digit
    probabilities = {name: predictor.load(name)(digit) for name in SERVED}
    return figures.disagreement(255 - drawing, probabilities)


def mnist() -> Table:
    """Return a table of facts about MNIST, computed from its arrays."""
    (x_train, y_train), (x_test, _) = data.load("mnist")
    facts = {
        "training digits": f"{len(x_train):,}",
        "test digits": f"{len(x_test):,}",
        "height × width": f"{x_train.shape[1]} × {x_train.shape[2]} = {x_train[0].size} pixels",
        "grey values": f"{x_train.min()} (paper) to {x_train.max()} (ink), {x_train.dtype}",
        "classes": f"{len(np.unique(y_train))}, the digits 0 to 9",
        "array of training digits": f"{x_train.shape}",
        "array of training labels": f"{y_train.shape}",
        "share of pixels without ink": f"{np.mean(x_train == 0):.0%}",
        "mean grey value": f"{x_train.mean():.1f}",
    }
    return Table(facts.items(), columns=["Fact", "Value"])


def guessing() -> SimpleNamespace:
    """Return what the most ``common`` training digit is worth as an answer to all test digits.

    ``right`` answers of so many ``test`` digits; ``train`` is the number of training digits.
    """
    (_, y_train), (_, y_test) = data.load("mnist")
    common = int(np.bincount(y_train).argmax())
    right = int(np.sum(y_test == common))
    return SimpleNamespace(common=common, right=right, train=len(y_train), test=len(y_test))
