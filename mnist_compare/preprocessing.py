"""Turn drawings into the 28×28 pictures that the models expect, in named steps."""

import contextlib
import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice, repeat
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError
from scipy import ndimage

PIPELINES = ("resize", "crop", "center")

SIDE = 28
MARGIN = 0.2  # of the larger side of the box, on every side: 28 / 1.4 = 20, MNIST's box
MASS_CENTER = 14  # row and column: every MNIST centre of mass lies within half a pixel of (14, 14)
CANVAS = 280  # pixels a side of a drawing on the pad, as in pad.js
LARGEST_PICTURE = 25_000_000  # pixels: enough for most photos, too few for a memory bomb
LARGEST_FILE = 100_000_000  # bytes
MOST_SCANS = 10  # of a JPEG of that many pixels, more of a smaller one: each costs as much as all
MOST_PARTS = 200  # of a file, such as profiles and notes, each of which may take 3 ms to decode
MOST_CHUNKS = 20_000  # of a file, with those that hold a few pixels each
LONGEST_SIDE = 1024  # pixels: larger pictures are reduced first; 28×28 needs far fewer
SCAN = b"\xff\xda"  # begins one of a JPEG
SEGMENT = re.compile(rb"\xff[\xc0-\xc7\xc9-\xcf\xda-\xef\xfe]")  # begins a part with a length
FAINTEST_INK = 12  # grey levels between ink and paper; with less contrast, a drawing is blank
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

    The pipeline ``resize`` shrinks the whole canvas, ``crop`` the box of the ink with a margin of
    20 %, and ``center`` also moves the centre of mass to where MNIST has it. Raises ValueError for
    what is no drawing and for an unknown pipeline.
    """
    if pipeline not in PIPELINES:
        raise ValueError(f"unknown pipeline {pipeline!r}: choose one of {', '.join(PIPELINES)}")
    full_grey = to_grey(drawing)
    # Averaging whole blocks removes sensor noise from a large photo, but no ink.
    factor = -(-max(full_grey.shape) // LONGEST_SIDE)
    grey = np.asarray(Image.fromarray(full_grey).reduce(factor)) if factor > 1 else full_grey
    ink = extract_ink(grey)
    steps = {"grey": grey, "ink": ink}
    box = bounding_box(ink)
    if box is None:
        return Preprocessed(np.zeros((SIDE, SIDE), np.uint8), steps, box=None, blank=True)

    if pipeline == "resize":
        square = steps["square"] = pad_to_square(ink, margin=0)
    else:
        steps["cropped"] = crop(ink, box)
        square = steps["padded"] = pad_to_square(steps["cropped"])
    digit = steps["28×28"] = shrink(square)
    if pipeline == "center":
        digit = steps["centred"] = center(digit)

    limits = full_grey.shape[::-1] * 2  # width, height, width, height
    box = tuple(np.minimum(np.multiply(box, factor), limits).tolist())
    return Preprocessed(digit, steps, box, blank=False)


class TooLarge(ValueError):
    """Raised for a picture that would take too much memory or time to decode."""


def open_picture(file: str | Path | BinaryIO, largest: int = LARGEST_PICTURE) -> Image.Image:
    """Open a PNG or JPEG, given as a path or a binary file, and return an upright picture.

    Raises TooLarge, before anything is decoded, for more than ``largest`` pixels and for a file
    that is made to take seconds, and ValueError for another format, a damaged file, or anything
    that is not a file.
    """
    if isinstance(file, str | Path):
        if not Path(file).exists():
            raise ValueError("there is no such file")
        if not Path(file).is_file():  # a pipe, say, may never end
            raise ValueError("this is not a file")
        with open(file, "rb") as opened:
            return open_picture(opened, largest)
    try:
        scans = _scans(file)
        image = Image.open(file, formats=["PNG", "JPEG"])
        if image.width * image.height > largest:
            raise Image.DecompressionBombError
        if scans * image.width * image.height > MOST_SCANS * LARGEST_PICTURE:
            raise TooLarge(f"the picture is stored in {scans} layers; save it as a plain PNG")
        image.load()
    except TooLarge:
        raise
    except Image.DecompressionBombError:
        raise TooLarge(f"the picture has more than {largest:,} pixels; make it smaller") from None
    except UnidentifiedImageError:
        raise ValueError("this is not a PNG or JPEG picture") from None
    except Exception as error:  # Pillow raises a dozen kinds
        raise ValueError(f"the picture cannot be read: {error}") from None
    # Where Pillow cannot read the EXIF block, the picture stays as it is stored.
    with contextlib.suppress(Exception):
        return ImageOps.exif_transpose(image)
    return image


def _scans(file):
    """Return how many times a file goes through all pixels; raise TooLarge for too many parts."""
    data = file.read(LARGEST_FILE + 1)
    file.seek(0)
    if len(data) > LARGEST_FILE:
        raise TooLarge(f"the file has more than {LARGEST_FILE:,} bytes; make the picture smaller")
    parts = Counter(islice(_parts(data), MOST_CHUNKS))
    if parts.total() == MOST_CHUNKS or parts.total() - parts[b"IDAT"] - parts[SCAN] > MOST_PARTS:
        raise TooLarge("the file has too many parts beside its pixels; save it as a plain PNG")
    return parts[SCAN]


def _parts(data):
    """Yield the type of each chunk of a PNG or segment of a JPEG, as Pillow goes through them."""
    if data.startswith(b"\x89PNG"):
        position = 8
        while position < len(data):
            yield data[position + 4 : position + 8]
            position += 12 + int.from_bytes(data[position : position + 4], "big")
        return
    position, is_head = 2, True
    while segment := SEGMENT.search(data, position):
        if is_head:  # there, Pillow takes whatever stands between segments byte by byte
            yield from repeat(b"", segment.start() - position)
        yield segment[0]
        is_head = is_head and segment[0] != SCAN
        position = segment.end() + int.from_bytes(data[segment.end() : segment.end() + 2], "big")


def to_grey(drawing) -> np.ndarray:
    """Return a drawing on white paper in grey: (height, width) uint8.

    ``drawing`` is a Pillow image, or an array (height, width) or (height, width, channels) with 1
    to 4 channels: L, LA, RGB, RGBA. White is 255 for uint8, otherwise the first of 1, 255 and 65535
    that no value exceeds. NaN and infinity become the median of the other values, usually paper. If
    only the alpha channel shows the drawing (white ink on a transparent canvas), opaque is dark.
    Raises ValueError for anything else and for an empty side.
    """
    image = _as_image(drawing)
    if not image.has_transparency_data:
        return np.asarray(image.convert("L"))
    image = image.convert("RGBA")
    on_paper = Image.new("L", image.size, "white")
    on_paper.paste(image.convert("L"), mask=image.getchannel("A"))
    grey, alpha = np.asarray(on_paper), np.asarray(image.getchannel("A"))
    return 255 - alpha if np.ptp(grey) < FAINTEST_INK <= np.ptp(alpha) else grey


def _as_image(drawing):
    if isinstance(drawing, Image.Image) and drawing.mode[0] not in "IF" and all(drawing.size):
        return drawing
    pixels = np.asarray(drawing)
    picture_shape = pixels.ndim == 2 or (pixels.ndim == 3 and pixels.shape[2] in (1, 2, 3, 4))
    if not picture_shape or pixels.size == 0 or pixels.dtype.kind not in "buif":
        raise ValueError(
            "a drawing must be a non-empty array of numbers, height × width or height × width × "
            f"1 to 4 channels, not {pixels.dtype} of shape {pixels.shape}"
        )
    if pixels.dtype != np.uint8:
        pixels = _to_eight_bits(pixels)
    return Image.fromarray(pixels[..., 0] if pixels.shape[2:] == (1,) else pixels)


def _to_eight_bits(pixels):
    values = pixels.astype(np.float64)
    finite = np.isfinite(values)
    if not finite.all():
        values[~finite] = np.median(values[finite]) if finite.any() else 0
    largest = values.max()
    white = next((white for white in (1, 255, 65535) if largest <= white), largest)
    return np.rint(np.clip(values / white, 0, 1) * 255).astype(np.uint8)


def extract_ink(grey: np.ndarray) -> np.ndarray:
    """Return the ink alone, bright on black: (height, width) uint8, all zero for a blank drawing.

    The paper is what most of the border shows or, in uneven light, most of the picture; ink is
    what differs from it, darker or brighter. Soft edges stay grey, and specks are removed.
    """
    paper, noise = _paper(grey)
    difference = grey - paper
    # By the third power, a few strong pixels, which are ink, outweigh many weak ones, the paper.
    if np.vdot(difference * difference, difference) < 0:
        difference = -difference
    strongest = difference.max()
    # Of a million pixels of Gaussian noise, the largest stays below 5 standard deviations.
    if strongest < max(FAINTEST_INK, 6 * noise):
        return np.zeros_like(grey)

    is_ink = difference > max(EDGE_LEVEL * strongest, 4 * noise)
    pieces, _ = ndimage.label(is_ink, structure=np.ones((3, 3)))
    mass = np.bincount(pieces[is_ink], weights=difference[is_ink])  # piece 0, the paper, has none
    is_kept = mass >= SPECK * mass.max()
    return _stretch(np.where(is_kept[pieces], difference, 0))


def _paper(grey):
    """Return the grey of the paper, a float32 scalar or picture, and the spread of its noise."""
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    level = np.median(border).astype(np.float32)
    spread = np.median(np.abs(border - level))
    if spread <= 1:  # even light, even if ink fills more than half of the picture
        return level, spread * 1.4826

    # Uneven light: fit a quadratic surface by least absolute deviations (iteratively reweighted
    # least squares), which strokes distort less than they would an ordinary fit.
    height, width = grey.shape
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    terms = np.stack(np.broadcast_arrays(np.float32(1), x, y, x * x, x * y, y * y), axis=-1)
    thin = np.s_[:: -(-height // 32), :: -(-width // 32)]
    sample_terms, sample = terms[thin].reshape(-1, 6), grey[thin].ravel()
    weights = np.ones(sample.size)
    for _ in range(10):
        coefficients = np.linalg.lstsq(sample_terms * weights[:, None], sample * weights)[0]
        residual = np.abs(sample - sample_terms @ coefficients)
        weights = 1 / np.sqrt(np.maximum(residual, 1))
    # 1.4826 turns the median absolute deviation of Gaussian noise into its standard deviation.
    return terms @ coefficients.astype(np.float32), np.median(residual) * 1.4826


def bounding_box(ink: np.ndarray) -> tuple[int, int, int, int] | None:
    """Return (left, top, right, bottom) of the pixels above zero, or None if there are none."""
    return Image.fromarray(ink).getbbox()


def crop(ink: np.ndarray, box: tuple[int, int, int, int]) -> np.ndarray:
    """Return the part of a 2-D picture inside a box (left, top, right, bottom)."""
    left, top, right, bottom = box
    return ink[top:bottom, left:right]


def pad_to_square(ink: np.ndarray, margin: float = MARGIN) -> np.ndarray:
    """Return a 2-D picture in a black square with a margin, a share of the picture's larger side.

    It is rounded to whole pixels, at least one unless it is 0.
    """
    height, width = ink.shape
    border = max(1, round(margin * max(ink.shape))) if margin else 0
    side = max(ink.shape) + 2 * border
    square = np.zeros((side, side), ink.dtype)
    top, left = (side - height) // 2, (side - width) // 2
    square[top : top + height, left : left + width] = ink
    return square


def shrink(square: np.ndarray) -> np.ndarray:
    """Return a square picture as (28, 28) uint8, antialiased, its brightest pixel 255.

    Averaged with paper, a thin stroke turns faint, but every MNIST digit peaks at 254 or 255.
    """
    image = Image.fromarray(square.astype(np.float32))
    return _stretch(np.asarray(image.resize((SIDE, SIDE), Image.Resampling.HAMMING)))


def center(digit: np.ndarray) -> np.ndarray:
    """Return a (28, 28) digit shifted so that its centre of mass is nearest to row and column 14.

    What leaves the picture is cut off, as it was in 13 of MNIST's 60,000 training digits. The rule
    is MNIST's own: http://yann.lecun.com/exdb/mnist/.
    """
    # By whole pixels, as in MNIST, whose digits come back unchanged; a fraction would blur them.
    shift = np.rint(MASS_CENTER - np.array(ndimage.center_of_mass(digit)))
    return ndimage.shift(digit, shift, order=0)


def _stretch(picture):
    return np.rint(picture * (255 / picture.max())).astype(np.uint8)
