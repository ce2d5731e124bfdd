"""The figures that answer, in a real browser, against the records and the package."""

import base64
import json
import urllib.request
from itertools import product
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from mnist_compare import data, predictor
from mnist_compare.front import pads, parts, weights
from mnist_compare.networks import COMPARED, SERVED
from mnist_compare.records import runs
from mnist_compare.report.book import live_figures
from mnist_compare.report.chapters import robustness
from mnist_compare.study import changes
from mnist_compare.study.changed_digits import AS_IT_IS, RECORD

_, (DIGITS, LABELS) = data.load("mnist")
UNCHANGED = {"across": 0, "down": 0, "rotation": 0, "scale": 1}
SAY = """(name, values = {}) => name.split(".").reduce((said, key) => said[key], strings)
.replace(/\\{(\\w+)\\}/g, (_, key) => values[key])"""


@pytest.fixture(scope="module")
def page():
    """The text of a page with a digit to change and the confusion matrices of both networks."""
    given = {
        "strings": parts.strings()["en"],
        "digits": live_figures.changer(),
        "packed": {name: weights.packed(name) for name in SERVED},
        "confusions": [live_figures.confusion(name) for name in COMPARED],
    }
    return f"""<!DOCTYPE html><html lang="en"><meta charset="utf-8">
<style>{parts.text("figures.css")}</style><div></div><div></div><div></div>
<script>{parts.text(*pads.SCRIPTS[:-1])}
const {{ strings, digits, packed, confusions }} = {json.dumps(given)};
const say = {SAY};
const [first, ...rest] = document.querySelectorAll("div");
makeChanger(first, digits, openNetworks(packed), say);
rest.forEach((place, at) => makeConfusion(place, confusions[at], say));
</script>"""


@pytest.fixture(scope="module")
def one_tab(chromium, page):
    """The page in a window; nothing may go wrong in it."""
    wrong = []
    tab = chromium.new_page()
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
    tab.set_content(page)
    yield tab
    assert not wrong


@pytest.fixture
def tab(one_tab):
    """The page with an unchanged digit."""
    one_tab.get_by_role("button", name="Reset").click()
    return one_tab


def slide(tab, **setting):
    for name, value in setting.items():
        tab.locator(f"[name={name}]").fill(str(value))


def in_the_page(tab, digits, **setting):
    """Return digits as the page changes them."""
    changed = tab.evaluate(
        """([text, setting]) => {
        const pixels = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
        let changed = "";
        for (let at = 0; at < pixels.length; at += 784)
          changed += String.fromCharCode(...changedDigit(pixels.subarray(at, at + 784), setting));
        return btoa(changed);
        }""",
        [base64.b64encode(digits.tobytes()).decode(), UNCHANGED | setting],
    )
    return np.frombuffer(base64.b64decode(changed), np.uint8).reshape(-1, 28, 28)


def on_canvas(tab, selector):
    """Return what canvases show, as grey values."""
    return tab.locator(selector).evaluate_all(
        """(all) => all.map((canvas) => [...canvas.getContext("2d").getImageData(0, 0, 28, 28).data]
        .filter((_, at) => at % 4 === 0))"""
    )


def towards(*way):
    """Return what stands for a generator that always draws one direction."""
    return SimpleNamespace(choice=lambda options, shape: np.broadcast_to(way, shape))


@pytest.mark.slow
def test_a_change_is_that_of_the_study(tab):
    digits = DIGITS[:100]
    for pixels in changes.CHANGES["shift"].levels:
        for down, across in product((-1, 1), repeat=2):
            expected = changes.shift(digits, pixels, towards(down, across))
            found = in_the_page(tab, digits, down=pixels * down, across=pixels * across)
            np.testing.assert_array_equal(found, expected)
    for degrees in (*changes.CHANGES["rotation"].levels, 7, 33):
        for clockwise in (-1, 1):
            expected = changes.rotate(digits, degrees, towards(-clockwise))
            found = in_the_page(tab, digits, rotation=clockwise * degrees)
            np.testing.assert_array_equal(found, expected)
    for factor in (*changes.CHANGES["scale"].levels, 0.55, 1.25):
        expected = changes.scale(digits, factor, None)
        np.testing.assert_array_equal(in_the_page(tab, digits, scale=factor), expected)


