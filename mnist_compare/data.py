"""MNIST: load it, split it, scale its grey values, encode its labels."""

from typing import NamedTuple

import numpy as np

from mnist_compare import data_files

CLASSES = 10
TRAINING_DIGITS = 54_000  # of MNIST's 60,000, as ``split()`` divides them


class Labelled(NamedTuple):
    """Pictures (n, 28, 28) uint8 in 0–255 and their labels (n,) uint8 in 0–9: a pair."""

    pictures: np.ndarray
    labels: np.ndarray


class Split(NamedTuple):
    """The pictures and labels on which a network is trained, validated and measured."""

    training: Labelled
    validation: Labelled
    train_measured: Labelled  # for training accuracy; those of ``training`` but in some studies
    test: Labelled


def load(name: str = "mnist") -> tuple[Labelled, Labelled]:
    """Return a data set as ``(x_train, y_train), (x_test, y_test)``, shared and read-only.

    As in ``keras.datasets``, pictures are (n, 28, 28) uint8 in 0–255 and labels (n,) uint8 in 0–9,
    n = 60,000 and 10,000. MNIST comes with the package; ``fashion_mnist`` is fetched by Keras once.

    Raises ValueError for an unknown name or a file that is damaged or holds something else, and
    FileNotFoundError for one that is missing and cannot be fetched.
    """
    x_train, y_train, x_test, y_test = data_files.arrays(name)
    return Labelled(x_train, y_train), Labelled(x_test, y_test)


def split(train: Labelled, test: Labelled) -> Split:
    """Return a ``Split`` in which the last tenth of the training pictures is for validation.

    Of MNIST, 54,000 train, 6,000 validate and 10,000 test, as with ``validation_split=0.1`` in
    Keras. Training accuracy is measured on the 54,000.
    """
    count = len(train.labels) * 9 // 10
    training = Labelled(train.pictures[:count], train.labels[:count])
    validation = Labelled(train.pictures[count:], train.labels[count:])
    return Split(training, validation, training, test)


def scale(pictures: np.ndarray) -> np.ndarray:
    """Scale grey values, uint8 in 0–255 of any shape, to float32 in 0–1."""
    return np.asarray(pictures, np.float32) / 255


def one_hot(labels: np.ndarray, classes: int = CLASSES) -> np.ndarray:
    """Turn labels, (n,) integers below ``classes``, into one-hot rows, (n, classes) float32.

    The label 3 becomes 0 0 0 1 0 0 0 0 0 0. Raises IndexError for a label that is too large.
    """
    return np.eye(classes, dtype=np.float32)[np.asarray(labels)]
