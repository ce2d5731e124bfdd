"""The font for Korean: a page brings those syllables of it that the page uses."""

import io
import re
from pathlib import Path

from mnist_compare.page.parts import FONTS

WEIGHTS = {"normal": "NotoSerifKR-Regular-subset.woff2", "bold": "NotoSerifKR-Bold-subset.woff2"}
SYLLABLES = re.compile("[\N{HANGUL SYLLABLE GA}-\N{HANGUL SYLLABLE HIH}]")


def styles(page, address):
    """Return a style sheet for the syllables of a page, as a font in two weights.

    ``address(content, suffix)`` is where the fonts are. It is empty for a page without any.
    """
    used = "".join(sorted({*SYLLABLES.findall(page)}))
    if not used:
        return ""
    return "\n".join(
        f'@font-face {{ font-family: "Report Hangul"; font-weight: {weight}; font-display: swap; '
        f'src: url("{address(_reduced(FONTS / file, used), "woff2")}"); }}'
        for weight, file in WEIGHTS.items()
    )


def unpack(folder: Path):
    """Write the font into a folder as TrueType, which Typst needs."""
    from fontTools.ttLib import TTFont

    for file in WEIGHTS.values():
        font = TTFont(FONTS / file, recalcTimestamp=False)
        font.flavor = None
        font.save(folder / Path(file).with_suffix(".ttf"))


def _reduced(path, letters):
    """Return a font, cut down to some letters, as WOFF2."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    # With the time of its making, the same page would be another one each time.
    font, cut = TTFont(path, recalcTimestamp=False), subset.Subsetter()
    cut.populate(text=letters)
    cut.subset(font)
    written = io.BytesIO()
    font.save(written)
    return written.getvalue()
