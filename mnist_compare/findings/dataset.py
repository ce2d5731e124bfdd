"""The chapters on the data and on drawing: what MNIST contains, and what a canvas changes."""

from itertools import product

import numpy as np
import pandas as pd
from PIL import Image

from mnist_compare import data, predictor
from mnist_compare.findings.recorded import recorded
from mnist_compare.page import gallery
from mnist_compare.preprocessing import CANVAS, PIPELINES, preprocess
from mnist_compare.records.networks import COMPARED, SERVED, colour, title
from mnist_compare.report.draw.drawing import panels, percent
from mnist_compare.report.draw.style import PALE, styled
from mnist_compare.report.words.tables import Table


@recorded()
@styled
def figure_of_disagreement():
    """Draw the digit that the page's first pad starts with, and what each network reads in it."""
    _, _, drawing = gallery.contested()
    digit = preprocess(drawing).digit
    figure, (picture, *charts) = panels((6.3, 1.35), 1, 1 + len(SERVED))
    picture.imshow(255 - drawing, vmin=0, vmax=255)
    picture.axis("off")
    for bars, model in zip(charts, SERVED, strict=True):
        probabilities = predictor.load(model)(digit)
        colours = [PALE] * 10
        colours[int(np.argmax(probabilities))] = colour(model)
        bars.bar(range(10), probabilities, color=colours)
        bars.set(xticks=range(10), xlabel="digit", title=title(model), ylim=(0, 1.02))
        bars.grid(axis="x", visible=False)
        percent(bars.yaxis)
    return figure


def table() -> Table:
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


def table_of_pipelines() -> Table:
    """Return the share of a thousand test digits that each network reads through each pipeline.

    Drawn on a canvas: ``filling``, the digit as large as the canvas, and ``small``, 100 pixels wide
    in a random place. By the weights that come with the package.
    """
    _, test = data.load("mnist")
    digits, labels = test.pictures[:1000], test.labels[:1000]
    corners = np.random.default_rng(0).integers(0, CANVAS - 100, (1000, 2), endpoint=True).tolist()
    drawn = {
        "filling": [_on_canvas(digit, CANVAS, (0, 0)) for digit in digits],
        "small": [_on_canvas(digit, 100, at) for digit, at in zip(digits, corners, strict=True)],
    }
    rates = Table(index=pd.Index(PIPELINES, name="Pipeline"))
    for model, size in product(COMPARED, drawn):
        for pipeline in PIPELINES:
            seen = np.stack([preprocess(drawing, pipeline).digit for drawing in drawn[size]])
            right = predictor.load(model)(seen).argmax(axis=1) == labels
            rates.loc[pipeline, f"{title(model)}, {size}"] = f"{right.mean():.1%}"
    return rates


def _on_canvas(digit, side, corner):
    """Return a (280, 280) uint8 canvas, black on white, with the digit ``side`` pixels wide."""
    canvas = Image.new("L", (CANVAS, CANVAS), 255)
    picture = Image.fromarray(255 - digit).resize((side, side), Image.Resampling.BICUBIC)
    canvas.paste(picture, tuple(corner))
    return np.asarray(canvas)


class Dataset:
    """What the most ``common`` training digit is worth as an answer to all test digits.

    ``right`` answers of so many ``test`` digits; ``train`` is the number of training digits, and
    ``chance`` the loss of whoever gives each digit a tenth.
    """

    def __init__(self):
        (_, y_train), (_, y_test) = data.load("mnist")
        self.train, self.test = len(y_train), len(y_test)
        self.common = int(np.bincount(y_train).argmax())
        self.right = int(np.sum(y_test == self.common))
        self.chance = float(np.log(data.CLASSES))
