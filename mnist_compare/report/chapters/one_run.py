"""The chapters on the two networks: what one run shows, and how it compares with the others."""

from mnist_compare import metrics, statistics
from mnist_compare.records import runs
from mnist_compare.report.chapters.estimates import measured, of, quantities
from mnist_compare.report.draw import figures
from mnist_compare.report.words.spoken import comparable, recorded, say
from mnist_compare.training import REPORTED_EPOCHS


def values(*own):
    """Return {(model, epoch, quantity): value} of runs at the epochs at which they are measured."""
    return {
        (run.model, row["epoch"], quantity): value
        for run in own
        for row in run.measured
        for quantity, value in quantities(row).items()
    }


@recorded()
def among(run, epoch=10):
    """Draw a run among the recorded runs of its network, and say how its test accuracy compares."""
    if not comparable(run):
        return None
    found = measured((run.model,))[run.model, epoch, "test_accuracy"]
    own = values(run)[run.model, epoch, "test_accuracy"]
    inside = found.lowest <= own <= found.highest
    say(
        "After ten epochs, this run reads {own:.2%} of the test digits.",
        "This is inside the range of the {recorded.n} recorded runs, which goes from "
        "{recorded.lowest:.2%} to {recorded.highest:.2%} with a mean of {recorded:.2%}."
        if inside
        else "This is outside the range of the {recorded.n} recorded runs, which goes from "
        "{recorded.lowest:.2%} to {recorded.highest:.2%} with a mean of {recorded:.2%}. That is no "
        "cause for alarm: even a run made in exactly the same way falls outside the range of the "
        "others with a probability of {chance:.0%}.",
        own=own,
        recorded=found,
        # Of n + 1 equal runs, each is as likely as any other to be the lowest or the highest.
        chance=2 / (found.n + 1),
    )
    return figures.every_run(measured((run.model,)), values(run))


def of_records(model):
    """Return what a sentence may say of the recorded runs of a network, all Estimates.

    ``gap_5`` and ``gap_10`` are the overfitting gaps; ``best_epoch`` has the least validation loss.
    """
    found = {f"gap_{epoch}": of(model, epoch, "overfitting_gap") for epoch in REPORTED_EPOCHS}
    losses = [[row["validation_loss"] for row in run.rows] for run in runs.compared()[model]]
    best = statistics.estimate([metrics.best_epoch(of_run) for of_run in losses])
    return found | {"best_epoch": best}


def with_range(estimate, form):
    """Return a mean and, in brackets, the lowest and the highest value, without a unit, as text."""
    bare = form.replace("%", "h")
    return f"{estimate:{form}} ({estimate.lowest:{bare}}–{estimate.highest:{bare}})"
