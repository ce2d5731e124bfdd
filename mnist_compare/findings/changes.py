"""Controlled changes of digits, each with a level that says how strong it is.

Digits are (n, 28, 28) uint8, bright ink on black, before and after. Changes that MNIST-C has (N.
Mu, J. Gilmer: MNIST-C, a robustness benchmark for computer vision, 2019) follow its definition:
warps about the middle of the picture with linear interpolation, in a direction drawn for each
digit. The levels end where no network reads a fifth of the digits any more.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

MIDDLE = 13.5  # row and column between the four central pixels
ENLARGED = 4  # times, to vary the strokes


@dataclass(frozen=True)
class Change:
    """A change of digits: ``apply(digits, level, generator)`` at one of ``levels``."""

    apply: Callable
    levels: tuple[float, ...]
    neutral: float  # the level that leaves digits as they are


def examples(digit: np.ndarray) -> dict:
    """Return {change: [(level, changed digit)]} as ``sheets.changes_sheet`` has it."""
    pictures: dict[str, list] = {name: [] for name in CHANGES}
    for name, change in CHANGES.items():
        for level in change.levels:
            pictures[name].append((level, changed(digit[None], name, level)[0]))
    return pictures


def changed(digits: np.ndarray, name: str, level: float, seed: int = 0) -> np.ndarray:
    """Return the digits changed by ``CHANGES[name]`` at a level.

    Random directions and places depend on ``seed`` alone, so that a digit keeps its own at every
    level. Raises KeyError for an unknown name.
    """
    return CHANGES[name].apply(digits, level, np.random.default_rng(seed))


def shift(digits, pixels, generator):
    """Move each digit by whole pixels along both axes, either way at random (MNIST-C)."""
    steps = _directions(generator, (len(digits), 2)) * pixels
    return np.stack([ndimage.shift(*each, order=0) for each in zip(digits, steps, strict=True)])


def rotate(digits, degrees, generator):
    """Rotate each digit about the middle, clockwise or not at random (MNIST-C)."""
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    sines = _directions(generator, len(digits)) * sine
    return _warp(digits, [[[cosine, sine], [-sine, cosine]] for sine in sines])


def scale(digits, factor, generator):
    """Scale each digit by ``factor`` about the middle (in MNIST-C, both ways)."""
    return _warp(digits, [np.eye(2) / factor] * len(digits))


def shear(digits, slope, generator):
    """Shear each digit by ``slope`` pixels per row, left or right at random (MNIST-C)."""
    slopes = _directions(generator, len(digits)) * slope
    return _warp(digits, [[[1, 0], [slope, 1]] for slope in slopes])


def stroke_width(digits, factor, generator):
    """Make the strokes of each digit ``factor`` times as wide.

    As in Morpho-MNIST (D. C. Castro et al., 2019), the digit is enlarged fourfold, its ink thinned
    or widened by the distance to the edge, and the result reduced. Thinning keeps the middle line
    of a stroke; widening adds the same to all strokes of a digit. Even a factor of 1 redraws the
    digit, so that levels differ in width alone.
    """
    return np.stack([_with_stroke(digit, factor) for digit in digits])


def impulse_noise(digits, share, generator):
    """Set a random ``share`` of the pixels to black or white at random (MNIST-C)."""
    noise = generator.random(digits.shape)
    value = np.where(generator.random(digits.shape) < 0.5, 0, 255)
    return np.where(noise < share, value, digits).astype(np.uint8)


def blur(digits, pixels, generator):
    """Blur each digit with a Gaussian of standard deviation ``pixels``."""
    return _as_bytes(ndimage.gaussian_filter(digits.astype(np.float32), (0, pixels, pixels)))


def contrast(digits, factor, generator):
    """Multiply each pixel's distance from the digit's mean grey by ``factor``, as in ImageNet-C."""
    mean = digits.mean(axis=(1, 2), keepdims=True)
    return _as_bytes((digits - mean) * factor + mean)


def occlude(digits, side, generator):
    """Cover each digit with a black square of ``side`` pixels about one of the middle 20×20."""
    covered = digits.copy()
    corners = generator.integers(4, 24, (len(digits), 2)) - side // 2
    for digit, (top, left) in zip(covered, corners, strict=True):
        digit[max(top, 0) : top + side, max(left, 0) : left + side] = 0
    return covered


CHANGES = {
    "shift": Change(shift, tuple(range(5)), 0),
    "rotation": Change(rotate, tuple(range(0, 61, 10)), 0),
    "scale": Change(scale, (0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5), 1.0),
    "shear": Change(shear, (0.0, 0.2, 0.4, 0.6, 0.8, 1.0), 0.0),
    "stroke width": Change(stroke_width, (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 2.5), 1.0),
    "impulse noise": Change(impulse_noise, (0.0, 0.03, 0.06, 0.09, 0.17, 0.27), 0.0),
    "blur": Change(blur, (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0), 0.0),
    "contrast": Change(contrast, (1.0, 0.6, 0.4, 0.3, 0.2), 1.0),
    "occlusion": Change(occlude, (0, 4, 6, 8, 10, 12, 14), 0),
}


def _with_stroke(digit, factor):
    grey = digit.astype(np.float32)
    large = ndimage.zoom(grey, ENLARGED, order=1, grid_mode=True, mode="grid-constant")
    ink = large > 127
    if not ink.any():
        return digit
    # Distances to the edge, which lies half a pixel outside the outermost ink.
    inside = np.where(ink, ndimage.distance_transform_edt(ink) - 0.5, 0)
    largest_near = ndimage.maximum_filter(inside, 3)
    if factor < 1:
        # Each place is thinned by the width of the stroke at the nearest point of the middle line.
        # The tolerance keeps the line free of gaps where a stroke tapers.
        off_line = ~(ink & (inside >= largest_near - 0.35))
        _, (row, column) = ndimage.distance_transform_edt(off_line, return_indices=True)
        wanted = ink * np.clip(inside - (1 - factor) * inside[row, column] + 0.5, 0, 1)
    else:
        half_width = inside[ink & (inside == largest_near)].mean()
        distance = inside - np.where(ink, 0, ndimage.distance_transform_edt(~ink) - 0.5)
        wanted = np.clip(distance + (factor - 1) * half_width + 0.5, 0, 1)
    return _as_bytes(255 * wanted.reshape(28, ENLARGED, 28, ENLARGED).mean(axis=(1, 3)))


def _warp(digits, matrices):
    """Return digits whose pixel at p shows what was at matrix·(p − middle) + middle."""
    warped = []
    for digit, matrix in zip(digits.astype(np.float32), np.array(matrices), strict=True):
        offset = MIDDLE - matrix @ (MIDDLE, MIDDLE)
        warped.append(ndimage.affine_transform(digit, matrix, offset, order=1))
    return _as_bytes(np.stack(warped))


def _directions(generator, shape):
    return generator.choice((-1, 1), shape)


def _as_bytes(values):
    return np.rint(np.clip(values, 0, 255)).astype(np.uint8)
