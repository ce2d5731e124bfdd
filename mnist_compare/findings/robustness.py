"""Changed test pictures: who reads them.

``robustness.csv`` has one row per network × change × level; its rows for digits that came through a
pipeline for drawings are of an earlier study and are not read. ``robustness_writers.npz`` tells how
many digits of each writer are read. Only the seeds that both networks have are used, and means are
those over the levels at which digits are changed.
"""

from dataclasses import replace
from functools import cached_property
from itertools import product
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd

from mnist_compare import data
from mnist_compare.findings.changes import CHANGES, changed
from mnist_compare.findings.recorded import recorded
from mnist_compare.records import runs
from mnist_compare.records.frames import NETWORK, Record
from mnist_compare.records.networks import COMPARED, EQUAL_SIZE
from mnist_compare.records.place import here
from mnist_compare.records.protocols import Protocol
from mnist_compare.records.writers import writers_of_digits
from mnist_compare.report.draw import figures
from mnist_compare.report.words.sentences import Names
from mnist_compare.report.words.tables import Table, p_value
from mnist_compare.study import fitting, measuring, statistics, trained
from mnist_compare.study.statistics import Estimate, estimate, holm

AS_IT_IS = "as it is"  # the way in which a changed digit gets to a network
REMEDY = "delete it and measure anew with `python -m mnist_compare study`"
RECORD = Record(
    "robustness.csv",
    NETWORK | {"change": str, "level": float, "way": str},
    {"accuracy": float},
    REMEDY,
)
BY_WRITER = Record(  # how many changed digits of each of ``groups()`` are read
    "robustness_writers.npz",
    NETWORK | {"change": str, "level": float},
    {"right": (np.uint8, (None,))},
    REMEDY,
)


def measure_missing(networks: list[tuple]):
    """Measure every change at every level of those networks that have no record yet.

    ``networks`` are (model, ``Protocol``, seed).
    """
    keys = [
        (*network, name, level)
        for name, change in CHANGES.items()
        for level, network in product(change.levels, networks)
    ]
    in_order = [(*key, AS_IT_IS) for key in keys]
    lacking = {key[:-1] for key in RECORD.missing(in_order, trained.fingerprint)}
    lacking |= {*BY_WRITER.missing(keys, trained.fingerprint)}
    missing = [key for key in keys if key in lacking]
    measuring.measure_networks(missing, measure_change, (RECORD, BY_WRITER))


def measure_change(weights: dict[tuple, Path], change: str, level: float):
    """Return rows of ``RECORD`` and of ``BY_WRITER``: what is read at one level of a change.

    ``weights`` maps (model, ``Protocol``, seed) to a path.
    """
    accuracies, counts, group = [], [], groups()
    _, (digits, labels) = data.load("mnist")
    labels = labels[: here().scale.changed_digits]
    digits = changed(digits[: len(labels)], change, level)
    for network, path in weights.items():
        right = fitting.predict(network[0], path, digits).argmax(axis=1) == labels
        row = trained.row(network, change, float(level), AS_IT_IS, float(right.mean()))
        accuracies.append(row)
        count = np.bincount(group[: len(labels)], right, group.max() + 1).astype(np.uint8)
        counts.append(trained.row(network, change, float(level), count))
    return accuracies, counts


def groups() -> np.ndarray:
    """Return who wrote each test digit, numbered from 0."""
    return np.unique(writers_of_digits()[1], return_inverse=True)[1]


