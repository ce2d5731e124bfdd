"""What it is worth to know which pixels are neighbours: the same networks on permuted pixels.

Asked with the source's recipe, and with each network at the recipe that its validation digits
prefer, of those tried: some rates, constant and falling along a cosine to zero, and further ones
while the best lies at an end. To an MLP, permuted pixels are the same pixels under other names, so
what it has as given stands for both.
"""

from collections.abc import Iterable
from functools import cached_property
from itertools import product
from types import SimpleNamespace

import numpy as np
import pandas as pd

from mnist_compare.findings import estimates
from mnist_compare.findings.recorded import recorded
from mnist_compare.records import networks, runs
from mnist_compare.records.frames import by_name
from mnist_compare.records.networks import EQUAL_SIZE, STUDIED, title
from mnist_compare.records.protocols import (
    CLOTHES,
    FAIR,
    PERMUTED,
    PERMUTED_CLOTHES,
    Protocol,
)
from mnist_compare.report.draw.drawing import panels, percent, seeds_beside
from mnist_compare.report.draw.style import GREY, styled
from mnist_compare.report.words.tables import Table
from mnist_compare.study.statistics import Estimate, Number, asked_together

HEADINGS = {"source": "the source's recipe", "best": "the best of the recipes tried"}
AS_GIVEN, SHUFFLED = False, True
# Of a CNN and an MLP of its size: the two sides whose difference is asked for.
QUESTIONS = {
    "lost": (("cnn", AS_GIVEN), ("cnn", SHUFFLED)),
    "ahead_permuted": (("cnn", SHUFFLED), ("mlp", SHUFFLED)),
    "ahead": (("cnn", AS_GIVEN), ("mlp", AS_GIVEN)),
}
CHOICES = tuple(  # of a recipe: (model, whether pixels are permuted)
    (model, permuted)
    for model, permuted in product(STUDIED, (AS_GIVEN, SHUFFLED))
    if not (permuted and model.startswith("mlp"))
)
RATES = (3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2)  # about three times the one before
FIRST_RATES = (3e-4, 1e-3, 3e-3)
SEEDS = 3  # of each recipe that is tried
AS_GOOD = 1e-4  # of two recipes as close as this, in accuracy, the one with the lower rate is taken


def best_recipe(model: str, permuted: bool = False) -> Protocol:
    """Return the ``Protocol`` of the recipe that a network prefers, of those recorded for it."""
    accuracies = tried_recipes(model, permuted)
    good = max(accuracies.values()) - AS_GOOD
    close = [protocol for protocol, accuracy in accuracies.items() if accuracy >= good]
    return min(close, key=lambda protocol: (protocol.rate, -accuracies[protocol]))


def tried_recipes(model: str, permuted: bool = False) -> dict[Protocol, float]:
    """Return the mean validation accuracy after the last epoch of what was tried."""
    means = {}
    for protocol in recipes(RATES, permuted):
        recorded = [run for run in runs.read(model, protocol) if run.seed < SEEDS]
        if len(recorded) >= SEEDS:
            last = [run.rows[-1]["validation_accuracy"] for run in recorded]
            means[protocol] = float(np.mean(last))
    return means


def untried_runs(model: str, permuted: bool = False) -> list[tuple]:
    """Return the runs, (model, ``Protocol``, seed), to train next; none once the choice is made."""
    rates = [*FIRST_RATES]
    if len(tried_recipes(model, permuted)) >= len(recipes(FIRST_RATES, permuted)):
        place = RATES.index(best_recipe(model, permuted).rate)
        rates += RATES[max(place - 1, 0) : place + 2]
    protocols = recipes(dict.fromkeys(rates), permuted)
    keys = product([model], protocols, range(SEEDS))
    recorded = {run.key for run in runs.read(model)}
    return [key for key in keys if by_name(key) not in recorded]


def recipes(rates: Iterable[float], permuted: bool = False) -> list[Protocol]:
    """Return a ``Protocol`` for each rate, constant and falling."""
    kinds = product(rates, (False, True))
    return [Protocol(permuted=permuted, rate=rate, cosine=cosine) for rate, cosine in kinds]


