"""How many pen-drawn digits of thirty writers each trained network reads, and the record of it.

The digits are strokes recorded on a tablet: Pen-Based Recognition of Handwritten Digits, E.
Alpaydin and F. Alimoglu, UCI Machine Learning Repository, doi 10.24432/C5MG6K, CC BY 4.0. Each is
drawn as on the demo's pad, in several sizes and with several brushes, and read through all three
pipelines.

``reports/pendigits.npz`` holds the counts of every network and condition and, for each model, some
drawings that it misread. A network is known by (model, seed). ``counts`` are (…, 30, 10, 10)
integers: writer × digit drawn × digit read.
"""

import gzip
import json
import re
import zlib
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from PIL import Image, ImageDraw

from mnist_compare import evidence, intervals, runs, study
from mnist_compare.pictures import CANVAS
from mnist_compare.preprocessing import MASS_CENTER, PIPELINES, SIDE, preprocess
from mnist_compare.runs import MODELS
from mnist_compare.tables import Number

ZOOM = 4  # drawn so many times too large and averaged, for soft edges
BOX = 500  # side of the tablet's box, in its own steps

WRITERS = 30
CHOOSING_WRITERS = range(1, 21)
REPORTING_WRITERS = range(21, 31)
COUNTS_SHAPE = (len(PIPELINES), WRITERS, 10, 10)


class Condition(NamedTuple):
    """How digits are drawn: larger side of the strokes and diameter of the brush, in pixels."""

    size: int
    brush: int


SIZES = {"small": 80, "medium": 140, "large": 220}
BRUSHES = (8, 16, 24)
CONDITIONS = tuple(Condition(size, brush) for size in SIZES.values() for brush in BRUSHES)
SHEET_CONDITION = Condition(SIZES["medium"], 16)  # of the misread drawings
MOST_SHOWN = 24  # misread drawings of a model

WANTED_FILE = (
    "Wanted is pendigits-orig.tra of “Pen-Based Recognition of Handwritten Digits”, UCI Machine "
    "Learning Repository, doi 10.24432/C5MG6K; its pendigits-orig.tra.Z is unpacked by `gzip -d`."
)
HEAD = re.compile(r'\s+DIGIT\s+\S+\s+\?\s+"(\d)"\s+\.COMMENT\s+\1\s+(\d+)\s+\d+\s')


@dataclass(frozen=True)
class PenDigit:
    """A digit as a writer drew it.

    ``label`` is 0–9, ``writer`` 1–30, ``strokes`` a tuple of (n, 2) float arrays of points, x to
    the right and y down.
    """

    label: int
    writer: int
    strokes: tuple[np.ndarray, ...]


