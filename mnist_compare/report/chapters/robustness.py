"""What the record of changed digits says: who reads them, and what helps.

``record`` is the frame of ``study.robustness.RECORD``, ``read``, ``digits`` and ``clothes`` those
of ``BY_WRITER``, the rows of one protocol. Only the seeds that both networks have are used, and
means are those over the levels at which the pictures are changed.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from mnist_compare import protocols, statistics
from mnist_compare.networks import COMPARED, EQUAL_SIZE
from mnist_compare.records import runs
from mnist_compare.report.draw import figures
from mnist_compare.report.words.sentences import Names
from mnist_compare.report.words.spoken import recorded
from mnist_compare.report.words.tables import Table, p_value
from mnist_compare.statistics import Number, estimate, holm
from mnist_compare.study.changed_digits import AS_IT_IS, RECORD, groups
from mnist_compare.study.changes import CHANGES, changed

CONDITION = ["change", "level"]


def examples(digit):
    """Return {change: [(level, changed digit)]}, as ``figures.changes_sheet`` draws it."""
    return {
        name: [(level, changed(digit[None], name, level)[0]) for level in what.levels]
        for name, what in CHANGES.items()
    }


def curve(record, change, way, model):
    """Return levels (n,), increasing, and accuracies (n, seeds) of a network under a change."""
    those = record[(record.change == change) & (record.way == way)]
    table = those.pivot(index="seed", columns=["model", "level"], values="accuracy").dropna()
    table = table[model].T.sort_index()
    return table.index.to_numpy(), table.to_numpy()


def curves(record, changes=tuple(CHANGES), models=COMPARED):
    """Return {change: {(model, way): (levels, accuracies)}}, as ``figures.robustness`` draws it."""
    return {
        change: {(model, AS_IT_IS): curve(record, change, AS_IT_IS, model) for model in models}
        for change in changes
    }


@recorded(RECORD.file)
def pictured():
    """Draw what both networks read of MNIST over the levels of each change."""
    return figures.robustness(curves(runs.measured(RECORD, protocols.FAIR)))


def means(record, way=AS_IT_IS):
    """Return mean accuracies over the levels: a row per seed, columns model × change."""
    neutral = record.change.map({name: what.neutral for name, what in CHANGES.items()})
    those = record[(record.way == way) & (record.level != neutral)]
    return those.pivot_table("accuracy", "seed", ["model", "change"]).dropna()


def gains(record):
    """Return what helps, a frame of ``Estimate`` with a row per change.

    ``Prep., MLP`` and ``Prep., CNN`` are what preprocessing buys a network, center − as it is;
    ``CNN − MLP`` is what the other network buys, both as it is.
    """
    centred = means(record, "center")
    plain = means(record).loc[centred.index]  # fewer seeds read through the pipelines
    found = {
        "Prep., MLP": centred["mlp"] - plain["mlp"],
        "Prep., CNN": centred["cnn"] - plain["cnn"],
        "CNN − MLP": plain["cnn"] - plain["mlp"],
    }
    return Table({name: _by_change(by) for name, by in found.items()}).rename_axis("Change")


def leads(read, one="cnn", other="mlp", relative=True):
    """Return the ``Estimate`` of one − other in accuracy over the levels, a Series by change.

    A relative lead is that under the change less that without it. Intervals are over seeds and
    writers, of clothes parts of the pictures.
    """
    ahead, found = _ahead(read, one, other), {}
    for change, what in CHANGES.items():
        of_levels = [ahead[change, float(level)] for level in what.levels if level != what.neutral]
        lead = np.mean(of_levels, axis=0)
        unchanged = ahead[change, float(what.neutral)] if relative else 0
        found[change] = _over_writers(lead - unchanged, read)
    return pd.Series(found)


def questions(digits, clothes):
    """Return the second family of the plan, asked together: a frame of ``Estimate`` by change.

    Relative leads: of the two networks on ``digits`` and on ``clothes``, and on digits of those of
    equal size, ``equal_large`` and ``equal_small``, of which one question is asked: whether both
    are above 0, or both below.
    """
    large, small = EQUAL_SIZE
    found = pd.DataFrame(
        {
            "digits": leads(digits),
            "clothes": leads(clothes),
            "equal_large": leads(digits, *reversed(large)),
            "equal_small": leads(digits, *reversed(small)),
        }
    )
    p_values = found.map(lambda lead: lead.p_value)
    means = found.map(lambda lead: lead.mean)
    agree = np.sign(means.equal_large) == np.sign(means.equal_small)
    both = p_values[["equal_large", "equal_small"]].max(axis=1).where(agree, 1.0)
    asked = [*p_values.digits, *p_values.clothes, *both]
    corrected = np.reshape(holm(asked), (3, -1))[[0, 1, 2, 2]]
    for column, of_column in zip(found, corrected, strict=True):
        pairs = zip(found[column], of_column, strict=True)
        found[column] = [replace(lead, corrected=float(p)) for lead, p in pairs]
    return found


def compared(digits, asked):
    """Return the table of the leads under each change: absolute, relative, and the verdict.

    The last column is ``error_ratios()``.
    """
    absolute, ratios = leads(digits, relative=False), error_ratios(digits)
    rows = {
        change: {
            "CNN − MLP": f"{absolute[change]:[+.1h]}",
            "Relative": f"{found:[+.1h]}",
            "Corrected p": p_value(found.corrected),
            "Verdict": found.verdict,
            "Errors": f"{ratios[change]:.2f}",
        }
        for change, found in asked.digits.items()
    }
    return Table.from_dict(rows, orient="index").rename_axis("Change")


def error_ratios(read, changed=True):
    """Return the CNN's errors to the MLP's over the levels of each change, or without a change."""
    counts = {model: _counts(read, model) for model in COMPARED}
    sizes, found = _sizes(read), {}
    for change, what in CHANGES.items():
        levels = [level for level in what.levels if (level != what.neutral) == changed]
        mlp, cnn = (
            np.mean([sizes - counts[model][change, float(level)] for level in levels])
            for model in COMPARED
        )
        found[change] = Number(cnn / mlp)
    return found


def by_size(asked):
    """Return the table of the relative leads over an MLP of the CNN's size, and the verdict."""
    rows = {
        change: {
            "CNN − MLP 682": f"{found.equal_large:[+.1h]}",
            "CNN 14/43 − MLP": f"{found.equal_small:[+.1h]}",
            "Corrected p": p_value(found.equal_large.corrected),
            "Verdict": found.equal_large.verdict,
        }
        for change, found in asked.iterrows()
    }
    return Table.from_dict(rows, orient="index").rename_axis("Change")


