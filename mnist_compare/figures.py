"""One function per figure: data in, matplotlib Figure out, in one style.

Digits are (28, 28) uint8, labels integers in 0–9, probabilities (10,) or (n, 10) floats in 0–1,
runs a list of ``runs.Run``. No function trains, reads a record or writes a file but ``save()``.
"""

from itertools import zip_longest

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import (
    EngFormatter,
    LogLocator,
    MaxNLocator,
    MultipleLocator,
    NullFormatter,
    PercentFormatter,
    StrMethodFormatter,
)

from mnist_compare import intervals, metrics, repository, runs
from mnist_compare.runs import SHOWN_AS

COLOURS = {"mlp": "#d9772b", "cnn": "#26688f", "reader": "#2f7d4f"}
GREY, RED = "#8a8f98", "#b3261e"
DOTS_PER_INCH = 200
STYLE = {
    "figure.dpi": 110,
    "font.size": 8,
    "axes.titlesize": 8.5,
    "axes.labelsize": 8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e6e8eb",
    "grid.linewidth": 0.8,
    "xtick.color": "#3c4048",
    "ytick.color": "#3c4048",
    "lines.linewidth": 1.8,
    "legend.frameon": False,
    "image.cmap": "gray_r",
    "image.interpolation": "nearest",
}
styled = matplotlib.rc_context(STYLE)


def folder():
    """Return the folder of the figures, in fast mode that of the throw-away records."""
    return runs.folder() if runs.fast() else repository.folder() / "figures"


def save(figure, name):
    """Write a figure to ``<name>.png`` in the folder, whole or not at all, and return the path."""
    path = folder() / f"{name}.png"
    with runs.whole(path) as temporary:
        # No software version in the file, so that an unchanged figure is an unchanged file.
        figure.savefig(temporary, dpi=DOTS_PER_INCH, facecolor="white", metadata={"Software": None})
    return path


