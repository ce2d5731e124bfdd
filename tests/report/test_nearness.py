"""The chapter on nearness, from made-up runs."""

import numpy as np
import pytest

from mnist_compare.findings import estimates, nearness
from mnist_compare.records.networks import STUDIED
from mnist_compare.records.protocols import CLOTHES, FAIR, PERMUTED, Protocol
from mnist_compare.study import rates

ACCURACIES = {"mlp": 0.970, "mlp_682": 0.975, "cnn": 0.985, "cnn_14_43": 0.980}
LOST, GAINED = 0.02, 0.004  # by permuted pixels and by the best recipe, of each seed a little more
BEST = Protocol(cosine=True)


@pytest.fixture
def made_up(a_run, as_records):
    """Two seeds of all; the recipe that falls is the best for each network."""
    those = []

    def add(model, protocol, accuracy):
        for seed in range(rates.SEEDS):
            run = a_run(model, str(protocol), seed, accuracy + seed / 10_000)
            run.rows[-1]["validation_accuracy"] = accuracy + (0.001 if protocol.cosine else 0)
            those.append(run)

    for model, accuracy in ACCURACIES.items():
        add(model, FAIR, accuracy)
        add(model, BEST, accuracy + GAINED)
        if model.startswith("cnn"):
            add(model, PERMUTED, accuracy - LOST)
            add(model, Protocol(permuted=True, cosine=True), accuracy - LOST + GAINED)
    as_records(those)


def test_to_a_perceptron_permuted_pixels_are_pixels_as_given(made_up):
    for permuted in (False, True):
        assert nearness.protocol("mlp_682", permuted, "source") == FAIR
        assert nearness.protocol("mlp_682", permuted, "best") == BEST
    assert nearness.protocol("cnn", True, "source") == PERMUTED
    assert nearness.protocol("cnn", True, "best") == Protocol(permuted=True, cosine=True)


def test_the_twelve_questions_by_hand(made_up):
    estimates = nearness.answers().estimate
    assert len(estimates) == 12
    assert all(estimate.corrected is not None for estimate in estimates)
    for of_recipe in vars(nearness.by_recipe()).values():
        for answers in (of_recipe.cnn, of_recipe.cnn_14_43):
            assert answers.lost.mean == pytest.approx(LOST)
            assert answers.ahead_permuted.mean == pytest.approx(0.01 - LOST)
            assert answers.ahead_permuted.refuted
            assert answers.ahead.mean == pytest.approx(0.01)
    table = nearness.differences()
    assert table["Difference"][2] == "CNN, permuted − MLP 682"
    assert set(table.Verdict) == {"supported", "refuted"}


def test_the_answer_has_every_network_both_ways_by_both_recipes(made_up):
    table = nearness.answer()
    assert table.shape == (len(STUDIED), 4)
    assert table.loc["CNN"].str.slice(0, 6).tolist() == ["98.51%", "96.51%", "98.91%", "96.91%"]
    assert (table.loc["MLP 682"] == "the same").tolist() == [False, True, False, True]


def test_clothes_are_compared_as_the_networks_are_and_at_equal_size(a_run, as_records, monkeypatch):
    labels = (np.arange(10_000) % 10).astype(np.uint8)  # what every made-up run answers
    monkeypatch.setattr(estimates, "labels", lambda protocol: labels)
    read = {"mlp": 0.87, "mlp_682": 0.88, "cnn_14_43": 0.9, "cnn": 0.91}
    seeds = {"mlp": 3, "cnn": 3, "mlp_682": 2, "cnn_14_43": 2}
    as_records(
        [
            a_run(model, str(CLOTHES), seed, read[model] + seed / 100)
            for model, count in seeds.items()
            for seed in range(count)
        ]
    )
    table = nearness.on_clothes()["Test accuracy"].str.slice(0, 6)
    assert table.to_dict() == {
        "CNN": "92.00%", "CNN 14/43": "90.50%", "MLP 682": "88.50%", "MLP": "88.00%",
    }  # fmt: skip
    leads = nearness.leads_on_clothes()
    assert {pair: lead.n for pair, lead in leads.items()} == {
        ("cnn", "mlp"): 3, ("cnn", "mlp_682"): 2, ("cnn_14_43", "mlp"): 2,
    }  # fmt: skip
    assert [lead.mean for lead in leads.values()] == pytest.approx([0.04, 0.03, 0.03])


def test_the_chosen_recipe_is_marked(made_up):
    table = nearness.tried()
    assert table.loc["0.001, cosine"].str.endswith("*").all()
    assert not table.loc["0.001, constant"].str.contains("*", regex=False).any()


def test_the_sources_of_chance_stand_side_by_side(made_up):
    table = nearness.sources_of_chance()
    assert table.loc["CNN − MLP", "Mean"] == "1.50"
    # All runs read the same digits of the same writers, so only their recorded accuracies differ.
    assert table.loc["CNN − MLP", "Seeds and writers"] == "[1.50, 1.50]"
