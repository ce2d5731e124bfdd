"""The stage, in a real browser, against the records and the package."""

import base64
import io
from itertools import product
from types import SimpleNamespace

import numpy as np
import pen
import pytest
from PIL import Image, ImageDraw
from scipy import ndimage

from mnist_compare import data, predictor
from mnist_compare.findings import changes
from mnist_compare.findings.robustness import Robustness
from mnist_compare.page import pads, parts
from mnist_compare.preprocessing import preprocess
from mnist_compare.records.networks import COMPARED
from mnist_compare.report.book import live_figures

_, (DIGITS, _) = data.load("mnist")
UNCHANGED = {"across": 0, "down": 0, "rotation": 0, "scale": 1}
CHANGE = """([text, setting]) => {
  const pixels = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  let changed = "";
  for (let at = 0; at < pixels.length; at += 784)
    changed += String.fromCharCode(...changedDigit(pixels.subarray(at, at + 784), setting));
  return btoa(changed);
}"""


@pytest.fixture(scope="module")
def one_tab(living, open_tab):
    """A page with a stage in a window."""
    address = living(pads.stage("in words", "learning"), curves=live_figures.curves())
    tab = open_tab(address, viewport={"width": 1280, "height": 1000})
    tab.locator(".inside .cnn .cell").first.wait_for()
    return tab


@pytest.fixture
def tab(one_tab):
    """The page with an empty, unchanged stage."""
    one_tab.get_by_role("button", name="Reset").click()
    one_tab.get_by_role("button", name="Clear").click()
    answers(one_tab, "–")
    return one_tab


