"""Numbers in prose: stamped into Markdown from the records, and shown plainly by every viewer.

``It reads <!--{accuracy:.2%}-->98.62%<!--/--> of the digits.`` is shown as “It reads 98.62% of the
digits.” Between the braces stands what an f-string would hold there: names, attributes, subscripts,
arithmetic, comparisons, ``and``, and a few functions. A stamp that is true or false asserts its
sentence: it shows nothing as long as it is true.
"""

import ast
import operator as op
import re
from collections.abc import Mapping

from mnist_compare.report.words import sentences, translation
from mnist_compare.study.statistics import VERDICTS, Number

_STAMP = re.compile(r"<!--\{(?P<source>.+?)\}-->(?P<shown>.*?)<!--/-->", re.DOTALL)
_VERDICT = re.compile(rf"([\w.\[\]]+)\.(?:{'|'.join(VERDICTS)})")
FUNCTIONS = {"bool": bool, "len": len, "set": set, "sum": sum}
OPERATORS = {
    ast.Add: op.add, ast.Sub: op.sub, ast.Mult: op.mul, ast.Div: op.truediv,
    ast.Eq: op.eq, ast.Lt: op.lt, ast.LtE: op.le, ast.Gt: op.gt, ast.GtE: op.ge,
}  # fmt: skip
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
    (field,) = ast.parse(f'f"""{{{source}}}"""', mode="eval").body.values
    value = _value(field.value, names)
    if isinstance(value, float):
        value = Number(value)
    form = "".join(part.value for part in field.format_spec.values) if field.format_spec else ""
    if re.search(r"\d{3}", form):
        raise ValueError("its format is too wide")
    return format(sentences.into(value, language), form)


def _value(node, names):
    """Return the value of an expression, of the few kinds that stamps need: none runs code."""
    match node:
        case ast.Constant():
            return node.value
        case ast.Name() if not node.id.startswith("_"):
            return names[node.id]
        case ast.Attribute() if not node.attr.startswith("_"):
            return _attribute(_value(node.value, names), node.attr)
        case ast.Subscript():
            return _value(node.value, names)[_value(node.slice, names)]
        case ast.Tuple():
            return tuple(_value(each, names) for each in node.elts)
        case ast.UnaryOp(op=ast.USub()):
            return -_value(node.operand, names)
        case ast.BoolOp(op=ast.And()):
            return all(_value(each, names) for each in node.values)
        case ast.Call(func=ast.Name(), keywords=[]):
            return FUNCTIONS[node.func.id](*(_value(each, names) for each in node.args))
        case ast.BinOp():
            one, other = _value(node.left, names), _value(node.right, names)
            if not isinstance(one, str):
                return OPERATORS[type(node.op)](one, other)
        case ast.Compare():
            values = [_value(each, names) for each in (node.left, *node.comparators)]
            compared = zip(node.ops, values, values[1:], strict=False)
            return all(OPERATORS[type(each)](one, other) for each, one, other in compared)
    raise ValueError("no stamp needs this")


def _attribute(finding, name):
    try:
        return getattr(finding, name)
    except KeyError as error:  # which would say that there is no such name
        raise LookupError(f"the records lack {error}; `study` measures what is new") from error


def _failed(before, source, names):
    sentence = re.split(r"(?<=[.?!])\s+", plain(before))[-1]
    failed = f"“{sentence}” asserts {source}"
    if verdict := _VERDICT.fullmatch(source):
        failed += (
            f", the records say {_value(ast.parse(verdict[1], mode='eval').body, names).verdict}"
        )
    return failed


def plain(text: str) -> str:
    """Return a text with what its stamps show, and without the stamps."""
    return _STAMP.sub(r"\g<shown>", text)