def read(path):
    """Return the digits of a UNIPEN file, gzipped or plain, as a list of ``PenDigit``.

    Raises FileNotFoundError where there is none and ValueError for a file of another form.
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(f"There is no file {path}. {WANTED_FILE}")
    try:
        packed = path.read_bytes()
        text = (gzip.decompress(packed) if packed[:2] == b"\x1f\x8b" else packed).decode("ascii")
        digits = [_digit(segment) for segment in text.split(".SEGMENT")[1:]]
    except (gzip.BadGzipFile, EOFError, zlib.error, UnicodeError, ValueError) as error:
        raise ValueError(f"{path} cannot be read ({error}). {WANTED_FILE}") from error
    if not digits:
        raise ValueError(f"There are no digits in {path}. {WANTED_FILE}")
    return digits


def _digit(segment):
    head, *strokes = segment.split(".PEN_DOWN")
    found = HEAD.match(head)
    if not found or not strokes:
        raise ValueError(f"no digit is described by {' '.join(segment[:60].split())!r}")
    label, writer = map(int, found.groups())
    if not 1 <= writer <= WRITERS:
        raise ValueError(f"writer {writer} is not one of 1 to {WRITERS}")
    return PenDigit(label, writer, tuple(_stroke(stroke) for stroke in strokes))


def _stroke(text):
    points, pen_up, _ = text.partition(".PEN_UP")
    numbers = [float(number) for number in points.split()]
    if not pen_up or not numbers or len(numbers) % 2 or not np.isfinite(numbers).all():
        raise ValueError("a stroke is broken off or no row of points")
    return np.array(numbers).reshape(-1, 2) * (1, -1) + (0, BOX)


def draw(digit, condition, generator):
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


@dataclass(frozen=True)
class Sheet:
    """Drawings that a model misread, of the writers that are reported.

    ``digits`` are (n, 28, 28) uint8, as the model saw them, n at most 24; ``labels`` and ``read``
    are (n,) uint8.
    """

    digits: np.ndarray
    labels: np.ndarray
    read: np.ndarray


@dataclass(frozen=True)
class Record:
    """What networks read in the pen-drawn digits.

    ``counts`` maps (model, seed, ``Condition``) to (3, 30, 10, 10) uint16: pipeline × writer ×
    digit drawn × digit read. ``fingerprints`` maps a model to that of its runs. The rest is about
    the drawings of medium size and brush 16 by the writers that are reported: ``sheets`` maps a
    model to the ``Sheet`` of its seed 0 and pipeline center; ``displacement``, (3, n) float16, or
    None before the first measurement, is how many pixels the centre of mass lies off MNIST's
    through each pipeline, NaN for a blank; ``right`` maps (model, seed) to what it reads of them,
    (3, n) booleans.
    """

    counts: dict
    sheets: dict
    displacement: np.ndarray | None = None
    right: dict = field(default_factory=dict)
    fingerprints: dict = field(default_factory=dict)

    def of_seeds(self, model, condition, pipeline):
        """Return the counts of a model, (seeds, 30, 10, 10), of the seeds that all models have."""
        seeds_of = {}
        for name, seed, under in self.counts:
            if under == condition:
                seeds_of.setdefault(name, set()).add(seed)
        if model not in seeds_of:
            raise ValueError(f"There are no counts of {model!r} under {condition}.")
        seeds = sorted(set.intersection(*seeds_of.values()))
        where = PIPELINES.index(pipeline)
        return np.stack([self.counts[model, seed, condition][where] for seed in seeds])


def complete(path, wanted, executor, progress):
    """Measure the wanted networks, pairs of (model, seed), under the conditions not yet recorded.

    A condition at a time, written as it ends, so that an interrupted study goes on where it
    stopped.
    """
    stored = _stored()
    marks = stored.fingerprints.items()
    outdated = {model for model, mark in marks if mark != study.fingerprint(model, "fair")}
    known = _without(stored, outdated).counts
    missing = {c: [key for key in wanted if (*key, c) not in known] for c in CONDITIONS}
    missing = {condition: keys for condition, keys in missing.items() if keys}
    if not missing:
        return
    read(path)  # a missing file is better known before hours of training
    networks = sorted({(model, "fair", seed) for keys in missing.values() for model, seed in keys})
    paths = study.weights(networks, progress, executor)
    tasks = [
        (path, condition, {(model, seed): paths[model, "fair", seed] for model, seed in keys})
        for condition, keys in missing.items()
    ]
    progress(f"Drawing the digits under {len(tasks)} conditions and reading them.")
    for part in study.side_by_side(count_condition, tasks, executor, progress, _description):
        write(part)


def _without(record, models):
    """Return a record without what was measured of some models."""
    return Record(
        {key: counts for key, counts in record.counts.items() if key[0] not in models},
        {model: sheet for model, sheet in record.sheets.items() if model not in models},
        record.displacement,
        {key: right for key, right in record.right.items() if key[0] not in models},
        {model: mark for model, mark in record.fingerprints.items() if model not in models},
    )


def _description(part):
    condition = next(iter(part.counts))[2]
    return f"{condition.size} pixels, brush {condition.brush} · {len(part.counts)} networks"


def count_condition(path, condition, networks):
    """Return the ``Record`` of the networks, {(model, seed): path of weights}, under one condition.

    Places depend on the digit and the condition alone: every network sees the same drawings.
    """
    from mnist_compare import training

    digits = read(path)
    labels = np.array([digit.label for digit in digits])
    writers = np.array([digit.writer for digit in digits])
    seen = pictures(digits, condition)
    counts, sheets, right, displacement = {}, {}, {}, None
    reported, is_shown = np.isin(writers, REPORTING_WRITERS), condition == SHEET_CONDITION
    if is_shown:
        displacement = _displacement(seen[:, reported])
    for (model, seed), weights in sorted(networks.items()):
        given = training.read(model, weights, seen.reshape(-1, SIDE, SIDE))
        answers = given.argmax(axis=1).reshape(len(PIPELINES), -1)
        counts[model, seed, condition] = _count(writers, labels, answers)
        if is_shown:
            right[model, seed] = (answers == labels)[:, reported]
        if is_shown and seed == 0:
            center = PIPELINES.index("center")
            sheets[model] = _sheet(writers, labels, answers[center], seen[center])
    marks = {model: study.fingerprint(model, "fair") for model, _ in networks}
    return Record(counts, sheets, displacement, right, marks)


def _displacement(pictures):
    """Return how far the centres of mass of (3, n, 28, 28) pictures lie off MNIST's: (3, n)."""
    places, mass = np.arange(SIDE), pictures.sum(axis=(2, 3), dtype=np.float64)
    with np.errstate(invalid="ignore"):
        row = (pictures.sum(axis=3, dtype=np.float64) @ places) / mass
        column = (pictures.sum(axis=2, dtype=np.float64) @ places) / mass
    return np.hypot(row - MASS_CENTER, column - MASS_CENTER).astype(np.float16)


