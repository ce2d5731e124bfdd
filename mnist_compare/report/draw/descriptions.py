"""What a figure shows, in words and numbers, for those who do not see it."""

from functools import partial

import numpy as np
from matplotlib.ticker import PercentFormatter

from mnist_compare.report.words import translation

LONGEST = 400  # characters


def describe(figure, language: str = "en") -> str:
    """Return what is drawn in a figure, as sentences of a language.

    What it ``says`` of itself, a list of templates and their values, else its pictures and charts.
    What is longer than ``LONGEST`` is cut.
    """
    words = partial(_words, language=language)
    shown = [axis for axis in figure.axes if axis.has_data()]
    pictures = [axis for axis in shown if axis.images]
    said = [words(template, *values) for template, *values in figure.says]
    if not said:
        said += [_pictures(pictures, words)] if pictures else []
        said += [_chart(axis, words) for axis in shown if axis not in pictures]
        said += [f"{figure.get_supxlabel()}."] if figure.get_supxlabel() else []
    text = " ".join(" ".join(said).split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rpartition(" ")[0] + "…"


def _words(template, *values, language):
    said = [translation.translated(v, language) if isinstance(v, str) else v for v in values]
    return translation.translated(template, language).format(*said)


def _pictures(pictures, words):
    """Return how many pictures there are, and what stands at them or else of how many pixels."""
    many = words("{} pictures", len(pictures)) if len(pictures) > 1 else words("Picture")
    names = [name for name in map(_name, pictures) if name]
    if names:
        return f"{many}: {'; '.join(names)}."
    sizes = ["×".join(map(str, axis.images[0].get_array().shape[:2])) for axis in pictures]
    return words("{} of {} pixels.", many, words(" and ").join(dict.fromkeys(sizes)))


def _name(axis):
    """Return what stands at a picture: the name of its row, a few words beside it, its title."""
    beside = [text.get_text() for text in axis.texts if text.get_text() != "→"]
    words = ", ".join(beside) if len(beside) < 5 else ""
    title = axis.get_title() or axis.get_figure(root=False).get_suptitle()
    return ": ".join(filter(None, (axis.get_ylabel(), words, title.replace("\n", ", "))))


def _chart(axis, words):
    """Return a chart's title and axes, and from where to where each line goes that has a name.

    Where none has, the range of all values.
    """
    across = axis.yaxis_inverted() or not len(axis.get_yticks())
    side = axis.xaxis if across else axis.yaxis
    named, others = [], []
    for line in axis.lines:
        values = np.asarray(line.get_xdata() if across else line.get_ydata(), float)
        values = values[np.isfinite(values)]
        if line.get_transform() != axis.transData or not len(values):
            continue  # it marks a place on an axis
        if line.get_label().startswith("_"):
            others.append(values)
        else:
            named.append(
                f"{words(line.get_label())}, {_between(values[0], values[-1], side, words)}"
            )
    if not named and others:
        values = np.concatenate(others)
        ends = _between(values.min(), values.max(), side, words)
        named = [words("{} values, {}", len(values), ends)]
    title = axis.get_title()
    sides = [words("Across: {}.", axis.get_xlabel())] if axis.get_xlabel() else []
    sides += [words("Up: {}.", axis.get_ylabel())] if axis.get_ylabel() else []
    heading = f"{title[:1].upper()}{title[1:]}: " if title else ""
    return " ".join([*sides, f"{heading}{'; '.join(named)}." if named else f"{title}."])


def _between(first, last, side, words):
    first, last = _number(first, side), _number(last, side)
    return first if first == last else words("from {} to {}", first, last)


def _number(value, side):
    """Return a value as a reader of the axis would say it."""
    if isinstance(side.get_major_formatter(), PercentFormatter):
        return f"{value:.1%}".replace("-", "−")
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}".replace("-", "−")
