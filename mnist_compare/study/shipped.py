"""What chapters measure whenever they run, with the weights that come with the package."""

import numpy as np
import pandas as pd
from PIL import Image

from mnist_compare import metrics, predictor, training
from mnist_compare.networks import COMPARED, NETWORKS
from mnist_compare.preprocessing import CANVAS, PIPELINES, preprocess


def on_canvas(digit, side, left, top):
    """Return a (280, 280) uint8 canvas, black on white, with the digit ``side`` pixels wide."""
    canvas = Image.new("L", (CANVAS, CANVAS), 255)
    picture = Image.fromarray(255 - digit).resize((side, side), Image.Resampling.BICUBIC)
    canvas.paste(picture, (left, top))
    return np.asarray(canvas)


def pipelines(digits, labels, seed=0):
    """Return the share of digits, drawn on a canvas, that each model reads through each pipeline.

    The frame has a row per pipeline and two columns per model: ``filling``, the digit as large as
    the canvas, and ``small``, 100 pixels wide in a random place, drawn from ``seed``.
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
            for model in COMPARED:
                right = metrics.accuracy(labels, predictor.load(model)(read).argmax(axis=1))
                rates.loc[pipeline, f"{NETWORKS[model].title}, {size}"] = right
    return rates[[f"{NETWORKS[model].title}, {size}" for model in COMPARED for size in drawings]]


def representations(digits, shifts):
    """Return how similar the networks' representations of digits stay when the digits are shifted.

    ``digits`` are (n, 28, 28) uint8, shifted right by each of ``shifts`` pixels, 0 first. The
    result is {name: (model, shifts, cosine similarities with the unshifted digits, that of
    different digits)}, means over the digits, for the hidden layers of both networks and for the
    convolution's maps, shifted back.
    """
    moved = {pixels: _to_the_right(digits, pixels) for pixels in shifts}
    hidden = {model: {p: layer_output(model, -2, moved[p]) for p in shifts} for model in COMPARED}
    maps = {p: layer_output("cnn", 0, moved[p]) for p in shifts}
    edge = max(shifts)
    back = {p: maps[p][:, :, p : maps[p].shape[2] - edge + p] for p in shifts}
    return {
        "CNN, maps of the convolution, shifted back": _similarity("cnn", back),
        "CNN, hidden layer": _similarity("cnn", hidden["cnn"]),
        "MLP, hidden layer": _similarity("mlp", hidden["mlp"]),
    }


def layer_output(model, layer, digits):
    """Return the output of a layer, by its index, for digits (n, 28, 28) uint8."""
    network = predictor.load_keras(model)
    images = training.as_input(network, digits)
    for step in network.layers[: layer + 1 or None]:
        images = step(images)
    return np.asarray(images)


def shifted_maps(digit, pixels):
    """Return [(title, unshifted, shifted)] of a digit, a map of the CNN and that map pooled.

    The map is the one with the strongest mean response to the digit.
    """
    both = np.stack([digit, _to_the_right(digit, pixels)])
    maps, pooled = (layer_output("cnn", layer, both) for layer in (0, 1))
    strongest = maps[0].mean(axis=(0, 1)).argmax()
    pictures = {"digit": both, "a map": maps[..., strongest], "pooled": pooled[..., strongest]}
    return [(title, *pair) for title, pair in pictures.items()]


def _similarity(model, by_shift):
    flat = {pixels: given.reshape(len(given), -1) for pixels, given in by_shift.items()}
    cosines = [_cosine(given, flat[0]) for given in flat.values()]
    return model, list(by_shift), cosines, _cosine(flat[0], np.roll(flat[0], 1, axis=0))


def _cosine(one, other):
    lengths = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    return float(np.mean((one * other).sum(axis=1) / lengths))


def _to_the_right(digits, pixels):
    moved = np.zeros_like(digits)
    moved[..., pixels:] = digits[..., : digits.shape[-1] - pixels]
    return moved
