"""What it is worth to know which pixels are neighbours: the same networks on permuted pixels.

Asked with the source's recipe, and with each network at the recipe that its validation digits
prefer, of those tried. To an MLP, permuted pixels are the same pixels under other names, so what it
has as given stands for both.
"""

from types import SimpleNamespace

import numpy as np
import pandas as pd

from mnist_compare.findings import estimates
from mnist_compare.findings.recorded import recorded
from mnist_compare.records import runs
from mnist_compare.records.networks import COMPARED, EQUAL_SIZE, STUDIED, title
from mnist_compare.records.protocols import CLOTHES, FAIR, PERMUTED, Protocol
from mnist_compare.report.draw import figures
from mnist_compare.report.words.tables import Table, p_value
from mnist_compare.study import rates, statistics
from mnist_compare.study.statistics import Estimate, Number, asked_together

HEADINGS = {"source": "the source's recipe", "best": "the best of the recipes tried"}
LAST = 10
AS_GIVEN, SHUFFLED = False, True
# Of a CNN and an MLP of its size: the two sides whose difference is asked for.
QUESTIONS = {
    "lost": (("cnn", AS_GIVEN), ("cnn", SHUFFLED)),
    "ahead_permuted": (("cnn", SHUFFLED), ("mlp", SHUFFLED)),
    "ahead": (("cnn", AS_GIVEN), ("mlp", AS_GIVEN)),
}


def after(digits: int) -> SimpleNamespace:
    """Return what runs on so many digits read of the test digits: ``mlp``, ``cnn``, ``shuffled``.

    ``shuffled`` is the CNN on permuted pixels; the MLP has no such runs, since they are the same.
    """

    def mean(model, **permuted):
        recorded = runs.read(model, Protocol(digits=digits, **permuted))
        return Number(np.mean([run.measured[-1]["test_accuracy"] for run in recorded]))

    shuffled = mean("cnn", permuted=True)
    return SimpleNamespace(**{model: mean(model) for model in COMPARED}, shuffled=shuffled)


def protocol(model: str, permuted: bool, recipe: str) -> Protocol:
    """Return the ``Protocol`` of a network's runs, ``recipe`` being one of ``HEADINGS``."""
    permuted = permuted and not _is_mlp(model)
    if recipe == "best":
        return rates.best(model, permuted)
    return PERMUTED if permuted else FAIR


def accuracy(model: str, permuted: bool, recipe: str) -> Estimate:
    """Return the ``Estimate`` of a network's test accuracy after ten epochs."""
    chosen = protocol(model, permuted, recipe)
    return estimates.mean(model, LAST, protocol=chosen, models=[model])


def answers() -> pd.DataFrame:
    """Return the first family of the plan, asked together: ``recipe``, ``question``, ``estimate``.

    ``cnn`` names the CNN of a pair of equal size, ``sides`` are two pairs of (model, permuted).
    """
    rows = []
    for recipe in HEADINGS:
        for question, (one, other) in QUESTIONS.items():
            for mlp, cnn in EQUAL_SIZE:
                named = {"mlp": mlp, "cnn": cnn}
                sides = [(named[kind], permuted) for kind, permuted in (one, other)]
                first, second = (accuracy(*side, recipe) for side in sides)
                rows.append((recipe, question, cnn, sides, first - second))
    frame = pd.DataFrame(rows, columns=["recipe", "question", "cnn", "sides", "estimate"])
    return frame.assign(estimate=asked_together(frame.estimate))


def by_recipe() -> SimpleNamespace:
    """Return the answers as attributes: ``best.cnn.lost``, ``source.cnn_14_43.ahead``."""
    recipes = {}
    for recipe, of_recipe in answers().groupby("recipe"):
        networks = {
            cnn: SimpleNamespace(**dict(zip(rows.question, rows.estimate, strict=True)))
            for cnn, rows in of_recipe.groupby("cnn")
        }
        recipes[recipe] = SimpleNamespace(**networks)
    return SimpleNamespace(**recipes)


@recorded()
def answer() -> Table:
    """Return the table of the answer: test accuracy as given and permuted, by both recipes."""
    rows: dict[str, dict[str, str]] = {}
    for model in STUDIED:
        row = rows[title(model)] = {}
        for recipe, heading in HEADINGS.items():
            row[f"as given, {heading}"] = f"{accuracy(model, AS_GIVEN, recipe):[.2%]}"
            shuffled = f"{accuracy(model, SHUFFLED, recipe):[.2%]}"
            row[f"permuted, {heading}"] = "the same" if _is_mlp(model) else shuffled
    return Table.from_dict(rows, orient="index").rename_axis("Network")


