"""The chapter on the reader: what the records say of it and of the steps that lead to it.

``record`` is ``runs.measured(study.steps.RECORD)``. What networks answer on test digits comes from
the recorded runs, at the last of their epochs. A network is known by its key (model, protocol).
"""

from dataclasses import dataclass
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pandas as pd

from mnist_compare import data, metrics, predictor
from mnist_compare.networks import COMPARED, NETWORKS, SERVED
from mnist_compare.protocols import FAIR
from mnist_compare.reader.forms import Forms
from mnist_compare.reader.recipes import (
    ASIDE,
    RECIPES,
    REPEATED,
    STEPS,
    TRIALS,
    WITHOUT,
    Augmentation,
)
from mnist_compare.records import runs
from mnist_compare.report import pens
from mnist_compare.report.sentences import Names
from mnist_compare.report.tables import Table
from mnist_compare.statistics import VERDICTS, Number, asked_together, bootstrap, estimate
from mnist_compare.study.grid import FEW
from mnist_compare.study.steps import RECORD

PLAIN, *_, READER = STEPS
OVER_THE_STEP_BEFORE = [(key, before) for before, key in pairwise(STEPS)]
OVER_THE_READER = [(key, READER) for key in WITHOUT]
OVER_THE_PLAIN_CNN = [(key, PLAIN) for key in ASIDE]
NO_FORMS, NO_SCRIBBLES = ("reader", "no_forms"), ("reader", "no_scribbles")
LEAN = ("reader_plain", "lean")
TRIED = {READER: STEPS[READER]} | TRIALS
SURE = 0.9  # a confidence above which a wrong answer casts doubt on the label
GAINS = {"test_accuracy": "test digits", "drawings": "drawings"}
GAINED = (*GAINS, "choosing_drawings", "sure_curves")
LOSSES = {  # what a part may be worth: heading, format, and the verdict if the reader is worse
    "test_accuracy": ("Test digits", "{:[+.2h]}", "refuted"),
    "drawings": ("Drawings", "{:[+.2h]}", "refuted"),
    "thick": ("Wide strokes", "{:[+.2h]}", "refuted"),
    "sure_letters": ("Sure of letters", "{:[+.1h]}", "supported"),
}
CHOICES = {
    "validation_accuracy": "Validation digits",
    "choosing_drawings": "Drawings",
    "choosing_worst_writer": "Writer read worst",
}
OF_ONE = "{0:.1h}"
OF_SEVERAL = "{0:.1h}\u00a0±\u00a0{0.sd:.1h}"  # in one line
PRECISE_OF_SEVERAL = "{0:.2h}\u00a0±\u00a0{0.sd:.2h}"
STEP_COLUMNS = {  # only the changed digits lack the deviation, so that the table fits a page
    "test_accuracy": ("Test", PRECISE_OF_SEVERAL),
    "drawings": ("Center", OF_SEVERAL),
    "drawings_crop": ("Crop", OF_SEVERAL),
    "rotation": ("30°", OF_ONE),
    "thin": ("×\u00a00.5", OF_ONE),
    "thick": ("×\u00a02", OF_ONE),
}
# Published, of one run each: 20 epochs, 128, 256 and 256 filters, BatchNormalization, augmentation.
DIARY_TITLE, DIARY = "A tuning diary [20], published", "97–98 → 99.15"
ROWS = {
    "test_accuracy": "Test accuracy",
    "calibration": "Calibration error, test digits",
    "drawings": "Drawings, center",
    "drawings_crop": "Drawings, crop",
    "worst_writer": "Drawings of the writer read worst",
    "drawings_calibration": "Calibration error, drawings",
    "rotation": "Turned 30° either way",
    "thin": "Strokes half as wide",
    "thick": "Strokes twice as wide",
    "sure_curves": "Sure of zigzags, as trained with",
    "sure_walks": "Sure of wandering lines",
    "sure_letters": "Sure of printed letters",
    "confidence_blank": "Confidence in an empty picture",
}


def _last(run):
    """Return the answers of a run on test digits after its last epoch, and their confidences."""
    epoch = run.rows[-1]["epoch"]
    return run.predictions[epoch], run.confidences.get(epoch)


