import numpy as np
import pytest

from mnist_compare import data
from mnist_compare.preprocessing import preprocess
from mnist_compare.protocols import FAIR
from mnist_compare.study import changed_digits
from mnist_compare.study.changes import changed

_, (DIGITS, LABELS) = data.load("mnist")


@pytest.mark.parametrize("way", changed_digits.WAYS)
def test_a_level_is_measured_as_numpy_would(way, records, marked, tmp_path):
    generator = np.random.default_rng(0)
    shapes = [(784, 128), (128,), (128, 10), (10,)]
    paths, rights = {}, []
    digits = changed(DIGITS[:100], "shift", 2)
    seen = digits if way == "as it is" else [preprocess(digit, way).digit for digit in digits]
    for seed in (0, 1):
        one, two, three, four = (
            generator.normal(0, 0.1, shape).astype(np.float32) for shape in shapes
        )
        paths["mlp", FAIR, seed] = tmp_path / f"{seed}.npz"
        np.savez(paths["mlp", FAIR, seed], one, two, three, four)
        hidden = np.maximum(np.reshape(seen, (100, 784)) / 255 @ one + two, 0)
        rights.append((hidden @ three + four).argmax(axis=1) == LABELS[:100])
    shares, counts = changed_digits.measure(paths, "shift", 2, way)
    assert shares == [
        ("mlp", "fair", seed, "shift", 2, way, pytest.approx(right.mean()), "0123456789ab")
        for seed, right in enumerate(rights)
    ]
    assert rights[0].sum() != rights[1].sum()  # or nothing would be told apart
    assert len(counts) == (2 if way == "as it is" else 0)
    _, writers = data.writers()
    for row, right in zip(counts, rights, strict=False):
        by_hand = {who: right[writers[:100] == who].sum() for who in np.unique(writers)}
        assert row[5].tolist() == list(by_hand.values())
