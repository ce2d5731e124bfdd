"""Turn drawings into the 28×28 pictures that the models expect, in named steps."""

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image
from scipy import ndimage

from mnist_compare.photographs import FAINTEST_INK, paper, to_grey

PIPELINES = ("resize", "crop", "center")

SIDE = 28
# A share of the longer side of the ink, on each end of it. The square is then 1 + 2 · 0.2 = 1.4
# times that side, so the digit fills 28 / 1.4 = 20 of 28 pixels, as MNIST's digits do.
PADDING = 0.2
MASS_CENTER = 14  # row and column: every MNIST centre of mass lies within half a pixel of (14, 14)
CANVAS = 280  # pixels a side of a drawing on the pad, as in pad.js
LONGEST_SIDE = 1024  # pixels: larger pictures are reduced first; 28×28 needs far fewer
EDGE_LEVEL = 0.05  # of the strongest ink: anything fainter is paper
SPECK = 0.02  # of the mass of the heaviest connected piece: anything lighter is dirt


@dataclass(frozen=True)
class Preprocessed:
    """A drawing as the models expect it, with the steps in between."""

    digit: np.ndarray  # (28, 28) uint8, bright ink on black as in MNIST, all zero if blank
    steps: dict[str, np.ndarray]  # 2-D uint8 pictures, in order; if blank, the last is "ink"
    box: tuple[int, int, int, int] | None  # of the ink in pixels of the drawing, None if blank
    blank: bool


def preprocess(drawing, pipeline: str = "center") -> Preprocessed:
    """Turn a drawing, which ``to_grey()`` describes, into a digit.

    All pipelines look for the ink first. ``resize`` shrinks all of the canvas, ``crop`` the box of
    the ink with 20 % of padding, and ``center`` also moves the centre of mass to where MNIST has
    it. Raises ValueError for what is no drawing and for an unknown pipeline.
    """
    if pipeline not in PIPELINES:
        raise ValueError(f"unknown pipeline {pipeline!r}: choose one of {', '.join(PIPELINES)}")
    full_grey = to_grey(drawing)
    # Averaging whole blocks removes sensor noise from a large photo, but no ink.
    factor = math.ceil(max(full_grey.shape) / LONGEST_SIDE)
    grey = np.asarray(Image.fromarray(full_grey).reduce(factor)) if factor > 1 else full_grey
    ink = extract_ink(grey)
    steps = {"grey": grey, "ink": ink}
    box = bounding_box(ink)
    if box is None:
        return Preprocessed(np.zeros((SIDE, SIDE), np.uint8), steps, box=None, blank=True)

    if pipeline == "resize":
        steps["square"] = pad_to_square(ink, padding=0)
        digit = shrink(steps["square"])
    else:
        steps["cropped"] = crop(ink, box)  # to be looked at: crop_padded() begins with it
        steps["padded"] = crop_padded(ink)
        digit = shrink(steps["padded"])
    steps["28×28"] = digit
    if pipeline == "center":
        digit = center(digit)
        steps["centred"] = digit

    height, width = full_grey.shape
    left, top, right, bottom = [factor * side for side in box]
    box = (left, top, min(right, width), min(bottom, height))
    return Preprocessed(digit, steps, box, blank=False)


def extract_ink(grey: np.ndarray) -> np.ndarray:
    """Return the ink alone, bright on black: (height, width) uint8, all zero for a blank drawing.

    The paper is what most of the border shows or, in uneven light, most of the picture; ink is
    what differs from it, darker or brighter. Soft edges stay grey, and specks are removed.
    """
    level, noise = paper(grey)
    difference = grey - level
    # By the third power, a few strong pixels, which are ink, outweigh many weak ones, the paper.
    if np.vdot(difference * difference, difference) < 0:
        difference = -difference
    strongest = difference.max()
    # Of a million pixels of Gaussian noise, one exceeds 6 standard deviations in 0.1 % of pictures.
    if strongest < max(FAINTEST_INK, 6 * noise):
        return np.zeros_like(grey)

    is_ink = difference > max(EDGE_LEVEL * strongest, 4 * noise)
    pieces, _ = ndimage.label(is_ink, structure=np.ones((3, 3)))
    # The ink of each piece: pieces are numbered from 1, and 0 is the paper, which has none.
    mass = np.bincount(pieces[is_ink], weights=difference[is_ink])
    is_kept = mass >= SPECK * mass.max()
    return _stretch(np.where(is_kept[pieces], difference, 0))


def bounding_box(ink: np.ndarray) -> tuple[int, int, int, int] | None:
    """Return (left, top, right, bottom) of the ink, uint8 above 0, or None if there is none."""
    return Image.fromarray(ink).getbbox()


def crop(ink: np.ndarray, box: tuple[int, int, int, int]) -> np.ndarray:
    """Return the part of a 2-D picture inside a box (left, top, right, bottom)."""
    left, top, right, bottom = box
    return ink[top:bottom, left:right]


def crop_padded(picture: np.ndarray, padding: float = PADDING) -> np.ndarray:
    """Return the box of the ink of a 2-D picture, bright on black, in a square with padding.

    The padding is a share of the box's longer side, on each end of it; across it, there is more.
    Raises ValueError for a picture without ink.
    """
    box = bounding_box(picture)
    if box is None:
        raise ValueError("there is no ink in the picture")
    return pad_to_square(crop(picture, box), padding)


def pad_to_square(ink: np.ndarray, padding: float = PADDING) -> np.ndarray:
    """Return a 2-D picture in a black square with padding, a share of the picture's longer side.

    It is rounded to whole pixels, at least one unless it is 0.
    """
    height, width = ink.shape
    border = 0
    if padding > 0:
        border = max(1, round(padding * max(ink.shape)))
    side = max(ink.shape) + 2 * border
    square = np.zeros((side, side), ink.dtype)
    top, left = (side - height) // 2, (side - width) // 2
    square[top : top + height, left : left + width] = ink
    return square


def shrink(square: np.ndarray) -> np.ndarray:
    """Return a square picture with ink as (28, 28) uint8, its brightest pixel 255.

    Each new pixel is a weighted mean of the old ones around it (a Hamming window). A thin stroke
    turns faint, but every MNIST digit peaks at 254 or 255.
    """
    image = Image.fromarray(square.astype(np.float32))
    return _stretch(np.asarray(image.resize((SIDE, SIDE), Image.Resampling.HAMMING)))


def center(digit: np.ndarray) -> np.ndarray:
    """Return a (28, 28) digit with ink, its centre of mass shifted to about row and column 14.

    What leaves the picture is cut off, as it was in 13 of MNIST's 60,000 training digits. The rule
    is MNIST's own: http://yann.lecun.com/exdb/mnist/.
    """
    # By whole pixels, as in MNIST, whose digits come back unchanged; a fraction would blur them.
    shift = np.rint(MASS_CENTER - np.array(ndimage.center_of_mass(digit)))
    return ndimage.shift(digit, shift, order=0)


def _stretch(picture):
    return np.rint(picture * (255 / picture.max())).astype(np.uint8)
