"""The statistics against hand-worked values, SciPy and statsmodels."""

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.power import TTestPower

from mnist_compare import intervals

VALUES = np.random.default_rng(1).normal(0.4, 1.0, 12)


def test_the_interval_of_a_mean_by_hand_and_by_scipy():
    # Two values one apart: t = 12.706 with one degree of freedom, a standard error of one half.
    low, high = intervals.of_mean([0, 1])
    assert (low, high) == pytest.approx((0.5 - 12.7062 / 2, 0.5 + 12.7062 / 2), rel=1e-4)
    found = stats.ttest_1samp(VALUES, 0).confidence_interval(0.95)
    assert intervals.of_mean(VALUES) == pytest.approx((found.low, found.high))


def test_an_interval_of_one_value_is_refused():
    with pytest.raises(ValueError, match="at least two seeds"):
        intervals.of_mean([0.5])


@pytest.mark.parametrize("over", ["rows", "columns"])
def test_the_bootstrap_over_one_of_them_is_scipys(over):
    values = np.random.default_rng(2).random((40, 30))
    means = values.mean(axis=1 if over == "rows" else 0)
    found = stats.bootstrap(
        (means,), np.mean, method="percentile", n_resamples=20_000, rng=np.random.default_rng(3)
    ).confidence_interval
    ours = intervals.bootstrap(values, over=(over,), repetitions=20_000)
    assert ours == pytest.approx((found.low, found.high), abs=0.002)


def test_the_bootstrap_of_what_does_not_vary_is_a_point():
    assert intervals.bootstrap(np.full((4, 6), 0.25)) == pytest.approx((0.25, 0.25))
    rows = np.repeat([[0.0, 1.0]], 5, axis=0)
    assert intervals.bootstrap(rows, over=("rows",)) == pytest.approx((0.5, 0.5))


def test_both_levels_together_are_wider_than_each_alone():
    values = np.random.default_rng(4).normal(size=(8, 1)) + np.random.default_rng(5).normal(
        size=(1, 50)
    )
    widths = [
        np.diff(intervals.bootstrap(values, over=over))
        for over in (("rows", "columns"), ("rows",), ("columns",))
    ]
    assert widths[0] > max(widths[1:])


@pytest.mark.parametrize("counts", [(0, 0), (3, 3), (1, 9), (153, 71), (0, 7)])
def test_mcnemars_test_is_statsmodels(counts):
    expected = mcnemar([[50, counts[0]], [counts[1], 50]], exact=True).pvalue
    assert intervals.mcnemar(*counts) == pytest.approx(min(expected, 1))


def test_mcnemars_test_by_hand():
    assert intervals.mcnemar(0, 4) == pytest.approx(2 / 2**4)


@pytest.mark.parametrize("effect", [0.1, 0.5, 1.0, 3.0])
def test_the_seeds_needed_are_those_of_statsmodels(effect):
    differences = np.array([-1.0, 1.0]) / np.sqrt(2) + effect  # mean: effect, sd: 1
    needed = intervals.seeds_needed(differences)
    power = TTestPower().power
    assert power(effect, needed, 0.05) >= 0.95
    assert needed == 2 or power(effect, needed - 1, 0.05) < 0.95


def test_no_number_of_seeds_sees_no_difference():
    assert intervals.seeds_needed([-1.0, 1.0]) is None


@pytest.mark.parametrize(
    ("interval", "expected"),
    [((0.1, 0.2), "supported"), ((-0.2, -0.1), "refuted"), ((-0.1, 0.2), "undecided")],
)
def test_the_rule_of_the_verdicts(interval, expected):
    assert intervals.verdict(*interval) == expected
