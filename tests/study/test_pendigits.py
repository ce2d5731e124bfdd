import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from mnist_compare.findings import drawings, everything
from mnist_compare.findings.drawings import (
    CONDITIONS,
    SHOWN_CONDITION,
    WRITERS,
    Condition,
    PenDigit,
)
from mnist_compare.preprocessing import CANVAS, PIPELINES, preprocess
from mnist_compare.records.frames import by_name
from mnist_compare.records.protocols import FAIR
from mnist_compare.study import fitting, trained

HEADER = '.INCLUDE dene.doc\n\n.LEXICON "0" "1"\n.HIERARCHY      DIGIT\n\n'
HORIZONTAL = [[(0, 0), (100, 0)]]
ONE = Condition(80, 8)
CNN, MLP, LATER = ("cnn", FAIR, 0), ("mlp", FAIR, 0), ("mlp", FAIR, 3)


def segment(label=7, writer=3, strokes=(((10, 300), (40, 290)), ((30, 100),))):
    """A digit as the file has it; y points up."""
    lines = [f'.SEGMENT DIGIT    0 ? "{label}"', f".COMMENT {label} {writer}  224"]
    for stroke in strokes:
        lines += [".PEN_DOWN", *(f" {x}  {y}" for x, y in stroke), ".PEN_UP", ".DT 100"]
    return "\n".join(lines) + "\n\n"


@pytest.fixture
def unipen(tmp_path):
    def write(text):
        path = tmp_path / "digits.tra"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def thirty(unipen):
    """A file in which every writer draws a 1 and a 7, as lines of various slopes."""
    return unipen(
        HEADER
        + "".join(
            segment(label, writer, [((100, 400), (100 + 5 * writer, 100))])
            for writer in range(1, WRITERS + 1)
            for label in (1, 7)
        )
    )


@pytest.fixture
def ever_seven(marked, monkeypatch):
    """Networks that read 7 in everything, and a list of what they were asked."""
    asked = []

    def read(model, path, pictures):
        asked.append((model, path, pictures))
        return np.tile(np.eye(10, dtype=np.float32)[7], (len(pictures), 1))

    monkeypatch.setattr(fitting, "read", read)
    return asked


def drawn(strokes, condition=SHOWN_CONDITION, seed=0):
    digit = PenDigit(1, 1, tuple(np.asarray(stroke, float) for stroke in strokes))
    return drawings.draw(digit, condition, np.random.default_rng(seed))


def ink(canvas):
    return (255 - canvas.astype(float)).sum() / 255


def ink_box(canvas):
    """Width and height of what is not white."""
    y, x = np.nonzero(canvas < 255)
    return np.ptp(x) + 1, np.ptp(y) + 1


def test_reading_turns_y_down(unipen):
    first, second = drawings.read(unipen(HEADER + segment() + segment(0, 30, [((1, 2),)])))
    assert (first.label, first.writer, len(first.strokes)) == (7, 3, 2)
    assert first.strokes[0].tolist() == [[10, 200], [40, 210]]
    assert first.strokes[1].tolist() == [[30, 400]]
    assert (second.label, second.writer) == (0, 30)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("1,2,3\n4,5,6\n", "no digits"),
        ("\x1f\x9d\x90é", "ascii"),  # compressed as UCI has it
        (segment().replace('"7"', '"8"'), "no digit is described"),
        (segment(writer=31), "writer 31"),
        (segment()[: segment().index(".PEN_UP")], "broken off"),
        (segment().replace(" 40  290", " nan  290"), "broken off"),
        (segment().replace(" 40  290", " a  b"), "could not convert"),
    ],
)
def test_another_form_is_refused(unipen, text, wrong):
    with pytest.raises(ValueError, match=rf"{wrong}.*10\.24432/C5MG6K"):
        drawings.read(unipen(text))


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_drawing_has_its_size_and_brush(condition):
    size, brush = condition
    canvas = drawn(HORIZONTAL, condition)
    assert (canvas.shape, canvas.dtype) == ((CANVAS, CANVAS), np.uint8)
    assert (canvas.min(), canvas.max()) == (0, 255)
    assert ink_box(canvas) == pytest.approx((size + brush, brush), abs=1)
    # A slanting line is as thick and has round ends.
    expected = size * 50 / 40 * brush + np.pi * brush**2 / 4
    assert ink(drawn([[(0, 0), (30, 40)]], condition)) == pytest.approx(expected, rel=0.03)
    assert ink(drawn([[(5, 5)]], condition)) == pytest.approx(np.pi * brush**2 / 4, rel=0.04)


