"""One function per figure: data in, Matplotlib figure out, in one style.

Digits are (28, 28) uint8, labels integers in 0–9, probabilities (10,) or (n, 10) floats in 0–1,
runs a list of ``training.Run``. None trains, reads a record or writes a file.
"""

from itertools import zip_longest

import numpy as np
from matplotlib import ticker
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from mnist_compare import metrics, networks, statistics
from mnist_compare.networks import BLUE, COMPARED, NETWORKS, RED
from mnist_compare.report.draw.drawing import Drawing
from mnist_compare.report.draw.style import GREY, PALE, QUIET, styled
from mnist_compare.training import REPORTED_EPOCHS

# The paper shows through, whatever its colour.
MISTAKES = LinearSegmentedColormap.from_list("mistakes", [(RED, 0), (RED, 0.5)])


@styled
def digit_grid(digits, titles=None, columns=10, colours=None, size=0.75):
    """Draw digits in rows of ``columns``, each under its title, in its colour if one is given."""
    rows = -(-len(digits) // columns)
    height = size * (1.35 if titles is not None else 1)
    figure, axes = _panels((columns * size, rows * height), rows, columns, squeeze=False)
    for axis in axes.flat:
        axis.axis("off")
    for i, (axis, digit) in enumerate(zip(axes.flat, digits, strict=False)):
        axis.imshow(digit, vmin=0, vmax=255)
        if titles is not None:
            axis.set_title(titles[i], fontsize=7, color=colours[i] if colours else "black", pad=3)
    return figure


def first_digits(digits, labels):
    """Draw the first nine digits in a row, each under its label."""
    return digit_grid(digits[:9], labels[:9], columns=9, size=0.5)


def digit_sheet(digits, labels, per_class=24):
    """Draw the first ``per_class`` digits of every class, one class per row."""
    chosen = np.concatenate([np.flatnonzero(labels == k)[:per_class] for k in range(10)])
    return digit_grid(digits[chosen], columns=per_class, size=0.22)


@styled
def digit_as_numbers(digit):
    """Draw a digit beside its grey values."""
    figure, (picture, values) = _panels((6.3, 2.7), 1, 2, width_ratios=(1, 1.15))
    for axis, alpha in ((picture, 1), (values, 0.25)):
        axis.imshow(digit, vmin=0, vmax=255, alpha=alpha)
        axis.grid(False)
        axis.set(xticks=range(0, 28, 9), yticks=range(0, 28, 9))
    for (row, column), value in np.ndenumerate(digit):
        colour = "black" if value else PALE
        values.text(column, row, value, ha="center", va="center", fontsize=3, color=colour)
    picture.set_title("as a picture")
    values.set_title("as numbers: its grey values")
    return figure


@styled
def relu():
    """Draw the rectified linear unit on [−10, 10]."""
    figure, axis = _panels((3.4, 1.1))
    z = np.linspace(-10, 10, 401)
    axis.plot(z, np.maximum(z, 0), color=BLUE)
    axis.set(xlabel="weighted sum z", ylabel="max(0, z)", xlim=(-10, 10))
    return figure


@styled
def convolution(digit, kernel, response):
    """Draw a digit, a 3×3 kernel with its weights, and the kernel's response to the digit."""
    figure, (image, weights, result) = _panels((4.8, 1.65), 1, 3)
    image.imshow(digit, vmin=0, vmax=255)
    _signed(weights, kernel)
    for (row, column), value in np.ndenumerate(kernel):
        text = "0" if value == 0 else f"{value:+.0f}".replace("-", "−")
        colour = "black" if value == 0 else "white"
        weights.text(column, row, text, ha="center", va="center", color=colour)
    _signed(result, response)
    titles = {image: "digit, 28×28", weights: "kernel, 3×3", result: "response, 26×26"}
    for axis, title in titles.items():
        axis.set_title(title)
        axis.axis("off")
    return figure


@styled
def learning_curves(shown):
    """Draw loss and accuracy of runs by epoch: a thin line per seed, a thick one for the mean."""
    figure, axes = _panels((6.3, 1.75), 1, 2)
    model = shown[0].model
    for axis, quantity in zip(axes, ("loss", "accuracy"), strict=True):
        ends = []  # of training and of validation, the least of any seed
        for prefix, name, colour in (
            ("running", "training", GREY),
            ("validation", "validation", networks.colour(model)),
        ):
            curves = [[row[f"{prefix}_{quantity}"] for row in run.rows] for run in shown]
            # A run that was stopped early has fewer epochs.
            curves = np.array(list(zip_longest(*curves, fillvalue=np.nan)))
            ends.append(np.nanmin(curves[-1]))
            epochs = np.arange(1, len(curves) + 1)
            axis.plot(epochs, curves, color=colour, linewidth=0.7, alpha=0.45)
            axis.plot(epochs, np.nanmean(curves, axis=1), "o-", color=colour, label=name, ms=2.5)
        for epoch in REPORTED_EPOCHS if model != "reader" and len(curves) >= 10 else ():
            axis.axvline(epoch, color="black", linewidth=0.9, linestyle="--")
        axis.set(xlabel="epoch", title=quantity)
        axis.xaxis.set_major_locator(ticker.MaxNLocator(integer=True))
        axis.legend(frameon=True, framealpha=1, edgecolor="none")  # over the dashed lines
    low, high = axis.get_ylim()
    # Averaged weights start anywhere, which is of no interest where validation ends above 90 %.
    floor = min(0.9, np.floor(10 * min(ends)) / 10) if ends[-1] > 0.9 else low
    axis.set_ylim(max(floor, low), min(1.003, high))
    _percent(axis, 1)
    return figure


@styled
def confusion_matrix(labels, predictions, classes=tuple("0123456789")):
    """Draw how often each class is read as each other, beside precision, recall and F1.

    ``classes`` are their names. The diagonal is left uncoloured.
    """
    matrix = metrics.confusion_matrix(labels, predictions, len(classes))
    mistakes = np.where(np.eye(len(classes), dtype=bool), 0, matrix)
    figure, axis = _panels((5, 2.8) if len(classes) <= 10 else (6.6, 0.17 * len(classes) + 1))
    places = range(len(classes))
    axis.pcolormesh(places, places, mistakes, cmap=MISTAKES, vmax=max(mistakes.max(), 1))
    axis.set(aspect="equal", ylim=axis.get_ylim()[::-1])
    size = min(7, 70 / len(classes) + 1.5)
    for (row, column), count in np.ndenumerate(matrix):
        colour = QUIET if row == column or not count else "black"
        axis.text(column, row, count or "·", ha="center", va="center", fontsize=size, color=colour)
    for number, measure in enumerate((metrics.precision, metrics.recall, metrics.f1)):
        x = len(classes) * (1.06 + 0.17 * number)
        name = measure.__name__.replace("f1", "F1")
        axis.text(x, -0.75, name, ha="center", fontsize=7)
        for row, share in enumerate(measure(labels, predictions, len(classes))):
            axis.text(x, row, f"{share:.1%}", ha="center", va="center", fontsize=min(size + 1, 7))
    figure.says = [("No mistakes.",)]
    if mistakes.any():
        row, column = np.unravel_index(mistakes.argmax(), mistakes.shape)
        counts = mistakes.sum(), mistakes.max()
        template = "{:,} mistakes; the most frequent ({:,}×): {} read as {}."
        figure.says = [(template, *counts, classes[row], classes[column])]
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


def confidence(probability):
    """Return a probability as a percentage that never claims certainty."""
    return "> 99.9%" if probability > 0.9995 else f"{probability:.1%}"


def predictions(digits, labels, probabilities):
    """Draw digits in rows of ten under "label → answer" and the confidence; mistakes are red."""
    read = probabilities.argmax(axis=1)
    titles = [
        f"{label} → {guess}\n{confidence(given.max())}"
        for guess, given, label in zip(read, probabilities, labels, strict=True)
    ]
    colours = np.where(read == labels, "black", RED).tolist()
    return digit_grid(digits, titles, 10, colours, size=0.63)


def confidently_wrong(digits, labels, probabilities, count=10):
    """Draw the digits that a model reads wrongly with the highest confidence, the highest first."""
    wrong = np.flatnonzero(probabilities.argmax(axis=1) != labels)
    surest = wrong[np.argsort(-probabilities[wrong].max(axis=1), kind="stable")[:count]]
    return predictions(digits[surest], labels[surest], probabilities[surest])


@styled
def probability_bars(digit, probabilities, model):
    """Draw a digit beside the ten probabilities that a model gives it, on a logarithmic axis."""
    figure, (picture, bars) = _panels((5.4, 1.2), 1, 2, width_ratios=(1, 2.6))
    picture.imshow(digit, vmin=0, vmax=255)
    picture.axis("off")
    colours = [GREY] * 10
    read = int(np.argmax(probabilities))
    colours[read] = networks.colour(model)
    bars.bar(range(10), np.maximum(probabilities, 1e-12), color=colours)
    _by_digit(bars, yscale="log", ylim=(1e-12, 3), ylabel="probability")
    figure.says = [("{}: the highest of ten bars is at {}.", networks.title(model), read)]
    return figure


@styled
def disagreement(digit, given):
    """Draw a digit beside the ten probabilities that each network gives it, {model: (10,)}."""
    figure, (picture, *charts) = _panels((6.3, 1.35), 1, 1 + len(given))
    picture.imshow(digit, vmin=0, vmax=255)
    picture.axis("off")
    for bars, (model, probabilities) in zip(charts, given.items(), strict=True):
        colours = [PALE] * 10
        colours[int(np.argmax(probabilities))] = networks.colour(model)
        bars.bar(range(10), probabilities, color=colours)
        _by_digit(bars, title=networks.title(model), ylim=(0, 1.02))
        _percent(bars)
    figure.says = [
        ("{}: the highest of ten bars is at {}.", networks.title(model), int(np.argmax(read)))
        for model, read in given.items()
    ]
    return figure


def first_layer(weights, columns):
    """Draw each unit's weights, (n, rows, columns): positive ones blue, negative ones red."""
    return _framed(weights, columns, _signed)


def feature_maps(digit, maps, columns=11):
    """Draw a digit and the maps (rows, columns, n) that a layer makes of it."""
    return _framed([digit, *np.moveaxis(maps, -1, 0)], columns, Axes.imshow)


@styled
def _framed(pictures, columns, draw):
    """Draw pictures in rows of ``columns``, each in a thin frame, by ``draw(axis, picture)``."""
    rows = -(-len(pictures) // columns)
    figure, axes = _panels((6.3, 6.3 * rows / columns), rows, columns, squeeze=False)
    figure.get_layout_engine().set(w_pad=0.02, h_pad=0.02, wspace=0, hspace=0)
    for axis, picture in zip_longest(axes.flat, pictures):
        axis.set(xticks=[], yticks=[])
        axis.spines[:].set(visible=picture is not None, color=PALE, linewidth=0.6)
        if picture is not None:
            draw(axis, picture)
    return figure


@styled
def every_run(fair, own=None):
    """Draw test accuracy and overfitting gap of every run: a dot per seed, a bar at the mean.

    ``fair`` is what ``estimates.measured()`` returns. ``own`` maps the same keys to the values of
    the reader's own run, drawn as a black diamond.
    """
    figure, axes = _panels((6.3, 1.8), 1, 2)
    columns = sorted(dict.fromkeys(key[:2] for key in fair), key=lambda column: column[1])
    names = [f"{networks.title(model)}\n{epoch} epochs" for model, epoch in columns]
    for axis, quantity in zip(axes, ("test_accuracy", "overfitting_gap"), strict=True):
        for x, (model, epoch) in enumerate(columns):
            values, colour = fair[model, epoch, quantity].by_seed, networks.colour(model)
            spread = np.linspace(-0.12, 0.12, len(values)) if len(values) > 1 else np.zeros(1)
            axis.plot(x + spread, values, "o", color=colour, alpha=0.75, ms=5)
            axis.hlines(values.mean(), x - 0.28, x + 0.28, color=colour)
            if own:
                value = own[model, epoch, quantity]
                axis.plot(x, value, "D", color="black", ms=5, label="this run")
        axis.set_xticks(range(len(columns)), names)
        axis.set_title(quantity.replace("_", " "))
        axis.grid(axis="x", visible=False)
        _percent(axis, 1)
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
    return misread(digits[chosen], labels[chosen], wrong, columns=count, size=0.65)


def misread(digits, labels, read, columns=12, size=0.54):
    """Draw digits under their label and the wrong answer."""
    return digit_grid(digits, _mistakes(labels, read), columns, size=size)


def errors_left(digits, labels, errors, columns=12):
    """Draw the digits of ``report.reader.Errors`` under label, answer and confidence."""
    mistakes = _mistakes(labels[errors.which], errors.read)
    sure = errors.confidence
    titles = [f"{name}\n{share:.0%}" for name, share in zip(mistakes, sure, strict=True)]
    colours = np.where(errors.doubtful, RED, "black").tolist()
    return digit_grid(digits[errors.which], titles, columns, colours, size=0.54)


@styled
def paired_runs(mlp, cnn, interval):
    """Draw the accuracies of both models joined by seed, and their differences.

    ``mlp`` and ``cnn`` are (seeds,) test accuracies, ``interval`` the (low, high) of their mean
    difference.
    """
    figure, (pairs, axis) = _panels((6.6, 2.3), 1, 2, width_ratios=(1, 1.4))
    pairs.plot([0, 1], [mlp, cnn], color=PALE, linewidth=0.8)
    for x, (model, values) in enumerate((("mlp", mlp), ("cnn", cnn))):
        xs, colour = np.full(len(values), x), networks.colour(model)
        pairs.plot(xs, values, "o", color=colour, ms=4, alpha=0.8)
    pairs.set_xticks([0, 1], ["MLP", "CNN"])
    pairs.set(xlim=(-0.4, 1.4), title="test accuracy, a line per seed")
    _percent(pairs, 1)
    differences = 100 * np.sort(cnn - mlp)
    axis.plot(differences, np.arange(len(differences)), "o", color=GREY, ms=4)
    axis.axvspan(*(100 * np.array(interval)), color=BLUE, alpha=0.25, linewidth=0)
    axis.axvline(differences.mean(), color=BLUE)
    axis.axvline(0, color="black", linewidth=0.9)
    axis.set(xlabel="CNN − MLP (points)", yticks=[])
    axis.set_title("differences by size; mean, 95 % interval")
    return figure


@styled
def reliability(diagrams):
    """Draw how often a model is right against how sure it is: {(model, epoch): one per seed}.

    Each entry is a list of ``metrics.reliability()``, pooled over the seeds; ranges with fewer than
    20 predictions in all are left out. Below: the share of predictions in each range.
    """
    models = list(dict.fromkeys(model for model, _ in diagrams))
    shape = {"sharex": True, "height_ratios": (3, 1), "squeeze": False}
    figure, grid = _panels((6.6, 3), 2, len(models), **shape)
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
            look = {"linestyle": style, "color": networks.colour(model), "alpha": alpha}
            upper.plot(confidence, accuracy, marker="o", ms=3.5, label=f"{epoch} epochs", **look)
            middles = (np.arange(len(total)) + 0.5) / len(total)
            lower.plot(middles[shown], (total / total.sum())[shown], **look)
        upper.set(title=networks.title(model), ylim=(0, 1.02), xlim=(0.1, 1.02))
        upper.legend(loc="upper left")
        lower.set(yscale="log", xlabel="confidence")
    grid[0, 0].set_ylabel("share that is right")
    grid[1, 0].set_ylabel("share of digits")
    return figure


@styled
def cost(points):
    """Draw test accuracy against parameters and operations.

    ``points`` maps a title to a dictionary of ``model``, ``parameters``, ``operations`` (to train
    on a digit) and ``accuracy``, an ``Estimate``.
    """
    figure, axes = _panels((6.6, 2.5), 1, 2, sharey=True)
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
    _percent(axes[0], 1)
    names = [f"{number}  {title}" for number, title in enumerate(points, 1)]
    figure.supxlabel("     ".join(names[:3]) + "\n" + "     ".join(names[3:]), fontsize=7)
    return figure


@styled
def nearness(panels):
    """Draw test accuracies with and without knowing which pixels are neighbours.

    ``panels`` is {title: {network: {"as given" or "permuted": ``Estimate``}}}: small dots are
    seeds, a large one with a bar the mean and its interval, hollow where pixels are permuted.
    """
    figure, axes = _panels((6.6, 2), 1, len(panels), sharey=True)
    for axis, (heading, rows) in zip(axes, panels.items(), strict=True):
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
        axis.xaxis.set_major_formatter(ticker.PercentFormatter(1, decimals=1))
        axis.grid(axis="y", visible=False)
    _by_row(axes[0], [networks.title(model) for model in next(iter(panels.values()))])
    handles, names = axes[0].get_legend_handles_labels()
    figure.legend(handles[:2], names[:2], loc="outside lower center", ncols=2)
    return figure


@styled
def sample_efficiency(samples):
    """Draw the error rate over the number of training digits: {model: {count: (seeds,)}}."""
    figure, axis = _panels((5.2, 2))
    for model, by_count in samples.items():
        colour, name = networks.colour(model), networks.title(model)
        for count, accuracy in by_count.items():
            dots = np.full(len(accuracy), count)
            axis.plot(dots, 1 - accuracy, "o", color=colour, ms=3.5, alpha=0.5)
        means = [1 - accuracy.mean() for accuracy in by_count.values()]
        style = "-" if model in COMPARED else "--"
        axis.plot(list(by_count), means, style, color=colour, label=name)
    axis.set(xscale="log", yscale="log", xlabel="training digits", ylabel="test error")
    _percent(axis)
    axis.yaxis.set_minor_formatter(ticker.NullFormatter())
    axis.set_yticks([0.01, 0.02, 0.05, 0.1, 0.2, 0.3])
    axis.xaxis.set_major_formatter("{x:,.0f}")
    axis.legend()
    return figure


@styled
def changes_sheet(rows):
    """Draw a digit at the levels of each change: {change: [(level, digit)]}, a row each."""
    columns = max(len(row) for row in rows.values())
    figure, grid = _panels((6.6, 0.54 * len(rows)), len(rows), columns)
    for axis in grid.flat:
        axis.axis("off")
    for axes, (change, row) in zip(grid, rows.items(), strict=True):
        for axis, (level, digit) in zip(axes, row, strict=False):
            axis.imshow(digit, vmin=0, vmax=255)
            axis.set_title(f"{level:g}", fontsize=6, pad=2)
        axes[0].text(-0.25, 0.5, change, transform=axes[0].transAxes, ha="right", va="center")
    return figure


@styled
def robustness(curves):
    """Draw accuracy over the level of each change: {change: {(model, way): (levels, accuracies)}}.

    Accuracies are (levels, seeds): the line is their mean, the band its 95 % interval, except where
    that would fill the panel. A dotted line marks 90 %.
    """
    rows = -(-len(curves) // 3)
    figure, grid = _panels((6.6, 1.4 * rows + 0.4), rows, 3, sharey=True, squeeze=False)
    styles = {"as it is": "-", "crop": ":", "center": "--"}
    for axis, (change, lines) in zip(grid.flat, curves.items(), strict=False):
        for (model, way), (levels, accuracy) in lines.items():
            colour, name = networks.colour(model), f"{networks.title(model)}, {way}"
            low, high = np.array([statistics.estimate(seeds).interval for seeds in accuracy]).T
            within = {"where": high - low < 1, "color": colour, "alpha": 0.2, "linewidth": 0}
            axis.fill_between(levels, low, high, **within)
            look = {"color": colour, "linewidth": 1.3, "marker": "o", "ms": 2.5}
            axis.plot(levels, accuracy.mean(1), styles[way], label=name, **look)
        axis.axhline(0.9, color=GREY, linewidth=0.8, linestyle=":")
        axis.set(title=change, ylim=(0, 1.03))
        axis.xaxis.set_major_locator(ticker.MaxNLocator(5, steps=(1, 2, 5, 10)))
        _percent(axis)
    handles, names = grid.flat[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=3)
    return figure


@styled
def equivariance(pictures, similarity):
    """Draw what a shift does to a digit's representations.

    ``pictures`` is a list of (title, unshifted, shifted) 2-D arrays; ``similarity`` maps a name to
    (model, shifts, cosines with the unshifted digit's representation, cosine of different digits).
    Dotted lines show the last, except for the first name.
    """
    figure = Drawing((6.6, 2.3), layout="constrained")
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
    for i, (name, (model, shifts, cosines, other)) in enumerate(similarity.items()):
        colour = networks.colour(model)
        axis.plot(shifts, cosines, "-" if i else "--", marker="o", ms=3, color=colour, label=name)
        if i:
            axis.axhline(other, color=colour, linewidth=1, linestyle=":")
    axis.set(xlabel="shift to the right (pixels)", ylabel="cosine similarity", ylim=(0, 1.05))
    axis.legend(loc="lower left", fontsize=7)
    return figure


@styled
def framing(panels):
    """Draw how many digits are read by how they come to a network.

    ``panels`` is {title: {model: {way: ``Estimate`` of a share}}}.
    """
    figure, axes = _panels((6.3, 2), 1, len(panels), sharey=True)
    for axis, (heading, rows) in zip(axes, panels.items(), strict=True):
        for number, (model, ways) in enumerate(rows.items()):
            x = np.arange(len(ways)) + 0.16 * (number - (len(rows) - 1) / 2)
            colour, name = networks.colour(model), networks.title(model)
            axis.plot(x, [found.mean for found in ways.values()], "o", color=colour, label=name)
            for place, found in zip(x, ways.values(), strict=True):
                if found.n > 1:  # one run has no interval
                    axis.vlines(place, *found.interval, color=colour)
        axis.set_xticks(range(len(ways)), list(ways))
        axis.set(title=heading, ylim=(0, 1.02), xlim=(-0.5, len(ways) - 0.5))
        axis.grid(axis="x", visible=False)
        _percent(axis)
    axes[0].set_ylabel("read correctly")
    axes[-1].legend(loc="lower right")
    return figure


@styled
def hands(shares):
    """Draw what is read of each writer's digits: {model: (writers,) shares}, the worst first."""
    figure, axis = _panels((6.3, 1.6))
    for model, by_writer in shares.items():
        colour, name = networks.colour(model), networks.title(model)
        axis.plot(np.arange(1, len(by_writer) + 1), np.sort(by_writer), color=colour, label=name)
    axis.set(xlabel="writers, the one read worst first", ylabel="read correctly", ylim=(0.7, 1.005))
    _percent(axis)
    axis.legend(loc="lower right")
    return figure


@styled
def on_both(effects):
    """Draw effects on digits and on clothes: {question: (digits, clothes)}, pairs of ``Estimate``.

    The mean and its interval in points, filled for digits, hollow for clothes.
    """
    figure, axis = _panels((6.3, 0.22 * len(effects) + 0.6))
    for y, pair in enumerate(effects.values()):
        for found, name, inside, shift in zip(
            pair, ("digits", "clothes"), (BLUE, "white"), (-0.14, 0.14), strict=True
        ):
            axis.hlines(y + shift, *(100 * np.array(found.interval)), color=BLUE, linewidth=1.3)
            look = {"color": BLUE, "mfc": inside, "ms": 5, "label": name}
            axis.plot(100 * found.mean, y + shift, "o", **look)
    axis.axvline(0, color="black", linewidth=0.9)
    axis.set_xlabel("points in favour of the CNN")
    axis.set_xscale("symlog", linthresh=1)
    axis.xaxis.set_major_locator(ticker.FixedLocator([-30, -10, -3, -1, 0, 1, 3, 10, 30]))
    axis.xaxis.set_minor_locator(ticker.NullLocator())
    axis.xaxis.set_major_formatter("{x:.0f}")
    _by_row(axis, effects)
    handles, names = axis.get_legend_handles_labels()
    axis.legend(handles[:2], names[:2], loc="upper left")
    return figure


@styled
def augmented(examples):
    """Draw digits changed in several ways: {kind of change: (2, n, 28, 28) uint8}."""
    figure = Drawing((6.6, 2.9), layout="constrained")
    parts = figure.subfigures(-(-len(examples) // 3), 3, squeeze=False).ravel()
    for part, (name, pictures) in zip(parts, examples.items(), strict=False):
        part.suptitle(name, fontsize=8)
        axis = part.subplots()
        axis.imshow(np.vstack([np.hstack(row) for row in pictures]), vmin=0, vmax=255)
        axis.axis("off")
    return figure


@styled
def gains(found):
    """Draw what each step gains: {quantity: {title of the step: (seeds,) shares}}, in points.

    A small dot per seed, a large one for their mean.
    """
    figure, axes = _panels((6.6, 2.8), 1, len(found), sharey=True)
    for axis, (quantity, by_step) in zip(axes, found.items(), strict=True):
        for row, gained in enumerate(by_step.values()):
            axis.plot(100 * gained, np.full(len(gained), row), "o", color=GREY, ms=3)
            axis.plot(100 * gained.mean(), row, "o", color=NETWORKS["reader"].colour, ms=6)
        axis.axvline(0, color="black", linewidth=0.9)
        axis.set(title=quantity, xlabel="gain over the step before (points)")
        axis.grid(axis="y", visible=False)
    _by_row(axes[0], by_step)
    return figure


def _panels(size, *grid, **options):
    """Return a figure of that size in inches, and its axes as ``Figure.subplots`` gives them."""
    figure = Drawing(size, layout="constrained")
    return figure, figure.subplots(*grid, **options)


def _mistakes(labels, read):
    return [f"{label}, not {answer}" for label, answer in zip(labels, read, strict=True)]


def _by_digit(axis, **settings):
    axis.set(xticks=range(10), xlabel="digit", **settings)
    axis.grid(axis="x", visible=False)


def _by_row(axis, names):
    """Name the rows of a chart, from the top down."""
    axis.set_yticks(range(len(names)), names)
    axis.invert_yaxis()
    axis.grid(axis="y", visible=False)


def _percent(axis, decimals=0):
    axis.yaxis.set_major_formatter(ticker.PercentFormatter(1, decimals=decimals))


def _signed(axis, values):
    limit = np.abs(values).max() or 1
    axis.imshow(values, cmap="RdBu", vmin=-limit, vmax=limit)
