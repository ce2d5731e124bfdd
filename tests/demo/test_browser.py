"""The page in a real browser, as its users have it: mouse, finger, keyboard, two languages."""

import base64
import contextlib
import csv
import io
import re
from functools import partial
from types import SimpleNamespace

import numpy as np
import pen
import pytest
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw
from running import running

from mnist_compare import models, predictor
from mnist_compare.demo import examples
from mnist_compare.lazy_keras import keras
from mnist_compare.own import pad
from mnist_compare.page import parts
from mnist_compare.preprocessing import preprocess
from mnist_compare.records.networks import SERVED
from mnist_compare.report.book import hangul

ENGLISH, KOREAN = (parts.strings()[language] for language in ("en", "ko"))
CALM = {"reduced_motion": "reduce"}  # boxes are measured while nothing scrolls
SEVEN = pen.SEVEN
ONE = [(0.5, 0.2), (0.5, 0.8)]


class Visitor:
    """Somebody in front of the page, who notes what goes wrong."""

    def __init__(self, page, tab):
        from playwright.sync_api import expect

        self.expect, self.tab = expect, tab
        self.wrong, self.asked = [], []
        self.tab.on("console", lambda m: self.wrong.append(m.text) if m.type == "error" else None)
        self.tab.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.tab.on("request", lambda request: self.asked.append(request.url))
        self.address = page.local_url
        self.tab.goto(self.address)
        self.tab.locator(".demo .paper canvas").wait_for()
        self.find = self.tab.locator

    def does(self, act):
        """Do something that changes the answer, and return the headline then."""
        count = "document.querySelector('[data-answered]').dataset.answered"
        before = self.tab.evaluate(count)
        act()
        self.tab.wait_for_function(f"before => {count} !== before", arg=before)
        return self.find(".headline").inner_text()

    def draws(self, corners):
        return self.does(lambda: pen.draw(self.tab, corners))

    def seen(self):
        """Return the picture that the networks see of the drawing."""
        return self.find(".steps canvas").last.evaluate("canvas => canvas.toDataURL()")

    def button(self, name):
        return self.tab.get_by_role("button", name=name, exact=True)

    def is_content(self):
        """Check that nothing went wrong and nobody else was asked."""
        own = (self.address, "data:", "blob:")
        assert self.wrong == []
        assert [url for url in self.asked if not url.startswith(own)] == []


@pytest.fixture(scope="module")
def at_the_desk(page, chromium):
    return Visitor(page, chromium.new_page(viewport={"width": 1280, "height": 900}, **CALM))


@pytest.fixture
def user(at_the_desk):
    """Somebody with a mouse and an English browser, and the page as it is at first."""
    yield at_the_desk
    at_the_desk.is_content()
    at_the_desk.button("Clear").click()
    at_the_desk.find("[name=pipeline][value=center]").check()
    at_the_desk.find("[name=pen]").fill("18")
    at_the_desk.expect(at_the_desk.find(".headline")).to_have_text(ENGLISH["empty"])


@pytest.fixture
def visit(page, chromium):
    """Enter the page with another browser."""
    visitors = []

    def enter(**options):
        visitors.append(Visitor(page, chromium.new_page(**CALM | options)))
        return visitors[-1]

    yield enter
    for visitor in visitors:
        visitor.is_content()
        visitor.tab.close()


def test_strokes_are_answered_taken_back_and_cleared(user):
    assert user.find(".headline").inner_text() == ENGLISH["empty"]
    assert user.draws(SEVEN) == "This reads as 7."
    user.expect(user.find(".model .best")).to_have_count(3)
    user.expect(user.find(".steps li")).to_have_count(6)
    user.expect(user.find(".steps .box")).to_have_count(1)
    seen = user.seen()
    user.draws([(0.3, 0.55), (0.65, 0.55)])
    assert user.seen() != seen
    user.does(user.button("Undo").click)
    assert user.seen() == seen
    user.tab.get_by_role("slider", name="Pen").fill("40")
    user.draws(SEVEN)
    assert user.seen() != seen  # a wider pen
    assert user.does(user.button("Clear").click) == ENGLISH["empty"]
    user.expect(user.find(".steps li")).to_have_count(0)
    pen.press(user.tab, ONE)
    user.expect(user.find(".model .best")).to_have_count(3)  # before the pen is up
    user.tab.mouse.up()


