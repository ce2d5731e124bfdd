"""The chapter on the reader: what the records say of it and of the steps that lead to it.

``record`` is ``runs.measured(study.steps.RECORD)``. What networks answer on test digits comes from
the recorded runs, at the last of their epochs. A network is known by its key (model, protocol).
"""

from dataclasses import dataclass
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pandas as pd

from mnist_compare import data, predictor
from mnist_compare.reader.forms import Forms
from mnist_compare.reader.recipes import NO_FORMS, STEPS, Augmentation
from mnist_compare.records import runs
from mnist_compare.records.networks import COMPARED, NETWORKS
from mnist_compare.report.words.tables import Table
from mnist_compare.study.grid import FEW
from mnist_compare.study.statistics import Estimate, Number, estimate

PLAIN, *_, READER = STEPS
SCRIBBLES = "scribbles"  # the recipe of the reader that both networks have had
SURE = Number(0.9)  # a confidence above which a wrong answer casts doubt on the label
STEP_COLUMNS = {  # the changed digits lack the deviation, so that the table fits a page
    "test_accuracy": ("Test", "{0:.2h}\u00a0±\u00a0{0.sd:.2h}"),
    "drawings": ("Center", "{0:.1h}\u00a0±\u00a0{0.sd:.1h}"),
    "drawings_crop": ("Crop", "{0:.1h}\u00a0±\u00a0{0.sd:.1h}"),
    "rotation": ("30°", "{0:.1h}"),
    "thin": ("×\u00a00.5", "{0:.1h}"),
    "thick": ("×\u00a02", "{0:.1h}"),
}
# Published, of one run each: 20 epochs, 128, 256 and 256 filters, BatchNormalization, augmentation.
DIARY_TITLE, DIARY = "A tuning diary [23], published", "97–98 → 99.15"


def _last(run):
    """Return the answers of a run on test digits after its last epoch, and their confidences."""
    epoch = run.rows[-1]["epoch"]
    return run.predictions[epoch], run.confidences.get(epoch)


def _sevens_read_as(run):
    return _last(run)[0][data.load("mnist")[1][1] == 7]


def _minutes(run):
    """Return how long a run took, as if all epochs were the median one, for some were held up."""
    return len(run.rows) * np.median([row["seconds"] for row in run.rows]) / 60


OF_RUNS = {  # measures that are not in the record but come from a run itself
    "test_accuracy": lambda run: run.rows[-1]["test_accuracy"],
    "sevens_misread": lambda run: np.count_nonzero(_sevens_read_as(run) != 7),
    "sevens_as_ones": lambda run: np.count_nonzero(_sevens_read_as(run) == 1),
    "minutes": _minutes,
}


def by_seed(record: pd.DataFrame, key: tuple[str, str], measure: str) -> pd.Series:
    """Return one of ``study.steps.MEASURES`` or of ``OF_RUNS`` of a network."""
    if measure in OF_RUNS:
        values = {run.seed: OF_RUNS[measure](run) for run in runs.read(*key)}
        return pd.Series(values, dtype=float)
    rows = record[(record.model == key[0]) & (record.protocol == key[1])]
    return rows[rows.measure == measure].set_index("seed").value


def steps(record: pd.DataFrame) -> Table:
    """Return what the network of each step reads, in percent, means over the seeds.

    Some have their standard deviation. The last row is what another student's diary of tuning
    gives.
    """
    rows = {
        recipe.title: {
            heading: form.format(estimate(by_seed(record, key, measure)))
            for measure, (heading, form) in STEP_COLUMNS.items()
        }
        for key, recipe in STEPS.items()
    }
    rows[DIARY_TITLE] = dict.fromkeys((heading for heading, _ in STEP_COLUMNS.values()), "–")
    rows[DIARY_TITLE]["Test"] = DIARY
    return Table.from_dict(rows, orient="index").rename_axis("Step")


class Measures:
    """What is measured of a network, Estimates over at most five seeds: ``reader.drawings``.

    Each of ``OF_RUNS`` and of ``study.steps.MEASURES``, and the number of ``parameters``.
    """

    def __init__(self, record: pd.DataFrame, model: str, recipe: str | None = None):
        self._record, self._key = record, (model, recipe or str(NETWORKS[model].protocol))
        self.parameters = NETWORKS[model].parameters

    def __getattr__(self, measure: str) -> Estimate:
        values = by_seed(self._record, self._key, measure)
        if values.empty:
            raise AttributeError(measure)
        return estimate(values[values.index < FEW])


def networks(record: pd.DataFrame) -> SimpleNamespace:
    """Return the ``Measures`` of the networks that the chapter speaks of, by name.

    ``like_mlp`` and ``like_cnn`` were trained by the reader's recipe, ``plain`` is the first step.
    """
    return SimpleNamespace(
        **{model: Measures(record, model) for model in (*COMPARED, "reader")},
        **{f"like_{model}": Measures(record, model, SCRIBBLES) for model in COMPARED},
        plain=Measures(record, *PLAIN),
        without_forms=Measures(record, *NO_FORMS),
    )


def price_of_forms(record: pd.DataFrame) -> SimpleNamespace:
    """Return what the reader gains without the forms of other hands: test digits and drawings."""

    def gained(measure):
        without, whole = (by_seed(record, key, measure) for key in (NO_FORMS, READER))
        return estimate((without - whole).dropna())

    return SimpleNamespace(test_accuracy=gained("test_accuracy"), drawings=gained("drawings"))


@dataclass(frozen=True)
class Errors:
    """Test digits that most readers misread, the surest first.

    ``which`` are their places among the test digits, ``read`` the wrong answer that is given most
    often and ``confidence`` how sure those who are wrong are on average. ``doubtful`` tells which
    labels are in doubt: every reader is wrong, sure of it on average, and so is every reader
    trained without the forms of other hands. (n,) each.
    """

    which: np.ndarray
    read: np.ndarray
    confidence: np.ndarray
    doubtful: np.ndarray


def errors(labels: np.ndarray) -> Errors:
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
    misread_by_all = (votes[which] == len(answers)) & (without_forms != labels[which]).all(axis=0)
    return Errors(which, most, confidence, misread_by_all & (confidence >= SURE))


def no_digits_sheet(kinds: dict[str, np.ndarray], of_each: int = 12):
    """Return pictures without a digit, and what the reader of seed 0 answers to each.

    ``of_each`` of each of ``kinds``, (n, 28, 28) uint8, spread evenly over them.
    """
    pictures = np.concatenate(
        [kind[np.linspace(0, len(kind) - 1, of_each).astype(int)] for kind in kinds.values()]
    )
    answers = predictor.load("reader")(pictures)
    return pictures, [f"{one.argmax()}, {one.max():.0%}" for one in answers]


def examples(digits: np.ndarray, labels: np.ndarray) -> dict[str, np.ndarray]:
    """Return {kind of change: changed digits (2, n, 28, 28) uint8}, the first kind unchanged.

    The first 1, 7, 9 and 4, changed twice by each step of augmentation alone.
    """
    from mnist_compare.reader.augmentation import augment  # it loads TensorFlow

    chosen = [np.flatnonzero(labels == digit)[0] for digit in (1, 7, 9, 4)]
    digits, labels = digits[chosen], labels[chosen]
    pictures = {"as they are": np.stack([digits, digits])}
    for before, recipe in pairwise(STEPS.values()):
        generator = np.random.default_rng(0)
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
        name = recipe.title.removeprefix("plus ")
        pictures[name] = np.stack(both).round().astype(np.uint8)
    return pictures
