"""Pads in a page from the disk, without a server and without a network."""

from hashlib import sha256

import numpy as np
import pen
import pytest

from mnist_compare.page import pads, parts

ENGLISH = parts.strings()["en"]


@pytest.fixture(scope="module")
def opened(living, open_tab):
    """A page with two pads in a window."""
    body = f"<p>Above</p>{pads.pad('center', 'in words')}<p>Between</p>{pads.pad('resize')}"
    size = {"width": 1000, "height": 1200}
    return open_tab(living(body), viewport=size, reduced_motion="reduce")


def test_the_bundles_are_made_of_the_scripts_and_end_no_script():
    """Else `npm --prefix mnist_compare/page run build` makes them anew."""
    scripts = sorted((parts.ASSETS.parent / "scripts").glob("*.js"))
    made_of = sha256(b"".join(path.read_bytes() for path in scripts)).hexdigest()
    assert (parts.BUNDLES / "sources.sha256").read_text().split()[0] == made_of
    for name in ("page.js", "worker.js"):
        assert "</script" not in parts.bundle(name)


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


def test_what_is_drawn_while_an_answer_is_awaited_is_answered_too(tab):
    """All moves come at once, and the pen rests on the paper after the last."""
    tab.evaluate(DRAW_AT_ONCE, pen.places(tab, pen.SEVEN))
    says(tab, 0, "This reads as 7.")
    tab.evaluate("""() => document.querySelector(".paper canvas").dispatchEvent(
      new PointerEvent("pointerup", { pointerId: 1 }))""")


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


def test_a_figure_keeps_its_picture_until_its_data_are_there(living, chromium, monkeypatch):
    picture = '<figure id="fig-a"><div class="frame"><svg width="9" height="9"/></div></figure>'
    blank = parts.data_url(np.zeros((28, 84), np.uint8))
    counts, cells = [[1, 1], [0, 1]], [[[0], [1]], [[], [2]]]
    data = {"model": "mlp", "counts": counts, "cells": cells, "wide": 3, "sprite": blank}
    tab = chromium.new_page()
    tab.goto(living(picture, figures={"fig-a": data}))
    tab.locator("#fig-a.answers-itself .confusion button").first.wait_for()
    monkeypatch.setattr(parts, "part", lambda folder, value: "files/none.js")
    with tab.expect_event("requestfailed"):
        tab.goto(living(picture, figures={"fig-a": data}))
    tab.locator("#fig-a:not(.answers-itself) .frame:only-child").wait_for()
    tab.close()


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
