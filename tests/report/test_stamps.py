"""Numbers stamped into prose, and sentences that assert what the records say."""

import pytest

from mnist_compare.report.words import stamps
from mnist_compare.report.words.sentences import Names
from mnist_compare.study.statistics import Number, estimate

NAMES = {
    "gap": Number(0.0121),
    "lead": estimate([0.01, 0.02, 0.03]),
    "better": Names(["shift", "blur"]),
    "none": Names(),
    "by": {"cnn": 7},
}


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("gap:.2p", "1.21 points"),
        ("lead:[+.1h]", "+2.0 [−0.5, +4.5]"),
        ("lead.n", "3"),
        ("better", "shift and blur"),
        ("better:; that ", "shift; that blur"),
        ('by["cnn"] + 1', "8"),
        ("320 / 542_230:.2%", "0.06%"),
        ("lead.undecided", ""),
    ],
)
def test_a_stamp_shows_what_an_f_string_would(source, shown):
    text = f"So: <!--{{{source}}}-->stale<!--/--> $\\frac{{1}}{{2}}$"
    filled, untrue = stamps.fill(text, NAMES)
    assert filled == f"So: <!--{{{source}}}-->{shown}<!--/--> $\\frac{{1}}{{2}}$"
    assert stamps.fill(filled, NAMES) == (filled, untrue) == (filled, [])
    assert stamps.plain(filled) == f"So: {shown} $\\frac{{1}}{{2}}$"


def test_a_sentence_that_the_records_do_not_support_is_marked_until_they_do():
    text = "Be brief. It is ahead.<!--{lead.supported}--><!--/-->"
    marked, untrue = stamps.fill(text, NAMES)
    claim = "“It is ahead.” asserts lead.supported, the records say undecided"
    assert untrue == [claim]
    assert stamps.plain(marked).startswith("Be brief. It is ahead. **(The records do not support")
    clear = NAMES | {"lead": estimate([0.1, 0.1, 0.11])}
    assert stamps.fill(marked, clear) == (text, [])


def test_in_another_language_formats_and_words_are_others():
    korean = "<!--{gap:.2p}--><!--/-->, <!--{better:; }--><!--/-->"
    filled, _ = stamps.fill(korean, NAMES, "ko")
    assert stamps.plain(filled) == "1.21%p, 평행 이동; 흐림"


@pytest.mark.parametrize(
    "source",
    [
        *("unknown", "gap:q", "gap +", "better.none", "gap:99999999", "gap:{gap}"),
        *("gap.__class__", "open('x', 'w')", "gap.hex()", "'x' * 999999999", "2 ** 99"),
        *("lambda: 1", "[x for x in better]", "(gap := 1)", "__import__('os')", "gap} {gap"),
    ],
)
def test_a_stamp_without_a_value_is_named(source):
    with pytest.raises(ValueError, match=r"\{.*\} has no value \(\w+: "):
        stamps.fill(f"<!--{{{source}}}--><!--/-->", NAMES)
