"""The appendix on speed: what the record of ``bench`` says."""

import numpy as np

from mnist_compare.findings.recorded import recorded
from mnist_compare.records.timings import WAYS, read
from mnist_compare.report.words.sentences import Names
from mnist_compare.report.words.spoken import say
from mnist_compare.report.words.tables import Table

UNITS = {"epoch": 1, "digit": 1e-3}  # seconds, milliseconds
WORK = {
    "mlp epoch": "MLP, an epoch (s)",
    "cnn epoch": "CNN, an epoch (s)",
    "mlp digit": "MLP, one digit (ms)",
    "cnn digit": "CNN, one digit (ms)",
}
NAMES = dict(zip(WAYS, ("Keras", "Keras, tuned", "this package"), strict=True))


@recorded("bench.json")
def times() -> Table:
    """Return the table of what is recorded."""
    return table(read())


def table(rows: dict) -> Table:
    """Return the times of each way, their median with its range, and how many times ours they are.

    The last is the median, with its range, of the ratios within the rounds.
    """
    shown = []
    for name, row in rows.items():
        unit, ours = UNITS[name.split()[1]], np.array(row["ours"]["clock"])
        for way, called in NAMES.items():
            clock, cpu = (np.array(row[way][which]) for which in ("clock", "cpu"))
            shown.append({
                "What is done": WORK[name],
                "With": called,
                "First call": _digits(row[way]["first"] / unit),
                "Clock": _range(clock / unit),
                "CPU": _range(cpu / unit),
                "Times ours": _range(clock / ours) if way != "ours" else "1",
            })  # fmt: skip
    return Table(shown)


@recorded("bench.json")
def measured() -> None:
    """Say on what machine and at which commit the record was made."""
    made = [row["environment"] for row in read().values()]
    sentences = ["Measured on {cores} cores with TensorFlow {tensorflow} and Keras {keras}."]
    sentences += ["The code was that of commit {commit}."]
    if any(" " in str(each["commit"]) for each in made):  # abc123 with changes
        sentences += ["It had changes that were not committed."]
    names = ("cores", "tensorflow", "keras", "commit")
    of_all = {name: [f"{each[name]}".partition(" ")[0] for each in made] for name in names}
    say(*sentences, **{name: Names(dict.fromkeys(values)) for name, values in of_all.items()})


def _range(values):
    low, median, high = map(_digits, np.quantile(values, (0, 0.5, 1)))
    return f"{median} ({low}–{high})"


def _digits(value):
    """Format with two significant digits, or as an integer where it has more."""
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"
