import numpy as np
import pytest

from mnist_compare.demo.answer import Answer, answer, saliency, saliency_picture
from mnist_compare.front.gallery import examples
from mnist_compare.networks import SERVED


def test_every_network_answers_a_drawing_and_none_a_blank_one():
    assert answer(np.full((280, 280), 255, np.uint8)).probabilities == {}
    given = answer(examples()[0][1])
    assert tuple(given.probabilities) == SERVED
    for name, probabilities in given.probabilities.items():
        assert probabilities.sum() == pytest.approx(1, abs=1e-5)
        assert given.confidence(name) == probabilities[given.digit(name)] == probabilities.max()


def test_an_answer_below_the_threshold_is_unsure():
    given = Answer(None, {"mlp": np.full(10, 0.1), "cnn": np.eye(10)[3]})
    assert (given.unsure("mlp"), given.unsure("cnn")) == (True, False)


def test_saliency_finds_the_only_ink_that_matters():
    def model(digits):
        """Hold a one the more probable, the more ink is at the top; ignore all other ink."""
        top = np.asarray(digits)[..., :10, :].mean((-2, -1)) / 255
        return np.stack([1 - top * 0.9 - 0.05, 0.05 + top * 0.9, *np.zeros((8, *top.shape))], -1)

    digit = np.zeros((28, 28), np.uint8)
    digit[:12, 4:24] = digit[20:, 4:24] = 255
    found = saliency(model, digit)
    assert found.shape == (28, 28)
    assert found[:8, 4:24].min() > 0.2
    assert np.abs(found[14:]).max() == 0
    assert np.abs(found).max() == 1
    picture = saliency_picture(model, digit)
    assert picture.dtype == np.uint8
    assert picture[4, 10, 1] > picture[4, 10, 0]  # green, for the answer
    assert (picture[14] == 0).all()
