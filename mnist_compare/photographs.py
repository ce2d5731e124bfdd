"""Open pictures of any kind, bring them to grey, and find the paper of a photograph."""

import contextlib
import re
from collections import Counter
from itertools import islice, repeat
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

LARGEST_PICTURE = 25_000_000  # pixels: enough for most photos, too few for a memory bomb
LARGEST_FILE = 100_000_000  # bytes
MOST_SCANS = 10  # of a JPEG of that many pixels, more of a smaller one: each costs as much as all
MOST_PARTS = 200  # of a file, such as profiles and notes, each of which may take 3 ms to decode
MOST_CHUNKS = 20_000  # of a file, with those that hold a few pixels each
SCAN = b"\xff\xda"  # begins one of a JPEG
SEGMENT = re.compile(rb"\xff[\xc0-\xc7\xc9-\xcf\xda-\xef\xfe]")  # begins a part with a length
FAINTEST_INK = 12  # grey levels between ink and paper; with less contrast, a drawing is blank


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


def paper(grey):
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
