"""Whose digits are read: those of students and employees, of single hands, of USPS.

USPS: 2,007 test digits of 16×16 pixels, cut from envelopes (Y. LeCun et al., Handwritten digit
recognition with a back-propagation network, NIPS 1990), in the form of *The Elements of Statistical
Learning*. ``usps.npz`` tells, for each network and way to it, which digits it reads.
"""

from functools import cached_property, partial
from itertools import product
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
from PIL import Image

from mnist_compare.findings import estimates, nearness
from mnist_compare.findings.recorded import recorded
from mnist_compare.preprocessing import CANVAS, SIDE, preprocess
from mnist_compare.records import runs
from mnist_compare.records.frames import NETWORK, Record
from mnist_compare.records.networks import COMPARED, NETWORKS, STUDIED, title
from mnist_compare.records.writers import FIRST_STUDENT, writers_of_digits
from mnist_compare.report.words.tables import Table
from mnist_compare.study import fitting, measuring, statistics, trained
from mnist_compare.study.statistics import LEVEL, Estimate, Number

WAYS = ("stretched", "framed", "center")  # how a picture gets to a network
FRAMED = 20  # pixels a side within 28, as MNIST has its digits
ENLARGED = 160  # pixels a side on the canvas of the pad, before ``center``
WANTED = "Wanted is the test set of USPS, a line for each digit: its label and 256 grey values."
RECORD = Record(
    "usps.npz",
    NETWORK | {"way": str},
    {"right": (np.bool_, (None,))},
    "delete it and measure anew with `python -m mnist_compare study --usps PATH`",
)


def measure_missing(path: Path, networks: list[tuple]):
    """Measure those of the networks, (model, ``Protocol``, seed), that have no record yet.

    ``path`` is that of the file of USPS.
    """
    wanted = [(*network, way) for way, network in product(WAYS, networks)]
    missing = RECORD.missing(wanted, trained.fingerprint)
    measuring.measure_networks(missing, partial(measure_way, path), (RECORD,))


def measure_way(path: Path, weights: dict[tuple, Path], way: str):
    """Return rows of ``RECORD``: which digits networks read, in one way.

    ``weights`` maps (model, ``Protocol``, seed) to a path.
    """
    pictures, labels = read_usps(path)
    digits = np.stack([as_digit(picture, way) for picture in pictures])
    rows = []
    for network, file in weights.items():
        right = fitting.predict(network[0], file, digits).argmax(axis=1) == labels
        rows.append(trained.row(network, way, right))
    return (rows,)


