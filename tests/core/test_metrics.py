import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn import metrics as oracle

from mnist_compare import metrics

digits = arrays(np.int64, 60, elements=st.integers(0, 9))


@settings(max_examples=40, derandomize=True, deadline=None)
@given(digits, digits)
def test_agreement_with_scikit_learn(labels, predictions):
    options = {"labels": range(10), "average": None, "zero_division": 0}
    for ours, theirs in (
        (metrics.accuracy, oracle.accuracy_score(labels, predictions)),
        (metrics.confusion_matrix, oracle.confusion_matrix(labels, predictions, labels=range(10))),
        (metrics.precision, oracle.precision_score(labels, predictions, **options)),
        (metrics.recall, oracle.recall_score(labels, predictions, **options)),
        (metrics.f1, oracle.f1_score(labels, predictions, **options)),
    ):
        np.testing.assert_allclose(ours(labels, predictions), theirs)


def test_confusion_matrix_of_bytes_does_not_wrap_around():
    nines = np.full(300, 9, np.uint8)
    assert metrics.confusion_matrix(nines, nines)[9, 9] == 300


def test_cross_entropy_agrees_with_scikit_learn():
    random = np.random.default_rng(0)
    labels, probabilities = random.integers(0, 10, 200), random.dirichlet(np.ones(10), 200)
    expected = oracle.log_loss(labels, probabilities, labels=range(10))
    assert metrics.cross_entropy(labels, probabilities) == pytest.approx(expected)


def test_a_certain_mistake_costs_much_but_not_everything():
    assert metrics.cross_entropy([0], np.eye(10)[[1]]) == pytest.approx(-np.log(1e-7))


def test_best_epoch_counts_from_one_and_takes_the_first_of_equals():
    assert metrics.best_epoch([0.3, 0.1, 0.1, 0.2]) == 2


@pytest.mark.parametrize(
    ("measure", "given", "message"),
    [
        (metrics.accuracy, ([], []), "non-empty"),
        (metrics.accuracy, ([1, 2], [1]), "equally long"),
        (metrics.accuracy, ([1], [10]), "in 0–9"),
        (metrics.accuracy, ([1.5], [1.5]), "integers"),
        (metrics.cross_entropy, ([1, 2], np.ones((2, 9))), r"shape \(2, 10\)"),
    ],
)
def test_what_cannot_be_measured_is_refused_in_words(measure, given, message):
    with pytest.raises(ValueError, match=message):
        measure(*given)
