"""Whose digits are read: those of students and employees, of single hands, of other people."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd

from mnist_compare.findings import drawings, estimates, nearness
from mnist_compare.findings.recorded import recorded
from mnist_compare.preprocessing import PIPELINES
from mnist_compare.records import runs
from mnist_compare.records.networks import COMPARED, NETWORKS, STUDIED, title
from mnist_compare.records.writers import FIRST_STUDENT, writers_of_digits
from mnist_compare.report.draw import figures
from mnist_compare.report.words.tables import Table
from mnist_compare.study import statistics, usps
from mnist_compare.study.pendigits import COUNTS
from mnist_compare.study.statistics import Estimate

LITERATURE = Path(__file__).with_name("literature.csv")
READ = (*STUDIED, "reader")
DRAWN = (*COMPARED, "reader")


@recorded()
def hands() -> Table:
    """Return whose MNIST digits each network reads: of students, of employees, of single hands.

    Intervals are over seeds and writers; of the writers, that is the mean number read without a
    mistake, and the share read of the one who is read worst, over the seeds.
    """
    _, writers = writers_of_digits()
    students = writers >= FIRST_STUDENT
    rows = {}
    for model in READ:
        right = _right(model)
        by_hand = pd.DataFrame(right.T).groupby(writers).mean()
        rows[title(model)] = {
            "Students": f"{_over_writers(right, writers, students):[.2%]}",
            "Employees": f"{_over_writers(right, writers, ~students):[.2%]}",
            "Hands without a mistake": f"{(by_hand == 1).sum().mean():.0f} of {len(by_hand)}",
            "The worst hand": f"{by_hand.mean(axis=1).min():.0%}",
        }
    return Table.from_dict(rows, orient="index").rename_axis("Network")


def lead(students: bool) -> Estimate:
    """Return CNN − MLP in accuracy on digits of students, or else of employees."""
    _, writers = writers_of_digits()
    mlp, cnn = (estimates.right(of_one, 10).astype(float) for of_one in runs.compared().values())
    return _over_writers(cnn - mlp, writers, (writers >= FIRST_STUDENT) == students)


@recorded()
def pictured_hands():
    """Draw what is read of the digits of each writer, means over the seeds."""
    _, writers = writers_of_digits()
    means = {model: pd.Series(_right(model).mean(axis=0)) for model in DRAWN}
    shares = {model: read.groupby(writers).mean().to_numpy() for model, read in means.items()}
    return figures.hands(shares)


@recorded(COUNTS.file)
def framing():
    """Draw how many digits of strangers are read by how they come to the networks."""
    counts = runs.measured(COUNTS)
    return figures.framing(
        {m: {way: drawings.share(counts, m, way) for way in PIPELINES} for m in DRAWN}
    )


@recorded(usps.RECORD.file)
def usps_table() -> Table:
    """Return how many digits of USPS each network reads, by the way to it.

    Intervals are over seeds and digits; one seed alone has none.
    """
    record, rows = runs.measured(usps.RECORD), []
    for model in READ:
        row = {"Network": title(model)}
        for way in usps.WAYS:
            estimate = share(record, model, way)
            row[way] = f"{estimate:[.1%]}" if estimate.n > 1 else f"{estimate:.1%}"
        rows.append(row | {"Seeds": record[record.model == model].seed.nunique()})
    return Table(rows)


def usps_shares() -> SimpleNamespace:
    """Return the shares of USPS by network and way, such as ``cnn.framed``."""
    record = runs.measured(usps.RECORD)
    by_way = {model: {way: share(record, model, way) for way in usps.WAYS} for model in READ}
    return SimpleNamespace(**{model: SimpleNamespace(**ways) for model, ways in by_way.items()})


def share(record: pd.DataFrame, model: str, way: str) -> Estimate:
    """Return the share of the digits of USPS that a network reads, in one way."""
    rows = record[(record.model == model) & (record.way == way)]
    right = np.stack(rows.right).astype(float)
    return statistics.estimate(right if len(right) > 1 else right.mean(axis=1))


@recorded()
def published() -> Table:
    """Return published errors on MNIST's test digits beside ours, the most first.

    Ours are means over the seeds; the published ones are mostly of one run, or of the best.
    """
    rows = pd.read_csv(LITERATURE).to_numpy().tolist()
    for model in COMPARED:
        for recipe, trained in nearness.HEADINGS.items():
            error = 1 - nearness.accuracy(model, False, recipe).mean
            rows.append(["–", title(model), f"this report, {trained}", error])
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
