"""The chapter on nearness, from made-up runs."""

import numpy as np
import pytest

from mnist_compare.findings import estimates, nearness
from mnist_compare.records.networks import STUDIED
from mnist_compare.records.protocols import (
    CLOTHES,
    FAIR,
    PERMUTED,
    PERMUTED_CLOTHES,
    Protocol,
)

ACCURACIES = {"mlp": 0.970, "mlp_682": 0.975, "cnn": 0.985, "cnn_14_43": 0.980}
LOST, GAINED = 0.02, 0.004  # by permuted pixels and by the best recipe, of each seed a little more
BEST = Protocol(cosine=True)


@pytest.fixture
def made_up(a_run, as_records):
    """Two seeds of all; the recipe that falls is the best for each network."""
    those = []

    def add(model, protocol, accuracy):
        for seed in range(nearness.SEEDS):
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
    assert all(estimate.corrected >= estimate.p_value for estimate in estimates)
    for of_recipe in (nearness.Nearness().source, nearness.Nearness().best):
        for answers in (of_recipe.cnn, of_recipe.cnn_14_43):
            assert answers.lost.mean == pytest.approx(LOST)
            assert answers.ahead_permuted.mean == pytest.approx(0.01 - LOST)
            assert answers.ahead_permuted.refuted
            assert answers.ahead.mean == pytest.approx(0.01)
    table = nearness.table_of_questions()
    assert table["Difference"][2] == "CNN, permuted − MLP 682"
    assert set(table.Verdict) == {"supported", "refuted"}


def test_the_answer_has_every_network_both_ways_by_both_recipes(made_up):
    table = nearness.table()
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
        + [a_run("cnn", str(PERMUTED_CLOTHES), seed, 0.89 + seed / 50) for seed in range(3)]
    )
    table = nearness.table_of_clothes()["Test accuracy"].str.slice(0, 6)
    assert table.to_dict() == {
        "CNN": "92.00%", "CNN 14/43": "90.50%", "MLP 682": "88.50%", "MLP": "88.00%",
        "CNN, permuted": "91.00%",
    }  # fmt: skip
    leads = nearness.Nearness().clothes
    assert leads.pop("lost").mean == pytest.approx(0.01)
    assert {pair: lead.n for pair, lead in leads.items()} == {
        ("cnn", "mlp_682"): 2, ("cnn_14_43", "mlp"): 2, ("cnn", "mlp"): 3,
    }  # fmt: skip
    assert [lead.mean for lead in leads.values()] == pytest.approx([0.03, 0.03, 0.04])


def test_the_chosen_recipe_is_marked(made_up):
    table = nearness.table_of_recipes()
    assert table.loc["0.001, cosine"].str.endswith("*").all()
    assert not table.loc["0.001, constant"].str.contains("*", regex=False).any()


@pytest.fixture
def recorded(a_run, as_records):
    """Records of networks with the accuracy of each recipe, {(rate, cosine): accuracy}."""

    def record(accuracies, model="cnn", permuted=False, seeds=3):
        those = []
        for (rate, cosine), accuracy in accuracies.items():
            protocol = Protocol(permuted=permuted, rate=rate, cosine=cosine)
            for seed in range(seeds):
                run = a_run(model, str(protocol), seed)
                run.rows[-1]["validation_accuracy"] = accuracy + (seed - 1) / 100
                those.append(run)
        as_records(those)

    return record


FIRST = {(rate, cosine): 0.9 for rate in nearness.FIRST_RATES for cosine in (False, True)}


def test_the_best_is_that_of_the_highest_validation_accuracy(recorded):
    recorded(FIRST | {(1e-3, True): 0.95})
    assert nearness.best_recipe("cnn") == Protocol(cosine=True)
    assert nearness.tried_recipes("cnn")[Protocol(cosine=True)] == pytest.approx(0.95)
    assert nearness.untried_runs("cnn") == []


def test_of_recipes_as_good_the_lower_rate_is_taken(recorded):
    recorded(FIRST | {(1e-3, False): 0.95, (3e-3, True): 0.95 + nearness.AS_GOOD / 2})
    assert nearness.best_recipe("cnn") == Protocol()


def test_permuted_pixels_are_a_choice_of_their_own(recorded):
    recorded(FIRST | {(1e-3, False): 0.95}, permuted=True)
    assert nearness.best_recipe("cnn", permuted=True) == Protocol(permuted=True)
    assert nearness.tried_recipes("cnn") == {}


@pytest.mark.parametrize(("rate", "further"), [(3e-3, 1e-2), (3e-4, 1e-4)])
def test_a_best_at_the_end_of_the_rates_asks_for_further_ones(recorded, rate, further):
    recorded(FIRST | {(rate, True): 0.95})
    wanted = {(protocol.rate, protocol.cosine) for _, protocol, _ in nearness.untried_runs("cnn")}
    assert wanted == {(further, False), (further, True)}
    assert {seed for *_, seed in nearness.untried_runs("cnn")} == {0, 1, 2}


def test_what_is_not_recorded_is_wanted(recorded):
    recorded({(1e-3, False): 0.9}, seeds=2)
    wanted = nearness.untried_runs("cnn")
    assert len(wanted) == 6 * 3 - 2
    assert ("cnn", Protocol(), 2) in wanted
    assert nearness.tried_recipes("cnn") == {}
