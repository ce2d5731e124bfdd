"""What of nearness it is: at which distance it matters, and by which part of the CNN's form.

Squares of pixels are shuffled, whole inside; and in networks that change one thing of the CNN, all
pixels are. Every network has the recipe that was chosen for the CNN, as given and permuted alike.
"""

from dataclasses import replace
from itertools import product

from mnist_compare.findings import nearness
from mnist_compare.records.protocols import Protocol

DIGITS = 3_000  # to train on
SIDES = (1, 2, 4, 7, 14, 28)  # of the squares; at 28 the picture is as given
FORMS = ("cnn_stride", "cnn_unshared", "cnn_frozen", "cnn_shuffled")


def protocol(permuted: int = 0, digits: int | None = DIGITS) -> Protocol:
    """Return the ``Protocol`` of the networks of this finding."""
    return replace(nearness.best_recipe("cnn"), digits=digits, permuted=permuted)


def trained() -> list[tuple[str, Protocol]]:
    """Return which networks are trained, by which protocol."""
    squares = [protocol(side % 28) for side in SIDES]
    forms = product(FORMS, [protocol(), protocol(1)])
    large = product(FORMS[:1], [protocol(digits=None), protocol(1, digits=None)])
    return [*product(["cnn"], squares), ("mlp", protocol()), *large, *forms]
