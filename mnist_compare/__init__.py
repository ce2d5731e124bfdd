"""What a multilayer perceptron and a convolutional network really do on handwritten digits.

The names below can be imported from here. None of them loads TensorFlow before a network is built
or trained.
"""

import importlib

__version__ = "2.0.0"

_NAMES = {
    "data": ("load", "one_hot", "scale"),
    "metrics": (
        "accuracy", "confusion_matrix", "cross_entropy", "f1", "precision", "recall",
        "loss_gap", "overfitting_gap",
    ),
    "models": ("build_cnn", "build_mlp"),
    "own.comparing": ("compare",),
    "photographs": ("to_grey",),
    "preprocessing": (
        "preprocess", "extract_ink", "bounding_box", "crop", "crop_padded", "pad_to_square",
        "shrink", "center",
    ),
    "records.fingerprints": ("fingerprint",),
    "report.live": ("own_run",),
    "training": ("train",),
}  # fmt: skip
_MODULES = {name: module for module, names in _NAMES.items() for name in names}
__all__ = [*_MODULES]


def __getattr__(name):
    """Import a public name when it is first asked for (PEP 562)."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = importlib.import_module(f"{__name__}.{_MODULES[name]}")
    value = globals()[name] = getattr(module, name)
    return value


def __dir__():
    return sorted({*globals(), *__all__})
