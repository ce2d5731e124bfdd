"""Strokes of other hands, drawn by hand and measured."""

import numpy as np
import pytest
from scipy import ndimage

from mnist_compare import data
from mnist_compare.reader import forms
from mnist_compare.reader.forms import Forms, Stems, draw

(EVERY_DIGIT, EVERY_LABEL), _ = data.load("mnist")
DIGITS, LABELS = EVERY_DIGIT[:600], EVERY_LABEL[:600]
ALL = {1: 1, 7: 1, 9: 1}
NONE = np.full((2, 2), np.nan)


@pytest.fixture
def where_drawn(monkeypatch):
    """Digits stay where they are, whatever is added to them."""
    monkeypatch.setattr(forms, "center", lambda digit: digit)


def upright():
    """A white bar, 4 columns wide, from row 5 to row 23."""
    digit = np.zeros((28, 28), np.uint8)
    digit[5:24, 12:16] = 255
    return digit


def drawn(*strokes, width=3.0):
    """The picture of strokes from one place to another."""
    return draw(np.array([strokes], np.float32), np.array([width], np.float32))[0]


def new_strokes(label, count=400, lean=0.0):
    """Strokes for as many digits whose stem goes down from (5, 14) to (23, 14 − lean)."""
    where = Stems(
        top=np.tile(np.float32([5, 14]), (count, 1)),
        bottom=np.tile(np.float32([23, 14 - lean]), (count, 1)),
        middle=np.tile(np.float32([14, 14]), (count, 1)),
        width=np.full(count, 3, np.float32),
        height=np.full(count, 18, np.float32),
    )
    return forms._strokes(where, np.full(count, label), np.random.default_rng(0))


def test_the_stem_of_an_upright_bar():
    found = forms.stems(upright()[None])
    assert found.top[0] == pytest.approx([5, 13.5], abs=0.5)
    assert found.bottom[0] == pytest.approx([23, 13.5], abs=0.5)
    assert found.middle[0] == pytest.approx([14, 13.5], abs=0.5)
    assert found.width[0] == pytest.approx(4, abs=0.5)
    assert found.height[0] == pytest.approx(18.5, abs=0.5)
    assert {part.dtype for part in found} == {np.dtype(np.float32)}


@pytest.mark.parametrize("width", [2, 3, 4, 5, 6])
def test_the_width_of_a_stroke_is_found_within_half_a_pixel(width):
    digit = np.zeros((28, 28), np.uint8)
    digit[4:24, 10 : 10 + width] = 255
    assert forms.stems(digit[None]).width[0] == pytest.approx(width, abs=0.5)


def test_the_stem_of_a_slanted_stroke_goes_from_end_to_end():
    digit = np.rint(255 * drawn(((6, 20), (21, 8)), width=3)).astype(np.uint8)
    found = forms.stems(digit[None])
    # Its ends are round: the first and last rows lie 1.5 pixels outside.
    assert found.top[0] == pytest.approx([5, 20], abs=1)
    assert found.bottom[0] == pytest.approx([22, 8], abs=1)
    assert found.middle[0] == pytest.approx([14, 13.6], abs=1)


def test_a_level_stroke_by_hand():
    """From (10, 5) to (10, 15), 3 wide: ink is 2 less the distance, from 0 to 1."""
    picture = drawn(((10, 5), (10, 15)))
    assert (picture.shape, picture.dtype) == ((28, 28), np.float32)
    assert picture[8:13, 10].tolist() == [0, 1, 1, 1, 0]
    assert picture[10, 2:7].tolist() == [0, 0, 1, 1, 1]
    assert picture[10, 14:19].tolist() == [1, 1, 1, 0, 0]
    assert picture[9, 16] == picture[11, 4] == pytest.approx(2 - np.sqrt(2))  # round ends
    assert drawn(((10, 5), (10, 15)), width=2)[8:13, 10].tolist() == [0, 0.5, 1, 0.5, 0]
    assert drawn(((10, 5), (10, 15)), width=1)[9:12, 10].tolist() == [0, 1, 0]


def test_any_stroke_is_as_far_as_its_nearest_point():
    generator = np.random.default_rng(0)
    strokes = generator.uniform(-3, 31, (8, 2, 2, 2)).astype(np.float32)
    widths = generator.uniform(1, 6, 8).astype(np.float32)
    row, column = np.mgrid[:28, :28][..., None]
    share = np.linspace(0, 1, 1001)[:, None]
    for picture, pair, width in zip(draw(strokes, widths), strokes, widths, strict=True):
        points = np.concatenate([start + share * (end - start) for start, end in pair])
        away = np.min(np.hypot(row - points[:, 0], column - points[:, 1]), axis=-1)
        np.testing.assert_allclose(picture, np.clip(width / 2 - away + 0.5, 0, 1), atol=0.01)


