"""How many digits nearness is worth, from made-up runs."""

import numpy as np
import pytest

from mnist_compare.findings.digits import COUNTS, OTHERS, Digits
from mnist_compare.records.protocols import FAIR, SAMPLES

# Errors that fall as 1 / √n: a network with twice the error of another needs four times the digits.
ERRORS = {count: 0.2 * np.sqrt(100 / count) for count in COUNTS}


@pytest.fixture
def made_up(a_run, as_records):
    """Seeds in which the others make so many times the CNN's errors."""

    def make(times, *further):
        those = [*further]
        for model, protocols in (("cnn", [*SAMPLES, FAIR]), *OTHERS.values()):
            others = model != "cnn" or protocols[-1] != FAIR
            for count, protocol in zip(COUNTS, protocols, strict=True):
                for seed, errors in enumerate(times if others else [1] * len(times)):
                    those.append(a_run(model, str(protocol), seed, 1 - errors * ERRORS[count]))
        as_records(those)

    return make


@pytest.mark.parametrize("other", OTHERS)
def test_factors_and_leads_by_hand(made_up, other):
    made_up((1.5, 2))
    times = Digits().times[other]
    # The errors at 54,000 digits are above the CNN's at 30,000.
    assert [*times] == [100, 300, 1_000, 3_000, 10_000]
    middle, spread = np.log(1.5 * 2), np.log(2 / 1.5)  # of ln 1.5² and ln 2²
    reach = 12.706205 * spread
    for factor in times.values():
        assert factor.mean == pytest.approx(np.exp(middle))
        assert factor.interval == pytest.approx(np.exp([middle - reach, middle + reach]))
    lead = Digits().lead[other][300]
    assert lead.by_seed == pytest.approx(np.array([0.5, 1]) * ERRORS[300])


def test_seeds_that_not_all_have_are_left_out(made_up, a_run):
    """As after a study that was stopped."""
    made_up((1.5, 2), a_run("cnn", str(FAIR), 2, 0.5), a_run("mlp_682", str(SAMPLES[0]), 3, 0.5))
    assert Digits().lead["mlp_682"][100].n == 2
    assert Digits().times["mlp_682"][300].mean == pytest.approx(3)


def test_no_factor_where_a_seed_never_comes_down_to_the_error(made_up):
    """With all digits, one seed of the others has more errors than the CNN with 10,000."""
    made_up((1.5, 2.5))
    assert [*Digits().times["permuted"]] == [100, 300, 1_000, 3_000]
