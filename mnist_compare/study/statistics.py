"""How sure a measurement is: estimates, paired tests, and how many seeds would be needed.

Values are one-dimensional arrays, one value per seed, or matrices whose rows and columns are both
drawn by chance. All intervals are 95 % intervals.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

VERDICTS = ("supported", "refuted", "undecided")
LEVEL = 0.05  # of the tests; the intervals hold 1 − LEVEL
MOST_SEEDS = 100_000
POWER = 0.95


class Number(float):
    """A float with a true minus sign and two more formats, percentage points and hundredths.

    A share of 0.0121 is “1.21 points” as ``.2p`` and “1.21” as ``.2h``. What rounds to 0 has no
    sign.
    """

    def __neg__(self):
        return Number(-float(self))

    def __format__(self, specification):
        value, unit = float(self), ""
        if specification[-1:] in ("p", "h"):
            value *= 100
            unit = " points" if specification.endswith("p") else ""
            specification = specification[:-1] + "f"
        text = format(value, specification)
        if "0" in text and not re.search("[1-9]", text):
            text = format(0.0, specification.replace("+", ""))
        return text.replace("-", "−") + unit


class Interval(NamedTuple):
    """The ends of an interval; formats as “[0.76, 0.92]”, percentages and points in hundredths."""

    low: Number
    high: Number

    def __format__(self, specification):
        without_unit = re.sub("[%p]$", "h", specification)
        return f"[{self.low:{without_unit}}, {self.high:{without_unit}}]"


@dataclass(frozen=True, eq=False)
class Estimate:
    """A mean with its 95 % interval by Student's t; a single value has no interval.

    Formats as its mean, ``{gap:.2p}`` “0.84 points”, and in brackets as its mean and interval,
    ``{gap:[.2p]}`` “0.84 points [0.76, 0.92]”.
    """

    values: np.ndarray  # (seeds,) or (seeds, writers)
    error: float  # the standard error of the mean
    degrees: float  # of freedom
    margin: float | None = None  # the largest difference that counts as none, if that is the claim
    corrected: float = np.nan  # the p value corrected for the questions asked beside it, if any

    n = property(lambda self: len(self.values))  # seeds
    mean = property(lambda self: Number(self.values.mean()))
    low = property(lambda self: self.interval.low)
    high = property(lambda self: self.interval.high)
    supported = property(lambda self: self.verdict == "supported")
    refuted = property(lambda self: self.verdict == "refuted")
    undecided = property(lambda self: self.verdict == "undecided")
    lowest = property(lambda self: Number(self.by_seed.min()))
    highest = property(lambda self: Number(self.by_seed.max()))
    above = property(lambda self: int((self.by_seed > 0).sum()))  # seeds above 0
    # The mean of the middle half of the seeds, which no single run can move.
    middle = property(lambda self: Number(stats.trim_mean(self.by_seed, 0.25)))

    @property
    def interval(self) -> Interval:
        """Return the interval of the mean; raises ValueError for fewer than two values."""
        if self.degrees < 1:
            raise ValueError("An interval of a mean needs the values of at least two seeds.")
        return Interval(Number(self.mean - self.reach), Number(self.mean + self.reach))

    @property
    def reach(self) -> float:
        """Return how far the interval reaches from the mean, either way."""
        return float(stats.t.ppf(1 - LEVEL / 2, self.degrees) * self.error)

    @property
    def p_value(self) -> float:
        """Return the p value of the hypothesis that the verdict would reject.

        That is, two-sided, that the mean is 0. With a ``margin`` it is that the mean is at the
        margin or, as the mean is within or without, beyond or within it: two one-sided tests (D.
        Schuirmann, 1987).
        """
        if self.margin is not None:
            return self._tail(abs(abs(self.mean) - self.margin))
        return 2 * self._tail(abs(self.mean))

    def _tail(self, distance):
        if not self.error:
            return 0.0 if distance else 0.5
        return float(stats.t.sf(distance / self.error, self.degrees))

    @property
    def verdict(self) -> str:
        """Return what is said of the claim that the mean is above 0, or within the margin.

        ``undecided`` where the p value, or the corrected one, is above the level. Raises ValueError
        for fewer than two values.
        """
        p_value = self.p_value if np.isnan(self.corrected) else self.corrected
        if not (self.degrees >= 1 and p_value <= LEVEL):
            self.interval  # noqa: B018, it says why there is none
            return "undecided"
        holds = self.mean > 0 if self.margin is None else abs(self.mean) < self.margin
        return "supported" if holds else "refuted"

    @property
    def by_seed(self) -> np.ndarray:
        """Return the value of each seed, (seeds,)."""
        if self.values.ndim == 1:
            return self.values
        return self.values.mean(axis=1).round(12)  # equal means may differ in the last digits

    @property
    def sd(self) -> Number:
        """Return the standard deviation over the seeds."""
        return Number(self.by_seed.std(ddof=1)) if self.n > 1 else Number("nan")

    @property
    def needed(self) -> str:
        """Return how many seeds it takes to see this difference: “16”, “over 100,000”."""
        seeds = seeds_needed(self.by_seed)
        return f"{seeds:,}" if seeds else f"over {MOST_SEEDS:,}"

    def __sub__(self, other):
        return estimate(self.values - other.values)  # paired in their order

    def __format__(self, specification):
        if not specification.startswith("["):
            return format(self.mean, specification)
        inner = specification.strip("[]")
        return f"{self.mean:{inner}} {self.interval:{inner}}"


def estimate(values: ArrayLike) -> Estimate:
    """Return the ``Estimate`` of the mean of ``values``.

    In a matrix, rows, say seeds, and columns, say writers, are both random effects: the variance of
    the mean is (MS rows + MS columns − MS rest) / (rows · columns) (S. R. Searle, G. Casella, C. E.
    McCulloch: Variance components, 1992, chapter 4), with Satterthwaite's degrees of freedom (F. E.
    Satterthwaite, 1946). From two or three rows these are far too many where the few happen to be
    alike, so that the interval is never shorter than that of rows, columns or rest alone. Raises
    ValueError for a matrix of fewer than two rows or columns.
    """
    values = np.asarray(values, float)
    if values.ndim == 1:
        error = float(stats.sem(values)) if len(values) > 1 else float("nan")
        return Estimate(values, error, len(values) - 1)
    if min(values.shape) < 2:
        raise ValueError("An interval of a crossed mean needs two rows and two columns at least.")
    rows, columns = values.shape
    mean, row_means, column_means = values.mean(), values.mean(axis=1), values.mean(axis=0)
    rest = values - row_means[:, None] - column_means + mean
    degrees = [rows - 1, columns - 1, (rows - 1) * (columns - 1)]
    mean_squares = [
        columns * ((row_means - mean) ** 2).sum() / degrees[0],
        rows * ((column_means - mean) ** 2).sum() / degrees[1],
        (rest**2).sum() / degrees[2],
    ]
    known = [*zip(mean_squares, degrees, strict=True)]
    if (both := mean_squares[0] + mean_squares[1] - mean_squares[2]) > 0:
        known.append((both, max(both**2 / sum(square**2 / n for square, n in known), 1)))
    found = [Estimate(values, float(np.sqrt(ms / values.size)), n) for ms, n in known]
    return max(found, key=lambda each: each.reach)


def clustered(values: ArrayLike, groups: ArrayLike) -> np.ndarray:
    """Return (seeds, groups) values whose mean over the groups is that of ``values`` (seeds, n).

    ``groups`` (n,) says to which, say, writer each of the columns belongs. A group counts by its
    size: its value is the overall mean and, in proportion to its size, how far it lies from that,
    which makes the variance of their mean that of a ratio (W. G. Cochran: Sampling techniques,
    1977, chapter 6).
    """
    _, group, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    return by_size([np.bincount(group, of_seed) for of_seed in np.asarray(values, float)], sizes)


def by_size(sums: ArrayLike, sizes: ArrayLike) -> np.ndarray:
    """Return what ``clustered()`` does, of (seeds, groups) ``sums`` and the ``sizes`` of groups."""
    sums, sizes = np.asarray(sums, float), np.asarray(sizes)
    mean = sums.sum() / (len(sums) * sizes.sum())
    return mean + (sums - mean * sizes) / sizes.mean()


def log_odds_by_size(sums: ArrayLike, sizes: ArrayLike) -> np.ndarray:
    """Return as ``by_size()`` the log-odds, ln(p / (1 − p)), of each seed's share p.

    A group's value is that of its seed and how far it would move it to first order. The share of no
    seed may be 0 or 1.
    """
    sums, sizes = np.asarray(sums, float), np.asarray(sizes)
    share = sums.sum(axis=1, keepdims=True) / sizes.sum()
    away = (sums - share * sizes) / sizes.mean()
    return np.log(share / (1 - share)) + away / (share * (1 - share))


def share_by(right: ArrayLike, groups: ArrayLike) -> Interval:
    """Return the 95 % interval of the share of ``right`` (n,), drawn by ``groups`` (n,), in 0 to 1.

    It is E. B. Wilson's (1927) with two changes: n is divided by the design effect, how many times
    as large the variance over groups, each by its size, is as that of single answers, at least 1
    (L. Kish: Survey sampling, 1965); and the quantile is Student's with groups − 1 degrees. Where
    there is one group alone, the interval is about it: each answer counts as a group.
    """
    right = np.asarray(right, float)
    _, group, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    if len(sizes) == 1:
        group, sizes = np.arange(len(right)), np.ones(len(right), int)
    n, share = float(len(right)), right.mean()
    spread = np.bincount(group, right) - share * sizes
    alone = n * share * (1 - share)
    n /= max(spread @ spread / alone, 1) if alone else 1
    z2 = stats.t.ppf(1 - LEVEL / 2, len(sizes) - 1) ** 2 if len(sizes) > 1 else np.inf
    if np.isinf(z2):
        return Interval(Number(0), Number(1))
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = np.sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n * n))) / (1 + z2 / n)
    return Interval(Number(max(middle - half, 0)), Number(min(middle + half, 1)))


def holm(p_values: ArrayLike) -> np.ndarray:
    """Return p values corrected for being asked together (S. Holm, 1979)."""
    from statsmodels.stats.multitest import multipletests

    return multipletests(p_values, LEVEL, method="holm")[1]


def asked_together(estimates: Iterable[Estimate]) -> list[Estimate]:
    """Return estimates with p values corrected by Holm's procedure; only verdicts may change."""
    estimates = list(estimates)
    corrected = holm([one.p_value for one in estimates]).tolist()
    return [replace(one, corrected=p) for one, p in zip(estimates, corrected, strict=True)]


def seeds_needed(differences: ArrayLike) -> int | None:
    """Return how many seeds a paired t-test needs to see such differences with a power of 95 %.

    Their mean and standard deviation are taken as the truth (J. Cohen: Statistical power analysis,
    1988). None where it takes more than 100,000. Raises ValueError for a single difference.
    """
    differences = np.asarray(differences)
    if len(differences) < 2:
        raise ValueError("How many seeds it takes can be told from two seeds or more.")
    mean = abs(differences.mean())
    if mean == 0:
        return None
    # Two seeds are enough for an effect of 100, and SciPy fails at those that are larger by far.
    effect = mean / max(differences.std(ddof=1), mean / 100)
    counts = range(2, MOST_SEEDS + 1)
    position = bisect_left(counts, POWER, key=lambda count: _power(effect, count))
    return counts[position] if position < len(counts) else None


def _power(effect, count):
    beyond, shift = stats.t.ppf(1 - LEVEL / 2, count - 1), effect * np.sqrt(count)
    # Not statsmodels' power: SciPy's cdf, which it uses for the lower tail, has gaps, its sf none.
    return stats.nct.sf(beyond, count - 1, shift) + stats.nct.sf(beyond, count - 1, -shift)
