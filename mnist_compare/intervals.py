"""How sure a measurement is: intervals, paired tests, and how many seeds would be needed.

Values are one-dimensional arrays, one value per seed. All intervals are 95 % intervals.
"""

from functools import lru_cache

import numpy as np
from scipy import stats

LEVEL = 0.05  # of the tests; the intervals hold 1 − LEVEL
REPETITIONS = 2000  # of the bootstrap
MOST_SEEDS = 100_000


def of_mean(values):
    """Return (low, high), the confidence interval of the mean by Student's t (n − 1 degrees).

    Raises ValueError for fewer than two values.
    """
    values = np.asarray(values, float)
    if len(values) < 2:
        raise ValueError("An interval of a mean needs the values of at least two seeds.")
    if np.ptp(values) == 0:  # SciPy divides by the deviation on its way
        return float(values[0]), float(values[0])
    return tuple(map(float, stats.ttest_1samp(values, 0).confidence_interval(1 - LEVEL)))


def of_crossed_mean(values):
    """Return (low, high), the interval of the mean of a matrix whose rows and columns are drawn.

    Rows, say seeds, and columns, say writers, are both random effects: the variance of the mean is
    (MS rows + MS columns − MS rest) / (rows · columns), and the smaller of the two counts sets the
    degrees of freedom of Student's t (S. R. Searle, G. Casella, C. E. McCulloch: Variance
    components, 1992, chapter 4). Raises ValueError for fewer than two rows or columns.
    """
    values = np.asarray(values, float)
    if min(values.shape) < 2:
        raise ValueError("An interval of a crossed mean needs two rows and two columns at least.")
    rows, columns = values.shape
    mean, of_rows, of_columns = values.mean(), values.mean(axis=1), values.mean(axis=0)
    rest = values - of_rows[:, None] - of_columns + mean
    squares = [
        columns * ((of_rows - mean) ** 2).sum() / (rows - 1),
        rows * ((of_columns - mean) ** 2).sum() / (columns - 1),
        (rest**2).sum() / ((rows - 1) * (columns - 1)),
    ]
    # Where rows or columns vary less than the rest, their effect is none, not negative.
    variance = max(squares[0] + squares[1] - squares[2], *squares) / values.size
    reach = stats.t.ppf(1 - LEVEL / 2, min(rows, columns) - 1) * np.sqrt(variance)
    return float(mean - reach), float(mean + reach)


def p_value(low, high, degrees):
    """Return the two-sided p value that belongs to an interval by Student's t: that 0 is the mean.

    ``degrees`` are its degrees of freedom. 0 where the interval is a point off 0.
    """
    reach = (high - low) / 2
    if reach == 0:
        return float(low == 0)
    beyond = abs(high + low) / 2 / reach * stats.t.ppf(1 - LEVEL / 2, degrees)
    return float(2 * stats.t.sf(beyond, degrees))


def holm(p_values):
    """Return which hypotheses Holm's procedure rejects at LEVEL, asked together: booleans.

    The smallest p value is held against LEVEL / n, the next against LEVEL / (n − 1), until one
    fails (S. Holm, 1979).
    """
    from statsmodels.stats.multitest import multipletests

    return multipletests(p_values, LEVEL, method="holm")[0]


def bootstrap(values, over=("rows", "columns"), repetitions=REPETITIONS):
    """Return (low, high), the percentile interval of the mean of a matrix of ``values``.

    Its rows, say seeds, its columns, say test digits or writers, or both are drawn anew with
    replacement, each independently of the other (A. B. Owen: The pigeonhole bootstrap, 2007).
    ``over`` names what is drawn: what is not is held fixed.
    """
    values = np.asarray(values, np.float32)
    rows, columns = (
        _shares(count, repetitions, axis)
        if name in over
        else np.full((repetitions, count), 1 / count, np.float32)
        for axis, (name, count) in enumerate(zip(("rows", "columns"), values.shape, strict=True))
    )
    means = np.einsum("rc,rc->r", rows @ values, columns)
    low, high = np.quantile(means, (LEVEL / 2, 1 - LEVEL / 2))
    return float(low), float(high)


@lru_cache(maxsize=2)
def _shares(count, repetitions, seed):
    """Return how often each of ``count`` is drawn, as a share: (repetitions, count) float32."""
    drawn = np.random.default_rng(seed).integers(0, count, (repetitions, count), np.uint16)
    return np.stack([np.bincount(one, minlength=count) for one in drawn]).astype(np.float32) / count


def mcnemar(only_one, only_other):
    """Return the p value of McNemar's exact test that two models err equally often.

    ``only_one`` and ``only_other`` count what only the one and only the other reads (Q. McNemar,
    1947); under the hypothesis either is as likely. 1 where both are 0.
    """
    total = int(only_one + only_other)
    return float(stats.binomtest(int(only_one), total).pvalue) if total else 1.0


def seeds_needed(differences, power=0.95):
    """Return how many seeds a paired t-test needs to see such differences with that power.

    The mean and standard deviation of ``differences`` are taken as the truth (J. Cohen: Statistical
    power analysis, 1988). None where it takes more than 100,000, or the mean is 0.
    """
    mean, deviation = abs(np.mean(differences)), np.std(differences, ddof=1)
    if mean == 0:
        return None
    # Two seeds see an effect of 100 surely; SciPy fails at those of seeds that hardly differ.
    effect = mean / max(deviation, mean / 100)
    counts = np.unique(np.geomspace(2, MOST_SEEDS, 4000).astype(int))
    enough = counts[_power(effect, counts) >= power]
    if not len(enough):
        return None
    between = np.arange(max(2, counts[counts < enough[0]].max(initial=2)), enough[0] + 1)
    return int(between[_power(effect, between) >= power][0])


def verdict(low, high):
    """Return what an interval says of the claim that the value is above 0.

    ``supported`` where the whole interval lies above 0, ``refuted`` where it lies below, else
    ``undecided``.
    """
    if low > 0:
        return "supported"
    return "refuted" if high < 0 else "undecided"


def by_verdict(interval, supported, refuted, undecided):
    """Return the one of three sentences that the verdict on an interval asks for."""
    sentences = {"supported": supported, "refuted": refuted, "undecided": undecided}
    return sentences[verdict(*interval)]


def _power(effect, counts):
    """Return the chance that a two-sided paired t-test of ``counts`` seeds sees the effect."""
    beyond = stats.t.ppf(1 - LEVEL / 2, counts - 1)
    shift = effect * np.sqrt(counts)
    return stats.nct.sf(beyond, counts - 1, shift) + stats.nct.cdf(-beyond, counts - 1, shift)
