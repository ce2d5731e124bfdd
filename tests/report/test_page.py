"""The page of the report in a real browser, from the disk and without a network."""

from functools import partial
from importlib.resources import files

import numpy as np
import pen
import pytest

from mnist_compare import data
from mnist_compare.records import runs

pytestmark = pytest.mark.slow
CURRENT = "document.querySelector('nav [aria-current]')?.textContent ?? ''"
PAPER = "getComputedStyle(document.documentElement).backgroundColor"


@pytest.fixture(scope="module")
def opened(open_tab, drafts):
    """Open the page in a window."""
    return partial(open_tab, (drafts / "reports" / "report.html").as_uri())


@pytest.fixture(scope="module")
def one_tab(opened):
    return opened()


@pytest.fixture
def tab(one_tab):
    """The page in a wide window; all tests share it, since it takes long to open."""
    resize(one_tab, 1280)
    return one_tab


def resize(tab, width):
    tab.set_viewport_size({"width": width, "height": 900})
    # A table becomes a list of its rows, or a table again, before the next frame but one.
    tab.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def reach(tab, label):
    tab.evaluate(f"document.getElementById('{label}').scrollIntoView()")
    tab.wait_for_function(f"before => {CURRENT} !== before", arg=tab.evaluate(CURRENT))
    return tab.evaluate(CURRENT)


def test_the_contents_follow_the_reader(tab):
    tab.evaluate("scrollTo(0, 0)")
    box = tab.locator("nav").bounding_box()
    assert box["x"] + box["width"] <= tab.locator("main").bounding_box()["x"]
    assert tab.evaluate(CURRENT) == ""
    assert reach(tab, "sec-robustness").endswith("On changed digits")
    # The sections of the chapter that is read are shown, those of the others are not.
    shown = [link.inner_text() for link in tab.locator("nav li li a").all() if link.is_visible()]
    assert "On changed digits" in " ".join(shown)
    assert len(shown) < 12
    assert reach(tab, "sec-slips").endswith("Slips of the source report")
    assert tab.locator("nav [aria-current]").is_visible()


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


def test_without_a_script_the_page_is_complete(opened):
    tab = opened(java_script_enabled=False)
    assert tab.locator("nav li li a").first.is_visible()
    assert not tab.locator("button.scheme").is_visible()


RULES = {"rules": {"label-content-name-mismatch": {"enabled": True}}}  # beside axe's own choice


@pytest.mark.parametrize(
    "document", ["report", "supplement", "class", "report_ko", "supplement_ko", "class_ko"]
)
def test_nobody_is_shut_out(chromium, drafts, document):
    script = files("axe_playwright_python") / "axe.min.js"
    tab = chromium.new_page(bypass_csp=True)
    tab.goto((drafts / "reports" / f"{document}.html").as_uri())
    tab.evaluate(script.read_text("utf-8"))
    for width in (1280, 390):
        resize(tab, width)
        for top in range(0, tab.evaluate("document.documentElement.scrollHeight"), 3000):
            tab.evaluate(f"scrollTo(0, {top})")  # what is seen first comes to life
        for scheme in ("light", "dark"):
            tab.emulate_media(color_scheme=scheme)
            found = tab.evaluate("rules => axe.run(rules)", RULES)["violations"]
            assert not [(each["id"], each["nodes"][0]["html"]) for each in found], (width, scheme)
    tab.close()


CUT = """() => [...document.querySelectorAll(
  "figure, figcaption, .frame, main > table, math[display=block], pre, .demo, [data-figure]"
)].filter((each) => {
  const { right } = each.getBoundingClientRect();
  const scrolls = each.matches(".frame:has(> :is(img, svg))");
  const isCut = each.scrollWidth > each.clientWidth + 1 && each.clientWidth && !scrolls;
  return isCut || right > innerWidth + 1;
}).map((each) => (each.closest("figure") ?? each).textContent.trim().slice(0, 60))"""


def test_at_any_width_all_fits_and_nothing_is_cut_off(tab):
    for details in tab.locator("main details:not(.insides)").all()[:20]:
        details.evaluate("each => (each.open = true)")
    for width in (390, 800, 1280):
        resize(tab, width)
        assert tab.evaluate("document.documentElement.scrollWidth") == width
        assert tab.evaluate(CUT) == []
        tab.locator("nav").scroll_into_view_if_needed()
        assert tab.locator("nav a").first.is_visible()


def awake(tab, selector):
    """Scroll to a part, which is made shortly before it is seen, and return it."""
    part = tab.locator(selector)
    part.scroll_into_view_if_needed()
    part.locator("canvas, table").first.wait_for(state="attached")
    tab.wait_for_function(MADE)  # what is near has its height
    part.scroll_into_view_if_needed()
    return part


MADE = """() => ![...document.querySelectorAll(".trainer:empty, .layers-of-both:empty")]
  .some((each) => Math.abs(each.getBoundingClientRect().top) < 1500 && each.offsetParent)"""


def test_every_pad_answers_while_one_draws(tab):
    pads = tab.locator(".demo")
    assert pads.count() == 3  # in chapters 2, 3 and 4
    for number in range(pads.count()):
        pad = awake(tab, f".demo >> nth={number}")
        pen.press(tab, pen.SEVEN, f".demo >> nth={number} >> .paper canvas")
        pad.locator(".best").nth(2).wait_for()  # before the pen is up
        tab.mouse.up()
        assert pad.locator(".model").count() == 3


def test_a_cell_of_a_confusion_matrix_shows_the_digits_of_the_record(tab):
    (run,) = (run for run in runs.read("mlp", "fair") if run.seed == 0)
    _, (digits, labels) = data.load("mnist")
    tab.locator("figure#fig-confusion-mlp").scroll_into_view_if_needed()
    place = awake(tab, "[data-figure=fig-confusion-mlp]")
    for digit, read in ((7, 9), (6, 0), (1, 1), (4, 9)):
        there = np.flatnonzero((run.predictions[10] == read) & (digit == labels))
        cell = place.locator(f"[data-digit='{digit}'][data-read='{read}']")
        assert cell.inner_text() == (str(len(there)) if len(there) else "·")
        cell.click()
        expected = there[:24] if digit == read else there
        assert place.locator("ol span").all_inner_texts() == [str(i) for i in expected]
        tab.wait_for_function(
            f"({GREYS})([...document.querySelectorAll('[data-figure] ol canvas')])"
            ".every((greys) => greys.some(Boolean))"
        )
        shown = np.array(place.locator("ol canvas").evaluate_all(GREYS), np.uint8)
        np.testing.assert_array_equal(shown.reshape(-1, 28, 28), digits[expected])
    assert place.locator("[role=status]", has_text=f"{len(there)} fours").count()


GREYS = """(all) => all.map((canvas) => [...canvas.getContext("2d").getImageData(0, 0, 28, 28).data]
  .filter((_, at) => at % 4 === 0))"""
