"""Which recipe a network prefers, by made-up validation accuracies."""

import pytest

from mnist_compare.records.protocols import Protocol
from mnist_compare.study import rates


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


FIRST = {(rate, cosine): 0.9 for rate in rates.FIRST for cosine in (False, True)}


def test_the_best_is_that_of_the_highest_validation_accuracy(recorded):
    recorded(FIRST | {(1e-3, True): 0.95})
    assert rates.best("cnn") == Protocol(cosine=True)
    assert rates.tried("cnn")[Protocol(cosine=True)] == pytest.approx(0.95)
    assert rates.untried("cnn") == []


def test_of_recipes_as_good_the_lower_rate_is_taken(recorded):
    recorded(FIRST | {(1e-3, False): 0.95, (3e-3, True): 0.95 + rates.AS_GOOD / 2})
    assert rates.best("cnn") == Protocol()


def test_permuted_pixels_are_a_choice_of_their_own(recorded):
    recorded(FIRST | {(1e-3, False): 0.95}, permuted=True)
    assert rates.best("cnn", permuted=True) == Protocol(permuted=True)
    assert rates.tried("cnn") == {}


@pytest.mark.parametrize(("rate", "further"), [(3e-3, 1e-2), (3e-4, 1e-4)])
def test_a_best_at_the_end_of_the_rates_asks_for_further_ones(recorded, rate, further):
    recorded(FIRST | {(rate, True): 0.95})
    wanted = {(protocol.rate, protocol.cosine) for _, protocol, _ in rates.untried("cnn")}
    assert wanted == {(further, False), (further, True)}
    assert {seed for *_, seed in rates.untried("cnn")} == {0, 1, 2}


def test_what_is_not_recorded_is_wanted(recorded):
    recorded({(1e-3, False): 0.9}, seeds=2)
    wanted = rates.untried("cnn")
    assert len(wanted) == 6 * 3 - 2
    assert ("cnn", Protocol(), 2) in wanted
    assert rates.tried("cnn") == {}
