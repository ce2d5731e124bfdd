"""What the records say of clothes, from made-up ones."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from mnist_compare.report import clothes
from mnist_compare.statistics import Estimate

LABELS = (np.arange(10_000) % 10).astype(np.uint8)  # what every made-up run answers


def claims_of(**verdicts):
    """Claims with an effect of a point for each verdict; ``undecided`` has one that is not sure."""
    effects = {
        "supported": Estimate(np.array([0.01, 0.01]), 1e-4, 1),
        "refuted": Estimate(np.array([-0.01, -0.01]), 1e-4, 1),
        "undecided": Estimate(np.array([0.01, 0.01]), 1, 1),
    }
    return pd.DataFrame(
        {
            key: {"short": f"{key} is so", "estimate": effects[verdict]}
            for key, verdict in verdicts.items()
        }
    ).T


DIGITS = claims_of(
    a="supported", b="supported", c="supported", d="refuted", e="refuted", f="undecided",
    g="undecided", h="refuted", i="undecided", of_drawings="supported",
)  # fmt: skip
CLOTHES = claims_of(
    a="supported", b="refuted", c="undecided", d="refuted", e="supported", f="supported",
    g="undecided", h="undecided", i="refuted",
)  # fmt: skip


@pytest.fixture
def trained(a_run, as_records):
    """Runs of two seeds: 90 and 92 % on clothes, 97 % on digits; seed 0 of the CNN reads no 6."""
    those = []
    for model in ("mlp", "cnn"):
        for seed, accuracy in enumerate((0.90, 0.92)):
            run = a_run(model, "fashion_mnist", seed, accuracy)
            if (model, seed) == ("cnn", 0):
                run.predictions[10] = np.where(LABELS == 6, 2, LABELS).astype(np.uint8)
                run.predictions[10][LABELS == 9] = np.where(np.arange(1000) < 900, 9, 7)
            those += [run, a_run(model, "fair", seed)]
    as_records(those)


def test_claims_are_named_by_what_holds_on_which():
    found = clothes.verdicts(DIGITS, CLOTHES)
    assert (found["asked"], found["same"]) == (9, 3)
    named = {
        "both_true": "a", "both_false": "d", "true_to_false": "b", "false_to_true": "e",
        "digits_true": "c", "clothes_true": "f", "digits_false": "h", "clothes_false": "i",
    }  # fmt: skip
    assert {name: [*found[name]] for name in named} == {
        name: [f"{key} is so"] for name, key in named.items()
    }


def test_a_network_on_clothes_by_hand(trained):
    cnn = clothes.network("cnn", LABELS)
    assert cnn.accuracy.mean == pytest.approx(0.91)
    both = {"cnn": cnn, "mlp": clothes.network("mlp", LABELS)}
    assert clothes.ratios(both) == {"ratio_digits": 1, "ratio_clothes": 1}
    both["cnn"] = SimpleNamespace(error=0.045, error_digits=0.06)
    assert clothes.ratios(both) == pytest.approx({"ratio_digits": 2, "ratio_clothes": 0.5})
    assert (cnn.error, cnn.error_digits) == (pytest.approx(0.09), pytest.approx(0.03))
    # No shirt is found; all are taken for pullovers.
    assert (cnn.worst, cnn.worst_recall, cnn.taken_for) == ("shirt", 0, "pullover")
    assert cnn.among_tops == pytest.approx(1000 / 1100)  # 100 ankle boots are taken for sneakers
