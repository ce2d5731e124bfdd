"""The statistics against hand-worked values, SciPy and statsmodels."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.power import TTestPower
from statsmodels.stats.proportion import proportion_confint

from mnist_compare.study import statistics
from mnist_compare.study.statistics import Number, estimate, share_by

VALUES = np.random.default_rng(1).normal(0.4, 1.0, 12)
SPREAD = np.array([-1.0, 1.0]) / np.sqrt(2)  # a mean of 0, a standard deviation of 1


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (0.0121, ".2p", "1.21 points"),
        (-0.0121, ".1p", "−1.2 points"),
        (0.0121, "+.2h", "+1.21"),
        (-0.00001, "+.2%", "0.00%"),
        (-0.4, ">8.2f", "   −0.40"),
        (float("nan"), ".1f", "nan"),
        (0.9877, ".2%", "98.77%"),
        (-1234.5, ",.1f", "−1,234.5"),
        (12, "", "12.0"),
    ],
)
def test_the_formats_of_a_number(value, form, text):
    assert format(Number(value), form) == text


def test_the_other_sign_of_a_number_formats_as_it_does():
    assert f"{-Number(-0.0121):.2p}, {-Number(0.0121):+.1h}" == "1.21 points, −1.2"


def test_an_estimate_formats_as_its_mean_or_with_its_interval():
    # A standard error of 0.005: 12.706 · 0.5 points either way.
    found = estimate([0.97, 0.98])
    assert f"{found:.2%}" == "97.50%"
    assert f"{found:[.2%]}" == "97.50% [91.15, 103.85]"
    assert f"{found:[.1p]}" == "97.5 points [91.1, 103.9]"
    assert f"{found.interval:.4f}" == f"[{found.low:.4f}, {found.high:.4f}]" == "[0.9115, 1.0385]"


def test_an_estimate_by_hand():
    found = estimate([-1, 0, 2, 3])
    # Squares of 4, 1, 1 and 4: a variance of 10 / 3.
    assert found.mean == 1
    assert found.sd == pytest.approx(np.sqrt(10 / 3))
    assert found.error == pytest.approx(np.sqrt(10 / 3) / 2)
    assert (found.n, found.degrees, found.above) == (4, 3, 2)
    assert (found.lowest, found.highest) == (-1, 3)
    assert (estimate([4, 5, 7, 8]) - found).values.tolist() == [5, 5, 5, 5]


@pytest.mark.parametrize("values", [VALUES, -VALUES, VALUES - VALUES.mean(), VALUES[:2], [3, 4, 6]])
def test_interval_and_p_value_are_scipys(values):
    found, expected = estimate(values), stats.ttest_1samp(values, 0)
    assert found.interval == pytest.approx(expected.confidence_interval(0.95))
    assert found.p_value == pytest.approx(expected.pvalue)


@pytest.mark.parametrize("matrix", [VALUES, VALUES.reshape(3, 4)])
def test_interval_and_p_value_agree(matrix):
    """An interval that ends at 0 has the p value of the level."""
    found = estimate(matrix)
    assert estimate(matrix - found.low).p_value == pytest.approx(statistics.LEVEL)
    assert estimate(matrix - found.high).p_value == pytest.approx(statistics.LEVEL)


@pytest.mark.parametrize(("value", "p_value"), [(0.5, 0), (-0.5, 0), (0, 1)])
def test_values_that_do_not_vary_are_a_point(value, p_value):
    for values in (np.full(4, value), np.full((3, 4), value)):
        found = estimate(values)
        assert found.interval == (value, value)
        assert found.p_value == p_value


def test_a_single_value_has_a_mean_and_no_interval():
    found = estimate([0.5])
    assert f"{found:.0%}" == "50%"
    assert np.isnan(found.sd)
    with pytest.raises(ValueError, match="at least two seeds"):
        found.verdict  # noqa: B018
    with pytest.raises(ValueError, match="at least two seeds"):
        estimate([]).interval  # noqa: B018


@pytest.mark.parametrize(
    ("values", "verdict"),
    [([0.1, 0.11], "supported"), ([-0.1, -0.11], "refuted"), ([-0.1, 0.2], "undecided")],
)
def test_the_verdict_is_that_of_the_interval(values, verdict):
    assert estimate(values).verdict == verdict


def test_the_crossed_mean_by_hand():
    # Row means 2 and 5, column means 1.5, 4.5 and 4.5, a mean of 3.5; the rest is ±1/2 but in the
    # last column, ±1. Each row and column is there three times: mean squares of
    # 9 · 6 · 1.5² / 5 = 24.3, 6 · 3 · (4 + 1 + 1) / 8 = 13.5 and 9 · 2 · (1/4 + 1/4 + 1) / 40 =
    # 0.675, so that the variance is (24.3 + 13.5 − 0.675) / 54 = 0.6875. Degrees of freedom, by
    # Satterthwaite: 37.125² / (24.3² / 5 + 13.5² / 8 + 0.675² / 40) = 1378.266 / 140.891.
    matrix = np.array([[0.5, 3.5, 2.0], [2.5, 5.5, 7.0]])
    often = np.tile(matrix, (3, 3))
    for found in (estimate(often), estimate(often.T)):
        assert (found.mean, found.error) == (3.5, pytest.approx(np.sqrt(0.6875)))
        assert found.degrees == pytest.approx(1378.266 / 140.891, rel=1e-5)
    assert estimate(often).n == 6
    # Once: 13.5, 6 and 1.5, a variance of 3 with 1.6 degrees of freedom. The rows alone, an error
    # of √(13.5 / 6) with one degree, reach further.
    assert estimate(matrix).interval == pytest.approx(estimate(matrix.mean(axis=1)).interval)


@pytest.mark.parametrize("seeds", [2, 3])
def test_the_crossed_interval_covers_the_truth_from_few_seeds(seeds):
    """Effects of seeds, writers and both as recorded runs have them, in points."""
    draw, covered = np.random.default_rng(1), 0
    for _ in range(500):
        of_seeds, of_writers = draw.normal(0, 0.3, (seeds, 1)), draw.normal(0, 1.8, 297)
        low, high = estimate(of_seeds + of_writers + draw.normal(0, 2.2, (seeds, 297))).interval
        covered += low <= 0 <= high
    assert covered / 500 >= 0.95


def test_rows_that_vary_less_than_the_rest_have_no_negative_effect():
    # All rows and columns have the mean 0; the rest is ±1: a mean square of 4, over 4 values.
    assert estimate([[1, -1], [-1, 1]]).error == pytest.approx(1)
    # Rows ±1 and rest ±1 are 4 each, columns nothing: 4 + 0 − 4 would be 0.
    assert estimate([[2, 0], [-2, 0]]).error == pytest.approx(1)


@pytest.mark.parametrize("columns", [12, 13, 40])
def test_where_only_one_level_varies_the_crossed_mean_is_the_mean(columns):
    rows = np.repeat(VALUES[:, None], columns, axis=1)
    for found in (estimate(rows), estimate(rows.T)):
        assert found.interval == pytest.approx(estimate(VALUES).interval)


@pytest.mark.parametrize("shape", [(1, 5), (5, 1), (1, 1), (0, 3)])
def test_a_crossed_mean_of_one_row_or_column_is_refused(shape):
    with pytest.raises(ValueError, match="two rows and two columns"):
        estimate(np.ones(shape))


def test_corrected_p_values_by_hand():
    # 4 · 0.001, 3 · 0.015, 2 · 0.04 and, not to be smaller than the one before, 0.08 for 0.05.
    assert statistics.holm([0.04, 0.001, 0.05, 0.015]) == pytest.approx([0.08, 0.004, 0.08, 0.045])


@pytest.mark.parametrize(
    ("mean", "verdict"), [(0, "supported"), (0.4, "undecided"), (-0.6, "undecided"), (2, "refuted")]
)
def test_equal_is_within_a_margin_by_two_one_sided_tests(mean, verdict):
    # One side of 0.5 is 0.5 / 0.1 = 5 errors away from 0, one error from 0.4, and 15 from 2.
    values = mean + 0.1 * np.sqrt(10) * np.repeat(SPREAD * np.sqrt(2) * np.sqrt(0.9), 5)
    found = replace(estimate(values), margin=0.5)
    assert found.error == pytest.approx(0.1)
    assert found.verdict == verdict
    sides = [stats.ttest_1samp(values, 0.5), stats.ttest_1samp(values, -0.5)]
    tails = [sides[0].pvalue / 2, sides[1].pvalue / 2]
    nearest = tails[0] if mean >= 0 else tails[1]
    assert found.p_value == pytest.approx(nearest)


def test_clusters_by_hand_and_their_error_by_statsmodels():
    right = np.array([[1, 0, 1, 1], [0, 0, 1, 1]], float)
    # A mean of 5/8; the one of three digits lies 2 − 15/8 and 1 − 15/8 away, over 2 digits a group.
    found = statistics.clustered(right, ["a", "a", "a", "b"])
    assert found == pytest.approx(5 / 8 + np.array([[1 / 8, 3 / 8], [-7 / 8, 3 / 8]]) / 2)
    assert found.mean(axis=1) == pytest.approx(right.mean(axis=1))
    draw = np.random.default_rng(3)
    groups = draw.integers(20, size=300)
    digits = draw.normal(size=20)[groups] + draw.normal(size=300)
    robust = OLS(digits, np.ones(300)).fit(
        cov_type="cluster", cov_kwds={"groups": groups, "use_correction": False}
    )
    error = estimate(statistics.clustered(digits[None], groups)[0]).error
    assert error == pytest.approx(robust.bse[0] * np.sqrt(20 / 19))


def test_log_odds_by_size_by_hand():
    """Of 2 and 6 digits one seed reads 1 and 5, another 1 and 3: shares of 3/4 and 1/2."""
    found = statistics.log_odds_by_size([[1, 5], [1, 3]], [2, 6])
    # The first group of the first seed has half a digit less than 3/4, of four digits a group.
    assert found[0] == pytest.approx(np.log(3) + np.array([-1, 1]) / 8 / (3 / 16))
    assert found[1] == pytest.approx([0, 0])


@pytest.mark.parametrize("effect", [0.02, 0.1, -0.5, 1.0, 3.0])
def test_the_seeds_needed_are_those_of_statsmodels(effect):
    needed = statistics.seeds_needed(SPREAD + effect)
    power = TTestPower().power
    assert power(abs(effect), needed, 0.05) >= 0.95
    assert needed == 2 or power(abs(effect), needed - 1, 0.05) < 0.95


@pytest.mark.parametrize(
    ("values", "text"),
    [([1.0, 1.0], "2"), ([-1.0, 1.0], "over 100,000"), ([-1.0, 1.001], "over 100,000")],
)
def test_the_seeds_needed_in_a_sentence(values, text):
    assert estimate(values).needed == text


def test_one_seed_does_not_tell_how_many_it_takes():
    with pytest.raises(ValueError, match="two seeds or more"):
        _ = estimate([1.0]).needed


def test_a_share_by_groups_is_as_sure_as_its_groups_are_alike():
    right = np.repeat([1, 1, 1, 0], 5)
    n, z = 4, stats.t.ppf(0.975, 3)  # each of four writers, whose answers are alike, counts as one
    middle, half = 0.75 + z * z / 8, z * np.sqrt(0.75 * 0.25 / n + z * z / 64)
    low, high = (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)
    assert share_by(right, np.repeat(range(4), 5)) == pytest.approx((low, min(high, 1)))
    alone = share_by(np.repeat([1, 0], [900, 100]), range(1000))  # nearly Wilson's own
    assert alone == pytest.approx(proportion_confint(900, 1000, method="wilson"), abs=1e-4)
    assert share_by(right, ["one"] * 20) == share_by(right, range(20))
    for all_alike in (np.ones(20), np.zeros(20)):
        low, high = share_by(all_alike, np.repeat(range(4), 5))
        assert 0 <= low < high <= 1
    assert share_by([True], ["one"]) == (0, 1)
