"""Figures that show themselves in a notebook, in its language."""

import base64
import io
import struct
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path

from matplotlib.figure import Figure

from mnist_compare.report.draw import descriptions, labels, vectors
from mnist_compare.report.draw.style import DOTS_PER_INCH
from mnist_compare.report.words.spoken import Shown
from mnist_compare.report.words.translation import LANGUAGES


class Drawing(Shown, Figure):
    """A Matplotlib figure that shows itself as PNG and, unless it is all pixels, as SVG.

    A width of 6.3 inches fills the page of the PDF, where fonts keep their size.
    ``says`` has templates and values for its description, if that is not what axes and lines say.
    """

    says: Sequence[tuple] = ()

    def _repr_mimebundle_(self, include=None, exclude=None):
        from IPython import get_ipython

        # Once pyplot is imported, IPython would draw every figure in a way of its own.
        formatters = get_ipython().display_formatter.formatters
        formatters["image/png"].for_type(Drawing, lambda drawing: None)
        return super()._repr_mimebundle_(include, exclude)

    def in_language(self, language):
        """Return the figure with its labels in a language, and what it shows in words."""
        drawn = self.__dict__.setdefault("drawn", {})
        # Pictures without words look the same in all languages.
        look = language if labels.differ(self, language) else LANGUAGES[0]
        with labels.speaking(self, language):
            if look not in drawn:
                image = png(self)
                with laid_out(self):
                    drawn[look] = image, vectors.draw(self)
            image, vector = drawn[look]
            said = descriptions.describe(self, language)
        data = {"image/png": base64.b64encode(image).decode(), "text/plain": said}
        about = {"width": round(inches(image)[0] * 96), "alt": said}
        if not vector:
            return data, {"image/png": about}
        return data | {"image/svg+xml": vector}, {"image/png": about, "image/svg+xml": about}


class Picture(Shown):
    """A PNG file that shows itself; beside ``demo.png``, ``demo_ko.png`` is shown in Korean."""

    def __init__(self, path):
        """Show the file at a path."""
        self.path = Path(path)

    def in_language(self, language):
        """Return the picture in a language, if there is one, else as it is."""
        other = self.path.with_stem(f"{self.path.stem}_{language}")
        image = (other if other.exists() else self.path).read_bytes()
        data = {"image/png": base64.b64encode(image).decode(), "text/plain": self.path.name}
        return data, {"image/png": {"width": round(inches(image)[0] * 96)}}


def png(figure):
    """Return a figure as a PNG file."""
    written = io.BytesIO()
    # No software version in the file, so that an unchanged figure is an unchanged file.
    figure.savefig(written, dpi=DOTS_PER_INCH, facecolor="white", metadata={"Software": None})
    return written.getvalue()


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


def panels(size, *grid, **options):
    """Return a figure of that size in inches, and its axes as ``Figure.subplots`` gives them."""
    figure = Drawing(size, layout="constrained")
    return figure, figure.subplots(*grid, **options)
