"""Whose digits are read: those of students and employees, of single hands, of other people."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd

from mnist_compare import data, statistics
from mnist_compare.networks import COMPARED, NETWORKS, STUDIED, title
from mnist_compare.preprocessing import PIPELINES
from mnist_compare.records import runs
from mnist_compare.report.chapters import drawings, estimates, nearness
from mnist_compare.report.draw import figures
from mnist_compare.report.words.spoken import recorded
from mnist_compare.report.words.tables import Table
from mnist_compare.statistics import Number
from mnist_compare.study.foreign import RECORDS, WAYS
from mnist_compare.study.pendigits import COUNTS

LITERATURE = Path(__file__).with_name("literature.csv")
READ = (*STUDIED, "reader")
DRAWN = (*COMPARED, "reader")
TITLES = {"usps": "USPS", "optdigits": "optdigits"}


@recorded()
def hands():
    """Return whose MNIST digits each network reads: of students, of employees, of single hands.

    Intervals are over seeds and writers; of the writers, that is the mean number read without a
    mistake, and the share read of the one who is read worst, over the seeds.
    """
    _, writers = data.writers()
    students = writers >= data.FIRST_STUDENT
    rows = {}
    for model in READ:
        right = _right(model)
        by_hand = pd.DataFrame(right.T).groupby(writers).mean()
        groups = {"Students": students, "Employees": ~students}
        rows[title(model)] = {
            name: f"{_over_writers(right[:, those], writers[those]):[.2%]}"
            for name, those in groups.items()
        } | {
            "Hands without a mistake": f"{(by_hand == 1).sum().mean():.0f} of {len(by_hand)}",
            "The worst hand": f"{by_hand.mean(axis=1).min():.0%}",
        }
    return Table.from_dict(rows, orient="index").rename_axis("Network")


def lead(one, other, students):
    """Return the ``Estimate`` of one − other in accuracy on digits of students, or employees."""
    _, writers = data.writers()
    those = (writers >= data.FIRST_STUDENT) == students
    found = runs.compared((one, other))
    sides = [estimates.right(found[model], 10).astype(float)[:, those] for model in (one, other)]
    return _over_writers(sides[0] - sides[1], writers[those])


@recorded()
def pictured_hands():
    """Draw what is read of the digits of each writer, means over the seeds."""
    _, writers = data.writers()
    shares = {
        model: pd.Series(_right(model).mean(axis=0)).groupby(writers).mean().to_numpy()
        for model in DRAWN
    }
    return figures.hands(shares)


@recorded(COUNTS.file, RECORDS["usps"].file)
def framing():
    """Draw how many digits of strangers are read by how they come to the networks."""
    counts, usps = runs.measured(COUNTS), runs.measured(RECORDS["usps"])
    drawn = {
        model: {way: statistics.estimate(drawings.rates(counts, model, way)) for way in PIPELINES}
        for model in DRAWN
    }
    scanned = {model: {way: shares(usps, model, way) for way in WAYS} for model in DRAWN}
    return figures.framing({"drawn with a pen": drawn, "USPS": scanned})


@recorded(*(record.file for record in RECORDS.values()))
def foreign():
    """Return how many digits of other collections each network reads, by the way to it.

    Intervals are over seeds and digits; one seed alone has none.
    """
    rows = []
    for collection in RECORDS:
        record = runs.measured(RECORDS[collection])
        for model in READ:
            row = {"Digits": TITLES[collection], "Network": title(model)}
            for way in WAYS:
                row[way] = _share(shares(record, model, way))
            rows.append(row | {"Seeds": record[record.model == model].seed.nunique()})
    return Table(rows)


def shares(record, model, way):
    """Return the ``Estimate`` of the share of a collection that a network reads, in one way."""
    those = record[record.model == model]
    right = np.stack(those[those.way == way].right).astype(float)
    return statistics.estimate(right if len(right) > 1 else right.mean(axis=1))


def _over_writers(values, writers):
    return statistics.estimate(statistics.clustered(values, writers))


def _share(found):
    return f"{found:[.1%]}" if found.n > 1 else f"{found:.1%}"


def _right(model):
    protocol = NETWORKS[model].protocol
    found = runs.read(model, protocol)
    return estimates.right(found, len(found[0].rows), protocol).astype(float)


@recorded()
def published():
    """Return published errors on MNIST's test digits beside ours, the most first.

    Ours are means over the seeds; the published ones are mostly of one run, or of the best.
    """
    rows = [(found.error, *_said(found)) for found in _literature("mnist")]
    for model, recipe, trained in (
        ("mlp", "source", "this report, the source's recipe"),
        ("mlp", "best", "this report, the best of the recipes tried"),
        ("cnn", "source", "this report, the source's recipe"),
        ("cnn", "best", "this report, the best of the recipes tried"),
    ):
        error = 1 - nearness.accuracy(model, False, recipe).mean
        rows.append((error, "–", title(model), trained))
    rows.append((1 - _right("reader").mean(), "–", title("reader"), "this report, varied digits"))
    columns = ["Error", "Work", "Network", "Trained"]
    table = Table(sorted(rows, reverse=True), columns=columns)[
        ["Work", "Network", "Trained", "Error"]
    ]
    return table.assign(Error=table.Error.map("{:.2%}".format))


def _said(found):
    return found.work, found.network, found.trained


def _literature(collection):
    found = pd.read_csv(LITERATURE)
    return found[found.collection == collection].itertuples()


def numbers():
    """Return what a sentence may name.

    ``students`` and ``employees`` are how far the CNN is ahead of the MLP on their digits, ``usps``
    and ``optdigits`` the shares of these digits that a network reads, such as ``usps.cnn.framed``,
    of one network of the reader alone, and ``published`` what others reach on USPS, the least
    first.
    """
    return {
        "students": lead("cnn", "mlp", students=True),
        "employees": lead("cnn", "mlp", students=False),
        "published": [Number(1 - found.error) for found in _literature("usps")],
        **{collection: _by_way(runs.measured(RECORDS[collection])) for collection in RECORDS},
    }


def _by_way(record):
    found = {
        model: SimpleNamespace(**{way: shares(record, model, way) for way in WAYS})
        for model in READ
    }
    return SimpleNamespace(**found)
