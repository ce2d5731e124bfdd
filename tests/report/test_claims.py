"""What the claims of the source report come to follows from the records, whatever these say."""

import numpy as np
import pandas as pd
import pytest

from mnist_compare.report import claims
from mnist_compare.statistics import VERDICTS, Estimate, asked_together
from mnist_compare.study.changes import CHANGES

TEN = {  # test accuracies after ten epochs, by seed
    "mlp": (0.970, 0.972),
    "cnn": (0.980, 0.983),
    "mlp_682": (0.975, 0.977),
    "cnn_14_43": (0.976, 0.979),
}
FIVE = {"mlp": (0.965, 0.966), "cnn": (0.977, 0.980)}
GAPS = {  # after five and ten epochs
    "mlp": ((0.011, 0.012), (0.021, 0.032)),
    "cnn": ((0.010, 0.010), (0.012, 0.014)),
}
SECONDS = {"mlp": (2.0, 2.0), "cnn": (15.0, 16.0)}


def changed(model, change, level, way, seed):
    """In the MLP 80 %; in the CNN 1 point more in the first change, 2 in the second, …

    The MLP reads 85 % of the unchanged digits, the CNN 95 %, and 90 % at twice the stroke width.
    """
    if level == CHANGES[change].neutral:
        return 0.85 if model == "mlp" else 0.95
    if change == "stroke width" and model == "cnn":
        return 0.9 if level == 2 else 0.84
    return 0.8 + (0.01 * (1 + list(CHANGES).index(change)) if model == "cnn" else 0)


def drawn(model, seed, condition, pipeline, writer):
    shares = {"mlp": (0.5, 0.7, 0.8), "cnn": (0.55, 0.85, 0.9)}[model]
    return shares[("resize", "crop", "center").index(pipeline)]


@pytest.fixture
def examined(a_run, as_records, changed_digits, pen_drawn):
    """The claims by made-up records."""
    those = []
    for model, accuracies in TEN.items():
        for seed in (0, 1):
            run = a_run(model, "fair", seed)
            for row in run.rows:
                row["seconds"] = SECONDS.get(model, (9.0, 9.0))[seed]
            for i, (row, by_seed) in enumerate(
                zip(run.measured, (FIVE.get(model, accuracies), accuracies), strict=True)
            ):
                gap = GAPS[model][i][seed] if model in GAPS else 0
                row["test_accuracy"] = by_seed[seed]
                row["train_accuracy"] = by_seed[seed] + gap
            those.append(run)
    as_records(those)
    return claims.examined(changed_digits(changed), pen_drawn(drawn))


def test_every_effect_by_hand(examined):
    expected = {
        "accuracy": (0.010 + 0.011) / 2,
        "gap_5": (0.001 + 0.002) / 2,
        "gap_10": (0.009 + 0.018) / 2,
        "mlp_grows": (0.010 + 0.020) / 2,
        "cnn_stable": -(0.002 + 0.004) / 2,
        "cnn_more_stable": (0.008 + 0.016) / 2,
        "mlp_longer": (0.005 + 0.006) / 2,
        "cnn_longer": 0.003,
        "equal_large": (0.005 + 0.006) / 2,
        "equal_small": (0.006 + 0.007) / 2,
        **{change: 0.01 * number for number, change in enumerate(CHANGES, 1)},
        "stroke width": (5 * 0.04 + 0.10) / 6,
        "tilt": 0.95 - 0.82,
        "wide_strokes": 0.95 - 0.90,
        "drawings": 0.15,
        "centred_drawings": 0.10,
        "mlp_box": 0.20,
        "cnn_box": 0.30,
        "seconds": 13.5,
    }
    found = examined.estimate
    assert {key: each.mean for key, each in found.items()} == pytest.approx(expected)
    # 1 and 1.1 points: t = 12.706 with one degree of freedom, a standard error of 0.05.
    assert found.accuracy.interval == pytest.approx((0.0105 - 0.0063531, 0.0105 + 0.0063531))
    # Of one degree of freedom P(|t| > 21) is 1 − 2/π · arctan(21).
    assert found.accuracy.p_value == pytest.approx(1 - 2 / np.pi * np.arctan(21))
    assert found.drawings.degrees == 1  # of the two seeds, not the ten writers


def a_claim(short, p_value, sign=1, topic=""):
    """A claim of this p value, by a mean of ±1 and Student's t of one degree of freedom."""
    found = Estimate(np.full(2, sign), 1 / np.tan(np.pi / 2 * (1 - p_value)), 1)
    assert found.p_value == pytest.approx(p_value)
    return {"topic": topic, "short": short, "estimate": found}


def test_the_verdict_is_that_on_all_claims_asked_together():
    def judged(*found):
        found = pd.DataFrame(found, index=[claim["short"] for claim in found])
        return claims.numbers(found.assign(estimate=asked_together(found.estimate)))

    firm, against = a_claim("firm", 0.001), a_claim("against", 0.03, sign=-1)
    late, undecided = a_claim("late", 0.04), a_claim("undecided", 0.6)
    # 0.03 > 0.05 / 3, of which 0.04 comes after; what is undecided anyway is not fragile.
    numbers = judged(late, undecided, firm, against)
    assert [numbers[f"{verdict}_n"] for verdict in VERDICTS] == [1, 0, 3]
    assert numbers["fragile"] == ("late", "against")
    assert judged(firm, against, undecided)["fragile"] == ("against",)  # 0.03 > 0.05 / 2
    numbers = judged(firm, against)  # 0.001 ≤ 0.05 / 2 and 0.03 ≤ 0.05
    assert (numbers["refuted_n"], numbers["fragile"]) == (1, ())


def test_claims_on_changed_digits_are_named_by_the_change():
    found = [a_claim("a", 0.001), a_claim("b", 0.001, topic="robustness")]
    found += [a_claim("c", 0.002, -1, "robustness"), a_claim("d", 0.5, topic="robustness")]
    numbers = claims.numbers(pd.DataFrame(found, index=["accuracy", "shift", "blur", "shear"]))
    assert (numbers["supported_n"], numbers["cnn_better"]) == (2, ("shift",))
    assert (numbers["mlp_better"], numbers["neither_better"]) == (("blur",), ("shear",))
