"""Train and measure all that the chapters need, in turn."""

from collections.abc import Iterable
from pathlib import Path

from mnist_compare import data
from mnist_compare.findings import drawings as pen_drawn
from mnist_compare.findings import others, robustness
from mnist_compare.records.networks import STUDIED
from mnist_compare.records.protocols import FAIR
from mnist_compare.study import fashion, grid, rates, trained

KNOWN = (*STUDIED, "reader")


def check(names: Iterable[str], data_set: str, drawings: Path | None, usps_file: Path | None):
    """Raise what ``complete()`` would after hours: ValueError or, for a file, FileNotFoundError."""
    if unknown := set(names) - set(KNOWN):
        raise ValueError(f"There is no model {unknown.pop()!r}; choose among {', '.join(KNOWN)}.")
    data.load(data_set)
    if drawings:
        pen_drawn.check(drawings, data_set)
    if usps_file:
        others.read(usps_file)


def complete(names, data_set: str, seeds: int, drawings, usps_file) -> int:
    """Train and measure what has not been recorded yet; return how many runs the chapters need.

    ``names`` are the networks, from ``KNOWN``, ``seeds`` how many there are of each at most.
    Pen-drawn digits and USPS are read where there are paths of them, ``drawings`` and
    ``usps_file``.
    """
    if data_set == "mnist":
        return _digits(names, seeds, drawings, usps_file)
    wanted = [key for key in grid.clothes(seeds) if key[0] in names]
    trained.complete(wanted)
    fashion.complete()
    return len(wanted)


def _digits(names, seeds, drawings, usps_file):
    readers = grid.readers(seeds) if "reader" in names else []
    wanted = [key for key in grid.evidence(seeds) if key[0] in names]
    wanted += readers
    trained.complete(wanted)
    choices = [choice for choice in rates.CHOICES if choice[0] in names]
    while untried := [key for choice in choices for key in rates.untried(*choice)]:
        trained.complete(untried)
        wanted += untried
    chosen = grid.best(choices, seeds)
    trained.complete(chosen)
    compared = [key for key in wanted if key[1] == FAIR]
    robustness.complete(compared)
    if usps_file:
        served = [key for key in readers if key[2] == 0]  # as the demo has it
        others.complete(usps_file, [*compared, *served])
    if drawings:
        few = [key for key in compared if key[2] < grid.FEW]
        pen_drawn.complete(drawings, [*few, *readers])
    return len({*wanted, *chosen})
