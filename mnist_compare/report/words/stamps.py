"""Numbers in prose: stamped into Markdown from the records, and shown plainly by every viewer.

``It reads <!--{accuracy:.2%}-->98.62%<!--/--> of the digits.`` is shown as “It reads 98.62% of the
digits.” Between the braces stands what an f-string would hold there, in the names of the chapter. A
stamp that is true or false asserts its sentence: it shows nothing as long as it is true.
"""

import re

from mnist_compare.report.words import sentences, translation
from mnist_compare.statistics import VERDICTS

_STAMP = re.compile(r"<!--\{(?P<source>.+?)\}-->(?P<shown>.*?)<!--/-->", re.DOTALL)
_VERDICT = re.compile(rf"([\w.\[\]]+)\.(?:{'|'.join(VERDICTS)})")
UNSUPPORTED = " **(The records do not support this sentence any more.)**"


def fill(text, names, language="en"):
    """Return a text with its stamps filled from ``names``, and a line for each claim that fails.

    The line has the sentence, what it asserts and, where that is a verdict, which there is now.

    Raises ValueError, with the stamp, for one that cannot be evaluated.
    """
    names = {name: sentences.into(value, language) for name, value in names.items()}

    def filled(stamp):
        source = stamp["source"]
        try:
            shown = eval(f'f"""{{{source}}}"""', {}, names)
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            raise ValueError(f"{{{source}}} has no value ({reason})") from error
        shown = {"True": "", "False": UNSUPPORTED}.get(shown, shown)
        return f"<!--{{{source}}}-->{translation.units(shown, language)}<!--/-->"

    text = _STAMP.sub(filled, text)
    marked = [stamp for stamp in _STAMP.finditer(text) if stamp["shown"] == UNSUPPORTED]
    return text, [_failed(text[: stamp.start()], stamp["source"], names) for stamp in marked]


def _failed(before, source, names):
    sentence = re.split(r"(?<=[.?!])\s+", plain(before))[-1]
    failed = f"“{sentence}” asserts {source}"
    if one := _VERDICT.fullmatch(source):
        failed += f", the records say {eval(one[1], {}, names).verdict}"
    return failed


def template(text):
    """Return a text with its stamps as ``{…}``, as catalogues have it."""
    return _STAMP.sub(r"{\g<source>}", text)


def stamped(template, text):
    """Return a template with stamps, not filled, for what it names of the stamps of a text.

    Its formats may be others.
    """
    named = {stamp["source"].partition(":")[0] for stamp in _STAMP.finditer(text)}
    for name in named:
        place = re.compile(rf"\{{({re.escape(name)}(?::[^{{}}]*)?)\}}")
        template = place.sub(r"<!--{\1}--><!--/-->", template)
    return template


def without(text):
    """Return a text with the stamps and what they show taken out."""
    return _STAMP.sub("", text)


def plain(text):
    """Return a text with what its stamps show, and without the stamps."""
    return _STAMP.sub(r"\g<shown>", text)