def answers(tab, *expected):
    """Wait until the MLP and the CNN answer so."""
    expected = [*expected] * (2 // len(expected))
    tab.wait_for_function(
        """(expected) => expected ===
        [...document.querySelectorAll(".title b")].map((each) => each.textContent).join()""",
        arg=",".join(expected),
    )


def seen(tab):
    """Return the picture that both networks see."""
    greys = tab.locator(".seen canvas").evaluate(
        """(canvas) => [...canvas.getContext("2d").getImageData(0, 0, 28, 28).data]
        .filter((_, at) => at % 4 === 0)"""
    )
    return np.reshape(greys, (28, 28)).astype(np.uint8)


@pytest.fixture(scope="module")
def in_the_page(chromium, give_modules):
    """A function that returns digits as the page changes them."""
    tab = chromium.new_page()
    give_modules(tab, "changes.js")

    def changed(digits, **setting):
        code = base64.b64encode(digits.tobytes()).decode()
        found = base64.b64decode(tab.evaluate(CHANGE, [code, UNCHANGED | setting]))
        return np.frombuffer(found, np.uint8).reshape(-1, 28, 28)

    yield changed
    tab.close()


def towards(*way):
    """Return what stands for a generator that always draws one direction."""
    return SimpleNamespace(choice=lambda options, shape: np.broadcast_to(way, shape))


@pytest.mark.slow
def test_a_change_is_that_of_the_study(in_the_page):
    digits = DIGITS[:100]
    for pixels in changes.CHANGES["shift"].levels:
        for down, across in product((-1, 1), repeat=2):
            expected = changes.shift(digits, pixels, towards(down, across))
            found = in_the_page(digits, down=pixels * down, across=pixels * across)
            np.testing.assert_array_equal(found, expected)
    for degrees in (*changes.CHANGES["rotation"].levels, 7, 33):
        for clockwise in (-1, 1):
            expected = changes.rotate(digits, degrees, towards(-clockwise))
            found = in_the_page(digits, rotation=clockwise * degrees)
            np.testing.assert_array_equal(found, expected)
    for factor in (*changes.CHANGES["scale"].levels, 0.55, 1.25):
        expected = changes.scale(digits, factor, None)
        np.testing.assert_array_equal(in_the_page(digits, scale=factor), expected)


@pytest.mark.slow
def test_changes_together_are_interpolated_once(in_the_page):
    cosine, sine = np.cos(np.radians(20)), np.sin(np.radians(20))
    matrix = np.array([[cosine, -sine], [sine, cosine]]) / 1.3
    offset = 13.5 - matrix @ (13.5 + 2, 13.5 - 3)
    expected = ndimage.affine_transform(DIGITS[0].astype(float), matrix, offset, order=1)
    (found,) = in_the_page(DIGITS[:1], across=-3, down=2, rotation=20, scale=1.3)
    assert np.abs(found - expected).max() <= 0.5 + 1e-9


def test_both_networks_read_the_drawing_and_go_on_as_it_is_moved(tab, in_the_page):
    pen.draw(tab, pen.SEVEN)
    answers(tab, "7")
    drawn = seen(tab)
    side, *pixels = tab.locator(".pad canvas").evaluate(
        """(canvas) => [canvas.width, ...canvas.getContext("2d")
        .getImageData(0, 0, canvas.width, canvas.width).data]"""
    )
    pad = np.reshape(pixels, (side, side, 4)).astype(np.uint8)[..., 0]
    # The paper is drawn in another size than it is read.
    assert np.abs(drawn.astype(int) - preprocess(pad, "center").digit).mean() < 3
    box = tab.locator(".seen canvas").bounding_box()
    x, y, pixel = box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"], box["width"] / 28
    tab.mouse.move(x, y)
    tab.mouse.down()
    tab.mouse.move(x + 2 * pixel, y - 3 * pixel, steps=5)
    tab.mouse.up()
    tab.locator("[name=rotation]").fill("-30")
    tab.locator("[name=scale]").fill("0.7")
    (expected,) = in_the_page(drawn[None], across=2, down=-3, rotation=-30, scale=0.7)
    tab.wait_for_function(
        """(expected) => [...document.querySelector(".seen canvas").getContext("2d")
        .getImageData(0, 0, 28, 28).data].filter((_, at) => at % 4 === 0).join() === expected""",
        arg=",".join(map(str, expected.ravel())),
    )
    for name in COMPARED:
        shares = predictor.load(name)(expected)
        shown = tab.locator(f".network.{name} .shares .number").all_inner_texts()
        found = [float(text.strip("> %")) / 100 for text in shown]
        assert found == pytest.approx(shares, abs=2e-3)
    assert tab.locator(".combined").is_visible()


def test_what_is_off_screen_or_stays_is_left_alone_within_a_stroke(tab):
    tab.set_viewport_size({"width": 1280, "height": 400})
    pen.press(tab, pen.SEVEN)
    tab.wait_for_function("document.querySelector('.answers b').textContent !== '–'")
    tab.evaluate(WATCH)
    for x, y in pen.places(tab, [(0.5, 0.5), (0.7, 0.5), (0.7, 0.8)]):
        tab.mouse.move(x, y)
        tab.wait_for_function("at('.seen')")
        assert tab.evaluate("!at('.layers-of-both') && !changed.length")
        tab.evaluate("painted = []")
    tab.mouse.up()
    tab.locator(".network.cnn .maps").scroll_into_view_if_needed()
    tab.wait_for_function("at('.cnn .maps')")
    tab.set_viewport_size({"width": 1280, "height": 1000})


# Notes what canvases are painted, and what is written of the parts that stay or are off screen.
WATCH = """() => {
  [window.painted, window.changed] = [[], []];
  window.at = (place) => painted.some((each) => each.closest(place));
  const { putImageData } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.putImageData = function (...given) {
    painted.push(this.canvas);
    putImageData.apply(this, given);
  };
  const watching = new MutationObserver((records) => changed.push(...records));
  for (const part of document.querySelectorAll(".moved, .recorded, .layers-of-both .grid"))
    watching.observe(part, { subtree: true, childList: true, attributes: true });
}"""


def test_the_stage_takes_files_and_keys_as_other_pads_do(tab):
    image, buffer = Image.new("L", (90, 120), "white"), io.BytesIO()
    ImageDraw.Draw(image).line([(20, 25), (70, 25), (40, 100)], 0, 9)
    image.save(buffer, "PNG")
    pen.draw(tab, [(0.5, 0.2), (0.5, 0.8)])
    for kind in ("drop", "paste", "chosen"):
        answers(tab, "1")
        pen.give(tab, kind, buffer.getvalue())
        answers(tab, "7")
        tab.locator(".paper canvas").focus()
        tab.keyboard.press("Control+z")  # back come the strokes whose place it took
    bad = (b"seven", "format"), (buffer.getvalue()[:30], "damaged"), (b"", "empty")
    for given, reason in bad:
        pen.give(tab, "drop", given)
        said = parts.strings()["en"]["errors"][reason]
        tab.locator(".stage .trouble", has_text=said).wait_for()
    tab.locator(".seen canvas").focus()
    tab.keyboard.press("Delete")
    answers(tab, "–")
    assert tab.locator(".stage .trouble").inner_text() == ""


def test_keys_shift_the_picture(tab):
    pen.draw(tab, pen.SEVEN)
    answers(tab, "7")
    tab.locator(".seen canvas").focus()
    for _ in range(9):
        tab.keyboard.press("ArrowLeft")
    assert tab.locator("[data-change=shift] output").inner_text() == "4 px"  # as far as is recorded


@pytest.mark.slow
@pytest.mark.parametrize(
    ("setting", "change", "level"),
    [
        ({}, "shift", 0),
        ({"rotation": 47}, "rotation", 47),
        ({"scale": 0.65}, "scale", 0.65),
    ],
)
def test_the_mark_on_the_curves_is_that_of_the_record(tab, setting, change, level):
    tab.evaluate(MOVE, setting)
    curves = Robustness("fair").curves([change])
    section = tab.locator(f"[data-change={change}]")
    for name in COMPARED:
        levels, accuracies = curves[change][name]
        expected = np.interp(level, levels, accuracies.mean(axis=1))
        about = "" if level in levels else "≈ "
        assert section.locator(f".{name} dd").inner_text() == f"{about}{expected:.1%}"
        point = section.locator(f".dot.{name}").get_attribute("d")[1:].removesuffix("h0").split()
        x, y = 100 * (level - levels[0]) / (levels[-1] - levels[0]), 100 * (1 - expected)
        assert [*map(float, point)] == pytest.approx([x, y])
        drawn = section.locator(f"path.{name}").first.get_attribute("d")
        assert drawn.count("L") + 1 == len(levels)


MOVE = """(setting) => {
  for (const [name, value] of Object.entries(setting)) {
    const input = document.querySelector(`[name=${name}]`);
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
}"""