@pytest.mark.slow
def test_changes_together_are_interpolated_once(tab):
    cosine, sine = np.cos(np.radians(20)), np.sin(np.radians(20))
    matrix = np.array([[cosine, -sine], [sine, cosine]]) / 1.3
    offset = 13.5 - matrix @ (13.5 + 2, 13.5 - 3)
    expected = ndimage.affine_transform(DIGITS[0].astype(float), matrix, offset, order=1)
    (found,) = in_the_page(tab, DIGITS[:1], across=-3, down=2, rotation=20, scale=1.3)
    assert np.abs(found - expected).max() <= 0.5 + 1e-9


def test_the_answers_are_those_of_the_package(tab):
    for index, setting in ((2, {}), (13, {"rotation": -40}), (17, {"across": 4, "scale": 0.7})):
        slide(tab, **UNCHANGED | setting)
        tab.locator(".choice button").nth(index).click()
        digit = np.array(on_canvas(tab, ".trial canvas"), np.uint8).reshape(28, 28)
        those = [each for group in live_figures.changer()["groups"].values() for each in group]
        original = DIGITS[those[index]["index"]][None]
        np.testing.assert_array_equal(digit, in_the_page(tab, original, **setting)[0])
        for name in SERVED:
            probabilities = predictor.load(name)(digit)
            card = tab.locator(f".answers .{name}")
            sure = float(card.locator("span").inner_text().strip("> %")) / 100
            assert card.locator("b").inner_text() == str(probabilities.argmax())
            assert sure == pytest.approx(probabilities.max(), abs=2e-3)
            if sure < predictor.UNSURE_BELOW:
                verdict = "unsure"
            else:
                right = probabilities.argmax() == those[index]["label"]
                verdict = "right" if right else "wrong"
            assert card.locator("em").inner_text() == verdict


@pytest.mark.slow
@pytest.mark.parametrize(
    ("setting", "change", "level"),
    [
        ({}, "shift", 0),
        ({"across": -3, "down": 2}, "shift", 3),
        ({"rotation": 47}, "rotation", 47),
        ({"scale": 0.65}, "scale", 0.65),
    ],
)
def test_the_mark_on_the_curves_is_that_of_the_record(tab, setting, change, level):
    slide(tab, **setting)
    record = runs.measured(RECORD, "fair")
    section = tab.locator(f"[data-change={change}]")
    for name in COMPARED:
        levels, accuracies = robustness.curve(record, change, AS_IT_IS, name)
        expected = np.interp(level, levels, accuracies.mean(axis=1))
        about = "" if level in levels else "≈ "
        assert section.locator(f".{name} dd").inner_text() == f"{about}{expected:.1%}"
        point = section.locator(f".dot.{name}").get_attribute("d")[1:].removesuffix("h0").split()
        x, y = 100 * (level - levels[0]) / (levels[-1] - levels[0]), 100 * (1 - expected)
        assert [*map(float, point)] == pytest.approx([x, y])
        drawn = section.locator(f"path.{name}").first.get_attribute("d")
        assert drawn.count("L") + 1 == len(levels)


def test_the_digits_to_change_are_the_first_and_the_first_misread():
    groups = live_figures.changer()["groups"]
    for digit, (plain, misread) in enumerate(zip(*groups.values(), strict=True)):
        assert plain["label"] == misread["label"] == digit == LABELS[misread["index"]]
        assert digit not in LABELS[: plain["index"]]
        answers = [predictor.load(name)(DIGITS[misread["index"]]).argmax() for name in COMPARED]
        assert {*answers} != {digit}


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
