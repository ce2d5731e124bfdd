"""One function per chart: data in, Matplotlib figure out, in one style.

None trains, reads a record or writes a file. Probabilities are (10,) floats in 0–1.
"""

from collections.abc import Collection

import numpy as np
from matplotlib import ticker
from matplotlib.colors import LinearSegmentedColormap

from mnist_compare import metrics
from mnist_compare.records import networks
from mnist_compare.records.networks import BLUE, COMPARED, RED
from mnist_compare.report.draw.drawing import Drawing, panels
from mnist_compare.report.draw.style import GREY, PALE, QUIET, styled
from mnist_compare.study import statistics
from mnist_compare.training import REPORTED_EPOCHS, Run

# The paper shows through, whatever its colour.
MISTAKES = LinearSegmentedColormap.from_list("mistakes", [(RED, 0), (RED, 0.5)])


@styled
def relu() -> Drawing:
    """Draw the rectified linear unit on [−10, 10]."""
    figure, axis = panels((3.4, 1.1))
    z = np.linspace(-10, 10, 401)
    axis.plot(z, np.maximum(z, 0), color=BLUE)
    axis.set(xlabel="weighted sum z", ylabel="max(0, z)", xlim=(-10, 10))
    return figure


@styled
def learning_curves(runs: list[Run]) -> Drawing:
    """Draw loss and accuracy of runs by epoch: a thin line per seed, a thick one for the mean."""
    figure, axes = panels((6.3, 1.75), 1, 2)
    colour_of_all = networks.colour(runs[0].model)
    kinds = ("running", "training", GREY), ("validation", "validation", colour_of_all)
    for axis, quantity in zip(axes, ("loss", "accuracy"), strict=True):
        for prefix, name, colour in kinds:
            by_seed = [[row[f"{prefix}_{quantity}"] for row in run.rows] for run in runs]
            curves = np.array(by_seed).T
            epochs = np.arange(1, len(curves) + 1)
            axis.plot(epochs, curves, color=colour, linewidth=0.7, alpha=0.45)
            axis.plot(epochs, curves.mean(axis=1), "o-", color=colour, label=name, ms=2.5)
        for epoch in REPORTED_EPOCHS if len(curves) >= 10 else ():
            axis.axvline(epoch, color="black", linewidth=0.9, linestyle="--")
        axis.set(xlabel="epoch", title=quantity)
        axis.xaxis.set_major_locator(ticker.MaxNLocator(integer=True, min_n_ticks=1))
        axis.legend(frameon=True, framealpha=1, edgecolor="none")  # over the dashed lines
    low, high = axis.get_ylim()
    # What lies below 90 % is of no interest where validation ends above.
    least = curves[-1].min()
    axis.set_ylim(max(0.9, low) if least > 0.9 else low, min(1.003, high))
    _percent(axis.yaxis)
    return figure


@styled
def confusion_matrix(
    labels: np.ndarray, predictions: np.ndarray, classes=tuple("0123456789")
) -> Drawing:
    """Draw how often each class is read as each other, beside precision, recall and F1.

    ``classes`` are their names. The diagonal is left uncoloured.
    """
    matrix = metrics.confusion_matrix(labels, predictions, len(classes))
    mistakes = np.where(np.eye(len(classes), dtype=bool), 0, matrix)
    figure, axis = panels((5, 2.8) if len(classes) <= 10 else (6.6, 0.17 * len(classes) + 1))
    places = range(len(classes))
    axis.pcolormesh(places, places, mistakes, cmap=MISTAKES, vmax=max(mistakes.max(), 1))
    axis.set(aspect="equal", ylim=axis.get_ylim()[::-1])
    size = min(7, 70 / len(classes) + 1.5)
    for (row, column), count in np.ndenumerate(matrix):
        colour = QUIET if row == column or not count else "black"
        axis.text(column, row, count or "·", ha="center", va="center", fontsize=size, color=colour)
    for number, measure in enumerate((metrics.precision, metrics.recall, metrics.f1)):
        x = len(classes) * (1.08 + 0.22 * number)
        name = measure.__name__.replace("f1", "F1")
        axis.text(x, -0.75, name, ha="center", fontsize=7)
        for row, share in enumerate(measure(labels, predictions, len(classes))):
            axis.text(x, row, f"{share:.1%}", ha="center", va="center", fontsize=min(size + 1, 7))
    numbers = all(map(str.isdigit, classes))
    what = "digit" if len(classes) == 10 else "class"
    axis.set(xlabel="read as", ylabel=what if numbers else "")
    turned = {} if numbers else {"rotation": 30, "ha": "right"}
    axis.set_xticks(places, classes, **turned)
    axis.set_yticks(places, classes)
    axis.tick_params(labelsize=size + 1)
    axis.grid(False)
    axis.spines[:].set_visible(False)
    return figure


