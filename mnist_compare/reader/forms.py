"""Forms of digits that MNIST hardly has: a 1 with flag and base, a barred 7, a 9 with a hook.

MNIST was written in the United States. Elsewhere the 1 has a long flag and a base, the 7 a bar, the
9 a curled tail and the 4 a short right arm; networks trained on MNIST take these for 7, 2, 3 and 6.
Here training digits get such strokes, as wide as their own, or lose some, and are centred again as
drawings are. Places are (row, column) in pixels.
"""

from typing import NamedTuple

import numpy as np
from scipy import ndimage

from mnist_compare.preprocessing import SIDE, center

INK = 0.3  # of the brightest pixel; anything fainter is the soft edge of a stroke
MOST = 3  # strokes added to a digit
LEVEL = 1.1  # radians from the vertical; the flag of a 1 is steeper, the top of a 7 is not
AT_ONCE = 2000  # digits
ROWS, COLUMNS = np.mgrid[:SIDE, :SIDE].astype(np.float32)


class Stems(NamedTuple):
    """Where strokes can be added to digits: ends and middle (n, 2), sizes (n,), all float32."""

    top: np.ndarray
    bottom: np.ndarray
    middle: np.ndarray
    width: np.ndarray  # of the strokes
    height: np.ndarray  # of the ink


def stems(digits: np.ndarray) -> Stems:
    """Return the ``Stems`` of digits (n, 28, 28) uint8."""
    rows = np.array([_stem(digit / np.float32(255)) for digit in digits], np.float32)
    top, bottom, middle, sizes = np.split(rows.reshape(-1, 8), (2, 4, 6), axis=1)
    return Stems(top, bottom, middle, *sizes.T)


def _stem(image):
    ink = image > INK * image.max()
    (rows,) = ink.any(axis=1).nonzero()
    first, last = rows[0], rows[-1]
    inside = ndimage.distance_transform_edt(np.pad(ink, 1))[1:-1, 1:-1]
    ridge = ink & (inside == ndimage.maximum_filter(inside, 3))

    def center_of_rows(start, stop):
        part = (image * ink)[start:stop]
        if not part.any():  # a gap between two strokes
            return (start + stop - 1) / 2, COLUMNS.mean()
        row, column = ndimage.center_of_mass(part)
        return start + row, column

    middle = first + int(0.55 * (last - first))
    return (
        *center_of_rows(first, first + 2),
        *center_of_rows(last - 1, last + 1),
        *center_of_rows(middle, middle + 1),
        2 * inside[ridge].mean() - 0.5,
        last - first,
    )


def arms(digits: np.ndarray) -> np.ndarray:
    """Return where the right arms of open 4s, (n, 28, 28) uint8, stand alone.

    The result is the first column of the arm in each row, (n, 28), 28 in rows without an arm.
    """
    return np.array([_arm(digit) for digit in digits], int).reshape(-1, SIDE)


def _arm(digit):
    starts = np.full(SIDE, SIDE)
    ink = digit > INK * digit.max()
    # The bar of an open 4 is the row that joins its two arms.
    for bar in range(SIDE - 1, 0, -1):
        parts, count = ndimage.label(ink[:bar])
        if count == 2:
            _, columns = np.transpose(ndimage.center_of_mass(ink[:bar], parts, (1, 2)))
            arm = parts == 1 + columns.argmax()
            (rows,) = arm.any(axis=1).nonzero()
            starts[rows] = arm[rows].argmax(axis=1) - 1  # with its soft edge
            starts[max(rows[0] - 1, 0)] = starts[rows[0]]
            break
    return starts


class Forms:
    """Training digits whose 1s, 7s and 9s may get strokes and whose 4s may lose part of an arm."""

    def __init__(self, digits: np.ndarray, labels: np.ndarray, shares: dict):
        self.digits, self.labels = digits, labels
        self._share = np.array([shares.get(digit, 0) for digit in range(10)])
        able = self._share[labels] > 0
        self._fours = np.flatnonzero(able & (labels == 4))
        self._others = np.flatnonzero(able & (labels != 4))
        self._arms = arms(digits[self._fours])
        self._stems = stems(digits[self._others])

    def __call__(self, generator: np.random.Generator) -> np.ndarray:
        """Return the digits, (n, 28, 28) uint8, a share of each label changed, anew each time."""
        digits = self.digits.copy()
        for which in (*self._cut_arms(digits, generator), *self._add_strokes(digits, generator)):
            digits[which] = center(digits[which])
        return digits

    def _cut_arms(self, digits, generator):
        """Cut a random part off the right arm of some 4s, from its top down; return which."""
        (chosen,) = np.nonzero(generator.random(len(self._fours)) < self._share[4])
        starts = self._arms[chosen]
        rows = starts < SIDE
        length = generator.uniform(0, 1, len(chosen)) * rows.sum(axis=1)
        cut = rows & (rows.cumsum(axis=1) <= length[:, None])
        which = self._fours[chosen]
        digits[which] *= ~(cut[:, :, None] & (starts[:, :, None] <= COLUMNS))
        return which

    def _add_strokes(self, digits, generator):
        """Add strokes to some 1s, 7s and 9s; return which."""
        labels = self.labels[self._others]
        (chosen,) = np.nonzero(generator.random(len(labels)) < self._share[labels])
        stems = _of(self._stems, chosen)
        strokes = _strokes(stems, labels[chosen], generator)
        widths = stems.width * generator.uniform(0.75, 1.1, len(chosen)).astype(np.float32)
        which = self._others[chosen]
        for start in range(0, len(chosen), AT_ONCE):
            part = slice(start, start + AT_ONCE)
            drawn = np.rint(255 * draw(strokes[part], widths[part])).astype(np.uint8)
            digits[which[part]] = np.maximum(digits[which[part]], drawn)
        return which


