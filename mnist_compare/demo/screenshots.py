"""Pictures of the demo in use, for the README and the report."""

import io

from PIL import Image

from mnist_compare.demo import browser, page
from mnist_compare.records.place import here, whole

# At the 200 dots an inch of all figures, 6.3 inches wide, and 2.4 for the phone.
DESK = {"viewport": {"width": 1050, "height": 900}, "device_scale_factor": 1.2}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 480 / 390,
    "locale": "ko-KR",
}
SCENES = {  # name: (how the browser is set up, what is clicked there)
    "light": (DESK, ["[name=pipeline][value=resize]", "[data-kind=example][data-index='1']"]),
    "dark": (DESK | {"color_scheme": "dark"}, ["[data-kind=misread][data-index='3']"]),
    "phone": (PHONE, ["[data-kind=example][data-index='3']"]),
}


def save():
    """Write figures/demo_light.png, demo_dark.png and demo_phone.png, and return their paths."""
    with browser.served(page.app()) as address, browser.chromium() as chromium:
        return take(address, chromium)


def take(address, chromium):
    """Take the pictures of the page at the address, and return their paths."""
    paths = []
    for name, (options, clicks) in SCENES.items():
        tab = chromium.new_page(**options)
        tab.goto(address)
        tab.locator(".paper canvas").wait_for()
        for selector in clicks:
            browser.answered(tab, tab.locator(selector).click)
        tab.mouse.move(0, 0)
        tab.evaluate("scrollTo(0, 0)")
        tab.evaluate("Promise.all(document.getAnimations().map((each) => each.finished))")
        image = Image.open(io.BytesIO(tab.screenshot(full_page=options is not PHONE)))
        paths.append(here().figures / f"demo_{name}.png")
        with whole(paths[-1]) as temporary:
            image.convert("RGB").save(temporary, optimize=True)
    return paths