def protocol(model: str, permuted: bool, recipe: str) -> Protocol:
    """Return the ``Protocol`` of a network's runs, ``recipe`` being one of ``HEADINGS``."""
    permuted = permuted and not _is_mlp(model)
    if recipe == "best":
        return best_recipe(model, permuted)
    return PERMUTED if permuted else FAIR


def accuracy_of(model: str, permuted: bool, recipe: str) -> Estimate:
    """Return the ``Estimate`` of a network's test accuracy after ten epochs."""
    return estimates.accuracy(model, protocol(model, permuted, recipe))


def answers() -> pd.DataFrame:
    """Return the first family of the plan, asked together: ``recipe``, ``question``, ``estimate``.

    ``cnn`` names the CNN of a pair of equal size, ``sides`` are two pairs of (model, permuted).
    """
    rows = []
    for recipe, (question, pair), (mlp, cnn) in product(HEADINGS, QUESTIONS.items(), EQUAL_SIZE):
        named = {"mlp": mlp, "cnn": cnn}
        sides = [(named[kind], permuted) for kind, permuted in pair]
        first, second = (accuracy_of(*side, recipe) for side in sides)
        rows.append((recipe, question, cnn, sides, first - second))
    frame = pd.DataFrame(rows, columns=["recipe", "question", "cnn", "sides", "estimate"])
    return frame.assign(estimate=asked_together(frame.estimate))


class Nearness:
    """The numbers of the chapter on nearness, such as ``best.cnn.lost``."""

    rates = FIRST_RATES
    source = property(lambda self: self._by_recipe["source"])
    best = property(lambda self: self._by_recipe["best"])

    @cached_property
    def _by_recipe(self):
        found = {recipe: SimpleNamespace() for recipe in HEADINGS}
        for row in answers().itertuples():
            of_cnn = vars(found[row.recipe]).setdefault(row.cnn, SimpleNamespace())
            setattr(of_cnn, row.question, row.estimate)
        return found

    @cached_property
    def accuracy(self) -> dict[tuple[str, bool, str], Estimate]:
        """Return {(model, permuted, recipe): test accuracy}."""
        every = product(STUDIED, (AS_GIVEN, SHUFFLED), HEADINGS)
        return {of_one: accuracy_of(*of_one) for of_one in every}

    @cached_property
    def few(self) -> SimpleNamespace:
        """Return what runs on 300 digits read of the test digits: ``mlp``, ``cnn``, ``shuffled``.

        ``shuffled`` is the CNN on permuted pixels; the MLP has no such runs: they are the same.
        """

        def mean(model, **permuted):
            recorded = runs.read(model, Protocol(digits=300, **permuted))
            return Number(np.mean([run.measured[-1]["test_accuracy"] for run in recorded]))

        return SimpleNamespace(
            mlp=mean("mlp"), cnn=mean("cnn"), shuffled=mean("cnn", permuted=True)
        )

    @cached_property
    def clothes(self) -> dict[str | tuple[str, str], Estimate]:
        """Return CNN − MLP on Fashion-MNIST by their names, and what permuting loses the CNN.

        ``lost`` and the leads at equal size are asked together.
        """
        given, permuted = estimates.accuracies(("cnn", CLOTHES), ("cnn", PERMUTED_CLOTHES))
        asked = {"lost": given - permuted}
        asked |= {(cnn, mlp): _lead_on_clothes(cnn, mlp) for mlp, cnn in EQUAL_SIZE}
        together = dict(zip(asked, asked_together(asked.values()), strict=True))
        return together | {("cnn", "mlp"): _lead_on_clothes("cnn", "mlp")}


