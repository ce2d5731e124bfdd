"""The chapters on the two networks: how a run compares with the recorded ones."""

from mnist_compare import metrics, statistics
from mnist_compare.records import runs
from mnist_compare.report.chapters.estimates import measured, quantities
from mnist_compare.report.chapters.recorded import comparable, recorded
from mnist_compare.report.draw import figures
from mnist_compare.report.words.spoken import say
from mnist_compare.statistics import Estimate
from mnist_compare.training import Run


def values(*own_runs: Run) -> dict:
    """Return {(model, epoch, quantity): value} of runs at the epochs at which they are measured."""
    return {
        (run.model, row["epoch"], quantity): value
        for run in own_runs
        for row in run.measured
        for quantity, value in quantities(row).items()
    }


@recorded()
def among(run: Run, epoch: int = 10):
    """Draw a run among the recorded runs of its network, and say how its test accuracy compares."""
    if not comparable(run):
        return None
    others = measured((run.model,))
    accuracy = values(run)[run.model, epoch, "test_accuracy"]
    of_others = others[run.model, epoch, "test_accuracy"]
    inside = of_others.lowest <= accuracy <= of_others.highest
    say(
        "After ten epochs, this run reads {own:.2%} of the test digits.",
        "This is inside the range of the {recorded.n} recorded runs, which goes from "
        "{recorded.lowest:.2%} to {recorded.highest:.2%} with a mean of {recorded:.2%}."
        if inside
        else "This is outside the range of the {recorded.n} recorded runs, which goes from "
        "{recorded.lowest:.2%} to {recorded.highest:.2%} with a mean of {recorded:.2%}. That is no "
        "cause for alarm: even a run made in exactly the same way falls outside the range of the "
        "others with a probability of {chance:.0%}.",
        own=accuracy,
        recorded=of_others,
        # Of n + 1 equal runs, each is as likely as any other to be the lowest or the highest.
        chance=2 / (of_others.n + 1),
    )
    return figures.every_run(others, values(run))


def best_epoch(model: str) -> Estimate:
    """Return the ``Estimate`` of the epoch of the least validation loss."""
    losses = [[row["validation_loss"] for row in run.rows] for run in runs.compared()[model]]
    return statistics.estimate([metrics.best_epoch(of_run) for of_run in losses])
