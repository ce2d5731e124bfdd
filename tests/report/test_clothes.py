"""What the records say of clothes, from made-up ones."""

import numpy as np
import pandas as pd
import pytest

from mnist_compare.report.chapters import clothes
from mnist_compare.statistics import Estimate

LABELS = (np.arange(10_000) % 10).astype(np.uint8)  # what every made-up run answers


EFFECTS = {
    "supported": Estimate(np.array([0.01, 0.01]), 1e-4, 10),
    "refuted": Estimate(np.array([-0.01, -0.01]), 1e-4, 10),
    "undecided": Estimate(np.array([0.01, 0.01]), 1.0, 10),
}
VERDICTS = {  # of claims on digits and on clothes
    "a": ("supported", "supported"), "b": ("supported", "refuted"),
    "c": ("supported", "undecided"), "d": ("refuted", "refuted"), "e": ("refuted", "supported"),
    "of_drawings": ("supported", None),
}  # fmt: skip
CHANGES = {"shift": ("undecided", "undecided"), "blur": ("refuted", "supported")}


@pytest.fixture
def both():
    claims = pd.DataFrame(
        {
            key: {
                "measured": f"measured {key}",
                "short": f"{key} is so",
                "estimate": EFFECTS[digits],
                "clothes": EFFECTS.get(on_clothes),
            }
            for key, (digits, on_clothes) in VERDICTS.items()
        }
    ).T
    changes = pd.DataFrame(
        {name: {"digits": EFFECTS[d], "clothes": EFFECTS[c]} for name, (d, c) in CHANGES.items()}
    ).T
    return clothes.on_both(claims, changes)


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


def test_each_question_has_its_effects_verdicts_and_whether_they_differ(both):
    table = clothes.claims_on_both(both).set_index("Measured")
    assert len(table) == 7
    effects = ["1.00 [0.98, 1.02]", "supported", "−1.00 [−1.02, −0.98]", "refuted"]
    assert table.loc["measured b"].tolist() == [*effects, "−2.00 (p < 0.001)"]
    # The effects differ by nothing, and by what is not sure.
    assert table["Clothes − digits"][["measured a", "measured c"]].tolist() == ["0.00", "0.00"]
    assert both["apart"].b.corrected > both["apart"].b.p_value


def test_claims_are_named_by_what_holds_on_which(both):
    found = clothes.verdicts(both)
    assert (found.asked, found.same, found.differ) == (7, 3, 3)
    assert found.supported == ("a is so",)
    assert found.refuted == ("d is so",)
    assert found.true_to_false == ("b is so",)


def test_a_network_on_clothes_by_hand(trained, monkeypatch):
    monkeypatch.setattr(clothes.estimates, "labels", lambda protocol: LABELS)
    cnn = clothes.network("cnn")
    assert cnn.accuracy.mean == pytest.approx(0.91)
    # No shirt is found; all are taken for pullovers.
    assert (cnn.worst, cnn.worst_recall, cnn.taken_for) == ("shirt", 0, "pullover")
    assert cnn.among_tops == pytest.approx(1000 / 1100)  # 100 ankle boots are taken for sneakers


def test_the_sheet_has_a_class_after_the_other():
    record = pd.DataFrame({"number": [5, 1, 0, 2], "label": [1, 0, 1, 0]})
    record["picture"] = [np.full((28, 28), number, np.uint8) for number in record.number]
    assert clothes.sheet(record)[:, 0, 0].tolist() == [1, 2, 0, 5]
