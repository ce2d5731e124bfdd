"""Drawings to begin with: our own, drawn as the pad draws, and digits of MNIST's, misread."""

from collections.abc import Sequence
from functools import cache

import numpy as np
from PIL import Image, ImageDraw

from mnist_compare import data, predictor
from mnist_compare.page import parts
from mnist_compare.preprocessing import CANVAS, preprocess
from mnist_compare.records import runs
from mnist_compare.records.networks import COMPARED, SERVED

ZOOM = 4  # drawn so many times too large and averaged, for soft edges


def examples() -> list[tuple[int, Image.Image]]:
    """Return the example drawings: pairs of the digit that is meant and a Pillow image.

    They were made before any network had answered, and stay as they are whatever the answers.
    """
    drawings = parts.data("demo_drawings.json")
    return [(each["digit"], _draw(each["strokes"], each["pen"])) for each in drawings]


def stroke_examples() -> list[dict]:
    """Return the same drawings for the pad: digit, name, and strokes of points and pen width."""
    drawings = parts.data("demo_drawings.json")
    for drawing in drawings:
        drawing["strokes"] = [
            {"pen": drawing["pen"], "points": np.round(_points(stroke, 12), 1).tolist()}
            for stroke in drawing["strokes"]
        ]
    return drawings


def misread(models: Sequence[str], count: int = 6) -> list[tuple[int, int, np.ndarray]]:
    """Return the first MNIST test digits that all the networks misread, dark on white.

    They are (index, label, (28, 28) uint8), found in the records of seed 0 and checked with the
    weights that the demo uses. There are none without models, or where the package is installed
    without the repository and its records.
    """
    answers = _recorded_answers(models)
    if not answers:
        return []
    _, (digits, labels) = data.load("mnist")
    wrong = np.flatnonzero((np.stack(answers) != labels).all(axis=0))
    again = np.stack([predictor.load(model)(digits[wrong]).argmax(axis=1) for model in models])
    wrong = wrong[(again != labels[wrong]).all(axis=0)]
    return [(int(i), int(labels[i]), 255 - digits[i]) for i in wrong[:count]]


@cache
def contested() -> tuple:
    """Return the first MNIST test digit that the MLP misreads and the others read, all being sure.

    They read it as the pad has it, through ``center``. It is as in ``misread()``; () without
    records.
    """
    answers = _recorded_answers(COMPARED)
    if not answers:
        return ()
    _, (digits, labels) = data.load("mnist")
    for i in np.flatnonzero(answers[0] != answers[1]):
        drawing = 255 - digits[i]
        seen = preprocess(Image.fromarray(drawing)).digit
        probabilities = np.stack([predictor.load(name)(seen) for name in SERVED])
        mlp, cnn, reader = probabilities.argmax(axis=1)
        sure = probabilities.max(axis=1).min() >= predictor.UNSURE_BELOW
        if sure and mlp != cnn == reader == labels[i]:
            return int(i), int(labels[i]), drawing
    return ()


def _recorded_answers(models):
    """Return the last answers of seed 0 to the test digits of each model, [] where one has none."""
    try:
        recorded = {run.model: run for run in runs.read(protocol="fair") if run.seed == 0}
        return [[*recorded[model].predictions.values()][-1] for model in models]
    except (FileNotFoundError, KeyError):
        return []


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
