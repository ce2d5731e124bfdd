"""Pen-drawn digits of thirty writers: how many of them each network reads.

The digits are strokes recorded on a tablet: Pen-Based Recognition of Handwritten Digits, E.
Alpaydin and F. Alimoglu, UCI Machine Learning Repository, doi 10.24432/C5MG6K, CC BY 4.0. Each is
drawn as on the demo's pad, in several sizes and with several brushes, and read through all three
pipelines.

``pens_counts.npz`` has one row per network × condition: how often each digit of each writer is read
as each digit. Rates are of the writers that are reported and over all conditions, of the seeds that
all networks have.
"""

import re
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import product, starmap
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pandas as pd
from PIL import Image, ImageDraw

from mnist_compare.findings.recorded import recorded
from mnist_compare.preprocessing import CANVAS, PIPELINES, SIDE, preprocess
from mnist_compare.records import networks, runs
from mnist_compare.records.frames import NETWORK, Record
from mnist_compare.records.networks import title
from mnist_compare.report.words.tables import Table
from mnist_compare.study import fitting, measuring, trained
from mnist_compare.study.statistics import Estimate, estimate

ZOOM = 4  # drawn so many times too large and averaged, for soft edges
BOX = 500  # side of the tablet's box, in its own steps
WRITERS = 30
REPORTING_WRITERS = range(21, 31)  # recipes were chosen by the others


class Condition(NamedTuple):
    """How digits are drawn."""

    size: int  # pixels, larger side of the strokes
    brush: int  # pixels, its diameter


SIZES = (80, 140, 220)
CONDITIONS = tuple(starmap(Condition, product(SIZES, (8, 16, 24))))
COUNTS = Record(
    "pens_counts.npz",
    NETWORK | {"size": int, "brush": int},
    {"counts": (np.uint16, (len(PIPELINES), WRITERS, 10, 10))},  # … × digit drawn × digit read
    "delete it and measure anew with `python -m mnist_compare study --drawings PATH`",
)
WANTED = (
    "Wanted is pendigits-orig.tra of “Pen-Based Recognition of Handwritten Digits”, UCI Machine "
    "Learning Repository, doi 10.24432/C5MG6K; its pendigits-orig.tra.Z is unpacked by `gzip -d`."
)
HEAD = re.compile(r'\s+DIGIT\s+\S+\s+\?\s+"(\d)"\s+\.COMMENT\s+\1\s+(\d+)\s+\d+\s')


@dataclass(frozen=True)
class PenDigit:
    """A digit as a writer drew it."""

    label: int  # 0–9
    writer: int  # 1–30
    strokes: tuple[np.ndarray, ...]  # of points (n, 2), x to the right and y down


def read_unipen(path: Path) -> list[PenDigit]:
    """Return the digits of a UNIPEN file, gzipped or plain.

    Raises FileNotFoundError where there is none and ValueError for a file of another form.
    """
    return measuring.parsed(path, _digits, WANTED)


def _digits(text):
    _, *segments = text.split(".SEGMENT")
    if not segments:
        raise ValueError("there are no digits in it")
    return [_digit(segment) for segment in segments]


def _digit(segment):
    head, *strokes = segment.split(".PEN_DOWN")
    match = HEAD.match(head)
    if not match or not strokes:
        raise ValueError(f"no digit is described by {' '.join(segment[:60].split())!r}")
    label, writer = map(int, match.groups())
    if not 1 <= writer <= WRITERS:
        raise ValueError(f"writer {writer} is not one of 1 to {WRITERS}")
    return PenDigit(label, writer, tuple(_stroke(stroke) for stroke in strokes))


def _stroke(text):
    points, pen_up, _ = text.partition(".PEN_UP")
    numbers = [float(number) for number in points.split()]
    if not pen_up or not numbers or len(numbers) % 2 or not np.isfinite(numbers).all():
        raise ValueError("a stroke is broken off or no row of points")
    return np.array(numbers).reshape(-1, 2) * (1, -1) + (0, BOX)


def draw_digit(digit: PenDigit, condition: Condition, generator: np.random.Generator) -> np.ndarray:
    """Draw a digit in black on white at a random place, wholly on a (280, 280) uint8 canvas.

    The strokes' larger side is ``condition.size`` pixels, not counting the width of the brush.
    """
    brush, points = condition.brush, np.concatenate(digit.strokes)
    corner, sides = points.min(axis=0), np.ptp(points, axis=0)
    longest = sides.max() or 1  # a lone dot has no size
    place = brush / 2 + generator.uniform(0, CANVAS - brush - condition.size * (sides / longest))
    canvas = Image.new("L", (CANVAS * ZOOM, CANVAS * ZOOM), 255)
    pen, width = ImageDraw.Draw(canvas), brush * ZOOM
    for stroke in digit.strokes:
        zoomed = np.rint(ZOOM * (condition.size * ((stroke - corner) / longest) + place)) - 1
        pen.line([tuple(point) for point in zoomed], fill=0, width=width)
        # Discs make round caps and joints, over the pixels from −width/2 + 1 to width/2 about their
        # point as Pillow's line; half a pixel more each way would make it wider than the brush.
        for point in zoomed + 0.5:
            pen.circle(tuple(point), (width - 1) / 2, fill=0)
    return np.asarray(canvas.reduce(ZOOM))


