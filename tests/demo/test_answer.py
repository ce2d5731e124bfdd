import numpy as np
import pytest

from mnist_compare.demo.answer import Answer, answer
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
