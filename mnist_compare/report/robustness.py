"""What the record of changed digits says: where accuracy falls, and what helps against it.

``record`` is the frame of ``study.robustness.RECORD``, ``read``, ``digits`` and ``clothes`` those
of ``BY_WRITER``, the rows of one protocol. Only the seeds that both networks have are used, and
means are those over the levels at which the pictures are changed.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from mnist_compare import protocols, statistics
from mnist_compare.networks import COMPARED, EQUAL_SIZE, title
from mnist_compare.report.sentences import Names
from mnist_compare.report.tables import Table, p_value
from mnist_compare.statistics import estimate, holm
from mnist_compare.study.changes import CHANGES, changed
from mnist_compare.study.robustness import AS_IT_IS, WAYS, groups

CONDITION = ["change", "level"]
LIMIT = 0.9  # below this accuracy a network is said to fall


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


def curves(record, ways=(AS_IT_IS,), changes=tuple(CHANGES), models=COMPARED):
    """Return {change: {(model, way): (levels, accuracies)}}, as ``figures.robustness`` draws it."""
    return {
        change: {
            (model, way): curve(record, change, way, model) for model in models for way in ways
        }
        for change in changes
    }


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
    """Return the table of the leads under each change: absolute, relative, and the verdict."""
    absolute = leads(digits, relative=False)
    rows = {
        change: {
            "CNN − MLP": f"{absolute[change]:[+.1h]}",
            "Relative": f"{found:[+.1h]}",
            "Corrected p": p_value(found.corrected),
            "Verdict": found.verdict,
        }
        for change, found in asked.digits.items()
    }
    return Table.from_dict(rows, orient="index").rename_axis("Change")


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


def levels(read, one="cnn", other="mlp"):
    """Return the table of one − other, in points, at every level of each change."""
    ahead = _ahead(read, one, other)
    rows = {
        change: ", ".join(
            f"{level:g}: {_over_writers(ahead[change, float(level)], read):+.1h}"
            for level in what.levels
        )
        for change, what in CHANGES.items()
    }
    return Table({"Level: points": rows}).rename_axis("Change")


def verdicts(asked):
    """Return what a sentence may name: ``Names`` of the changes with each verdict.

    ``{which}_cnn``, ``{which}_mlp`` and ``{which}_open``, of ``digits``, ``clothes`` and ``equal``.
    """
    found = {}
    for which, column in (("digits",) * 2, ("clothes",) * 2, ("equal", "equal_large")):
        for name, verdict in (("cnn", "supported"), ("mlp", "refuted"), ("open", "undecided")):
            found[f"{which}_{name}"] = named(asked[column], verdict)
    return found


def _ahead(read, one, other):
    """Return {(change, level): how many more one reads of each writer's, (seeds, writers)}."""
    one, other = (_counts(read, model) for model in (one, other))
    return {condition: one[condition] - other[condition] for condition in one}


def _counts(read, model):
    """Return {(change, level): how many of each writer's are read, (seeds, writers)}."""
    those = read[read.model == model].sort_values("seed")
    return {key: np.stack(rows.right).astype(float) for key, rows in those.groupby(CONDITION)}


def _over_writers(sums, read):
    data = protocols.named(read.protocol.iloc[0]).data
    return estimate(statistics.by_size(sums, np.bincount(groups(data))))


def _by_change(values):
    return pd.Series({change: estimate(values[change]) for change in CHANGES})


def ways(record):
    """Return the table of the mean accuracies as it is and through each pipeline, and the gains."""
    return _shares(record, WAYS).join(gains(record).map("{:+.1h}".format))


def _shares(record, ways):
    """Return the mean accuracy of each network under each change, each way, as texts."""
    seeds = means(record, ways[-1]).index
    by_way = {way: means(record, way).loc[seeds] for way in ways}
    table = Table(
        {
            title(model) + ("" if way == AS_IT_IS else f" {way}"): by_way[way][model].mean()
            for model in COMPARED
            for way in ways
        }
    )
    return table.loc[list(CHANGES)].map("{:.1%}".format).rename_axis("Change")


def lost(read, change, level, model):
    """Return the ``Estimate`` of the accuracy that a network loses at one level of a change."""
    counts = _counts(read, model)
    unchanged = counts[change, float(CHANGES[change].neutral)]
    return _over_writers(unchanged - counts[change, level], read)


def falls(record):
    """Return, by change, where each network falls below 90 %: mean over the seeds and their range.

    The level nearest to the unchanged digit; accuracy is taken as a straight line between levels.
    A change with two directions has a row for each.
    """
    rows = {}
    for change, what in CHANGES.items():
        for side, name in _sides(change).items():
            row = rows[name] = {"Read as": what.unit}
            for model in COMPARED:
                levels, accuracy = curve(record, change, AS_IT_IS, model)
                found = [falls_at(levels, a, what.neutral)[side] for a in accuracy.T]
                row[title(model)] = _level(found, levels[-1 if side else 0])
    return Table.from_dict(rows, orient="index").rename_axis("Change")


def falls_at(levels, accuracy, neutral):
    """Return the levels nearest to ``neutral``, below and above, where accuracy falls to 90 %.

    ``levels`` are increasing, ``accuracy`` (n,) at each; between two levels it is taken as a
    straight line. None on a side where it does not fall; ``neutral`` on both where it is lower from
    the start.
    """
    middle = int(np.argmin(np.abs(levels - neutral)))
    return (
        _crossing(levels[middle::-1], accuracy[middle::-1]),
        _crossing(levels[middle:], accuracy[middle:]),
    )


def numbers(record):
    """Return what a sentence may name: ``Names`` of the changes of which each is true.

    ``changes`` says how many there are. Which network is the better is a matter of ``claims``.
    """
    mlp, cnn, lead = (gain for _, gain in gains(record).items())
    helped, ahead = named(mlp, "supported"), named(mlp - lead, "supported")
    return {
        "changes": len(CHANGES),
        "preprocessing_buys_more": Names(change for change in helped if change in ahead),
        "network_buys_more": named(mlp - lead, "refuted"),
        "preprocessing_harms_mlp": named(mlp, "refuted"),
        "preprocessing_helps_cnn": named(cnn, "supported"),
        "preprocessing_harms_cnn": named(cnn, "refuted"),
    }


def named(estimates, verdict):
    """Return the ``Names`` in the index of a Series of ``Estimate`` that have the verdict."""
    return Names(name for name, found in estimates.items() if found.verdict == verdict)


def _sides(change):
    """Return {0 for below neutral or 1 for above: name} of the directions a change has."""
    what = CHANGES[change]
    if min(what.levels) < what.neutral < max(what.levels):
        return {0: f"{change}, smaller", 1: f"{change}, larger"}
    return {1: change} if what.neutral == min(what.levels) else {0: change}


def _level(found, last):
    fallen = np.array([level for level in found if level is not None])
    if not len(fallen):
        return f"not by {last:g}"
    text = f"{fallen.mean():.2g} ({fallen.min():.2g} to {fallen.max():.2g})"
    return text if len(fallen) == len(found) else f"{text}, {len(fallen)} of {len(found)} seeds"


def _crossing(levels, accuracy):
    """Return the first level, in the order given, at which accuracy falls to 90 %, or None."""
    if accuracy[0] < LIMIT:
        return float(levels[0])
    for i in range(1, len(levels)):
        if accuracy[i] < LIMIT <= accuracy[i - 1]:
            share = (accuracy[i - 1] - LIMIT) / (accuracy[i - 1] - accuracy[i])
            return float(levels[i - 1] + share * (levels[i] - levels[i - 1]))
    return None
