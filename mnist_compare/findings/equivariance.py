"""What a shift of a digit changes inside the networks, with the weights that come with the package.

How similar the networks' representations of digits stay: those of the convolution move with the
digit, those of hidden layers do not stay the same.
"""

from collections.abc import Sequence

import numpy as np

from mnist_compare import predictor, training
from mnist_compare.records import networks
from mnist_compare.report.draw.drawing import Drawing
from mnist_compare.report.draw.style import styled


@styled
def figure(digits: np.ndarray) -> Drawing:
    """Draw what a shift changes: the maps of the first digit, and similarities of 500 by shift.

    Dotted lines show how alike different digits are to a hidden layer.
    """
    pictures = shifted_maps(digits[0], 4)
    figure = Drawing((6.6, 2.3), layout="constrained")
    halves = figure.subfigures(1, 2, squeeze=False, width_ratios=(1, 1.15))
    left, right = halves.flat
    grid = left.subplots(2, len(pictures))
    for column, (title, *both) in zip(grid.T, pictures, strict=True):
        for axis, picture in zip(column, both, strict=True):
            axis.imshow(picture)
            axis.set(xticks=[], yticks=[])
        column[0].set_title(title, fontsize=7)
    grid[0, 0].set_ylabel("as it is")
    grid[1, 0].set_ylabel("shifted")
    axis = right.subplots()
    similarity = representations(digits[:500], range(7))
    for i, (name, (model, shifts, cosines, other)) in enumerate(similarity.items()):
        colour = networks.colour(model)
        axis.plot(shifts, cosines, "-" if i else "--", marker="o", ms=3, color=colour, label=name)
        if i:
            axis.axhline(other, color=colour, linewidth=1, linestyle=":")
    axis.set(xlabel="shift to the right (pixels)", ylabel="cosine similarity", ylim=(0, 1.05))
    axis.legend(loc="lower left", fontsize=7)
    return figure


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
