"""The labels of Fashion-MNIST's test pictures, without the 30 MB of its pictures.

H. Xiao, K. Rasul, R. Vollgraf: Fashion-MNIST, a novel image dataset for benchmarking machine
learning algorithms, 2017; MIT licence, Zalando SE.
"""

import numpy as np
import pandas as pd

from mnist_compare import data
from mnist_compare.records.frames import Record

LABELS = Record(
    "clothes_labels.npz",
    {"number": int},
    {"label": (np.int64, ())},
    "delete it and make it anew with `python -m mnist_compare study --data fashion_mnist`",
)


def complete():
    """Record the labels of the test pictures."""
    if not LABELS.path.exists():
        _, (_, labels) = data.load("fashion_mnist")
        LABELS.write(pd.DataFrame({"number": range(len(labels)), "label": labels}))
