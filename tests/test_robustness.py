import numpy as np

from mnist_compare import data, robustness

_, (DIGITS, LABELS) = data.load_mnist()


def test_shift_by_hand():
    digits = np.arange(1, 5, dtype=np.uint8).reshape(1, 1, 4)
    assert robustness.shift(digits, 0).tolist() == [[[1, 2, 3, 4]]]
    assert robustness.shift(digits, 1).tolist() == [[[0, 1, 2, 3]]]


def test_on_canvas_places_black_ink_on_white():
    canvas = robustness.on_canvas(np.full((28, 28), 255, np.uint8), 100, 30, 150)
    assert canvas.shape == (280, 280)
    assert (canvas[150:250, 30:130] == 0).all()
    assert (canvas == 0).sum() == 100 * 100


def test_shifted_accuracy_falls():
    accuracy = robustness.shifted_accuracy(DIGITS[:300], LABELS[:300], shifts=(0, 8))
    for unshifted, shifted in accuracy.values():
        assert unshifted > 0.95
        assert shifted < 0.6


def test_the_box_makes_a_small_digit_readable():
    rates = robustness.pipelines(DIGITS[:60], LABELS[:60])
    assert list(rates.index) == ["resize", "crop", "center"]
    share = rates.map(lambda text: float(text.rstrip("%")))
    assert share.loc["center", "CNN, small"] > 90 > 50 > share.loc["resize", "CNN, small"]
