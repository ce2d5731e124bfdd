"""Pictures of the demo in use, for the README and the report in its languages."""

import io

from PIL import Image

from mnist_compare.demo import browser, page
from mnist_compare.place import atomically, here

# At the 200 dots an inch of all figures, 6.3 inches wide; as high as pad, answers and examples.
DESK = {"viewport": {"width": 1050, "height": 870}, "device_scale_factor": 1.2}
EXAMPLE = "[data-kind=example][data-index='1']"


def save():
    """Write figures/demo_light.png and, in Korean, demo_light_ko.png; return their paths."""
    paths = []
    for language, name in (("en", "demo_light"), ("ko", "demo_light_ko")):
        served = browser.served(page.app(language=language))
        with served as address, browser.chromium() as chromium:
            paths.append(take(address, chromium, name))
    return paths


def take(address, chromium, name="demo_light"):
    """Take the picture of the page at the address, and return its path."""
    tab = chromium.new_page(**DESK)
    tab.goto(address)
    tab.locator(".paper canvas").wait_for()
    browser.answered(tab, tab.locator(EXAMPLE).click)
    tab.mouse.move(0, 0)
    tab.evaluate("scrollTo(0, 0)")
    tab.evaluate("Promise.all(document.getAnimations().map((each) => each.finished))")
    image, path = Image.open(io.BytesIO(tab.screenshot())), here().figures / f"{name}.png"
    with atomically(path) as temporary:
        image.convert("RGB").save(temporary, optimize=True)
    return path