def _of(stems, which):
    return Stems(*(part[which] for part in stems))


def _strokes(stems, labels, generator):
    """Return the strokes for digits 1, 7 and 9: (n, 3, 2 ends, 2) float32, NaN for none."""
    strokes = np.full((len(labels), MOST, 2, 2), np.nan, np.float32)
    for digit, make in ((1, _flag_and_base), (7, _bar_and_tick), (9, _hook)):
        (which,) = np.nonzero(labels == digit)
        for number, ends in enumerate(make(_of(stems, which), generator, len(which))):
            strokes[which, number] = np.stack(ends, axis=1)
    return strokes


def _flag_and_base(stems, generator, count):
    """Return a flag of two strokes, down to the left, for each 1, and a base for half of them."""
    stem = stems.bottom - stems.top
    length = np.linalg.norm(stem, axis=1)
    lean = np.arctan2(-stem[:, 1], stem[:, 0])  # from the vertical, of the stem and then the flag
    steepest = generator.uniform(0.25, np.clip(LEVEL - lean, 0.35, 0.85))
    flag = length * generator.uniform(0.2, 1.3 - 0.5 * steepest)
    knee = generator.uniform(0.4, 0.7, count)
    first = lean + steepest
    second = np.minimum(first + generator.uniform(-0.1, 0.7, count), LEVEL + 0.25)
    bend = stems.top + _down_left(first, knee * flag)
    end = bend + _down_left(second, (1 - knee) * flag)
    half = length * generator.uniform(0.15, 0.4, count)
    left, right = _level_stroke(stems.bottom, half, generator.uniform(-0.15, 0.15, count))
    left[generator.random(count) < 0.5] = np.nan
    return (stems.top, bend), (bend, end), (left, right)


def _bar_and_tick(stems, generator, count):
    """Return a bar across the stem of each 7, often rising to the right, and for some a tick."""
    half = stems.height * generator.uniform(0.15, 0.45, count)
    down = (stems.bottom - stems.middle) * generator.uniform(-0.15, 0.4, (count, 1))
    aside = half * generator.uniform(-0.15, 0.3, count)
    crossing = stems.middle + down + np.stack([np.zeros(count), aside], axis=1)
    left, right = _level_stroke(crossing, half, generator.uniform(-0.35, 0.2, count))
    length = stems.height * generator.uniform(0.05, 0.2, count)
    tick = left + _down_left(generator.uniform(-0.3, 1, count), length)
    tick[generator.random(count) < 0.6] = np.nan
    return (left, right), (left, tick)


def _hook(stems, generator, count):
    """Return a tail of two strokes for each 9: to the left, then up."""
    first = stems.height * generator.uniform(0.1, 0.3, count)
    sag = np.minimum(first * generator.uniform(-0.1, 0.35, count), 1.5)
    second = stems.height * generator.uniform(0.1, 0.4, count)
    rise, onward = generator.uniform([[0.1], [0.5]], 1.0, (2, count))
    turn = stems.bottom + np.stack([sag, -first], axis=1)
    end = turn - np.stack([second * rise, second * onward], axis=1)
    return (stems.bottom, turn), (turn, end)


def _down_left(angle, length):
    """Return steps (n, 2) of given lengths, at angles from straight down towards the left."""
    return np.stack([length * np.cos(angle), -length * np.sin(angle)], axis=1)


def _level_stroke(center, half, slope):
    """Return the ends of strokes that reach ``half`` either way and fall by ``slope``."""
    reach = np.stack([half * slope, half], axis=1)
    return center - reach, center + reach


def draw(strokes: np.ndarray, widths: np.ndarray) -> np.ndarray:
    """Return pictures (n, 28, 28) float32 in 0–1 of straight strokes with round ends.

    ``strokes`` are (n, k, 2 ends, 2), NaN in an end for none; ``widths`` are (n,) in pixels.
    """
    start, along = strokes[:, :, 0], strokes[:, :, 1] - strokes[:, :, 0]
    rows = ROWS - start[..., :1, None]
    columns = COLUMNS - start[..., 1:, None]
    down, right = along[..., :1, None], along[..., 1:, None]
    share = np.clip((rows * down + columns * right) / np.maximum(down**2 + right**2, 1e-6), 0, 1)
    distance = np.hypot(rows - share * down, columns - share * right)
    inked = np.clip(widths[:, None, None, None] / 2 - distance + 0.5, 0, 1)
    return np.nan_to_num(inked).max(axis=1)
