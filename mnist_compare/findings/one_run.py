"""The chapters on the two networks: how a run compares with the recorded ones."""

from mnist_compare import metrics
from mnist_compare.findings.estimates import measured, quantities
from mnist_compare.findings.recorded import recorded
from mnist_compare.records import networks, runs
from mnist_compare.records.protocols import FAIR
from mnist_compare.report.draw import figures
from mnist_compare.report.words.sentences import Names, Sentence, verbatim
from mnist_compare.report.words.spoken import say
from mnist_compare.study import statistics
from mnist_compare.study.statistics import Estimate, Number
from mnist_compare.training import REPORTED_EPOCHS, Run


def values(*own_runs: Run) -> dict:
    """Return {(model, epoch, quantity): value} of runs at the epochs at which they are measured."""
    return {
        (run.model, row["epoch"], quantity): value
        for run in own_runs
        for row in run.measured
        for quantity, value in quantities(row).items()
    }


@recorded()
def among(*own_runs: Run):
    """Draw runs beside the recorded ones of the same name, and say how each compares with them.

    A run may be of another network than the recorded ones, or measured after other epochs.
    """
    known = {run.model: run for own in own_runs for run in runs.read(own.model, FAIR)}
    fair, others = measured([*known]), set()
    for run in own_runs:
        of_others = known.get(run.model)
        if not of_others or of_others.fingerprint != run.fingerprint:
            others.add(run.model)
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
    return figures.every_run(fair, values(*own_runs), others)


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


def best_epoch(model: str) -> Estimate:
    """Return the ``Estimate`` of the epoch of the least validation loss."""
    losses = [[row["validation_loss"] for row in run.rows] for run in runs.compared()[model]]
    return statistics.estimate([metrics.best_epoch(of_run) for of_run in losses])