def _calibration(run):
    answers, confidences = _last(run)
    if confidences is None:  # recorded only of the networks that the demo serves
        return np.nan
    return metrics.calibration_error(confidences, answers == data.load("mnist")[1][1])


def _of_the_sevens(run):
    """Return what a run answers to the 7s of the test digits."""
    return _last(run)[0][data.load("mnist")[1][1] == 7]


def _minutes(run):
    """Return how long a run took: its median epoch, as if all were alike, for some were held up."""
    return len(run.rows) * np.median([row["seconds"] for row in run.rows]) / 60


OF_RUNS = {  # measures that are not in the record but come from a run itself
    "test_accuracy": lambda run: run.rows[-1]["test_accuracy"],
    "validation_accuracy": lambda run: run.rows[-1]["validation_accuracy"],
    "calibration": _calibration,
    "sevens_misread": lambda run: np.count_nonzero(_of_the_sevens(run) != 7),
    "sevens_as_ones": lambda run: np.count_nonzero(_of_the_sevens(run) == 1),
    "minutes": _minutes,
}


def values(record, key, measure):
    """Return one of ``study.steps.MEASURES`` or of ``OF_RUNS`` of a network, a Series by seed."""
    if measure in OF_RUNS:
        return _of_runs(key, OF_RUNS[measure])
    rows = record[(record.model == key[0]) & (record.protocol == key[1])]
    return rows[rows.measure == measure].set_index("seed").value


def _of_runs(key, measure):
    return pd.Series({run.seed: measure(run) for run in runs.read(*key)}, dtype=float)


def hyperparameters():
    """Return every number by which the reader is trained, as the recipe has it."""
    from mnist_compare.reader import training  # it loads TensorFlow

    recipe = RECIPES[READER]
    how = recipe.augmentation
    forms = Names(f"{share:.0%} of the {digit}s" for digit, share in recipe.forms)
    facts = {
        "Rotation": f"up to {how.rotation}° either way",
        "Shift": f"up to {how.shift} pixels along either axis",
        "Scale, aspect": f"factors from {np.exp(-how.scale):.2f} to {np.exp(how.scale):.2f}, and "
        f"from {np.exp(-how.aspect):.2f} to {np.exp(how.aspect):.2f}",
        "Shear": f"up to {how.shear} pixels a row",
        "Elastic distortion": f"standard deviation up to {how.elastic} pixel",
        "Stroke width": f"{how.thinner:.0%} of the digits thinned, {how.thicker:.0%} thickened",
        "Other forms": forms,
        "Scribbles": f"{recipe.scribbles:.0%} of a batch, from {training.SCRIBBLES:,} drawn once, "
        f"{recipe.turned:.0%} of them digits on their side or mirrored",
        "Epochs, batch": f"{recipe.epochs} epochs, batches of {training.BATCH}",
        "AdamW": f"highest rate {recipe.rate:g}, weight decay {recipe.decay:g}",
        "Averaged weights": f"momentum {recipe.averaging}",
        "Calmer changes": f"in the last {recipe.calm} epochs",
    }
    return Table(facts.items(), columns=["What", "How much"])


def steps(record, chosen=STEPS):
    """Return what the network of each step reads.

    Means over the seeds, in percent, some with their standard deviation; the steps are the rows.
    Below ``STEPS``, the last row is what another student's diary of tuning gives.
    """
    table = Table(
        {
            recipe.title: {
                heading: form.format(estimate(values(record, key, measure)))
                for measure, (heading, form) in STEP_COLUMNS.items()
            }
            for key, recipe in chosen.items()
        }
    ).T.rename_axis("Step")
    if chosen is STEPS:
        table.loc[DIARY_TITLE] = "–"
        table.loc[DIARY_TITLE, "Test"] = DIARY
    return table


def recipe_or_network(record):
    """Return what both networks read by the source's recipe and by the reader's, and the reader."""
    fair, likewise = str(FAIR), "scribbles"
    rows = {
        f"{NETWORKS[model].title}, the {whose} recipe": (model, recipe)
        for whose, recipe in (("source's", fair), ("reader's", likewise))
        for model in COMPARED
    }
    columns = {name: STEP_COLUMNS[name] for name in ("test_accuracy", "drawings", "drawings_crop")}
    return Table(
        {
            name: {
                heading: form.format(estimate(values(record, key, measure)))
                for measure, (heading, form) in columns.items()
            }
            for name, key in (rows | {"Reader": READER}).items()
        }
    ).T.rename_axis("Network")


