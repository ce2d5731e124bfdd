"""Compute what a trained network answers, in NumPy: a few digits need no more than that."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

AT_ONCE = 250  # digits; the windows of a convolution take memory


def probabilities(steps: list[dict], images: np.ndarray) -> np.ndarray:
    """Return (n, 10) float32 for images (n, 28, 28, 1) float32 in 0–1, as ``steps`` compute them.

    They are those of ``layers.steps()``.
    """
    batches = [images[start : start + AT_ONCE] for start in range(0, len(images), AT_ONCE)]
    return np.concatenate([_computed(steps, batch) for batch in batches or [images]])


def _computed(steps, values):
    for step in steps:
        settings = {name: value for name, value in step.items() if name not in ("kind", "arrays")}
        values = COMPUTED[step["kind"]](values, *step["arrays"], **settings)
    return values


def convolution(images, kernel, bias=0, *, same):
    """Return the sums of a kernel (rows, columns, channels, filters) at each place of images."""
    rows, columns, *_ = kernel.shape
    if same:
        sides = [((side - 1) // 2, side // 2) for side in (rows, columns)]
        images = np.pad(images, [(0, 0), *sides, (0, 0)])
    windows = sliding_window_view(images, (rows, columns), axis=(1, 2))
    return np.tensordot(windows, kernel, axes=[(4, 5, 3), (0, 1, 2)]) + bias


def pooling(images, *, size):
    """Return the largest value of each square of images; what is over at the edges is left out."""
    high, wide = (side // size * size for side in images.shape[1:3])
    squares = range(size * size)
    return np.max([images[:, i // size : high : size, i % size : wide : size] for i in squares], 0)


def softmax(rows):
    """Return e to the power of each value, as a share of its row."""
    powers = np.exp(rows - rows.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


COMPUTED = {
    "convolution": convolution,
    "pooling": pooling,
    "scaling": lambda values, factor, shift: values * factor + shift,
    "dense": lambda values, kernel, bias: values.reshape(-1, len(kernel)) @ kernel + bias,
    "relu": lambda values: np.maximum(values, 0),
    "softmax": softmax,
}
