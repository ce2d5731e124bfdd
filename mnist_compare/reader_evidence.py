"""What the records say of the reader and the steps towards it: tables, sentences, drawn data.

The record is that of ``ablation.read()``; what was read of the test digits comes from the runs.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from mnist_compare import (
    ablation,
    data,
    intervals,
    metrics,
    pendigits,
    predictor,
    recipes,
    robustness,
    runs,
    study,
)
from mnist_compare.forms import Forms
from mnist_compare.reading import UNSURE_BELOW
from mnist_compare.tables import Number

READER = ("reader", "fair")
SURE = 0.9  # a confidence above which a wrong answer throws doubt on the label
GAINS = {"test_accuracy": "test digits", "drawings": "drawings"}


def values(record, model, recipe, measure):
    """Return {seed: value} of one of ``MEASURES``, or of ``QUANTITIES`` of the run itself."""
    if measure not in QUANTITIES:
        rows = record[
            (record.model == model) & (record.recipe == recipe) & (record.measure == measure)
        ]
        return dict(zip(rows.seed, rows.value, strict=True))
    return {run.seed: QUANTITIES[measure](run) for run in runs.read(model, recipe)}


QUANTITIES = {
    "test_accuracy": lambda run: run.rows[-1]["test_accuracy"],
    "seconds": lambda run: sum(row["seconds"] for row in run.rows),
    "parameters": lambda run: run.rows[-1]["parameters"],
}


def steps(record, chosen=None):
    """Return what the network of each step reads, and in how many seconds it was trained.

    Means over the seeds, in percent, those of unchanged digits with their standard deviation; the
    steps are the rows. The last row is what another student's diary of tuning gives.
    """
    rows = {}
    for key, recipe in (chosen or recipes.STEPS).items():
        row = rows[recipe.title] = {}
        for measure, heading in STEP_COLUMNS.items():
            found = np.array([*values(record, *key, measure).values()])
            form = ".2f" if measure == "test_accuracy" else ".1f"
            mean, deviation = (format(100 * x, form) for x in (found.mean(), found.std(ddof=1)))
            # In one line; the changed digits alone, so that the table fits a page.
            whole = f"{mean}\u00a0±\u00a0{deviation}"
            row[heading] = mean if measure in ablation.CHANGED else whole
        row["Seconds"] = f"{np.mean([*values(record, *key, 'seconds').values()]):.0f}"
    if chosen is None:
        rows[DIARY_TITLE] = dict.fromkeys(row, "–") | {STEP_COLUMNS["test_accuracy"]: DIARY}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("Step")


STEP_COLUMNS = {
    "test_accuracy": "Test",
    "drawings": "Center",
    "drawings_crop": "Crop",
    "rotation": "30°",
    "thin": "×\u00a00.5",
    "thick": "×\u00a02",
}
# Published, of one run each: 20 epochs, 128, 256 and 256 filters, BatchNormalization, augmentation.
DIARY_TITLE, DIARY = "A tuning diary [20], published", "97–98 → 99.15"


def gains(record):
    """Return {what is read: {title of a step: gains over the step before, (seeds,)}}."""
    found, keys = {}, list(recipes.STEPS)
    for measure, what in GAINS.items():
        found[what] = {
            recipes.STEPS[key].title: _difference(record, key, before, measure)
            for before, key in pairwise(keys)
        }
    return found


def _difference(record, key, other, measure):
    one, two = (values(record, *each, measure) for each in (key, other))
    return np.array([one[seed] - two[seed] for seed in sorted(one.keys() & two.keys())])


def gains_in_words(record):
    """Return which steps gained and lost, by the records."""
    sentences = []
    for what, by_step in gains(record).items():
        by_verdict = {"supported": [], "refuted": [], "undecided": []}
        for title, gained in by_step.items():
            verdict = intervals.verdict(*intervals.of_mean(gained))
            points = Number(gained.mean())
            by_verdict[verdict].append(f"*{title.removeprefix('plus ')}* ({points:+.1h})")
        for verdict, opening in (
            ("supported", f"On {what}, these steps gain, in points:"),
            ("refuted", f"On {what}, these lose:"),
            ("undecided", f"On {what}, three seeds do not settle the sign of"),
        ):
            if by_verdict[verdict]:
                sentences.append(f"{opening} {robustness.listed(by_verdict[verdict])}.")
    return " ".join(sentences)


def aside_in_words(record):
    """Return what was tried beside the steps and whether it helped, by the records."""
    sentences = []
    for key, recipe in recipes.ASIDE.items():
        said = []
        for measure, what in GAINS.items():
            gained = _difference(record, key, ("cnn", "plain"), measure)
            interval = intervals.of_mean(gained)
            said.append(
                intervals.by_verdict(interval, "helps", "harms", "neither helps nor harms clearly")
                + f" on {what} ({_points(gained)} points)"
            )
        sentences.append(f"*{recipe.title.capitalize()}* {robustness.listed(said)}.")
    return " ".join(sentences)


def compared(record):
    """Return what the reader and the two models of the comparison do, with 95 % intervals.

    Means over the seeds, Student's t.
    """
    rows = {}
    for measure, heading in COMPARED.items():
        row = rows[heading] = {}
        for model in runs.SERVED:
            found = [*_compared_values(record, model, measure).values()]
            low, high = intervals.of_mean(found)
            row[runs.SHOWN_AS[model]] = (
                f"{100 * np.mean(found):.2f} [{100 * low:.2f}, {100 * high:.2f}]"
            )
    row = rows["Parameters"] = {}
    for model in runs.SERVED:
        row[runs.SHOWN_AS[model]] = f"{runs.read(model, 'fair')[0].rows[-1]['parameters']:,}"
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("In percent")


COMPARED = {
    "test_accuracy": "Test accuracy",
    "calibration": "Calibration error, test digits",
    "drawings": "Drawings, center",
    "drawings_crop": "Drawings, crop",
    "worst_writer": "Drawings of the writer read least",
    "drawings_calibration": "Calibration error, drawings",
    "rotation": "Turned 30° either way",
    "thin": "Strokes half as wide",
    "thick": "Strokes twice as wide",
    "sure_curves": "Sure of zigzags, as trained with",
    "sure_walks": "Sure of wandering lines",
    "sure_letters": "Sure of printed letters",
    "confidence_blank": "Confidence in an empty picture",
}


def _compared_values(record, model, measure):
    """Return {seed: value} of the measured seeds."""
    if measure != "calibration":
        found = values(record, model, "fair", measure)
        return {seed: value for seed, value in found.items() if seed < study.FEW}
    _, (_, labels) = data.load_mnist()
    few = [run for run in runs.read(model, "fair") if run.seed < study.FEW]
    return {run.seed: _calibration(run, labels) for run in few}


def _calibration(run, labels):
    return metrics.calibration_error(run.confidences[len(run.rows)], _last(run) == labels)


def in_a_sentence(record):
    """Return, in one sentence with its numbers, what the reader is worth beside the CNN."""
    test, drawings, test_cnn, drawings_cnn = (
        Number(np.mean([*_compared_values(record, model, measure).values()]))
        for model in ("reader", "cnn")
        for measure in ("test_accuracy", "drawings")
    )
    size = runs.read(*READER)[0].rows[-1]["parameters"]
    return (
        f"A third network, the *reader* ({size:,} parameters, trained on MNIST's digits, varied as "
        f"drawings vary), reads {test:.2%} of the test digits and {drawings:.1%} of the drawings "
        f"of ten unknown writers; the CNN reads {test_cnn:.2%} and {drawings_cnn:.1%}."
    )


def reliability(labels):
    """Return the diagram of the reader, as ``figures.reliability`` draws it."""
    diagrams = []
    for run in runs.read(*READER):
        last = len(run.rows)
        diagrams.append(metrics.reliability(run.confidences[last], _last(run) == labels))
    return {("reader", last): diagrams}


def per_digit(labels):
    """Return precision, recall and F1 of each digit, of the CNN and of the reader, over seeds."""
    columns = {}
    for model in ("cnn", "reader"):
        found = [_last(run) for run in runs.read(model, "fair")][: study.FEW]
        for name in ("precision", "recall", "f1"):
            share = np.mean([getattr(metrics, name)(labels, digits) for digits in found], axis=0)
            title = "F1" if name == "f1" else name
            columns[f"{runs.SHOWN_AS[model]}, {title}"] = [*share, share.mean()]
    table = pd.DataFrame(columns, index=[*map(str, range(data.CLASSES)), "mean"])
    return table.rename_axis("Digit").map("{:.2%}".format)


def classes(labels):
    """Return what thinning and strengthening single classes did to them, in points.

    Paired by seed with the plain CNN, with 95 % intervals.
    """
    plain = {run.seed: run for run in runs.read("cnn", "plain")}
    rows = []
    tried = {name: recipe for (_, name), recipe in recipes.ASIDE.items() if recipe.shown}
    for recipe_name, recipe in tried.items():
        for digit, _ in recipe.shown:
            row = {"Tried": recipe.title, "Digit": digit}
            for name in ("precision", "recall"):
                measure = getattr(metrics, name)
                gained = [
                    measure(labels, _last(run))[digit]
                    - measure(labels, _last(plain[run.seed]))[digit]
                    for run in runs.read("cnn", recipe_name)
                ]
                row[name.capitalize()] = _points(gained)
            rows.append(row)
        gained = [
            metrics.accuracy(labels, _last(run)) - metrics.accuracy(labels, _last(plain[run.seed]))
            for run in runs.read("cnn", recipe_name)
        ]
        rows.append(
            {"Tried": recipe.title, "Digit": "all", "Precision": "", "Recall": _points(gained)}
        )
    return pd.DataFrame(rows).fillna("")


def _last(run):
    return run.predictions[len(run.rows)]


def _points(values):
    low, high = intervals.of_mean(values)
    mean = Number(np.mean(values))
    return f"{mean:+.2h} [{Number(low):+.2h}, {Number(high):+.2h}]"


@dataclass(frozen=True)
class Errors:
    """Test digits that most readers misread.

    ``which`` are places among the test digits, ``read`` the wrong answer that is given most often,
    ``votes`` how many are wrong and ``confidence`` the mean of these: (n,) each, the surest
    first. ``readers`` is how many there are.
    """

    which: np.ndarray
    read: np.ndarray
    confidence: np.ndarray
    votes: np.ndarray
    readers: int

    @property
    def doubtful(self):
        """Tell which labels are in doubt: every reader is wrong, and sure of it, (n,) booleans."""
        return (self.votes == self.readers) & (self.confidence >= SURE)


def errors(labels):
    """Return the ``Errors`` left: test digits that more than half of the readers misread."""
    read = np.stack([_last(run) for run in runs.read(*READER)])
    sure = np.stack([run.confidences[len(run.rows)] for run in runs.read(*READER)])
    wrong = read != labels
    votes = wrong.sum(axis=0)
    (which,) = np.nonzero(2 * votes > len(read))
    confidence = (sure * wrong).sum(axis=0)[which] / votes[which]
    order = np.argsort(-confidence, kind="stable")
    which, confidence = which[order], confidence[order]
    most = np.array([np.bincount(read[wrong[:, i], i]).argmax() for i in which], int)
    return Errors(which, most, confidence, votes[which], len(read))


def confused(model, labels, digit, answer):
    """Return how many digits of that label a model reads as ``answer``, the mean over the seeds."""
    reading = [_last(run)[labels == digit] == answer for run in runs.read(model, "fair")]
    return Number(np.sum(reading, axis=1)[: study.FEW].mean())


def no_digits_sheet(kinds, of_each=18):
    """Return pictures without a digit, and what the reader of seed 0 says to each.

    ``of_each`` of each of ``kinds``, a dictionary of (n, 28, 28) uint8, spread evenly over them.
    """
    pictures = np.concatenate(
        [kind[np.linspace(0, len(kind) - 1, of_each).astype(int)] for kind in kinds.values()]
    )
    given = predictor.load(READER[0])(pictures)
    return pictures, [f"{one.argmax()}, {one.max():.0%}" for one in given]


def examples(digits, labels, of_each=(1, 7, 9, 4), seed=0):
    """Return {kind of change: changed digits (2, n, 28, 28) uint8}, the first unchanged.

    The first digit of each label in ``of_each``, changed twice by each step of augmentation alone.
    """
    from mnist_compare.augmentation import augment

    chosen = np.array([np.flatnonzero(labels == digit)[0] for digit in of_each])
    digits, labels = digits[chosen], labels[chosen]
    found = {"as they are": np.stack([digits, digits])}
    for before, recipe in pairwise(recipes.STEPS.values()):
        generator = np.random.default_rng(seed)
        new = {
            name: value
            for name, value in vars(recipe.augmentation).items()
            if value != getattr(before.augmentation, name)
        }
        if {"thinner", "thicker"} & new.keys():
            new = {"thinner": 0.5, "thicker": 0.5}  # all of them
        if new:
            change = recipes.Augmentation(**new)
            both = [255 * np.asarray(augment(digits, change, generator)) for _ in range(2)]
        elif recipe.forms != before.forms:
            shares = dict.fromkeys(dict(recipe.forms), 1)
            both = [Forms(digits, labels, shares)(generator) for _ in range(2)]
        else:
            continue
        found[recipe.title.removeprefix("plus ")] = np.stack(both).round().astype(np.uint8)
    return found


def numbers(record, pens, labels):
    """Return the numbers that a sentence of the chapter may name.

    ``{measure}`` of the reader and ``{measure}_cnn`` for all of ``COMPARED``; ``pen_low`` and
    ``pen_high``, the interval of its rate on drawings over writers and seeds; ``minutes`` and
    ``epochs`` of its training; ``unsure``, the confidence below which there is doubt; ``left``, the
    number of errors left, and ``doubtful`` among them; ``sevens`` and ``sevens_cnn``, how many test
    7s a network reads as 1, means over the seeds.
    """
    found = {}
    for measure in COMPARED:
        for model, end in (("reader", ""), ("cnn", "_cnn")):
            mean = np.mean([*_compared_values(record, model, measure).values()])
            found[measure + end] = Number(mean)
    of_reader = runs.read(*READER)
    left = errors(labels)
    found["minutes"] = Number(np.mean([QUANTITIES["seconds"](run) for run in of_reader]) / 60)
    found["epochs"] = max(len(run.rows) for run in of_reader)
    found["parameters"] = of_reader[0].rows[-1]["parameters"]
    low, high = intervals.of_crossed_mean(pendigits.rates(pens, "reader", "center"))
    # Student's t knows no largest share.
    found["pen_low"], found["pen_high"] = Number(low), Number(min(high, 1))
    found["unsure"] = Number(UNSURE_BELOW)
    found["left"], found["doubtful"] = len(left.which), int(left.doubtful.sum())
    found["sevens"] = confused("reader", labels, 7, 1)
    found["sevens_cnn"] = confused("cnn", labels, 7, 1)
    return found
