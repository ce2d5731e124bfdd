"""A writer's drawings as one file, ``digits-<code>.json``, as the class page makes it.

``code`` is what the writer chose to be called, ``digits`` what each drawing was to be, one
character each. ``drawings`` holds them in that order: 112×112 pixels, row by row, in 16 shades from
paper (0) to ink (15), two pixels a byte, the first in the upper half, all together deflated (zlib)
and in base64. ``format`` names all this.
"""

import base64
import json
import re
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

FORMAT = "mnist-compare drawings 1"
SIDE = 112  # pixels of a drawing
MOST = 1_000  # drawings in a file
LARGEST = 10_000_000  # bytes of a file
CODE = re.compile(r"[\w-]{1,12}")


def content(path: Path) -> bytes:
    """Return what is in a file; raise ValueError for what is none or too large, and OSError."""
    if not path.is_file():  # a pipe, say, may never end
        raise ValueError("it is not a file")
    if path.stat().st_size > LARGEST:
        raise ValueError("it is too large for a file of drawings")
    return path.read_bytes()


def read(path: Path) -> tuple[str, str, list[Image.Image]]:
    """Return the code of a writer, the digits and the drawings, dark on white.

    Raises ValueError, with a sentence, where the file is none of this kind, and OSError.
    """
    packed = content(path)
    try:
        told = json.loads(packed)
        form, code, digits, packed = (told[k] for k in ("format", "code", "digits", "drawings"))
        deflated = base64.b64decode(packed, validate=True)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ValueError("it is no file of drawings of the class page") from None
    if form != FORMAT:
        raise ValueError(f"its format is not {FORMAT!r}: draw with the class page of this version")
    if not (isinstance(code, str) and CODE.fullmatch(code)):
        raise ValueError("its code is not 1 to 12 letters and digits")
    if not (isinstance(digits, str) and re.fullmatch(r"[0-9]+", digits) and len(digits) <= MOST):
        raise ValueError(f"it does not name 1 to {MOST} digits")
    return code, digits, [Image.fromarray(grey) for grey in _unpacked(deflated, len(digits))]


def _unpacked(deflated, count):
    """Return uint8 (count, 112, 112), as dark as it was drawn; raise ValueError."""
    size = count * SIDE * SIDE // 2
    try:
        shades = zlib.decompressobj().decompress(deflated, size + 1)  # a bomb is not unpacked
    except zlib.error:
        raise ValueError("its drawings are damaged") from None
    if len(shades) != size:
        raise ValueError(f"its drawings are not {count} of {SIDE}×{SIDE} pixels")
    pairs = np.frombuffer(shades, np.uint8)
    return (255 - 17 * np.stack([pairs >> 4, pairs & 15], axis=1)).reshape(count, SIDE, SIDE)
