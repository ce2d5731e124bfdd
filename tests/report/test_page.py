"""The committed page of the report in a real browser, from the disk and without a network."""

import pytest

from mnist_compare.records.place import clone

ADDRESS = (clone() / "reports" / "report.html").as_uri()
CURRENT = "document.querySelector('nav [aria-current]')?.textContent ?? ''"
PAPER = "getComputedStyle(document.documentElement).backgroundColor"


@pytest.fixture
def opened(chromium):
    """Open the page in a window; nothing may go wrong in it, and nothing be asked for."""
    tabs, wrong, asked = [], [], []

    def open_at(width=1280, **options):
        tab = chromium.new_page(viewport={"width": width, "height": 900}, **options)
        tabs.append(tab)
        tab.on("pageerror", lambda error: wrong.append(str(error)))
        tab.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
        tab.on("request", lambda request: asked.append(request.url))
        tab.goto(ADDRESS)
        return tab

    yield open_at
    for tab in tabs:
        tab.close()
    assert not wrong
    assert {url for url in asked if not url.startswith("data:")} <= {ADDRESS}


def reach(tab, label):
    tab.evaluate(f"document.getElementById('{label}').scrollIntoView()")
    tab.wait_for_function(f"before => {CURRENT} !== before", arg=tab.evaluate(CURRENT))
    return tab.evaluate(CURRENT)


def test_the_contents_follow_the_reader(opened):
    tab = opened()
    box = tab.locator("nav").bounding_box()
    assert box["x"] + box["width"] <= tab.locator("main").bounding_box()["x"]
    assert tab.evaluate(CURRENT) == ""
    assert reach(tab, "sec-clothes").endswith("Clothes instead of digits")
    # The sections of the chapter that is read are shown, those of the others are not.
    shown = [link.inner_text() for link in tab.locator("nav li li a").all() if link.is_visible()]
    assert "The claims, once more" in " ".join(shown)
    assert len(shown) < 8
    assert reach(tab, "sec-claims").endswith("What the source report claims")
    assert tab.locator("nav [aria-current]").is_visible()


@pytest.mark.parametrize("width", [390, 800, 1280])
def test_no_page_is_wider_than_its_window(opened, width):
    tab = opened(width)
    assert tab.evaluate("document.documentElement.scrollWidth") == width
    tab.locator("nav").scroll_into_view_if_needed()
    assert tab.locator("nav a").first.is_visible()


def test_a_heading_has_a_link_to_itself(opened):
    tab = opened()
    heading = tab.locator("#sec-clothes")
    heading.scroll_into_view_if_needed()
    heading.hover()
    heading.locator("a.here").click()
    assert tab.url == f"{ADDRESS}#sec-clothes"


def test_light_and_dark_are_the_machines_until_the_reader_chooses(opened):
    light, dark = (opened(color_scheme=scheme) for scheme in ("light", "dark"))
    colours = light.evaluate(PAPER), dark.evaluate(PAPER)
    assert colours[0] != colours[1]
    light.get_by_role("button", name="Dark").click()
    assert light.evaluate(PAPER) == colours[1]
    light.reload()
    assert light.evaluate(PAPER) == colours[1]  # the choice is kept
    light.get_by_role("button", name="Light").click()
    assert light.evaluate(PAPER) == colours[0]
    dark.get_by_role("button", name="Light").click()
    assert dark.evaluate(PAPER) == colours[0]


def test_the_keyboard_skips_to_the_text(opened):
    tab = opened()
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "Skip to the text"
    tab.keyboard.press("Enter")
    assert tab.url.endswith("#text")


def test_without_a_script_the_page_is_complete(opened):
    tab = opened(java_script_enabled=False)
    assert tab.locator("nav li li a").first.is_visible()
    assert not tab.locator("button.scheme").is_visible()


def test_heads_of_columns_say_so(opened):
    tab = opened()
    heads = tab.locator("th")
    assert heads.count() == tab.locator("th[scope=col]").count() > 100
