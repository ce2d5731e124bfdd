"""How well trained networks read changed digits: measured once, recorded, looked at in tables.

``reports/robustness.csv`` has one row per change × level × pipeline × model × seed. A network is
known by (model, seed): it is the run of that seed under the fair protocol, after ten epochs.
"""

import csv

import numpy as np
import pandas as pd
from PIL import Image

from mnist_compare import data, intervals, metrics, predictor, runs
from mnist_compare.changes import CHANGES, changed
from mnist_compare.preprocessing import PIPELINES, preprocess
from mnist_compare.runs import MODELS
from mnist_compare.tables import Number

CANVAS = 280
AS_IT_IS, *THROUGH = WAYS = ("as it is", "crop", "center")  # how a changed digit gets to a network
COLUMNS = ("change", "level", "way", "model", "seed", "accuracy")
LIMIT = 0.9  # below this accuracy a network is said to fall


def on_canvas(digit, side, left, top):
    """Return a (280, 280) uint8 canvas, black ink on white, with the digit ``side`` pixels wide."""
    canvas = Image.new("L", (CANVAS, CANVAS), 255)
    picture = Image.fromarray(255 - digit).resize((side, side), Image.Resampling.BICUBIC)
    canvas.paste(picture, (left, top))
    return np.asarray(canvas)


def pipelines(digits, labels, seed=0):
    """Return the share of digits, drawn on a canvas, that each model reads through each pipeline.

    A row per pipeline; for each model a column ``filling``, the digit's picture as large as the
    canvas, and one ``small``, 100 pixels wide in a place drawn at random from ``seed``. The models
    are those of the committed weights.
    """
    places = np.random.default_rng(seed).integers(0, CANVAS - 100, (len(digits), 2), endpoint=True)
    drawings = {
        "filling": [on_canvas(digit, CANVAS, 0, 0) for digit in digits],
        "small": [on_canvas(d, 100, *map(int, p)) for d, p in zip(digits, places, strict=True)],
    }
    rates = pd.DataFrame(index=pd.Index(PIPELINES, name="Pipeline"))
    for size, drawn in drawings.items():
        for pipeline in PIPELINES:
            read = np.stack([preprocess(drawing, pipeline).digit for drawing in drawn])
            for model in MODELS:
                right = metrics.accuracy(labels, predictor.load(model)(read).argmax(axis=1))
                rates.loc[pipeline, f"{model.upper()}, {size}"] = f"{right:.1%}"
    return rates[[f"{model.upper()}, {size}" for model in MODELS for size in drawings]]


