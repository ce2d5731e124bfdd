"""Korean particles, whose form depends on the last sound of the word before them."""

import re

_PAIR = re.compile(r"(\w)([\"'`*)”’]*)(은/는|이/가|을/를|과/와|와/과)")
_FIRST_AND_LAST = ord("가"), ord("힣")
_ENDINGS = 28  # of a syllable, the first of them none
# Digits and letters whose Korean names end in a consonant; of words, those that mostly do.
_CLOSED = frozenset("013678LMNR" + "bcgklmnpt")


def chosen(text: str) -> str:
    """Return a text with one of two particles where both are given, as in “{word}은/는”."""
    return _PAIR.sub(lambda found: found[1] + found[2] + _fitting(found[1], found[3]), text)


def closed(letter: str) -> bool:
    """Return whether a syllable, a digit or a letter is spoken with a consonant at its end."""
    first, last = _FIRST_AND_LAST
    if first <= ord(letter) <= last:
        return (ord(letter) - first) % _ENDINGS > 0
    return letter in _CLOSED


def _fitting(letter, pair):
    after_a_consonant, after_a_vowel = sorted(pair.split("/"), key="은이을과는가를와".index)
    return after_a_consonant if closed(letter) else after_a_vowel
