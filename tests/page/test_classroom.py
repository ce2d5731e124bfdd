"""A class's drawings in a real browser, and the same files told of by the package."""

import base64
import json
import zlib

import numpy as np
import pytest

from mnist_compare.demo import collected, evidence, examples, writers
from mnist_compare.demo.answer import answer
from mnist_compare.page import pads, parts
from mnist_compare.preprocessing import PIPELINES
from mnist_compare.records.networks import SERVED
from mnist_compare.study.statistics import share_by

WORDS = parts.strings()["en"]["classroom"]


@pytest.fixture(scope="module")
def page(living):
    """The address of a page where a class draws and is told of."""
    return living(f'{pads.OF_A_CLASS}></div><div class="evidence"></div>')


@pytest.fixture
def user(chromium):
    """A browser's user without anything kept; in the ``asked`` of the user is what pages asked.

    What the page asks is answered by ``agrees``. Nothing may go wrong in a page.
    """
    user = chromium.new_context(viewport={"width": 390, "height": 800})
    user.asked, user.agrees, wrong = [], True, []

    def answered(dialog):
        user.asked.append(dialog.message or dialog.type)
        dialog.accept() if user.agrees else dialog.dismiss()

    user.on("dialog", answered)
    user.on("weberror", lambda error: wrong.append(str(error.error)))
    yield user
    user.close()
    assert not wrong


@pytest.fixture
def tab(user, page):
    """The page in a window."""
    tab = user.new_page()
    tab.goto(page)
    return tab


