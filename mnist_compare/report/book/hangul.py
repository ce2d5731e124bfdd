"""The font for Korean: a page brings those syllables of it that the page uses."""

import base64
import io
import re

from mnist_compare.front.parts import FONTS

WEIGHTS = {"normal": "NotoSerifKR-Regular-subset.ttf", "bold": "NotoSerifKR-Bold-subset.ttf"}
SYLLABLES = re.compile("[\N{HANGUL SYLLABLE GA}-\N{HANGUL SYLLABLE HIH}]")


def styles(page):
    """Return a style sheet that holds the syllables of a page, as a font in two weights.

    It is empty for a page without any.
    """
    used = "".join(sorted({*SYLLABLES.findall(page)}))
    if not used:
        return ""
    return "\n".join(
        f'@font-face {{ font-family: "Report Hangul"; font-weight: {weight}; '
        f'src: url("data:font/woff2;base64,{_reduced(FONTS / file, used)}"); }}'
        for weight, file in WEIGHTS.items()
    )


def _reduced(path, letters):
    """Return a font, cut down to some letters, as WOFF2 in base64."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    # With the time of its making, the same page would be another one each time.
    font, cut = TTFont(path, recalcTimestamp=False), subset.Subsetter()
    cut.populate(text=letters)
    cut.subset(font)
    font.flavor = "woff2"
    written = io.BytesIO()
    font.save(written)
    return base64.b64encode(written.getvalue()).decode()
