"""Pads in a page from the disk, without a server and without a network."""

import pytest

from mnist_compare.demo import browser
from mnist_compare.front import pads, parts

ENGLISH = parts.strings()["en"]
SEVEN = [(0.3, 0.25), (0.7, 0.25), (0.45, 0.8)]


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A page with two pads."""
    folder = tmp_path_factory.mktemp("page")
    body = f"<p>Above</p>{pads.pad('center', 'in words')}<p>Between</p>{pads.pad('resize')}"
    html = f'<!doctype html><html lang="en"><meta charset="utf-8">{body}{pads.living(folder)}'
    (folder / "page.html").write_text(parts.embedded(html, folder))
    return (folder / "page.html").as_uri()


@pytest.fixture(scope="module")
def opened(address, chromium):
    """The page in a window; nothing may go wrong in it, and nothing be asked for."""
    wrong, asked = [], []
    tab = chromium.new_page(viewport={"width": 1000, "height": 1200}, reduced_motion="reduce")
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(address)
    yield tab
    assert wrong == []
    assert {url for url in asked if not url.startswith(("data:", "blob:"))} == {address}


@pytest.fixture
def tab(opened):
    """The same page with nothing drawn."""
    for clear in opened.get_by_role("button", name="Clear").all():
        clear.click()
    opened.evaluate("scrollTo(0, 0)")
    return opened


def pad_of(tab, number):
    return tab.locator(".demo").nth(number)


def says(tab, number, sentence):
    """Wait until a pad answers so."""
    pad_of(tab, number).locator(".headline", has_text=sentence).wait_for()


def test_a_drawing_is_answered_while_it_grows_and_taken_back(tab):
    for needs_a_server in ("header", ".question", ".about"):
        assert not pad_of(tab, 0).locator(needs_a_server).is_visible()
    says(tab, 0, ENGLISH["empty"])
    first, *rest = browser.places(tab, SEVEN, ".paper canvas")
    tab.mouse.move(*first)
    tab.mouse.down()
    for place in rest:
        tab.mouse.move(*place, steps=4)
    says(tab, 0, "This reads as 7.")
    tab.mouse.up()
    for selector, count in ((".model .best", 3), (".steps canvas", 6)):
        assert pad_of(tab, 0).locator(selector).count() == count
    assert pad_of(tab, 1).locator(".model .best").count() == 0  # each pad has its own drawing
    pad_of(tab, 0).get_by_role("button", name="Undo").click()
    says(tab, 0, ENGLISH["empty"])


def test_what_is_drawn_while_an_answer_is_awaited_is_answered_too(tab):
    """All moves come at once, and the pen rests on the paper after the last."""
    tab.evaluate(DRAW_AT_ONCE, browser.places(tab, SEVEN, ".paper canvas"))
    says(tab, 0, "This reads as 7.")
    tab.evaluate("""() => document.querySelector(".paper canvas").dispatchEvent(
      new PointerEvent("pointerup", { pointerId: 1 }))""")


def test_two_pads_that_are_drawn_on_at_once_are_both_answered(tab):
    tab.evaluate(
        """() => document.querySelectorAll("[data-kind=example][data-index='3']")
        .forEach((each) => each.click())"""
    )
    for number in (0, 1):
        says(tab, number, "5")


def test_what_cannot_be_read_is_said_and_the_next_drawing_is_read(tab):
    """One question fails, then the whole worker."""
    for spoilt in ("{ read: { ...message.read, pipeline: '' } }", "null"):
        tab.evaluate(
            """(spoilt) => {
              const { postMessage } = Worker.prototype;
              const spoil = new Function("message", `return ${spoilt}`);
              Worker.prototype.postMessage = function (message, moved = []) {
                if (message.read) Worker.prototype.postMessage = postMessage;
                postMessage.call(this, message.read ? spoil(message) : message, moved);
              };
            }""",
            spoilt,
        )
        pad_of(tab, 0).locator("[data-kind=example]").first.click()
        says(tab, 0, ENGLISH["unread"])
        pad_of(tab, 0).locator("[data-kind=example]").first.click()
        says(tab, 0, "This reads as 2.")


@pytest.mark.slow
def test_a_pad_begins_with_its_pipeline_and_can_take_another(tab):
    chosen = [pad_of(tab, i).locator("input:checked").get_attribute("value") for i in (0, 1)]
    assert chosen == ["center", "resize"]
    pad_of(tab, 1).locator("[data-kind=example]").first.click()
    says(tab, 1, "This reads as 2.")
    assert pad_of(tab, 1).locator(".steps li").count() == 4
    pad_of(tab, 1).locator("[value=crop]").check()
    pad_of(tab, 1).locator(".steps li").nth(4).wait_for()
    assert pad_of(tab, 0).locator("input:checked").get_attribute("value") == "center"


DRAW_AT_ONCE = """(places) => {
  const canvas = document.querySelector(".paper canvas");
  canvas.setPointerCapture = () => {};
  places.forEach(([clientX, clientY], at) => {
    const type = at ? "pointermove" : "pointerdown";
    canvas.dispatchEvent(new PointerEvent(type, { pointerId: 1, button: 0, clientX, clientY }));
  });
}"""
