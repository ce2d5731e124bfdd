"""The changes of digits against hand-worked pixels, NumPy, and what each promises."""

import numpy as np
import pytest
from scipy import ndimage

from mnist_compare import data
from mnist_compare.findings.changes import CHANGES, MIDDLE, changed

_, (EVERY_DIGIT, _) = data.load("mnist")
DIGITS = EVERY_DIGIT[:50]
TAPERING = EVERY_DIGIT[[117, 247, 464, 475, 1023]]  # where an uneven middle line has gaps
SEEDS = range(20)  # enough for both directions
BOTH_WAYS = {(-1, -1), (-1, 1), (1, -1), (1, 1)}
TOUCHING = np.ones((3, 3))  # pixels that touch at a corner belong together


def blob(spread=2.0):
    """A round digit in the middle of the picture."""
    row, column = np.mgrid[:28, :28] - MIDDLE
    return np.rint(255 * np.exp(-(row**2 + column**2) / (2 * spread**2))).astype(np.uint8)


def single(row, column):
    """A digit of one white pixel."""
    digit = np.zeros((28, 28), np.uint8)
    digit[row, column] = 255
    return digit


def bar(width, length=16):
    """A level bar, ``width`` rows thick."""
    digit = np.zeros((28, 28), np.uint8)
    top = (28 - width) // 2
    digit[top : top + width, 6 : 6 + length] = 255
    return digit


def one(digit, name, level, seed=0):
    """The only digit, changed, as floats."""
    return changed(digit[None], name, level, seed)[0].astype(float)


def pieces(digit, threshold):
    return ndimage.label(digit > threshold, TOUCHING)[1]


def middle_of(digit):
    return ndimage.center_of_mass(digit.astype(float))


@pytest.mark.parametrize("name", CHANGES)
def test_levels_go_one_way_from_or_through_neutral(name):
    what = CHANGES[name]
    steps = np.diff(what.levels)
    assert (steps > 0).all() or (steps < 0).all()
    assert what.neutral in what.levels
    if name != "stroke width":
        np.testing.assert_array_equal(changed(DIGITS, name, what.neutral), DIGITS)


def test_the_neutral_stroke_width_draws_digits_anew_with_the_same_ink():
    drawn = changed(DIGITS, "stroke width", 1.0)
    assert (drawn != DIGITS).any()
    ink = drawn.sum(axis=(1, 2)) / DIGITS.sum(axis=(1, 2))
    assert np.abs(ink - 1).max() < 0.1


@pytest.mark.parametrize("name", CHANGES)
def test_every_level_changes_the_digits_and_leaves_those_given_and_blank_ones_alone(name):
    before = DIGITS.copy()  # which may be written to, unlike MNIST itself
    for level in set(CHANGES[name].levels) - {CHANGES[name].neutral}:
        after = changed(before, name, level)
        assert (after.shape, after.dtype) == (before.shape, np.uint8)
        np.testing.assert_array_equal(before, DIGITS)
        different = (after != DIGITS).any(axis=(1, 2))
        # A square may miss a thin digit.
        assert different.all() or (name == "occlusion" and different.mean() > 0.5)
        blank = changed(np.zeros((2, 28, 28), np.uint8), name, level)
        assert blank.any() == (name == "impulse noise")


def test_a_shift_moves_one_pixel_by_hand():
    places = set()
    for seed in SEEDS:
        row, column = np.argwhere(one(single(10, 20), "shift", 3, seed)).squeeze()
        assert (abs(row - 10), abs(column - 20)) == (3, 3)
        places.add((np.sign(row - 10), np.sign(column - 20)))
    assert places == BOTH_WAYS


def test_a_shift_past_the_edge_loses_the_pixel_and_brings_nothing_in():
    """From row 1 and column 26 only the way down and left stays in the picture."""
    stayed = set()
    for seed in SEEDS:
        row, column = np.argwhere(one(single(10, 20), "shift", 2, seed)).squeeze()
        there = one(single(1, 26), "shift", 2, seed).sum()
        assert there == (255 if (row, column) == (12, 18) else 0)
        stayed.add(there)
    assert stayed == {0, 255}


@pytest.mark.parametrize("name", ["shift", "rotation", "shear"])
def test_a_digit_keeps_its_direction_at_every_level(name):
    """A dot right of and above the middle tells by where it goes which way was drawn."""
    dots = np.stack([blob(1.2)] * 30)
    dots = np.roll(dots, (-6, 6), axis=(1, 2)) if name != "shift" else dots
    start = np.array([middle_of(dot) for dot in dots])
    ways = []
    for level in CHANGES[name].levels[1:4]:
        moved = np.array([middle_of(dot) for dot in changed(dots, name, level)]) - start
        ways.append(np.sign(np.round(moved, 1)))
    np.testing.assert_array_equal(ways[0], ways[1])
    np.testing.assert_array_equal(ways[0], ways[2])
    assert len(np.unique(ways[0], axis=0)) == (4 if name == "shift" else 2)


def test_a_quarter_turn_is_numpys():
    digit = np.random.default_rng(0).integers(0, 256, (28, 28)).astype(np.uint8)
    left, right = np.rot90(digit), np.rot90(digit, -1)
    turned = [changed(digit[None], "rotation", 90, seed)[0] for seed in SEEDS]
    is_left = [np.array_equal(picture, left) for picture in turned]
    is_right = [np.array_equal(picture, right) for picture in turned]
    assert all(a != b for a, b in zip(is_left, is_right, strict=True))
    assert any(is_left)
    assert any(is_right)


