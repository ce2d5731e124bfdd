"""What a multilayer perceptron and a convolutional network really do on handwritten digits.

The names below can be imported from here. None of them loads TensorFlow before a network is built
or trained.
"""

import importlib

__version__ = "1.0.0"

_PLACES = {
    "accuracy": "metrics",
    "bounding_box": "preprocessing",
    "build_cnn": "models",
    "build_mlp": "models",
    "center": "preprocessing",
    "compare": "own.comparing",
    "confusion_matrix": "metrics",
    "crop": "preprocessing",
    "cross_entropy": "metrics",
    "extract_ink": "preprocessing",
    "f1": "metrics",
    "fingerprint": "models",
    "load": "data",
    "loss_gap": "metrics",
    "one_hot": "data",
    "overfitting_gap": "metrics",
    "own_run": "report.live",
    "pad_to_square": "preprocessing",
    "precision": "metrics",
    "preprocess": "preprocessing",
    "recall": "metrics",
    "scale": "data",
    "shrink": "preprocessing",
    "to_grey": "preprocessing",
    "train": "report.live",
}
__all__ = [*_PLACES]


def __getattr__(name):
    """Import a public name when it is first asked for (PEP 562)."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = importlib.import_module(f"{__name__}.{_PLACES[name]}")
    value = globals()[name] = getattr(module, name)
    return value


def __dir__():
    return sorted({*globals(), *__all__})
