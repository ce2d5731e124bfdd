"""How well trained networks read changed digits: measured once, recorded, looked at in tables.

``reports/robustness.csv`` has one row per change × level × pipeline × model × seed. A network is
known by (model, seed): it is the run of that seed under the fair protocol, after ten epochs.
"""

import numpy as np
import pandas as pd
from PIL import Image

from mnist_compare import data, intervals, measurements, metrics, predictor, runs
from mnist_compare.changes import CHANGES, changed
from mnist_compare.pictures import CANVAS
from mnist_compare.preprocessing import PIPELINES, preprocess
from mnist_compare.runs import MODELS
from mnist_compare.tables import Number

AS_IT_IS, *THROUGH = WAYS = ("as it is", "crop", "center")  # how a changed digit gets to a network
COLUMNS = ("change", "level", "way", "model", "seed", "accuracy", "fingerprint")
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

    there = {
        row
        for row in (_stored().itertuples(index=False, name=None) if _path().exists() else ())
        if row[-1] == study.fingerprint(row[3], "fair")
    }
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
        measurements.write(_path(), COLUMNS, there)


def measure(change, level, paths):
    """Return rows of ``COLUMNS`` with the test accuracies at one level of a change.

    ``paths`` maps (model, seed) to the weights. Every test digit is changed and then read as it is
    and through the pipelines for drawings.
    """
    from mnist_compare import study, training

    _, (digits, labels) = data.load_mnist()
    if runs.fast():
        digits, labels = digits[:100], labels[:100]
    digits = changed(digits, change, level)
    seen = {AS_IT_IS: digits}
    for way in THROUGH:
        seen[way] = np.stack([preprocess(digit, way).digit for digit in digits])
    return [
        (change, float(level), way, model, seed, accuracy, study.fingerprint(model, "fair"))
        for (model, seed), path in paths.items()
        for way, pictures in seen.items()
        for given in [training.read(model, path, pictures)]
        for accuracy in [metrics.accuracy(labels, given.argmax(axis=1))]
    ]


def read():
    """Return the record as a table with the columns ``COLUMNS``, of the seeds both models have.

    Raises ValueError with the file and what to do where it cannot be read.
    """
    record = _stored()
    measured = set(zip(record.model, record.fingerprint, strict=True))
    runs.require_networks({(model, "fair", found) for model, found in measured}, _path())
    seeds = set.intersection(*(set(record.seed[record.model == model]) for model in MODELS))
    return record[record.seed.isin(seeds)]


def _stored():
    types = {"level": float, "seed": int, "accuracy": float}
    return measurements.read(_path(), COLUMNS, types, "study")


def curve(record, change, way, model):
    """Return levels (n,) and accuracies (n, seeds) of a model under a change."""
    rows = record[(record.change == change) & (record.way == way) & (record.model == model)]
    table = rows.pivot(index="level", columns="seed", values="accuracy").sort_index()
    return table.index.to_numpy(), table.to_numpy()


def curves(record, ways=(AS_IT_IS,), changes=tuple(CHANGES)):
    """Return {change: {(model, way): (levels, accuracies)}}, as ``figures.robustness`` draws it."""
    return {
        change: {
            (model, way): curve(record, change, way, model) for model in MODELS for way in ways
        }
        for change in changes
    }


def examples(digit):
    """Return {change: [(level, changed digit)]}, as ``figures.changes_sheet`` draws it."""
    return {
        name: [(level, changed(digit[None], name, level)[0]) for level in what.levels]
        for name, what in CHANGES.items()
    }


def representations(digits, shifts):
    """Return what becomes of the networks' inner pictures of digits when these are shifted.

    {name: (model, shifts, cosine similarities with the unshifted digits' representation, that of
    different digits)} for the hidden layers of both networks and for the convolution's maps,
    shifted back. Weights of seed 0; means over the (n, 28, 28) uint8 digits, shifted right by each
    of ``shifts`` pixels, 0 first.
    """
    moved = {pixels: _to_the_right(digits, pixels) for pixels in shifts}
    hidden = {model: {p: layer_output(model, -2, moved[p]) for p in shifts} for model in MODELS}
    maps = {p: layer_output("cnn", 0, moved[p]) for p in shifts}
    edge = max(shifts)
    back = {p: maps[p][:, :, p : maps[p].shape[2] - edge + p] for p in shifts}
    return {
        "CNN, maps of the convolution, shifted back": _similarity("cnn", back),
        "CNN, hidden layer": _similarity("cnn", hidden["cnn"]),
        "MLP, hidden layer": _similarity("mlp", hidden["mlp"]),
    }


def layer_output(model, layer, digits):
    """Return what a layer of a trained model gives for digits (n, 28, 28) uint8; seed 0."""
    from mnist_compare import training

    network = predictor.load_keras(model)
    images = training.as_input(network, digits)
    for step in network.layers[: len(network.layers) + layer + 1 if layer < 0 else layer + 1]:
        images = step(images)
    return np.asarray(images)


def shifted_maps(digit, pixels):
    """Return [(title, unshifted, shifted)] of a digit, a map of the CNN and the pooled map; seed 0.

    The map is the one with the strongest mean response to the digit.
    """
    both = np.stack([digit, _to_the_right(digit, pixels)])
    maps, pooled = (layer_output("cnn", layer, both) for layer in (0, 1))
    strongest = maps[0].mean(axis=(0, 1)).argmax()
    return [
        ("digit", *both),
        ("a map", *maps[..., strongest]),
        ("pooled", *pooled[..., strongest]),
    ]


