"""Names of networks and pictures of one's own: which are taken, and what becomes of the others.

Names that differ only in case count as equal, since on some machines their files are one.
"""

import re
import unicodedata
from itertools import chain, count

NAME = re.compile(r"[A-Za-z]\w{0,39}", re.ASCII)
LONGEST = 40  # characters


def check_name(name, ours):
    """Raise ValueError if a name cannot name a network of one's own, or is one of ``ours``."""
    if not NAME.fullmatch(name):
        raise ValueError(
            f"{printable(name)!r} cannot name a network: begin with a letter from A to Z, and use "
            f"only these, digits and _, {LONGEST} at most."
        )
    if name.casefold() in ours:
        raise ValueError(f"The name {name!r} is taken by a network of this project; give another.")


def check_names(names):
    """Raise ValueError for less than two names, or where two are equal."""
    if len(names) < 2:
        raise ValueError("Give at least two networks to compare.")
    folded = [name.casefold() for name in names]
    if twice := [name for name in names if folded.count(name.casefold()) > 1]:
        raise ValueError(f"Two networks are called {printable(twice[-1])!r}; rename one.")


def free(text, taken):
    """Return a text as one word that none of the names ``taken`` equals, with a number if needed.

    So ``cnn`` may become ``cnn_2``. The word is printable and of at most ``LONGEST`` characters.
    """
    word = re.sub(r"\s", "_", printable(text))[:LONGEST]
    known = {name.casefold() for name in taken}
    numbered = (f"{word}_{number}" for number in count(2))
    return next(each for each in chain([word], numbered) if each.casefold() not in known)


def printable(text):
    """Return a text, such as the name of a file, with _ for what cannot be printed."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(each if each.isprintable() else "_" for each in composed)
