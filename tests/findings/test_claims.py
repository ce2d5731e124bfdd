"""What the claims of the source report come to follows from the records, whatever these say."""

import numpy as np
import pandas as pd
import pytest

from mnist_compare.findings import claims
from mnist_compare.study.statistics import VERDICTS, Estimate, asked_together

TEN = {"mlp": (0.970, 0.972), "cnn": (0.980, 0.983)}  # test accuracies by seed
FIVE = {"mlp": (0.965, 0.966), "cnn": (0.977, 0.980)}
GAPS = {  # after five and ten epochs
    "mlp": ((0.011, 0.012), (0.021, 0.032)),
    "cnn": ((0.010, 0.010), (0.012, 0.014)),
}


def changed(model, change, level, seed):
    """The CNN reads 95 % unchanged, 80 % at 30 degrees and 90 % at twice the width."""
    if model == "cnn":
        return {("rotation", 30): 0.8, ("stroke width", 2): 0.9}.get((change, level), 0.95)
    return 0.85


def drawn(model, seed, condition, pipeline, writer):
    shares = {"mlp": (0.5, 0.7, 0.8), "cnn": (0.55, 0.85, 0.9)}[model]
    return shares[("resize", "crop", "center").index(pipeline)]


@pytest.fixture
def examined(a_run, as_records, read_by_writers, pen_drawn):
    """The claims by made-up records, with test accuracies after ten epochs as given."""

    def examine(**ten):
        those = []
        for protocol in ("fair", "fashion_mnist"):
            for model, accuracies in (TEN | ten).items():
                for seed in (0, 1):
                    run = a_run(model, protocol, seed)
                    for i, (row, by_seed) in enumerate(
                        zip(run.measured, (FIVE[model], accuracies), strict=True)
                    ):
                        row["test_accuracy"] = by_seed[seed]
                        row["train_accuracy"] = by_seed[seed] + GAPS[model][i][seed]
                    those.append(run)
        as_records(those)
        read_by_writers(changed)
        pen_drawn(drawn)
        return claims.Claims()

    return examine


def test_every_effect_by_hand(examined):
    of_networks = {
        "accuracy": (0.010 + 0.011) / 2,
        "mlp_longer": (0.005 + 0.006) / 2,
        "cnn_longer": 0.003,
        "gap": (0.009 + 0.018) / 2,
        "mlp_grows": (0.010 + 0.020) / 2,
        "cnn_stable": (0.002 + 0.004) / 2,
        "cnn_more_stable": (0.008 + 0.016) / 2,
        "tilt": 0.15,
        "wide_strokes": 0.05,
    }
    of_drawings = {"drawings": 0.15, "centred_drawings": 0.1, "mlp_box": 0.2, "cnn_box": 0.3}
    found = examined()
    means = {key: each.mean for key, each in found.estimate.items()}
    assert means == pytest.approx(of_networks | of_drawings)
    # 1 and 1.1 points: t = 12.706 with one degree of freedom, a standard error of 0.05.
    accuracy = found.estimate.accuracy
    assert accuracy.interval == pytest.approx((0.0105 - 0.0063531, 0.0105 + 0.0063531))
    # Of one degree of freedom P(|t| > 21) is 1 − 2/π · arctan(21); 20 questions are asked.
    assert accuracy.p_value == pytest.approx(1 - 2 / np.pi * np.arctan(21))
    assert accuracy.p_value < accuracy.corrected <= 20 * accuracy.p_value
    assert found.estimate.cnn_stable.margin == claims.MARGIN


def test_table_and_names_follow_the_verdicts(examined):
    found = examined(cnn=(0.960, 0.962))
    table = found.table().set_index(found.examined.index)
    assert table.Measured.is_unique
    assert not table.isna().any(axis=None)
    assert table["Effect [95 % interval]"].accuracy == "−1.00 points [−1.00, −1.00]"
    assert table.Verdict.accuracy == "refuted"
    assert (table.p.accuracy, table["Corrected p"].accuracy) == ("< 0.001", "< 0.001")
    assert found.n == len(table) == 13
    for verdict in VERDICTS:
        assert getattr(found, verdict) == sum(table.Verdict == verdict) > 0


def a_claim(short, p_value, sign=1):
    """A claim of this p value, by a mean of ±1 and Student's t of one degree of freedom."""
    found = Estimate(np.full(2, sign), 1 / np.tan(np.pi / 2 * (1 - p_value)), 1)
    assert found.p_value == pytest.approx(p_value)
    return {"short": short, "estimate": found}


def test_the_verdict_is_that_on_all_claims_asked_together():
    def judged(*those):
        found = claims.Claims()
        those = pd.DataFrame(those, index=[claim["short"] for claim in those])
        found.examined = those.assign(estimate=asked_together(those.estimate))
        return found

    firm, against = a_claim("firm", 0.001), a_claim("against", 0.03, sign=-1)
    late, undecided = a_claim("late", 0.04), a_claim("undecided", 0.6)
    # 0.03 > 0.05 / 3, of which 0.04 comes after; what is undecided anyway is not fragile.
    verdicts = judged(late, undecided, firm, against)
    assert (verdicts.supported, verdicts.refuted, verdicts.undecided) == (1, 0, 3)
    assert verdicts.fragile == ("late", "against")
    assert judged(firm, against, undecided).fragile == ("against",)  # 0.03 > 0.05 / 2
    verdicts = judged(firm, against)  # 0.001 ≤ 0.05 / 2 and 0.03 ≤ 0.05
    assert (verdicts.refuted, verdicts.fragile) == (1, ())