def gains(record, pairs=OVER_THE_STEP_BEFORE):
    """Return {what is read: {title: how much more is read than by the other, a Series by seed}}.

    ``pairs`` are of a network and the other, of the seeds that both have.
    """
    return {what: _differences(record, pairs, measure) for measure, what in GAINS.items()}


def _differences(record, pairs, measure):
    return {RECIPES[key].title: _paired(record, key, other, measure) for key, other in pairs}


def _paired(record, key, other, measure):
    """Return how much more a network has of a measure than another, by the seeds of both."""
    return (values(record, key, measure) - values(record, other, measure)).dropna()


def gain_table(record, pairs=OVER_THE_STEP_BEFORE, form="+.1h"):
    """Return what gains, what loses and what the seeds leave undecided, each with its gain.

    There is a column for each of ``GAINS``; ``pairs`` are as in ``gains()``.
    """
    columns = {}
    for what, by_title in gains(record, pairs).items():
        found = {_name(title): estimate(by_seed) for title, by_seed in by_title.items()}
        columns[f"On {what}"] = [
            Names(f"*{n}* ({g:{form}})" for n, g in found.items() if g.verdict == verdict) or "–"
            for verdict in VERDICTS
        ]
    return Table(columns, index=["gains", "loses", "undecided"])


def without(record):
    """Return what becomes of the reader without each part, paired by seed.

    In points, with 95 % intervals, a column for each of ``LOSSES``; the last is the share of
    printed letters of which the network is sure.
    """
    losses = _losses(record)
    columns = {
        heading: losses[measure].map(form.format).str.replace(", ", ",\u00a0")  # kept together
        for measure, (heading, form, _) in LOSSES.items()
    }
    return Table(columns).rename_axis("Without")


def worth(record):
    """Return what the parts of the reader are worth: four attributes.

    ``earning`` are the ``Names`` of those without which it is worse, as the whole interval
    of one of ``LOSSES`` says; ``idle`` the others; ``certain`` those of which this still holds if
    the verdicts are corrected for the number of ``questions``.
    """
    losses = _losses(record)
    together = np.reshape(asked_together(losses.to_numpy().flat), losses.shape)
    corrected = pd.DataFrame(together, losses.index, losses.columns)
    earns, certain = _is_worse(losses), _is_worse(corrected)
    return SimpleNamespace(
        earning=Names(losses.index[earns]),
        idle=Names(losses.index[~earns]),
        certain=Names(losses.index[certain]),
        questions=losses.size,
    )


def _is_worse(losses):
    """Tell without which parts the network is worse, in one of ``LOSSES`` or more, (n,)."""
    said = [
        losses[each].map(lambda loss: loss.verdict) == worse for each, (*_, worse) in LOSSES.items()
    ]
    return np.any(said, axis=0)


def _losses(record):
    """Return the Estimate of each of ``LOSSES`` without each part, a frame."""
    return Table(
        {
            measure: {
                title.removeprefix("without "): estimate(by_seed)
                for title, by_seed in _differences(record, OVER_THE_READER, measure).items()
            }
            for measure in LOSSES
        }
    )


def choices(record, chosen=STEPS | WITHOUT):
    """Return what recipes are chosen by, in percent: means over the seeds ± standard deviation.

    This is the validation accuracy after the last epoch, and drawings of writers 1–20.
    """

    def told(found):
        return PRECISE_OF_SEVERAL.format(found) if found.n > 1 else f"{found:.2h}"

    return Table(
        {
            recipe.title: {
                heading: told(estimate(values(record, key, measure)))
                for measure, heading in CHOICES.items()
            }
            for key, recipe in chosen.items()
        }
    ).T.rename_axis("Recipe")


