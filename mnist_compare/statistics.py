"""How sure a measurement is: estimates, paired tests, and how many seeds would be needed.

Values are one-dimensional arrays, one value per seed, or matrices whose rows and columns are both
drawn by chance. All intervals are 95 % intervals.
"""

import re
from bisect import bisect_left
from collections import namedtuple
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from scipy import stats

VERDICTS = ("supported", "refuted", "undecided")
LEVEL = 0.05  # of the tests; the intervals hold 1 − LEVEL
REPETITIONS = 2000  # of the bootstrap
MOST_SEEDS = 100_000


class Number(float):
    """A float that also knows two formats of percentage points.

    A share of 0.0121 is “1.21 points” as ``.2p`` and “1.21” as ``.2h``, in hundredths.
    """

    def __format__(self, specification):
        """Format as a float does, or in points or hundredths, with a true minus sign.

        What rounds to 0 has no sign.
        """
        value, unit = float(self), ""
        if specification[-1:] in ("p", "h"):
            value, unit = 100 * value, " points" if specification.endswith("p") else ""
            specification = specification[:-1] + "f"
        text = format(value, specification)
        if "0" in text and not re.search("[1-9]", text):
            text = format(0.0, specification.replace("+", ""))
        return text.replace("-", "−") + unit


class Interval(namedtuple("Interval", "low high")):
    """The ends of an interval; formats as “[0.76, 0.92]”, its numbers without a unit."""

    def __format__(self, specification):
        """Format both ends as ``Number`` does, percentages and points in hundredths."""
        bare = re.sub("[%p]$", "h", specification)
        return f"[{self.low:{bare}}, {self.high:{bare}}]"


@dataclass(frozen=True, eq=False)
class Estimate:
    """A mean with its 95 % interval by Student's t.

    ``values`` are what the mean is of, (seeds,) or (seeds, writers); ``error`` is the standard
    error of the mean and ``degrees`` its degrees of freedom. Everything else follows from these. A
    single value has a mean but no interval. ``stands`` is False for an answer that does not survive
    the correction for the questions asked beside it; its verdict is then ``undecided``.

    Formats as its mean, ``{gap:.2p}`` “0.84 points”, and in brackets as its mean and interval,
    ``{gap:[.2p]}`` “0.84 points [0.76, 0.92]”.
    """

    values: np.ndarray
    error: float
    degrees: int
    stands: bool = True

    @property
    def mean(self):
        """Return the mean of the values."""
        return Number(self.values.mean())

    @property
    def n(self):
        """Return how many seeds there are."""
        return len(self.values)

    @property
    def interval(self):
        """Return the interval of the mean; raises ValueError for fewer than two values."""
        if self.degrees < 1:
            raise ValueError("An interval of a mean needs the values of at least two seeds.")
        reach = stats.t.ppf(1 - LEVEL / 2, self.degrees) * self.error
        return Interval(Number(self.mean - reach), Number(self.mean + reach))

    @property
    def low(self):
        """Return the lower end of the interval."""
        return self.interval.low

    @property
    def high(self):
        """Return the upper end of the interval."""
        return self.interval.high

    @property
    def p_value(self):
        """Return the two-sided p value of the hypothesis that the mean is 0."""
        if not self.error:
            return float(self.mean == 0)
        return float(2 * stats.t.sf(abs(self.mean) / self.error, self.degrees))

    @property
    def verdict(self):
        """Return what the interval says of the claim that the mean is above 0.

        ``supported`` if the whole interval lies above 0, ``refuted`` if it lies below, otherwise,
        or if the answer does not stand, ``undecided``.
        """
        if not self.stands or self.low <= 0 <= self.high:
            return "undecided"
        return "supported" if self.low > 0 else "refuted"

    @property
    def supported(self):
        """Tell whether that is the verdict."""
        return self.verdict == "supported"

    @property
    def refuted(self):
        """Tell whether that is the verdict."""
        return self.verdict == "refuted"

    @property
    def undecided(self):
        """Tell whether that is the verdict."""
        return self.verdict == "undecided"

    def choose(self, supported, refuted, undecided):
        """Return the one of three texts that the verdict asks for."""
        return {"supported": supported, "refuted": refuted, "undecided": undecided}[self.verdict]

    @property
    def sd(self):
        """Return the standard deviation of the values."""
        return Number(self.values.std(ddof=1)) if self.values.size > 1 else Number("nan")

    @property
    def lowest(self):
        """Return the smallest value."""
        return Number(self.values.min())

    @property
    def highest(self):
        """Return the largest value."""
        return Number(self.values.max())

    @property
    def above(self):
        """Return how many values are above 0."""
        return int((self.values > 0).sum())

    @property
    def below(self):
        """Return how many values are below 0."""
        return int((self.values < 0).sum())

    @property
    def needed(self):
        """Return how many seeds it takes to see this difference, as text: “16”, “over 100,000”."""
        needed = seeds_needed(self.values)
        return f"{needed:,}" if needed else f"over {MOST_SEEDS:,}"

    def __sub__(self, other):
        """Return the ``Estimate`` of the difference, values paired in their order."""
        return estimate(self.values - other.values)

    def __format__(self, specification):
        """Format the mean, or, with the format in brackets, the mean and its interval."""
        if not specification.startswith("["):
            return format(self.mean, specification)
        inner = specification.strip("[]")
        return f"{self.mean:{inner}} {self.interval:{inner}}"


