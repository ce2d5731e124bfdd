from dataclasses import replace

import numpy as np
import pytest
from scipy import special

from mnist_compare import predictor
from mnist_compare.findings import robustness
from mnist_compare.findings.changes import CHANGES
from mnist_compare.records import runs
from mnist_compare.records.networks import STUDIED
from mnist_compare.records.protocols import FAIR


def test_a_curve_is_by_level_and_seed_of_the_seeds_that_both_networks_have(changed_digits):
    found = changed_digits(lambda model, change, level, seed: level + seed, seeds=(2, 10, 3))
    record = found.record
    found.record = record[(record.seed != 3) | (record.model == "cnn")].sample(
        frac=1, random_state=0
    )
    drawn = found.curves()
    levels, accuracy = drawn["contrast"]["cnn"]
    assert levels.tolist() == [0.2, 0.3, 0.4, 0.6, 1.0]
    assert accuracy == pytest.approx(np.stack([levels + 2, levels + 10], axis=1))
    assert list(drawn) == list(CHANGES)


def test_what_a_level_costs_by_hand(read_by_writers):
    read = read_by_writers(lambda model, change, level, seed: 1 - level / 100 * (1 + seed))
    lost = read.lost("rotation", 30, "cnn")
    assert lost.by_seed == pytest.approx([0.3, 0.6])
    # 1 − 0.01 and 1 − 0.02 unchanged, twice that lost at twice the width.
    lost = read.lost("stroke width", 2, "mlp")
    assert lost.by_seed == pytest.approx([0.01, 0.02])


def ahead(large, small):
    """Accuracies: under a change both CNNs are ahead by so much, else by 5 points."""

    def accuracy(model, change, level, seed):
        if not model.startswith("cnn"):
            return 0.8
        if level == CHANGES[change].neutral:
            return 0.85
        lead = large if model == "cnn" else small
        return 0.8 + lead.get(change, 0.05) + seed / 1000

    return accuracy


def test_leads_are_relative_to_that_without_a_change(read_by_writers):
    found = read_by_writers(ahead({"shift": 0.15, "blur": -0.05}, {}), models=STUDIED)
    leads = found.leads()
    assert list(leads.index) == list(CHANGES)
    assert leads["shift"].by_seed == pytest.approx([0.1, 0.101])
    assert leads["blur"].by_seed == pytest.approx([-0.1, -0.099])
    absolute = found.leads(relative=False)
    assert absolute["shift"].by_seed == pytest.approx([0.15, 0.151])


def test_networks_of_equal_size_are_one_question_on_which_both_agree(read_by_writers):
    accuracy = ahead(
        {"shift": 0.15, "blur": -0.05, "shear": 0.15}, {"shift": 0.1, "blur": 0, "shear": 0}
    )
    found = read_by_writers(accuracy, models=STUDIED)
    asked = found.questions
    assert f"{asked.equal_large['shift']:.2h}, {asked.equal_small['shift']:.2h}" == "10.05, 5.05"
    # One degree of freedom, 5.05 points, an error of 0.05: the larger of the p values counts.
    alone = asked.equal_small["shift"].p_value
    assert alone == pytest.approx(1 - 2 / np.pi * np.arctan(101))
    for column in ("equal_large", "equal_small"):
        assert alone < asked[column]["shift"].corrected <= 18 * alone
        assert asked[column]["shear"].corrected == 1  # ahead at one size, behind at the other
    table = found.table_of_equal_size()
    assert table.loc["shift", "CNN 14/43 − MLP"].startswith("+5.1 [")
    found.questions = asked.map(lambda lead: replace(lead, corrected=np.nan))
    assert found.more_robust.cnn == ("shift", "shear")
    assert found.more_robust.mlp == ("blur",)
    assert found.more_robust.equal_mlp == ("blur",)


def test_a_lead_that_grows_in_points_may_shrink_in_log_odds(read_by_writers):
    """Unchanged 95 and 98 %, then 60 and 65 % under shift and 30 and 80 % under blur."""

    def accuracy(model, change, level, seed):
        cnn = model.startswith("cnn")
        if level == CHANGES[change].neutral:
            return (0.98 if cnn else 0.95) + seed / 1000
        mlp, ahead = (0.3, 0.5) if change == "blur" else (0.6, 0.05)
        return mlp + ahead * cnn

    found = read_by_writers(accuracy, models=STUDIED)
    assert found.questions.lead["shift"].mean == pytest.approx(0.02)
    changed, unchanged = [0.65, 0.6], np.array([[0.98, 0.95], [0.981, 0.951]])  # by seed
    (cnn, mlp), before = special.logit(changed), np.diff(special.logit(unchanged)).mean()
    assert found.odds["shift"].mean == pytest.approx(cnn - mlp + before)
    assert "blur" in found.more_robust.odds_cnn
    assert "shift" in found.more_robust.odds_mlp
    assert found.table().loc["shift", "In log-odds"].startswith("−0.7")


@pytest.mark.parametrize("model", ["mlp", pytest.param("cnn", marks=pytest.mark.slow)])
def test_the_shipped_weights_read_changed_digits_as_recorded(model, tmp_path):
    """Another way to change digits would need other records."""
    path = tmp_path / "weights.npz"
    np.savez(path, *predictor.load_keras(model).get_weights())
    key = model, "fair", 0, "shift", 2.0, robustness.AS_IT_IS
    ((*found, accuracy, _),), by_writer = robustness.measure_change(
        {(model, FAIR, 0): path}, *key[3:5]
    )
    assert (*found,) == key
    # Rounded weights read one or two of the 10,000 otherwise.
    recorded = runs.measured(robustness.RECORD, FAIR).set_index([*robustness.RECORD.keys])
    assert accuracy == pytest.approx(recorded.accuracy[key], abs=3e-4)
    for *network, right, _ in by_writer:
        of_all = runs.measured(robustness.BY_WRITER, FAIR).set_index([*robustness.BY_WRITER.keys])
        assert np.abs(right.astype(int) - of_all.right[tuple(network)]).sum() < 4