coordinates = st.floats(-1e6, 1e6, allow_subnormal=True)
any_stroke = hnp.arrays(float, st.tuples(st.integers(1, 5), st.just(2)), elements=coordinates)


@settings(derandomize=True, deadline=None, max_examples=60, database=None)
@given(st.lists(any_stroke, min_size=1, max_size=3), st.sampled_from(CONDITIONS), st.integers(0))
@example([np.zeros((4, 2))], CONDITIONS[0], 0)
@example([np.array([(0, 0), (5e-324, 0)])], CONDITIONS[-1], 0)
def test_any_strokes_are_drawn_whole(strokes, condition, seed):
    sides = np.ptp(np.concatenate(strokes), axis=0)
    expected = condition.brush + condition.size * (sides / (sides.max() or 1))
    assert ink_box(drawn(strokes, condition, seed)) == pytest.approx(expected, abs=2)


def test_every_network_sees_the_drawing_that_index_and_condition_give(thirty, ever_seven):
    misread, counted = drawings.measure(thirty, {CNN: "a", MLP: "b"}, *ONE)
    assert [asked[:2] for asked in ever_seven] == [("cnn", "a"), ("mlp", "b")]
    one, other = (pictures for *_, pictures in ever_seven)
    assert np.array_equal(one, other)
    digits = drawings.read(thirty)
    canvas = drawings.draw(digits[5], ONE, np.random.default_rng([5, 80, 8]))
    for picture, pipeline in zip(one.reshape(3, 60, 28, 28)[:, 5], PIPELINES, strict=True):
        assert np.array_equal(picture, preprocess(canvas, pipeline).digit)
    some = drawings.pictures(digits, ONE, [7, 40])
    assert np.array_equal(some, one.reshape(3, 60, 28, 28)[:, [7, 40]])

    for (*key, counts, mark), network in zip(counted, (CNN, MLP), strict=True):
        assert (key, mark) == ([*by_name(network), 80, 8], "0123456789ab")
        assert (counts.shape, counts.dtype) == ((3, 30, 10, 10), np.uint16)
        assert (counts[:, :, [1, 7], 7] == 1).all()
        assert counts.sum() == 3 * 60
    assert misread == []


def test_counts_by_hand():
    # Two writers; of the second's two 5s, resize reads none, crop one and center both.
    answers = np.array([[4, 3, 3], [4, 5, 3], [4, 5, 5]])
    counts = drawings._count(np.array([1, 30, 30]), np.array([4, 5, 5]), answers)
    assert counts[:, 0, 4, 4].tolist() == [1, 1, 1]
    assert counts[:, 29, 5, [3, 5]].tolist() == [[2, 0], [1, 1], [0, 2]]
    assert counts.sum() == 9


def test_misread_drawings_of_reporting_writers_are_kept(thirty, ever_seven):
    misread, _ = drawings.measure(thirty, {MLP: "a", LATER: "b"}, *SHOWN_CONDITION)
    # Ten reporting writers, each a 1, read as 7, and a 7.
    pictures = ever_seven[0][2].reshape(3, 60, 28, 28)[:, 40:]
    for number, row in enumerate(misread):  # of seed 0 alone
        assert row[:4] == (*by_name(MLP), number)
        assert np.array_equal(row[4], pictures[PIPELINES.index("center"), 2 * number])
        assert row[5:7] == (1, 7)
    assert number == 9


def test_each_condition_is_measured_for_the_networks_without_it(
    records, thirty, ever_seven, monkeypatch
):
    def complete(*networks):
        ever_seven.clear()
        drawings.complete(thirty, networks)
        return [asked[:2] for asked in ever_seven]

    monkeypatch.setattr(drawings, "CONDITIONS", (ONE, SHOWN_CONDITION))
    monkeypatch.setattr(trained, "weights", lambda wanted, *_: {key: str(key) for key in wanted})
    assert complete(CNN) == [("cnn", str(CNN))] * 2
    assert complete(CNN, MLP, LATER) == [("mlp", str(MLP)), ("mlp", str(LATER))] * 2
    assert len(drawings.COUNTS.read()) == 6
    assert drawings.MISREAD.read().groupby(["model", "seed"]).size().to_dict() == {
        ("cnn", 0): 10,
        ("mlp", 0): 10,
    }
    thirty.unlink()
    assert complete(CNN, MLP, LATER) == []


def test_a_missing_file_is_known_before_anything_is_trained(tmp_path):
    for missing in ({"drawings": tmp_path / "none"}, {"usps_file": tmp_path / "none"}):
        with pytest.raises(FileNotFoundError, match="There is no file"):
            everything.check(["mlp"], "mnist", **{"drawings": None, "usps_file": None} | missing)
