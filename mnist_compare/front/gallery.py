"""Drawings to begin with: our own, drawn as the pad draws, and digits of MNIST's, misread."""

from functools import cache

import numpy as np
from PIL import Image, ImageDraw

from mnist_compare import data, predictor
from mnist_compare.front import parts
from mnist_compare.networks import COMPARED, SERVED
from mnist_compare.preprocessing import CANVAS, preprocess
from mnist_compare.records import runs

ZOOM = 4  # drawn so many times too large and averaged, for soft edges


def examples():
    """Return the example drawings: pairs of the digit that is meant and a Pillow image.

    They were made before any network had answered, and stay as they are whatever the answers.
    """
    return [(each["digit"], _draw(each["strokes"], each["pen"])) for each in _drawings()]


def stroke_examples():
    """Return the same drawings for the pad: digit, name, and strokes of points and pen width."""

    def on_the_pad(stroke, pen):
        return {"pen": pen, "points": np.round(_points(stroke, 12), 1).tolist()}

    return [
        each | {"strokes": [on_the_pad(stroke, each["pen"]) for stroke in each["strokes"]]}
        for each in _drawings()
    ]


def misread(models, count=6):
    """Return the first MNIST test digits that all the networks misread, dark on white.

    They are (index, label, (28, 28) uint8), found in the records of seed 0 and checked with the
    weights that the demo uses. There are none without models, or where one has no such record, as
    where the package is installed without the repository.
    """
    recorded = _recorded()
    if not models or not {*models} <= {*recorded}:
        return []
    _, (digits, labels) = data.load("mnist")
    answers = np.stack([[*recorded[model].predictions.values()][-1] for model in models])
    wrong = np.flatnonzero((answers != labels).all(axis=0))
    again = np.stack([predictor.load(model)(digits[wrong]).argmax(axis=1) for model in models])
    wrong = wrong[(again != labels[wrong]).all(axis=0)]
    return [(int(i), int(labels[i]), 255 - digits[i]) for i in wrong[:count]]


@cache
def contested():
    """Return the first MNIST test digit that the MLP misreads and the others read, all being sure.

    The networks read it as the pad has it, through ``center``. It is as in ``misread()``, or ()
    where the package is installed without the repository.
    """
    recorded = _recorded()
    if not {*COMPARED} <= {*recorded}:
        return ()
    _, (digits, labels) = data.load("mnist")
    answers = [[*recorded[model].predictions.values()][-1] for model in COMPARED]
    for i in np.flatnonzero(answers[0] != answers[1]):
        drawing = 255 - digits[i]
        seen = preprocess(Image.fromarray(drawing)).digit[None]
        shares = np.concatenate([predictor.load(name)(seen) for name in SERVED])
        mlp, cnn, reader = shares.argmax(axis=1)
        sure = shares.max(axis=1).min() >= predictor.UNSURE_BELOW
        if sure and mlp != cnn == reader == labels[i]:
            return int(i), int(labels[i]), drawing
    return ()


def _recorded():
    """Return {model: its run of seed 0}, empty where there are no records."""
    try:
        return {run.model: run for run in runs.read(protocol="fair") if run.seed == 0}
    except FileNotFoundError:
        return {}


def _drawings():
    return parts.data("demo_drawings.json")


def _points(stroke, steps):
    """Return points along a stroke of cubic Bézier curves, (n, 2)."""
    t = np.linspace(0, 1, steps)[:, None]
    corners = np.array(stroke)
    return np.concatenate(
        [
            a * (1 - t) ** 3 + 3 * b * t * (1 - t) ** 2 + 3 * c * t**2 * (1 - t) + d * t**3
            for a, b, c, d in (corners[i : i + 4] for i in range(0, len(corners) - 1, 3))
        ]
    )


def _draw(strokes, pen):
    """Draw strokes as the pad does: black, round, soft at the edge."""
    canvas = Image.new("L", (CANVAS * ZOOM, CANVAS * ZOOM), "white")
    brush = ImageDraw.Draw(canvas)
    for stroke in strokes:
        for point in _points(stroke, 200) * ZOOM:
            brush.circle(tuple(point), pen * ZOOM / 2, fill="black")
    return canvas.reduce(ZOOM)