@styled
def probability_bars(digit: np.ndarray, probabilities: np.ndarray, model: str) -> Drawing:
    """Draw a digit beside the ten probabilities that a model gives it, on a logarithmic axis."""
    figure, (picture, bars) = panels((5.4, 1.2), 1, 2, width_ratios=(1, 2.6))
    picture.imshow(digit, vmin=0, vmax=255)
    picture.axis("off")
    colours = [GREY] * 10
    colours[int(np.argmax(probabilities))] = networks.colour(model)
    bars.bar(range(10), np.maximum(probabilities, 1e-12), color=colours)
    _by_digit(bars, yscale="log", ylim=(1e-12, 3), ylabel="probability")
    return figure


@styled
def disagreement(digit: np.ndarray, given: dict[str, np.ndarray]) -> Drawing:
    """Draw a digit beside the ten probabilities that each network gives it, {model: (10,)}."""
    figure, (picture, *charts) = panels((6.3, 1.35), 1, 1 + len(given))
    picture.imshow(digit, vmin=0, vmax=255)
    picture.axis("off")
    for bars, (model, probabilities) in zip(charts, given.items(), strict=True):
        colours = [PALE] * 10
        colours[int(np.argmax(probabilities))] = networks.colour(model)
        bars.bar(range(10), probabilities, color=colours)
        _by_digit(bars, title=networks.title(model), ylim=(0, 1.02))
        _percent(bars.yaxis)
    return figure


@styled
def every_run(fair: dict, own: dict, others: Collection[str]) -> Drawing:
    """Draw test accuracy and overfitting gap of every run: a dot per seed, a bar at the mean.

    ``fair`` is what ``estimates.measured()`` returns. ``own`` maps such keys to the values of the
    reader's own runs, drawn as diamonds: black ones or, of a model among ``others``, hollow ones,
    since its network is not the recorded one.
    """
    looks: dict = {}
    figure, axes = panels((6.3, 2), 1, 2)
    columns = sorted({key[:2]: 0 for key in (*fair, *own)}, key=lambda column: column[1])
    quantities = {"test_accuracy": 1, "overfitting_gap": 100}  # the second in points
    for axis, (quantity, unit) in zip(axes, quantities.items(), strict=True):
        for x, (model, epoch) in enumerate(columns):
            key, colour = (model, epoch, quantity), networks.colour(model)
            if key in fair:
                values = unit * fair[key].by_seed
                spread = np.linspace(-0.12, 0.12, len(values)) if len(values) > 1 else np.zeros(1)
                axis.plot(x + spread, values, "o", color=colour, alpha=0.75, ms=5)
                axis.hlines(values.mean(), x - 0.28, x + 0.28, color=colour)
            if key in own:
                name, inside = ("this run", "black")
                if model in others:
                    name, inside = ("this run, of another network", "white")
                look = {"color": "black", "mfc": inside, "ms": 5, "label": name}
                looks[name] = axis.plot(x, unit * own[key], "D", **look)[0]
        names = [f"{networks.title(model)}\nepoch {epoch}" for model, epoch in columns]
        axis.set_xticks(range(len(columns)), names, fontsize=8 if len(columns) < 5 else 6.5)
        axis.grid(axis="x", visible=False)
    axes[0].set_title("test accuracy")
    _percent(axes[0].yaxis)
    axes[1].set_title("overfitting gap (points)")
    figure.legend(looks.values(), looks, loc="outside lower center", ncols=2)
    return figure


