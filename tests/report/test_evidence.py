"""Tables and numbers of the chapter on evidence from made-up runs, by hand."""

import numpy as np
import pytest
from statsmodels.stats.power import TTestPower

from mnist_compare import data
from mnist_compare.networks import NETWORKS, SIZES
from mnist_compare.protocols import Protocol
from mnist_compare.report import estimates, evidence

# Student's t at 97.5 % with one and two degrees of freedom.
T1, T2 = 12.706205, 4.302653

# Test accuracies by seed. CNN − MLP after ten epochs: 1.0, 0.5 and 0 points.
AFTER_TEN = {
    "mlp": (0.97, 0.98, 0.99), "cnn": (0.98, 0.985, 0.99),
    "mlp_682": (0.975, 0.985), "cnn_14_43": (0.975, 0.981),
    "mlp_1261": (0.978, 0.98),
}  # fmt: skip
# Ten − five epochs: the MLP gains 1, 2 and 3 points, the CNN loses 0.1, 0.2 and 0.3.
AFTER_FIVE = {"mlp": (0.96, 0.96, 0.96), "cnn": (0.981, 0.987, 0.993)}
LOSS_AFTER_FIVE = {"mlp": (0.40, 0.41, 0.43), "cnn": (0.5, 0.5, 0.5)}  # after ten: 0.5
SMALL = {  # of 100 training digits
    "mlp": (0.70, 0.72), "cnn": (0.80, 0.78), "mlp_682": (0.60, 0.60), "cnn_14_43": (0.75, 0.77),
}  # fmt: skip
# Which of the first test digits are misread, by seed, after ten epochs; after five the same ten.
WRONG = {"mlp": (range(10), range(20), range(4)), "cnn": (range(8, 12), range(1), range(4))}
# After ten epochs the CNN is so sure, by seed, of what it reads right and of mistakes; else 75 %.
RIGHT, MISTAKEN = (0.8, 0.81, 0.82), (0.6, 0.61, 0.65)
LABELS = np.arange(10_000) % 10


@pytest.fixture(autouse=True)
def labels(monkeypatch):
    monkeypatch.setattr(estimates.data, "load", lambda name: (None, (None, LABELS)))


@pytest.fixture
def those(a_run):
    """Every run that the chapter asks for."""
    found = []
    for model, accuracies in AFTER_TEN.items():
        for seed, accuracy in enumerate(accuracies):
            at_five = {
                "test_accuracy": AFTER_FIVE.get(model, accuracies)[seed],
                "test_loss": LOSS_AFTER_FIVE.get(model, (0.5,) * 3)[seed],
            }
            run = a_run(model, "fair", seed, accuracy, at_five)
            found.append(run)
    for model, accuracies in SMALL.items():
        found += [a_run(model, "100_digits", seed, a) for seed, a in enumerate(accuracies)]
    return found


@pytest.fixture
def misread(those, as_records):
    """The same, and which test digits they misread."""
    for run in those:
        if run.model in WRONG and run.protocol == "fair":
            for epoch, wrong in ((5, range(10)), (10, WRONG[run.model][run.seed])):
                run.predictions[epoch] = LABELS.copy()
                run.predictions[epoch][list(wrong)] += 1
        if run.model == "cnn" and run.protocol == "fair":
            right = run.predictions[10] == LABELS
            run.confidences[10] = np.where(right, RIGHT[run.seed], MISTAKEN[run.seed])
    as_records(those)


@pytest.fixture
def made_up(those, as_records):
    as_records(those)


def test_only_seeds_of_both_sides_are_compared(a_run, as_records):
    as_records(
        [a_run("cnn", seed=seed, test_accuracy=0.9 + seed / 100) for seed in (0, 1, 4, 7)]
        + [a_run("mlp", seed=seed, test_accuracy=0.9) for seed in (1, 7, 9)]
    )
    found = estimates.difference(("cnn", 10), ("mlp", 10))
    assert found.values == pytest.approx([0.01, 0.07])
    assert found.interval == pytest.approx((0.04 - T1 * 0.03, 0.04 + T1 * 0.03))  # error: 0.03


def test_of_the_seeds_of_further_networks_alone(made_up):
    assert estimates.of("cnn", 10, models=SIZES).by_seed == pytest.approx([0.98, 0.985])
    few = Protocol(digits=100)
    assert estimates.values("mlp", 10, protocol=few).to_dict() == {0: 0.70, 1: 0.72}


