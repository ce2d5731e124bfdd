"""What it is worth to know which pixels are neighbours: the same networks on permuted pixels.

Asked with the source's recipe, and with each network at the recipe that its validation digits
prefer, of those tried. To an MLP, permuted pixels are the same pixels under other names, so what it
has as given stands for both.
"""

from types import SimpleNamespace

from mnist_compare import statistics
from mnist_compare.networks import COMPARED, EQUAL_OPERATIONS, EQUAL_SIZE, STUDIED, title
from mnist_compare.protocols import FAIR, PERMUTED, SPLITS
from mnist_compare.records import runs
from mnist_compare.report.chapters import estimates
from mnist_compare.report.draw import figures
from mnist_compare.report.words.spoken import recorded
from mnist_compare.report.words.tables import Table, p_value
from mnist_compare.statistics import asked_together
from mnist_compare.study import rates

RECIPES = ("source", "best")
HEADINGS = {"source": "the source's recipe", "best": "the best of the recipes tried"}
LAST = 10


def protocol(model, permuted, recipe):
    """Return the ``Protocol`` of a network's runs, ``recipe`` being one of ``RECIPES``."""
    permuted = permuted and not _is_mlp(model)
    if recipe == "best":
        return rates.best(model, permuted)
    return PERMUTED if permuted else FAIR


def accuracy(model, permuted, recipe):
    """Return the ``Estimate`` of a network's test accuracy after ten epochs."""
    return estimates.of(model, LAST, protocol=protocol(model, permuted, recipe), models=[model])


def questions():
    """Return {(question, recipe): ``Estimate``}, the first family of the plan, asked together.

    A question is a pair of (model, whether permuted); each is the first − the second.
    """
    convolutional = [cnn for _, cnn in EQUAL_SIZE]
    pairs = [((cnn, False), (cnn, True)) for cnn in convolutional]
    pairs += [((cnn, True), (mlp, True)) for mlp, cnn in EQUAL_SIZE]
    pairs += [((cnn, False), (mlp, False)) for mlp, cnn in EQUAL_SIZE]
    asked = {
        (pair, recipe): accuracy(*pair[0], recipe) - accuracy(*pair[1], recipe)
        for recipe in RECIPES
        for pair in pairs
    }
    return dict(zip(asked, asked_together(asked.values()), strict=True))


@recorded()
def answer():
    """Return the table of the answer: test accuracy as given and permuted, by both recipes."""
    rows = {}
    for model in STUDIED:
        row = rows[title(model)] = {}
        for recipe in RECIPES:
            for permuted in (False, True):
                pixels = "permuted" if permuted else "as given"
                same = permuted and _is_mlp(model)
                found = "the same" if same else f"{accuracy(model, permuted, recipe):[.2%]}"
                row[f"{pixels}, {HEADINGS[recipe]}"] = found
    return Table.from_dict(rows, orient="index").rename_axis("Network")


@recorded()
def differences():
    """Return the table of the questions: effect, p value, corrected p value and verdict."""
    rows = []
    for (pair, recipe), found in questions().items():
        row = {"Difference": " − ".join(_named(*one) for one in pair), "Recipe": recipe}
        row |= verdict(found)
        rows.append(row)
    return Table(rows)


def verdict(found, form=".2h"):
    """Return what a table says of an answer: points, p value, corrected p value and verdict."""
    middle = abs(found.middle - found.mean) > (found.high - found.low) / 10
    return {
        "Points [95 % interval]": f"{found:[{form}]}"
        + (f" (middle half {found.middle:{form}})" if middle else ""),
        "p": p_value(found.p_value),
        "Corrected p": p_value(found.corrected),
        "Verdict": found.verdict,
    }


@recorded()
def tried():
    """Return the table of the recipes tried: mean validation accuracy, the chosen one marked."""
    columns = {}
    for model, permuted in rates.CHOICES:
        chosen = rates.best(model, permuted)
        columns[_named(model, permuted)] = {
            f"{protocol.rate:g}, {'cosine' if protocol.cosine else 'constant'}": f"{value:.2%}"
            + (" *" if protocol == chosen else "")
            for protocol, value in rates.tried(model, permuted).items()
        }
    table = Table(columns)
    return table.loc[sorted(table.index, key=_rate)].fillna("–").rename_axis("Rate")


