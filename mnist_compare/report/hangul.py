"""Fonts for Korean: for a page the syllables that it uses, for paper files that typst reads."""

import base64
import io
import re
from pathlib import Path

from mnist_compare.front.parts import FONTS

WEIGHTS = {"normal": "NotoSerifKR-Regular-subset.woff2", "bold": "NotoSerifKR-Bold-subset.woff2"}
SYLLABLES = re.compile("[\N{HANGUL SYLLABLE GA}-\N{HANGUL SYLLABLE HIH}]")


def styles(page):
    """Return a style sheet that holds the syllables of a page, as a font in two weights."""
    used = sorted({*SYLLABLES.findall(page)})
    return "\n".join(
        f'@font-face {{ font-family: "Report Hangul"; font-weight: {weight}; '
        f'src: url("data:font/woff2;base64,{_reduced(FONTS / file, used)}"); }}'
        for weight, file in WEIGHTS.items()
    )


def for_paper(folder):
    """Write the fonts as TrueType into a folder, and return its path."""
    from fontTools.ttLib import TTFont

    for file in WEIGHTS.values():
        font = TTFont(FONTS / file)
        font.flavor = None
        font.save(Path(folder, file).with_suffix(".ttf"))
    return folder


def _reduced(path, syllables):
    """Return a font, cut down to some syllables, in base64."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    # With the time of its making, the same page would be another one each time.
    font, cut = TTFont(path, recalcTimestamp=False), subset.Subsetter()
    cut.populate(text="".join(syllables))
    cut.subset(font)
    written = io.BytesIO()
    font.save(written)
    return base64.b64encode(written.getvalue()).decode()