@styled
def paired_runs(mlp: np.ndarray, cnn: np.ndarray, interval: tuple[float, float]) -> Drawing:
    """Draw the accuracies of both models joined by seed, and their differences.

    ``mlp`` and ``cnn`` are (seeds,) test accuracies, ``interval`` the (low, high) of their mean
    difference.
    """
    figure, (pairs, axis) = panels((6.6, 2.3), 1, 2, width_ratios=(1, 1.4))
    pairs.plot([0, 1], [mlp, cnn], color=PALE, linewidth=0.8)
    for x, (model, values) in enumerate((("mlp", mlp), ("cnn", cnn))):
        xs, colour = np.full(len(values), x), networks.colour(model)
        pairs.plot(xs, values, "o", color=colour, ms=4, alpha=0.8)
    pairs.set_xticks([0, 1], ["MLP", "CNN"])
    pairs.set(xlim=(-0.4, 1.4), title="test accuracy, a line per seed")
    _percent(pairs.yaxis)
    differences = 100 * np.sort(cnn - mlp)
    axis.plot(differences, np.arange(len(differences)), "o", color=GREY, ms=4)
    axis.axvspan(*(100 * np.array(interval)), color=BLUE, alpha=0.25, linewidth=0)
    axis.axvline(differences.mean(), color=BLUE)
    axis.axvline(0, color="black", linewidth=0.9)
    axis.set(xlabel="CNN − MLP (points)", yticks=[])
    axis.set_title("differences by size; mean, 95 % interval")
    return figure


@styled
def cost(points: dict) -> Drawing:
    """Draw test accuracy against parameters and operations.

    ``points`` maps a title to a dictionary of ``model``, ``parameters``, ``operations`` (to train
    on a digit) and ``accuracy``, an ``Estimate``.
    """
    figure, axes = panels((6.6, 2.5), 1, 2, sharey=True)
    quantities = {"parameters": "parameters", "operations": "operations to train on a digit"}
    for axis, (quantity, label) in zip(axes, quantities.items(), strict=True):
        for number, point in enumerate(points.values(), 1):
            x, mean = point[quantity], point["accuracy"].mean
            low, high = point["accuracy"].interval
            colour, reach = networks.colour(point["model"]), [[mean - low], [high - mean]]
            axis.errorbar(x, mean, reach, fmt="o", ms=6, color=colour)
            axis.annotate(number, (x, mean), (6, 5), textcoords="offset points", fontsize=7)
        axis.set(xscale="log", xlabel=label)
        axis.margins(x=0.15)
        axis.xaxis.set_major_locator(ticker.LogLocator(subs=(1, 2, 5)))
        axis.xaxis.set_major_formatter(ticker.EngFormatter(sep=""))
        axis.xaxis.set_minor_formatter(ticker.NullFormatter())
    axes[0].set_ylabel("test accuracy")
    axes[0].yaxis.set_major_locator(ticker.MultipleLocator(0.005))
    _percent(axes[0].yaxis)
    names = [f"{number}  {title}" for number, title in enumerate(points, 1)]
    figure.supxlabel("     ".join(names[:3]) + "\n" + "     ".join(names[3:]), fontsize=7)
    return figure