@recorded()
def table() -> Table:
    """Return the answer: test accuracy as given and permuted, by both recipes."""
    rows: dict[str, dict[str, str]] = {}
    for model in STUDIED:
        row = rows[title(model)] = {}
        for recipe, heading in HEADINGS.items():
            row[f"as given, {heading}"] = f"{accuracy_of(model, AS_GIVEN, recipe):[.2%]}"
            shuffled = f"{accuracy_of(model, SHUFFLED, recipe):[.2%]}"
            row[f"permuted, {heading}"] = "the same" if _is_mlp(model) else shuffled
    return Table.from_dict(rows, orient="index").rename_axis("Network")


@recorded()
def table_of_questions() -> Table:
    """Return the questions: effect, p value, corrected p value and verdict."""
    rows = []
    for row in answers().itertuples():
        one, other = (_title(*side) for side in row.sides)
        asked = {"Difference": f"{one} − {other}", "Recipe": row.recipe}
        rows.append(asked | estimates.answer(row.estimate))
    return Table(rows)


@recorded()
def table_of_recipes() -> Table:
    """Return the recipes tried: mean validation accuracy, the chosen one marked."""
    columns: dict[str, dict[str, str]] = {}
    for model, permuted in CHOICES:
        chosen = best_recipe(model, permuted)
        column = columns[_title(model, permuted)] = {}
        for tried, accuracy in tried_recipes(model, permuted).items():
            mark = " *" if tried == chosen else ""
            name = f"{tried.rate:g}, {'cosine' if tried.cosine else 'constant'}"
            column[name] = f"{accuracy:.2%}{mark}"
    table = Table(columns)
    in_order = sorted(table.index, key=lambda name: (float(name.split(",")[0]), name))
    return table.loc[in_order].fillna("–").rename_axis("Rate")


@recorded()
@styled
def figure():
    """Draw the four accuracies behind the answer, each with its best recipe, and two distances."""
    figure, axis = panels((5.2, 2.3))
    means = {}
    for model in ("cnn", "mlp_682"):
        look = {"color": networks.colour(model)}
        for x, permuted in enumerate((AS_GIVEN, SHUFFLED)):
            found = accuracy_of(model, permuted, "best")
            means[model, permuted] = found.mean
            seeds_beside(axis, x, x + 0.04, found, **look)
        both = [means[model, permuted] for permuted in (AS_GIVEN, SHUFFLED)]
        axis.plot([0, 1], both, "o-", label=title(model), ms=5, **look)
    cnn = means["cnn", AS_GIVEN]
    axis.plot([0, 1.2], [cnn, cnn], ":", color=GREY, linewidth=1)
    for x, low in ((-0.2, means["mlp_682", AS_GIVEN]), (1.2, means["cnn", SHUFFLED])):
        axis.annotate("", (x, cnn), (x, low), arrowprops={"arrowstyle": "<->", "color": GREY})
        side = "right" if x < 0 else "left"
        axis.annotate(f"{Number(cnn - low):.2h}", (x, (cnn + low) / 2), (4 * np.sign(x), 0),
                      textcoords="offset points", ha=side, va="center")  # fmt: skip
    axis.set_xticks([0, 1], ["as given", "permuted"])
    axis.set(xlim=(-0.6, 1.6), ylabel="test accuracy")
    axis.grid(axis="x", visible=False)
    percent(axis.yaxis)
    axis.legend(loc="lower left")
    return figure


@recorded()
def table_of_clothes() -> Table:
    """Return what networks get right of Fashion-MNIST, by the source's recipe."""
    rows = {title(model): estimates.accuracy(model, CLOTHES) for model in STUDIED}
    rows[_title("cnn", SHUFFLED)] = estimates.accuracy("cnn", PERMUTED_CLOTHES)
    cells = {name: {"Test accuracy": f"{found:[.2%]}"} for name, found in rows.items()}
    return Table.from_dict(cells, orient="index").rename_axis("Network")


def _lead_on_clothes(cnn, mlp):
    return estimates.difference((cnn, 10), (mlp, 10), protocol=CLOTHES)


def _title(model, permuted):
    return f"{title(model)}, permuted" if permuted and not _is_mlp(model) else title(model)


def _is_mlp(model):
    return model.startswith("mlp")
