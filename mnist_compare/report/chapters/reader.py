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
from mnist_compare.networks import COMPARED, NETWORKS
from mnist_compare.reader.forms import Forms
from mnist_compare.reader.recipes import RECIPES, STEPS, WITHOUT, Augmentation
from mnist_compare.records import runs
from mnist_compare.report.chapters import drawings
from mnist_compare.report.words.sentences import Names
from mnist_compare.report.words.tables import Table
from mnist_compare.statistics import Number, asked_together, bootstrap, estimate
from mnist_compare.study.grid import FEW
from mnist_compare.study.steps import RECORD

PLAIN, *_, READER = STEPS
OVER_THE_STEP_BEFORE = [(key, before) for before, key in pairwise(STEPS)]
OVER_THE_READER = [(key, READER) for key in WITHOUT]
LIKEWISE = "scribbles"  # the recipe of the reader that both networks have had
NO_FORMS, NO_SCRIBBLES = ("reader", "no_forms"), ("reader", "no_scribbles")
SURE = 0.9  # a confidence above which a wrong answer casts doubt on the label
GAINS = {"test_accuracy": "test digits", "drawings": "drawings"}
LOSSES = {  # what a part may be worth: heading, format, and the verdict if the reader is worse
    "test_accuracy": ("Test digits", "{:[+.2h]}", "refuted"),
    "drawings": ("Drawings", "{:[+.2h]}", "refuted"),
    "thick": ("Wide strokes", "{:[+.2h]}", "refuted"),
    "sure_letters": ("Sure of letters", "{:[+.1h]}", "supported"),
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
DIARY_TITLE, DIARY = "A tuning diary [23], published", "97–98 → 99.15"
NAMED = (  # measures of a network that a sentence may name
    *("test_accuracy", "calibration", "sevens_misread", "sevens_as_ones", "minutes"),
    *("drawings", "drawings_crop", "worst_writer", "drawings_calibration"),
    *("sure_curves", "sure_walks", "sure_letters", "confidence_blank"),
)


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


def steps(record):
    """Return what the network of each step reads.

    Means over the seeds, in percent, some with their standard deviation; the steps are the rows.
    The last row is what another student's diary of tuning gives.
    """
    table = Table(
        {
            recipe.title: {
                heading: form.format(estimate(values(record, key, measure)))
                for measure, (heading, form) in STEP_COLUMNS.items()
            }
            for key, recipe in STEPS.items()
        }
    ).T.rename_axis("Step")
    table.loc[DIARY_TITLE] = "–"
    table.loc[DIARY_TITLE, "Test"] = DIARY
    return table


def gains(record):
    """Return {what is read: {title: how much more than at the step before, a Series by seed}}."""
    return {
        what: _differences(record, OVER_THE_STEP_BEFORE, measure) for measure, what in GAINS.items()
    }


def _differences(record, pairs, measure):
    """Return {title: how much more a network has than the other of its pair}, of each pair."""
    return {RECIPES[key].title: _paired(record, key, other, measure) for key, other in pairs}


def _paired(record, key, other, measure):
    """Return how much more a network has of a measure than another, by the seeds of both."""
    return (values(record, key, measure) - values(record, other, measure)).dropna()


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


def network(record, model, recipe=None):
    """Return what is said of a network: Estimates over at most five seeds, as attributes.

    Each of ``NAMED``, among them how many 7s of the test digits are misread and how many taken for
    a 1, and the number of ``parameters``. Without a ``recipe``, the reported runs of the network
    are meant; of any other the calibration is not known.
    """
    key, found = (model, recipe or str(NETWORKS[model].protocol)), {}
    for measure in NAMED:
        by_seed = values(record, key, measure)
        found[measure] = estimate(by_seed[by_seed.index < FEW])
    return SimpleNamespace(parameters=NETWORKS[model].parameters, **found)


def beside_the_cnn(record=None):
    """Return {"reader": …, "cnn": …}, each as ``network()`` has it; without ``record``, read it."""
    record = runs.measured(RECORD) if record is None else record
    return {model: network(record, model) for model in ("reader", "cnn")}


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
    ``price``, what the reader gains without the forms of other hands, of each of ``GAINS``;
    ``likewise``, the ``mlp`` and the ``cnn`` by the reader's recipe, ``of_all``, by how much the
    reader is ahead of the CNN on drawings, and ``of_recipe``, which share of that the CNN gains by
    the recipe; ``left``, how many errors are left, and ``doubtful`` among them; and what
    ``worth()`` has. ``counts`` is
    ``runs.measured(study.pens.COUNTS)``.
    """
    left, found = errors(labels), beside_the_cnn(record) | {"mlp": network(record, "mlp")}
    likewise = {model: network(record, model, LIKEWISE) for model in COMPARED}
    start, end = (found[model].drawings.mean for model in ("cnn", "reader"))
    return found | {
        "likewise": SimpleNamespace(**likewise),
        "of_all": Number(end - start),
        "of_recipe": Number((likewise["cnn"].drawings.mean - start) / (end - start)),
        "plain": network(record, *PLAIN),
        "without_forms": network(record, *NO_FORMS),
        "without_scribbles": network(record, *NO_SCRIBBLES),
        # By the bootstrap: the interval of Student's t knows no largest share.
        "writers": bootstrap(drawings.rates(counts, "reader", "center")),
        "unsure": Number(predictor.UNSURE_BELOW),
        "sure": Number(SURE),
        **vars(worth(record)),
        "price": _gained(record, NO_FORMS, READER),
        "left": len(left.which),
        "doubtful": int(left.doubtful.sum()),
    }


def _gained(record, key, other):
    return SimpleNamespace(**{each: estimate(_paired(record, key, other, each)) for each in GAINS})
