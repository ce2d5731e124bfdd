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
    assert stamps.template(filled) == f"So: {{{source}}} $\\frac{{1}}{{2}}$"


def test_a_sentence_that_the_records_do_not_support_is_marked_until_they_do():
    text = "Be brief. It is ahead.<!--{lead.supported}--><!--/-->"
    marked, untrue = stamps.fill(text, NAMES)
    claim = "“It is ahead.” asserts lead.supported, the records say undecided"
    assert untrue == [claim]
    assert stamps.plain(marked).startswith("Be brief. It is ahead. **(The records do not support")
    clear = NAMES | {"lead": estimate([0.1, 0.1, 0.11])}
    assert stamps.fill(marked, clear) == (text, [])


def test_in_another_language_formats_and_words_are_others():
    english = "Under <!--{better:; that }-->…<!--/-->, by <!--{gap:.2p}-->…<!--/-->."
    korean = stamps.stamped("{gap:.2p}, {better:; }, {other}, $\\{better\\}$", english)
    filled, _ = stamps.fill(korean, NAMES, "ko")
    assert stamps.plain(filled) == "1.21%p, 평행 이동; 흐림, {other}, $\\{better\\}$"


@pytest.mark.parametrize("source", ["unknown", "gap:q", "gap +", "better.none"])
def test_a_stamp_without_a_value_is_named(source):
    with pytest.raises(ValueError, match=r"\{.*\} has no value \(\w+: "):
        stamps.fill(f"<!--{{{source}}}--><!--/-->", NAMES)