@recorded()
def pictured():
    """Draw the test accuracies as given and permuted, by both recipes, a dot for each seed."""
    return figures.nearness(
        {
            HEADINGS[recipe]: {
                model: {
                    way: accuracy(model, way == "permuted", recipe)
                    for way in ("as given", "permuted")
                    if way == "as given" or not _is_mlp(model)
                }
                for model in ("cnn", "cnn_14_43", "mlp_682", "mlp")
            }
            for recipe in RECIPES
        }
    )


@recorded()
def sources_of_chance():
    """Return the intervals of the main leads by what is taken as drawn by chance, side by side."""
    rows = {}
    for mlp, cnn in (COMPARED, *EQUAL_SIZE):
        lead = estimates.difference((cnn, LAST), (mlp, LAST))
        found = runs.compared((cnn, mlp))
        right = {model: estimates.right(found[model], LAST).astype(float) for model in found}
        by_digit = (right[cnn] - right[mlp]).mean(axis=0)
        rows[f"{title(cnn)} − {title(mlp)}"] = {
            "Mean": f"{lead:.2h}",
            "Seeds": f"{statistics.estimate(lead.by_seed).interval:.2h}",
            "Test digits": f"{statistics.estimate(by_digit).interval:.2h}",
            "Writers": f"{statistics.estimate(lead.values.mean(axis=0)).interval:.2h}",
            "Seeds and writers": f"{lead.interval:.2h}",
            "The same, bootstrap": f"{statistics.bootstrap(lead.values):.2h}",
        }
    return Table.from_dict(rows, orient="index").rename_axis("Points")


def numbers():
    """Return what a sentence may name.

    ``nearness`` has, by recipe, the ``Estimate`` of each of ``questions()`` under the name of its
    two sides, such as ``nearness.best.cnn_minus_mlp_682``, with ``p_`` before a network whose
    pixels are permuted, and ``reached`` the test accuracies. ``operations`` is how far the CNN is
    ahead of the MLP that takes as many in training. ``owed`` is by how much the lead of either CNN
    at equal size is smaller with the best recipes. ``promised`` is, by split, by how much the
    validation accuracy of a network is above its test accuracy, such as ``promised.writers.cnn``.
    """
    answers = {recipe: {} for recipe in RECIPES}
    for (sides, recipe), found in questions().items():
        answers[recipe]["_minus_".join(_key(*side) for side in sides)] = found
    reached = {
        recipe: SimpleNamespace(
            **{_key(*choice): accuracy(*choice, recipe) for choice in rates.CHOICES}
        )
        for recipe in RECIPES
    }
    owed = {
        cnn: answers["source"][f"{cnn}_minus_{mlp}"] - answers["best"][f"{cnn}_minus_{mlp}"]
        for mlp, cnn in EQUAL_SIZE
    }
    mlp, cnn = EQUAL_OPERATIONS
    return {
        "owed": SimpleNamespace(**owed),
        "nearness": SimpleNamespace(**{k: SimpleNamespace(**v) for k, v in answers.items()}),
        "reached": SimpleNamespace(**reached),
        "operations": estimates.difference((cnn, LAST), (mlp, LAST)),
        "promised": SimpleNamespace(**{p.split: _promised(p) for p in (FAIR, *SPLITS)}),
    }


def _promised(protocol):
    found = {}
    for model in COMPARED:
        rows = [run.rows[-1] for run in runs.read(model, protocol)]
        above = [row["validation_accuracy"] - row["test_accuracy"] for row in rows]
        found[model] = statistics.estimate(above)
    return SimpleNamespace(**found)


def _named(model, permuted):
    return f"{title(model)}, permuted" if permuted and not _is_mlp(model) else title(model)


def _key(model, permuted):
    return f"p_{model}" if permuted and not _is_mlp(model) else model


def _is_mlp(model):
    return model.startswith("mlp")


def _rate(name):
    rate, schedule = name.split(", ")
    return float(rate), schedule
