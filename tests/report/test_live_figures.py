"""The figures that answer, in a real browser, against the records and the package."""

import json
import urllib.request

import numpy as np
import pytest
from PIL import Image

from mnist_compare import data
from mnist_compare.front import parts
from mnist_compare.networks import COMPARED
from mnist_compare.records import runs
from mnist_compare.report.book import live_figures

_, (DIGITS, LABELS) = data.load("mnist")
UNCHANGED = {"across": 0, "down": 0, "rotation": 0, "scale": 1}
SAY = """(name, values = {}) => name.split(".").reduce((said, key) => said[key], strings)
.replace(/\\{(\\w+)\\}/g, (_, key) => values[key])"""


@pytest.fixture(scope="module")
def page():
    """The text of a page with the confusion matrices of both networks."""
    given = {
        "strings": parts.strings()["en"],
        "confusions": [live_figures.confusion(name) for name in COMPARED],
    }
    return f"""<!DOCTYPE html><html lang="en"><meta charset="utf-8">
<style>{parts.text("figures.css")}</style><div></div><div></div>
<script>{parts.text("pictures.js", "confusion.js")}
const {{ strings, digits, packed, confusions }} = {json.dumps(given)};
const say = {SAY};
document.querySelectorAll("div").forEach((place, at) => makeConfusion(place, confusions[at], say));
</script>"""


@pytest.fixture(scope="module")
def tab(chromium, page):
    """The page in a window; nothing may go wrong in it."""
    wrong = []
    tab = chromium.new_page()
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
    tab.set_content(page)
    yield tab
    assert not wrong


def on_canvas(tab, selector):
    """Return what canvases show, as grey values."""
    return tab.locator(selector).evaluate_all(
        """(all) => all.map((canvas) => [...canvas.getContext("2d").getImageData(0, 0, 28, 28).data]
        .filter((_, at) => at % 4 === 0))"""
    )


def test_a_sprite_holds_more_digits_than_are_high_for_webp():
    with urllib.request.urlopen(live_figures._sprite(DIGITS[:601])) as picture:
        sheet = np.asarray(Image.open(picture).convert("L"))
    across, down = 600 % live_figures.WIDE * 28, 600 // live_figures.WIDE * 28
    np.testing.assert_array_equal(sheet[down : down + 28, across : across + 28], DIGITS[600])


@pytest.mark.slow
@pytest.mark.parametrize("name", COMPARED)
def test_a_cell_shows_the_digits_of_the_record(tab, name):
    (run,) = (run for run in runs.read(name, "fair") if run.seed == 0)
    place, shown = tab.locator(f".confusion.{name}"), f".confusion.{name} ol"
    for digit, read in ((7, 9), (9, 4), (6, 0), (1, 1)):
        there = np.flatnonzero((run.predictions[10] == read) & (digit == LABELS))
        cell = place.locator(f"[data-digit='{digit}'][data-read='{read}']")
        assert cell.inner_text() == (str(len(there)) if len(there) else "·")
        cell.click()
        expected = there[:24] if digit == read else there
        assert tab.locator(f"{shown} span").all_inner_texts() == [str(i) for i in expected]
        tab.wait_for_function("Promise.all([...document.images].map((each) => each.decode()))")
        found = np.reshape(on_canvas(tab, f"{shown} canvas"), (-1, 28, 28))
        np.testing.assert_array_equal(found, DIGITS[expected])
