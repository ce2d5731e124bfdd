"""The random changes of training digits against SciPy, NumPy, and pixels worked by hand."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import ndimage

from mnist_compare import data
from mnist_compare.reader import augmentation
from mnist_compare.reader.augmentation import BUMPS, SMOOTH, THICKEST, augment
from mnist_compare.reader.recipes import NONE, Augmentation

_, (EVERY_DIGIT, _) = data.load("mnist")
DIGITS = EVERY_DIGIT[:40]
MIDDLE = 13.5
PICTURES = {
    "digits": lambda count, seed: EVERY_DIGIT[seed % 9000 :][:count],
    "noise": lambda count, seed: (
        np.random.default_rng(seed).integers(0, 256, (count, 28, 28)).astype(np.uint8)
    ),
    "blank": lambda count, seed: np.zeros((count, 28, 28), np.uint8),
    "grey": lambda count, seed: np.full((count, 28, 28), 100, np.uint8),
}
seeds = st.integers(0, 2**32 - 1)
quickly = settings(derandomize=True, deadline=None, max_examples=30, database=None)


def drawing(value):
    """A generator that draws its outermost values: the highest, or the lowest where ``value=0``."""
    return SimpleNamespace(
        uniform=lambda low=0, high=1, size=None: np.full(size, high if value else low, float),
        standard_normal=lambda shape, dtype: np.zeros(shape, dtype),
    )


HIGHEST, LOWEST = drawing(1), drawing(0)


def changed(digit, generator=HIGHEST, **how):
    """The only digit, changed."""
    return np.asarray(augment(digit[None], Augmentation(**how), generator))[0]


def warped(images, matrix, shift, bumps):
    """Images, all moved alike, as NumPy has them."""
    matrices = np.tile(np.array(matrix, np.float32), (len(images), 1, 1))
    shifts = np.tile(np.array(shift, np.float32), (len(images), 1))
    return augmentation.warp(images.astype(np.float32), matrices, shifts, bumps).numpy()


def varied(images, loss=0.0, gain=0.0):
    """Images, all thinned and thickened alike."""
    given = (np.full(len(images), amount, np.float32) for amount in (loss, gain))
    return augmentation.vary_strokes(images.astype(np.float32), *given).numpy()


def level_bar(width):
    """A level bar from edge to edge, ``width`` rows thick."""
    digit = np.zeros((28, 28), np.uint8)
    digit[10 : 10 + width] = 255
    return digit


def box(height, width):
    """A white box about the middle of the picture."""
    digit = np.zeros((28, 28), np.uint8)
    top, left = (28 - height) // 2, (28 - width) // 2
    digit[top : top + height, left : left + width] = 255
    return digit


def extent(image):
    """Rows and columns of what is more than half bright."""
    return tuple((image > 0.5).any(axis=axis).sum() for axis in (1, 0))


def shares():
    return st.tuples(st.floats(0, 1), st.floats(0, 1)).map(
        lambda pair: {"thinner": pair[0], "thicker": pair[1] * (1 - pair[0])}
    )


augmentations = st.builds(
    lambda movements, shares: Augmentation(**movements, **shares),
    st.fixed_dictionaries(
        {
            "rotation": st.floats(0, 180),
            "shift": st.floats(0, 40),
            "scale": st.floats(0, 2),
            "aspect": st.floats(0, 2),
            "shear": st.floats(0, 2),
            "elastic": st.floats(0, 8),
        }
    ),
    shares(),
)


@quickly
@given(augmentations, st.sampled_from(sorted(PICTURES)), st.integers(1, 3), seeds)
@example(Augmentation(thinner=1), "blank", 2, 0)
@example(Augmentation(thicker=1), "grey", 2, 0)
@example(Augmentation(shift=40), "digits", 3, 0)
def test_whatever_is_shown_is_a_picture(how, kind, count, seed):
    digits = PICTURES[kind](count, seed)
    given = digits.copy()
    images = np.asarray(augment(given, how, np.random.default_rng(seed)))
    assert (images.shape, images.dtype) == ((count, 28, 28), np.float32)
    assert images.min() >= 0  # false where one is NaN
    assert images.max() <= 1 + 1e-6
    np.testing.assert_array_equal(given, digits)


def test_without_a_change_digits_are_scaled_and_no_more():
    images = augment(DIGITS, NONE, np.random.default_rng(0))
    np.testing.assert_array_equal(images, DIGITS / np.float32(255))


def scipys(image, matrix, shift, bumps):
    """What a warp is, pixel by pixel, in double precision, but for its brightest pixel."""
    row, column = np.mgrid[:28, :28]
    centers = np.linspace(-4, 31, BUMPS)
    near = np.exp(
        -((row[..., None, None] - centers[:, None]) ** 2 + (column[..., None, None] - centers) ** 2)
        / (2 * SMOOTH**2)
    )
    displacement = (near * bumps[:, None, None]).sum(axis=(-2, -1))
    displacement /= np.sqrt((near**2).sum(axis=(-2, -1)))
    places = np.einsum("dk,krc->drc", matrix, np.stack([row, column]) - MIDDLE) + MIDDLE
    places += np.asarray(shift)[:, None, None] + displacement
    return ndimage.map_coordinates(image, places, order=1, mode="grid-constant")


@settings(derandomize=True, deadline=None, max_examples=15, database=None)
@given(seeds)
def test_a_warp_is_scipys(seed):
    generator = np.random.default_rng(seed)
    images = generator.random((2, 28, 28))
    matrix = np.eye(2) + generator.normal(0, 0.3, (2, 2))
    shift = generator.normal(0, 4, 2)
    bumps = generator.normal(0, 2, (2, 2, BUMPS, BUMPS)).astype(np.float32)
    found = warped(images, matrix, shift, bumps)
    for image, its_bumps, picture in zip(images, bumps, found, strict=True):
        expected = scipys(image, matrix, shift, its_bumps)
        np.testing.assert_allclose(picture, expected / expected.max(), atol=1e-4)


@pytest.mark.parametrize(("generator", "way"), [(HIGHEST, -1), (LOWEST, 1)])
def test_a_shear_moves_each_row_by_its_distance_from_the_middle(generator, way):
    slanted = changed(box(20, 2), generator, shear=1)
    rows = np.arange(4, 24)
    middles = slanted[rows] @ np.arange(28) / slanted[rows].sum(axis=1)
    assert middles == pytest.approx(MIDDLE + way * (rows - MIDDLE), abs=1e-3)


def test_movements_stay_within_their_limits_and_reach_them():
    """Of all of them together: the determinant tells the scale, the rest the shift."""
    limits = {"rotation": 25, "shift": 2, "scale": 0.12, "aspect": 0.15}
    matrices, shifts, bumps = augmentation._movement(
        Augmentation(**limits), 4000, np.random.default_rng(0)
    )
    sizes = np.log(np.linalg.det(matrices)) / 2
    # Singular values are size times and over the root of the aspect.
    aspects = np.log(np.divide(*np.linalg.svd(matrices, compute_uv=False).T))
    for found, limit in ((sizes, 0.12), (shifts, 2), (aspects, 0.15)):
        assert limit * 0.99 < np.abs(found).max() <= limit * 1.001
    assert abs(sizes.mean()) < 0.006  # a standard error of 0.001
    angles = np.degrees(np.arctan2(matrices[:, 0, 1], matrices[:, 0, 0]))
    assert 24.5 < np.abs(angles).max() < 25.001
    assert not bumps.any()


def test_a_displacement_varies_as_much_at_every_pixel_and_smoothly():
    basis = augmentation._basis().astype(float)
    assert basis.shape == (28, BUMPS)
    assert np.linalg.norm(basis, axis=1) == pytest.approx(np.ones(28), abs=1e-6)
    bumps = np.random.default_rng(0).standard_normal((4000, BUMPS, BUMPS))
    field = np.einsum("ri,nij,cj->nrc", basis, bumps, basis)
    # The variance of 4,000 normal values has a standard error of 0.022.
    assert field.var(axis=0) == pytest.approx(np.ones((28, 28)), abs=0.1)
    neighbours = (field[:, :, 1:] * field[:, :, :-1]).mean(axis=0)
    assert neighbours.min() > 0.85
    far = (field[:, :, 20:] * field[:, :, :8]).mean(axis=0)  # four standard deviations of a bump
    assert np.abs(far).max() < 0.15


def test_an_elastic_distortion_has_at_most_its_standard_deviation():
    *_, bumps = augmentation._movement(Augmentation(elastic=3), 500, np.random.default_rng(0))
    spread = bumps.std(axis=(1, 2, 3))  # of 200 normal values: 5 % off
    assert 2.7 < spread.max() < 3.5
    assert spread.min() < 0.1
    assert spread.mean() == pytest.approx(1.5, abs=0.15)


def test_its_share_of_digits_is_thinned_and_another_is_thickened():
    alike = np.repeat(DIGITS[:1], 2000, axis=0)
    images = np.asarray(
        augment(alike, Augmentation(thinner=0.3, thicker=0.2), np.random.default_rng(0))
    )
    ink = images.sum(axis=(1, 2), dtype=float) / (DIGITS[0].sum() / 255)
    # A standard error of one point.
    assert np.mean(ink < 0.999) == pytest.approx(0.3, abs=0.04)
    assert np.mean(ink > 1.001) == pytest.approx(0.2, abs=0.04)


@quickly
@given(st.sampled_from(("digits", "noise")), seeds, st.floats(0, 1.5))
def test_thickening_darkens_and_thinning_brightens_no_pixel(kind, seed, amount):
    images = PICTURES[kind](2, seed) / np.float32(255)
    assert (varied(images, gain=amount) >= images).all()
    assert (varied(images, loss=amount) <= images).all()


@pytest.mark.parametrize("width", [2, 3, 4])
def test_a_bar_that_gains_all_is_twice_as_wide_and_one_that_loses_all_half(width):
    image = level_bar(width)[None] / 255
    assert varied(image, gain=1).sum() == pytest.approx(2 * image.sum(), rel=1e-5)
    assert varied(image, gain=0.5).sum() == pytest.approx(1.5 * image.sum(), rel=1e-5)
    assert varied(image, loss=1).sum() == pytest.approx(image.sum() / 2, rel=1e-5)
    assert varied(image, loss=0.5).sum() == pytest.approx(image.sum() * 3 / 4, rel=1e-5)


def test_a_bar_of_four_grows_by_hand():
    """Half of its width is 2 pixels: a gain of 0.6 is 1.2 either way, a loss of 0.6 is 0.6."""
    image = level_bar(4)[None] / 255
    thicker, thinner = varied(image, gain=0.6)[0], varied(image, loss=0.6)[0]
    assert thicker[:, 14][8:16] == pytest.approx([0.2, 1, 1, 1, 1, 1, 1, 0.2])
    assert thinner[:, 14][9:15] == pytest.approx([0, 0.4, 1, 1, 0.4, 0])


def test_a_stroke_gains_no_more_than_it_may():
    image = level_bar(10)[None] / 255
    assert extent(varied(image, gain=1)[0]) == (10 + 2 * THICKEST, 28)