def classes(labels):
    """Return what thinning and strengthening single classes did to them, in points.

    Paired by seed with the plain CNN, with 95 % intervals.
    """

    def gained(key, measure, digit=()):
        one, plain = (
            _of_runs(each, lambda run: np.asarray(measure(labels, _last(run)[0]))[digit])
            for each in (key, PLAIN)
        )
        return f"{estimate((one - plain).dropna()):[+.2h]}"

    rows = []
    for key, recipe in ASIDE.items():
        for digit, _ in recipe.shown:
            of_digit = (gained(key, each, digit) for each in (metrics.precision, metrics.recall))
            rows.append((recipe.title, digit, *of_digit))
        if recipe.shown:
            rows.append((recipe.title, "all", "", gained(key, metrics.accuracy)))
    return Table(rows, columns=["Tried", "Digit", "Precision", "Recall"])


def network(record, model, recipe=None):
    """Return what is said of a network: Estimates over at most five seeds, as attributes.

    Each of ``ROWS``, the ``minutes`` of training, and how many 7s of the test digits are misread
    and how many taken for a 1; and the number of ``parameters``. Without a ``recipe``, the reported
    runs of the network are meant; of any other the calibration is not known.
    """
    key, found = (model, recipe or str(NETWORKS[model].protocol)), {}
    for measure in (*ROWS, "minutes", "sevens_misread", "sevens_as_ones"):
        by_seed = values(record, key, measure)
        found[measure] = estimate(by_seed[by_seed.index < FEW])
    return SimpleNamespace(parameters=NETWORKS[model].parameters, **found)


def beside_the_cnn(record=None):
    """Return {"reader": …, "cnn": …}, each as ``network()`` has it; without ``record``, read it."""
    record = runs.measured(RECORD) if record is None else record
    return {model: network(record, model) for model in ("reader", "cnn")}


def compared(record):
    """Return what the three networks of the demo do, in percent, with 95 % intervals."""
    columns = {}
    for model in SERVED:
        found = network(record, model)
        column = {heading: f"{getattr(found, name):[.2h]}" for name, heading in ROWS.items()}
        columns[NETWORKS[model].title] = column | {"Parameters": f"{found.parameters:,}"}
    return Table(columns).rename_axis("In percent")


def per_digit(labels):
    """Return precision, recall and F1 of each digit, of the CNN and of the reader, over seeds."""
    columns = {}
    for model in ("cnn", "reader"):
        answers = [_last(run)[0] for run in runs.reported(model)[:FEW]]
        for name in ("precision", "recall", "f1"):
            share = np.mean([getattr(metrics, name)(labels, each) for each in answers], axis=0)
            heading = f"{NETWORKS[model].title}, {name.replace('f1', 'F1')}"
            columns[heading] = [*share, share.mean()]
    table = Table(columns, index=[*map(str, range(data.CLASSES)), "mean"])
    return table.rename_axis("Digit").map("{:.2%}".format)


def reliability(labels):
    """Return the diagram of the reader, as ``figures.reliability()`` draws it."""
    found = runs.reported("reader")
    epochs = max(len(run.rows) for run in found)
    diagrams = [metrics.reliability(sure, read == labels) for read, sure in map(_last, found)]
    return {("reader", epochs): diagrams}


@dataclass(frozen=True)
class Errors:
    """Test digits that most readers misread.

    ``which`` are their places among the test digits, ``read`` the wrong answer that is given most
    often, ``votes`` how many readers are wrong and ``confidence`` how sure these are on average;
    ``by_forms`` tells whether a reader trained without the forms of other hands reads the digit:
    (n,) each, the surest first. ``readers`` is how many there are.
    """

    which: np.ndarray
    read: np.ndarray
    confidence: np.ndarray
    votes: np.ndarray
    by_forms: np.ndarray
    readers: int

    @property
    def doubtful(self):
        """Tell which labels are in doubt, (n,).

        Every reader is wrong, sure of it on average, and so is every reader without the forms.
        """
        return (self.votes == self.readers) & (self.confidence >= SURE) & ~self.by_forms


