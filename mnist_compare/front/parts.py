"""What pages are made of: the words, the scripts, the styles and the pictures."""

import base64
import io
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from mnist_compare.place import OF_THE_PACKAGE, readable

ASSETS = Path(__file__).parent / "assets"
FONTS = Path(__file__).parents[1] / "fonts"


@cache
def strings() -> dict[str, dict]:
    """Return all that the demo says, by language."""
    return data("demo_strings.json")


def data(name: str) -> Any:
    """Return what a JSON file of ``assets`` holds; raise ValueError where it is damaged."""
    with readable(ASSETS / name, OF_THE_PACKAGE):
        return json.loads(text(name))


def text(*names: str) -> str:
    """Return the text of files of ``assets``, one after the other."""
    return "\n".join((ASSETS / name).read_text("utf-8") for name in names)


def styles(*names: str) -> str:
    """Return style sheets of ``assets`` with the fonts that they name in them."""

    def embedded(match):
        font = base64.b64encode((FONTS / match[1]).read_bytes()).decode()
        return f'url("data:font/woff2;base64,{font}")'

    return re.sub(r'url\("(.+?)"\)', embedded, text(*names))


def data_url(pixels: np.ndarray, side: int = 160) -> str:
    """Return uint8 pixels, made smaller than the side, as a picture in a data URL."""
    image = Image.fromarray(pixels)
    image.thumbnail((side, side))
    return f"data:image/webp;base64,{base64.b64encode(webp(image)).decode()}"


def webp(image: Image.Image) -> bytes:
    """Return a Pillow image as a WebP file without loss, about a third of the PNG."""
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", lossless=True, exact=True)
    return buffer.getvalue()
