"""Python in Korean: what it says is, what it does stays."""

import pytest

from mnist_compare.report.words import code, translation

PYTHON = '''\
why = !test -d x || unzip x
why and sys.exit(f"Bring it: {why.s}")
def twice(x):
    """Double it."""
    return x * 2  # by two; "shift" is a key


names = {"shift": "이 ä"}; print(f"{twice(3)!r} of {names['shift']:>4}", "shift")  # noqa: E702
say("It is {n}.", n=6)
'''
SPOKEN = {
    "Bring it: {why.s}": "가져오세요: {why.s}",
    "Double it.": "두 배로 만든다.",
    'by two; "shift" is a key': '두 배; "shift"는 키',
    "{twice(3)!r} of {names['shift']:>4}": "{names['shift']:>4} 중 {twice(3)!r}",
}


@pytest.fixture(autouse=True)
def catalogue(monkeypatch):
    """A catalogue with these texts of code, and with sentences and labels beside them."""
    known = {code.CONTEXT: SPOKEN, None: {"It is {n}.": "{n}입니다.", "shift": "평행 이동"}}
    monkeypatch.setattr(code, "catalogue", lambda language, context=None: known[context])


def test_comments_and_what_is_printed_are_translated_and_keys_stay():
    translated = PYTHON
    for english, korean in {**SPOKEN, "It is {n}.": "{n}입니다."}.items():
        translated = translated.replace(english, korean)
    assert code.translated(PYTHON, "ko") == translated


def test_strings_of_several_lines_keep_their_shape():
    source = 'say(\n    """\nIt is\n{n}.\n""",\n    n=6,\n)'
    assert code.translated(source, "ko") == 'say(\n    """\n{n}입니다.\n""",\n    n=6,\n)'


def test_code_is_of_no_language_that_has_no_catalogue():
    assert translation.catalogue("en", code.CONTEXT) == {}
