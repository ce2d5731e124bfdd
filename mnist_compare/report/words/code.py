"""Python in the language of its notebook: its comments, and what it says and prints."""

import ast
import io
import re
import string
import tokenize
from collections.abc import Iterator
from functools import cache

from mnist_compare.report.words.translation import catalogue, has_words, key

CONTEXT = (
    "code"  # of such entries in a catalogue: elsewhere “shift” is a word, here it may be a key
)
_QUOTED = re.compile(r"""[fr]*("{3}|")(.*)\1""", re.DOTALL)
_TO_THE_SHELL = re.compile(r"^( *)(?:\w+ = )?[!%].*$", re.MULTILINE)
_SAYING = ("print", "say", "exit")


def texts(source: str) -> Iterator[str]:
    """Yield what Python says in English: comments, docstrings, what it prints or ends with."""
    for _, _, text, says in _found(source):
        if says and has_words(text):
            yield key(text)


def translated(source: str, language: str) -> str:
    """Return Python in a language: each comment and each string that its catalogue has for code.

    What ``say()`` is given is looked up as any other sentence. Raises SyntaxError.
    """
    for start, end, text, says in sorted(_found(source), reverse=True):
        known = catalogue(language) if says == "say" else catalogue(language, CONTEXT)
        if other := known.get(key(text)):
            around = "\n" if text.startswith("\n") else ""
            source = f"{source[:start]}{around}{other}{around}{source[end:]}"
    return source


def printed(text: str, language: str) -> str:
    """Return what Python printed in English as the same Python prints it in a language."""
    return "\n".join(_line(line, language) for line in text.split("\n"))


def _line(line, language):
    for pattern, order, other in _patterns(language):
        if found := pattern.fullmatch(line):
            return other.format(*(found[place + 1] for place in order))
    return line


@cache
def _patterns(language):
    """Return each template for what is printed as a pattern, and where its fields go in another."""
    found = []
    for english, other in catalogue(language, CONTEXT).items():
        here, there = (list(string.Formatter().parse(text)) for text in (english, other))
        names = [part[1:] for part in here if part[1] is not None]
        pattern = "".join(
            re.escape(text) + ("(.+?)" if name is not None else "") for text, name, *_ in here
        )
        order = [names.index(part[1:]) for part in there if part[1] is not None]
        plain = "".join(text + ("{}" if name is not None else "") for text, name, *_ in there)
        found.append((re.compile(pattern), order, plain))
    return found


def _found(source):
    """Yield where each comment and string of Python stands, its text, and what says it, if any."""
    lines = source.splitlines(keepends=True)
    starts = [sum(map(len, lines[:row])) for row in range(len(lines))]
    source = _TO_THE_SHELL.sub(lambda line: f"{line[1]}pass".ljust(len(line[0])), source)
    for kind, text, (row, column), *_ in tokenize.generate_tokens(io.StringIO(source).readline):
        if kind == tokenize.COMMENT and text.startswith("# "):
            start = starts[row - 1] + column
            yield start + 2, start + len(text), text[2:], "comment"
    tree = ast.parse(source)
    said = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            said |= dict.fromkeys(map(id, node.args), name) if name in _SAYING else {}
        elif isinstance(node, ast.FunctionDef) and ast.get_docstring(node):
            said[id(node.body[0].value)] = "docstring"
    inside = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in ast.walk(node)
        if part is not node
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr | ast.Constant) and id(node) not in inside:
            quoted = _QUOTED.fullmatch(ast.get_source_segment(source, node) or "")
            if quoted:
                before = len(lines[node.lineno - 1].encode()[: node.col_offset].decode())
                start = starts[node.lineno - 1] + before + quoted.start(2)
                yield start, start + len(quoted[2]), quoted[2], said.get(id(node), "")
