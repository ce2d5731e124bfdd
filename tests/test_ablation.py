"""What the steps are worth, measured on little."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from mnist_compare import (
    ablation,
    data,
    metrics,
    pendigits,
    recipes,
    scribbles,
    study,
    training,
)
from mnist_compare.changes import changed
from mnist_compare.preprocessing import preprocess
from mnist_compare.reading import UNSURE_BELOW

_, (DIGITS, LABELS) = data.load_mnist()
KEYS = [("mlp", "fair", 0), ("cnn", "plain", 0), ("reader", "fair", 1)]


def quiet(line):
    """Swallow progress."""


def test_the_chapter_needs_three_seeds_of_each_step_and_five_of_what_is_compared():
    found = {}
    for *key, seed in ablation.wanted():
        found.setdefault(tuple(key), []).append(seed)
    compared = {(model, "fair") for model in ("mlp", "cnn", "reader")}
    assert set(found) == set(recipes.RECIPES) | compared
    for key, seeds in found.items():
        assert seeds == list(range(5 if key in compared else 3))
    assert len(set(ablation.wanted())) == len(ablation.wanted())


@pytest.mark.parametrize(("count", "few", "fewer"), [(1, 1, 1), (4, 4, 3), (20, 5, 3)])
def test_fewer_seeds_are_fewer_of_everything(count, few, fewer):
    found = ablation.wanted(count)
    assert [key[2] for key in found if key[:2] == ("reader", "fair")] == list(range(few))
    assert [key[2] for key in found if key[:2] == ("cnn", "plain")] == list(range(fewer))


def test_the_chapter_needs_little_in_fast_mode(records):
    assert {seed for *_, seed in ablation.wanted()} == {0, 1}


def segment(label, writer, slope):
    """A digit of one line, as the file of pen-drawn digits has it."""
    return (
        f'.SEGMENT DIGIT    0 ? "{label}"\n.COMMENT {label} {writer}  224\n'
        f".PEN_DOWN\n 100  400\n {100 + slope}  100\n.PEN_UP\n.DT 100\n\n"
    )


@pytest.fixture
def unipen(tmp_path):
    """A file in which each writer draws a 1 and a 7, and writer 25 two more 1s."""
    path = tmp_path / "digits.tra"
    text = '.INCLUDE dene.doc\n\n.LEXICON "0" "1"\n.HIERARCHY      DIGIT\n\n'
    for writer in range(1, 31):
        for label in (1, 7, *(1, 1) * (writer == 25)):
            text += segment(label, writer, 5 * writer + 20 * label)
    path.write_text(text)
    return path


@pytest.fixture
def fresh():
    """What was kept of other digits is forgotten, before and after."""
    kept = (ablation._drawings, ablation._changed, ablation.no_digits)
    for function in kept:
        function.cache_clear()
    yield
    for function in kept:
        function.cache_clear()


def test_a_network_is_measured_on_everything(records, fresh, unipen, monkeypatch):
    """One that reads 7 in everything, every fourth time surely, and is half sure of nothing."""
    asked = []

    def read(model, weights, pictures):
        asked.append((model, weights, pictures))
        sure = np.where(np.arange(len(pictures)) % 4 == 0, 0.95, UNSURE_BELOW - 0.01)
        sure[~pictures.any(axis=(1, 2))] = 0.5
        given = np.repeat((1 - sure[:, None]) / 9, 10, axis=1)
        given[:, 7] = sure
        return given.astype(np.float32)

    monkeypatch.setattr(training, "read", read)
    rows = ablation.measure("cnn", "plain", 2, "the weights", unipen)
    assert [row[:4] for row in rows] == [("cnn", "plain", 2, name) for name in ablation.MEASURES]
    found = {name: value for *_, name, value, _ in rows}
    assert {row[-1] for row in rows} == {study.fingerprint("cnn", "plain")}
    assert {type(value) for value in found.values()} == {float}

    # Nine writers whose 7 is read and 1 is not, and one of whose four digits a 7 is read.
    assert found["drawings"] == found["drawings_crop"] == pytest.approx((9 * 0.5 + 0.25) / 10)
    assert found["worst_writer"] == 0.25
    right = np.array([False, True] * 4 + [False, True, False, False] + [False, True] * 5)
    sure = np.where(np.arange(22) % 4 == 0, np.float32(0.95), np.float32(UNSURE_BELOW - 0.01))
    assert found["drawings_calibration"] == pytest.approx(metrics.calibration_error(sure, right))
    sevens = np.mean(LABELS[:100] == 7)
    assert [found[name] for name in ("rotation", "thin", "thick")] == [sevens] * 3
    assert found["sure_curves"] == found["sure_walks"] == 0.25
    assert found["sure_letters"] == 0.25
    assert found["confidence_blank"] == 0.5

    assert {each[:2] for each in asked} == {("cnn", "the weights")}
    seen = [pictures for *_, pictures in asked]
    condition = pendigits.CONDITIONS[0]
    for pictures, pipeline in zip(seen[:2], ("center", "crop"), strict=True):
        # The first of writer 21 is the forty-first of the file.
        for place, digit in list(enumerate(pendigits.read(unipen)))[40:]:
            canvas = pendigits.draw(digit, condition, np.random.default_rng([place, *condition]))
            expected = preprocess(canvas, pipeline).digit
            np.testing.assert_array_equal(pictures[place - 40], expected)
        assert len(pictures) == 22
    changes = (("rotation", 30), ("stroke width", 0.5), ("stroke width", 2))
    for pictures, change in zip(seen[2:5], changes, strict=True):
        np.testing.assert_array_equal(pictures, changed(DIGITS[:100], *change))
    np.testing.assert_array_equal(seen[5], scribbles.curves(20, 1000))
    np.testing.assert_array_equal(seen[6], scribbles.walks(20, 1000))
    np.testing.assert_array_equal(seen[7], scribbles.letters()[0])
    assert seen[8].shape == (1, 28, 28)
    assert not seen[8].any()
    assert len(seen) == 9


@pytest.fixture
def measuring(records, marked, monkeypatch):
    """Networks whose every measure is their seed's; what was asked for, in lists."""
    asked = {"weights": [], "measured": []}

    def weights(wanted, progress, executor):
        asked["weights"].append(wanted)
        return {key: "-".join(map(str, key)) for key in wanted}

    def measure(model, recipe, seed, path, drawings):
        asked["measured"].append((model, recipe, seed, path, drawings))
        return [
            (model, recipe, seed, name, seed / 10, "0123456789ab") for name in ablation.MEASURES
        ]

    monkeypatch.setattr(ablation, "measure", measure)
    monkeypatch.setattr(study, "weights", weights)
    return asked


