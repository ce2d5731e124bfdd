"""What a figure shows, in words and numbers, for those who do not see it."""

import re
from functools import partial
from typing import NamedTuple

import numpy as np
from matplotlib.collections import QuadMesh
from matplotlib.container import BarContainer, ErrorbarContainer
from matplotlib.ticker import FuncFormatter, PercentFormatter

from mnist_compare.report.words import translation

LONGEST = 400  # characters
ARROW = "→"  # between the steps of a diagram


def describe(figure, language="en"):
    """Return what is drawn in a figure of ``figures`` or ``diagrams``, as sentences of a language.

    They are read from the figure itself: titles, axes, the names and ends of lines, the range of
    dots. What is longer than ``LONGEST`` is cut.
    """
    shown = [axis for axis in figure.axes if axis.has_data()]
    pictures = [axis for axis in shown if axis.images]
    charts = [axis for axis in shown if not axis.images]
    below = re.split(r"\s{3,}|\n", figure.get_supxlabel())
    words = partial(_words, language=language)
    said = [*_pictures(pictures, words), *_charts(charts, words)]
    said += [f"{'; '.join(below)}."] if below[0] else []
    text = " ".join(" ".join(said).split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rpartition(" ")[0] + "…"


def _words(template, *values, language):
    return translation.translated(template, language).format(*values)


class _Series(NamedTuple):
    """Points of a chart that belong together, ``kind`` being that of the chart."""

    kind: str
    name: str
    places: np.ndarray
    values: np.ndarray


def _pictures(pictures, words):
    """Yield how many pictures there are, and what stands at them or else of how many pixels."""
    if not pictures:
        return
    many = words("{} pictures", len(pictures)) if len(pictures) > 1 else words("Picture")
    names = [name for name in map(_name, pictures) if name]
    sizes = ["×".join(map(str, axis.images[0].get_array().shape[:2])) for axis in pictures]
    if names:
        yield f"{many}: {'; '.join(names)}."
    else:
        yield words("{} of {} pixels.", many, words(" and ").join(dict.fromkeys(sizes)))


def _name(axis):
    """Return what stands at a picture: the name of its row, a few words beside it, its title."""
    beside = [each.get_text() for each in axis.texts if each.get_text() != ARROW]
    words = ", ".join(beside) if len(beside) < 5 else ""
    title = axis.get_title() or axis.get_figure(root=False).get_suptitle()
    return ": ".join(filter(None, (axis.get_ylabel(), words, title.replace("\n", ", "))))


def _charts(charts, words):
    """Yield a sentence on each chart, after its title and, where they change, its axes."""
    drawn = {axis: _series(axis) for axis in charts}
    kinds = [each[0].kind for each in drawn.values() if each]
    if kinds:
        several = len(kinds) > 1 and len({*kinds}) == 1
        text = words(" and ").join(map(words, dict.fromkeys(kinds)))
        text = words(f"{{}} {kinds[0]}s", len(kinds)) if several else text
        yield f"{text[:1].upper()}{text[1:]}."
    before = None
    for axis, series in drawn.items():
        sides = _sides(axis, series, words)
        counts = [each.get_array() for each in axis.collections if isinstance(each, QuadMesh)]
        if counts and _named(axis.xaxis) and _named(axis.yaxis):
            yield _table(axis, counts[0], words)
        elif series:
            yield sides if sides != before else ""
            title = axis.get_title()
            said = "; ".join(_values(axis, series, words))
            yield f"{title[:1].upper()}{title[1:]}: {said}." if title else f"{said}."
            before = sides
        elif not axis.axison:
            yield words("Diagram: {}.", " ".join(each.get_text() for each in axis.texts))


def _series(axis):
    """Return the points that are drawn in a chart, less the lines that mark a place on an axis."""
    found = []
    names = {}
    for container in axis.containers:
        name = _label(container)
        if isinstance(container, BarContainer) and container.patches:
            boxes = [bar.get_bbox() for bar in container]
            ends = [(box.x1, (box.y0 + box.y1) / 2) for box in boxes]
            if container.orientation == "vertical":
                ends = [((box.x0 + box.x1) / 2, box.y1) for box in boxes]
            found.append(_Series("bar chart", name, *np.array(ends).T))
        elif isinstance(container, ErrorbarContainer):
            names[container[0]] = name
    for line in axis.lines:
        if line.get_transform() == axis.transData:
            kind = "dot plot" if line.get_linestyle() == "None" else "line chart"
            points = np.asarray(line.get_xydata(), float)
            points = points[np.isfinite(points).all(axis=1)]
            if len(points):
                found.append(_Series(kind, names.get(line, _label(line)), *points.T))
    if _across(axis):
        return [each._replace(places=each.values, values=each.places) for each in found]
    return found


def _label(artist):
    """Return the name of an artist in the legend, empty if it has none there."""
    label = artist.get_label() or ""
    return "" if label.startswith("_") else label


def _across(axis):
    """Return whether the values of a chart run across, since what they belong to runs down."""
    return bool(_named(axis.yaxis)) or not len(axis.get_yticks())


def _named(side):
    """Return {place: name} of an axis with words in place of numbers, else an empty mapping."""
    if not isinstance(side.get_major_formatter(), FuncFormatter):
        return {}
    named = side.get_major_formatter()
    return {place: str(named(place)).replace("\n", " ") for place in side.get_ticklocs()}


def _sides(axis, series, words):
    """Return what runs across and up, as the chart names it."""
    said = []
    if across := axis.get_xlabel():
        places = [] if _across(axis) or _named(axis.xaxis) else [each.places for each in series]
        # Bars stand beside the number that they belong to.
        places = [each.round() if axis.patches else each for each in places]
        reach = f", {_range(np.concatenate(places), axis.xaxis, words)}" if places else ""
        said.append(words("Across: {}.", f"{across}{reach}"))
    if up := axis.get_ylabel():
        said.append(words("Up: {}.", up))
    return " ".join(said)


def _values(axis, series, words):
    """Yield each line with its ends, or else each group of points with its least and largest."""
    values, names = (axis.xaxis, axis.yaxis) if _across(axis) else (axis.yaxis, axis.xaxis)
    labelled, groups = [each for each in series if each.name], _named(names)
    if labelled and not (groups and len({each.name for each in labelled}) == 1):
        for each in labelled:
            yield f"{words(each.name)}, {_ends(each, values, words)}"
    elif len(series) == 1 and series[0].kind == "bar chart":
        longest = series[0].places[series[0].values.argmax()]
        longest = groups.get(longest, f"{longest:g}")
        yield words("{} bars, the longest at {}", len(series[0].values), longest)
    elif groups:
        places = np.concatenate([each.places for each in series])
        found = np.concatenate([each.values for each in series])
        for place, name in groups.items():
            near = found[np.abs(places - place) < 0.5]
            if len(near):
                yield f"{name}, {_range(near, values, words)}"
    elif len(series) == 1 and series[0].kind == "line chart":
        yield words("A line {}", _ends(series[0], values, words))
    else:
        found = np.concatenate([each.values for each in series])
        yield words("{} values, {}", len(found), _range(found, values, words))


def _ends(series, side, words):
    """Return the ends of a line, and where it turns, or the least and the largest of others."""
    if series.kind != "line chart":
        return _range(series.values, side, words)
    ends, low, high = series.values[[0, -1]], series.values.min(), series.values.max()
    first, last = (_number(value, side) for value in ends)
    clear = 0.1 * (high - low)  # what is less is the ups and downs of chance
    if high - ends.max() > clear:
        return words("from {} up to {} and down to {}", first, _number(high, side), last)
    if ends.min() - low > clear:
        return words("from {} down to {} and up to {}", first, _number(low, side), last)
    return words("from {} to {}", first, last)


def _range(values, side, words):
    low, high = (_number(value, side) for value in (values.min(), values.max()))
    return low if low == high else words("{} to {}", low, high)


def _number(value, side):
    """Return a value as a reader of the axis would say it."""
    if isinstance(side.get_major_formatter(), PercentFormatter):
        return f"{value:.1%}".replace("-", "−")
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}".replace("-", "−")


def _table(axis, counts, words):
    """Return the sum of a table of mistakes, and its largest with the names of row and column."""
    what = words(
        "Table with a row for each {}, and columns for what it is {}. {:,} mistakes",
        axis.get_ylabel() or words("class"),
        axis.get_xlabel(),
        counts.sum(),
    )
    if not counts.any():
        return f"{what}."
    row, column = np.unravel_index(counts.argmax(), counts.shape)
    rows, columns = (list(_named(side).values()) for side in (axis.yaxis, axis.xaxis))
    most = words("{} read as {}", rows[row], columns[column])
    return words("{}; the most frequent ({:,}×): {}.", what, counts.max(), most)
