"""Changed test pictures: who reads them, and what helps.

``robustness.csv`` has one row per network × change × level × way to the network;
``robustness_writers.npz`` tells how many digits of each writer are read as they are. Below, a
``record`` is the frame of ``RECORD``, and ``read`` that of ``BY_WRITER``. Only the seeds that both
networks have are used, and means are those over the levels at which the digits are changed.
"""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd

from mnist_compare import data
from mnist_compare.findings.recorded import recorded
from mnist_compare.preprocessing import preprocess
from mnist_compare.records import runs
from mnist_compare.records.frames import NETWORK, Record
from mnist_compare.records.networks import COMPARED, EQUAL_SIZE
from mnist_compare.records.place import here
from mnist_compare.records.writers import writers_of_digits
from mnist_compare.report.draw import figures
from mnist_compare.report.words.sentences import Names
from mnist_compare.report.words.tables import Table, p_value
from mnist_compare.study import fitting, measuring, statistics, trained
from mnist_compare.study.changes import CHANGES, changed
from mnist_compare.study.grid import FEW
from mnist_compare.study.statistics import Estimate, Number, estimate, holm

AS_IT_IS, *_ = WAYS = ("as it is", "crop", "center")  # how a changed digit gets to a network
REMEDY = "delete it and measure anew with `python -m mnist_compare study`"
RECORD = Record(
    "robustness.csv",
    NETWORK | {"change": str, "level": float, "way": str},
    {"accuracy": float},
    REMEDY,
)
BY_WRITER = Record(  # how many changed digits of each of ``groups()`` are read as they are
    "robustness_writers.npz",
    NETWORK | {"change": str, "level": float},
    {"right": (np.uint8, (None,))},
    REMEDY,
)


def complete(networks: list[tuple]):
    """Measure every change at every level of those networks that have no record yet.

    ``networks`` are (model, ``Protocol``, seed). The first seeds of ``FEW`` also read changed
    digits through the pipelines for drawings.
    """
    levels = [(change, level) for change, what in CHANGES.items() for level in what.levels]
    keys = [(*network, *level) for level in levels for network in networks]
    wanted = [(*key, way) for key in keys for way in _ways(key[2])]
    lacking = {(*key, AS_IT_IS) for key in BY_WRITER.missing(keys, trained.fingerprint)}
    lacking |= {*RECORD.missing(wanted, trained.fingerprint)}
    missing = [key for key in wanted if key in lacking]
    measuring.complete(missing, measure, (RECORD, BY_WRITER))


def _ways(seed):
    return WAYS if seed < FEW and here().scale.pipelines else (AS_IT_IS,)


def measure(weights: dict[tuple, Path], change: str, level: float, way: str):
    """Return rows of ``RECORD`` and of ``BY_WRITER``: what is read at one level of a change.

    ``weights`` maps (model, ``Protocol``, seed) to a path. Only a picture that is read as it is
    counts for who wrote it.
    """
    accuracies, counts = [], []
    labels, digits = _seen(change, level, way)
    group = groups()
    for network, path in weights.items():
        right = fitting.read(network[0], path, digits).argmax(axis=1) == labels
        row = trained.row(network, change, float(level), way, float(right.mean()))
        accuracies.append(row)
        if way == AS_IT_IS:
            count = np.bincount(group[: len(labels)], right, group.max() + 1).astype(np.uint8)
            counts.append(trained.row(network, change, float(level), count))
    return accuracies, counts


def _seen(change, level, way):
    """Return the labels of the test digits, and what a network sees of them."""
    _, (digits, labels) = data.load("mnist")
    count = here().scale.changed_digits
    digits = changed(digits[:count], change, level)
    if way != AS_IT_IS:
        digits = np.stack([preprocess(digit, way).digit for digit in digits])
    return labels[:count], digits


def groups() -> np.ndarray:
    """Return who wrote each test digit, numbered from 0."""
    _, writers = writers_of_digits()
    return np.unique(writers, return_inverse=True)[1]


CONDITION = ["change", "level"]


def examples(digit: np.ndarray) -> dict:
    """Return {change: [(level, changed digit)]}, as ``sheets.changes_sheet`` draws it."""
    return {
        name: [(level, changed(digit[None], name, level)[0]) for level in change.levels]
        for name, change in CHANGES.items()
    }


