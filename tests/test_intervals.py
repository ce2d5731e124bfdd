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


def test_the_interval_of_a_crossed_mean_by_hand():
    # Row means 2 and 5, column means 1.5, 4.5 and 4.5, a mean of 3.5; the rest is ±1/2 but in the
    # last column, ±1: mean squares of 3 · 2 · 1.5² = 13.5, 2 · (4 + 1 + 1) / 2 = 6 and
    # 2 · (1/4 + 1/4 + 1) / 2 = 1.5, so that the variance is (13.5 + 6 − 1.5) / 6 = 3.
    matrix = np.array([[0.5, 3.5, 2.0], [2.5, 5.5, 7.0]])
    reach = 12.7062 * np.sqrt(3)  # one degree of freedom, of two rows
    expected = (3.5 - reach, 3.5 + reach)
    assert intervals.of_crossed_mean(matrix) == pytest.approx(expected, rel=1e-4)
    assert intervals.of_crossed_mean(matrix.T) == pytest.approx(expected, rel=1e-4)


def test_rows_that_vary_less_than_the_rest_have_no_negative_effect():
    # All rows and columns have the mean 0; the rest is ±1: a mean square of 4, over 4 values.
    reach = 12.7062
    found = intervals.of_crossed_mean([[1, -1], [-1, 1]])
    assert found == pytest.approx((-reach, reach), rel=1e-4)
    # Rows ±1 and rest ±1 are 4 each, columns nothing: 4 + 0 − 4 would be 0.
    found = intervals.of_crossed_mean([[2, 0], [-2, 0]])
    assert found == pytest.approx((-reach, reach), rel=1e-4)


@pytest.mark.parametrize("columns", [12, 13, 40])
def test_where_only_one_level_varies_the_crossed_mean_is_the_mean(columns):
    rows = np.repeat(VALUES[:, None], columns, axis=1)
    assert intervals.of_crossed_mean(rows) == pytest.approx(intervals.of_mean(VALUES))
    assert intervals.of_crossed_mean(rows.T) == pytest.approx(intervals.of_mean(VALUES))


@pytest.mark.parametrize("shape", [(1, 5), (5, 1), (1, 1), (0, 3)])
def test_a_crossed_mean_of_one_row_or_column_is_refused(shape):
    with pytest.raises(ValueError, match="two rows and two columns"):
        intervals.of_crossed_mean(np.ones(shape))


@pytest.mark.parametrize("values", [VALUES, -VALUES, VALUES - VALUES.mean(), VALUES[:2], [3, 4, 6]])
def test_the_p_value_of_an_interval_is_scipys(values):
    found = intervals.p_value(*intervals.of_mean(values), len(values) - 1)
    assert found == pytest.approx(stats.ttest_1samp(values, 0).pvalue, rel=1e-9)


def test_the_p_value_by_hand():
    # An interval that ends at 0 has the p value of the level, whatever its degrees.
    assert intervals.p_value(0, 3, 7) == pytest.approx(0.05)
    assert intervals.p_value(-3, 0, 2) == pytest.approx(0.05)
    assert intervals.p_value(-1, 1, 7) == pytest.approx(1)
    # With one degree of freedom P(|t| > 2 · 12.7062) = 1 − 2/π · arctan(2 · 12.7062).
    expected = 1 - 2 / np.pi * np.arctan(2 * 12.7062)
    assert intervals.p_value(1, 3, 1) == pytest.approx(expected, rel=1e-4)


def test_the_p_value_of_a_point():
    assert intervals.p_value(0.2, 0.2, 5) == 0
    assert intervals.p_value(-0.2, -0.2, 5) == 0
    assert intervals.p_value(0, 0, 5) == 1


@pytest.mark.parametrize(
    ("p_values", "rejected"),
    [
        ([0.01], [True]),
        ([0.06], [False]),
        ([0.04, 0.03], [False, False]),  # 0.03 > 0.05 / 2
        ([0.001, 0.03, 0.04], [True, False, False]),
        ([0.04, 0.001, 0.9, 0.02], [False, True, False, False]),  # 0.02 > 0.05 / 3
        ([0.04, 0.001, 0.9, 0.015], [False, True, False, True]),  # and 0.04 > 0.05 / 2
        ([0.05, 0.02, 0.01], [True, True, True]),
        ([0.0125, 0.0125, 0.0125, 0.0125], [True] * 4),
        ([0.013, 0.013, 0.01, 0.01], [True] * 4),
        ([0.02, 0.02, 0.0, 0.02], [False, False, True, False]),
    ],
)
def test_holms_procedure_by_hand(p_values, rejected):
    assert intervals.holm(p_values).tolist() == rejected


def test_holms_procedure_stops_at_the_first_that_fails():
    # 0.001 ≤ 0.05 / 3, 0.03 > 0.05 / 2; 0.04 ≤ 0.05 comes too late.
    assert intervals.holm([0.04, 0.001, 0.03]).tolist() == [False, True, False]


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
