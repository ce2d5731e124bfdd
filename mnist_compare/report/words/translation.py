"""What the package shows, in another language: what each English text becomes, by its catalogue.

The keys of a catalogue, ``ko.po``, are English: a template with its {names} unfilled, a cell of a
table, a label in a figure. Where numbers change from one to the next, ``{}`` stands for each.
"""

import re
from functools import cache
from pathlib import Path

from mnist_compare.files import OF_THE_PACKAGE, readable

NAMES = {"en": "English", "ko": "한국어"}
LANGUAGES = tuple(NAMES)
LAST = "The last entry of this catalogue."  # whose lack tells that it was cut
_POINTS = re.compile(r"\d[\d.,]* points(?![A-Za-z])")
_MARKED = re.compile(r"(\*\*|\*|\[|\]\([^)]*\))")
_NUMBER = re.compile(r"[−+-]?\d(?:[\d,]*\d)?(?:\.\d+)?")
_TO_A_DOCUMENT = re.compile(r"\]\(((?:\.\./)+reports/[a-z]+)\.html")


@cache
def catalogue(language: str) -> dict[str, str]:
    """Return {English text: text} of a language, empty for English."""
    if language == "en":
        return {}
    import polib

    path = Path(__file__).with_name(f"{language}.po")
    with readable(path, OF_THE_PACKAGE):
        entries = polib.pofile(path.read_text("utf-8"))
        if entries[-1].msgid != LAST:  # polib takes half a file
            raise ValueError(f"it does not end with {LAST!r}")
    return {e.msgid: e.msgstr for e in entries if e.msgstr}


def key(text: str) -> str:
    """Return a text on one line, as catalogues have it."""
    return " ".join(text.split())


def numberless(text: str) -> str:
    """Return a text with ``{}`` for each of its numbers, as catalogues have it."""
    return _NUMBER.sub("{}", text)


def translated(text: str, language: str) -> str:
    """Return an English text in a language, or as it is where the catalogue lacks it.

    Looked up are the whole text, then the text with ``{}`` for its numbers, then its parts: what is
    emphasised or linked, and what stands between.
    """
    known = catalogue(language)
    if not known:
        return text
    if (whole := key(text)) in known:
        return known[whole]
    if pattern := known.get(numberless(whole)):
        return pattern.format(*_NUMBER.findall(whole))
    texts = _MARKED.split(text)  # in turn what is written and a mark
    if len(texts) == 1:
        return text
    texts[::2] = [_kept_apart(each, language) for each in texts[::2]]
    return "".join(texts)


def _kept_apart(part, language):
    """Return a part of a text in a language, within the spaces around it."""
    before, text, after = re.fullmatch(r"(\s*)(.*?)(\s*)", part, re.DOTALL).groups()
    return f"{before}{translated(text, language)}{after}"


def units(text: str, language: str) -> str:
    """Return a text in a language whose numbers are still in English units."""
    return _POINTS.sub(lambda found: translated(found[0], language), text)


def linked(text: str, language: str) -> str:
    """Return Markdown whose links to a document lead to it in a language, a folder further up."""
    return _TO_A_DOCUMENT.sub(rf"](../\1_{language}.html", text)