def complete(networks, executor, progress):
    """Measure every change at every level of those networks that have no record yet.

    ``networks`` are (model, seed). Each level is recorded once measured, so that an interrupted
    study goes on where it stopped.
    """
    from mnist_compare import study

    there = set(read().itertuples(index=False, name=None)) if _path().exists() else set()
    measured = {row[:2] + row[3:5] for row in there}  # change, level, model, seed
    missing = []
    for change, what in CHANGES.items():
        for level in what.levels:
            wanted = [n for n in networks if (change, level, *n) not in measured]
            if wanted:
                missing.append((change, level, wanted))
    if not missing:
        return
    keys = {(model, "fair", seed) for _, _, wanted in missing for model, seed in wanted}
    paths = study.weights(sorted(keys), progress, executor)
    tasks = [
        (change, level, {(m, s): paths[m, "fair", s] for m, s in wanted})
        for change, level, wanted in missing
    ]
    progress(f"Measuring {len(tasks)} levels of {len(CHANGES)} changes.")
    for rows in study.side_by_side(
        measure, tasks, executor, progress, lambda rows: f"{rows[0][0]} {rows[0][1]}"
    ):
        there |= set(rows)
        with runs.whole(_path()) as path, path.open("w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([COLUMNS, *sorted(there)])


def measure(change, level, paths):
    """Return rows of ``COLUMNS`` with the test accuracies at one level of a change.

    ``paths`` maps (model, seed) to the weights. Every test digit is changed and then read as it is
    and through the pipelines for drawings.
    """
    from mnist_compare import training

    _, (digits, labels) = data.load_mnist()
    if runs.fast():
        digits, labels = digits[:100], labels[:100]
    digits = changed(digits, change, level)
    seen = {AS_IT_IS: digits}
    for way in THROUGH:
        seen[way] = np.stack([preprocess(digit, way).digit for digit in digits])
    return [
        (change, float(level), way, model, seed, metrics.accuracy(labels, given.argmax(axis=1)))
        for (model, seed), path in paths.items()
        for way, pictures in seen.items()
        for given in [training.read(model, path, pictures)]
    ]


def read():
    """Return the record as a table with the columns ``COLUMNS``.

    Raises ValueError with the file and what to do where it cannot be read.
    """
    try:
        table = pd.read_csv(_path())
        if tuple(table) != COLUMNS or table.isna().any(axis=None):
            raise ValueError(f"it has not the columns {', '.join(COLUMNS)}")
        return table
    except (OSError, ValueError) as error:
        raise ValueError(
            f"{_path()} cannot be read ({error}). Restore it with `git checkout -- reports`, or "
            "measure anew with `python -m mnist_compare study`."
        ) from error


def curve(record, change, way, model):
    """Return levels (n,) and accuracies (n, seeds) of a model under a change."""
    rows = record[(record.change == change) & (record.way == way) & (record.model == model)]
    table = rows.pivot(index="level", columns="seed", values="accuracy").sort_index()
    return table.index.to_numpy(), table.to_numpy()


def falls(record, way=AS_IT_IS):
    """Return, by change, where each model falls below 90 %: mean over the seeds and their range.

    The level nearest to the unchanged digit; accuracy is taken as a straight line between levels.
    A change with two directions has a row for each.
    """
    rows = {}
    for change, what in CHANGES.items():
        for side, name in _sides(change).items():
            row = {"Read as": what.unit}
            for model in MODELS:
                levels, accuracy = curve(record, change, way, model)
                found = [falls_at(levels, a, what.neutral)[side] for a in accuracy.T]
                row[model.upper()] = _level(found, levels[-1 if side else 0])
            rows[name] = row
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("Change")


def falls_at(levels, accuracy, neutral, limit=LIMIT):
    """Return the levels nearest to ``neutral``, below and above, where accuracy falls to ``limit``.

    ``levels`` are increasing, ``accuracy`` (n,) at each; between two levels it is taken as a
    straight line. None on a side where it does not fall.
    """
    middle = int(np.argmin(np.abs(levels - neutral)))
    return (
        _crossing(levels[middle::-1], accuracy[middle::-1], limit),
        _crossing(levels[middle:], accuracy[middle:], limit),
    )


def means(record, way=AS_IT_IS):
    """Return {change: {model: mean accuracy over the changed levels, (seeds,)}}."""
    return {
        change: {
            model: accuracy[levels != what.neutral].mean(axis=0)
            for model in MODELS
            for levels, accuracy in [curve(record, change, way, model)]
        }
        for change, what in CHANGES.items()
    }


def compared(record):
    """Return the table of the mean accuracies over the levels of each change, and CNN − MLP."""
    rows = {}
    for change, found in means(record).items():
        difference = found["cnn"] - found["mlp"]
        low, high = intervals.of_mean(difference)
        rows[change] = {
            **{model.upper(): f"{found[model].mean():.1%}" for model in MODELS},
            "CNN − MLP (points)": f"{Number(difference.mean()):.1h}",
            "95 % interval": f"[{Number(low):.1h}, {Number(high):.1h}]",
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("Change")


def ways(record):
    """Return, by change, the mean accuracy of each model as it is, through crop, through center.

    And what a pipeline and what the architecture buys: center − as it is for the MLP, CNN − MLP as
    it is, in points.
    """
    by_way = {way: means(record, way) for way in WAYS}
    rows = {}
    for change in CHANGES:
        found = {(w, m): by_way[w][change][m].mean() for w in WAYS for m in MODELS}
        rows[change] = {
            f"{model.upper()} {way}": f"{found[way, model]:.1%}" for model in MODELS for way in WAYS
        }
        rows[change]["Preprocessing"] = (
            f"{Number(found['center', 'mlp'] - found[AS_IT_IS, 'mlp']):+.1h}"
        )
        rows[change]["Architecture"] = (
            f"{Number(found[AS_IT_IS, 'cnn'] - found[AS_IT_IS, 'mlp']):+.1h}"
        )
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("Change")


def _sides(change):
    """Return {0 for below neutral or 1 for above: name} of the directions a change has."""
    what = CHANGES[change]
    if min(what.levels) < what.neutral < max(what.levels):
        return {0: f"{change}, smaller", 1: f"{change}, larger"}
    return {1: change} if what.neutral == min(what.levels) else {0: change}


def _level(found, last):
    if any(level is None for level in found):
        return f"not until {last:g}"
    found = np.array(found)
    return f"{found.mean():.2g} ({found.min():.2g} to {found.max():.2g})"


def _crossing(levels, accuracy, limit):
    for i in range(1, len(levels)):
        if accuracy[i] < limit <= accuracy[i - 1]:
            share = (accuracy[i - 1] - limit) / (accuracy[i - 1] - accuracy[i])
            return float(levels[i - 1] + share * (levels[i] - levels[i - 1]))
    return None


def _path():
    return runs.folder() / "robustness.csv"