def test_an_accuracy_is_over_seeds_and_writers(misread):
    """Every writer's digits count, and the mean is that of the digits, not of the writers."""
    found = estimates.difference(("cnn", 10), ("mlp", 10))
    _, writers = data.writers()
    assert found.values.shape == (3, len(np.unique(writers)))
    assert found.by_seed == pytest.approx([0.01, 0.005, 0])
    # What the first seed of each misreads: digits 0 to 9 and 8 to 11. No writer counts more than
    # by the share of the digits that is theirs.
    more = np.isin(np.arange(10_000), range(8)) - 1.0 * np.isin(np.arange(10_000), (10, 11))
    less = np.isin(np.arange(10_000), range(1, 20)) * 1.0
    sums = [[d[writers == who].sum() for who in np.unique(writers)] for d in (more, less)]
    sizes = np.unique(writers, return_counts=True)[1]
    overall = 25 / 30_000  # 6, 19 and 0 digits of three times 10,000
    expected = (np.array(sums) - overall * sizes) / sizes.mean()
    assert found.values[:2] - found.by_seed[:2, None] == pytest.approx(
        expected - expected.mean(axis=1, keepdims=True)
    )
    assert found.degrees < 3 + 297


def test_seconds_leave_out_the_first_epoch_and_seeds_that_others_lack(a_run, as_records):
    those = [a_run("mlp", seed=seed) for seed in range(3)] + [a_run("cnn", seed=s) for s in (0, 2)]
    for run in those:
        for row, seconds in zip(run.rows, (100, 1 + run.seed, 2 + run.seed), strict=True):
            row["seconds"] = seconds
    as_records(those)
    assert estimates.seconds_per_epoch("mlp") == 2.5  # of 1, 2, 3 and 4
    assert estimates.seconds_per_epoch("mlp", ["mlp"]) == 2.5  # of 1, 2, 2, 3, 3 and 4


def test_the_cells_by_hand(made_up):
    cells = evidence.cells()
    assert cells.shape == (6, 4)
    # A standard deviation of 1 point over three seeds: 4.303 / √3 = 2.48 points either way.
    assert cells.loc["Test accuracy", "MLP 10"] == "98.00% [95.52, 100.48]"
    assert cells.loc["Overfitting gap (points)", "MLP 10"] == "1.00 [−1.48, 3.48]"
    # 0.40, 0.41 and 0.43: a standard deviation of 0.01528, a standard error of 0.00882.
    assert cells.loc["Test loss", "MLP 5"] == "0.4133 [0.3754, 0.4513]"


def test_differences_between_networks_and_epochs_by_hand(made_up):
    table = evidence.differences()
    of_both, of_mlp, of_cnn = "CNN − MLP, 10 epochs", "MLP, 10 − 5 epochs", "CNN, 10 − 5 epochs"
    assert table.loc["Test accuracy", of_both] == "+0.50 [−0.74, +1.74]"
    # The gap of the CNN is smaller by as much as its test accuracy is greater.
    assert table.loc["Overfitting gap (points)", of_both] == "−0.50 [−1.74, +0.74]"
    assert table.loc["Test loss", "CNN − MLP, 5 epochs"] == "+0.0867 [+0.0487, +0.1246]"
    assert table.loc["Test accuracy", of_mlp] == "+2.00 [−0.48, +4.48]"
    assert table.loc["Test accuracy", of_cnn] == "−0.20 [−0.45, +0.05]"


def test_mcnemars_test_by_hand(misread):
    table = evidence.mcnemar()
    assert table.loc["10 epochs"].to_dict() == {
        "Only the CNN reads": "9 (0 to 19)",  # 8, 19 and 0
        "Only the MLP reads": "1 (0 to 2)",  # 2, 0 and 0
        "Neither reads": "2 (1 to 4)",  # 2, 1 and 4
        "Largest p": "1",  # none only read by one: 1; 8 and 2: 112/1024; 19 and 0: 2/2¹⁹
        "Pairs with p < 0.05": "1 of 3",
        "by writer": "1 of 3",  # these digits have as many writers
    }
    assert table.loc["5 epochs", "Pairs with p < 0.05"] == "0 of 3"


def needed(effect):
    """Return the fewest seeds that a paired t-test needs, by statsmodels."""
    power = TTestPower().power
    return str(next(n for n in range(2, 1000) if power(effect, n, 0.05) >= 0.95))


def test_the_seeds_needed_are_those_of_statsmodels(made_up):
    table = evidence.power().T
    assert table.shape == (4, 6)
    of = "Test accuracy of the {}, 10 − 5 epochs".format
    assert [*table[of("MLP")]] == ["2.00", "1.00", "2.00", needed(2)]
    assert [*table[of("CNN")]] == ["−0.20", "0.10", "−2.00", needed(2)]
    cnn_ahead = table["Test accuracy, CNN − MLP, 10 epochs"]
    assert [*cnn_ahead] == ["0.50", "0.50", "1.00", needed(1)]


def test_the_sizes_by_hand(made_up):
    table, costs = evidence.sizes(), evidence.costs()
    assert [point["model"] for point in costs.values()] == sorted(
        SIZES, key=lambda model: NETWORKS[model].parameters
    )
    assert list(costs) == list(table.index)
    # 98.0, 98.5 and 99.0 %: 4.303 · 0.5 / √3 points either way.
    assert table.loc["CNN"].tolist() == [
        "542,230", "4.03 million", "98.50% [97.26, 99.74]", "3",
    ]  # fmt: skip
    assert table.loc["MLP 1261", "Seeds"] == "2"
    assert costs["CNN"]["accuracy"].by_seed == pytest.approx([0.98, 0.985, 0.99])