def pictures(digits, condition, which=None):
    """Return digits, all or those at the places ``which``, through every pipeline.

    (3, n, 28, 28) uint8. Where on the canvas a digit is drawn depends on its place in ``digits``
    and on the condition alone.
    """
    which = range(len(digits)) if which is None else which
    through = np.empty((len(PIPELINES), len(which), SIDE, SIDE), np.uint8)
    for number, i in enumerate(which):
        canvas = draw(digits[i], condition, np.random.default_rng([i, *condition]))
        for seen, pipeline in zip(through, PIPELINES, strict=True):
            seen[number] = preprocess(canvas, pipeline).digit
    return through


def _count(writers, labels, answers):
    """Return how often each digit of each writer is read as each digit, for all pipelines."""
    counts = np.zeros(COUNTS_SHAPE, np.uint16)
    for counted, read_as in zip(counts, answers, strict=True):
        np.add.at(counted, (writers - 1, labels, read_as), 1)
    return counts


def _sheet(writers, labels, answers, pictures):
    """Return the first of the misread drawings, the labels taking turns, sorted by label."""
    wrong = np.flatnonzero((answers != labels) & np.isin(writers, REPORTING_WRITERS))
    earlier = [np.count_nonzero(labels[wrong[:i]] == labels[w]) for i, w in enumerate(wrong)]
    in_turns = np.lexsort((labels[wrong], earlier))  # the first of each label, the second, …
    chosen = np.sort(wrong[in_turns[:MOST_SHOWN]])
    chosen = chosen[np.argsort(labels[chosen], kind="stable")]
    return Sheet(
        pictures[chosen], labels[chosen].astype(np.uint8), answers[chosen].astype(np.uint8)
    )


def write(record):
    """Add to the record; what it has of the same models in another form is removed."""
    before, marks = _stored(), record.fingerprints
    before = _without(
        before, {m for m, mark in before.fingerprints.items() if marks.get(m, mark) != mark}
    )
    arrays = {
        f"{model}-{seed}-{condition.size}-{condition.brush}": counts
        for (model, seed, condition), counts in sorted((before.counts | record.counts).items())
    }
    for model, sheet in sorted((before.sheets | record.sheets).items()):
        arrays |= {f"sheet-{model}-{name}": array for name, array in vars(sheet).items()}
    for (model, seed), right in sorted((before.right | record.right).items()):
        arrays[f"right-{model}-{seed}"] = right
    displacement = before.displacement if record.displacement is None else record.displacement
    if displacement is not None:
        arrays["displacement"] = displacement
    arrays["fingerprints"] = np.array(json.dumps(before.fingerprints | record.fingerprints))
    with runs.whole(_path()) as path:
        np.savez_compressed(path, **arrays)


