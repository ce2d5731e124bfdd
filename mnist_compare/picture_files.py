"""Open a picture file, unless decoding it would take too much memory or time."""

import contextlib
import re
from collections import Counter
from itertools import islice, repeat
from pathlib import Path
from typing import BinaryIO

from PIL import Image, ImageOps, UnidentifiedImageError

LARGEST_PICTURE = 25_000_000  # pixels: enough for most photos, too few for a memory bomb
LARGEST_FILE = 100_000_000  # bytes
MOST_SCANS = 10  # of a JPEG of that many pixels, more of a smaller one: each costs as much as all
MOST_PARTS = 200  # of a file, such as profiles and notes, each of which may take 3 ms to decode
MOST_CHUNKS = 20_000  # of a file, with those that hold a few pixels each
SCAN = b"\xff\xda"  # begins one of a JPEG
SEGMENT = re.compile(rb"\xff[\xc0-\xc7\xc9-\xcf\xda-\xef\xfe]")  # begins a part with a length


class TooLarge(ValueError):
    """Raised for a picture that would take too much memory or time to decode."""


def open_picture(file: str | Path | BinaryIO, largest: int = LARGEST_PICTURE) -> Image.Image:
    """Open a PNG or JPEG, given as a path or a binary file, and return an upright picture.

    Raises TooLarge, before anything is decoded, for more than ``largest`` pixels and for a file
    that is made to take seconds, ValueError for another format, a damaged file, or anything that
    is not a file, and OSError for a path that cannot be opened.
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
    file.seek(0)
    data = file.read(LARGEST_FILE + 1)
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
