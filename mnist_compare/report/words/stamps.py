"""Numbers in prose: stamped into Markdown from the records, and shown plainly by every viewer.

``It reads <!--{accuracy:.2%}-->98.62%<!--/--> of the digits.`` is shown as “It reads 98.62% of the
digits.” Between the braces stands what an f-string would hold there, in the names of the chapter. A
stamp that is true or false asserts its sentence: it shows nothing as long as it is true.
"""

import ast
import re
from collections.abc import Mapping

from mnist_compare.report.words import sentences, translation
from mnist_compare.study.statistics import VERDICTS, Number

_STAMP = re.compile(r"<!--\{(?P<source>.+?)\}-->(?P<shown>.*?)<!--/-->", re.DOTALL)
_VERDICT = re.compile(rf"([\w.\[\]]+)\.(?:{'|'.join(VERDICTS)})")
UNSUPPORTED = " **(The records do not support this sentence any more.)**"


def fill(text: str, names: Mapping, language: str = "en") -> tuple[str, list[str]]:
    """Return a text with its stamps filled from ``names``, and a line for each claim that fails.

    The line has the sentence, what it asserts and, where that is a verdict, which there is now.
    Raises ValueError, with the stamp, for one that cannot be evaluated.
    """

    def filled(stamp):
        source = stamp["source"]
        try:
            shown = _shown(source, names, language)
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            raise ValueError(f"{{{source}}} has no value ({reason})") from error
        shown = {"True": "", "False": UNSUPPORTED}.get(shown, shown)
        return f"<!--{{{source}}}-->{translation.units(shown, language)}<!--/-->"

    text = _STAMP.sub(filled, text)
    marked = [stamp for stamp in _STAMP.finditer(text) if stamp["shown"] == UNSUPPORTED]
    return text, [_failed(text[: stamp.start()], stamp["source"], names) for stamp in marked]


def _shown(source, names, language):
    """Return what an f-string would show for a source, words in a language."""
    field = ast.parse(f'f"""{{{source}}}"""', mode="eval").body.values[0]
    value = eval(compile(ast.Expression(field.value), "stamp", "eval"), {}, names)
    if isinstance(value, float):
        value = Number(value)
    specification = field.format_spec.values[0].value if field.format_spec else ""
    return format(sentences.into(value, language), specification)


def _failed(before, source, names):
    sentence = re.split(r"(?<=[.?!])\s+", plain(before))[-1]
    failed = f"“{sentence}” asserts {source}"
    if verdict := _VERDICT.fullmatch(source):
        failed += f", the records say {eval(verdict[1], {}, names).verdict}"
    return failed


def template(text: str) -> str:
    """Return a text with its stamps as ``{…}``, as catalogues have it."""
    return _STAMP.sub(r"{\g<source>}", text)


def stamped(template: str, text: str) -> str:
    """Return a template with empty stamps for what it names of a text's, in whatever format."""
    named = {stamp["source"].partition(":")[0] for stamp in _STAMP.finditer(text)}
    for name in named:
        place = re.compile(rf"\{{({re.escape(name)}(?::[^{{}}]*)?)\}}")
        template = place.sub(r"<!--{\1}--><!--/-->", template)
    return template


def plain(text: str) -> str:
    """Return a text with what its stamps show, and without the stamps."""
    return _STAMP.sub(r"\g<shown>", text)