def curve(record: pd.DataFrame, change: str, model: str):
    """Return levels (n,), increasing, and accuracies (n, seeds) of a network under a change."""
    rows = record[(record.change == change) & (record.way == AS_IT_IS)]
    table = rows.pivot(index="seed", columns=["model", "level"], values="accuracy").dropna()
    table = table[model].T.sort_index()
    return table.index.to_numpy(), table.to_numpy()


def curves(record: pd.DataFrame, changes=tuple(CHANGES), models=COMPARED) -> dict:
    """Return {change: {model: (levels, accuracies)}}, as ``figures.robustness`` draws it."""
    return {change: {model: curve(record, change, model) for model in models} for change in changes}


@recorded(RECORD.file)
def pictured():
    """Draw what both networks read of MNIST over the levels of each change."""
    return figures.robustness(curves(runs.measured(RECORD)))


def means(record: pd.DataFrame, way: str = AS_IT_IS) -> pd.DataFrame:
    """Return mean accuracies over the levels: a row per seed, columns model × change."""
    neutral = record.change.map({name: change.neutral for name, change in CHANGES.items()})
    rows = record[(record.way == way) & (record.level != neutral)]
    return rows.pivot_table("accuracy", "seed", ["model", "change"]).dropna()


def preprocessing(record: pd.DataFrame) -> SimpleNamespace:
    """Return what preprocessing, center − as it is, buys: ``Names`` of the changes.

    ``buys_more`` has those under which it buys the MLP more than the CNN is ahead of it, both as it
    is, ``network_buys_more`` those under which it is the other way round; then who is helped and
    harmed.
    """
    centred = means(record, "center")
    plain = means(record).loc[centred.index]  # fewer seeds read through the pipelines
    mlp = _by_change(centred["mlp"] - plain["mlp"])
    cnn = _by_change(centred["cnn"] - plain["cnn"])
    lead = _by_change(plain["cnn"] - plain["mlp"])
    helped, more = named(mlp, "supported"), named(mlp - lead, "supported")
    return SimpleNamespace(
        buys_more=Names(change for change in helped if change in more),
        network_buys_more=named(mlp - lead, "refuted"),
        harms_mlp=named(mlp, "refuted"),
        helps_cnn=named(cnn, "supported"),
        harms_cnn=named(cnn, "refuted"),
    )


def _by_change(by_seed):
    return pd.Series({change: estimate(by_seed[change]) for change in CHANGES})


def leads(read: pd.DataFrame, one="cnn", other="mlp", relative=True) -> pd.Series:
    """Return the ``Estimate`` of one − other in accuracy over the levels, by change.

    A relative lead is that under the change less that without it. Intervals are over seeds and
    writers.
    """
    ahead, by_change = _ahead(read, one, other), {}
    for name, change in CHANGES.items():
        changed_levels = [level for level in change.levels if level != change.neutral]
        lead = np.mean([ahead[name, float(level)] for level in changed_levels], axis=0)
        unchanged = ahead[name, float(change.neutral)] if relative else 0
        by_change[name] = _over_writers(lead - unchanged)
    return pd.Series(by_change)


def questions(read: pd.DataFrame) -> pd.DataFrame:
    """Return the second family of the plan, asked together: ``Estimate``s by change.

    Relative leads: ``lead`` of the two networks, and of those of equal size ``equal_large`` and
    ``equal_small``, of which one question is asked: whether both are above 0, or both below.
    """
    large, small = EQUAL_SIZE
    asked = pd.DataFrame(
        {
            "lead": leads(read),
            "equal_large": leads(read, *reversed(large)),
            "equal_small": leads(read, *reversed(small)),
        }
    )
    p_values = asked.map(lambda lead: lead.p_value)
    means = asked.map(lambda lead: lead.mean)
    agree = np.sign(means.equal_large) == np.sign(means.equal_small)
    both = p_values[["equal_large", "equal_small"]].max(axis=1).where(agree, 1.0)
    of_lead, of_both = np.split(holm([*p_values.lead, *both]), 2)
    for column, p_of_column in zip(asked, (of_lead, of_both, of_both), strict=True):
        pairs = zip(asked[column], p_of_column, strict=True)
        asked[column] = [replace(lead, corrected=float(p)) for lead, p in pairs]
    return asked


