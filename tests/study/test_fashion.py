"""What is kept of Fashion-MNIST, from made-up clothes."""

import numpy as np

from mnist_compare import data
from mnist_compare.study import fashion

LABELS = (np.arange(300) % 10).astype(np.uint8)


def test_the_labels_are_kept_once(records, monkeypatch):
    asked = []
    monkeypatch.setattr(data, "load", lambda name: asked.append(name) or (None, (None, LABELS)))
    for _ in range(2):
        fashion.complete()
        np.testing.assert_array_equal(fashion.LABELS.read().label, LABELS)
    assert asked == ["fashion_mnist"]
