"""What of nearness it is: at which distance it matters, and by which part of the CNN's form.

Squares of pixels are shuffled, whole inside; and in networks that change one thing of the CNN, all
pixels are. Every network has the recipe that was chosen for the CNN, as given and permuted alike.
"""

from dataclasses import replace
from functools import cached_property
from itertools import chain, pairwise, product, starmap

import numpy as np

from mnist_compare.data import TRAINING_DIGITS
from mnist_compare.findings import estimates, nearness
from mnist_compare.findings.estimates import answer
from mnist_compare.findings.recorded import recorded
from mnist_compare.records import data_sets
from mnist_compare.records.networks import colour, title
from mnist_compare.records.protocols import Protocol
from mnist_compare.report.draw.drawing import panels, percent, seeds_beside
from mnist_compare.report.draw.style import styled
from mnist_compare.report.words.tables import Table
from mnist_compare.study.statistics import Estimate, asked_together

FEW = 3_000  # training digits
SIDES = (1, 2, 4, 7, 14, 28)  # of the squares; at 28 the picture is as given
FORMS = ("cnn_stride", "cnn_unshared", "cnn_frozen", "cnn_shuffled")
COMPARED = (  # the CNN and its forms, each with some number of digits
    ("cnn", TRAINING_DIGITS),
    ("cnn", FEW),
    ("cnn_stride", TRAINING_DIGITS),
    *((form, FEW) for form in FORMS),
)
ANSWERED = "cnn", TRAINING_DIGITS  # as given − permuted, by the first family of the plan


def protocol(side: int = 0, digits: int = FEW) -> Protocol:
    """Return the ``Protocol`` of the networks of this finding."""
    of_all = nearness.best_recipe("cnn")
    return replace(of_all, permuted=side, digits=digits if digits < TRAINING_DIGITS else None)


def trained() -> list[tuple[str, Protocol]]:
    """Return which networks are trained, by which protocol."""
    forms = chain.from_iterable(starmap(_given_and_permuted, COMPARED))
    return [*dict.fromkeys([*_squares(), ("mlp", protocol()), *forms])]


def _squares():
    return [("cnn", protocol(side % 28)) for side in SIDES]


def _given_and_permuted(model, digits):
    return [(model, protocol(permuted, digits)) for permuted in (0, 1)]


class Locality:
    """The numbers on what of nearness it is: of ``squares`` by side, of forms as ``COMPARED``."""

    n = property(lambda self: self.squares[28].n)
    mlp = cached_property(lambda self: estimates.accuracy("mlp", protocol()))
    # The gain of larger squares by (side, the next larger one), what each form loses by permuted
    # pixels, and how much more the CNN loses: ``Estimate``s asked together.
    gain = property(lambda self: self._answers["gain"])
    lost = property(lambda self: self._answers["lost"])
    more = property(lambda self: self._answers["more"])

    @property
    def unmoved(self) -> int:
        """Return in how many seeds the order of four squares is the one given."""
        numbers = np.arange(28 * 28).reshape(1, 28, 28)
        orders = [data_sets.permuted(numbers, 14, seed) for seed in range(self.n)]
        return sum(bool((order == numbers).all()) for order in orders)

    @cached_property
    def squares(self) -> dict[int, Estimate]:
        """Return the test accuracy of the CNN by the side of the squares that stay whole."""
        return dict(zip(SIDES, estimates.accuracies(*_squares()), strict=True))

    @cached_property
    def accuracy(self) -> dict[tuple[str, int, int], Estimate]:
        """Return the test accuracy of each form by (network, digits, whether permuted)."""
        return {
            (model, digits, permuted): estimates.accuracy(model, protocol(permuted, digits))
            for (model, digits), permuted in product(COMPARED, (0, 1))
        }

    @cached_property
    def _answers(self):
        asked = {}
        for side, larger in pairwise(SIDES):
            asked["gain", (side, larger)] = self.squares[larger] - self.squares[side]
        for model, digits in COMPARED:
            both, of_cnn = _given_and_permuted(model, digits), _given_and_permuted("cnn", digits)
            if (model, digits) != ANSWERED:
                given, permuted = estimates.accuracies(*both)
                asked["lost", (model, digits)] = given - permuted
            if model != "cnn":
                given, permuted, of_cnn, shuffled = estimates.accuracies(*both, *of_cnn)
                asked["more", (model, digits)] = (of_cnn - shuffled) - (given - permuted)
        answers = {"gain": {}, "lost": {}, "more": {}}
        for (kind, about), found in zip(asked, asked_together(asked.values()), strict=True):
            answers[kind][about] = found
        return answers


@recorded()
def table_of_questions() -> Table:
    """Return the questions: effect, p value, corrected p value and verdict."""
    found, rows = Locality(), []

    def add(difference, digits, estimate):
        rows.append({"Difference": difference, "Digits": f"{digits:,}"} | answer(estimate))

    for (side, larger), gain in found.gain.items():
        add(f"squares of {larger} − squares of {side}", FEW, gain)
    for (model, digits), loss in found.lost.items():
        add(f"{title(model)}, given − permuted", digits, loss)
    for (model, digits), more in found.more.items():
        add(f"loss of the CNN − {title(model)}", digits, more)
    return Table(rows)


@recorded()
@styled
def figure_of_squares():
    """Draw the test accuracy over the side of the squares that stay whole, a dot for each seed."""
    found = Locality()
    figure, axis = panels((5.2, 2))
    places = range(len(SIDES))
    for place, accuracy in zip(places, found.squares.values(), strict=True):
        seeds_beside(axis, place, place + 0.12, accuracy, color=colour("cnn"))
    means = [accuracy.mean for accuracy in found.squares.values()]
    axis.plot(places, means, "o-", color=colour("cnn"), ms=5, linewidth=1, label=title("cnn"))
    axis.axhspan(*found.mlp.interval, color=colour("mlp"), alpha=0.2, linewidth=0)
    axis.axhline(found.mlp.mean, color=colour("mlp"), linewidth=1, label=title("mlp"))
    axis.set_xticks(places, [f"{side} × {side}" for side in SIDES])
    axis.set(xlabel="squares of pixels that stay whole", ylabel="test accuracy")
    percent(axis.yaxis)
    axis.legend()
    return figure


@recorded()
@styled
def figure_of_forms():
    """Draw the test accuracies of the forms, as given and permuted, a dot for each seed."""
    found = Locality()
    figure, axes = panels((6.6, 2), 1, 2)
    for axis, digits in zip(axes, (TRAINING_DIGITS, FEW), strict=True):
        models = [model for model, count in COMPARED if count == digits]
        for (y, model), permuted in product(enumerate(models), (0, 1)):
            accuracy = found.accuracy[model, digits, permuted]
            look, side = {"color": colour(model)}, 1 if permuted else -1
            place, label = y + 0.13 * side, "permuted" if permuted else "as given"
            seeds_beside(axis, place, place + 0.16 * side, accuracy, across=True, **look)
            inside = "white" if permuted else colour(model)
            axis.plot(accuracy.mean, place, "o", mfc=inside, ms=5, label=label, **look)
        axis.set(title=f"{digits:,} training digits", xlabel="test accuracy")
        axis.set_yticks(range(len(models)), map(title, models))
        axis.invert_yaxis()
        axis.grid(axis="y", visible=False)
        percent(axis.xaxis)
    handles, names = axes[0].get_legend_handles_labels()
    figure.legend(handles[:2], names[:2], loc="outside lower center", ncols=2)
    return figure