def recorded():
    """Return the ``Record``, empty where nothing was measured.

    Raises ValueError with what to do when it cannot be read, or was measured with other networks
    than those of the recorded runs.
    """
    record = _stored()
    marks = record.fingerprints.items()
    runs.require_networks({(model, "fair", mark) for model, mark in marks}, _path())
    return record


def _stored():
    if not _path().exists():
        return Record({}, {})
    try:
        with np.load(_path(), allow_pickle=False) as file:
            return _record(dict(file))
    except runs.DAMAGED as error:
        raise ValueError(
            f"{_path()} cannot be read ({error!r}). Restore it with `git checkout -- reports`, or "
            "delete it and recompute it with `python -m mnist_compare study --drawings PATH`."
        ) from error


def _record(arrays):
    counts, of_sheets, right = {}, {}, {}
    displacement = arrays.pop("displacement", None)
    marks = json.loads(str(arrays.pop("fingerprints", "{}")))
    for name, array in arrays.items():
        kind, *rest = name.split("-")
        if kind == "sheet":
            model, part = rest
            of_sheets.setdefault(model, {})[part] = array
            continue
        if kind == "right":
            model, seed = rest
            right[model, int(seed)] = array
            continue
        model, seed, size, brush = name.split("-")
        if (array.shape, array.dtype) != (COUNTS_SHAPE, np.uint16):
            raise ValueError(f"{name} holds {array.dtype} of shape {array.shape}")
        counts[model, int(seed), Condition(int(size), int(brush))] = array
    sheets = {model: Sheet(**parts) for model, parts in of_sheets.items()}
    return Record(counts, sheets, displacement, right, marks)


def _path():
    return runs.folder() / "pendigits.npz"


def per_writer(counts, writers):
    """Return, for each of the writers, the share of digits that is read right: (…, writers)."""
    right, drawn = _right_and_drawn(counts, writers)
    return right.sum(axis=-1) / drawn.sum(axis=-1)


def rates(record, model, pipeline, writers=REPORTING_WRITERS, conditions=CONDITIONS):
    """Return the share of digits read right by seed and writer, over conditions: (seeds, writers).

    A rate over writers is the mean of a row; its interval, clustered by writer, is
    ``intervals.of_crossed_mean()`` of the matrix.
    """
    return np.mean(
        [per_writer(record.of_seeds(model, c, pipeline), writers) for c in conditions], axis=0
    )


