"""Which runs the chapters need, each as (model, protocol, seed)."""

from mnist_compare.data import SAMPLES
from mnist_compare.networks import COMPARED, NETWORKS, SERVED, SIZES, STUDIED
from mnist_compare.reader.recipes import RECIPES, REPEATED, TRIALS
from mnist_compare.records.place import here

MOST = 1_000  # seeds of a study or comparison, which would take days
SEEDS = 20  # of the two networks of the comparison, and of those of equal size on digits
FEW = 5  # of other sizes of network or training set, of robustness and of the reader
FEWER = 3  # of each step towards the reader, and without each of its parts
ONE = 1  # of each trial beyond the reader


def check_seeds(count):
    """Raise ValueError for more seeds than anybody trains."""
    if count > MOST:
        raise ValueError(f"{count:,} seeds are too many; give at most {MOST:,}.")


def seeds(count):
    """Return the first ``count`` seeds, or as many as tests need; at most ``MOST``."""
    check_seeds(count)
    return range(count)[: here().scale.seeds]


def main_job():
    """Return the runs that a fresh report trains: both networks under both protocols."""
    return [
        *((model, "fair", seed) for seed in seeds(FEW) for model in COMPARED),
        *((model, "source", 0) for model in COMPARED),
    ]


def evidence(count=SEEDS):
    """Return the runs that the chapter on evidence needs.

    These are both networks, and those of equal size, on all and on fewer digits, from ``count``
    seeds and, from at most five of them, the other sizes.
    """
    few, samples = seeds(min(count, FEW)), list(SAMPLES)[: here().scale.samples]
    return [
        *((model, "fair", seed) for seed in seeds(count) for model in STUDIED),
        *((model, "fair", seed) for seed in few for model in SIZES if model not in STUDIED),
        *((m, sample, seed) for seed in seeds(count) for sample in samples for m in STUDIED),
    ]


def clothes(count=SEEDS):
    """Return the runs that the chapter on clothes needs.

    These are both networks from ``count`` seeds and those of equal size from at most five of them.
    """
    few = seeds(min(count, FEW))
    return [
        *((model, "fashion_mnist", seed) for seed in seeds(count) for model in COMPARED),
        *((m, "fashion_mnist", s) for s in few for m in STUDIED if m not in COMPARED),
    ]


def steps(count=FEW):
    """Return the runs that the chapter on the reader needs, from at most ``count`` seeds."""
    served = [(model, NETWORKS[model].protocol) for model in SERVED]
    most = (
        dict.fromkeys(RECIPES, FEWER)
        | dict.fromkeys(TRIALS, ONE)
        | dict.fromkeys([*served, REPEATED], FEW)
    )
    return sorted((*key, seed) for key in most for seed in seeds(min(count, most[key])))
