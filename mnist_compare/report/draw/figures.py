"""One function per chart: data in, Matplotlib figure out, in one style.

None trains, reads a record or writes a file. Probabilities are (10,) floats in 0–1.
"""

import numpy as np
import pandas as pd
from matplotlib import ticker
from matplotlib.colors import LinearSegmentedColormap

from mnist_compare import metrics
from mnist_compare.records import networks
from mnist_compare.records.networks import BLUE, RED
from mnist_compare.report.draw.drawing import Drawing, panels, percent
from mnist_compare.report.draw.style import GREY, QUIET, styled
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
            by_seed = [pd.DataFrame(run.rows)[f"{prefix}_{quantity}"] for run in runs]
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
    percent(axis.yaxis)
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
    bars.set(xticks=range(10), xlabel="digit", yscale="log", ylim=(1e-12, 3), ylabel="probability")
    bars.grid(axis="x", visible=False)
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
            colour, name = networks.colour(model), networks.title(model)
            low, high = np.array([statistics.estimate(seeds).interval for seeds in accuracy]).T
            within = {"where": high - low < 1, "color": colour, "alpha": 0.2, "linewidth": 0}
            axis.fill_between(levels, low, high, **within)
            look = {"color": colour, "linewidth": 1.3, "marker": "o", "ms": 2.5}
            axis.plot(levels, accuracy.mean(1), label=name, **look)
        axis.axhline(0.9, color=GREY, linewidth=0.8, linestyle=":")
        axis.set(title=change, ylim=(0, 1.03))
        axis.xaxis.set_major_locator(ticker.MaxNLocator(5, steps=(1, 2, 5, 10)))
        percent(axis.yaxis)
    for axis in grid.flat[len(curves) :]:
        axis.set_visible(False)
    handles, names = grid.flat[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=3)
    return figure
