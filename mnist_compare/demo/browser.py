"""A headless Chromium in front of the demo, for pictures of it in use and for tests."""

import contextlib
import importlib.util
import io
import shutil

from PIL import Image

from mnist_compare.demo import page
from mnist_compare.place import atomically, here

SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
# At the 200 dots an inch of all figures, 6.3 inches wide; as high as pad, answers and examples.
DESK = {"viewport": {"width": 1050, "height": 870}, "device_scale_factor": 1.2}
EXAMPLE = "[data-kind=example][data-index='1']"


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


def save_screenshots():
    """Write figures/demo_light.png and, in Korean, demo_light_ko.png; return their paths."""
    paths = []
    for language, name in (("en", "demo_light"), ("ko", "demo_light_ko")):
        with chromium() as browser:
            page.launch(served := page.app(language=language))
            tab = browser.new_page(**DESK)
            tab.goto(served.local_url)
            tab.locator(".paper canvas").wait_for()
            answered(tab, tab.locator(EXAMPLE).click)
            tab.mouse.move(0, 0)
            tab.evaluate("scrollTo(0, 0)")
            tab.evaluate("Promise.all(document.getAnimations().map((each) => each.finished))")
            image = Image.open(io.BytesIO(tab.screenshot()))
            served.close(verbose=False)
        paths.append(here().figures / f"{name}.png")
        with atomically(paths[-1]) as temporary:
            image.convert("RGB").save(temporary, optimize=True)
    return paths


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
