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
REPETITIONS = 10_000  # of the bootstrap
MOST_SEEDS = 100_000


class Number(float):
    """A float that also knows two formats of percentage points.

    A share of 0.0121 is “1.21 points” as ``.2p`` and “1.21” as ``.2h``, in hundredths.
    """

    def __neg__(self):
        """Return the number with the other sign, a ``Number`` too."""
        return Number(-float(self))

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
    single value has a mean but no interval. ``margin`` is the largest difference from 0 that counts
    as none, where that is the claim. ``corrected`` is the p value corrected for the questions asked
    beside it, if any: an answer that does not survive this is ``undecided``.

    Formats as its mean, ``{gap:.2p}`` “0.84 points”, and in brackets as its mean and interval,
    ``{gap:[.2p]}`` “0.84 points [0.76, 0.92]”.
    """

    values: np.ndarray
    error: float
    degrees: float
    margin: float | None = None
    corrected: float | None = None

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
        """Return the p value of the hypothesis that the verdict would reject.

        That is, two-sided, that the mean is 0. With a ``margin`` it is that the mean is at the
        margin or, as the mean is within or without, beyond or within it: two one-sided tests (D.
        Schuirmann, 1987).
        """
        if self.margin is not None:
            return self._tail(abs(abs(self.mean) - self.margin))
        return 2 * self._tail(abs(self.mean))

    def _tail(self, distance):
        """Return the probability that chance alone leads so far, in one direction."""
        if not self.error:
            return 0.0 if distance else 0.5
        return float(stats.t.sf(distance / self.error, self.degrees))

    @property
    def verdict(self):
        """Return what is said of the claim that the mean is above 0, or within the margin.

        ``supported`` if the whole interval lies above 0, ``refuted`` if it lies below, otherwise,
        or if the answer does not survive the correction, ``undecided``.
        """
        p_value = self.p_value if self.corrected is None else self.corrected
        holds = self.mean > 0 if self.margin is None else abs(self.mean) < self.margin
        if not (self.degrees >= 1 and p_value <= LEVEL):
            self.interval  # noqa: B018, it says why there is none
            return "undecided"
        return "supported" if holds else "refuted"

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
    def by_seed(self):
        """Return the value of each seed, (seeds,)."""
        if self.values.ndim == 1:
            return self.values
        return self.values.mean(axis=1).round(12)  # what makes equal means differ

    @property
    def sd(self):
        """Return the standard deviation over the seeds."""
        return Number(self.by_seed.std(ddof=1)) if self.n > 1 else Number("nan")

    @property
    def lowest(self):
        """Return the lowest of the seeds."""
        return Number(self.by_seed.min())

    @property
    def highest(self):
        """Return the highest of the seeds."""
        return Number(self.by_seed.max())

    @property
    def middle(self):
        """Return the mean of the middle half of the seeds, which no single run can move."""
        return Number(stats.trim_mean(self.by_seed, 0.25))

    @property
    def above(self):
        """Return how many seeds are above 0."""
        return int((self.by_seed > 0).sum())

    @property
    def needed(self):
        """Return how many seeds it takes to see this difference, as text: “16”, “over 100,000”."""
        needed = seeds_needed(self.by_seed)
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
    the mean is (MS rows + MS columns − MS rest) / (rows · columns) (S. R. Searle, G. Casella, C. E.
    McCulloch: Variance components, 1992, chapter 4), with Satterthwaite's degrees of freedom (F. E.
    Satterthwaite, 1946). Raises ValueError for a matrix of fewer than two rows or columns.
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
    counts = [rows - 1, columns - 1, (rows - 1) * (columns - 1)]
    both = squares[0] + squares[1] - squares[2]
    # Where rows or columns vary less than the rest, their effect is none, not negative.
    variance = max(both, *squares)
    if variance == both > 0:
        spread = sum(square**2 / count for square, count in zip(squares, counts, strict=True))
        degrees = max(both**2 / spread, 1)
    else:
        degrees = counts[int(np.argmax(squares))]
    return Estimate(values, float(np.sqrt(variance / values.size)), degrees)


def clustered(values, groups):
    """Return (seeds, groups) values whose mean over the groups is that of ``values`` (seeds, n).

    ``groups`` (n,) says to which, say, writer each of the columns belongs. A group counts by its
    size: its value is the overall mean and, in proportion to its size, how far it lies from that,
    which makes the variance of their mean that of a ratio (W. G. Cochran: Sampling techniques,
    1977, chapter 6).
    """
    _, group, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    return by_size([np.bincount(group, of_seed) for of_seed in np.asarray(values, float)], sizes)


def by_size(sums, sizes):
    """Return what ``clustered()`` does, of (seeds, groups) ``sums`` and the ``sizes`` of groups."""
    sums, sizes = np.asarray(sums, float), np.asarray(sizes)
    mean = sums.sum() / (len(sums) * sizes.sum())
    return mean + (sums - mean * sizes) / sizes.mean()


def apart(one, other):
    """Return the ``Estimate`` of one − other, two that have nothing in common (B. L. Welch, 1947).

    It has the means' difference as its only value.
    """
    errors = np.array([one.error, other.error]) ** 2
    spread = (errors**2 / (one.degrees, other.degrees)).sum()
    degrees = errors.sum() ** 2 / spread if spread else min(one.degrees, other.degrees)
    return Estimate(np.array([one.mean - other.mean]), float(np.sqrt(errors.sum())), degrees)


def holm(p_values):
    """Return p values corrected by Holm's procedure for being asked together.

    The smallest is multiplied by n, the next by n − 1 and so on, none becoming smaller than the one
    before (S. Holm, 1979).
    """
    from statsmodels.stats.multitest import multipletests

    return multipletests(p_values, LEVEL, method="holm")[1]


def asked_together(estimates):
    """Return the ``Estimate``s of questions that are asked together, corrected by Holm's procedure.

    Means and intervals stay as they are; only verdicts may change.
    """
    estimates = list(estimates)
    corrected = holm([found.p_value for found in estimates])
    return [
        replace(found, corrected=float(p_value))
        for found, p_value in zip(estimates, corrected, strict=True)
    ]


def bootstrap(values, repetitions=REPETITIONS):
    """Return the percentile interval of the mean of a matrix of ``values``.

    Its rows, say seeds, and its columns, say test digits or writers, are drawn anew with
    replacement, each independently of the other (A. B. Owen: The pigeonhole bootstrap, 2007).
    """
    values = np.asarray(values, np.float32)
    rows, columns = (shares(count, axis, repetitions) for axis, count in enumerate(values.shape))
    means = np.einsum("rc,rc->r", rows @ values, columns)
    return Interval(*map(Number, np.quantile(means, (LEVEL / 2, 1 - LEVEL / 2))))


@lru_cache(maxsize=8)
def shares(count, seed, repetitions=REPETITIONS):
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


def mcnemar_by(differences):
    """Return the p value of McNemar's test where digits come in groups, say by writer.

    ``differences`` (groups,) are how many digits of each only the one model reads, less those that
    only the other does. 1 where all are 0 (V. L. Durkalski et al., 2003).
    """
    differences = np.asarray(differences, float)
    spread = np.sqrt((differences**2).sum())
    return float(2 * stats.norm.sf(abs(differences.sum()) / spread)) if spread else 1.0


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
