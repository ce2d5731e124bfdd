"""Tables and numbers of the chapter on evidence from made-up runs, by hand."""

import numpy as np
import pandas as pd
import pytest

from mnist_compare.findings import estimates, evidence
from mnist_compare.records.networks import STUDIED
from mnist_compare.records.protocols import CLOTHES
from mnist_compare.records.writers import writers_of_digits

# Student's t at 97.5 % with one and two degrees of freedom.
T1, T2 = 12.706205, 4.302653

# Test accuracies by seed. CNN − MLP after ten epochs: 1.0, 0.5 and 0 points.
AFTER_TEN = {
    "mlp": (0.97, 0.98, 0.99), "cnn": (0.98, 0.985, 0.99),
    "mlp_682": (0.975, 0.985), "cnn_14_43": (0.975, 0.981),
}  # fmt: skip
# Ten − five epochs: the MLP gains 1, 2 and 3 points, the CNN loses 0.1, 0.2 and 0.3.
AFTER_FIVE = {"mlp": (0.96, 0.96, 0.96), "cnn": (0.981, 0.987, 0.993)}
LOSS_AFTER_FIVE = {"mlp": (0.40, 0.41, 0.43), "cnn": (0.5, 0.5, 0.5)}  # after ten: 0.5
# Which of the first test digits are misread, by seed, after ten epochs; after five the same ten.
WRONG = {"mlp": (range(10), range(20), range(4)), "cnn": (range(8, 12), range(1), range(4))}
# After ten epochs the CNN is so sure, by seed, of what it reads right and of mistakes; else 75 %.
RIGHT, MISTAKEN = (0.8, 0.81, 0.82), (0.6, 0.61, 0.65)
LABELS = np.arange(10_000) % 10


@pytest.fixture(autouse=True)
def labels(monkeypatch):
    monkeypatch.setattr(estimates.data_sets, "load_named", lambda name: (None, (None, LABELS)))


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
    assert estimates.mean("cnn", 10, models=STUDIED).by_seed == pytest.approx([0.98, 0.985])


def test_an_accuracy_is_over_seeds_and_writers(misread):
    """Every writer's digits count, and the mean is that of the digits, not of the writers."""
    found = estimates.difference(("cnn", 10), ("mlp", 10))
    _, writers = writers_of_digits()
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


def test_the_labels_of_clothes_come_from_the_record(records, monkeypatch):
    """Fashion-MNIST itself need not be there."""
    monkeypatch.setattr(
        estimates.data_sets, "load_named", lambda name: pytest.fail(f"loads {name}")
    )
    estimates.LABELS_OF_CLOTHES.write(pd.DataFrame({"number": range(3), "label": [9, 2, 1]}))
    assert estimates.labels(CLOTHES).tolist() == [9, 2, 1]
    assert estimates.units(CLOTHES).tolist() == [0, 1, 2]  # each picture is its own


def test_without_the_record_the_labels_of_clothes_are_those_of_the_file(records, monkeypatch):
    given = {"fashion_mnist": (None, (None, [3, 4])), "mnist": (None, (None, [5]))}
    monkeypatch.setattr(estimates.data_sets, "load_named", given.get)
    assert (estimates.labels(CLOTHES), estimates.labels()) == ([3, 4], [5])


def test_seconds_leave_out_the_first_epoch_and_seeds_that_others_lack(a_run, as_records):
    those = [a_run("mlp", seed=seed) for seed in range(3)] + [a_run("cnn", seed=s) for s in (0, 2)]
    for run in those:
        for row, seconds in zip(run.rows, (100, 1 + run.seed, 2 + run.seed), strict=True):
            row["seconds"] = seconds
    as_records(those)
    assert estimates.seconds_per_epoch("mlp") == 2.5  # of 1, 2, 3 and 4
    assert estimates.seconds_per_epoch("mlp", ["mlp"]) == 2.5  # of 1, 2, 2, 3, 3 and 4


def test_differences_between_networks_and_epochs_by_hand(made_up):
    table = evidence.table_of_differences()
    of_both, of_mlp, of_cnn = "CNN − MLP, 10 epochs", "MLP, 10 − 5 epochs", "CNN, 10 − 5 epochs"
    assert table.loc["Test accuracy", of_both] == "+0.50 [−0.74, +1.74]"
    # The gap of the CNN is smaller by as much as its test accuracy is greater.
    assert table.loc["Overfitting gap (points)", of_both] == "−0.50 [−1.74, +0.74]"
    assert table.loc["Test loss", "CNN − MLP, 5 epochs"] == "+0.0867 [+0.0487, +0.1246]"
    assert table.loc["Test accuracy", of_mlp] == "+2.00 [−0.48, +4.48]"
    assert table.loc["Test accuracy", of_cnn] == "−0.20 [−0.45, +0.05]"


def test_the_sizes_by_hand(made_up):
    table = evidence.table_of_sizes()
    assert list(table.index) == ["MLP", "CNN 14/43", "MLP 682", "CNN"]
    # Two for each weight that is used: 26² · 32 · 9 + 5408 · 100 + 1000 weights. Of the accuracies,
    # 98.0, 98.5 and 99.0 %: 4.303 · 0.5 / √3 points either way.
    assert table.loc["CNN"].tolist() == [
        "542,230", "4,029,552", "1,472,976", "98.50% [97.26, 99.74]",
    ]  # fmt: skip


def test_seeds_that_help_one_network_help_the_other(those, as_records, a_run):
    as_records([*those, *(a_run("cnn", "permuted", s, 0.9 - s * s / 100) for s in range(3))])
    found = evidence.Evidence().correlation  # of 1, 2 and 3 with 0, −1 and −4
    assert found == pytest.approx({"mlp": 1, "mlp_682": 1, "cnn": -4 / np.sqrt(2 * 26 / 3)})


def test_the_numbers_by_hand(misread):
    found = evidence.Evidence()
    assert found.wider_mlp.mean == pytest.approx(0.005)
    assert found.mlp_682.mean == pytest.approx(0.98)
    mlp, cnn = found.longer_mlp, found.longer_cnn
    assert (mlp.test_accuracy.mean, mlp.mistakes.mean) == pytest.approx((0.02, 0))
    assert (cnn.test_accuracy.mean, cnn.mistakes.mean) == pytest.approx((-0.002, -0.13))
    assert (cnn.mistakes.verdict, cnn.test_accuracy.verdict) == ("refuted", "undecided")
    table = evidence.table_of_confidence().T  # the MLP misreads 34 of 30,000
    assert table["MLP 10"].tolist()[:3] == ["99.89%", "75.00%", "75.0%"]
    assert table["MLP 10"].iloc[3].startswith("−24.89 [−25.0")
    # Of the CNN: 81 − 0.006 % where it is 99.97 % right.
    assert found.surer[10].mean == pytest.approx(0.80994 - 0.9997 + 0.2489, abs=1e-4)
    assert table["CNN 10"]["where wrong"] == "62.0%"


def test_the_sources_of_chance_stand_side_by_side(made_up):
    table = evidence.table_of_chance()
    assert table.loc["CNN − MLP", "Mean"] == "0.50"
    # All runs read the same digits of the same writers, so only their recorded accuracies differ.
    assert table.loc["CNN − MLP", "Seeds and writers"] == "[−0.74, 1.74]"
