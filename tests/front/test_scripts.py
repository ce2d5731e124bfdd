"""The scripts of a page, which are joined in order and share their names."""

import re

import pytest

from mnist_compare.front import pads, parts

NAME = r"[A-Za-z_]\w*"
GIVEN = re.compile(rf"^(?:async )?(?:function\*? |class |const |let )({NAME}|\[.+?\] =)", re.M)
BOUND = re.compile(  # a name or several, and those of parameters
    rf"(?:const|let) ({NAME}|\{{.+?\}} =|\[.+?\] =|\{{[^}}]+\}} of|\[[^\]]+\] of)"
    rf"|function\*? ({NAME}\(.*?\) \{{)"
    rf"|^ +(?:async )?\*?({NAME}\(.*\) \{{)$"
    rf"|\(([^()]*)\) =>|({NAME}) =>",
    re.M,
)
NO_NAMES = re.compile(r"//.*|\"[^\"\n]*\"|\.\.\.|\?\.\w+|\.\w+")


def names(texts):
    return {name for text in texts for name in re.findall(NAME, text)}


def gives(file):
    """Return the names that a script gives to those after it."""
    return names(GIVEN.findall(parts.text(file)))


def takes(file):
    """Return the names in a script that are not its own."""
    text = NO_NAMES.sub(" ", parts.text(file))
    return (
        names([text]) - names(part for match in BOUND.findall(text) for part in match) - gives(file)
    )


@pytest.mark.parametrize(
    "scripts", [(*pads.SCRIPTS, "page.js"), pads.WORKER], ids=["page", "worker"]
)
def test_a_script_takes_what_stands_before_it(scripts):
    for place, file in enumerate(scripts):
        for later in scripts[place + 1 :]:
            assert not takes(file) & gives(later), (file, later)
    assert any(takes(file) & gives(scripts[0]) for file in scripts[1:])


def test_what_computes_and_what_shows_do_not_reach_into_each_other():
    computing, showing = {*pads.WORKER}, {*pads.SCRIPTS, "page.js"}
    for files, others in ((computing, showing - computing), (showing, computing - showing)):
        for file, other in ((file, other) for file in files for other in others):
            assert not takes(file) & gives(other), (file, other)
