"""Compute what a trained network answers, in NumPy: a few digits need no more than that."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

AT_ONCE = 250  # digits; the windows of a convolution take memory


def probabilities(steps: list[dict], images: np.ndarray) -> np.ndarray:
    """Return (n, 10) float32 for images (n, 28, 28, 1) float32 in 0–1.

    ``steps`` are those of ``layers.steps_of()``.
    """
    parts = np.array_split(images, 1 + len(images) // AT_ONCE)
    return np.concatenate([_computed(steps, part) for part in parts])


def _computed(steps, values):
    for step in steps:
        values = COMPUTED[step["kind"]](step, values, *step["arrays"])
    return values


def _convolution(step, images, kernel, bias=0):
    rows, columns, *_ = kernel.shape
    if step["same"]:
        sides = [((side - 1) // 2, side // 2) for side in (rows, columns)]
        images = np.pad(images, [(0, 0), *sides, (0, 0)])
    windows = sliding_window_view(images, (rows, columns), axis=(1, 2))
    return np.tensordot(windows, kernel, axes=[(4, 5, 3), (0, 1, 2)]) + bias


def _pooling(step, images):
    size = step["size"]
    high, wide = (side // size * size for side in images.shape[1:3])  # what is over is left out
    squares = range(size * size)
    return np.max([images[:, i // size : high : size, i % size : wide : size] for i in squares], 0)


def _softmax(_, rows):
    powers = np.exp(rows - rows.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


COMPUTED = {
    "convolution": _convolution,
    "pooling": _pooling,
    "scaling": lambda _, values, factor, shift: values * factor + shift,
    "dense": lambda _, values, kernel, bias: values.reshape(-1, len(kernel)) @ kernel + bias,
    "relu": lambda _, values: np.maximum(values, 0),
    "softmax": _softmax,
}