def table(record):
    """Return the rate of each of the compared networks through every pipeline, with interval."""
    rows, there = {}, {key[0] for key in record.counts}
    for model in sorted(there.intersection(evidence.TITLES)):
        rows[evidence.TITLES[model]] = {
            pipeline: _with_interval(rates(record, model, pipeline)) for pipeline in PIPELINES
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("Network")


def numbers(record):
    """Return the numbers on pen-drawn digits that a sentence may name.

    ``pen_{model}_{pipeline}``, with ``_low`` and ``_high``, over all conditions, and
    ``pen_{model}_{pipeline}_small``, of the small drawings; ``pen_{model}_worst``, the digit least
    often read through center, and ``pen_{model}_worst_rate``; ``pen_{model}_worst_as``, what it is
    then most often read as.
    """
    found, small = {}, [c for c in CONDITIONS if c.size == SIZES["small"]]
    for model in MODELS:
        for pipeline in PIPELINES:
            name, by_writer = f"pen_{model}_{pipeline}", rates(record, model, pipeline)
            found[name] = Number(by_writer.mean())
            found[f"{name}_low"], found[f"{name}_high"] = map(
                Number, intervals.of_crossed_mean(by_writer)
            )
            found[f"{name}_small"] = Number(rates(record, model, pipeline, conditions=small).mean())
        recall = digit_rates(record, model)
        worst = int(recall.argmin())
        matrix = _confusion(record, model)[worst].copy()
        matrix[worst] = 0
        found[f"pen_{model}_worst"], found[f"pen_{model}_worst_as"] = worst, int(matrix.argmax())
        found[f"pen_{model}_worst_rate"] = Number(recall[worst])
    return found


def by_size(record):
    """Return {pipeline: {(model, size): (rate, low, high)}} over the brushes and writers 21–30."""
    found = {}
    for pipeline in PIPELINES:
        for name, size in SIZES.items():
            those = [c for c in CONDITIONS if c.size == size]
            for model in MODELS:
                by_writer = rates(record, model, pipeline, conditions=those)
                bar = (by_writer.mean(), *intervals.of_crossed_mean(by_writer))
                found.setdefault(pipeline, {})[model, name] = bar
    return found


def by_condition(record, model, pipelines=("crop", "center")):
    """Return the rate of a model by size and brush of the drawings, writers 21–30, over seeds."""
    rows = {}
    for name, size in SIZES.items():
        row = rows[f"{name} ({size} pixels)"] = {}
        for pipeline in pipelines:
            for brush in BRUSHES:
                by_writer = rates(record, model, pipeline, conditions=[Condition(size, brush)])
                row[f"{pipeline}, brush {brush}"] = f"{by_writer.mean():.1%}"
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("Drawings")


def by_displacement(record, edges=(0, 1, 2, 3)):
    """Return, by how far ``crop`` leaves the centre of mass off, how many drawings are read.

    A row for each range of pixels, the last without an end: the number of drawings in it, and each
    model's rate, mean over the seeds, through ``crop`` and, of the same drawings, ``center``.
    """
    off = record.displacement[PIPELINES.index("crop")].astype(float)
    rows = {}
    for low, high in pairwise((*edges, np.inf)):
        inside = (off >= low) & (off < high)
        row = rows[f"{low} to {high}" if high < np.inf else f"{low} and more"] = {
            "Drawings": f"{inside.sum():,}"
        }
        for model in MODELS:
            for pipeline in ("crop", "center"):
                right = _right(record, model)[:, PIPELINES.index(pipeline), inside]
                row[f"{model.upper()} {pipeline}"] = f"{right.mean():.1%}" if inside.any() else "–"
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("Pixels off")


def writer_rates(record, model, pipeline="center"):
    """Return {writer: rate} of the reporting writers, mean over seeds and conditions."""
    by_writer = rates(record, model, pipeline).mean(axis=0)
    return dict(zip(REPORTING_WRITERS, by_writer, strict=True))


def in_words(record):
    """Return which network reads more drawings through each pipeline, as the records have it."""
    sentences = []
    for pipeline in PIPELINES:
        difference = rates(record, "cnn", pipeline) - rates(record, "mlp", pipeline)
        interval = intervals.of_crossed_mean(difference)
        ahead = intervals.by_verdict(
            interval,
            "the convolutional network reads more of them than the perceptron",
            "the perceptron reads more of them than the convolutional network",
            "neither network is clearly ahead",
        )
        mean, low, high = map(Number, (difference.mean(), *interval))
        sentences.append(
            f"Through `{pipeline}` {ahead}: {{pen_cnn_{pipeline}:.1%}} against "
            f"{{pen_mlp_{pipeline}:.1%}}, a difference of {mean:.1p} ({low:.1h} to {high:.1h})."
        )
    return " ".join(sentences)


def digit_rates(record, model, pipeline="center"):
    """Return how often each digit of the reporting writers is read, over seeds: (10,)."""
    matrix = _confusion(record, model, pipeline)
    return np.diag(matrix) / matrix.sum(axis=1)


def _confusion(record, model, pipeline="center"):
    """Return digit drawn × digit read of the reporting writers, over seeds and conditions."""
    counts = sum(
        record.of_seeds(model, condition, pipeline).astype(np.int64) for condition in CONDITIONS
    )
    return counts[:, np.array(REPORTING_WRITERS) - 1].sum(axis=(0, 1))


def _right(record, model):
    return np.stack([right for (name, _), right in record.right.items() if name == model])


def _with_interval(by_writer):
    low, high = intervals.of_crossed_mean(by_writer)
    return f"{by_writer.mean():.1%} [{100 * low:.1f}, {100 * high:.1f}]"


def _right_and_drawn(counts, writers):
    """Return how many of each digit are read right and how many there are: (…, writers, 10)."""
    counts = np.asarray(counts)[..., np.array(writers) - 1, :, :].astype(np.int64)
    return np.diagonal(counts, axis1=-2, axis2=-1), counts.sum(axis=-1)
