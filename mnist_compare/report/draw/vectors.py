"""Figures as vectors: SVG from Matplotlib, whose words stay words, and as the page has it."""

import io
import re
from pathlib import Path
from xml.etree import ElementTree

import matplotlib
from matplotlib import font_manager
from matplotlib.text import Text
from matplotlib.textpath import text_to_path

from mnist_compare.records.networks import BLUE, GREEN, RED
from mnist_compare.report.draw.style import DOTS_PER_INCH, GRID, PALE, QUIET

FONTS = Path(matplotlib.get_data_path(), "fonts", "ttf")
TYPE = 1.15  # the page's own letters are smaller than Matplotlib's of the same size
LEGIBLE = 11  # pixels: a figure of the page is never so narrow that its words are smaller
LONGEST = 300_000  # characters; what is longer stays a picture
# The variables of report.css in place of the colours that are others on dark paper.
PAGE = {
    "#000000": "var(--ink)",
    "#ffffff": "var(--paper)",
    QUIET: "var(--quiet)",
    PALE: "var(--pale)",
    GRID: "var(--line)",
    BLUE: "var(--blue)",
    GREEN: "var(--green)",
    RED: "var(--red)",
}
ANCHORS = {"anchor-center": ("middle", 0.5), "anchor-right": ("end", 1)}
_SIZE = re.compile(r"font-size: ([\d.]+)px")
_FAMILY = re.compile(r"font-family: ([^;]+)(?:; )?")
_SPACE = "{http://www.w3.org/2000/svg}"
_COLOUR = re.compile("|".join(PAGE))

ElementTree.register_namespace("", _SPACE.strip("{}"))
ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")


def draw(figure):
    """Return a Matplotlib figure as SVG, or None if it is better left a picture.

    That is one that shows nothing but pixels, or has more parts than ``LONGEST`` allows. The same
    figure gives the same text.
    """
    pixels = [bool(axis.images) for axis in figure.axes if axis.has_data()]
    if pixels and all(pixels):
        return None
    written = io.StringIO()
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    look = {"dpi": DOTS_PER_INCH, "facecolor": "white"}
    named = [(text, text.get_gid()) for text in figure.findobj(Text)]
    for text, _ in named:
        text.set_gid(f"anchor-{text.get_ha()}")
    words = {"svg.fonttype": "none", "font.sans-serif": ["DejaVu Sans"]}
    with matplotlib.rc_context(words | {"svg.hashsalt": "mnist_compare"}):
        figure.savefig(written, format="svg", metadata=nothing, **look)
    for text, name in named:
        text.set_gid(name)
    root = ElementTree.fromstring(written.getvalue())
    _anchor(root)
    small = _smaller(root)
    return small if len(small) <= LONGEST else None


def in_the_page(svg: str) -> tuple[str, int]:
    """Return an SVG of ``draw()`` in the colours and the type of the page, and its least width.

    That is in pixels: in a narrower one, a word would be too small to read, 0 without words.
    """
    root, sizes = ElementTree.fromstring(svg), []
    for part in root.iter():
        style = _COLOUR.sub(lambda colour: PAGE[colour[0]], part.get("style", ""))
        if size := _SIZE.search(style):
            enlarged = TYPE * float(size[1])
            style = _SIZE.sub(f"font-size: {enlarged:.4g}px", _FAMILY.sub("", style))
            if not part.tag.endswith("tspan"):  # an exponent may be smaller
                sizes.append(enlarged)
        if style:
            part.set("style", style)
    width = float(root.attrib["viewBox"].split()[2])
    least = round(width * LEGIBLE / min(sizes)) if sizes else 0
    return ElementTree.tostring(root, encoding="unicode"), least


def _anchor(root):
    """Have words in several lines or upright begin, as all others do, at an anchor.

    Matplotlib writes where they begin in its own font; in another they would not be in the middle.
    """
    for group in root.iter(f"{_SPACE}g"):
        shift = ANCHORS.get(group.get("id"))
        for text in group.findall(f"{_SPACE}text") if shift else ():
            if "text-anchor" in text.get("style"):
                continue
            upright = "rotate(-90" in text.get("transform")
            anchor, share = ANCHORS["anchor-center"] if upright else shift
            family = [name.strip(" '") for name in _FAMILY.search(text.get("style"))[1].split(",")]
            size = float(_SIZE.search(text.get("style"))[1])
            words = font_manager.FontProperties(family=family[:2], size=size)
            width, _, _ = text_to_path.get_text_width_height_descent(text.text, words, False)
            text.set("x", f"{share * width:.2f}")
            text.set("style", f"{text.get('style')}; text-anchor: {anchor}")


def _smaller(root):
    """Return an SVG of Matplotlib's as text, without what changes nothing in how it looks."""
    # Matplotlib's style is for every element there is: within a page, for all of the page.
    root.remove(root.find(f"{_SPACE}defs"))
    root.set("stroke-linejoin", "round")
    used = {*re.findall(r"#([\w.-]+)", ElementTree.tostring(root, encoding="unicode"))}
    for part in root.iter():
        part.tail = None
        if not part.tag.endswith(("text", "tspan")):
            part.text = None
        if part.get("id") not in used:
            part.attrib.pop("id", None)
        if part.get("transform", "").startswith("rotate(-0 "):
            del part.attrib["transform"]
        if "d" in part.attrib:
            part.set("d", " ".join(part.get("d").split()))
    return ElementTree.tostring(root, encoding="unicode")
