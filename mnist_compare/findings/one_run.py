"""The chapters on the two networks: how a run compares with the recorded ones."""

import numpy as np

from mnist_compare.findings.estimates import all_estimates, quantities
from mnist_compare.findings.recorded import recorded
from mnist_compare.records import networks, runs
from mnist_compare.records.protocols import FAIR
from mnist_compare.report.draw.drawing import panels, percent
from mnist_compare.report.draw.style import styled
from mnist_compare.report.words.sentences import Names, Sentence, verbatim
from mnist_compare.report.words.spoken import say
from mnist_compare.study.statistics import Number
from mnist_compare.training import REPORTED_EPOCHS, Run


@recorded()
def among(*own_runs: Run):
    """Draw runs beside the recorded ones of the same name, and say how each compares with them.

    A run may be of another network than the recorded ones, or measured after other epochs.
    """
    recorded_runs = {run.model: runs.read(run.model, FAIR) for run in own_runs}
    fair = all_estimates([model for model, those in recorded_runs.items() if those])
    others, values = set(), {}
    for run in own_runs:
        of_others = recorded_runs[run.model][-1] if recorded_runs[run.model] else None
        if not of_others or of_others.fingerprint != run.fingerprint:
            others.add(run.model)
        for row in run.measured:
            for quantity, value in quantities(row).items():
                values[run.model, row["epoch"], quantity] = value
        last = run.measured[-1]
        say(
            "After epoch {epoch}, this run of the {name} reads **{accuracy:.2%}** of the test "
            "digits.",
            "{compared}",
            name=verbatim(networks.title(run.model)),
            epoch=last["epoch"],
            accuracy=Number(last["test_accuracy"]),
            compared=_compared(run, of_others, fair),
        )
    return _drawn(fair, values, others)


@styled
def _drawn(fair, own, others):
    """Draw test accuracy and overfitting gap of every run: a dot per seed, a bar at the mean.

    Own runs are diamonds: black ones or, of a model among ``others``, hollow ones.
    """
    looks: dict = {}
    figure, axes = panels((6.3, 2), 1, 2)
    columns = sorted({key[:2]: 0 for key in (*fair, *own)}, key=lambda column: column[1])
    quantities = {"test_accuracy": 1, "overfitting_gap": 100}  # the second in points
    for axis, (quantity, unit) in zip(axes, quantities.items(), strict=True):
        for x, (model, epoch) in enumerate(columns):
            key, colour = (model, epoch, quantity), networks.colour(model)
            if key in fair:
                values = unit * fair[key].by_seed
                spread = np.linspace(-0.12, 0.12, len(values)) if len(values) > 1 else np.zeros(1)
                axis.plot(x + spread, values, "o", color=colour, alpha=0.75, ms=5)
                axis.hlines(values.mean(), x - 0.28, x + 0.28, color=colour)
            if key in own:
                name, inside = ("this run", "black")
                if model in others:
                    name, inside = ("this run, of another network", "white")
                look = {"color": "black", "mfc": inside, "ms": 5, "label": name}
                looks[name] = axis.plot(x, unit * own[key], "D", **look)[0]
        names = [f"{networks.title(model)}\nepoch {epoch}" for model, epoch in columns]
        axis.set_xticks(range(len(columns)), names, fontsize=8 if len(columns) < 5 else 6.5)
        axis.grid(axis="x", visible=False)
    axes[0].set_title("test accuracy")
    percent(axes[0].yaxis)
    axes[1].set_title("overfitting gap (points)")
    figure.legend(looks.values(), looks, loc="outside lower center", ncols=2)
    return figure


def _compared(run, recorded_run, fair):
    """Return how a run compares with the recorded ones, of which one is given, as a sentence."""
    last = run.measured[-1]
    if not recorded_run:
        return Sentence("No network of this name is among the recorded runs.")
    if run.fingerprint != recorded_run.fingerprint:
        return Sentence(
            "It is another network than that of the recorded runs, or was trained in another way: "
            "it has {own:,} parameters, theirs {recorded:,}.",
            own=last["parameters"],
            recorded=recorded_run.measured[-1]["parameters"],
        )
    of_others = fair.get((run.model, last["epoch"], "test_accuracy"))
    if of_others is None:
        return Sentence(
            "The recorded runs were measured after {epochs} epochs.",
            epochs=Names(map(str, REPORTED_EPOCHS)),
        )
    if of_others.lowest <= last["test_accuracy"] <= of_others.highest:
        return Sentence(
            "This is inside the range of the {recorded.n} recorded runs, which goes from "
            "{recorded.lowest:.2%} to {recorded.highest:.2%} with a mean of {recorded:.2%}.",
            recorded=of_others,
        )
    return Sentence(
        "This is outside the range of the {recorded.n} recorded runs, which goes from "
        "{recorded.lowest:.2%} to {recorded.highest:.2%} with a mean of {recorded:.2%}. That is no "
        "cause for alarm: even a run made in exactly the same way falls outside the range of the "
        "others with a probability of {chance:.0%}.",
        recorded=of_others,
        # Of n + 1 equal runs, each is as likely as any other to be the lowest or the highest.
        chance=2 / (of_others.n + 1),
    )