def test_twice_the_scale_is_twice_the_extent():
    square = np.zeros((28, 28), np.uint8)
    square[11:17, 10:18] = 255  # 6 × 8 about the middle
    twice, half = one(square, "scale", 2), one(square, "scale", 0.5)
    assert (twice > 127).any(axis=1).sum() == 12
    assert (twice > 127).any(axis=0).sum() == 16
    assert twice.sum() == pytest.approx(4 * 255 * 48, rel=0.02)
    assert half.sum() == pytest.approx(255 * 48 / 4, rel=0.02)


def test_a_slope_of_one_moves_each_row_by_its_distance_from_the_middle():
    """Row r goes by r − 13.5 pixels: half of each pixel lands left, half right of there."""
    line = np.zeros((28, 28), np.uint8)
    line[4:24, 13:15] = 200  # upright, about the middle
    slants = set()
    for seed in SEEDS:
        slanted = one(line, "shear", 1.0, seed)
        rows = np.arange(4, 24)
        middles = [slanted[row] @ np.arange(28) / slanted[row].sum() for row in rows]
        way = np.sign(middles[-1] - middles[0])
        assert middles == pytest.approx(MIDDLE + way * (rows - MIDDLE))
        assert slanted.sum(axis=1) == pytest.approx(line.sum(axis=1).astype(float))
        slants.add(way)
    assert slants == {-1, 1}


@pytest.mark.parametrize("factor", [0.5, 0.75, 1.0, 1.5, 2.0])
@pytest.mark.parametrize("width", [2, 3, 4, 6])
def test_a_bar_becomes_so_many_times_as_wide(width, factor):
    drawn = one(bar(width), "stroke width", factor)
    thickness = drawn[:, 10:18].sum(axis=0) / 255
    assert thickness == pytest.approx(width * factor, abs=0.5)
    assert thickness == pytest.approx(thickness[0])
    row, column = middle_of(drawn)
    assert (row, column) == pytest.approx(middle_of(bar(width)), abs=0.05)


@pytest.mark.parametrize("factor", [0.25, 0.5, 0.75])
def test_thinning_breaks_no_stroke(factor):
    digits = np.concatenate([DIGITS, TAPERING])
    for digit, thin in zip(digits, changed(digits, "stroke width", factor), strict=True):
        assert pieces(thin, 0) <= pieces(digit, 127)
        assert thin.sum() < digit.sum()


def test_noise_hits_its_share_of_pixels_half_black_and_half_white():
    grey = np.full((200, 28, 28), 100, np.uint8)
    noisy = changed(grey, "impulse noise", 0.17)
    assert set(np.unique(noisy)) == {0, 100, 255}
    # 156,800 pixels: a standard error of 0.001 of the share, and as little of each half.
    assert np.mean(noisy != 100) == pytest.approx(0.17, abs=0.004)
    assert np.mean(noisy[noisy != 100] == 255) == pytest.approx(0.5, abs=0.015)


def test_more_noise_keeps_the_noise_there_was():
    little, more = (changed(DIGITS, "impulse noise", share) for share in (0.06, 0.27))
    hit = little != DIGITS
    np.testing.assert_array_equal(more[hit], little[hit])


def test_a_blur_keeps_the_ink_and_lowers_the_peak():
    digit = np.zeros((28, 28), np.uint8)
    digit[12:16, 12:16] = 240
    for pixels in (0.5, 1.0, 2.0):
        blurred = one(digit, "blur", pixels)
        assert blurred.sum() == pytest.approx(digit.sum(), rel=0.03)
        assert blurred.max() <= 240
    # Of a lone pixel, a Gaussian of standard deviation 1 leaves 1 / 2π: 255 / 6.28 = 40.6.
    assert one(single(14, 14), "blur", 1.0).max() == pytest.approx(255 / (2 * np.pi), abs=1)


def test_contrast_by_hand():
    digit = np.zeros((28, 28), np.uint8)
    digit[:14] = 200  # a mean of 100
    half, grey = changed(np.stack([digit, np.full_like(digit, 40)]), "contrast", 0.5)
    assert set(grey.ravel()) == {40}  # each digit has a mean of its own
    assert set(half[:14].ravel()) == {150}  # 100 + 0.5 · 100
    assert set(half[14:].ravel()) == {50}
    grown = one(digit, "contrast", 3)
    assert (grown.min(), grown.max()) == (0, 255)  # −200 and 400, cut off


@pytest.mark.parametrize("side", CHANGES["occlusion"].levels[1:])
def test_a_square_covers_so_many_pixels_and_removes_ink_only(side):
    white = np.full((100, 28, 28), 255, np.uint8)
    covered = changed(white, "occlusion", side) == 0
    for each in covered:
        (rows, columns) = (np.flatnonzero(each.any(axis=axis)) for axis in (1, 0))
        assert each.sum() == len(rows) * len(columns)  # a rectangle
        for places in (rows, columns):
            at_the_edge = places[0] == 0 or places[-1] == 27  # there a part lies outside
            assert len(places) == side or (at_the_edge and side / 2 < len(places) < side)
    assert covered.sum(axis=(1, 2)).max() == side**2
    assert (covered.sum(axis=(1, 2)) == side**2).all() or side > 8

    digits = changed(DIGITS, "occlusion", side)
    assert (digits <= DIGITS).all()
    np.testing.assert_array_equal(digits, np.where(covered[:50], 0, DIGITS))
