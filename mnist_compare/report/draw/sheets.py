"""Pictures of digits and of what networks make of them, side by side in one style.

Digits are (28, 28) uint8, labels integers in 0–9, probabilities (10,) or (n, 10) floats in 0–1.
"""

from itertools import zip_longest

import numpy as np
from matplotlib.axes import Axes

from mnist_compare import predictor
from mnist_compare.records.networks import RED
from mnist_compare.report.draw.drawing import Drawing, panels
from mnist_compare.report.draw.style import PALE, styled


@styled
def digit_grid(
    digits: np.ndarray, titles=None, columns: int = 10, colours=None, size: float = 0.75
) -> Drawing:
    """Draw digits in rows of ``columns``, each under its title, in its colour if one is given."""
    rows = -(-len(digits) // columns)
    height = size * (1.35 if titles is not None else 1)
    figure, axes = panels((columns * size, rows * height), rows, columns, squeeze=False)
    for axis in axes.flat:
        axis.axis("off")
    for i, (axis, digit) in enumerate(zip(axes.flat, digits, strict=False)):
        axis.imshow(digit, vmin=0, vmax=255)
        if titles is not None:
            axis.set_title(titles[i], fontsize=7, color=colours[i] if colours else "black", pad=3)
    return figure


def first_digits(digits: np.ndarray, labels: np.ndarray) -> Drawing:
    """Draw the first nine digits in a row, each under its label."""
    return digit_grid(digits[:9], labels[:9], columns=9, size=0.5)


def digit_sheet(digits: np.ndarray, labels: np.ndarray, per_class: int = 24) -> Drawing:
    """Draw the first ``per_class`` digits of every class, one class per row."""
    chosen = np.concatenate([np.flatnonzero(labels == k)[:per_class] for k in range(10)])
    return digit_grid(digits[chosen], columns=per_class, size=0.22)


@styled
def digit_as_numbers(digit: np.ndarray) -> Drawing:
    """Draw a digit beside its grey values."""
    figure, (picture, values) = panels((6.3, 2.7), 1, 2, width_ratios=(1, 1.15))
    picture.imshow(digit, vmin=0, vmax=255)
    values.imshow(digit, vmin=0, vmax=255, alpha=0.25)
    for (row, column), value in np.ndenumerate(digit):
        colour = "black" if value else PALE
        values.text(column, row, value, ha="center", va="center", fontsize=3, color=colour)
    picture.set_title("as a picture")
    values.set_title("as numbers: its grey values")
    for axis in (picture, values):
        axis.grid(False)
        axis.set(xticks=range(0, 28, 9), yticks=range(0, 28, 9))
    return figure


@styled
def convolution(digit: np.ndarray, kernel: np.ndarray, response: np.ndarray) -> Drawing:
    """Draw a digit, a 3×3 kernel with its weights, and the kernel's response to the digit."""
    figure, (image, weights, result) = panels((4.8, 1.65), 1, 3)
    image.imshow(digit, vmin=0, vmax=255)
    _signed(weights, kernel)
    for (row, column), value in np.ndenumerate(kernel):
        text = "0" if value == 0 else f"{value:+.0f}".replace("-", "−")
        colour = "black" if value == 0 else "white"
        weights.text(column, row, text, ha="center", va="center", color=colour)
    _signed(result, response)
    titles = {image: "digit, 28×28", weights: "kernel, 3×3", result: "response, 26×26"}
    for axis, title in titles.items():
        axis.set_title(title)
        axis.axis("off")
    return figure


def predictions(digits: np.ndarray, labels: np.ndarray, probabilities: np.ndarray) -> Drawing:
    """Draw digits in rows of ten under "label → answer" and the confidence; mistakes are red."""
    read, sure = probabilities.argmax(axis=1), probabilities.max(axis=1)
    titles = [
        f"{label} → {answer}\n{predictor.percentage(share)}"
        for label, answer, share in zip(labels, read, sure, strict=True)
    ]
    colours = np.where(read == labels, "black", RED).tolist()
    return digit_grid(digits, titles, 10, colours, size=0.63)


def confidently_wrong(
    digits: np.ndarray, labels: np.ndarray, probabilities: np.ndarray, count: int = 10
) -> Drawing:
    """Draw the digits that a model reads wrongly with the highest confidence, the highest first."""
    wrong = np.flatnonzero(probabilities.argmax(axis=1) != labels)
    surest = wrong[np.argsort(-probabilities[wrong].max(axis=1), kind="stable")[:count]]
    return predictions(digits[surest], labels[surest], probabilities[surest])


def first_layer(weights: np.ndarray, columns: int) -> Drawing:
    """Draw each unit's weights, (n, rows, columns): positive ones blue, negative ones red."""
    return _framed(weights, columns, _signed)


def feature_maps(digit: np.ndarray, maps: np.ndarray, columns: int = 11) -> Drawing:
    """Draw a digit and the maps (rows, columns, n) that a layer makes of it."""
    return _framed([digit, *np.moveaxis(maps, -1, 0)], columns, Axes.imshow)


@styled
def _framed(pictures, columns, draw):
    """Draw pictures in rows of ``columns``, each in a thin frame, by ``draw(axis, picture)``."""
    rows = -(-len(pictures) // columns)
    figure, axes = panels((6.3, 6.3 * rows / columns), rows, columns, squeeze=False)
    figure.get_layout_engine().set(w_pad=0.02, h_pad=0.02, wspace=0, hspace=0)
    for axis, picture in zip_longest(axes.flat, pictures):
        axis.set(xticks=[], yticks=[])
        axis.spines[:].set(visible=picture is not None, color=PALE, linewidth=0.6)
        if picture is not None:
            draw(axis, picture)
    return figure


def only_one_reads(
    digits: np.ndarray, labels: np.ndarray, mlp: np.ndarray, cnn: np.ndarray, count: int = 10
) -> Drawing:
    """Draw the first digits that only the CNN reads, and below them those that only the MLP reads.

    ``mlp`` and ``cnn`` are (n,) predicted digits. The titles give the label and the wrong answer.
    """
    only_cnn = np.flatnonzero((cnn == labels) & (mlp != labels))[:count]
    only_mlp = np.flatnonzero((mlp == labels) & (cnn != labels))[:count]
    chosen = np.concatenate([only_cnn, only_mlp])
    wrong = np.concatenate([mlp[only_cnn], cnn[only_mlp]])
    titles = [*map("{}, not {}".format, labels[chosen], wrong)]
    return digit_grid(digits[chosen], titles, columns=count, size=0.65)


@styled
def changes_sheet(rows: dict) -> Drawing:
    """Draw a digit at the levels of each change: {change: [(level, digit)]}, a row each."""
    columns = max(len(row) for row in rows.values())
    figure, grid = panels((6.6, 0.54 * len(rows)), len(rows), columns)
    for axis in grid.flat:
        axis.axis("off")
    for axes, (change, row) in zip(grid, rows.items(), strict=True):
        for axis, (level, digit) in zip(axes, row, strict=False):
            axis.imshow(digit, vmin=0, vmax=255)
            axis.set_title(f"{level:g}", fontsize=6, pad=2)
        axes[0].text(-0.25, 0.5, change, transform=axes[0].transAxes, ha="right", va="center")
    return figure


@styled
def augmented(examples: dict) -> Drawing:
    """Draw digits changed in several ways: {kind of change: (2, n, 28, 28) uint8}."""
    figure = Drawing((6.6, 2.9), layout="constrained")
    parts = figure.subfigures(-(-len(examples) // 3), 3, squeeze=False).ravel()
    for part, (name, pictures) in zip(parts, examples.items(), strict=False):
        part.suptitle(name, fontsize=8)
        axis = part.subplots()
        axis.imshow(np.vstack([np.hstack(row) for row in pictures]), vmin=0, vmax=255)
        axis.axis("off")
    return figure


def _signed(axis, values):
    limit = np.abs(values).max() or 1
    axis.imshow(values, cmap="RdBu", vmin=-limit, vmax=limit)
