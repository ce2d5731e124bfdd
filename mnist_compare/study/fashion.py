"""What a chapter on Fashion-MNIST shows without its 30 MB: all test labels and a few pictures.

H. Xiao, K. Rasul, R. Vollgraf: Fashion-MNIST, a novel image dataset for benchmarking machine
learning algorithms, 2017; MIT licence, Zalando SE.
"""

import numpy as np
import pandas as pd

from mnist_compare import data
from mnist_compare.records.frames import Record

OF_EACH = 12  # pictures of a class
REMEDY = "delete it and make it anew with `python -m mnist_compare study --data fashion_mnist`"
LABELS = Record("clothes_labels.npz", {"number": int}, {"label": (np.int64, ())}, REMEDY)
SHEET = Record(
    "clothes_sheet.npz",
    {"number": int},
    {"label": (np.int64, ()), "picture": (np.uint8, (28, 28))},
    REMEDY,
)


def complete():
    """Record the labels of the test pictures, and the first pictures of each class."""
    if LABELS.path.exists() and SHEET.path.exists():
        return
    _, (pictures, labels) = data.load("fashion_mnist")
    frame = pd.DataFrame({"number": range(len(labels)), "label": labels, "picture": [*pictures]})
    LABELS.write(frame)
    SHEET.write(frame.groupby("label").head(OF_EACH))