@styled
def nearness(by_recipe: dict) -> Drawing:
    """Draw test accuracies with and without knowing which pixels are neighbours.

    ``by_recipe`` is {title: {network: {"as given" or "permuted": ``Estimate``}}}: small dots are
    seeds, a large one with a bar the mean and its interval, hollow where pixels are permuted.
    """
    figure, axes = panels((6.6, 2), 1, len(by_recipe), sharey=True)
    for axis, (heading, rows) in zip(axes, by_recipe.items(), strict=True):
        for y, (model, ways) in enumerate(rows.items()):
            colour = networks.colour(model)
            for way, found in ways.items():
                inside = colour if way == "as given" else "white"
                place = y - 0.13 if way == "as given" else y + 0.13
                seeds = np.full(found.n, place + 0.16 * np.sign(place - y))
                axis.plot(found.by_seed, seeds, ".", color=colour, ms=2.5, alpha=0.6)
                axis.hlines(place, *found.interval, color=colour, linewidth=1.3)
                axis.plot(found.mean, place, "o", color=colour, mfc=inside, ms=5, label=way)
        axis.set(title=heading, xlabel="test accuracy")
        _percent(axis.xaxis)
        axis.grid(axis="y", visible=False)
    _by_row(axes[0], [networks.title(model) for model in next(iter(by_recipe.values()))])
    handles, names = axes[0].get_legend_handles_labels()
    figure.legend(handles[:2], names[:2], loc="outside lower center", ncols=2)
    return figure


@styled
def sample_efficiency(samples: dict) -> Drawing:
    """Draw the error rate over the number of training digits: {model: {count: (seeds,)}}."""
    figure, axis = panels((5.2, 2))
    for model, by_count in samples.items():
        colour, name = networks.colour(model), networks.title(model)
        for count, accuracy in by_count.items():
            dots = np.full(len(accuracy), count)
            axis.plot(dots, 1 - accuracy, "o", color=colour, ms=3.5, alpha=0.5)
        means = [1 - accuracy.mean() for accuracy in by_count.values()]
        style = "-" if model in COMPARED else "--"
        axis.plot(list(by_count), means, style, color=colour, label=name)
    axis.set(xscale="log", yscale="log", xlabel="training digits", ylabel="test error")
    _percent(axis.yaxis)
    axis.yaxis.set_minor_formatter(ticker.NullFormatter())
    axis.set_yticks([0.01, 0.02, 0.05, 0.1, 0.2, 0.3])
    axis.xaxis.set_major_formatter("{x:,.0f}")
    axis.legend()
    return figure