def test_equal_and_unequal_networks_by_hand(made_up):
    table = evidence.matched().set_index("Compared").T
    # 1, 0.5 and 0 points; the other networks lack the third seed.
    assert [*table["as they come"]] == ["CNN − MLP", "0.50 ± 0.50", "[−0.74, 1.74]", "2 of 3"]
    large = table["equal parameters, large"]
    assert [*large] == ["CNN − MLP 682", "0.25 ± 0.35", "[−2.93, 3.43]", "1 of 2"]
    # 0.5 and 0.1 points.
    small = table["equal parameters, small"]
    assert [*small] == ["CNN 14/43 − MLP", "0.30 ± 0.28", "[−2.24, 2.84]", "2 of 2"]
    # 0.2 and 0.5 points.
    assert table["equal operations in training"]["Mean ± sd"] == "0.35 ± 0.21"
    assert table["the MLP, widened"]["Mean ± sd"] == "0.50 ± 0.00"


def test_accuracy_by_the_number_of_training_digits_by_hand(made_up):
    table = evidence.sample_table().T
    # Differences of 10 and 6 points: 12.706 · 2 points either way; errors of 21 to 29 %.
    assert [*table["100"]] == ["71.00%", "79.00%", "8.00 [−17.41, 33.41]", "0.72", "2"]
    # 1, 0.5 and 0 points; errors of 1.5 to 2 %.
    assert [*table["54,000"]] == ["98.00%", "98.50%", "0.50 [−0.74, 1.74]", "0.75", "3"]


def test_samples_at_equal_size_by_hand(misread):
    found = evidence.samples_at_equal_size()
    shown = found.map("{:.2h}".format)
    assert shown.loc["100"].to_dict() == {"CNN − MLP 682": "19.00", "CNN 14/43 − MLP": "5.00"}
    assert shown.loc["54,000"].to_dict() == {"CNN − MLP 682": "0.25", "CNN 14/43 − MLP": "0.30"}
    # 20 and 18 points: 1 − 2/π · arctan(19), and 5 points twice, which no chance explains.
    p_value = 1 - 2 / np.pi * np.arctan(19)
    assert found.loc["100", "CNN − MLP 682"].corrected == pytest.approx(3 * p_value)
    assert evidence.numbers()["equal_size"] == ()
    assert evidence.numbers()["equal_asked"] == 4


def test_a_number_of_digits_that_not_all_networks_have_is_left_out(those, as_records, a_run):
    as_records([*those, a_run("mlp", "300_digits", 0, 0.8), a_run("cnn", "300_digits", 0, 0.8)])
    assert [count for count, _ in evidence.by_count()] == [100, 54_000]


def test_the_numbers_by_hand(misread):
    numbers = evidence.numbers()
    means = {
        "accuracy_10": 0.005, "gap_5": 0.027,  # 2.1, 2.7 and 3.3 points
        "mlp_longer": 0.02, "mlp_longer_loss": 0.26 / 3, "mlp_longer_mistakes": 0,
        "cnn_longer": -0.002, "cnn_longer_mistakes": -0.13,
        "equal_large": 0.0025, "equal_small": 0.003, "equal_operations": 0.0035,
        "wider_mlp": 0.005, "mlp_682": 0.98,
        "mlp_5_calibration": 0.249, "mlp_10_calibration": 0.7466 / 3, "difference_5_calibration": 0,
    }  # fmt: skip
    assert {name: numbers[name].mean for name in means} == pytest.approx(means, abs=1e-6)
    plain = {
        "pairing": 1,
        "mlp_10_error_ratio": 2, "cnn_10_error_ratio": 1.5,  # 2 and 1.5 to 1 %
        "few_ratio": 0.21 / 0.29, "all_ratio": 0.75,
    }  # fmt: skip
    assert {name: numbers[name] for name in plain} == pytest.approx(plain)
    verdicts = {"mlp_longer_loss": "supported", "cnn_longer_calibration": "refuted"}
    verdicts |= {"cnn_longer_mistakes": "refuted", "cnn_longer": "undecided"}
    assert {name: numbers[name].verdict for name in verdicts} == verdicts


def test_a_seed_that_only_one_model_has_is_left_out(made_up, those, as_records, a_run):
    """As after ``study --models mlp``, or a study interrupted halfway."""

    def tables():
        between = evidence.differences().iloc[:, :2]
        return evidence.cells(), between, evidence.sample_table(), evidence.mcnemar()

    before = tables()
    as_records([*those, *(a_run("mlp", kind, 77, 0.5) for kind in ("fair", "100_digits"))])
    for one, other in zip(before, tables(), strict=True):
        assert one.equals(other)
