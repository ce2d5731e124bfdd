"""Measure predictions: accuracy, loss, precision and recall, overfitting.

``train()`` measures test accuracy on MNIST's 10,000 test digits and training accuracy on the 54,000
digits of training, both with the weights at the end of epochs 5, 10 and the last.

``labels`` and ``predictions`` are (n,) integers from 0 to 9, or to one less than ``classes``; any
other raise ValueError. ``probabilities`` are (n, classes) floats in 0–1 whose rows sum to 1.
Definitions follow Goodfellow, Bengio and Courville, Deep Learning (2016), chapters 3 and 5, and,
for precision and recall, Manning, Raghavan and Schütze, Introduction to Information Retrieval
(2008), chapter 8.
"""

from collections.abc import Sequence

import numpy as np

from mnist_compare.data import CLASSES


def accuracy(labels: np.ndarray, predictions: np.ndarray, classes: int = CLASSES) -> float:
    """Return the share of predictions that are right, in 0–1."""
    labels, predictions = _checked(labels, predictions, classes)
    return float(np.mean(labels == predictions))


def cross_entropy(labels: np.ndarray, probabilities: np.ndarray, classes: int = CLASSES) -> float:
    """Return the mean of −ln p, where p is the probability that the right digit was given.

    As in Keras, probabilities below 1e-7 count as 1e-7, so that a single mistake made with
    certainty does not make the mean infinite.
    """
    labels, probabilities = np.asarray(labels), np.asarray(probabilities, np.float64)
    if probabilities.shape != (len(labels), classes):
        raise ValueError(
            f"probabilities must have the shape ({len(labels)}, {classes}), one row per label; "
            f"got {probabilities.shape}."
        )
    _checked(labels, labels, classes)
    of_label = probabilities[np.arange(len(labels)), labels]
    return float(-np.mean(np.log(np.clip(of_label, 1e-7, 1))))


def confusion_matrix(
    labels: np.ndarray, predictions: np.ndarray, classes: int = CLASSES
) -> np.ndarray:
    """Return how often each digit (row) is read as each (column): (classes, classes) integers."""
    labels, predictions = _checked(labels, predictions, classes)
    pairs = labels.astype(np.int64) * classes + predictions
    return np.bincount(pairs, minlength=classes * classes).reshape(classes, classes)


def precision(labels: np.ndarray, predictions: np.ndarray, classes: int = CLASSES) -> np.ndarray:
    """Return by class the share of its predictions that are right, (classes,); 0 without any."""
    matrix = confusion_matrix(labels, predictions, classes)
    return _share(np.diag(matrix), matrix.sum(axis=0))


def recall(labels: np.ndarray, predictions: np.ndarray, classes: int = CLASSES) -> np.ndarray:
    """Return by class the share of its pictures that are read as it, (classes,); 0 without any."""
    matrix = confusion_matrix(labels, predictions, classes)
    return _share(np.diag(matrix), matrix.sum(axis=1))


def f1(labels: np.ndarray, predictions: np.ndarray, classes: int = CLASSES) -> np.ndarray:
    """Return by class the harmonic mean of precision and recall, (classes,); 0 where both are."""
    matrix = confusion_matrix(labels, predictions, classes)
    return _share(2 * np.diag(matrix), matrix.sum(axis=0) + matrix.sum(axis=1))


def overfitting_gap(train_accuracy: float, test_accuracy: float) -> float:
    """Return training accuracy − test accuracy: above 0, it reads better what it was trained on."""
    return train_accuracy - test_accuracy


def loss_gap(train_loss: float, test_loss: float) -> float:
    """Return test loss − training loss, so that above 0 means the same as in the other gap."""
    return test_loss - train_loss


def best_epoch(validation_loss: Sequence[float]) -> int:
    """Return the epoch, counted from 1, with the lowest validation loss; of equals, the first."""
    return int(np.argmin(validation_loss)) + 1


def _share(part, total):
    return np.divide(part, total, out=np.zeros(len(total)), where=total > 0)


def _checked(labels, predictions, classes):
    labels, predictions = np.asarray(labels), np.asarray(predictions)
    if labels.ndim != 1 or labels.shape != predictions.shape or len(labels) == 0:
        raise ValueError(
            "labels and predictions must be equally long, non-empty rows; "
            f"got {labels.shape} and {predictions.shape}."
        )
    for values in (labels, predictions):
        if values.dtype.kind not in "iu" or values.min() < 0 or values.max() >= classes:
            raise ValueError(f"labels and predictions must be integers in 0–{classes - 1}.")
    return labels, predictions
