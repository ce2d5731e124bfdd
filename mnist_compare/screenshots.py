"""Pictures of the demo in use, for the README and the report."""

import io

from PIL import Image

from mnist_compare import browser, demo, figures, runs

# At the 200 dots an inch of all figures, 6.3 inches wide, and 2.4 for the phone.
DESK = {"viewport": {"width": 1050, "height": 900}, "device_scale_factor": 1.2}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 480 / 390,
    "locale": "ko-KR",
}


def save():
    """Write figures/demo_light.png, demo_dark.png and demo_phone.png, and return their paths."""
    with browser.served(demo.app()) as address, browser.chromium() as chromium:
        return take(address, chromium)


def take(address, chromium):
    """Take the pictures of the page at the address, and return their paths."""

    def visit(**options):
        tab = chromium.new_page(**options)
        tab.goto(address)
        tab.locator(".paper canvas").wait_for()
        return tab

    light = visit(**DESK)
    _choose(light, "[name=pipeline][value=resize]")
    _choose(light, "[data-kind=example][data-index='1']")
    dark = visit(**DESK, color_scheme="dark")
    _choose(dark, "[data-kind=misread][data-index='3']")
    phone = visit(**PHONE)
    _choose(phone, "[data-kind=example][data-index='3']")
    shots = {"light": (light, True), "dark": (dark, True), "phone": (phone, False)}
    return [_write(name, tab, whole) for name, (tab, whole) in shots.items()]


def _choose(tab, selector):
    """Click, wait for the answer, and take the pointer away."""
    answered = tab.locator("[data-answered]").get_attribute("data-answered")
    tab.locator(selector).click()
    tab.wait_for_function(
        "before => document.querySelector('[data-answered]').dataset.answered !== before",
        arg=answered,
    )
    tab.mouse.move(0, 0)
    tab.evaluate("scrollTo(0, 0)")
    tab.evaluate("Promise.all(document.getAnimations().map((each) => each.finished))")


def _write(name, tab, whole):
    image = Image.open(io.BytesIO(tab.screenshot(full_page=whole)))
    path = figures.folder() / f"demo_{name}.png"
    with runs.whole(path) as temporary:
        image.convert("RGB").save(temporary, optimize=True)
    return path
