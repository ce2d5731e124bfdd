import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn import metrics as oracle

from mnist_compare import metrics

LABELS = np.array([0, 0, 1, 2])
PREDICTIONS = np.array([0, 1, 1, 9])


def test_accuracy_by_hand():
    assert metrics.accuracy(LABELS, PREDICTIONS) == 0.5


def test_cross_entropy_by_hand():
    probabilities = np.zeros((2, 10))
    probabilities[0, [3, 4]] = 0.25, 0.75
    probabilities[1, 7] = 1
    assert metrics.cross_entropy([3, 7], probabilities) == pytest.approx(np.log(4) / 2)


def test_a_certain_mistake_costs_much_but_not_everything():
    assert metrics.cross_entropy([0], np.eye(10)[[1]]) == pytest.approx(-np.log(1e-7))


def test_a_guess_costs_log_ten():
    assert metrics.cross_entropy([0, 5], np.full((2, 10), 0.1)) == pytest.approx(np.log(10))


def test_confusion_matrix_by_hand():
    expected = np.zeros((10, 10), int)
    expected[0, 0] = expected[0, 1] = expected[1, 1] = expected[2, 9] = 1
    np.testing.assert_array_equal(metrics.confusion_matrix(LABELS, PREDICTIONS), expected)


def test_confusion_matrix_of_bytes_does_not_wrap_around():
    nines = np.full(300, 9, np.uint8)
    assert metrics.confusion_matrix(nines, nines)[9, 9] == 300


def test_precision_recall_and_f1_by_hand():
    assert metrics.precision(LABELS, PREDICTIONS)[:3].tolist() == [1, 0.5, 0]
    assert metrics.recall(LABELS, PREDICTIONS)[:3].tolist() == [0.5, 1, 0]
    assert metrics.f1(LABELS, PREDICTIONS)[:3] == pytest.approx([2 / 3, 2 / 3, 0])


def test_overfitting_of_the_source_report_by_hand():
    assert metrics.overfitting_gap(0.9891, 0.9770) == pytest.approx(0.0121)
    assert metrics.loss_gap(0.0385, 0.0804) == pytest.approx(0.0419)


def test_best_epoch_counts_from_one_and_takes_the_first_of_equals():
    assert metrics.best_epoch([0.3, 0.1, 0.1, 0.2]) == 2


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


def test_cross_entropy_agrees_with_scikit_learn():
    random = np.random.default_rng(0)
    labels, probabilities = random.integers(0, 10, 200), random.dirichlet(np.ones(10), 200)
    expected = oracle.log_loss(labels, probabilities, labels=range(10))
    assert metrics.cross_entropy(labels, probabilities) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("labels", "predictions", "message"),
    [
        ([], [], "non-empty"),
        ([1, 2], [1], "equally long"),
        ([1], [10], "in 0–9"),
        ([-1], [1], "in 0–9"),
        ([1.5], [1.5], "integers"),
    ],
)
def test_bad_labels_are_refused_in_words(labels, predictions, message):
    with pytest.raises(ValueError, match=message):
        metrics.accuracy(labels, predictions)


def test_bad_probabilities_are_refused_in_words():
    with pytest.raises(ValueError, match=r"shape \(2, 10\)"):
        metrics.cross_entropy([1, 2], np.ones((2, 9)))


def test_no_epoch_has_no_best():
    with pytest.raises(ValueError, match="at least one epoch"):
        metrics.best_epoch([])


def test_reliability_by_hand():
    confidences = [0.1, 0.5, 0.5, 0.9, 1.0]
    right = [False, True, False, True, True]
    found = metrics.reliability(confidences, right, bins=2)
    assert found["count"].tolist() == [3, 2]  # one half, at the edge, belongs to the lower
    assert found["confidence"] == pytest.approx([1.1 / 3, 0.95])
    assert found["accuracy"] == pytest.approx([1 / 3, 1])
    expected = 3 / 5 * (1.1 - 1) / 3 + 2 / 5 * 0.05
    assert metrics.calibration_error(confidences, right, bins=2) == pytest.approx(expected)


def test_a_perfectly_honest_model_has_no_calibration_error():
    right = np.arange(1000) % 4 > 0
    assert metrics.calibration_error(np.full(1000, 0.75), right) == pytest.approx(0)


def test_confidences_outside_their_range_are_refused():
    with pytest.raises(ValueError, match="0–1"):
        metrics.reliability([1.5], [True])
    with pytest.raises(ValueError, match="equally long"):
        metrics.reliability([0.5, 0.5], [True])