def read_usps(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return pictures (n, 16, 16) uint8, bright ink on black, and labels (n,) of a USPS file.

    Each line has a label and 256 values from −1 to 1; the file may be gzipped. Raises
    FileNotFoundError where there is none and ValueError for a file of another form.
    """
    return measuring.parsed(path, _digits, WANTED)


def _digits(text):
    rows = np.array([line.split() for line in text.splitlines()], float)
    labels, values = rows[:, 0], rows[:, 1:]
    if values.shape[1] != 256 or not np.isin(labels, range(10)).all() or abs(values).max() > 1:
        raise ValueError("these are not labels from 0 to 9 and 256 values from −1 to 1")
    return np.rint((values.reshape(-1, 16, 16) + 1) * 127.5).astype(np.uint8), labels.astype(int)


def as_digit(picture: np.ndarray, way: str) -> np.ndarray:
    """Return a square picture, uint8, bright ink on black, as (28, 28) uint8 by one of ``WAYS``.

    ``stretched`` fills the whole square, as most of the literature has it; ``framed`` fills the
    middle 20×20; ``center`` goes through the pipeline of the demo.
    """
    if way == "stretched":
        return _resized(picture, SIDE)
    if way == "framed":
        return np.pad(_resized(picture, FRAMED), (SIDE - FRAMED) // 2)
    return preprocess(np.pad(_resized(picture, ENLARGED), (CANVAS - ENLARGED) // 2), way).digit


def _resized(picture, side):
    return np.asarray(Image.fromarray(picture).resize((side, side), Image.Resampling.BILINEAR))


LITERATURE = Path(__file__).with_name("literature.csv")
READ = (*STUDIED, "reader")
DEALS = 300  # times that digits are dealt to the writers at random


@recorded()
def table_of_hands() -> Table:
    """Return whose MNIST digits each network reads: of students, of employees, of single hands.

    Intervals are over seeds and writers; of the writers, that is the mean number read without a
    mistake, and the share read of the one who is read worst, over the seeds, also by chance.
    """
    _, writers = writers_of_digits()
    students, worst = writers >= FIRST_STUDENT, Others().worst_hand
    rows = {}
    for model in READ:
        right, hand = _right(model), worst[model]
        by_hand = pd.DataFrame(right.T).groupby(writers).mean()
        rows[title(model)] = {
            "Students": f"{_over_writers(right, writers, students):[.2%]}",
            "Employees": f"{_over_writers(right, writers, ~students):[.2%]}",
            "Hands without a mistake": f"{(by_hand == 1).sum().mean():.0f} of {len(by_hand)}",
            "The worst hand": f"{hand.seen:.0%}",
            "by chance": f"{hand.dealt:.0%} ({hand.low:.0h}–{hand.high:.0h})",
        }
    return Table.from_dict(rows, orient="index").rename_axis("Network")


@recorded(RECORD.file)
def table_of_usps() -> Table:
    """Return how many digits of USPS each network reads, by the way to it.

    Intervals are over seeds and digits; one seed alone has none.
    """
    record, rows = runs.measured(RECORD), []
    for model in READ:
        row = {"Network": title(model)}
        for way in WAYS:
            estimate = share(record, model, way)
            row[way] = f"{estimate:[.1%]}" if estimate.n > 1 else f"{estimate:.1%}"
        rows.append(row | {"Seeds": record[record.model == model].seed.nunique()})
    return Table(rows)


def share(record: pd.DataFrame, model: str, way: str) -> Estimate:
    """Return the share of the digits of USPS that a network reads, in one way."""
    rows = record[(record.model == model) & (record.way == way)]
    right = np.stack(rows.right).astype(float)
    return statistics.estimate(right if len(right) > 1 else right.mean(axis=1))


@recorded()
def table_of_literature() -> Table:
    """Return published errors on MNIST's test digits beside ours, the most first.

    Ours are means over the seeds; the published ones are mostly of one run, or of the best.
    """
    rows = pd.read_csv(LITERATURE).to_numpy().tolist()
    for model in COMPARED:
        for recipe, said in nearness.HEADINGS.items():
            error = 1 - nearness.accuracy_of(model, False, recipe).mean
            rows.append(["–", title(model), f"this report, {said}", error])
    rows.append(["–", title("reader"), "this report, varied digits", 1 - _right("reader").mean()])
    table = Table(rows, columns=["Work", "Network", "Trained", "Error"])
    table = table.sort_values(["Error", "Work", "Network", "Trained"], ascending=False)
    return table.reset_index(drop=True).assign(Error=table.Error.map("{:.2%}".format).to_numpy())


def _over_writers(values, writers, chosen):
    return statistics.estimate(statistics.clustered(values[:, chosen], writers[chosen]))


def _right(model):
    protocol = NETWORKS[model].protocol
    recorded_runs = runs.read(model, protocol)
    return estimates.right(recorded_runs, len(recorded_runs[0].rows), protocol).astype(float)


class Others:
    """The numbers of the chapter on whose digits are read."""

    students = cached_property(lambda self: _lead(students=True))
    employees = cached_property(lambda self: _lead(students=False))

    @cached_property
    def worst_hand(self) -> dict[str, SimpleNamespace]:
        """Return by network what is read of the writer who is read worst, and what chance makes it.

        ``seen`` is the share, over the seeds. For ``dealt`` the digits, read or misread as they
        are, are dealt to the writers at random, so many to each as are theirs; it is the mean, and
        19 of 20 deals lie from ``low`` to ``high``.
        """
        return {model: _worst(_right(model).mean(axis=0)) for model in READ}

    @cached_property
    def usps(self) -> SimpleNamespace:
        """Return the shares of USPS by network and way, such as ``cnn.framed``."""
        record, shares = runs.measured(RECORD), {}
        for model in READ:
            shares[model] = SimpleNamespace(**{way: share(record, model, way) for way in WAYS})
        return SimpleNamespace(**shares)


def _worst(shares):
    _, writer, sizes = np.unique(writers_of_digits()[1], return_inverse=True, return_counts=True)
    generator = np.random.default_rng(0)
    dealt = [generator.permutation(shares) for _ in range(DEALS)]
    seen, *worst = ((np.bincount(writer, each) / sizes).min() for each in (shares, *dealt))
    low, high = np.quantile(worst, (LEVEL / 2, 1 - LEVEL / 2))
    numbers = {"seen": seen, "dealt": np.mean(worst), "low": low, "high": high}
    return SimpleNamespace(**{name: Number(number) for name, number in numbers.items()})


def _lead(students):
    """Return CNN − MLP in accuracy on digits of students, or else of employees."""
    _, writers = writers_of_digits()
    mlp, cnn = (estimates.right(of_one, 10).astype(float) for of_one in runs.compared().values())
    return _over_writers(cnn - mlp, writers, (writers >= FIRST_STUDENT) == students)