@styled
def robustness(curves: dict) -> Drawing:
    """Draw accuracy over the level of each change: {change: {model: (levels, accuracies)}}.

    Accuracies are (levels, seeds): the line is their mean, the band its 95 % interval, except where
    that would fill the panel. A dotted line marks 90 %.
    """
    rows = -(-len(curves) // 3)
    figure, grid = panels((6.6, 1.4 * rows + 0.4), rows, 3, sharey=True, squeeze=False)
    for axis, (change, lines) in zip(grid.flat, curves.items(), strict=False):
        for model, (levels, accuracy) in lines.items():
            colour, name = networks.colour(model), f"{networks.title(model)}, as it is"
            low, high = np.array([statistics.estimate(seeds).interval for seeds in accuracy]).T
            within = {"where": high - low < 1, "color": colour, "alpha": 0.2, "linewidth": 0}
            axis.fill_between(levels, low, high, **within)
            look = {"color": colour, "linewidth": 1.3, "marker": "o", "ms": 2.5}
            axis.plot(levels, accuracy.mean(1), label=name, **look)
        axis.axhline(0.9, color=GREY, linewidth=0.8, linestyle=":")
        axis.set(title=change, ylim=(0, 1.03))
        axis.xaxis.set_major_locator(ticker.MaxNLocator(5, steps=(1, 2, 5, 10)))
        _percent(axis.yaxis)
    for axis in grid.flat[len(curves) :]:
        axis.set_visible(False)
    handles, names = grid.flat[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=3)
    return figure


@styled
def equivariance(pictures: list, similarity: dict) -> Drawing:
    """Draw what a shift does to a digit's representations.

    ``pictures`` is a list of (title, unshifted, shifted) 2-D arrays; ``similarity`` maps a name to
    (model, shifts, cosines with the unshifted digit's representation, cosine of different digits).
    Dotted lines show the last, except for the first name.
    """
    figure = Drawing((6.6, 2.3), layout="constrained")
    halves = figure.subfigures(1, 2, squeeze=False, width_ratios=(1, 1.15))
    left, right = halves.flat
    grid = left.subplots(2, len(pictures))
    for column, (title, *both) in zip(grid.T, pictures, strict=True):
        for axis, picture in zip(column, both, strict=True):
            axis.imshow(picture)
            axis.set(xticks=[], yticks=[])
        column[0].set_title(title, fontsize=7)
    grid[0, 0].set_ylabel("as it is")
    grid[1, 0].set_ylabel("shifted")
    axis = right.subplots()
    for i, (name, (model, shifts, cosines, other)) in enumerate(similarity.items()):
        colour = networks.colour(model)
        axis.plot(shifts, cosines, "-" if i else "--", marker="o", ms=3, color=colour, label=name)
        if i:
            axis.axhline(other, color=colour, linewidth=1, linestyle=":")
    axis.set(xlabel="shift to the right (pixels)", ylabel="cosine similarity", ylim=(0, 1.05))
    axis.legend(loc="lower left", fontsize=7)
    return figure


@styled
def framing(shares: dict) -> Drawing:
    """Draw how many digits are read by how they come to a network.

    ``shares`` is {model: {way: ``Estimate`` of a share}}.
    """
    figure, axis = panels((4.2, 2))
    for number, (model, ways) in enumerate(shares.items()):
        x = np.arange(len(ways)) + 0.16 * (number - (len(shares) - 1) / 2)
        colour, name = networks.colour(model), networks.title(model)
        axis.plot(x, [estimate.mean for estimate in ways.values()], "o", color=colour, label=name)
        axis.vlines(x, *np.transpose([one.interval for one in ways.values()]), color=colour)
    axis.set_xticks(range(len(ways)), list(ways))
    axis.set(ylabel="read correctly", ylim=(0, 1.02), xlim=(-0.5, len(ways) - 0.5))
    axis.grid(axis="x", visible=False)
    _percent(axis.yaxis)
    axis.legend(loc="lower right")
    return figure


@styled
def hands(shares: dict) -> Drawing:
    """Draw what is read of each writer's digits: {model: (writers,) shares}, the worst first."""
    figure, axis = panels((6.3, 1.6))
    for model, by_writer in shares.items():
        colour, name = networks.colour(model), networks.title(model)
        axis.plot(np.arange(1, len(by_writer) + 1), np.sort(by_writer), color=colour, label=name)
    axis.set(xlabel="writers, the one read worst first", ylabel="read correctly", ylim=(0.7, 1.005))
    _percent(axis.yaxis)
    axis.legend(loc="lower right")
    return figure


def _by_digit(axis, **settings):
    axis.set(xticks=range(10), xlabel="digit", **settings)
    axis.grid(axis="x", visible=False)


def _by_row(axis, names):
    """Name the rows of a chart, from the top down."""
    axis.set_yticks(range(len(names)), names)
    axis.invert_yaxis()
    axis.grid(axis="y", visible=False)


class _Percent(ticker.PercentFormatter):
    """Percentages with as many decimals as the ticks need, all of them with the same number."""

    def set_locs(self, locs):
        super().set_locs(locs)
        percents = 100 * np.asarray(locs) / self.xmax
        exact = (np.allclose(percents, percents.round(n), rtol=0, atol=1e-6) for n in range(5))
        self.decimals = next((n for n, is_so in enumerate(exact) if is_so), 5)


def _percent(side):
    """Write the values of a side of an axis as percentages."""
    side.set_major_formatter(_Percent(1))