@styled
def digit_grid(digits, titles=None, columns=10, colours=None, size=0.75):
    """Draw digits in rows of ``columns``, each under its title in its colour, if given."""
    rows = -(-len(digits) // columns)
    height = size * (1.35 if titles is not None else 1)
    figure = Figure((columns * size, rows * height), layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False).ravel()
    for axis in axes:
        axis.axis("off")
    for i, (axis, digit) in enumerate(zip(axes, digits, strict=False)):
        axis.imshow(digit, vmin=0, vmax=255)
        if titles is not None:
            axis.set_title(titles[i], fontsize=7, color=colours[i] if colours else "black", pad=3)
    return figure


def first_digits(digits, labels):
    """Draw the first nine digits in three rows of three, each under its label."""
    return digit_grid(digits[:9], [str(label) for label in labels[:9]], columns=3, size=0.8)


def digit_sheet(digits, labels, per_class=16):
    """Draw the first ``per_class`` digits of every class, a row each."""
    chosen = np.concatenate([np.flatnonzero(labels == k)[:per_class] for k in range(10)])
    return digit_grid(digits[chosen], columns=per_class, size=0.4)


@styled
def digit_as_numbers(digit):
    """Draw a digit beside the grey values that it is."""
    figure = Figure((7, 3.6), layout="constrained")
    picture, values = figure.subplots(1, 2, width_ratios=(1, 1.15))
    for axis, alpha in ((picture, 1), (values, 0.25)):
        axis.imshow(digit, vmin=0, vmax=255, alpha=alpha)
        axis.grid(False)
        axis.set_xticks(range(0, 28, 9))
        axis.set_yticks(range(0, 28, 9))
    for (row, column), value in np.ndenumerate(digit):
        values.text(
            column, row, value, ha="center", va="center", fontsize=3.4,
            color="black" if value else "#c3c7cd",
        )  # fmt: skip
    picture.set_title("as a picture")
    values.set_title("as the numbers that the networks get")
    return figure


@styled
def class_counts(train_labels, test_labels):
    """Draw how often each digit occurs, as a share of the training and of the test digits."""
    figure = Figure((6.3, 2.5), layout="constrained")
    axis = figure.subplots()
    for labels, name, colour, shift in (
        (train_labels, "training digits", COLOURS["cnn"], -0.2),
        (test_labels, "test digits", GREY, 0.2),
    ):
        share = np.bincount(labels, minlength=10) / len(labels)
        axis.bar(np.arange(10) + shift, share, 0.38, label=f"{len(labels):,} {name}", color=colour)
    axis.axhline(0.1, color="black", linewidth=1, linestyle="--")
    axis.set_xticks(range(10))
    axis.set_xlabel("digit")
    axis.set_ylim(0, 0.14)
    axis.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axis.grid(axis="x", visible=False)
    axis.legend(ncols=2, loc="upper right")
    return figure


@styled
def relu():
    """Draw the rectified linear unit on [−10, 10]."""
    figure = Figure((4.6, 2.7), layout="constrained")
    axis = figure.subplots()
    z = np.linspace(-10, 10, 401)
    axis.plot(z, np.maximum(z, 0), color=COLOURS["cnn"])
    axis.set(xlabel="weighted sum z", ylabel="activation max(0, z)", xlim=(-10, 10))
    return figure


@styled
def softmax(logits):
    """Draw ten logits and the probabilities that softmax makes of them."""
    figure = Figure((6.3, 2.3), layout="constrained")
    left, right = figure.subplots(1, 2)
    exponentials = np.exp(logits - np.max(logits))
    left.bar(range(10), logits, color=GREY)
    right.bar(range(10), exponentials / exponentials.sum(), color=COLOURS["cnn"])
    left.axhline(0, color="black", linewidth=0.8)
    left.set_title("logits z")
    right.set_title("probabilities softmax(z)")
    right.set_ylim(0, 1)
    for axis in (left, right):
        axis.set_xticks(range(10))
        axis.set_xlabel("digit")
        axis.grid(axis="x", visible=False)
    return figure


@styled
def convolution(digit, kernel, response):
    """Draw a digit, a 3×3 kernel with its weights, and the kernel's response to the digit."""
    figure = Figure((6.6, 2.4), layout="constrained")
    image, weights, result = figure.subplots(1, 3)
    image.imshow(digit, vmin=0, vmax=255)
    image.set_title("digit, 28×28")
    _signed(weights, kernel)
    for (row, column), value in np.ndenumerate(kernel):
        text = "0" if value == 0 else f"{value:+.0f}".replace("-", "−")
        colour = "black" if value == 0 else "white"
        weights.text(column, row, text, ha="center", va="center", color=colour)
    weights.set_title("kernel, 3×3")
    _signed(result, response)
    result.set_title("response, 26×26")
    for axis in (image, weights, result):
        axis.axis("off")
    return figure


@styled
def learning_curves(shown):
    """Draw loss and accuracy over the epochs: a thin line per seed, a thick one for their mean."""
    figure = Figure((6.6, 2.7), layout="constrained")
    model = shown[0].model
    for axis, quantity in zip(figure.subplots(1, 2), ("loss", "accuracy"), strict=True):
        for prefix, name, colour in (
            ("running", "training", GREY),
            ("validation", "validation", COLOURS.get(model, RED)),
        ):
            curves = [[row[f"{prefix}_{quantity}"] for row in run.rows] for run in shown]
            # A run that was stopped early has fewer epochs.
            curves = np.array(list(zip_longest(*curves, fillvalue=np.nan))).T
            epochs = np.arange(1, curves.shape[1] + 1)
            axis.plot(epochs, curves.T, color=colour, linewidth=0.7, alpha=0.45)
            axis.plot(epochs, np.nanmean(curves, axis=0), "o-", color=colour, label=name, ms=2.5)
        for epoch in runs.REPORTED_EPOCHS if model != "reader" else ():
            axis.axvline(epoch, color="black", linewidth=0.9, linestyle="--")
        axis.set(xlabel="epoch", title=quantity)
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
        axis.legend(frameon=True, framealpha=1, edgecolor="none")  # over the dashed lines
    low, high = axis.get_ylim()
    axis.set_ylim(max(0.9, low), min(1.003, high))  # averaged weights start anywhere
    axis.yaxis.set_major_formatter(PercentFormatter(1, decimals=1))
    return figure


@styled
def confusion_matrix(labels, predictions):
    """Draw how often each digit is read as each other; the diagonal is left uncoloured."""
    matrix = metrics.confusion_matrix(labels, predictions)
    mistakes = np.where(np.eye(10, dtype=bool), 0, matrix)
    figure = Figure((5, 4.6), layout="constrained")
    axis = figure.subplots()
    axis.imshow(mistakes, cmap="Reds", vmax=max(mistakes.max(), 1) * 1.3)
    for (row, column), count in np.ndenumerate(matrix):
        axis.text(
            column, row, count if count else "·", ha="center", va="center", fontsize=8,
            color=GREY if row == column or not count else "black",
        )  # fmt: skip
    axis.set(xlabel="read as", ylabel="digit", xticks=range(10), yticks=range(10))
    axis.grid(False)
    axis.spines[:].set_visible(False)
    return figure


def confidence(probability):
    """Return a probability as a percentage that never claims certainty."""
    return "> 99.9%" if probability > 0.9995 else f"{probability:.1%}"


def predictions(digits, labels, probabilities, columns=5):
    """Draw digits under what a model reads in them and how sure it is; its mistakes are red."""
    read = probabilities.argmax(axis=1)
    titles = [
        f"{guess} ({confidence(given.max())})" + ("" if guess == label else f"\nis {label}")
        for guess, given, label in zip(read, probabilities, labels, strict=True)
    ]
    colours = [
        "black" if guess == label else RED for guess, label in zip(read, labels, strict=True)
    ]
    return digit_grid(digits, titles, columns, colours, size=1.05)


def confidently_wrong(digits, labels, probabilities, count=12):
    """Draw the wrongly read digits of which the model is surest, the surest first."""
    wrong = np.flatnonzero(probabilities.argmax(axis=1) != labels)
    surest = wrong[np.argsort(-probabilities[wrong].max(axis=1), kind="stable")[:count]]
    return predictions(digits[surest], labels[surest], probabilities[surest], columns=6)


@styled
def probability_bars(digit, probabilities, model):
    """Draw a digit beside the ten probabilities a model gives it, on a logarithmic axis."""
    figure = Figure((6.3, 2.3), layout="constrained")
    picture, bars = figure.subplots(1, 2, width_ratios=(1, 2.2))
    picture.imshow(digit, vmin=0, vmax=255)
    picture.axis("off")
    colours = [GREY] * 10
    colours[int(np.argmax(probabilities))] = COLOURS.get(model, RED)
    bars.bar(range(10), np.maximum(probabilities, 1e-12), color=colours)
    bars.set(yscale="log", ylim=(1e-12, 3), xticks=range(10), xlabel="digit", ylabel="probability")
    bars.grid(axis="x", visible=False)
    return figure


@styled
def first_layer(weights, columns):
    """Draw each unit's weights, (n, rows, columns): blue where ink excites it, red where not."""
    rows = -(-len(weights) // columns)
    figure = Figure((6.6, 6.6 * rows / columns), layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False).ravel()
    _frame(axes, len(weights))
    for axis, unit in zip(axes, weights, strict=False):
        _signed(axis, unit)
    return figure


@styled
def feature_maps(digit, maps, columns=11):
    """Draw a digit and the maps (rows, columns, n) that a layer makes of it."""
    pictures = [digit, *np.moveaxis(maps, -1, 0)]
    rows = -(-len(pictures) // columns)
    figure = Figure((6.6, 6.6 * rows / columns), layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False).ravel()
    _frame(axes, len(pictures))
    for axis, picture in zip(axes, pictures, strict=False):
        axis.imshow(picture)
    return figure


@styled
def preprocessing_steps(results, titles):
    """Draw the steps of several ``Preprocessed``, a row each, its title at the left."""
    columns = max(len(result.steps) for result in results)
    figure = Figure((1.05 * columns + 0.3, 1.25 * len(results)), layout="constrained")
    grid = figure.subplots(len(results), columns, squeeze=False)
    for axis in grid.flat:
        axis.axis("off")
    for row, result, title in zip(grid, results, titles, strict=True):
        row[0].set_ylabel(title)
        for axis, (name, picture) in zip(row, result.steps.items(), strict=False):
            axis.axis("on")
            axis.set(xticks=[], yticks=[])
            axis.spines[:].set(visible=True, color="#c3c7cd")
            axis.imshow(picture, cmap="gray", vmin=0, vmax=255)
            axis.set_title(name, fontsize=7, pad=3)
    return figure


@styled
def every_run(fair, own=None):
    """Draw test accuracy and overfitting gap of every run: a dot per seed, a bar at the mean.

    ``fair`` is what ``tables.measured()`` returns. ``own`` maps the same keys to one value each, of
    the reader's own run: a black diamond.
    """
    figure = Figure((6.6, 2.7), layout="constrained")
    columns = list(dict.fromkeys((model, epoch) for model, epoch, _ in fair))
    columns.sort(key=lambda column: column[1])
    panels = (("test_accuracy", "test accuracy"), ("overfitting_gap", "overfitting gap"))
    for axis, (quantity, title) in zip(figure.subplots(1, 2), panels, strict=True):
        for x, (model, epoch) in enumerate(columns):
            values = fair[model, epoch, quantity]
            spread = np.linspace(-0.12, 0.12, len(values)) if len(values) > 1 else [0]
            axis.plot(x + np.array(spread), values, "o", color=COLOURS[model], alpha=0.75, ms=5)
            axis.hlines(values.mean(), x - 0.28, x + 0.28, color=COLOURS[model])
            if own:
                axis.plot(
                    x, own[model, epoch, quantity], "D", color="black", ms=5, label="this run"
                )
        axis.set_xticks(range(len(columns)), [f"{m.upper()}\n{e} epochs" for m, e in columns])
        axis.set_title(title)
        axis.grid(axis="x", visible=False)
        axis.yaxis.set_major_formatter(PercentFormatter(1, decimals=1))
    if own:
        axis.legend(*(each[:1] for each in axis.get_legend_handles_labels()))
    return figure


def only_one_reads(digits, labels, mlp, cnn, count=10):
    """Draw the first digits that only the CNN reads, and below them those that only the MLP reads.

    ``mlp`` and ``cnn`` are (n,) predicted digits. The titles give the label and the wrong answer.
    """
    only_cnn = np.flatnonzero((cnn == labels) & (mlp != labels))[:count]
    only_mlp = np.flatnonzero((mlp == labels) & (cnn != labels))[:count]
    chosen = np.concatenate([only_cnn, only_mlp])
    wrong = np.concatenate([mlp[only_cnn], cnn[only_mlp]])
    titles = [f"{labels[i]}, not {answer}" for i, answer in zip(chosen, wrong, strict=True)]
    return digit_grid(digits[chosen], titles, columns=count, size=0.65)


@styled
def speed(rows):
    """Draw how many times faster each row is: {name: ratios}, their median and their range."""
    figure = Figure((6.6, 0.32 * len(rows) + 0.7), layout="constrained")
    axis = figure.subplots()
    for y, ratios in enumerate(rows.values()):
        median = np.median(ratios)
        axis.hlines(y, min(ratios), max(ratios), color=COLOURS["cnn"], linewidth=4, alpha=0.35)
        axis.plot(median, y, "o", color=COLOURS["cnn"], ms=6)
        text = f"{median:,.0f}" if median >= 10 else f"{median:.1f}"
        axis.annotate(text, (max(ratios), y), (8, 0), textcoords="offset points", va="center")
    axis.axvline(1, color="black", linewidth=0.9)
    axis.set(xscale="log", xlabel="times as fast as the baseline (logarithmic)")
    axis.set_xlim(right=axis.get_xlim()[1] * 2)
    axis.set_yticks(range(len(rows)), rows)
    axis.invert_yaxis()
    axis.grid(axis="y", visible=False)
    return figure


@styled
def paired_runs(mlp, cnn, interval):
    """Draw the accuracies of both models joined by seed, and their differences.

    ``mlp`` and ``cnn`` are (seeds,) test accuracies, ``interval`` the (low, high) of their mean
    difference.
    """
    figure = Figure((6.6, 2.9), layout="constrained")
    pairs, axis = figure.subplots(1, 2, width_ratios=(1, 1.4))
    pairs.plot([0, 1], [mlp, cnn], color="#c3c7cd", linewidth=0.8)
    for x, (model, values) in enumerate((("mlp", mlp), ("cnn", cnn))):
        pairs.plot(np.full(len(values), x), values, "o", color=COLOURS[model], ms=4, alpha=0.8)
    pairs.set_xticks([0, 1], ["MLP", "CNN"])
    pairs.set(xlim=(-0.4, 1.4), title="test accuracy, a line per seed")
    pairs.yaxis.set_major_formatter(PercentFormatter(1, decimals=1))
    differences = 100 * np.sort(cnn - mlp)
    axis.plot(differences, np.arange(len(differences)), "o", color=GREY, ms=4)
    axis.axvspan(*(100 * np.array(interval)), color=COLOURS["cnn"], alpha=0.25, linewidth=0)
    axis.axvline(differences.mean(), color=COLOURS["cnn"])
    axis.axvline(0, color="black", linewidth=0.9)
    axis.set(
        xlabel="CNN − MLP (points)", yticks=[], title="differences by size; mean, 95 % interval"
    )
    return figure


@styled
def reliability(diagrams):
    """Draw how often a model is right against how sure it is: {(model, epoch): one per seed}.

    Each entry is a list of ``metrics.reliability()``, pooled over the seeds; ranges with fewer than
    20 predictions in all are left out. Below: the share of predictions in each range.
    """
    models = list(dict.fromkeys(model for model, _ in diagrams))
    figure = Figure((6.6, 3.6), layout="constrained")
    grid = figure.subplots(2, len(models), sharex=True, height_ratios=(3, 1), squeeze=False)
    for (upper, lower), model in zip(grid.T, models, strict=True):
        upper.plot([0, 1], [0, 1], color="black", linewidth=0.9, linestyle="--")
        epochs = [epoch for name, epoch in diagrams if name == model]
        styles = (("--", 0.5), ("-", 1))[-len(epochs) :]
        for epoch, (style, alpha) in zip(epochs, styles, strict=True):
            found = diagrams[model, epoch]
            count = np.array([one["count"] for one in found])
            total = count.sum(axis=0)
            shown = total >= 20
            confidence, accuracy = (
                np.nansum([one[name] * one["count"] for one in found], axis=0)[shown] / total[shown]
                for name in ("confidence", "accuracy")
            )
            colour = COLOURS[model]
            upper.plot(
                confidence, accuracy, style, marker="o", ms=3.5, color=colour, alpha=alpha,
                label=f"{epoch} epochs",
            )  # fmt: skip
            edges = (np.arange(len(total)) + 0.5) / len(total)
            lower.plot(edges[shown], (total / total.sum())[shown], style, color=colour, alpha=alpha)
        upper.set(title=SHOWN_AS[model], ylim=(0, 1.02), xlim=(0.1, 1.02))
        upper.legend(loc="upper left")
        lower.set(yscale="log", xlabel="confidence")
    grid[0, 0].set_ylabel("share that is right")
    grid[1, 0].set_ylabel("share of digits")
    return figure


@styled
def cost(points):
    """Draw test accuracy against parameters, operations and seconds.

    ``points`` maps a title to a dictionary of ``model``, ``parameters``, ``operations`` (to train
    on a digit), ``seconds`` (an epoch), ``accuracy`` (seeds,) and ``interval`` (low, high).
    """
    figure = Figure((6.6, 3.1), layout="constrained")
    axes = figure.subplots(1, 3, sharey=True)
    quantities = (
        ("parameters", "parameters"),
        ("operations", "operations to train on a digit"),
        ("seconds", "seconds an epoch, one thread"),
    )
    for axis, (quantity, label) in zip(axes, quantities, strict=True):
        for number, point in enumerate(points.values(), 1):
            colour = COLOURS[point["model"].split("_")[0]]
            mean = point["accuracy"].mean()
            low, high = point["interval"]
            axis.errorbar(
                point[quantity], mean, [[mean - low], [high - mean]], fmt="o", ms=6, color=colour
            )
            axis.annotate(
                str(number), (point[quantity], mean), (6, 5), textcoords="offset points", fontsize=7
            )
        axis.set(xscale="log", xlabel=label)
        axis.margins(x=0.15)
        axis.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.xaxis.set_major_formatter("{x:g}" if quantity == "seconds" else EngFormatter(sep=""))
        axis.xaxis.set_minor_formatter(NullFormatter())
    axes[0].set_ylabel("test accuracy")
    axes[0].yaxis.set_major_locator(MultipleLocator(0.005))
    axes[0].yaxis.set_major_formatter(PercentFormatter(1, decimals=1))
    names = [f"{number}  {title}" for number, title in enumerate(points, 1)]
    figure.supxlabel("     ".join(names[:3]) + "\n" + "     ".join(names[3:]), fontsize=7)
    return figure


@styled
def sample_efficiency(samples):
    """Draw the error rate over the number of training digits: {model: {count: (seeds,)}}."""
    figure = Figure((5.2, 3.1), layout="constrained")
    axis = figure.subplots()
    for model, by_count in samples.items():
        for count, accuracy in by_count.items():
            dots = np.full(len(accuracy), count)
            axis.plot(dots, 1 - accuracy, "o", color=COLOURS[model], ms=3.5, alpha=0.5)
        means = [1 - accuracy.mean() for accuracy in by_count.values()]
        axis.plot(list(by_count), means, color=COLOURS[model], label=model.upper())
    axis.set(xscale="log", yscale="log", xlabel="training digits", ylabel="test error")
    axis.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axis.yaxis.set_minor_formatter(NullFormatter())
    axis.set_yticks([0.01, 0.02, 0.05, 0.1, 0.2, 0.3])
    axis.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axis.legend()
    return figure


@styled
def changes_sheet(rows):
    """Draw a digit at the levels of each change: {change: [(level, digit)]}, a row each."""
    columns = max(len(row) for row in rows.values())
    figure = Figure((6.6, 0.6 * len(rows)), layout="constrained")
    grid = figure.subplots(len(rows), columns)
    for axes, (change, row) in zip(grid, rows.items(), strict=True):
        for axis in axes:
            axis.axis("off")
        for axis, (level, digit) in zip(axes, row, strict=False):
            axis.imshow(digit, vmin=0, vmax=255)
            axis.set_title(f"{level:g}", fontsize=6, pad=2)
        axes[0].text(-0.25, 0.5, change, transform=axes[0].transAxes, ha="right", va="center")
    return figure


@styled
def robustness(curves):
    """Draw accuracy over the level of each change: {change: {(model, way): (levels, accuracies)}}.

    Accuracies are (levels, seeds): the line is their mean, the band its 95 % interval. A dotted
    line marks 90 %.
    """
    columns = 3
    rows = -(-len(curves) // columns)
    figure = Figure((6.6, 1.75 * rows + 0.4), layout="constrained")
    grid = figure.subplots(rows, columns, sharey=True, squeeze=False)
    styles = {"as it is": "-", "crop": ":", "center": "--"}
    for axis, (change, lines) in zip(grid.flat, curves.items(), strict=False):
        for (model, way), (levels, accuracy) in lines.items():
            colour = COLOURS[model]
            low, high = np.array([intervals.of_mean(seeds) for seeds in accuracy]).T
            axis.fill_between(levels, low, high, color=colour, alpha=0.2, linewidth=0)
            axis.plot(
                levels, accuracy.mean(1), styles[way], marker="o", ms=2.5, color=colour,
                linewidth=1.3, label=f"{SHOWN_AS[model]}, {way}",
            )  # fmt: skip
        axis.axhline(0.9, color=GREY, linewidth=0.8, linestyle=":")
        axis.set(title=change, ylim=(0, 1.03))
        axis.xaxis.set_major_locator(MaxNLocator(5, steps=(1, 2, 5, 10)))
        axis.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    handles, names = grid.flat[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=3)
    return figure


@styled
def equivariance(pictures, similarity):
    """Draw what a shift does to a digit's representations.

    ``pictures`` is a list of (title, unshifted, shifted) 2-D arrays; ``similarity`` maps a name to
    (colour model, shifts, cosines with the unshifted digit's representation, that of different
    digits, which a dotted line shows).
    """
    figure = Figure((6.6, 2.7), layout="constrained")
    left, right = figure.subfigures(1, 2, width_ratios=(1, 1.15))
    grid = left.subplots(2, len(pictures))
    for column, (title, *both) in zip(grid.T, pictures, strict=True):
        for axis, picture in zip(column, both, strict=True):
            axis.imshow(picture)
            axis.set(xticks=[], yticks=[])
        column[0].set_title(title, fontsize=7)
    grid[0, 0].set_ylabel("as it is")
    grid[1, 0].set_ylabel("shifted")
    axis = right.subplots()
    for (name, (model, shifts, cosines, other)), style in zip(
        similarity.items(), ("--", "-", "-"), strict=False
    ):
        axis.plot(shifts, cosines, style, marker="o", ms=3, color=COLOURS[model], label=name)
        if style == "-":
            axis.axhline(other, color=COLOURS[model], linewidth=1, linestyle=":")
    axis.set(xlabel="shift to the right (pixels)", ylabel="cosine similarity", ylim=(0, 1.05))
    axis.legend(loc="lower left", fontsize=7)
    return figure


@styled
def pen_rates(rates):
    """Draw how many pen-drawn digits are read: {pipeline: {(model, size): (rate, low, high)}}."""
    figure = Figure((6.6, 2.8), layout="constrained")
    axes = figure.subplots(1, len(rates), sharey=True)
    for axis, (pipeline, bars) in zip(axes, rates.items(), strict=True):
        sizes = list(dict.fromkeys(size for _, size in bars))
        for model, shift in (("mlp", -0.13), ("cnn", 0.13)):
            rate, low, high = np.array([bars[model, size] for size in sizes]).T
            axis.errorbar(
                np.arange(len(sizes)) + shift, rate, [rate - low, high - rate], fmt="o", ms=5,
                color=COLOURS[model], label=model.upper(),
            )  # fmt: skip
        axis.set_xticks(range(len(sizes)), sizes)
        axis.set(title=pipeline, ylim=(0, 1.02), xlim=(-0.5, len(sizes) - 0.5))
        axis.grid(axis="x", visible=False)
        axis.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes[0].set_ylabel("read correctly")
    axes[0].legend(loc="lower right")
    return figure


@styled
def pen_digits(recall, writers):
    """Draw recognition by digit, {model: (10,)}, and by writer, {model: {writer: rate}}."""
    figure = Figure((6.6, 2.6), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    width = 0.8 / len(recall)
    for number, model in enumerate(recall):
        shift = width * (number - (len(recall) - 1) / 2)
        left.bar(np.arange(10) + shift, recall[model], 0.95 * width, color=COLOURS[model])
        names = list(writers[model])
        right.plot(
            range(len(names)), list(writers[model].values()), "o", color=COLOURS[model], ms=5,
            label=SHOWN_AS[model],
        )  # fmt: skip
    left.set(xticks=range(10), xlabel="digit", ylabel="read correctly", ylim=(0, 1.02))
    left.grid(axis="x", visible=False)
    left.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    right.set_xticks(range(len(names)), names)
    right.set(xlabel="writer")
    right.legend(loc="lower right")
    return figure


@styled
def augmented(examples):
    """Draw digits changed in several ways: {kind of change: (2, n, 28, 28) uint8}."""
    figure = Figure((6.6, 3.3), layout="constrained")
    columns = 3
    rows = -(-len(examples) // columns)
    parts = figure.subfigures(rows, columns, squeeze=False).ravel()
    for part, (name, pictures) in zip(parts, examples.items(), strict=False):
        part.suptitle(name, fontsize=8)
        axis = part.subplots()
        axis.imshow(np.vstack([np.hstack(row) for row in pictures]), vmin=0, vmax=255)
        axis.axis("off")
    return figure


def errors_left(digits, labels, errors, columns=9):
    """Draw the ``reader_evidence.Errors`` among digits under label, answer and confidence."""
    titles = [
        f"{labels[i]}, not {answer}\n{sure:.0%}"
        for i, answer, sure in zip(errors.which, errors.read, errors.confidence, strict=True)
    ]
    colours = [RED if doubtful else "black" for doubtful in errors.doubtful]
    return digit_grid(digits[errors.which], titles, columns, colours, size=0.73)


@styled
def gains(found):
    """Draw what each step gains: {quantity: {title of the step: (seeds,) shares}}, in points.

    A small dot per seed, a large one for their mean.
    """
    figure = Figure((6.6, 3.4), layout="constrained")
    axes = figure.subplots(1, len(found), sharey=True)
    for axis, (quantity, by_step) in zip(axes, found.items(), strict=True):
        for row, gained in enumerate(by_step.values()):
            axis.plot(100 * gained, np.full(len(gained), row), "o", color=GREY, ms=3)
            axis.plot(100 * gained.mean(), row, "o", color=COLOURS["reader"], ms=6)
        axis.axvline(0, color="black", linewidth=0.9)
        axis.set(title=quantity, xlabel="gain over the step before (points)")
        axis.grid(axis="y", visible=False)
    axes[0].set_yticks(range(len(by_step)), by_step)
    axes[0].invert_yaxis()
    return figure


def misread(digits, labels, read, columns=8):
    """Draw digits under their label and the wrong answer."""
    titles = [f"{label}, not {answer}" for label, answer in zip(labels, read, strict=True)]
    return digit_grid(digits, titles, columns, size=0.8)


def _frame(axes, used):
    """Frame the first ``used`` axes with a thin line and hide the others."""
    for i, axis in enumerate(axes):
        axis.set(xticks=[], yticks=[])
        axis.spines[:].set(visible=i < used, color="#c3c7cd", linewidth=0.6)


def _signed(axis, values):
    limit = np.abs(values).max() or 1
    axis.imshow(values, cmap="RdBu", vmin=-limit, vmax=limit)
