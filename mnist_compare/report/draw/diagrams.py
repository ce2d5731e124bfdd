"""Diagrams of a network, drawn from its Keras model, and of a drawing's way through the pipeline.

``network()`` reads every name, shape and number from the model, so that it also describes a network
that a reader of the notebooks has edited.
"""

import math

from matplotlib.patches import Rectangle

from mnist_compare.records import networks
from mnist_compare.report.draw.drawing import Drawing
from mnist_compare.report.draw.style import GREY, PALE, styled

IN_A_ROW = 7  # layers
COLUMN, ROW = 0.9, 1.3  # inches
LARGEST = 0.6  # inches: the side of a picture of 28×28
TITLE = {"fontsize": 6.5, "pad": 3}


@styled
def network(model):
    """Draw the layers of a built Keras model from left to right, each as the shape of its output.

    Pictures are stacks of squares to scale, with more sheets for more channels; a row of numbers is
    a bar whose height grows with the logarithm of their count. Layers with parameters are coloured.
    """
    steps = [("input", model.inputs[0], 0)]
    steps += [(_name(layer), layer.output, layer.count_params()) for layer in model.layers]
    rows = -(-len(steps) // IN_A_ROW)
    width = COLUMN * min(len(steps), IN_A_ROW)
    figure, axis = _canvas(width, ROW * rows)
    for number, (name, output, parameters) in enumerate(steps):
        row, column = divmod(number, IN_A_ROW)
        x, y = COLUMN * (column + 0.5), ROW * (rows - row) - 0.5
        colour = networks.colour(model.name) if parameters else GREY
        _draw_output(axis, x, y, output.shape[1:], colour)
        if number:
            axis.text(x - COLUMN / 2, y, "→", ha="center", va="center", color=GREY, fontsize=10)
        shape = "×".join(f"{side:,}" for side in output.shape[1:])
        lines = [name, shape, *([f"{parameters:,} parameters"] if parameters else [])]
        look = {"ha": "center", "va": "top", "fontsize": 6.4, "linespacing": 1.3}
        axis.text(x, y - 0.43, "\n".join(lines), **look)
    return figure


@styled
def pipeline(drawing, seen, probabilities, model):
    """Draw the way of a drawing: every step of a ``Preprocessed``, the network, its ten answers.

    ``drawing`` is the Pillow image, ``seen`` what ``preprocess()`` made of it, not blank, and
    ``probabilities`` (10,) what the network named ``model`` answers. The ink has its box in red.
    """
    pictures = {"drawing": drawing, **seen.steps}
    figure = Drawing((6.3, 0.82), layout="constrained")
    axes = figure.subplots(1, len(pictures) + 2)
    for axis, (name, picture) in zip(axes, pictures.items(), strict=False):
        axis.imshow(picture, cmap="gray", vmin=0, vmax=255)
        axis.set(xticks=[], yticks=[], box_aspect=1, adjustable="datalim")
        axis.spines[:].set(visible=True, color=PALE)
        axis.set_title(name, **TITLE)
    left, top, right, bottom = seen.box
    box = Rectangle((left, top), right - left, bottom - top, fill=False, color=networks.RED, lw=0.8)
    axes[list(pictures).index("ink")].add_patch(box)
    colour, title = networks.colour(model), networks.title(model)
    *_, named, answers = axes
    named.add_patch(Rectangle((0, 0), 1, 1, color=colour))
    named.text(0.5, 0.5, title, ha="center", va="center", color="white", fontsize=8)
    named.set(xticks=[], yticks=[], xlim=(0, 1), ylim=(0, 1), box_aspect=1)
    named.set_title("network", **TITLE)
    answers.barh(range(10), probabilities, color=colour)
    answers.set(xlim=(0, 1), ylim=(9.6, -0.6), xticks=[], box_aspect=1)
    answers.set_yticks(range(10), range(10), fontsize=5)
    answers.tick_params(length=0, pad=1)
    answers.grid(False)
    answers.set_title("probabilities", **TITLE)
    for axis in axes[:-1]:
        arrow = {"transform": axis.transAxes, "color": GREY, "fontsize": 7}
        axis.text(1.14, 0.5, "→", ha="center", va="center", **arrow)
    return figure


def _canvas(width, height):
    """Return a figure and its only axes, without frame, whose unit is an inch."""
    figure = Drawing((width, height))
    axis = figure.add_axes((0, 0, 1, 1))
    axis.set(xlim=(0, width), ylim=(0, height))
    axis.axis("off")
    return figure, axis


def _draw_output(axis, x, y, shape, colour):
    """Draw an output's shape around (x, y): a stack of pictures or a bar."""
    if len(shape) == 1:
        width, height, sheets = 0.1, 0.16 * math.log10(10 * shape[0]), 1
    else:
        height, width = (LARGEST * side / 28 for side in shape[:2])
        sheets = 1 + round(math.log2(shape[2])) if shape[2:] else 1
    spread = 0.03 * (sheets - 1)
    for sheet in range(sheets):
        shift = spread / 2 - 0.03 * sheet
        corner = x - width / 2 + shift, y - height / 2 + shift
        look = {"facecolor": "white", "edgecolor": colour, "linewidth": 0.8}
        axis.add_patch(Rectangle(corner, width, height, **look))
    axis.patches[-1].set(facecolor=colour, alpha=0.85)


def _name(layer):
    """Return a layer's kind as Keras calls it, with the size of its kernel and its activation."""
    size = getattr(layer, "kernel_size", None) or getattr(layer, "pool_size", None)
    name = " ".join([type(layer).__name__, *(["×".join(map(str, size))] if size else [])])
    activation = getattr(getattr(layer, "activation", None), "__name__", "linear")
    return name if activation == "linear" else f"{name}, {activation}"
