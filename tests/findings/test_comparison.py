import numpy as np
import pytest

from mnist_compare.findings import comparison, estimates
from mnist_compare.records import runs


@pytest.fixture
def made_up(records, a_run):
    """Two seeds a model under the fair protocol, one under the source's."""
    accuracies = {"mlp": (0.97, 0.98), "cnn": (0.98, 0.975)}
    for model, values in accuracies.items():
        for seed, accuracy in enumerate(values):
            runs.write(a_run(model, "fair", seed, accuracy), {})
        runs.write(a_run(model, "source", 0, 0.9), {})


def test_numbers_by_hand(made_up):
    found = comparison.Comparison()
    mlp = found.mlp
    accuracy = mlp.test_accuracy[10]
    assert (accuracy.lowest, accuracy.highest) == (0.97, 0.98)
    assert accuracy.mean == pytest.approx(0.975)
    assert accuracy.sd == pytest.approx(0.01 / np.sqrt(2))
    assert mlp.overfitting_gap[10].mean == pytest.approx(0.015)
    difference = found.lead.test_accuracy[10]
    assert difference.mean == pytest.approx(0.0025)
    assert (difference.above, difference.n) == (1, 2)
    # Student's t with one degree of freedom: 12.706 standard errors on either side.
    reach = 12.706 * np.std([0.98 - 0.97, 0.975 - 0.98], ddof=1) / np.sqrt(2)
    assert difference.interval == pytest.approx((0.0025 - reach, 0.0025 + reach), rel=1e-4)
    assert vars(found.replicated) == pytest.approx({"largest": 0.9871 - 0.9, "within": 0})
    assert found.source_cnn.test_accuracy[10].mean == pytest.approx(0.9)
    assert found.best_epoch.lowest == 1
    assert not hasattr(mlp, "taste")


def test_tables_by_hand(made_up):
    results = comparison.results()
    names = ("MLP", "CNN", "CNN − MLP")
    assert list(results) == [f"{name} {epoch}" for epoch in (5, 10) for name in names]
    assert results.loc["Test accuracy", "CNN 10"] == "97.75%"
    assert results.loc["Test accuracy", "CNN − MLP 10"] == "+0.25"
    assert results.loc["Overfitting gap (points)", "MLP 10"] == "1.50"
    assert results.loc["Overfitting gap (points)", "CNN − MLP 10"] == "−0.25"
    assert results.loc["Parameters", "CNN − MLP 5"] == "+440,460"

    replication = comparison.replication().set_index(["Model and epochs", "Quantity"])
    assert len(replication) == 20  # every published value
    its = "90.00% (90.00–90.00)"
    expected = ["98.71%", its, "1 of 1", "97.75% (97.50–98.00)"]
    assert replication.loc["CNN 10", "Test accuracy"].tolist() == expected


@pytest.fixture
def misreading(a_run):
    """A run that misreads the digits that are told."""

    def make(model, wrong, seed=0):
        run = a_run(model, seed=seed)
        run.predictions[10] = run.predictions[10].copy()
        run.predictions[10][wrong] += 20
        return run

    return make


def test_disagreement_by_hand(misreading, as_records, monkeypatch):
    labels = misreading("mlp", []).predictions[10]
    monkeypatch.setattr(estimates, "labels", lambda protocol: labels)
    mlp = [misreading("mlp", []), misreading("mlp", range(4), seed=1)]
    cnn = [misreading("cnn", range(6)), misreading("cnn", [], seed=1)]
    as_records(mlp + cnn)
    assert vars(comparison.Comparison().disagreement) == {"between": 5.0, "mlp": 4.0, "cnn": 6.0}
