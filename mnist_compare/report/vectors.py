"""Figures as vectors: SVG from Matplotlib, and its colours those of the page."""

import io
import re
from xml.etree import ElementTree

import matplotlib

from mnist_compare.networks import BLUE, GREEN, RED
from mnist_compare.report.style import DOTS_PER_INCH, GRID, PALE, QUIET

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
    with matplotlib.rc_context({"svg.hashsalt": "mnist_compare", "svg.fonttype": "path"}):
        figure.savefig(written, format="svg", metadata=nothing, **look)
    small = _smaller(ElementTree.fromstring(written.getvalue()))
    return small if len(small) <= LONGEST else None


def in_page_colours(svg):
    """Return an SVG of ``draw()`` with the variables of the page in place of its colours."""
    root = ElementTree.fromstring(svg)
    for part in root.iter():
        if style := part.get("style"):
            part.set("style", _COLOUR.sub(lambda colour: PAGE[colour[0]], style))
    return ElementTree.tostring(root, encoding="unicode")


def _smaller(root):
    """Return an SVG of Matplotlib's as text, without what changes nothing in how it looks."""
    # Matplotlib's style is for every element there is: within a page, for all of the page.
    root.remove(root.find(f"{_SPACE}defs"))
    root.set("stroke-linejoin", "round")
    used = {*re.findall(r"#([\w.-]+)", ElementTree.tostring(root, encoding="unicode"))}
    for part in root.iter():
        part.text = part.tail = None
        if part.get("id") not in used:
            part.attrib.pop("id", None)
        if "d" in part.attrib:
            part.set("d", " ".join(part.get("d").split()))
    return ElementTree.tostring(root, encoding="unicode")
