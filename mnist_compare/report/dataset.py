"""The chapter on the data: the software at work, and what MNIST contains."""

from importlib import metadata

import numpy as np

from mnist_compare import data
from mnist_compare.report.tables import Table


def libraries():
    """Return the table of the libraries, with their roles here and installed versions."""
    roles = {
        "tensorflow": "differentiates and compiles the networks (through Keras)",
        "keras": "layers, losses, optimiser, stored models",
        "numpy": "arrays, metrics",
        "scipy": "connected pieces and centres of mass of drawings",
        "pandas": "tables",
        "pillow": "pictures in and out, resampling",
        "matplotlib": "figures",
        "onnxruntime": "fast predictions without TensorFlow",
        "gradio": "the drawing demo",
        "nbconvert": "from notebooks to pages",
        "pytest": "tests; with nbval, of the notebooks",
    }
    return Table(
        [(name, role, metadata.version(name)) for name, role in roles.items()],
        columns=["Library", "Role", "Version"],
    )


def mnist():
    """Return a table of facts about MNIST, computed from its arrays."""
    (x_train, y_train), (x_test, _) = data.load("mnist")
    facts = {
        "training digits": f"{len(x_train):,}",
        "test digits": f"{len(x_test):,}",
        "height × width": f"{x_train.shape[1]} × {x_train.shape[2]} = {x_train[0].size} pixels",
        "grey values": f"{x_train.min()} (paper) to {x_train.max()} (ink), {x_train.dtype}",
        "classes": f"{len(np.unique(y_train))}, the digits 0 to 9",
        "array of training digits": f"{x_train.shape}",
        "array of training labels": f"{y_train.shape}",
        "share of pixels without ink": f"{np.mean(x_train == 0):.0%}",
        "mean grey value": f"{x_train.mean():.1f}",
    }
    return Table(facts.items(), columns=["Fact", "Value"])
