"""What cells show of a comparison, each time from its folder."""

from functools import wraps

from mnist_compare.own import plans, results
from mnist_compare.place import at
from mnist_compare.records import runs
from mnist_compare.report.chapters import drawings as pen_drawn
from mnist_compare.report.draw import figures
from mnist_compare.report.words import spoken
from mnist_compare.report.words.sentences import Names
from mnist_compare.study.pendigits import COUNTS


def _from_folder(shows):
    @wraps(shows)
    def shown(folder, *rest):
        with at(plans.place_of(folder)):
            return shows(plans.of(folder), *rest)

    return shown


differences = _from_folder(results.differences)
accuracies = _from_folder(results.accuracies)
costs = _from_folder(results.costs)
changed = _from_folder(results.changed)


@_from_folder
def verdict(plan):
    """Say which network reads more, for each pair."""
    spoken.say("{verdicts: }", verdicts=Names(results.sentences(plan)))


@_from_folder
def learning_curves(plan, name):
    """Draw the learning curves of a network."""
    return figures.learning_curves(runs.read(name, plan.protocol))


@_from_folder
def reliability(plan):
    """Draw how often the networks are right against how sure they are."""
    return figures.reliability(results.diagrams(plan))


@_from_folder
def confusion(plan, name):
    """Draw what a network takes each class for."""
    return figures.confusion_matrix(*results.confused(plan, name))


@_from_folder
def robustness(plan):
    """Draw accuracy over the level of each change."""
    return figures.robustness(results.curves(plan))


@_from_folder
def drawings(plan):
    """Return how many pen-drawn digits each network reads."""
    return pen_drawn.table(runs.measured(COUNTS, plan.protocol), plan.names)
