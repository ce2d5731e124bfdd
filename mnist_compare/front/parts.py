"""What pages are made of: the words, the scripts, the styles and the pictures."""

import base64
import io
import json
import re
from functools import cache
from pathlib import Path

from PIL import Image

from mnist_compare.place import OF_THE_PACKAGE, readable

ASSETS = Path(__file__).parent / "assets"
FONTS = Path(__file__).parents[1] / "fonts"


@cache
def strings():
    """Return all that the demo says, by language."""
    return data("demo_strings.json")


def data(name):
    """Return what a JSON file of ``assets`` holds; raise ValueError where it is damaged."""
    with readable(ASSETS / name, OF_THE_PACKAGE):
        return json.loads(text(name))


def text(*names):
    """Return the text of files of ``assets``, one after the other."""
    return "\n".join((ASSETS / name).read_text("utf-8") for name in names)


def styles(*names):
    """Return style sheets of ``assets`` with the fonts that they name in them."""

    def embedded(match):
        font = base64.b64encode((FONTS / match[1]).read_bytes()).decode()
        return f'url("data:font/woff2;base64,{font}")'

    return re.sub(r'url\("(.+?)"\)', embedded, text(*names))


def data_url(pixels, side=160, compress_level=1):
    """Return the pixels, made smaller than the side, as a PNG in a data URL."""
    image, buffer = Image.fromarray(pixels), io.BytesIO()
    image.thumbnail((side, side))
    image.save(buffer, "PNG", compress_level=compress_level)
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"
