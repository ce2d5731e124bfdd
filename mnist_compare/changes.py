"""Controlled changes of digits, each with one number that says how much.

Digits are (n, 28, 28) uint8, bright ink on black, before and after. Where MNIST-C has the change
(N. Mu, J. Gilmer: MNIST-C, a robustness benchmark for computer vision, 2019), its definition is
followed: warps about the middle of the picture with linear interpolation, and a direction drawn for
each digit.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

MIDDLE = 13.5  # row and column between the four central pixels


@dataclass(frozen=True)
class Change:
    """A change of digits: ``apply(digits, level, generator)`` at one of ``levels``.

    ``neutral`` is the level that leaves the digits as they are, ``unit`` how a level is read.
    """

    apply: Callable
    levels: tuple
    neutral: float
    unit: str


def changed(digits, name, level, seed=0):
    """Return the digits changed by ``CHANGES[name]`` at a level.

    What is drawn at random (directions, places) depends on ``seed`` alone: at every level it is the
    same for a digit. Raises KeyError for an unknown name.
    """
    return CHANGES[name].apply(digits, level, np.random.default_rng(seed))


def shift(digits, pixels, generator):
    """Move each digit by whole pixels along both axes, each way drawn at random (MNIST-C)."""
    moved = np.zeros_like(digits)
    for digit, there, (down, right) in zip(
        digits, moved, _directions(generator, (len(digits), 2)) * pixels, strict=True
    ):
        ndimage.shift(digit, (down, right), output=there, order=0)
    return moved


def rotate(digits, degrees, generator):
    """Rotate each digit about the middle, clockwise or not at random (MNIST-C)."""
    angle = np.radians(degrees)
    cosine, sine = np.cos(angle), np.sin(angle)
    return _warp(
        digits,
        [
            [[cosine, way * sine], [-way * sine, cosine]]
            for way in _directions(generator, len(digits))
        ],
    )


def scale(digits, factor, generator):
    """Draw each digit ``factor`` times as large about the middle (MNIST-C, both ways)."""
    return _warp(digits, [np.eye(2) / factor] * len(digits))


def shear(digits, slope, generator):
    """Slant each digit by ``slope`` pixels sideways a row, left or right at random (MNIST-C)."""
    return _warp(
        digits, [[[1, 0], [way * slope, 1]] for way in _directions(generator, len(digits))]
    )


def stroke_width(digits, factor, generator):
    """Make the strokes of each digit ``factor`` times as wide, after Morpho-MNIST.

    Fourfold enlarged, the ink is thinned or widened by its distance to the edge, and reduced again.
    Thinning keeps each stroke's middle line, so that a stroke hardly ever breaks; widening adds the
    same to all strokes of a digit, in proportion to their mean width (D. C. Castro, J. Tan, B.
    Kainz, E. Konukoglu, B. Glocker: Morpho-MNIST, 2019). At a factor of 1 the digit is drawn anew
    all the same, so that levels differ by width alone.
    """
    return np.stack([_with_stroke(digit, factor) for digit in digits])


def impulse_noise(digits, share, generator):
    """Set a share of the pixels to black or white at random (MNIST-C)."""
    noise = generator.random(digits.shape)
    value = np.where(generator.random(digits.shape) < 0.5, 0, 255)
    return np.where(noise < share, value, digits).astype(np.uint8)


def blur(digits, pixels, generator):
    """Blur each digit by a Gaussian whose standard deviation is ``pixels``."""
    return _as_bytes(ndimage.gaussian_filter(digits.astype(np.float32), (0, pixels, pixels)))


def contrast(digits, factor, generator):
    """Draw each pixel ``factor`` times as far from the digit's mean grey, as in ImageNet-C."""
    mean = digits.mean(axis=(1, 2), keepdims=True)
    return _as_bytes((digits - mean) * factor + mean)


def occlude(digits, side, generator):
    """Cover each digit with a black square of ``side`` pixels, its place drawn at random.

    The middle of the square lies in the middle 20×20 pixels, where MNIST has its ink; a large
    square may hang over the edge.
    """
    covered = digits.copy()
    for digit, (row, column) in zip(
        covered, generator.integers(4, 24, (len(digits), 2)), strict=True
    ):
        top, left = max(row - side // 2, 0), max(column - side // 2, 0)
        digit[top : row - side // 2 + side, left : column - side // 2 + side] = 0
    return covered


CHANGES = {
    "shift": Change(shift, tuple(range(9)), 0, "pixels along both axes"),
    "rotation": Change(rotate, tuple(range(0, 61, 10)), 0, "degrees"),
    "scale": Change(scale, (0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5), 1.0, "times"),
    "shear": Change(shear, (0.0, 0.2, 0.4, 0.6, 0.8, 1.0), 0.0, "pixels a row"),
    "stroke width": Change(stroke_width, (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 2.5), 1.0, "times"),
    "impulse noise": Change(
        impulse_noise, (0.0, 0.03, 0.06, 0.09, 0.17, 0.27), 0.0, "share of pixels"
    ),
    "blur": Change(blur, (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0), 0.0, "pixels"),
    "contrast": Change(contrast, (1.0, 0.6, 0.4, 0.3, 0.2, 0.1, 0.05), 1.0, "times"),
    "occlusion": Change(occlude, (0, 4, 6, 8, 10, 12, 14), 0, "pixels a side"),
}

_ENLARGED = 4


def _with_stroke(digit, factor):
    large = ndimage.zoom(
        digit.astype(np.float32), _ENLARGED, order=1, grid_mode=True, mode="grid-constant"
    )
    ink = large > 127
    if not ink.any():
        return digit
    # Distances to the edge, which runs half a pixel outside the outermost ink.
    inside = np.where(ink, ndimage.distance_transform_edt(ink) - 0.5, 0)
    largest_near = ndimage.maximum_filter(inside, 3)
    if factor < 1:
        # Each place is thinned by the width of the stroke at its own middle line; taken with a
        # tolerance, the line has no gaps where a stroke tapers.
        middle = ink & (inside >= largest_near - 0.35)
        row, column = ndimage.distance_transform_edt(
            ~middle, return_distances=False, return_indices=True
        )
        wanted = ink * np.clip(inside - (1 - factor) * inside[row, column] + 0.5, 0, 1)
    else:
        half_width = inside[ink & (inside == largest_near)].mean()
        distance = inside - np.where(ink, 0, ndimage.distance_transform_edt(~ink) - 0.5)
        wanted = np.clip(distance + (factor - 1) * half_width + 0.5, 0, 1)
    return _as_bytes(255 * wanted.reshape(28, _ENLARGED, 28, _ENLARGED).mean(axis=(1, 3)))


def _warp(digits, matrices):
    """Return digits whose pixel at p shows what was at matrix·(p − middle) + middle."""
    return np.stack(
        [
            _as_bytes(
                ndimage.affine_transform(
                    digit.astype(np.float32),
                    matrix,
                    MIDDLE - np.asarray(matrix) @ (MIDDLE, MIDDLE),
                    order=1,
                )
            )
            for digit, matrix in zip(digits, matrices, strict=True)
        ]
    )


def _directions(generator, shape):
    return generator.choice((-1, 1), shape)


def _as_bytes(values):
    return np.rint(np.clip(values, 0, 255)).astype(np.uint8)
