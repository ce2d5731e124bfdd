"""What is written in a figure, in another language."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import matplotlib
from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter

from mnist_compare.report.words import translation

FONTS = ["DejaVu Sans", "Noto Sans KR"]  # the second for what the first lacks
font_manager.fontManager.addfont(
    Path(__file__).parents[2] / "fonts" / "NotoSansKR-Regular-subset.ttf"
)


@contextmanager
def speaking(figure: Figure, language: str) -> Iterator[None]:
    """Have a Matplotlib figure say everything in a language while the block lasts."""
    if language == translation.LANGUAGES[0]:
        yield
        return
    with ExitStack() as undo:
        undo.enter_context(matplotlib.rc_context({"font.family": FONTS}))
        for text in figure.findobj(Text):
            undo.callback(text.set_fontfamily, text.get_fontfamily())
            undo.callback(text.set_text, text.get_text())
            text.set_fontfamily(FONTS)
            text.set_text(_lines(text.get_text(), language))
        for axes in figure.axes:
            for side in (axes.xaxis, axes.yaxis):
                named = side.get_major_formatter()
                # Names of places on an axis are written anew whenever it is drawn.
                if isinstance(named, FuncFormatter):
                    undo.callback(side.set_major_formatter, named)
                    side.set_major_formatter(_in_language(named, language))
        yield


def _in_language(named, language):
    return FuncFormatter(lambda value, place=None: _lines(str(named(value, place)), language))


def _lines(text, language):
    """Return a label in a language: as a whole where that is known, else line by line.

    Parts of a line that stand far apart are labels of their own, too.
    """
    whole = translation.translated(text, language)
    if whole != text:
        return whole
    for between in ("\n", "     "):
        if between in text:
            return between.join(_lines(part, language) for part in text.split(between))
    return text