def test_a_stroke_that_is_none_leaves_nothing():
    assert not drawn(NONE).any()
    line = ((3, 3), (20, 9))
    np.testing.assert_array_equal(drawn(NONE, line), drawn(line))
    np.testing.assert_array_equal(drawn(line, NONE), drawn(line))


def test_every_1_7_and_9_and_nothing_else_is_changed():
    before = DIGITS.copy()
    after = Forms(before, LABELS, ALL)(np.random.default_rng(0))
    assert (after.shape, after.dtype) == (DIGITS.shape, np.uint8)
    different = (after != DIGITS).any(axis=(1, 2))
    np.testing.assert_array_equal(different, np.isin(LABELS, (1, 7, 9)))
    for digit in after[different]:
        assert ndimage.center_of_mass(digit) == pytest.approx((14, 14), abs=0.75)
    np.testing.assert_array_equal(before, DIGITS)


def test_each_digit_has_its_own_share():
    ones, sevens = (np.repeat(DIGITS[digit == LABELS][:1], 500, axis=0) for digit in (1, 7))
    digits, labels = np.concatenate([ones, sevens]), np.repeat([1, 7], 500)
    changed = (Forms(digits, labels, {1: 0.3, 7: 0.8})(np.random.default_rng(0)) != digits).any(
        axis=(1, 2)
    )
    # A standard error of two points.
    assert changed[:500].mean() == pytest.approx(0.3, abs=0.08)
    assert changed[500:].mean() == pytest.approx(0.8, abs=0.08)


@pytest.mark.parametrize("lean", [0, 6])
def test_the_flag_of_a_1_goes_from_the_top_down_to_the_left(lean):
    first, second = new_strokes(1, lean=lean)[:, :2].swapaxes(0, 1)
    np.testing.assert_array_equal(first[:, 0], np.tile([5, 14], (len(first), 1)))
    np.testing.assert_array_equal(first[:, 1], second[:, 0])  # one line
    down, right = (first[:, 1] - first[:, 0]).T
    assert (right < 0).all()
    angle = np.arctan2(-right, down)
    assert 0.2 < (angle - np.arctan2(lean, 18)).min() < 0.4 < 0.7 < angle.max() <= forms.LEVEL


def test_the_bar_of_a_7_crosses_its_stem():
    strokes = new_strokes(7)
    left, right = strokes[:, 0].swapaxes(0, 1)
    assert np.isnan(strokes[:, 2]).all()
    assert (left[:, 1] < 14).all()
    assert (right[:, 1] > 14).all()
    fall, run = (right - left).T
    at_the_stem = left[:, 0] + (14 - left[:, 1]) * fall / run
    assert 9 < at_the_stem.min() < at_the_stem.max() < 22  # of rows 5 to 23
    assert np.mean(fall < 0) > 0.55  # it often rises
    assert np.abs(fall / run).max() < 0.5
    assert 5 < run.min() < run.max() < 18


def open_four():
    """Two arms from row 4, three columns wide, joined by a bar in rows 14 and 15; a leg."""
    digit = np.zeros((28, 28), np.uint8)
    digit[4:16, 6:9] = digit[4:24, 16:19] = digit[14:16, 6:19] = 255
    return digit


def test_the_arm_of_an_open_4_stands_alone_above_its_bar():
    starts = forms.arms(open_four()[None])
    assert starts.shape == (1, 28)
    # With the soft edge that a stroke has: a column and a row before it.
    assert starts[0].tolist() == [28] * 3 + [15] * 11 + [28] * 14


def test_a_closed_4_has_no_arm():
    closed = open_four()
    closed[4:6, 6:19] = 255
    assert (forms.arms(closed[None]) == 28).all()


@pytest.mark.usefixtures("where_drawn")
def test_a_4_loses_some_of_its_right_arm_from_the_top():
    fours = np.repeat(open_four()[None], 300, axis=0)
    cut = Forms(fours, np.full(300, 4), {4: 1})(np.random.default_rng(0))
    lost = cut != fours
    assert not lost[:, 14:].any()
    assert not lost[:, :, :16].any()
    rows = lost[:, :, 17].sum(axis=1)
    assert (lost[:, :, 17].cumsum(axis=1)[:, 13] == rows).all()
    # Of ten rows of ink; the first of the eleven that may go is soft edge, so none here.
    assert rows.min() == 0
    assert rows.max() == 9
    assert rows.mean() == pytest.approx(4.5, abs=0.8)
    for one, count in zip(lost, rows, strict=True):
        assert one[4 : 4 + count, 16:19].all()  # from its top on
