"""The reader: what the records say of it and of the steps that lead to it.

``ablation.csv`` has one row per network × measure. The steps are those of ``recipes.RECIPES``; the
two networks of the comparison are measured as well. Below, ``record`` is what
``runs.measured(RECORD)`` returns. What networks answer on test digits comes from the recorded runs,
at the last of their epochs. A network is known by its key (model, protocol).
"""

from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd

from mnist_compare import data, metrics, predictor
from mnist_compare.findings import drawings as pen_drawn
from mnist_compare.predictor import UNSURE_BELOW
from mnist_compare.preprocessing import PIPELINES
from mnist_compare.reader import scribbles
from mnist_compare.reader.forms import Forms
from mnist_compare.reader.recipes import NO_FORMS, STEPS, Augmentation
from mnist_compare.records import runs
from mnist_compare.records.frames import NETWORK, Record
from mnist_compare.records.networks import COMPARED, NETWORKS
from mnist_compare.records.place import here
from mnist_compare.report.words.tables import Table
from mnist_compare.study import fitting, measuring, trained
from mnist_compare.study.changes import changed
from mnist_compare.study.grid import FEW
from mnist_compare.study.statistics import Estimate, Number, estimate

RECORD = Record(
    "ablation.csv",
    NETWORK | {"measure": str},
    {"value": float},
    "delete it and measure anew with `python -m mnist_compare study --drawings PATH`",
    unit=len(NETWORK),
)
CHANGED = {
    "rotation": ("rotation", 30),
    "thin": ("stroke width", 0.5),
    "thick": ("stroke width", 2),
}
NO_DIGITS_SEED = 1_000  # unlike the seed of any run, from which it draws its own scribbles
MEASURES = (
    *("drawings", "drawings_crop", "worst_writer"),
    *CHANGED,
    *("sure_curves", "sure_walks", "sure_letters", "confidence_blank"),
)


def complete(path: Path, networks: list[tuple]):
    """Measure those of the networks, (model, ``Protocol``, seed), that have no record yet.

    ``path`` is that of the pen-drawn digits.
    """
    missing = RECORD.missing(networks, trained.fingerprint)
    measuring.complete(missing, partial(measure, path), (RECORD,))


def measure(path, weights, model, protocol, seed):
    """Return rows of ``RECORD``, one for each of ``MEASURES``, of a network.

    All values are in 0–1. The first three are about the pen-drawn digits of the reporting writers
    under all conditions: the rate through ``center`` and through ``crop``, and, through ``center``,
    that of the writer who is read worst. ``rotation``, ``thin`` and ``thick`` are accuracies on
    test digits turned by 30° either way and with strokes half and twice as wide, ``sure_…`` the
    share of drawings without a digit for which the network is sure enough to answer,
    ``confidence_blank`` how sure it is of an empty picture.
    """
    network = model, protocol, seed
    read = partial(fitting.read, model, weights[network])
    labels, writers, centered, cropped = _drawings(path)
    right = read(centered).argmax(axis=1) == labels
    right_cropped = read(cropped).argmax(axis=1) == labels
    rates = pd.DataFrame({"center": right, "crop": right_cropped}).groupby(writers).mean()
    values = {
        "drawings": rates.center.mean(),
        "drawings_crop": rates.crop.mean(),
        "worst_writer": rates.center.min(),
    }
    for name, (digits, digit_labels) in _changed(here().scale.changed_digits).items():
        values[name] = metrics.accuracy(digit_labels, read(digits).argmax(axis=1))
    for name, pictures in no_digits().items():
        values[f"sure_{name}"] = (read(pictures).max(axis=1) >= UNSURE_BELOW).mean()
    values["confidence_blank"] = read(np.zeros((1, 28, 28), np.uint8)).max()
    return ([trained.row(network, name, float(values[name])) for name in MEASURES],)


@lru_cache(maxsize=1)
def _drawings(path):
    """Return labels, writers and the pictures through center and crop, of all conditions."""
    digits = pen_drawn.read(path)
    which = [i for i, digit in enumerate(digits) if digit.writer in pen_drawn.REPORTING_WRITERS]
    conditions = pen_drawn.CONDITIONS
    pictures = np.concatenate([pen_drawn.pictures(digits, c, which) for c in conditions], axis=1)
    labels = np.tile([digits[i].label for i in which], len(conditions))
    writers = np.tile([digits[i].writer for i in which], len(conditions))
    return labels, writers, pictures[PIPELINES.index("center")], pictures[PIPELINES.index("crop")]


@lru_cache(maxsize=1)
def _changed(count):
    """Return {measure: (changed test digits, labels)}."""
    _, (digits, labels) = data.load("mnist")
    return {
        name: (changed(digits[:count], *change), labels[:count]) for name, change in CHANGED.items()
    }


@lru_cache(maxsize=1)
def no_digits(count: int = 1_000) -> dict[str, np.ndarray]:
    """Return {kind: pictures without a digit, (n, 28, 28) uint8}."""
    return {
        "curves": scribbles.curves(count, NO_DIGITS_SEED),
        "walks": scribbles.walks(count, NO_DIGITS_SEED),
        "letters": scribbles.letters()[0],
    }


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
    """Return one of ``MEASURES`` or of ``OF_RUNS`` of a network."""
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

    Each of ``OF_RUNS`` and of ``MEASURES``, and the number of ``parameters``.
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
