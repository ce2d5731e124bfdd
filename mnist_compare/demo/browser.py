"""A headless Chromium, for pictures of the page in use and for tests."""

import contextlib
import importlib.util
import io
import shutil

from PIL import Image

from mnist_compare.place import atomically, here

SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
DESK = {"viewport": {"width": 1280, "height": 1800}, "device_scale_factor": 1.5}
SHOWN = 1130  # pixels of the stage, as far as the networks' pooled maps


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
    """Write figures/stage_light.png and, in Korean, stage_light_ko.png; return their paths.

    They show the report's page as it is built, with the way of one number lit in each network.
    """
    paths = []
    with chromium() as browser:
        for ending in ("", "_ko"):
            tab = browser.new_page(**DESK)
            tab.goto((here().records / f"report{ending}.html").as_uri())
            stage = tab.locator(".stage")
            stage.scroll_into_view_if_needed()
            tab.locator(".network.cnn .maps .cell").nth(9).click()
            tab.locator(".network.mlp .neurons .cell").nth(11).click()
            tab.mouse.move(0, 0)
            box = stage.bounding_box()
            image = Image.open(io.BytesIO(tab.screenshot(clip=box | {"height": SHOWN})))
            paths.append(here().figures / f"stage_light{ending}.png")
            with atomically(paths[-1]) as temporary:
                image.convert("P", palette=Image.Palette.ADAPTIVE).save(temporary, optimize=True)
            tab.close()
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
