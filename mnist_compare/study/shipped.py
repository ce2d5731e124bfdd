"""What chapters measure whenever they run, with the weights that come with the package."""

from collections.abc import Sequence
from itertools import product

import numpy as np
import pandas as pd
from PIL import Image

from mnist_compare import predictor, training
from mnist_compare.preprocessing import CANVAS, PIPELINES, preprocess
from mnist_compare.records.networks import COMPARED, NETWORKS


def on_canvas(digit: np.ndarray, side: int, left: int = 0, top: int = 0) -> np.ndarray:
    """Return a (280, 280) uint8 canvas, black on white, with the digit ``side`` pixels wide."""
    canvas = Image.new("L", (CANVAS, CANVAS), 255)
    picture = Image.fromarray(255 - digit).resize((side, side), Image.Resampling.BICUBIC)
    canvas.paste(picture, (left, top))
    return np.asarray(canvas)


def pipelines(digits: np.ndarray, labels: np.ndarray) -> pd.DataFrame:
    """Return the share of digits, drawn on a canvas, that each model reads through each pipeline.

    There is a row per pipeline and two columns per model: ``filling``, the digit as large as the
    canvas, and ``small``, 100 pixels wide in a random place.
    """
    places = np.random.default_rng(0).integers(0, CANVAS - 100, (len(digits), 2), endpoint=True)
    placed = zip(digits, places.tolist(), strict=True)
    drawings = {
        "filling": [on_canvas(digit, CANVAS) for digit in digits],
        "small": [on_canvas(digit, 100, *place) for digit, place in placed],
    }
    rates = pd.DataFrame(index=pd.Index(PIPELINES, name="Pipeline"))
    for size, pipeline in product(drawings, PIPELINES):
        seen = np.stack([preprocess(drawing, pipeline).digit for drawing in drawings[size]])
        for model in COMPARED:
            right = predictor.load(model)(seen).argmax(axis=1) == labels
            rates.loc[pipeline, f"{NETWORKS[model].title}, {size}"] = right.mean()
    return rates[[f"{NETWORKS[model].title}, {size}" for model in COMPARED for size in drawings]]


def representations(digits: np.ndarray, shifts: Sequence[int]) -> dict[str, tuple]:
    """Return how similar the networks' representations of digits stay when the digits are shifted.

    ``digits`` are (n, 28, 28) uint8, shifted right by each of ``shifts`` pixels, 0 first. The
    result is {name: (model, shifts, cosine similarities with the unshifted digits, that of
    different digits)}, means over the digits.
    """

    def similarity(model, layer):
        outputs = []
        for pixels in shifts:
            output = layer_output(model, layer, _to_the_right(digits, pixels))
            if layer == 0:  # of maps, the columns that every shift leaves, shifted back
                output = output[:, :, pixels : output.shape[2] - max(shifts) + pixels]
            outputs.append(output.reshape(len(digits), -1))
        unshifted = outputs[0]
        cosines = [_cosine(output, unshifted) for output in outputs]
        return model, list(shifts), cosines, _cosine(unshifted, np.roll(unshifted, 1, axis=0))

    return {
        "CNN, maps of the convolution, shifted back": similarity("cnn", 0),
        "CNN, hidden layer": similarity("cnn", -2),
        "MLP, hidden layer": similarity("mlp", -2),
    }


def layer_output(model: str, layer: int, digits: np.ndarray) -> np.ndarray:
    """Return the output of a layer, by its index, for digits (n, 28, 28) uint8."""
    network = predictor.load_keras(model)
    images = training.as_input(network, digits)
    for step in network.layers[: layer + 1 or None]:
        images = step(images)
    return np.asarray(images)


def shifted_maps(digit: np.ndarray, pixels: int) -> list[tuple]:
    """Return [(title, unshifted, shifted)] of a digit, a map of the CNN and that map pooled.

    The map is the one with the strongest mean response to the digit.
    """
    both = np.stack([digit, _to_the_right(digit, pixels)])
    maps, pooled = (layer_output("cnn", layer, both) for layer in (0, 1))
    strongest = maps[0].mean(axis=(0, 1)).argmax()
    pictures = {"digit": both, "a map": maps[..., strongest], "pooled": pooled[..., strongest]}
    return [(title, *pair) for title, pair in pictures.items()]


def _cosine(one, other):
    lengths = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    return float(np.mean((one * other).sum(axis=1) / lengths))


def _to_the_right(digits, pixels):
    moved = np.zeros_like(digits)
    moved[..., pixels:] = digits[..., : digits.shape[-1] - pixels]
    return moved