def pictures(digits, condition):
    """Return digits through every pipeline, (3, n, 28, 28) uint8.

    Where on the canvas a digit is drawn depends on its place in ``digits`` and on the condition.
    """
    through = []
    for place, digit in enumerate(digits):
        canvas = draw_digit(digit, condition, np.random.default_rng([place, *condition]))
        through.append([preprocess(canvas, pipeline).digit for pipeline in PIPELINES])
    return np.swapaxes(through, 0, 1)


def measure_missing(path: Path, networks: list[tuple]):
    """Measure the networks, (model, ``Protocol``, seed), under the conditions not yet recorded.

    ``path`` is that of the drawings.
    """
    wanted = [(*network, *condition) for condition, network in product(CONDITIONS, networks)]
    missing = COUNTS.missing(wanted, trained.fingerprint)
    measuring.measure_networks(missing, partial(measure_condition, path), (COUNTS,))


def measure_condition(path: Path, weights: dict[tuple, Path], size: int, brush: int):
    """Return the rows, in a tuple, that networks have under one condition in ``COUNTS``.

    ``weights`` maps (model, ``Protocol``, seed) to a path; all networks see the same drawings.
    """
    condition, digits = Condition(size, brush), read_unipen(path)
    labels = np.array([digit.label for digit in digits])
    writers = np.array([digit.writer for digit in digits])
    seen = pictures(digits, condition)
    counts = []
    for network, file in weights.items():
        probabilities = fitting.predict(network[0], file, seen.reshape(-1, SIDE, SIDE))
        answers = probabilities.argmax(axis=1).reshape(len(PIPELINES), -1)
        counts.append(trained.row(network, *condition, _count(writers, labels, answers)))
    return (counts,)


def _count(writers, labels, answers):
    """Return how often each digit of each writer is read as each digit, for all pipelines."""
    counts = np.zeros((len(PIPELINES), WRITERS, 10, 10), np.uint16)
    pipelines = np.arange(len(PIPELINES))[:, None]
    np.add.at(counts, (pipelines, writers - 1, labels, answers), 1)
    return counts


class Drawings:
    """What the records say of pen-drawn digits."""

    counts = cached_property(lambda self: runs.measured(COUNTS))
    mlp = cached_property(lambda self: self.network("mlp"))
    cnn = cached_property(lambda self: self.network("cnn"))
    reader = cached_property(lambda self: self.network("reader"))

    def network(self, model: str) -> SimpleNamespace:
        """Return the ``Estimate`` of a network's rate by pipeline.

        ``shrunk`` has those through resize by the size in which digits are drawn.
        """
        return SimpleNamespace(
            **{pipeline: self.share(model, pipeline) for pipeline in PIPELINES},
            shrunk={size: self.share(model, "resize", size) for size in SIZES},
        )

    def share(self, model: str, pipeline: str, size: int | None = None) -> Estimate:
        """Return the share that a network reads of digits of all sizes or of one, in pixels.

        Seeds and writers are drawn by chance.
        """
        seeds, matrices = self._confusions(model, pipeline, size)
        shares = np.trace(matrices, axis1=2, axis2=3) / matrices.sum(axis=(2, 3))
        return estimate(pd.DataFrame(shares).groupby(seeds).mean().to_numpy())

    @recorded(COUNTS.file)
    def table(self) -> Table:
        """Return the share that each of the networks reads, if measured, through every pipeline."""
        rows = {
            title(model): {p: f"{self.share(model, p):[.1%]}" for p in PIPELINES}
            for model in sorted({*self.counts.model} & {*networks.STUDIED})
        }
        return Table.from_dict(rows, orient="index").rename_axis("Network")

    def _confusions(self, model, pipeline, size=None):
        """Return the seed of each row of a network, and its counts, (rows, writers, 10, 10)."""
        rows_of_seed = self.counts.groupby("seed").model.transform("size")
        of_all_networks = rows_of_seed == self.counts.model.nunique() * len(CONDITIONS)
        rows = self.counts[of_all_networks & (self.counts.model == model)]
        rows = rows[rows["size"] == size] if size else rows
        through = np.stack(rows.counts)[:, PIPELINES.index(pipeline)]
        return rows.seed.to_numpy(), through[:, np.array(REPORTING_WRITERS) - 1]
