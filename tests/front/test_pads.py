"""Pads in a page from the disk, without a server and without a network."""

import numpy as np
import pytest
from PIL import Image, ImageOps

from mnist_compare import predictor
from mnist_compare.demo.answer import saliency_picture
from mnist_compare.front import pads, parts
from mnist_compare.front.gallery import examples
from mnist_compare.networks import SERVED

ENGLISH, KOREAN = (parts.strings()[language] for language in ("en", "ko"))
SEVEN = [(0.3, 0.25), (0.7, 0.25), (0.45, 0.8)]


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A page with two pads."""
    path = tmp_path_factory.mktemp("page") / "page.html"
    body = f"<p>Above</p>{pads.pad('center', 'in words')}<p>Between</p>{pads.pad('resize')}"
    path.write_text(f'<!doctype html><html lang="en"><meta charset="utf-8">{body}{pads.living()}')
    return path.as_uri()


@pytest.fixture
def tab(address, chromium):
    """The page in a window; nothing may go wrong in it, and nothing be asked for."""
    wrong, asked = [], []
    tab = chromium.new_page(viewport={"width": 1000, "height": 1200}, reduced_motion="reduce")
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(address)
    yield tab
    tab.close()
    assert wrong == []
    assert {url for url in asked if not url.startswith(("data:", "blob:"))} == {address}


def pad_of(tab, number):
    return tab.locator(".demo").nth(number)


def draw(tab, number, corners):
    paper = pad_of(tab, number).locator(".paper canvas")
    paper.scroll_into_view_if_needed()
    before = pad_of(tab, number).get_attribute("data-answered")
    box = paper.bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in corners]
    tab.mouse.move(*places[0])
    tab.mouse.down()
    for place in places[1:]:
        tab.mouse.move(*place, steps=4)
    said = pad_of(tab, number).locator(".headline").inner_text()  # while the pen is down
    tab.mouse.up()
    tab.wait_for_function(
        "([i, before]) => document.querySelectorAll('.demo')[i].dataset.answered !== before",
        arg=[number, before],
    )
    return said


def test_a_drawing_is_answered_while_it_grows_and_taken_back(tab):
    assert pad_of(tab, 0).locator(".headline").inner_text() == ENGLISH["empty"]
    assert draw(tab, 0, SEVEN) == "This reads as 7."
    for selector, count in ((".model .best", 3), (".steps canvas", 6), (".reading canvas", 3)):
        assert pad_of(tab, 0).locator(selector).count() == count
    assert pad_of(tab, 1).locator(".model .best").count() == 0  # each pad has its own drawing
    tab.keyboard.press("Control+z")
    pad_of(tab, 0).get_by_role("button", name="Undo").click()
    assert pad_of(tab, 0).locator(".headline").inner_text() == ENGLISH["empty"]


def test_a_browser_that_cannot_draw_keeps_what_the_place_says(address, chromium):
    tab = chromium.new_page()
    tab.add_init_script("delete window.ResizeObserver")
    tab.goto(address)
    assert pad_of(tab, 0).inner_text() == "in words"
    tab.close()


def test_a_pad_begins_with_its_pipeline_and_can_take_another(tab):
    chosen = [pad_of(tab, i).locator("input:checked").get_attribute("value") for i in (0, 1)]
    assert chosen == ["center", "resize"]
    draw(tab, 1, SEVEN)
    assert pad_of(tab, 1).locator(".steps li").count() == 4
    pad_of(tab, 1).locator("[value=crop]").check()
    assert pad_of(tab, 1).locator(".steps li").count() == 5
    assert pad_of(tab, 0).locator("input:checked").get_attribute("value") == "center"


def test_what_needs_a_server_is_not_shown(tab):
    for selector in ("header", ".question", ".about"):
        assert not pad_of(tab, 0).locator(selector).is_visible()
    assert pad_of(tab, 0).locator(".place").inner_text() == ENGLISH["here"]
    assert "in words" not in tab.locator("body").inner_text()


def test_a_photo_is_read_where_it_is_dropped(tab, tmp_path):
    examples()[0][1].save(tmp_path / "two.png")
    pad_of(tab, 1).locator("[name=upload]").set_input_files(tmp_path / "two.png")
    tab.locator(".demo:nth-of-type(2) .best").first.wait_for()
    assert pad_of(tab, 1).locator(".headline").inner_text() == "This reads as 2."
    (tmp_path / "text.png").write_text("no picture")
    pad_of(tab, 1).locator("[name=upload]").set_input_files(tmp_path / "text.png")
    tab.get_by_text(ENGLISH["errors"]["format"]).first.wait_for()


def test_a_picture_may_be_transparent(tab, tmp_path):
    drawing = examples()[0][1].convert("L")
    white = Image.new("L", drawing.size, 255)
    Image.merge("LA", (white, ImageOps.invert(drawing))).save(tmp_path / "white.png")
    pad_of(tab, 0).locator("[name=upload]").set_input_files(tmp_path / "white.png")
    pad_of(tab, 0).locator(".best").first.wait_for()
    assert pad_of(tab, 0).locator(".headline").inner_text() == "This reads as 2."


def test_a_photo_gives_back_the_drawing_whose_place_it_took(tab, tmp_path):
    draw(tab, 0, SEVEN)
    examples()[0][1].save(tmp_path / "two.png")
    pad_of(tab, 0).locator("[name=upload]").set_input_files(tmp_path / "two.png")
    pad_of(tab, 0).get_by_text("This reads as 2.").first.wait_for()
    pad_of(tab, 0).get_by_role("button", name="Undo").click()
    pad_of(tab, 0).get_by_text("This reads as 7.").first.wait_for()


def test_what_each_network_looked_at_is_what_the_package_finds(tab):
    pad_of(tab, 0).locator("[data-kind=example][data-index='3']").click()
    # The reader's picture comes after a moment, in place of a grey one.
    tab.wait_for_function(COLOURED, arg="reader")
    for name in SERVED:
        canvas = np.array(tab.evaluate(PIXELS, f".demo .model[data-name={name}] canvas"), np.uint8)
        shown = canvas.reshape(28, 28, 4)[..., :3]
        seen = np.array(tab.evaluate(PIXELS, ".demo .steps li:last-child canvas"), np.uint8)
        digit = seen.reshape(28, 28, 4)[..., 0]
        expected = saliency_picture(predictor.load(name), digit)
        assert np.abs(shown.astype(int) - expected).max() <= 3


PIXELS = """(selector) => {
  const canvas = document.querySelector(selector);
  return [...canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data];
}"""
COLOURED = """(name) => {
  const canvas = document.querySelector(`.demo .model[data-name=${name}] canvas`);
  const { data } = canvas.getContext("2d").getImageData(0, 0, 28, 28);
  return data.some((value, at) => at % 4 === 0 && value !== data[at + 1]);
}"""


@pytest.mark.parametrize("width", [340, 632, 1100])
def test_nothing_sticks_out(tab, width):
    tab.set_viewport_size({"width": width, "height": 900})
    draw(tab, 0, SEVEN)
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


def test_a_page_in_korean_has_korean_pads(chromium, tmp_path):
    path = tmp_path / "page.html"
    path.write_text(f'<!doctype html><meta charset="utf-8">{pads.pad("crop")}{pads.living("ko")}')
    tab = chromium.new_page()
    tab.goto(path.as_uri())
    assert tab.locator(".headline").inner_text() == KOREAN["empty"]
    assert tab.locator(".demo").get_attribute("lang") == "ko"
    tab.close()
