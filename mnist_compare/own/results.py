"""What the records of a comparison say: its tables, what its figures draw, and its verdicts.

Everything is of the last epoch. ``plan`` is the ``Plan`` of the comparison at whose ``Place`` this
is called.
"""

from itertools import combinations

import numpy as np

from mnist_compare import data, metrics, models, networks, statistics
from mnist_compare.networks import title
from mnist_compare.records import runs
from mnist_compare.report.chapters import estimates, robustness
from mnist_compare.report.words.sentences import Sentence
from mnist_compare.report.words.tables import Table
from mnist_compare.statistics import Number, asked_together
from mnist_compare.study.changed_digits import AS_IT_IS, RECORD


def costs(plan):
    """Return what each network costs: parameters, operations, seconds."""
    rows = {}
    for name in plan.names:
        seconds = estimates.seconds_per_epoch(name, plan.names, plan.protocol)
        operations = models.operations(networks.build(name))
        rows[title(name)] = {
            "Parameters": f"{networks.named(name).parameters:,}",
            "Operations to read a picture": f"{operations:,}" if operations else "not counted",
            "Seconds an epoch": f"{seconds:.1f}",
        }
    return _table(rows)


def accuracies(plan):
    """Return what each network gets right, in percent: means with 95 % intervals."""
    rows = {}
    for name in plan.names:
        errors = [*map(metrics.calibration_error, *_answers(plan, name))]
        test, train, gap = (
            estimates.mean(name, plan.epochs, quantity, plan.protocol, plan.names)
            for quantity in ("test_accuracy", "train_accuracy", "overfitting_gap")
        )
        rows[title(name)] = {
            "Test accuracy": f"{test:[.2%]}",
            "Standard deviation": f"{test.sd:.2h}",
            "Training accuracy": f"{train:.2%}",
            "Overfitting gap (points)": f"{gap:[.2h]}",
            "Calibration error": f"{Number(np.mean(errors)):.2h}",
        }
    return _table(rows)


def leads(plan):
    """Return {(one, other): ``Estimate`` of one − other in test accuracy}, all asked together."""
    pairs = [*combinations(plan.names, 2)]
    found = [
        estimates.difference(*((name, plan.epochs) for name in pair), protocol=plan.protocol)
        for pair in pairs
    ]
    return dict(zip(pairs, asked_together(found), strict=True))


def differences(plan):
    """Return the table of ``leads()``: with McNemar's test of each seed and the seeds needed."""
    rows = {}
    for (one, other), lead in leads(plan).items():
        this, that = (_answers(plan, name)[1] for name in (one, other))
        only = (this & ~that).sum(axis=1), (that & ~this).sum(axis=1)
        p = [*map(statistics.mcnemar, *only)]
        rows[f"{title(one)} − {title(other)}"] = {
            "Points [95 % interval]": f"{lead:[+.2h]}",
            "Verdict": {"supported": "more", "refuted": "fewer"}.get(lead.verdict, "undecided"),
            "McNemar: seeds with p < 0.05": f"{sum(np.less(p, statistics.LEVEL))} of {len(p)}",
            "Seeds needed": lead.needed,
        }
    return _table(rows, "Difference")


def sentences(plan):
    """Return the verdict on each pair of networks, a ``Sentence`` each."""
    what = "test digits" if plan.protocol.data == "mnist" else "test pictures"
    return [
        Sentence(
            lead.choose(
                supported="*{one}* reads more {what} than *{other}*: {lead:[.2p]}, {lead.n} seeds.",
                refuted="*{other}* reads more {what} than *{one}*: {reversed:[.2p]}, {lead.n} "
                "seeds.",
                undecided="Whether *{one}* or *{other}* reads more {what} is undecided: *{one}* − "
                "*{other}* is {lead:[+.2p]}, {lead.n} seeds. If the true difference is this large, "
                "it takes {lead.needed} seeds to see it with a power of 95 %.",
            )
            if lead.by_seed.any()
            else "*{one}* and *{other}* read equally many {what} in each of {lead.n} seeds.",
            one=title(one),
            other=title(other),
            what=what,
            lead=lead,
            reversed=_reversed(lead),
        )
        for (one, other), lead in leads(plan).items()
    ]


def diagrams(plan):
    """Return the reliability diagrams, as ``figures.reliability()`` draws them."""
    return {
        (name, plan.epochs): [*map(metrics.reliability, *_answers(plan, name))]
        for name in plan.names
    }


def labels(plan):
    """Return the labels of the test pictures."""
    return data.load(plan.protocol.data)[1][1]


def confused(plan, name, seed=0):
    """Return labels, answers and classes, as ``figures.confusion_matrix()`` takes them."""
    (run,) = (run for run in runs.read(name, plan.protocol) if run.seed == seed)
    classes = data.named(plan.protocol.data).classes
    return labels(plan), run.predictions[plan.epochs], classes


def curves(plan):
    """Return accuracies on changed pictures, as ``figures.robustness()`` draws them."""
    return robustness.curves(runs.measured(RECORD, plan.protocol), models=plan.names)


def changed(plan):
    """Return the mean accuracies on changed pictures, in percent: means over levels and seeds."""
    means = robustness.means(runs.measured(RECORD, plan.protocol), AS_IT_IS)
    table = Table({title(name): means[name].mean() for name in plan.names})
    return table.map("{:.1%}".format).rename_axis("Change")


def _answers(plan, name):
    """Return confidences, and which answers are right, of each seed."""
    those = runs.compared(plan.names, plan.protocol)[name]
    return estimates.answers(those, plan.epochs, plan.protocol)


def _reversed(lead):
    return statistics.estimate(-lead.values)


def _table(rows, name="Network"):
    return Table.from_dict(rows, orient="index").rename_axis(name)
