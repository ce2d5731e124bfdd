"""Figures that show themselves in a notebook, in its language."""

import base64
import io
import struct
from contextlib import contextmanager

import numpy as np
from matplotlib import ticker
from matplotlib.figure import Figure
from PIL import Image

from mnist_compare.report.draw import labels, vectors
from mnist_compare.report.draw.style import DOTS_PER_INCH
from mnist_compare.report.words.spoken import Shown


class Drawing(Shown, Figure):
    """A Matplotlib figure that shows itself as PNG and, unless it is all pixels, as SVG.

    A width of 6.3 inches fills the page of the PDF, where fonts keep their size.
    """

    def _repr_mimebundle_(self, include=None, exclude=None):
        from IPython import get_ipython

        # Once pyplot is imported, IPython would draw every figure in a way of its own.
        formatters = get_ipython().display_formatter.formatters
        formatters["image/png"].for_type(Drawing, lambda drawing: None)
        return super()._repr_mimebundle_(include, exclude)

    def in_language(self, language):
        """Return the figure with its labels in a language."""
        with labels.speaking(self, language):
            image = png(self)
            with laid_out(self):
                vector = vectors.draw(self)
        data = {"image/png": base64.b64encode(image).decode(), "text/plain": repr(self)}
        about = {"width": round(inches(image)[0] * 96)}
        if not vector:
            return data, {"image/png": about}
        return data | {"image/svg+xml": vector}, {"image/png": about, "image/svg+xml": about}


def png(figure):
    """Return a figure as a PNG file."""
    written, smaller = io.BytesIO(), io.BytesIO()
    figure.savefig(written, dpi=DOTS_PER_INCH, facecolor="white")
    # In 256 colours the file is less than half as large, and it names no software that wrote it.
    Image.open(written).convert("RGB").quantize(256).save(smaller, "PNG", optimize=True)
    return smaller.getvalue()


def inches(png: bytes) -> tuple[float, float]:
    """Return the width and height of a PNG picture made by ``png()``."""
    width, height = struct.unpack(">II", png[16:24])
    return width / DOTS_PER_INCH, height / DOTS_PER_INCH


@contextmanager
def laid_out(figure):
    """Leave everything in a figure where it is: to arrange many axes takes longer than to draw."""
    engine = figure.get_layout_engine()
    figure.set_layout_engine("none")
    try:
        yield
    finally:
        figure.set_layout_engine(engine)


def seeds_beside(axis, place, aside, found, across=False, **look):
    """Draw an ``Estimate``: its interval at a place, and at ``aside`` a dot for each seed.

    Accuracies go upwards, or with ``across`` to the right; ``look`` is that of both.
    """
    dots, line = (np.full(found.n, aside), found.by_seed), axis.vlines
    if across:
        dots, line = dots[::-1], axis.hlines
    axis.plot(*dots, ".", ms=2.5, alpha=0.6, **look)
    line(place, *found.interval, linewidth=1.3, **look)


def panels(size, *grid, **options):
    """Return a figure of that size in inches, and its axes as ``Figure.subplots`` gives them."""
    figure = Drawing(size, layout="constrained")
    return figure, figure.subplots(*grid, **options)


class _Percent(ticker.PercentFormatter):
    """Percentages with as many decimals as the ticks need, all of them with the same number."""

    def set_locs(self, locs):
        super().set_locs(locs)
        percents = 100 * np.asarray(locs) / self.xmax
        exact = (np.allclose(percents, percents.round(n), rtol=0, atol=1e-6) for n in range(5))
        self.decimals = next((n for n, is_so in enumerate(exact) if is_so), 5)


def percent(side):
    """Write the values of a side of an axis as percentages."""
    side.set_major_formatter(_Percent(1))
