"""What the records of a comparison say, for the cells of notebooks: verdicts, tables and figures.

Each function is called with the folder of the comparison. Everything is of the last epoch.
"""

from functools import wraps
from itertools import combinations

from mnist_compare.findings import estimates
from mnist_compare.findings.robustness import Robustness
from mnist_compare.own import plans
from mnist_compare.records import data_sets, networks, runs
from mnist_compare.records.networks import title
from mnist_compare.records.place import at
from mnist_compare.report.draw import figures
from mnist_compare.report.words import spoken
from mnist_compare.report.words.sentences import Names, Sentence
from mnist_compare.report.words.tables import Table
from mnist_compare.study import operations, statistics
from mnist_compare.study.statistics import asked_together


def _of_a_folder(show):
    """Let a function of a ``Plan`` take the folder in its place, and work at the folder's place."""

    @wraps(show)
    def shown(folder, *rest):
        plan, place = plans.read_folder(folder)
        with at(place):
            return show(plan, *rest)

    return shown


@_of_a_folder
def verdict(plan):
    """Say which network reads more, for each pair."""
    spoken.say("{verdicts: }", verdicts=Names(_sentences(plan)))


TEMPLATES = {
    "supported": "*{one}* reads more {what} than *{other}*: {lead:[.2p]}, {lead.n} seeds.",
    "refuted": "*{other}* reads more {what} than *{one}*: {reversed:[.2p]}, {lead.n} seeds.",
    "undecided": "Whether *{one}* or *{other}* reads more {what} is undecided: *{one}* − *{other}* "
    "is {lead:[+.2p]}, {lead.n} seeds. If the true difference is this large, it takes "
    "{lead.needed} seeds to see it with a power of 95 %.",
}
EQUAL = "*{one}* and *{other}* read equally many {what} in each of {lead.n} seeds."


def _sentences(plan):
    what = "test digits" if plan.protocol.data == "mnist" else "test pictures"
    said = []
    for (one, other), lead in _leads(plan).items():
        template = TEMPLATES[lead.verdict] if lead.by_seed.any() else EQUAL
        names = {"one": title(one), "other": title(other), "what": what}
        reverse = statistics.estimate(-lead.values)
        said.append(Sentence(template, lead=lead, reversed=reverse, **names))
    return said


def _leads(plan):
    """Return {(one, other): ``Estimate`` of one − other in test accuracy}, all asked together."""
    leads = {}
    for one, other in combinations(plan.names, 2):
        sides = (one, plan.epochs), (other, plan.epochs)
        leads[one, other] = estimates.difference(*sides, protocol=plan.protocol)
    return dict(zip(leads, asked_together(leads.values()), strict=True))


sentences = _of_a_folder(_sentences)  # the verdict on each pair
leads = _of_a_folder(_leads)


@_of_a_folder
def differences(plan):
    """Return the table of ``leads()``, with verdicts and the seeds needed."""
    rows = {}
    for (one, other), lead in _leads(plan).items():
        rows[f"{title(one)} − {title(other)}"] = {
            "Points [95 % interval]": f"{lead:[+.2h]}",
            "Verdict": {"supported": "more", "refuted": "fewer"}.get(lead.verdict, "undecided"),
            "Seeds needed": lead.needed,
        }
    return _table(rows, "Difference")


@_of_a_folder
def accuracies(plan):
    """Return what each network gets right, in percent: means with 95 % intervals."""
    rows = {}
    for name in plan.names:
        test, train, gap = (
            estimates.mean(name, plan.epochs, quantity, plan.protocol, plan.names)
            for quantity in ("test_accuracy", "train_accuracy", "overfitting_gap")
        )
        rows[title(name)] = {
            "Test accuracy": f"{test:[.2%]}",
            "Standard deviation": f"{test.sd:.2h}",
            "Training accuracy": f"{train:.2%}",
            "Overfitting gap (points)": f"{gap:[.2h]}",
        }
    return _table(rows)


@_of_a_folder
def costs(plan):
    """Return what each network costs: parameters, operations, seconds."""
    rows = {}
    for name in plan.names:
        seconds = estimates.seconds_per_epoch(name, plan.names, plan.protocol)
        counted = operations.operations(networks.build(name))
        rows[title(name)] = {
            "Parameters": f"{networks.network_named(name).parameters:,}",
            "Operations to read a picture": f"{counted:,}" if counted else "not counted",
            "Seconds an epoch": f"{seconds:.1f}",
        }
    return _table(rows)


@_of_a_folder
def learning_curves(plan, name):
    """Draw the learning curves of a network."""
    return figures.learning_curves(runs.read(name, plan.protocol))


@_of_a_folder
def confusion(plan, name):
    """Draw what a network takes each class for, trained from seed 0."""
    (run,) = (run for run in runs.read(name, plan.protocol) if run.seed == 0)
    classes = data_sets.data_set_named(plan.protocol.data).classes
    _, (_, labels) = data_sets.load_named(plan.protocol.data)
    return figures.confusion_matrix(labels, run.predictions[plan.epochs], classes)


@_of_a_folder
def robustness(plan):
    """Draw accuracy over the level of each change."""
    return Robustness(plan.protocol).figure(plan.names)


def _table(rows, name="Network"):
    return Table.from_dict(rows, orient="index").rename_axis(name)