class Robustness:
    """What the records say of changed digits, of networks of one protocol or of all.

    Leads are CNN − MLP in accuracy; a relative lead is that under a change less that without it.
    """

    def __init__(self, protocol: Protocol | str | None = None):
        self._protocol = protocol

    @cached_property
    def record(self) -> pd.DataFrame:
        """Return the rows of ``RECORD`` of digits as they are."""
        return runs.measured(RECORD, self._protocol).query("way == @AS_IT_IS")

    read = cached_property(lambda self: runs.measured(BY_WRITER, self._protocol))
    lead_under = property(lambda self: self.questions.lead)  # relative, by change

    def curves(self, changes=tuple(CHANGES), models=COMPARED) -> dict:
        """Return {change: {model: (levels, accuracies)}}, as ``figures.robustness`` draws it."""
        drawn: dict = {change: {} for change in changes}
        for change, lines in drawn.items():
            for model in models:
                lines[model] = self._curve(change, model)
        return drawn

    def _curve(self, change, model):
        """Return levels (n,), increasing, and accuracies (n, seeds)."""
        rows = self.record[self.record.change == change]
        table = rows.pivot(index="seed", columns=["model", "level"], values="accuracy").dropna()
        table = table[model].T.sort_index()
        return table.index.to_numpy(), table.to_numpy()

    @recorded(RECORD.file)
    def figure(self, models=COMPARED):
        """Draw what networks read over the levels of each change."""
        return figures.robustness(self.curves(models=models))

    def leads(self, one="cnn", other="mlp", relative=True, scale=statistics.by_size) -> pd.Series:
        """Return the ``Estimate`` of a lead over the levels, by change.

        Intervals are over seeds and writers; ``scale`` is that of accuracies or of their log-odds.
        """
        ahead, by_change = self._ahead(one, other, scale), {}
        for name, change in CHANGES.items():
            changed_levels = [level for level in change.levels if level != change.neutral]
            lead = np.mean([ahead[name, float(level)] for level in changed_levels], axis=0)
            unchanged = ahead[name, float(change.neutral)] if relative else 0
            by_change[name] = estimate(lead - unchanged)
        return pd.Series(by_change)

    @cached_property
    def odds(self) -> pd.Series:
        """Return the relative lead in log-odds, by change; it is in no family of questions."""
        return self.leads(scale=statistics.log_odds_by_size)

    @cached_property
    def questions(self) -> pd.DataFrame:
        """Return the second family of the plan, asked together: ``Estimate``s by change.

        Relative leads: ``lead`` of the two networks, and of those of equal size ``equal_large`` and
        ``equal_small``, of which one question is asked: whether both are above 0, or both below.
        """
        large, small = EQUAL_SIZE
        asked = pd.DataFrame(
            {
                "lead": self.leads(),
                "equal_large": self.leads(*reversed(large)),
                "equal_small": self.leads(*reversed(small)),
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

    @recorded(BY_WRITER.file)
    def table(self) -> Table:
        """Return the leads under each change: absolute, relative, the verdict, in log-odds."""
        absolute = self.leads(relative=False)
        rows = {
            change: {
                "CNN − MLP": f"{absolute[change]:[+.1h]}",
                "Relative": f"{lead:[+.1h]}",
                "Corrected p": p_value(lead.corrected),
                "Verdict": lead.verdict,
                "In log-odds": f"{self.odds[change]:[+.2f]}",
            }
            for change, lead in self.questions.lead.items()
        }
        return Table.from_dict(rows, orient="index").rename_axis("Change")

    @recorded(BY_WRITER.file)
    def table_of_equal_size(self) -> Table:
        """Return the relative leads over an MLP of the CNN's size, and the verdict."""
        rows = {
            change: {
                "CNN − MLP 682": f"{leads.equal_large:[+.1h]}",
                "CNN 14/43 − MLP": f"{leads.equal_small:[+.1h]}",
                "Corrected p": p_value(leads.equal_large.corrected),
                "Verdict": leads.equal_large.verdict,
            }
            for change, leads in self.questions.iterrows()
        }
        return Table.from_dict(rows, orient="index").rename_axis("Change")

    @cached_property
    def more_robust(self) -> SimpleNamespace:
        """Return the ``Names`` of the changes to which a network is more robust.

        ``cnn`` and ``mlp``, of networks of equal size ``equal_cnn`` and ``equal_mlp``, and in
        log-odds, uncorrected, ``odds_cnn`` and ``odds_mlp``.
        """
        return SimpleNamespace(
            cnn=having(self.questions.lead, "supported"),
            mlp=having(self.questions.lead, "refuted"),
            equal_cnn=having(self.questions.equal_large, "supported"),
            equal_mlp=having(self.questions.equal_large, "refuted"),
            odds_cnn=having(self.odds, "supported"),
            odds_mlp=having(self.odds, "refuted"),
        )

    @cached_property
    def lead_at(self) -> dict[tuple[str, float], Estimate]:
        """Return {(change, level): lead}."""
        ahead = self._ahead(*reversed(COMPARED))
        return {condition: estimate(values) for condition, values in ahead.items()}

    def lost(self, change: str, level: float, model: str) -> Estimate:
        """Return the accuracy that a network loses at one level of a change."""
        counts = self._counts(model)
        unchanged = counts[change, float(CHANGES[change].neutral)]
        return estimate(statistics.by_size(unchanged - counts[change, level], _sizes()))

    def _ahead(self, one, other, scale=statistics.by_size):
        """Return {(change, level): the lead, (seeds, writers)}."""
        one, other, sizes = self._counts(one), self._counts(other), _sizes()
        return {at: scale(one[at], sizes) - scale(other[at], sizes) for at in one}

    def _counts(self, model):
        """Return {(change, level): how many of each writer's are read, (seeds, writers)}."""
        rows = self.read[self.read.model == model].sort_values("seed")
        levels = rows.groupby(["change", "level"])
        return {key: np.stack(at_one.right).astype(float) for key, at_one in levels}


def having(estimates: pd.Series, verdict: str) -> Names:
    """Return the names in the index of those estimates that have the verdict."""
    return Names(name for name, estimate in estimates.items() if estimate.verdict == verdict)


def _sizes():
    return np.bincount(groups())
