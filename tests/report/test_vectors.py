import re

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from mnist_compare.records.networks import BLUE, ORANGE, RED
from mnist_compare.report.book.pandoc import ASSETS
from mnist_compare.report.draw import figures, style, vectors

PAIRS = re.findall(r"--(\w+): light-dark\((#\w+), (#\w+)\);", (ASSETS / "report.css").read_text())
LIGHT, DARK = ({name: pair[scheme] for name, *pair in PAIRS} for scheme in (0, 1))


def contrast(one, other):
    """The ratio that WCAG defines."""

    def luminance(colour):
        shares = np.array(to_rgb(colour if len(colour) > 4 else f"#{colour[1:]}"))
        linear = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
        return linear @ (0.2126, 0.7152, 0.0722)

    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_figures_can_be_read_on_either_paper(scheme):
    shown = {colour: scheme[name[6:-1]] for colour, name in vectors.PAGE.items()}
    paper = shown["#ffffff"]
    for text in ("#000000", style.QUIET, RED):
        assert contrast(shown[text], paper) >= 4.5, text
    for colour in (BLUE, ORANGE, style.GREY, *shown):
        if colour not in ("#ffffff", style.PALE, style.GRID):
            assert contrast(shown.get(colour, colour), paper) >= 3, colour
    darkest = np.array(figures.MISTAKES(1.0))
    share, red = darkest[3], np.array(to_rgb(shown[RED]))
    cell = share * red + (1 - share) * np.array(to_rgb(paper))
    assert contrast(shown["#000000"], "#" + bytes(np.rint(255 * cell).astype("u1")).hex()) >= 4.5
