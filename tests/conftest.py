import os

import pytest

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"


@pytest.fixture
def records(tmp_path, monkeypatch):
    """An empty folder of records, with small data."""
    monkeypatch.setenv("MNIST_COMPARE_FAST", "1")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    from mnist_compare import runs

    return runs.folder()


@pytest.fixture
def a_run():
    """A made-up run of two epochs, the second reported."""
    import numpy as np

    from mnist_compare import runs

    def make(model="mlp", protocol="fair", seed=0, test_accuracy=0.97):
        rows = []
        for epoch in (1, 5, 10):
            row = dict.fromkeys(runs.COLUMNS, 0.5)
            row |= {"model": model, "protocol": protocol, "seed": seed, "epoch": epoch}
            row |= {"parameters": 100, "train_accuracy": 0.99, "test_accuracy": test_accuracy}
            if epoch == 1:
                row |= dict.fromkeys(("train_loss", "train_accuracy", "test_loss", "test_accuracy"))
            rows.append(row)
        digits = np.arange(10_000, dtype=np.uint8) % 10
        return runs.Run(model, protocol, seed, rows, {5: digits, 10: digits})

    return make
