import numpy as np
import pytest

from mnist_compare import runs, tables


@pytest.fixture
def made_up(records, a_run):
    """Two seeds a model under the fair protocol, one under the source's."""
    accuracies = {"mlp": (0.97, 0.98), "cnn": (0.98, 0.975)}
    for model, values in accuracies.items():
        for seed, accuracy in enumerate(values):
            runs.write(a_run(model, "fair", seed, accuracy), {"devices": ["cpu"]})
        runs.write(a_run(model, "source", 0, 0.9), {"devices": ["cpu"]})


def test_numbers_by_hand(made_up):
    numbers = tables.numbers()
    assert numbers["mlp_10_test_accuracy"] == pytest.approx(0.975)
    assert numbers["mlp_10_test_accuracy_low"] == pytest.approx(0.97)
    assert numbers["mlp_10_test_accuracy_high"] == pytest.approx(0.98)
    assert numbers["mlp_10_test_accuracy_sd"] == pytest.approx(0.01 / np.sqrt(2))
    assert numbers["mlp_10_overfitting_gap"] == pytest.approx(0.015)
    assert numbers["difference_10_test_accuracy"] == pytest.approx(0.0025)
    assert numbers["difference_10_test_accuracy_wins"] == 1
    assert numbers["difference_10_test_accuracy_losses"] == 1
    # Student's t with one degree of freedom: 12.706 standard errors on either side.
    differences = np.array([0.98 - 0.97, 0.975 - 0.98])
    reach = 12.706 * differences.std(ddof=1) / np.sqrt(2)
    assert numbers["difference_10_test_accuracy_from"] == pytest.approx(0.0025 - reach, rel=1e-4)
    assert numbers["difference_10_test_accuracy_to"] == pytest.approx(0.0025 + reach, rel=1e-4)
    assert numbers["replication_largest"] == pytest.approx(0.9871 - 0.9)
    assert numbers["replication_within"] == 2
    assert numbers["mlp_change_test_accuracy"] == 0
    assert numbers["source_cnn_5_test_accuracy"] == pytest.approx(0.9)
    assert numbers["seeds"] == 2


def test_published_values_are_the_source_reports():
    published = tables.published()
    assert len(published) == 20
    assert published["cnn", 10, "test_accuracy"] == 0.9871
    gap = published["mlp", 5, "train_accuracy"] - published["mlp", 5, "test_accuracy"]
    assert gap == pytest.approx(0.0121)
    assert published["mlp", 5, "overfitting_gap"] == 0.0131  # as printed there, wrongly


def test_formats():
    assert format(tables.Number(0.0121), ".2p") == "1.21 points"
    assert format(tables.Number(-0.0121), ".2p") == "−1.21 points"
    assert format(tables.Number(0.0121), ".2h") == "1.21"
    assert format(tables.Number(-0.5), ".1f") == "−0.5"
    assert format(tables.Number(-0.0001), ".1h") == "0.0"  # no minus zero
    assert format(tables.Number(0.04), "+.1h") == "+4.0"
    assert format(tables.Number(1234.5), ",.0f") == "1,234"
    assert format(tables.Number(0.98712), ".2%") == "98.71%"


def test_results_by_hand(made_up):
    results = tables.results()
    assert list(results) == ["MLP 5", "CNN 5", "MLP 10", "CNN 10"]
    assert results.loc["Test accuracy", "CNN 10"] == "97.75%"
    assert results.loc["Overfitting gap (points)", "MLP 10"] == "1.50"


def test_differences_by_hand(made_up):
    differences = tables.differences()
    assert differences.loc["Test accuracy", "CNN − MLP, 10 epochs"] == "+0.25 ± 1.06"
    assert differences.loc["Test accuracy", "MLP, 10 − 5 epochs"] == "0.00 ± 0.00"


def test_replication_has_every_published_value_and_ours(made_up):
    table = tables.replication()
    assert len(table) == 20
    row = table[(table["Model and epochs"] == "CNN 10") & (table["Quantity"] == "Test accuracy")]
    assert row["Published"].item() == "98.71%"
    assert row["Ours, its protocol"].item() == "90.00%"
    assert row["Ours, fair protocol"].item() == "97.75% (97.50% to 98.00%)"


def test_agreement_by_hand(a_run):
    one, other = a_run("mlp"), a_run("cnn")
    labels = one.predictions[10].copy()
    labels[:3] += 20  # nobody reads these
    other.predictions[10] = other.predictions[10].copy()
    other.predictions[10][5] += 20
    table = tables.agreement([one, one], [other, one], labels)
    assert table["lowest"].tolist() == ["9,996", "0", "0", "3"]
    assert table["highest"].tolist() == ["9,997", "0", "1", "3"]


def test_disagreement_by_hand(a_run):
    labels = a_run().predictions[10]
    mlp, cnn = (
        [a_run("mlp", seed=seed) for seed in (0, 1)],
        [a_run("cnn", seed=seed) for seed in (0, 1)],
    )
    for run, wrong in ((mlp[1], 4), (cnn[0], 6)):
        run.predictions[10] = labels.copy()
        run.predictions[10][:wrong] += 20
    found = tables.disagreement(mlp, cnn, labels)
    assert found == {"between": 5.0, "mlp": 4.0, "cnn": 6.0}