def numbers(record):
    """Return the numbers that a sentence of the chapter may name.

    ``{change}_{model}``: the mean accuracy over the changed levels; ``through_center_{change}_
    {model}``: the same through ``center``. Spaces in a change are underscores.
    """
    return {
        f"{prefix}{change.replace(' ', '_')}_{model}": Number(found[model].mean())
        for prefix, way in (("", AS_IT_IS), ("through_center_", "center"))
        for change, found in means(record, way).items()
        for model in MODELS
    }


def in_words(record):
    """Return which network reads which changed digits better, as the records have it."""
    verdicts = {
        change: intervals.verdict(*intervals.of_mean(found["cnn"] - found["mlp"]))
        for change, found in means(record).items()
    }
    openings = {
        "supported": "The convolutional network reads digits better under",
        "refuted": "The perceptron reads them better under",
        "undecided": "The seeds do not settle it for",
    }
    sentences = []
    for verdict, opening in openings.items():
        those = [change for change, given in verdicts.items() if given == verdict]
        if those:
            sentences.append(
                f"{opening} {listed(those)} ({len(those)} of {len(verdicts)} changes)."
            )
    return " ".join(sentences)


def ways_in_words(record):
    """Return what preprocessing and architecture buy under which changes, by the records."""
    gains = _gains(record)

    def where(verdict, difference):
        return [
            change
            for change, gain in gains.items()
            if intervals.verdict(*intervals.of_mean(difference(gain))) == verdict
        ]

    helped = where("supported", lambda gain: gain["Prep., MLP"])
    helped_cnn = where("supported", lambda gain: gain["Prep., CNN"])
    ahead = where("supported", lambda gain: gain["Prep., MLP"] - gain["Arch."])

    sentences = [
        (
            "Putting the digit in its place buys the perceptron more than convolutions would under "
            "{}.",
            [change for change in helped if change in ahead],
        ),
        (
            "Convolutions buy more under {}.",
            where("refuted", lambda gain: gain["Prep., MLP"] - gain["Arch."]),
        ),
        (
            "The pipeline costs the perceptron accuracy under {}.",
            where("refuted", lambda gain: gain["Prep., MLP"]),
        ),
        ("It helps the convolutional network under {}.", helped_cnn),
        (
            f"It costs {'that' if helped_cnn else 'the convolutional'} network accuracy under "
            "{}.",
            where("refuted", lambda gain: gain["Prep., CNN"]),
        ),
    ]
    return " ".join(text.format(listed(those)) for text, those in sentences if those)


def listed(names):
    """Return names as English lists them: one, two and three."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _similarity(model, by_shift):
    flat = {pixels: given.reshape(len(given), -1) for pixels, given in by_shift.items()}
    cosines = [_cosine(given, flat[0]) for given in flat.values()]
    return model, list(by_shift), cosines, _cosine(flat[0], np.roll(flat[0], 1, axis=0))


def _cosine(one, other):
    lengths = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    return float(np.mean((one * other).sum(axis=1) / lengths))


def _to_the_right(digits, pixels):
    moved = np.zeros_like(digits)
    moved[..., pixels:] = digits[..., : digits.shape[-1] - pixels]
    return moved


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
    straight line. None on a side where it does not fall; ``neutral`` on both where it is lower from
    the start.
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


def lost(record, change, level, model, way=AS_IT_IS):
    """Return the accuracy that a model loses at one level of a change, (seeds,)."""
    levels, accuracy = curve(record, change, way, model)
    neutral = CHANGES[change].neutral
    return (accuracy[levels == neutral] - accuracy[levels == level])[0]


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

    And what preprocessing and architecture buy, in points: center − as it is for either model, and
    CNN − MLP, both as it is.
    """
    by_way, rows = {way: means(record, way) for way in WAYS}, {}
    for change, gains in _gains(record).items():
        rows[change] = {
            model.upper() + ("" if way == AS_IT_IS else f" {way}"): f"{found.mean():.1%}"
            for model in MODELS
            for way in WAYS
            for found in [by_way[way][change][model]]
        } | {name: f"{Number(gain.mean()):+.1h}" for name, gain in gains.items()}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("Change")


def _gains(record):
    """Return {change: {what: accuracy it buys (seeds,)}} of preprocessing and architecture."""
    as_it_is, centred = means(record), means(record, "center")
    return {
        change: {
            "Prep., MLP": centred[change]["mlp"] - found["mlp"],
            "Prep., CNN": centred[change]["cnn"] - found["cnn"],
            "Arch.": found["cnn"] - found["mlp"],
        }
        for change, found in as_it_is.items()
    }


def _sides(change):
    """Return {0 for below neutral or 1 for above: name} of the directions a change has."""
    what = CHANGES[change]
    if min(what.levels) < what.neutral < max(what.levels):
        return {0: f"{change}, smaller", 1: f"{change}, larger"}
    return {1: change} if what.neutral == min(what.levels) else {0: change}


def _level(found, last):
    fallen = np.array([level for level in found if level is not None])
    if not len(fallen):
        return f"not by {last:g}"
    text = f"{fallen.mean():.2g} ({fallen.min():.2g} to {fallen.max():.2g})"
    return text if len(fallen) == len(found) else f"{text}, {len(fallen)} of {len(found)} seeds"


def _crossing(levels, accuracy, limit):
    if accuracy[0] < limit:
        return float(levels[0])
    for i in range(1, len(levels)):
        if accuracy[i] < limit <= accuracy[i - 1]:
            share = (accuracy[i - 1] - limit) / (accuracy[i - 1] - accuracy[i])
            return float(levels[i - 1] + share * (levels[i] - levels[i - 1]))
    return None


def _path():
    return runs.folder() / "robustness.csv"