def estimate(values):
    """Return the ``Estimate`` of the mean of ``values``.

    In a matrix, rows, say seeds, and columns, say writers, are both random effects: the variance of
    the mean is (MS rows + MS columns − MS rest) / (rows · columns), and the smaller of the two
    counts sets the degrees of freedom (S. R. Searle, G. Casella, C. E. McCulloch: Variance
    components, 1992, chapter 4). Raises ValueError for a matrix of fewer than two rows or columns.
    """
    values = np.asarray(values, float)
    if values.ndim == 1:
        error = float(stats.sem(values)) if len(values) > 1 else float("nan")
        return Estimate(values, error, len(values) - 1)
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
    return Estimate(values, float(np.sqrt(variance)), min(rows, columns) - 1)


def holm(p_values):
    """Return which of several hypotheses Holm's procedure rejects at LEVEL: booleans.

    The smallest p value is held against LEVEL / n, the next against LEVEL / (n − 1), until one
    fails (S. Holm, 1979).
    """
    from statsmodels.stats.multitest import multipletests

    return multipletests(p_values, LEVEL, method="holm")[0]


def asked_together(estimates):
    """Return the ``Estimate``s of questions that are asked together, corrected by Holm's procedure.

    Means and intervals stay as they are; only verdicts may change.
    """
    estimates = list(estimates)
    rejected = holm([found.p_value for found in estimates])
    return [
        replace(found, stands=bool(stands))
        for found, stands in zip(estimates, rejected, strict=True)
    ]


def bootstrap(values, over=("rows", "columns"), repetitions=REPETITIONS):
    """Return the percentile interval of the mean of a matrix of ``values``.

    Its rows, say seeds, its columns, say test digits or writers, or both are drawn anew with
    replacement, each independently of the other (A. B. Owen: The pigeonhole bootstrap, 2007).
    ``over`` names what is drawn; the rest stays as it is.
    """
    values = np.asarray(values, np.float32)
    rows, columns = (
        _shares(count, repetitions, axis)
        if name in over
        else np.full((repetitions, count), 1 / count, np.float32)
        for axis, (name, count) in enumerate(zip(("rows", "columns"), values.shape, strict=True))
    )
    means = np.einsum("rc,rc->r", rows @ values, columns)
    return Interval(*map(Number, np.quantile(means, (LEVEL / 2, 1 - LEVEL / 2))))


@lru_cache(maxsize=2)
def _shares(count, repetitions, seed):
    """Return how often each of ``count`` is drawn, as a share: (repetitions, count) float32."""
    drawn = np.random.default_rng(seed).integers(0, count, (repetitions, count), np.uint16)
    return np.stack([np.bincount(one, minlength=count) for one in drawn]).astype(np.float32) / count


def mcnemar(only_one, only_other):
    """Return the p value of McNemar's exact test that two models err equally often.

    ``only_one`` and ``only_other`` count the digits that only the one and only the other reads;
    under the hypothesis either is as likely (Q. McNemar, 1947). 1 where both are 0.
    """
    total = int(only_one + only_other)
    return float(stats.binomtest(int(only_one), total).pvalue) if total else 1.0


def seeds_needed(differences, power=0.95):
    """Return how many seeds a paired t-test needs to see such differences with that power.

    The mean and standard deviation of ``differences`` are taken as the truth (J. Cohen: Statistical
    power analysis, 1988). None where it takes more than 100,000, or the mean is 0. Raises
    ValueError for a single difference, which tells nothing of its spread.
    """
    if len(differences) < 2:
        raise ValueError("How many seeds it takes can be told from two seeds or more.")
    mean, deviation = abs(np.mean(differences)), np.std(differences, ddof=1)
    if mean == 0:
        return None
    # Two seeds are enough for an effect of 100, and SciPy fails at those that are larger by far.
    effect = mean / max(deviation, mean / 100)
    counts = range(2, MOST_SEEDS + 1)
    found = bisect_left(counts, power, key=lambda count: _power(effect, count))
    return counts[found] if found < len(counts) else None


def _power(effect, count):
    """Return the chance that a two-sided paired t-test of ``count`` seeds sees the effect."""
    beyond, shift = stats.t.ppf(1 - LEVEL / 2, count - 1), effect * np.sqrt(count)
    # The lower tail as the upper one of its mirror image: SciPy's cdf has gaps there, its sf none.
    return stats.nct.sf(beyond, count - 1, shift) + stats.nct.sf(beyond, count - 1, -shift)
