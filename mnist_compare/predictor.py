"""A trained model as a fast function from digits to probabilities, without TensorFlow.

``weights/<model>.keras`` is the trained model in Keras's own form, ``weights/<model>.onnx`` the
same for ONNX Runtime. Both hold weights in ``fixed_point()``, the very numbers that a page computes
with. They answer all 10,000 test digits as the recorded run of seed 0 did, whose weights were not
rounded; probabilities differ from its by at most 0.006.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from mnist_compare.networks import SERVED
from mnist_compare.quiet import keras
from mnist_compare.quiet import tensorflow as tf

# An answer of which a network is less sure is shown as a doubt, not as an answer. A convention, so
# that more than half of the probability speaks for the digit; it is not tuned on any data.
UNSURE_BELOW = 0.6

WEIGHTS = Path(__file__).parent / "weights"
SUMS = "sha256.json"  # beside them
BITS = 12  # of a weight, its sign among them; with 8, some test digits would be read otherwise


@dataclass(frozen=True)
class Predictor:
    """A trained model: digits (28, 28) or (n, 28, 28) uint8 → probabilities (10,) or (n, 10)."""

    name: str
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
    return "> 99.9%" if probability > 0.9995 else f"{probability:.1%}"


_own: dict[str, Predictor] = {}  # the networks of this process
_own_keras: dict[str, Any] = {}  # the Keras models themselves


def names() -> list[str]:
    """Return the names of the models that have trained weights."""
    return sorted({*_own, *(path.stem for path in WEIGHTS.glob("*.onnx"))})


def load(name: str) -> Predictor:
    """Return the network that ``use()`` was given under a name, else that of the package.

    Raises ValueError, with the names there are, for any other.
    """
    return _own[name] if name in _own else _shipped(name)


def use(model, name: str) -> None:
    """Let a trained Keras model of this process, as ``own.checks.adapted()`` makes it, answer."""
    signature = [tf.TensorSpec(model.input_shape, tf.float32)]
    compiled = tf.function(lambda images: model(images), input_signature=signature)

    def run(images):
        return compiled(tf.constant(images)).numpy()

    _own[name] = Predictor(name, model.input_shape[1:], run)
    _own_keras[name] = model


@cache
def _shipped(name):
    return _opened(open_onnx, _path(name, ".onnx"))


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

    return Predictor(Path(path).stem, images_input.shape[1:], run)


def load_keras(name: str):
    """Return the model that ``load()`` finds, as a Keras model, which imports TensorFlow."""
    if name in _own_keras:
        return _own_keras[name]
    return _opened(partial(keras.models.load_model, compile=False), _path(name, ".keras"))


def layers(name: str) -> list[tuple[str, dict, list[np.ndarray]]]:
    """Return (kind, settings, arrays of weights) of each layer of the model that ``load()`` finds.

    Kind and settings are Keras's, but TensorFlow is not imported.
    """
    if name not in _own_keras:
        return shipped_layers(name)
    return [
        (type(layer).__name__, layer.get_config(), layer.get_weights())
        for layer in _own_keras[name].layers
    ]


def shipped_layers(name: str) -> list[tuple[str, dict, list[np.ndarray]]]:
    """Return what ``layers()`` does of the network that comes with the package."""
    return _opened(_read_layers, _path(name, ".keras"))


def _read_layers(path):
    import h5py

    with zipfile.ZipFile(path) as archive:
        described = json.loads(archive.read("config.json"))["config"]["layers"]
        weights = io.BytesIO(archive.read("model.weights.h5"))
    with h5py.File(weights) as file:
        groups = [layer["vars"] for layer in file["layers"].values()]
        arrays = {group.attrs["name"]: [array[:] for array in group.values()] for group in groups}
    return [
        (layer["class_name"], layer["config"], arrays.get(layer["config"]["name"], []))
        for layer in described
    ]


def _opened(opener, path):
    try:
        if known_sums()[path.name] != sha256(path):
            raise ValueError("it holds something else")
        return opener(path)
    except Exception as error:  # ONNX Runtime and Keras have many ways to say it
        raise ValueError(
            f"The weights in {path} are missing or damaged. Restore them with `git checkout -- "
            "mnist_compare/weights`, or install the package again."
        ) from error


def fixed_point(kernel: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return a kernel (…, outputs) as whole numbers of twelve bits, int16, and their unit.

    The unit (outputs,) float32 is a power of two for each output, so that the product of both is
    exact, and the same kernel again if it was made this way.
    """
    _, exponents = np.frexp(np.abs(kernel).max(axis=tuple(range(kernel.ndim - 1))))
    unit = np.ldexp(np.float32(1), exponents - (BITS - 1))
    most = 2 ** (BITS - 1) - 1
    return np.rint(kernel / unit).clip(-most, most).astype(np.int16), unit


def known_sums() -> dict[str, str]:
    """Return {file: the SHA-256 that it had when it was saved} of the files of weights."""
    return json.loads((WEIGHTS / SUMS).read_text("utf-8"))


def sha256(path: str | Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _path(name, suffix):
    if name not in {*SERVED, *names()}:
        raise ValueError(
            f"There are no trained weights for {name!r} in {WEIGHTS}; there are: "
            f"{', '.join(names()) or 'none'}."
        )
    return WEIGHTS / f"{name}{suffix}"
