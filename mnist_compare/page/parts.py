"""What pages are made of: the words, the scripts, the styles and the pictures.

A page names the files beside it, and ``embedded()`` makes one file of all.
"""

import base64
import hashlib
import io
import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from mnist_compare.files import OF_THE_PACKAGE, readable

ASSETS = Path(__file__).parent / "assets"
BUNDLES = Path(__file__).parent / "bundle"  # of the modules in scripts, made by `npm run build`
FONTS = Path(__file__).parents[1] / "fonts"
FILES = "files"  # the folder of what pages name
FROM_FILES = " 'self' file:"  # what such a page may load, in its policy
HELD = "mnistCompare.held = "  # begins the script that hands over a part of the data
KINDS = {"woff2": "font/woff2", "webp": "image/webp"}


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


def bundle(name: str) -> str:
    """Return a script that holds all the modules it is made of, and never ends a script element."""
    return (BUNDLES / name).read_text("utf-8")


def stored(folder: Path, content: bytes, suffix: str) -> str:
    """Write a file of a page in ``folder``, named by its content, and return its address there."""
    name = f"{FILES}/{hashlib.sha256(content).hexdigest()[:12]}.{suffix}"
    (folder / FILES).mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    return name


def part(folder: Path, value: Any) -> str:
    """Store plain data for a page that asks for it with ``part()``, and return the address."""
    return stored(folder, f"{HELD}{as_json(value)}".encode(), "js")


def as_json(value: Any) -> str:
    """Return plain data as JSON that may stand in a script, where only its end has a meaning."""
    return json.dumps(value, ensure_ascii=False).replace("</", "<\\/")


def embedded(html: str, folder: Path) -> str:
    """Return a page with the files in ``folder`` that it names within it, so that it loads none."""
    for path in sorted((folder / FILES).iterdir()):
        name, content = f"{FILES}/{path.name}", path.read_bytes()
        if path.suffix == ".js":
            script = content.decode()
            html = html.replace(f'<script defer src="{name}">', f"<script>\n{script}")
            html = html.replace(f'"{name}"', script.removeprefix(HELD))
        else:
            html = html.replace(name, within(content, path.suffix[1:]))
    return html.replace(FROM_FILES, "")


def within(content: bytes, suffix: str) -> str:
    """Return the address of a file that it holds itself."""
    return f"data:{KINDS[suffix]};base64,{base64.b64encode(content).decode()}"


def styles(sheet: str, address: Callable[[bytes, str], str] = within) -> str:
    """Return a style sheet with the addresses of the fonts that it names, from their contents."""

    def found(match):
        font = FONTS / match[1]
        return f'url("{address(font.read_bytes(), font.suffix[1:])}")'

    return re.sub(r'url\("(.+?)"\)', found, sheet)


def data_url(pixels: np.ndarray, side: int = 160) -> str:
    """Return uint8 pixels, made smaller than the side, as a picture in a data URL."""
    image = Image.fromarray(pixels)
    image.thumbnail((side, side))
    return within(webp(image), "webp")


def webp(image: Image.Image) -> bytes:
    """Return a Pillow image as a WebP file without loss, about a third of the PNG."""
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", lossless=True, exact=True)
    return buffer.getvalue()