def compared(read: pd.DataFrame, asked: pd.DataFrame) -> Table:
    """Return the table of the leads under each change: absolute, relative, and the verdict.

    The last column is ``error_ratios()``.
    """
    absolute, ratios = leads(read, relative=False), error_ratios(read)
    rows = {
        change: {
            "CNN − MLP": f"{absolute[change]:[+.1h]}",
            "Relative": f"{lead:[+.1h]}",
            "Corrected p": p_value(lead.corrected),
            "Verdict": lead.verdict,
            "Errors": f"{ratios[change]:.2f}",
        }
        for change, lead in asked.lead.items()
    }
    return Table.from_dict(rows, orient="index").rename_axis("Change")


def error_ratios(read: pd.DataFrame, changed: bool = True) -> dict[str, Number]:
    """Return the CNN's errors to the MLP's over the levels of each change, or without a change."""
    mlp, cnn = (_counts(read, model) for model in COMPARED)
    sizes, ratios = np.bincount(groups()), {}
    for name, change in CHANGES.items():
        levels = [float(level) for level in change.levels if (level != change.neutral) == changed]
        errors = [np.mean([sizes - read[name, level] for level in levels]) for read in (mlp, cnn)]
        ratios[name] = Number(errors[1] / errors[0])
    return ratios


def by_size(asked: pd.DataFrame) -> Table:
    """Return the table of the relative leads over an MLP of the CNN's size, and the verdict."""
    rows = {
        change: {
            "CNN − MLP 682": f"{leads.equal_large:[+.1h]}",
            "CNN 14/43 − MLP": f"{leads.equal_small:[+.1h]}",
            "Corrected p": p_value(leads.equal_large.corrected),
            "Verdict": leads.equal_large.verdict,
        }
        for change, leads in asked.iterrows()
    }
    return Table.from_dict(rows, orient="index").rename_axis("Change")


def more_robust(asked: pd.DataFrame) -> SimpleNamespace:
    """Return the ``Names`` of the changes to which a network is more robust.

    ``cnn`` and ``mlp``, and of networks of equal size ``equal_cnn`` and ``equal_mlp``.
    """
    return SimpleNamespace(
        cnn=named(asked.lead, "supported"),
        mlp=named(asked.lead, "refuted"),
        equal_cnn=named(asked.equal_large, "supported"),
        equal_mlp=named(asked.equal_large, "refuted"),
    )


def by_level(read: pd.DataFrame) -> dict[tuple[str, float], Estimate]:
    """Return {(change, level): CNN − MLP in accuracy}."""
    ahead = _ahead(read, *reversed(COMPARED))
    return {condition: _over_writers(sums) for condition, sums in ahead.items()}


def errors_of_the_mlp(read: pd.DataFrame, asked: pd.DataFrame) -> SimpleNamespace:
    """Return what error ratios say, which need not be what points say.

    ``unchanged`` is the ratio without a change; ``fewer`` and ``more`` are the ``Names`` of the
    changes under which the CNN's lead grows and its errors, of the MLP's, become fewer or more.
    """
    ratios = error_ratios(read)
    unchanged = error_ratios(read, changed=False)["shift"]
    grows = named(asked.lead, "supported")
    return SimpleNamespace(
        unchanged=unchanged,
        fewer=Names(change for change in grows if ratios[change] < unchanged),
        more=Names(change for change in grows if ratios[change] >= unchanged),
    )


def lost(read: pd.DataFrame, change: str, level: float, model: str) -> Estimate:
    """Return the accuracy that a network loses at one level of a change."""
    counts = _counts(read, model)
    unchanged = counts[change, float(CHANGES[change].neutral)]
    return _over_writers(unchanged - counts[change, level])


def named(estimates: pd.Series, verdict: str) -> Names:
    """Return the names in the index of those estimates that have the verdict."""
    return Names(name for name, estimate in estimates.items() if estimate.verdict == verdict)


def _ahead(read, one, other):
    """Return {(change, level): how many more one reads of each writer's, (seeds, writers)}."""
    one, other = (_counts(read, model) for model in (one, other))
    return {condition: one[condition] - other[condition] for condition in one}


def _counts(read, model):
    """Return {(change, level): how many of each writer's are read, (seeds, writers)}."""
    rows = read[read.model == model].sort_values("seed")
    return {key: np.stack(of_one.right).astype(float) for key, of_one in rows.groupby(CONDITION)}


def _over_writers(sums):
    return estimate(statistics.by_size(sums, np.bincount(groups())))
