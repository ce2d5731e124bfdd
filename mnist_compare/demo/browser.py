"""A headless Chromium in front of the demo, for measurements, screenshots and tests."""

import contextlib
import importlib.util
import shutil

from mnist_compare.demo.page import launch

SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]


def find():
    """Return the path of Chromium; raises RuntimeError where it or playwright is missing."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None or importlib.util.find_spec("playwright") is None:
        raise RuntimeError("This needs Chromium and playwright (apt-get install chromium).")
    return path


@contextlib.contextmanager
def chromium():
    """Open a headless Chromium."""
    path = find()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def served(page, launch=launch):
    """Serve a page on a free port, and give its address."""
    launch(page)
    try:
        yield page.local_url
    finally:
        page.close(verbose=False)


def places(tab, corners, pad):
    """Return where on the screen corners lie that are given in shares of the pad."""
    box = tab.locator(pad).first.bounding_box()
    return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in corners]


def draw(tab, corners, pad=".paper canvas"):
    """Draw one stroke with the mouse through corners given in shares of the pad."""
    first, *rest = places(tab, corners, pad)
    tab.mouse.move(*first)
    tab.mouse.down()
    for place in rest:
        tab.mouse.move(*place, steps=8)
    tab.mouse.up()


def answered(tab, act):
    """Do something that changes the answer of the page, and wait for it."""
    count = "document.querySelector('[data-answered]').dataset.answered"
    before = tab.evaluate(count)
    act()
    tab.wait_for_function(f"before => {count} !== before", arg=before)
