"""Ask trained networks, quickly: digits in, probabilities out, by ONNX Runtime.

``weights/<model>.keras`` is the trained model in Keras's own form, ``weights/<model>.onnx`` the
same for ONNX Runtime. Both hold whole numbers times powers of two, as pages do (see
``records/fixed_point.py``). They answer all 10,000 test digits as the recorded run of seed 0
did, whose weights were not rounded; probabilities differ from its by at most 0.006.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from mnist_compare.files import OF_THE_PACKAGE, readable, write
from mnist_compare.lazy_keras import keras
from mnist_compare.lazy_keras import tensorflow as tf

# Where the highest probability is lower, the demo shows a doubt and no answer. It is a convention,
# not tuned on any data: clearly more than half of the probability speaks for the digit.
UNSURE_BELOW = 0.6

WEIGHTS = Path(__file__).parent / "weights"
SUMS = "sha256.json"  # beside them


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


_own: dict[str, Predictor] = {}  # the networks of this process
_own_keras: dict[str, Any] = {}  # the Keras models themselves


def names() -> list[str]:
    """Return the names of the models that have trained weights."""
    return sorted({*_own, *(Path(file).stem for file in recorded_sums())})


def load(name: str) -> Predictor:
    """Return the network that ``use()`` was given under a name, else that of the package.

    Raises ValueError for any other, and for weights that are missing or damaged.
    """
    return _own[name] if name in _own else _shipped(name)


def use(model, name: str) -> None:
    """Register a trained Keras model of this process under a name, by which ``load()`` finds it.

    It takes grey values in 0–1, (n, 28, 28) or (n, 28, 28, 1), and returns probabilities.
    """
    signature = [tf.TensorSpec(model.input_shape, tf.float32)]
    compiled = tf.function(lambda images: model(images), input_signature=signature)

    def run(images):
        return compiled(tf.constant(images)).numpy()

    _own[name] = Predictor(model.input_shape[1:], run)
    _own_keras[name] = model


@cache
def _shipped(name):
    return opened(open_onnx, name, ".onnx")


def open_onnx(path: Path) -> Predictor:
    """Return the ``Predictor`` of an ONNX file whose input is grey values in 0–1."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # one digit is too little work to share between threads
    # Its bytes, since ONNX Runtime knows no path that is not UTF-8.
    content, providers = Path(path).read_bytes(), ["CPUExecutionProvider"]
    session = onnxruntime.InferenceSession(content, options, providers=providers)
    (images_input,) = session.get_inputs()

    def run(images):
        (probabilities,) = session.run(None, {images_input.name: images})
        return probabilities

    return Predictor(images_input.shape[1:], run)


def is_own(name: str) -> bool:
    """Return whether ``use()`` was given a network of that name."""
    return name in _own_keras


def load_keras(name: str):
    """Return the model that ``load()`` finds, as a Keras model, which imports TensorFlow."""
    if is_own(name):
        return _own_keras[name]
    return opened(partial(keras.models.load_model, compile=False), name, ".keras")


def opened(opener: Callable, name: str, suffix: str):
    """Return what ``opener`` makes of the path of a network that comes with the package."""
    if name not in names():
        raise ValueError(
            f"There are no trained weights for {name!r} in {WEIGHTS}; there are: "
            f"{', '.join(names()) or 'none'}."
        )
    path = WEIGHTS / f"{name}{suffix}"
    try:
        if recorded_sums()[path.name] != digest_of(path):
            raise ValueError("it holds something else")
        return opener(path)
    except Exception as error:  # ONNX Runtime and Keras have many ways to say it
        raise ValueError(
            f"The weights in {path} are missing or damaged. Restore them with `git checkout -- "
            "mnist_compare/weights`, or install the package again."
        ) from error


def recorded_sums() -> dict[str, str]:
    """Return {file: the SHA-256 that it had when it was saved} of the files of weights."""
    with readable(WEIGHTS / SUMS, OF_THE_PACKAGE):
        return json.loads((WEIGHTS / SUMS).read_text("utf-8"))


def record_sums(*paths: Path) -> None:
    """Keep the SHA-256 of files of weights in place of those that they had."""
    sums = recorded_sums() | {path.name: digest_of(path) for path in paths}
    write(WEIGHTS / SUMS, json.dumps(sums, indent=2, sort_keys=True) + "\n")


def digest_of(path: str | Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
