"""Ask trained networks, quickly: digits in, probabilities out, without TensorFlow.

``weights/<model>.keras`` is a trained model as Keras saves it, whose kernels are whole numbers
times powers of two, as in pages (see ``records/fixed_point.py``); ``weights/forward.py`` computes
it. They answer all 10,000 test digits as the recorded run of seed 0 did, whose weights were not
rounded; probabilities differ from its by at most 0.006.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from mnist_compare.lazy_keras import keras
from mnist_compare.lazy_keras import tensorflow as tf
from mnist_compare.preprocessing import SIDE
from mnist_compare.weights import forward, layers

# Where the highest probability is lower, the demo shows a doubt and no answer. It is a convention,
# not tuned on any data: clearly more than half of the probability speaks for the digit.
UNSURE_BELOW = 0.6

WEIGHTS = Path(__file__).parent / "weights"


@dataclass(frozen=True)
class Predictor:
    """A trained model: digits (28, 28) or (n, 28, 28) uint8 → probabilities (10,) or (n, 10).

    What it reads is the digit with the highest: ``probabilities.argmax(axis=-1)``.
    """

    shape: tuple[int, ...]  # of a digit, as ``run`` takes it
    run: Callable[[np.ndarray], np.ndarray]  # (n, *shape) float32 in 0–1 → (n, 10)

    def __call__(self, digits: np.ndarray) -> np.ndarray:
        """Return the probability of each digit, bright ink on black as in MNIST."""
        digits = np.asarray(digits)
        if digits.shape[-2:] != (28, 28) or digits.ndim not in (2, 3) or digits.dtype != np.uint8:
            raise ValueError(
                "digits must be uint8 of the shape (28, 28) or (n, 28, 28); "
                f"got {digits.dtype} {digits.shape}. Drawings go through preprocess() first."
            )
        images = (digits.astype(np.float32) / 255).reshape(-1, *self.shape)
        probabilities = self.run(images)
        return probabilities[0] if digits.ndim == 2 else probabilities


def percentage(probability: float) -> str:
    """Return a probability as a percentage that never claims certainty."""
    return "> 99.9%" if probability >= 0.9995 else f"{probability:.1%}"


_own: dict[str, tuple[Predictor, Any]] = {}  # the networks of this process, and as Keras models


def names() -> list[str]:
    """Return the names of the models that have trained weights."""
    return sorted({*_own, *(path.stem for path in WEIGHTS.glob("[!.]*.keras"))})


def load(name: str) -> Predictor:
    """Return the network that ``use()`` was given under a name, else that of the package.

    Raises ValueError for any other, and for weights that are missing or damaged.
    """
    if name in _own:
        return _own[name][0]
    return Predictor((SIDE, SIDE, 1), partial(forward.probabilities, shipped(name)))


def use(model, name: str) -> None:
    """Register a trained Keras model of this process under a name, by which ``load()`` finds it.

    It takes grey values in 0–1, (n, 28, 28) or (n, 28, 28, 1), and returns probabilities.
    """
    signature = [tf.TensorSpec(model.input_shape, tf.float32)]
    compiled = tf.function(lambda images: model(images), input_signature=signature)

    def run(images):
        return compiled(tf.constant(images)).numpy()

    _own[name] = Predictor(model.input_shape[1:], run), model


@cache
def shipped(name: str) -> list[dict]:
    """Return the network of the package under a name, as ``weights.layers.steps_of()`` does."""
    return _opened(layers.steps_in, name)


def is_own(name: str) -> bool:
    """Return whether ``use()`` was given a network of that name."""
    return name in _own


def load_keras(name: str):
    """Return the model that ``load()`` finds, as a Keras model, which imports TensorFlow."""
    if is_own(name):
        return _own[name][1]
    return _opened(partial(keras.models.load_model, compile=False), name)


def _opened(opener, name):
    if name not in names():
        raise ValueError(
            f"There are no trained weights for {name!r}, only for {', '.join(names()) or 'none'}. "
            "`git checkout -- mnist_compare/weights` restores those of the package."
        )
    path = WEIGHTS / f"{name}.keras"
    try:
        return opener(path)
    except Exception as error:  # h5py and Keras have many ways to say it
        raise ValueError(
            f"The weights in {path} are damaged. Restore them with `git checkout -- "
            "mnist_compare/weights`, or install the package again."
        ) from error
