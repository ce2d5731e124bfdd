"""Which runs the chapters need, each as (model, ``Protocol``, seed)."""

from collections.abc import Iterable
from itertools import product

from mnist_compare.records.networks import COMPARED, NETWORKS, STUDIED
from mnist_compare.records.protocols import (
    CLOTHES,
    FAIR,
    PERMUTED,
    PERMUTED_SAMPLES,
    SAMPLES,
    SOURCE,
)
from mnist_compare.study import rates

MOST = 1_000  # seeds of a study or comparison, which would take days
SEEDS = 20  # of whatever a verdict rests on
FEW = 5  # of networks of equal size on clothes, of drawings and of the reader


def check_seeds(count: int):
    """Raise ValueError for more seeds than anybody trains."""
    if count > MOST:
        raise ValueError(f"{count:,} seeds are too many; give at most {MOST:,}.")


def seeds(count: int, most: int = MOST) -> range:
    """Return the first ``count`` seeds, at most ``most``."""
    check_seeds(count)
    return range(min(count, most))


def main_job() -> list[tuple]:
    """Return the runs that a fresh report trains: both networks under both protocols."""
    return [*product(COMPARED, [FAIR], seeds(FEW)), *product(COMPARED, [SOURCE], [0])]


def evidence(count: int = SEEDS) -> list[tuple]:
    """Return the runs that the chapters on digits need, from ``count`` seeds.

    These are the networks of equal size, the convolutional ones also with permuted pixels, and both
    networks by the source's protocol.
    """
    convolutional = [model for model in STUDIED if model.startswith("cnn")]
    return [
        *product(STUDIED, [FAIR], seeds(count)),
        *product(convolutional, [PERMUTED], seeds(count)),
        *product(COMPARED, [SOURCE], seeds(count)),
        *product(STUDIED, SAMPLES, seeds(count)),
        *product(["cnn"], PERMUTED_SAMPLES, seeds(count)),
    ]


def best(choices: Iterable[tuple] = rates.CHOICES, count: int = SEEDS) -> list[tuple]:
    """Return the runs of each of ``choices``, (model, permuted), by the recipe that it prefers."""
    preferred = [(model, rates.best(model, permuted)) for model, permuted in choices]
    return [(*key, seed) for key in preferred for seed in seeds(count)]


def clothes(count: int = SEEDS) -> list[tuple]:
    """Return the runs that the chapter on clothes needs.

    These are both networks from ``count`` seeds and those of equal size from at most five of them.
    """
    others = [model for model in STUDIED if model not in COMPARED]
    return [
        *product(COMPARED, [CLOTHES], seeds(count)),
        *product(others, [CLOTHES], seeds(count, FEW)),
    ]


def readers(count: int = FEW) -> list[tuple]:
    """Return the runs of the reader, from at most five of ``count`` seeds."""
    return [("reader", NETWORKS["reader"].protocol, seed) for seed in seeds(count, FEW)]
