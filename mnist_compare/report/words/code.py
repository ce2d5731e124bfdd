"""Python in the language of its notebook: its comments, and what it says and prints."""

import ast
import io
import re
import tokenize

from mnist_compare.report.words.translation import catalogue, key

CONTEXT = (
    "code"  # of such entries in a catalogue: elsewhere “shift” is a word, here it may be a key
)
_QUOTED = re.compile(r"""[fr]*("{3}|")(.*)\1""", re.DOTALL)
_TO_THE_SHELL = re.compile(r"^( *)(?:\w+ = )?[!%].*$", re.MULTILINE)
_SAYING = ("print", "say", "exit")


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
