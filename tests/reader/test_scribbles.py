import numpy as np
import pytest
from scipy import ndimage

from mnist_compare.reader import scribbles


@pytest.mark.parametrize("make", [scribbles.curves, scribbles.signs])
def test_scribbles_are_pictures_like_the_networks_digits(make):
    pictures = make(25, 0)
    assert (pictures.shape, pictures.dtype) == ((25, 28, 28), np.uint8)
    assert (pictures.max(axis=(1, 2)) == 255).all()  # none is blank
    assert len(np.unique(pictures, axis=0)) == 25
    # They went through the pipeline that puts the centre of mass at (14, 14).
    for picture in pictures:
        assert ndimage.center_of_mass(picture.astype(float)) == pytest.approx((14, 14), abs=0.75)


def test_what_to_train_with_is_of_two_makers_and_seldom_empty():
    pictures = scribbles.to_train_with(80, 3)
    assert (pictures.shape, pictures.dtype) == ((80, 28, 28), np.uint8)
    np.testing.assert_array_equal(pictures[:39], scribbles.curves(39, 3))
    np.testing.assert_array_equal(pictures[39:78], scribbles.signs(39, 3))
    assert not pictures[78:].any()


def test_turned_digits_lie_on_a_side_or_are_mirrored_and_could_be_no_digit():
    labels = np.arange(60) % 10
    digits = np.random.default_rng(0).integers(0, 256, (60, 28, 28), dtype=np.uint8)
    pictures = scribbles.turned(digits, labels, 40, 0)
    assert (pictures.shape, pictures.dtype) == ((40, 28, 28), np.uint8)
    known = {}
    for digit, label in zip(digits, labels, strict=True):
        known |= {np.rot90(digit, turns).tobytes(): (label, "side") for turns in (1, 3)}
        known[np.fliplr(digit).tobytes()] = (label, "mirrored")
    found = [known[picture.tobytes()] for picture in pictures]
    assert {label for label, way in found if way == "side"} == set(range(1, 10))
    assert {label for label, way in found if way == "mirrored"} == {3, 4, 6, 7, 9}
    assert len(np.unique(pictures, axis=0)) == 40
    np.testing.assert_array_equal(pictures, scribbles.turned(digits, labels, 40, 0))
    assert scribbles.turned(digits, labels, 0, 0).shape == (0, 28, 28)