@pytest.mark.slow
def test_a_finger_draws_on_a_phone(visit):
    user = visit(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    user.tab.evaluate("delete PointerEvent.prototype.getCoalescedEvents")  # kept for secure pages
    pad = user.find(".paper canvas").bounding_box()
    assert user.tab.evaluate("document.documentElement.scrollWidth") <= 360
    touch = user.tab.context.new_cdp_session(user.tab)

    def send(kind, *points):
        places = [{"x": x, "y": y} for x, y in points]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    def stroke():
        top, bottom = pen.places(user.tab, ONE)
        send("touchStart", top)
        for i in range(1, 9):
            send("touchMove", (top[0], top[1] + (bottom[1] - top[1]) * i / 8))
        send("touchEnd")

    for thumb in (user.find("[data-kind=example]").last, user.find("[data-kind=misread]").last):
        user.tab.evaluate("scrollTo(0, document.body.scrollHeight)")
        user.does(thumb.tap)  # far below, and yet what it does is seen
        user.expect(user.find(".paper canvas")).to_be_in_viewport(ratio=0.99)
    assert user.does(user.button("Clear").tap) == ENGLISH["empty"]
    user.tab.evaluate("scrollTo(0, 0)")
    assert user.does(stroke) == "This reads as 1."
    assert user.find(".paper canvas").bounding_box() == pad  # the page has not been scrolled
    assert user.tab.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.slow
def test_disagreement_and_doubt_are_shown(user):
    user.does(user.tab.get_by_role("radio", name="resize").check)
    headlines = [user.does(each.click) for each in user.find(".examples button").all()]
    assert len(headlines) == 15
    apart = [line for line in headlines if line.startswith("The networks disagree: MLP")]
    assert apart
    user.find(".examples button").nth(headlines.index(apart[0])).click()
    user.expect(user.find(".answer.apart")).to_have_count(1)
    assert any("Unsure" in line or "swear" in line for line in headlines)


@pytest.mark.slow
def test_the_examples_are_drawn_as_in_the_report(user):
    example = user.tab.get_by_role("button", name="Example: a 3, small in a corner")
    user.does(example.click)
    digit = preprocess(examples()[1][1]).digit.astype(int)
    shown = base64.b64decode(user.seen().partition(",")[2])
    shown = np.asarray(Image.open(io.BytesIO(shown)).convert("L"), int)
    assert np.abs(shown - digit).mean() < 3  # grey levels: two programs draw the same curves
    user.does(user.button("Undo").click)  # the strokes are the user's now
    assert user.find(".headline").inner_text() == ENGLISH["empty"]


@pytest.mark.slow
def test_korean_is_spoken_to_a_korean_browser_until_switched(visit):
    user = visit(locale="ko-KR")
    for tag, strings, foreign, switch in (
        ("ko", KOREAN, "Draw", "English"),
        ("en", ENGLISH, "그리", "한국어"),
    ):
        assert user.find("h1").inner_text() == user.tab.title() == strings["title"]
        assert user.tab.evaluate("document.documentElement.lang") == tag
        assert user.draws(SEVEN) == strings["agreed"].format(digit=7)
        names = [strings["models"][name] for name in SERVED]
        assert user.find(".model .name").all_inner_texts() == names
        labelled = user.find(".demo [aria-label]").all()
        labels = [each.get_attribute("aria-label") for each in labelled]
        assert foreign not in " ".join([user.find(".demo").inner_text(), *labels])
        user.does(user.button(switch).click)


@pytest.mark.slow
def test_photos_are_read_and_what_is_none_is_refused(user):
    photo = Image.effect_noise((2400, 3200), 12).point(lambda grey: grey + 60).convert("RGB")
    ImageDraw.Draw(photo).line([(700, 900), (1600, 900), (1100, 2300)], (30, 30, 60), 110)
    buffer = io.BytesIO()
    photo.save(buffer, "JPEG", quality=90)
    given = partial(pen.give, user.tab, at="main")

    for kind in ("chosen", "drop", "paste"):
        assert user.does(lambda kind=kind: given(kind, buffer.getvalue())) == "This reads as 7."
        bad = (b"seven", "format"), (buffer.getvalue()[:30], "damaged"), (b"", "empty")
        for data, reason in bad:
            given(kind, data)
            user.expect(user.find(".headline")).to_have_text(ENGLISH["errors"][reason])
            user.expect(user.find(".spoken")).to_have_text(ENGLISH["errors"][reason])
    for kind in ("dragover", "drop"):  # the browser does not open it in the page's place
        assert pen.give(user.tab, kind, b"", "", "main") is False
    user.does(user.button("Clear").click)
    user.draws(ONE)
    assert user.does(lambda: given("chosen", buffer.getvalue())) == "This reads as 7."
    assert user.does(user.button("Undo").click) == "This reads as 1."  # whose place it took
    user.does(lambda: given("chosen", buffer.getvalue()))
    assert user.draws(ONE) == "This reads as 1."  # a stroke takes the photo's place


def test_corrections_are_kept_with_what_the_models_read_now(user, page):
    folder = page.folder.path
    user.draws(SEVEN)
    user.expect(user.find(".question")).to_contain_text(ENGLISH["kept_here"])
    user.button("Yes, a 7").click()
    user.expect(user.find(".status")).to_have_text("Thank you. Kept as a 7.")
    user.does(user.button("Clear").click)
    user.draws(ONE)
    user.button("No").click()
    user.find(".question").get_by_role("button", name="4").click()
    user.expect(user.find(".status")).to_have_text("Thank you. Kept as a 4.")
    with (folder / "log.csv").open(newline="") as file:
        first, second = csv.DictReader(file)
    assert [first["label"], second["label"]] == ["7", "4"]
    assert [first["digits"], second["digits"]] == ["7 7 7", "1 1 1"]
    assert first["pipeline"] == "center"
    assert Image.open(folder / first["file"]).size == (280, 280)


@pytest.mark.slow
def test_only_what_the_user_draws_is_labelled(user):
    for thumb in (user.find("[data-kind=misread]").first, user.find("[data-kind=example]").last):
        user.does(thumb.click)
        user.expect(user.find(".choices button")).to_have_count(0)
    user.draws(ONE)  # across an example
    user.expect(user.find(".choices button")).to_have_count(0)


@pytest.mark.slow
def test_by_keyboard_a_label_is_given_and_taken_back(user, page):
    focused = user.find(":focus")

    def presses(key, then):
        user.tab.keyboard.press(key)
        user.expect(focused).to_have_text(then)

    before = {*page.folder.path.rglob("*.png")}
    user.draws([(0.35, 0.2), (0.5, 0.8)])
    user.button("No").focus()
    presses("Enter", "0")
    presses("Tab", "1")
    presses("Enter", ENGLISH["forget"])
    (kept,) = {*page.folder.path.rglob("*.png")} - before
    assert kept.parent.name == "1"
    user.does(user.tab.get_by_role("radio", name="crop").check)
    user.expect(user.find(".status")).to_have_text("Thank you. Kept as a 1.")  # not asked twice
    user.button(ENGLISH["forget"]).focus()
    presses("Enter", "Yes, a 1")
    assert {*page.folder.path.rglob("*.png")} == before
    user.does(lambda: user.tab.keyboard.press("Delete"))
    user.expect(user.find(".paper canvas")).to_be_focused()


@pytest.mark.slow
def test_several_digits_get_a_hint(user):
    for strokes, several in (
        ([[(0.3, 0.2), (0.3, 0.8)], [(0.75, 0.2), (0.8, 0.22)]], False),  # the bar of a 5
        ([[(0.2, 0.2), (0.2, 0.8)], [(x / 2 + 0.4, y) for x, y in SEVEN]], True),
    ):
        for stroke in strokes:
            user.draws(stroke)
        user.expect(user.find(".hint")).to_have_text(ENGLISH["several"] if several else "")
        assert (ENGLISH["several"] in user.find(".spoken").inner_text()) == several
        user.does(user.button("Clear").click)
        user.expect(user.find(".hint")).to_have_text("")


def test_keys_draw(visit):
    user = visit()
    pad, press = user.find(".paper canvas"), user.tab.keyboard.press

    def presses(*keys):
        for key in keys:
            press(key)

    pad.focus()
    presses(*["Home"] * 7, "ArrowUp", "Space", *["ArrowRight"] * 13)
    presses(*["End", "ArrowDown"] * 7)
    assert user.does(lambda: press("Space")) == "This reads as 7."
    assert user.does(lambda: press("Control+z")) == ENGLISH["empty"]
    presses("Space", "ArrowDown", "ArrowDown")
    user.does(lambda: press("Tab"))  # leaves the pad, and lifts the pen
    pad.focus()
    user.does(lambda: presses("Space", "Delete"))  # of a stroke that is not finished
    user.expect(user.find(".headline")).to_have_text(ENGLISH["empty"])
    presses("ArrowDown")
    user.expect(user.find(".paper")).to_have_attribute("data-empty", "")  # the pen is up
    assert user.draws(ONE) == "This reads as 1."


@pytest.fixture
def enter(chromium, tmp_path, monkeypatch):
    """Enter a page of some networks, those of one's own among them."""
    monkeypatch.setattr(predictor, "_own", {})
    with contextlib.ExitStack() as stack:

        def open_page(*models):
            page = stack.enter_context(running(tmp_path, models=pad.use(models)))
            visitor = Visitor(
                page, chromium.new_page(viewport={"width": 1280, "height": 900}, **CALM)
            )
            stack.callback(visitor.tab.close)
            return visitor

        yield open_page


@pytest.mark.slow
def test_a_network_that_the_page_does_not_know_answers_from_python(enter):
    """Beside one that it knows, whose weights it has unrounded."""
    known, flat = models.build_mlp(), keras.layers.Lambda(lambda x: keras.ops.reshape(x, (-1, 784)))
    unknown = keras.Sequential([keras.Input((28, 28, 1)), flat, *known.layers[1:]], name="unknown")
    user = enter(known, unknown)
    with user.tab.expect_request("**/demo/answer"):
        user.draws(SEVEN)
    one, other = user.find(".model ol").all_inner_texts()
    assert one == other
    user.is_content()
    user.tab.route("**/demo/*", lambda route: route.abort())
    assert user.draws(ONE) == ENGLISH["unreachable"]
    user.tab.unroute("**/demo/*")
    user.draws(ONE)
    user.expect(user.find(".model .best")).to_have_count(2)


def test_networks_that_the_page_knows_ask_nothing_of_python(enter):
    user = enter(models.build_cnn())
    user.draws(SEVEN)
    assert not [url for url in user.asked if "/demo/" in url]


@pytest.mark.slow
def test_networks_that_cannot_be_loaded_are_a_sentence_in_the_language_that_is_chosen(visit):
    user = visit(locale="ko-KR")
    user.tab.route("**/files/*.js", lambda route: route.abort())
    assert user.draws(ONE) == KOREAN["unloaded"]
    user.button("English").click()
    assert user.draws(ONE) == ENGLISH["unloaded"]
    user.wrong.clear()  # the browser itself complains of the requests
    user.tab.unroute("**/files/*.js")
    assert user.draws(ONE) == "This reads as 1."


@pytest.mark.slow
def test_a_slow_answer_never_replaces_a_later_one(enter):
    known = models.build_mlp()
    user, held = enter(keras.Model(known.inputs, known.outputs, name="unknown")), []
    user.tab.route("**/demo/answer", lambda each: each.continue_() if held else held.append(each))
    with user.tab.expect_request("**/demo/answer"):
        user.tab.mouse.click(*pen.places(user.tab, ONE)[0])
    said = user.draws(ONE)
    held[0].fulfill(json={"detail": "late"})
    assert user.find(".headline").inner_text() == said
    user.tab.unroute("**/demo/answer")


@pytest.mark.slow
def test_a_network_of_any_name_is_called_so(enter):
    """Also by names that are HTML, selectors or of JavaScript's own."""
    names = ("<img/src=x:/onerror=alert(1)>", "constructor", "\"]'[a=", "내_모델", "mlp")
    mlp = predictor.load_keras("mlp")
    for name in names[:-1]:
        predictor.use(mlp, name)
    user = enter(*names)
    assert user.draws(SEVEN).endswith("7.")
    assert user.find(".model .name").all_inner_texts() == [*names[:-1], "MLP"]
    assert user.find(".about dt").all_text_contents() == ["MLP"]
    user.is_content()


@pytest.mark.slow
def test_the_page_works_wherever_a_proxy_puts_it(page, chromium):
    """At an address that the server has never heard of, and of which nothing leads back to it."""
    tab, place = chromium.new_page(**CALM), "https://far.example/some/where/"

    def proxy(route):
        path = route.request.url.removeprefix(place)
        # The browser says so where the page is secure, after playwright has looked.
        headers = route.request.headers | {"sec-fetch-site": "same-origin"}
        route.fulfill(response=route.fetch(url=page.local_url + path, headers=headers))

    tab.context.route(f"{place}**", proxy)
    user = Visitor(SimpleNamespace(local_url=place), tab)
    assert user.draws(SEVEN) == "This reads as 7."
    user.find(".insides summary").click()
    user.find(".network.cnn").wait_for()
    user.is_content()
    tab.close()


def test_hangul_is_never_boxes(visit):
    user = visit()
    user.button("한국어").click()
    user.expect(user.tab).to_have_title(KOREAN["title"])
    fonts = "document.fonts.ready.then(() => [...document.fonts].map((f) => [f.family, f.status]))"
    assert ["Report Hangul", "loaded"] in user.tab.evaluate(fonts)
    (font,) = re.findall(r'"(\S+KR\S+)"', parts.text("demo_page.css"))
    has = {*TTFont(parts.FONTS / font).getBestCmap()}
    assert {*map(ord, hangul.SYLLABLES.findall(str(KOREAN)))} <= has