def complete(path, wanted, progress=quiet):
    with ThreadPoolExecutor(1) as executor:
        ablation.complete(path, wanted, executor, progress)


def test_every_network_is_measured_and_recorded(measuring, unipen):
    lines = []
    complete(unipen, KEYS, lines.append)
    assert measuring["weights"] == [KEYS]
    assert measuring["measured"] == [(*key, "-".join(map(str, key)), unipen) for key in KEYS]
    record = ablation.read()
    assert tuple(record) == ablation.COLUMNS
    assert len(record) == 3 * len(ablation.MEASURES)
    assert record[record.seed == 1].value.tolist() == [0.1] * len(ablation.MEASURES)
    assert "3 networks" in lines[0]
    assert lines[-1].startswith("3/3 · reader · fair · 1 · ")


def test_what_is_recorded_is_not_measured_again(measuring, records, unipen):
    complete(unipen, KEYS[:2])
    before = (records / "ablation.csv").read_bytes()
    complete(unipen, KEYS)
    assert measuring["weights"] == [KEYS[:2], KEYS[2:]]
    assert [key[:3] for key in measuring["measured"]] == KEYS
    assert set(before.splitlines()) < set((records / "ablation.csv").read_bytes().splitlines())
    assert not ablation.read().duplicated().any()

    unipen.unlink()
    complete(unipen, KEYS)
    complete(unipen, [])
    assert len(measuring["measured"]) == 3


def test_an_interrupted_measurement_goes_on_where_it_stopped(measuring, records, unipen):
    def interrupted(line):
        if line.startswith("2/"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        complete(unipen, KEYS, interrupted)
    assert len(ablation.read()) == 2 * len(ablation.MEASURES)
    assert not list(records.glob(".ablation*"))
    done = set(ablation.read()[["model", "recipe", "seed"]].itertuples(index=False, name=None))
    measuring["measured"].clear()
    complete(unipen, KEYS)
    assert {key[:3] for key in measuring["measured"]} == set(KEYS) - done
    assert len(ablation.read()) == 3 * len(ablation.MEASURES)


def test_without_the_file_nothing_is_trained(measuring, tmp_path):
    with pytest.raises(FileNotFoundError, match="UCI"):
        complete(tmp_path / "missing", KEYS)
    assert not measuring["weights"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "",
        lambda text: text.replace("measure", "quantity", 1),
        lambda text: text[:-5],  # broken off in a row
        lambda text: text.replace("0.1,", "much,"),
        lambda text: text.replace("thick", "th\N{LATIN SMALL LETTER I WITH DIAERESIS}ck"),
        lambda text: "\0\1" + text,
    ],
)
def test_a_damaged_record_says_what_to_do(measuring, records, unipen, damage):
    complete(unipen, KEYS)
    path = records / "ablation.csv"
    path.write_bytes(damage(path.read_text()).encode("latin-1"))
    with pytest.raises(ValueError, match=r"ablation.csv cannot be read.*git checkout.*--drawings"):
        ablation.read()
    with pytest.raises(ValueError, match="git checkout -- reports"):
        complete(unipen, KEYS)


def test_no_record_says_what_to_do(records):
    with pytest.raises(ValueError, match=r"ablation.csv cannot be read.* study --drawings PATH"):
        ablation.read()