def errors(labels):
    """Return the ``Errors`` left: test digits that more than half of the readers misread."""
    answers, sure = map(np.stack, zip(*map(_last, runs.reported("reader")), strict=True))
    wrong = answers != labels
    votes = wrong.sum(axis=0)
    (which,) = np.nonzero(2 * votes > len(answers))
    confidence = (sure * wrong).sum(axis=0)[which] / votes[which]
    order = np.argsort(-confidence, kind="stable")
    which, confidence = which[order], confidence[order]
    most = np.array([np.bincount(answers[wrong[:, i], i]).argmax() for i in which], int)
    without_forms = np.stack([_last(run)[0][which] for run in runs.read(*NO_FORMS)])
    by_forms = (without_forms == labels[which]).any(axis=0)
    return Errors(which, most, confidence, votes[which], by_forms, len(answers))


def no_digits_sheet(kinds, of_each=12):
    """Return pictures without a digit, and what the reader of seed 0 answers to each.

    ``of_each`` of each of ``kinds``, a dictionary of (n, 28, 28) uint8, spread evenly over them.
    """
    pictures = np.concatenate(
        [kind[np.linspace(0, len(kind) - 1, of_each).astype(int)] for kind in kinds.values()]
    )
    given = predictor.load("reader")(pictures)
    return pictures, [f"{one.argmax()}, {one.max():.0%}" for one in given]


def examples(digits, labels, of_each=(1, 7, 9, 4), seed=0):
    """Return {kind of change: changed digits (2, n, 28, 28) uint8}, the first kind unchanged.

    The first digit of each label in ``of_each``, changed twice by each step of augmentation alone.
    """
    from mnist_compare.reader.augmentation import augment  # it loads TensorFlow

    chosen = [np.flatnonzero(labels == digit)[0] for digit in of_each]
    digits, labels = digits[chosen], labels[chosen]
    found = {"as they are": np.stack([digits, digits])}
    for before, recipe in pairwise(STEPS.values()):
        generator = np.random.default_rng(seed)
        new = dict(vars(recipe.augmentation).items() - vars(before.augmentation).items())
        if new:
            # All strokes are varied, not a share of them.
            how = Augmentation(**{"thinner": 0.5, "thicker": 0.5} if "thicker" in new else new)
            both = [255 * np.asarray(augment(digits, how, generator)) for _ in range(2)]
        elif recipe.forms != before.forms:
            make = Forms(digits, labels, dict.fromkeys(dict(recipe.forms), 1))
            both = [make(generator) for _ in range(2)]
        else:
            continue
        found[_name(recipe.title)] = np.stack(both).round().astype(np.uint8)
    return found


def _name(title):
    return title.removeprefix("plus ")


def numbers(record, counts, labels):
    """Return the numbers that sentences of the chapter name.

    ``reader`` and ``cnn``, as ``network()`` has them, and the same of the ``plain`` network and of
    the reader ``without_forms`` and ``without_scribbles``; ``writers``, the interval of the
    reader's rate on drawings over writers and seeds; ``unsure``, the confidence below which there
    is doubt; ``sure``, that from which readers that are all wrong make a label doubtful;
    ``price``, what the reader gains without the forms of other hands, ``lean``, without the parts
    that the trial of that name lacks, and ``smoothed``, with label smoothing; ``strengthened``,
    what digits shown twice gain over shifts alone; each of these four of ``GAINED``; ``left``, how
    many errors are left, and ``doubtful`` among them; and what ``worth()`` has. ``counts`` is
    ``runs.measured(study.pens.COUNTS)``.
    """
    left = errors(labels)
    return beside_the_cnn(record) | {
        "plain": network(record, *PLAIN),
        "without_forms": network(record, *NO_FORMS),
        "without_scribbles": network(record, *NO_SCRIBBLES),
        # By the bootstrap: the interval of Student's t knows no largest share.
        "writers": bootstrap(pens.rates(counts, "reader", "center")),
        "unsure": Number(predictor.UNSURE_BELOW),
        "sure": Number(SURE),
        **vars(worth(record)),
        "price": _gained(record, NO_FORMS, READER),
        "lean": _gained(record, LEAN, READER),
        "smoothed": _gained(record, REPEATED, READER),
        "strengthened": _gained(record, ("cnn", "strengthened"), ("cnn", "shift")),
        "left": len(left.which),
        "doubtful": int(left.doubtful.sum()),
    }


def _gained(record, key, other):
    return SimpleNamespace(**{each: estimate(_paired(record, key, other, each)) for each in GAINED})
