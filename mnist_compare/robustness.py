"""Controlled changes of digits, and how well the trained models read the changed ones.

Digits are (n, 28, 28) uint8, bright ink on black, labels (n,) integers in 0–9. The models are those
of the committed weights.
"""

import numpy as np
import pandas as pd
from PIL import Image

from mnist_compare import metrics, predictor
from mnist_compare.preprocessing import PIPELINES, preprocess
from mnist_compare.runs import MODELS

CANVAS = 280


def shift(digits, right):
    """Move the ink ``right`` (0–27) pixels to the right; what leaves the picture is lost."""
    moved = np.zeros_like(digits)
    moved[..., right:] = digits[..., : digits.shape[-1] - right]
    return moved


def on_canvas(digit, side, left, top):
    """Return a (280, 280) uint8 canvas, black ink on white, with the digit ``side`` pixels wide."""
    canvas = Image.new("L", (CANVAS, CANVAS), 255)
    picture = Image.fromarray(255 - digit).resize((side, side), Image.Resampling.BICUBIC)
    canvas.paste(picture, (left, top))
    return np.asarray(canvas)


def shifted_accuracy(digits, labels, shifts):
    """Return {model: accuracy at each of ``shifts`` pixels to the right}."""
    return {
        model: [_accuracy(model, shift(digits, right), labels) for right in shifts]
        for model in MODELS
    }


def pipelines(digits, labels, seed=0):
    """Return the share of digits, drawn on a canvas, that each model reads through each pipeline.

    A row per pipeline; for each model a column ``filling``, the digit's picture as large as the
    canvas, and one ``small``, 100 pixels wide in a place drawn at random from ``seed``.
    """
    places = np.random.default_rng(seed).integers(0, CANVAS - 100, (len(digits), 2), endpoint=True)
    drawings = {
        "filling": [on_canvas(digit, CANVAS, 0, 0) for digit in digits],
        "small": [on_canvas(d, 100, *map(int, p)) for d, p in zip(digits, places, strict=True)],
    }
    rates = pd.DataFrame(index=pd.Index(PIPELINES, name="Pipeline"))
    for size, drawn in drawings.items():
        for pipeline in PIPELINES:
            read = np.stack([preprocess(drawing, pipeline).digit for drawing in drawn])
            for model in MODELS:
                rate = _accuracy(model, read, labels)
                rates.loc[pipeline, f"{model.upper()}, {size}"] = f"{rate:.1%}"
    return rates[[f"{model.upper()}, {size}" for model in MODELS for size in drawings]]


def _accuracy(model, digits, labels):
    return metrics.accuracy(labels, predictor.load(model)(digits).argmax(axis=1))
