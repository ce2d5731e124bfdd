import re

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from mnist_compare.networks import BLUE, ORANGE, RED
from mnist_compare.report.book.pandoc import ASSETS
from mnist_compare.report.draw import figures, sheets, style, vectors

PAIRS = re.findall(r"--(\w+): light-dark\((#\w+), (#\w+)\);", (ASSETS / "report.css").read_text())
LIGHT, DARK = ({name: pair[scheme] for name, *pair in PAIRS} for scheme in (0, 1))
DIGIT = np.eye(28)


def contrast(one, other):
    """The ratio that WCAG defines."""

    def luminance(colour):
        shares = np.array(to_rgb(colour if len(colour) > 4 else f"#{colour[1:]}"))
        linear = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
        return linear @ (0.2126, 0.7152, 0.0722)

    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def test_pictures_made_of_pixels_are_none_but_beside_a_chart_they_are_part_of_it():
    assert vectors.draw(sheets.digit_grid(np.stack([DIGIT] * 3), "012", columns=2)) is None
    assert vectors.draw(sheets.convolution(DIGIT, np.eye(3), DIGIT)) is None
    assert "<image" in vectors.draw(figures.probability_bars(DIGIT, np.eye(10)[3], "cnn"))
    assert "<image" not in vectors.draw(figures.confusion_matrix(np.arange(10), np.arange(10)))


def test_in_the_page_what_is_black_on_white_has_the_colours_of_the_page():
    figure = Figure()
    axis = figure.subplots()
    axis.plot([1, 2], color="black")
    axis.plot([2, 1], color=BLUE)
    axis.plot([1, 1], color=ORANGE)
    axis.text(1, 1, "red", color=RED)
    page, least = vectors.in_the_page(vectors.draw(figure))
    assert least > 0
    for name in ("ink", "paper", "blue", "red"):
        assert re.search(rf"(fill|stroke): var\(--{name}\)", page), name
    assert ORANGE in page
    assert not vectors.PAGE.keys() & {*re.findall(r"#[0-9a-f]{6}\b", page)}
    assert "<style" not in page  # it would be the style of the whole page


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