def verdicts(asked):
    """Return what a sentence may name: ``Names`` of the changes to which a network is more robust.

    ``digits_cnn`` and ``digits_mlp``, and of networks of equal size ``equal_cnn`` and
    ``equal_mlp``.
    """
    return {
        "digits_cnn": named(asked.digits, "supported"),
        "digits_mlp": named(asked.digits, "refuted"),
        "equal_cnn": named(asked.equal_large, "supported"),
        "equal_mlp": named(asked.equal_large, "refuted"),
    }


def by_level(read):
    """Return {(change, level): Estimate of CNN − MLP in accuracy}."""
    ahead = _ahead(read, *reversed(COMPARED))
    return {condition: _over_writers(sums, read) for condition, sums in ahead.items()}


def on_other_scales(read, asked):
    """Return what a sentence may name of error ratios, which need not say what points say.

    ``ratio_unchanged``, without a change; ``fewer_errors`` and ``more_errors``, the ``Names`` of
    the changes under which the CNN's lead grows and its errors, of the MLP's, become fewer or more.
    """
    ratios, unchanged = error_ratios(read), error_ratios(read, changed=False)
    grows = named(asked.digits, "supported")
    fewer = [change for change in grows if ratios[change] < unchanged[change]]
    return {
        "ratio_unchanged": unchanged["shift"],
        "fewer_errors": Names(fewer),
        "more_errors": Names(change for change in grows if change not in fewer),
    }


def _ahead(read, one, other):
    """Return {(change, level): how many more one reads of each writer's, (seeds, writers)}."""
    one, other = (_counts(read, model) for model in (one, other))
    return {condition: one[condition] - other[condition] for condition in one}


def _counts(read, model):
    """Return {(change, level): how many of each writer's are read, (seeds, writers)}."""
    those = read[read.model == model].sort_values("seed")
    return {key: np.stack(rows.right).astype(float) for key, rows in those.groupby(CONDITION)}


def _over_writers(sums, read):
    return estimate(statistics.by_size(sums, _sizes(read)))


def _sizes(read):
    """Return how many test pictures each writer, or part of the pictures, has."""
    return np.bincount(groups(protocols.named(read.protocol.iloc[0]).data))


def _by_change(values):
    return pd.Series({change: estimate(values[change]) for change in CHANGES})


def lost(read, change, level, model):
    """Return the ``Estimate`` of the accuracy that a network loses at one level of a change."""
    counts = _counts(read, model)
    unchanged = counts[change, float(CHANGES[change].neutral)]
    return _over_writers(unchanged - counts[change, level], read)


def numbers(record):
    """Return what a sentence may name: ``Names`` of the changes of which each is true.

    Which network is the better is a matter of ``claims``.
    """
    mlp, cnn, lead = (gain for _, gain in gains(record).items())
    helped, ahead = named(mlp, "supported"), named(mlp - lead, "supported")
    return {
        "preprocessing_buys_more": Names(change for change in helped if change in ahead),
        "network_buys_more": named(mlp - lead, "refuted"),
        "preprocessing_harms_mlp": named(mlp, "refuted"),
        "preprocessing_helps_cnn": named(cnn, "supported"),
        "preprocessing_harms_cnn": named(cnn, "refuted"),
    }


def named(estimates, verdict):
    """Return the ``Names`` in the index of a Series of ``Estimate`` that have the verdict."""
    return Names(name for name, found in estimates.items() if found.verdict == verdict)