@recorded()
def differences() -> Table:
    """Return the table of the questions: effect, p value, corrected p value and verdict."""
    return Table(
        {
            "Difference": " − ".join(_title(*side) for side in row.sides),
            "Recipe": row.recipe,
            "Points [95 % interval]": _with_middle(row.estimate),
            "p": p_value(row.estimate.p_value),
            "Corrected p": p_value(row.estimate.corrected),
            "Verdict": row.estimate.verdict,
        }
        for row in answers().itertuples()
    )


def _with_middle(estimate):
    """Return an effect and, where a few runs move it, the mean of the middle half of the runs."""
    moved = abs(estimate.middle - estimate.mean) > (estimate.high - estimate.low) / 10
    return f"{estimate:[.2h]}" + (f" (middle half {estimate.middle:.2h})" if moved else "")


@recorded()
def tried() -> Table:
    """Return the table of the recipes tried: mean validation accuracy, the chosen one marked."""
    columns = {}
    for model, permuted in rates.CHOICES:
        chosen = rates.best(model, permuted)
        accuracies = rates.tried(model, permuted)
        columns[_title(model, permuted)] = {
            _recipe(tried): f"{value:.2%}" + (" *" if tried == chosen else "")
            for tried, value in accuracies.items()
        }
    table = Table(columns)
    return table.loc[sorted(table.index, key=_rate)].fillna("–").rename_axis("Rate")


@recorded()
def pictured():
    """Draw the test accuracies as given and permuted, by both recipes, a dot for each seed."""
    panels = {}
    for recipe, heading in HEADINGS.items():
        rows = panels[heading] = {}
        for model in ("cnn", "cnn_14_43", "mlp_682", "mlp"):
            rows[model] = {"as given": accuracy(model, AS_GIVEN, recipe)}
            if not _is_mlp(model):
                rows[model]["permuted"] = accuracy(model, SHUFFLED, recipe)
    return figures.nearness(panels)


@recorded()
def on_clothes() -> Table:
    """Return the table of what networks get right of Fashion-MNIST, by the source's recipe."""
    rows = {}
    for model in STUDIED:
        estimate = estimates.mean(model, LAST, protocol=CLOTHES, models=[model])
        rows[title(model)] = {"Test accuracy": f"{estimate:[.2%]}"}
    return Table.from_dict(rows, orient="index").rename_axis("Network")


def leads_on_clothes() -> dict[tuple[str, str], Estimate]:
    """Return CNN − MLP on Fashion-MNIST by their names: of both networks, and of equal size."""
    return {
        (cnn, mlp): estimates.difference((cnn, LAST), (mlp, LAST), protocol=CLOTHES)
        for mlp, cnn in (COMPARED, *EQUAL_SIZE)
    }


@recorded()
def sources_of_chance() -> Table:
    """Return the intervals of the main leads by what is taken as drawn by chance, side by side."""
    rows = {}
    for mlp, cnn in (COMPARED, *EQUAL_SIZE):
        lead = estimates.difference((cnn, LAST), (mlp, LAST))
        pair = runs.compared((cnn, mlp))
        right = {model: estimates.right(pair[model], LAST).astype(float) for model in pair}
        by_digit = (right[cnn] - right[mlp]).mean(axis=0)
        rows[f"{title(cnn)} − {title(mlp)}"] = {
            "Mean": f"{lead:.2h}",
            "Seeds": f"{statistics.estimate(lead.by_seed).interval:.2h}",
            "Test digits": f"{statistics.estimate(by_digit).interval:.2h}",
            "Writers": f"{statistics.estimate(lead.values.mean(axis=0)).interval:.2h}",
            "Seeds and writers": f"{lead.interval:.2h}",
        }
    return Table.from_dict(rows, orient="index").rename_axis("Points")


def _title(model, permuted):
    return f"{title(model)}, permuted" if permuted and not _is_mlp(model) else title(model)


def _is_mlp(model):
    return model.startswith("mlp")


def _recipe(protocol):
    return f"{protocol.rate:g}, {'cosine' if protocol.cosine else 'constant'}"


def _rate(name):
    rate, schedule = name.split(", ")
    return float(rate), schedule
