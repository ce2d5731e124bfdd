"""A class's drawings in a real browser, and the same files told of by the package."""

import base64
import json
import zlib

import numpy as np
import pytest

from mnist_compare.__main__ import main
from mnist_compare.demo import collected, evidence, examples, writers
from mnist_compare.demo.answer import answer
from mnist_compare.front import pads, parts
from mnist_compare.networks import SERVED
from mnist_compare.preprocessing import PIPELINES
from mnist_compare.statistics import share_by

WORDS = parts.strings()["en"]["classroom"]


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The address of a page where a class draws and is told of."""
    path = tmp_path_factory.mktemp("class") / "page.html"
    body = f'{pads.OF_A_CLASS}></div><div class="evidence"></div>'
    path.write_text(f'<!doctype html><html lang="en"><meta charset="utf-8">{body}{pads.living()}')
    return path.as_uri()


@pytest.fixture
def tab(chromium, page):
    """The page in a window; nothing may go wrong in it."""
    wrong = []
    tab = chromium.new_page(viewport={"width": 390, "height": 800})
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.goto(page)
    yield tab
    tab.close()
    assert not wrong


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


def drop(tab, files, until=".found table"):
    tab.locator(".evidence [name=files]").set_input_files([str(file) for file in files])
    tab.locator(f".evidence {until}").first.wait_for()
    tab.wait_for_function("document.querySelector('.evidence [name=files]').value === ''")


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
    tab.locator("[name=code]").fill("<b>")
    tab.locator(".collector form button").click()
    assert tab.locator(".collector .trouble").inner_text() == WORDS["wrong_code"]
    tab.locator("[name=code]").fill("나무-7")
    tab.locator(".collector form button").click()
    asked = []
    for _ in range(20):
        assert tab.locator("[name=next]").is_disabled()
        asked.append(tab.locator(".asked").inner_text()[-1])
        assert not tab.locator(".collector .readings").count()  # no answers before the end
        box = tab.locator(".collector canvas").bounding_box()
        tab.mouse.move(box["x"] + 90, box["y"] + 40 + len(asked))
        tab.mouse.down()
        tab.mouse.move(box["x"] + 100, box["y"] + 200)
        tab.mouse.up()
        tab.locator("[name=next]").click()
    assert sorted(asked[:10]) == sorted(asked[10:]) == list("0123456789")
    with tab.expect_download() as download:
        tab.locator(".collector a").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    code, digits, pictures = writers.read(file)
    assert (file.name, code, digits) == ("digits-나무-7.json", "나무-7", "".join(asked))
    assert file.stat().st_size < 20_000
    read = [answer(picture, ("reader",)).digit("reader") for picture in pictures]
    shown = tab.locator(".collector .readings .reader")
    tab.wait_for_function("document.querySelector('.collector .count').textContent")
    assert [int(text[-1]) for text in shown.all_inner_texts()] == read


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


def test_what_the_demo_collects_is_told_of_likewise(tab, tmp_path):
    folder = collected.Folder(tmp_path / "kept")
    for digit, picture in examples():
        folder.add(picture, digit, "center", answer(picture))
    tab.locator(".evidence [name=folder]").set_input_files(str(folder.path))
    tab.locator(".evidence .found table").first.wait_for()
    assert rates(tab) == expected(folder.path)
    assert not remarks(tab)


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


def test_the_command_names_bad_files(of_a_class, tmp_path, capsys):
    (tmp_path / "digits-A.json").write_bytes((of_a_class / "digits-W0.json").read_bytes())
    (tmp_path / "digits-B.json").write_bytes((of_a_class / "digits-W0.json").read_bytes())
    (tmp_path / "digits-C.json").write_text("{}")
    assert main(["drawings", str(tmp_path), "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["mlp"]["center"]["n"] == 9
    assert "digits-B.json: it is the same as digits-A.json" in err
    assert "digits-C.json: it is no file of drawings" in err


def test_the_interval_is_the_packages(chromium):
    tab, generator = chromium.new_page(), np.random.default_rng(0)
    tab.add_script_tag(content=parts.text("evidence.js"))
    for groups in (1, 2, 3, 10, 30):
        for share in (0, 0.3, 0.9, 1):
            group = generator.integers(groups, size=40)
            right = generator.random(40) < share
            given = [right.tolist(), group.tolist()]
            told = tab.evaluate("([right, groups]) => shareBy(right, groups)", given)
            assert (told["low"], told["high"]) == pytest.approx(share_by(right, group), abs=1e-7)
    tab.close()