@pytest.fixture(scope="module")
def of_a_class(tmp_path_factory):
    """A folder with the files of five writers, whose hands are more and less steady."""
    folder, generator = tmp_path_factory.mktemp("files"), np.random.default_rng(0)
    drawn = [(digit, np.asarray(picture.resize((112, 112)))) for digit, picture in examples()]
    for writer in range(5):
        shades = []
        for digit, grey in drawn:
            turned = np.roll(grey, generator.integers(-8, 9, 2), (0, 1))
            lines = generator.random((112, 1)) < 0.09 * writer  # rows that the pen has missed
            shades.append((digit, np.where(lines, 0, (255 - turned.astype(int)) // 17)))
        store(folder / f"digits-W{writer}.json", f"W{writer}", shades)
    return folder


def store(path, code, drawings, **changed):
    """Write a file of drawings, (digit, shades of 0–15), as the page's description says."""
    pixels = np.concatenate([shades.reshape(-1) for _, shades in drawings]).astype(np.uint8)
    packed = base64.b64encode(zlib.compress((16 * pixels[::2] + pixels[1::2]).tobytes())).decode()
    told = {"format": writers.FORMAT, "code": code, "drawings": packed}
    told["digits"] = "".join(str(digit) for digit, _ in drawings)
    path.write_text(json.dumps(told | changed))


def choose(tab, files):
    tab.locator(".evidence [name=files]").set_input_files([str(file) for file in files])


def drop(tab, files):
    choose(tab, files)
    tab.locator(".evidence .found table").first.wait_for()


def begin(tab, code):
    tab.locator("[name=code]").fill(code)
    tab.locator(".collector form button").click()


def stroke(tab):
    """Draw what is asked for, a line that begins the lower the larger the digit; return it."""
    assert tab.locator("[name=next]").is_disabled()
    digit = tab.locator(".asked").inner_text()[-1]
    box = tab.locator(".collector canvas").bounding_box()
    tab.mouse.move(box["x"] + 90, box["y"] + 40 + 4 * int(digit))
    tab.mouse.down()
    tab.mouse.move(box["x"] + 100, box["y"] + 200)
    tab.mouse.up()
    return digit


def draw(tab, count):
    """Draw what is asked for, so many times; return the digits."""
    asked = []
    for _ in range(count):
        asked.append(stroke(tab))
        tab.locator("[name=next]").click()
    return asked


def saved(tab, folder):
    """Save the file of a lesson; return its path."""
    with tab.expect_download() as download:
        tab.locator(".collector a").click()
    download.value.save_as(folder / download.value.suggested_filename)
    return folder / download.value.suggested_filename


def offers(tab):
    """Return what drawings the page offers to go on with."""
    tab.locator("[name=code]").wait_for()
    return [each.inner_text() for each in tab.locator(".collector .kept p").all()]


def remarks(tab):
    return tab.locator(".evidence .remarks li").all_inner_texts()


def rates(tab):
    """What the page's table says: {(network, pipeline): "88.8% [72.0, 96.0]"}."""
    rows = [
        row.locator("td").all_inner_texts()
        for row in tab.locator("table >> nth=0 >> tbody tr").all()
    ]
    return {
        (name, pipeline): " ".join(cell.split())
        for pipeline, row in zip(PIPELINES, rows, strict=True)
        for name, cell in zip(SERVED, row, strict=True)
    }


def expected(folder):
    table = evidence.rates(evidence.measure(folder, SERVED)[0])
    return {
        key: f"{row.rate:.1%} [{100 * row.low:.1f}, {100 * row.high:.1f}]"
        for key, row in table.iterrows()
    }


def test_one_draws_what_is_asked_and_the_file_holds_it(tab, tmp_path):
    begin(tab, "<b>")
    assert tab.locator(".collector .trouble").inner_text() == WORDS["wrong_code"]
    begin(tab, "나무-7")
    asked = draw(tab, 19)
    assert not tab.locator(".collector .readings").count()  # no answers before the end
    asked += draw(tab, 1)
    assert sorted(asked[:10]) == sorted(asked[10:]) == list("0123456789")
    file = saved(tab, tmp_path)
    code, digits, pictures = writers.read(file)
    assert (file.name, code, digits) == ("digits-나무-7.json", "나무-7", "".join(asked))
    assert file.stat().st_size < 20_000
    read = [answer(picture, ("reader",)).digit("reader") for picture in pictures]
    shown = tab.locator(".collector .readings .reader")
    tab.wait_for_function("document.querySelector('.collector .count').textContent")
    assert [int(text[-1]) for text in shown.all_inner_texts()] == read


def test_by_keys_the_focus_goes_with_what_is_to_be_done(tab):
    def press(*keys):
        for key in keys:
            tab.keyboard.press(key)

    begin(tab, "A1")
    draw(tab, 18)
    for _ in range(2):
        press("Space", "ArrowDown", "Space", "Control+z")
        assert tab.locator("[name=next]").is_disabled()
        press("Space", "ArrowDown", "Space", *["Tab"] * 4, "Enter")
    tab.locator("a[download]:focus").wait_for()
    press("Tab", "Enter")  # begins anew
    tab.locator("[name=code]:focus").wait_for()


def test_drawings_are_offered_again_after_a_crash(tab, user, page):
    begin(tab, "A1")
    draw(tab, 3)
    with pytest.raises(Exception, match="ABORTED"):
        tab.goto("chrome://crash")  # kills the process of the page
    tab = user.new_page()
    tab.goto(page)
    [offered] = offers(tab)
    assert WORDS["kept"].format(code="A1", count=3, all=20) in offered
    tab.locator("[name=resume]").click()
    assert tab.locator(".count").inner_text() == WORDS["count"].format(done=4, all=20)
    assert not user.asked  # nothing would be lost


@pytest.mark.slow
def test_a_lesson_gone_on_with_is_one_lesson_and_goes_when_it_is_saved(tab, user, tmp_path):
    begin(tab, "A1")
    asked = draw(tab, 12)
    tab.reload()
    tab.locator("[name=resume]").click()
    asked += draw(tab, 8)
    assert sorted(asked[:10]) == sorted(asked[10:]) == list("0123456789")
    user.agrees = False
    tab.locator("[name=anew]").click()
    assert user.asked == [WORDS["unsaved"].format(code="A1")]
    tab.reload()
    tab.locator("[name=resume]").click()  # to the end at once
    code, digits, pictures = writers.read(saved(tab, tmp_path))
    assert (code, digits) == ("A1", "".join(asked))
    tops = [int(np.argmax((np.asarray(picture) < 255).any(axis=1))) for picture in pictures]
    assert np.corrcoef(tops, [int(digit) for digit in digits])[0, 1] > 0.99  # each in its place
    tab.reload()
    assert len(offers(tab)) == 1  # the browser may not have saved it
    begin(tab, "B2")
    draw(tab, 1)
    tab.reload()
    [offered] = offers(tab)
    assert "B2" in offered
    tab.locator("[name=remove]").click()
    assert len(user.asked) == 2
    assert offers(tab) == [offered]
    user.agrees = True
    tab.locator("[name=remove]").click()
    assert offers(tab) == []


FULL = """for (let size = 2 ** 20; size; size >>= 1)
  try { for (;;) localStorage.setItem(Math.random(), "x".repeat(size)); } catch {}"""
FORBIDDEN = (
    """Object.defineProperty(window, "localStorage", { get() { throw new Error("forbidden"); } })"""
)


@pytest.mark.parametrize("storage", [FULL, FORBIDDEN], ids=["full", "forbidden"])
def test_where_nothing_can_be_kept_the_page_says_so_and_the_lesson_goes_on(user, page, storage):
    tab = user.new_page()
    tab.add_init_script(storage)
    tab.goto(page)
    begin(tab, "A1")
    draw(tab, 2)
    assert tab.locator(".collector .trouble").inner_text() == WORDS["unkept"]
    assert tab.locator(".count").inner_text() == WORDS["count"].format(done=3, all=20)
    tab.reload()
    assert user.asked == ["beforeunload"]
    assert offers(tab) == []


def test_the_page_tells_what_the_package_tells(tab, of_a_class):
    drop(tab, sorted(of_a_class.glob("*.json")))
    assert rates(tab) == expected(of_a_class)
    answers, _ = evidence.measure(of_a_class, SERVED)
    center = answers.xs("center", axis=1, level=1)[[*SERVED]]
    wrong = center.ne(center.index.get_level_values("label"), axis=0)
    by_digit = wrong.groupby(level="label").sum()
    rows = [
        row.locator("td").all_inner_texts()
        for row in tab.locator("table >> nth=1 >> tbody tr").all()
    ]
    assert [[*map(int, row)] for row in rows] == by_digit.T.to_numpy().tolist()
    assert tab.locator(".evidence .readings figure").count() == wrong.any(axis=1).sum()
    by_writer = (~wrong).groupby(level="writer").sum()
    told = [" ".join(text.split()) for text in tab.locator(".writers li").all_inner_texts()]
    assert told == [
        f"{writer} {' / '.join(map(str, row))} of 9"
        for writer, row in zip(by_writer.index, by_writer.to_numpy(), strict=True)
    ]


@pytest.mark.slow
def test_what_the_demo_collects_is_told_of_likewise(tab, tmp_path):
    folder = collected.Folder(tmp_path / "kept")
    for digit, picture in examples():
        folder.add(picture, digit, "center", answer(picture))
    tab.locator(".evidence [name=folder]").set_input_files(str(folder.path))
    tab.locator(".evidence .found table").first.wait_for()
    assert rates(tab) == expected(folder.path)
    assert not remarks(tab)


@pytest.mark.slow
def test_each_bad_file_has_a_sentence_and_the_others_count(tab, of_a_class, tmp_path):
    good = sorted(of_a_class.glob("*.json"))[:1]
    blank, ink = np.zeros((112, 112), int), np.full((112, 112), 0)
    ink[20:90, 50:60] = 15
    bad = {
        "<img src=x onerror=alert(1)>.json": "kind",
        "other.json": "kind",
        "later.json": "version",
        "named.json": "code",
        "many.json": "digits",
        "bomb.json": "size",
        "short.json": "size",
        "empty.json": "blank",
        "again.json": "same",
        "namesake.json": "twice",
    }
    store(tmp_path / "later.json", "A", [(1, ink)], format="mnist-compare drawings 2")
    store(tmp_path / "named.json", "<b>me</b>", [(1, ink)])
    store(tmp_path / "many.json", "A", [(1, blank)] * 10_000)
    store(tmp_path / "bomb.json", "A", [(1, blank)] * 5_000, digits="1")
    store(tmp_path / "short.json", "A", [(1, ink)], digits="123")
    store(tmp_path / "empty.json", "B", [(1, blank)])
    store(tmp_path / "namesake.json", "W0", [(1, ink)])
    (tmp_path / "<img src=x onerror=alert(1)>.json").write_text("[1")
    (tmp_path / "other.json").write_text('["digits"]')
    (tmp_path / "again.json").write_bytes(good[0].read_bytes())
    (tmp_path / good[0].name).write_bytes(good[0].read_bytes())
    drop(tab, [*good, *(tmp_path / name for name in bad)])
    said = sorted(remarks(tab))
    assert len(said) == len(bad)
    for name, reason in bad.items():
        values = {"file": name, "other": good[0].name, "code": "W0", "most": 1_000, "place": 1}
        assert WORDS["refused"][reason].format(**values) in said
    assert rates(tab) == expected(tmp_path)
    assert not tab.locator(".evidence img, .evidence .remarks b").count()
    _, skipped = evidence.measure(tmp_path, SERVED)
    assert len(skipped) == len(bad) - 1  # the command reads what only shares a code
    for name in ("other.json", "later.json", "many.json", "bomb.json", "empty.json"):
        assert any(name in line for line in skipped)


@pytest.mark.slow
def test_a_second_drop_waits_its_turn(tab, user, of_a_class):
    files = sorted(of_a_class.glob("*.json"))
    choose(tab, files[:2])
    assert tab.locator("[name=forget]").is_disabled()  # still reading
    choose(tab, files[2:])
    told = tab.locator(".evidence .progress").inner_text()
    assert told in [WORDS["reading"].format(done=done, waiting=4 - done // 9) for done in range(18)]
    tab.locator(".evidence .found table").first.wait_for()
    assert rates(tab) == expected(of_a_class)
    assert not remarks(tab)
    tab.locator(".evidence .drop p").first.click()  # browsers ask only those who did something
    tab.reload()
    assert user.asked == ["beforeunload"]


FAILS = """window.Worker = class extends Worker {
  postMessage(message, moved = []) {
    // The fifth question becomes one that no worker understands.
    super.postMessage(message.read?.id === 5 ? null : message, moved);
  }
};"""


@pytest.mark.slow
def test_a_file_whose_reading_fails_is_named_and_can_be_dropped_again(user, page, of_a_class):
    tab = user.new_page()
    tab.add_init_script(FAILS)
    tab.goto(page)
    first, *others = sorted(of_a_class.glob("*.json"))
    drop(tab, [first, *others])
    assert remarks(tab) == [WORDS["refused"]["unread"].format(file=first.name)]
    assert tab.locator(".evidence .progress").inner_text() == parts.strings()["en"]["unread"]
    choose(tab, [first])
    tab.locator(".evidence .sum", has_text="45").wait_for()
    assert rates(tab) == expected(of_a_class)


def test_the_interval_is_the_packages(chromium, give_modules):
    tab, generator = chromium.new_page(), np.random.default_rng(0)
    give_modules(tab, "tally.js")
    for groups in (1, 2, 3, 10, 30):
        for share in (0, 0.3, 0.9, 1):
            group = generator.integers(groups, size=40)
            right = generator.random(40) < share
            given = [right.tolist(), group.tolist()]
            told = tab.evaluate("([right, groups]) => shareBy(right, groups)", given)
            assert (told["low"], told["high"]) == pytest.approx(share_by(right, group), abs=1e-7)
    tab.close()
