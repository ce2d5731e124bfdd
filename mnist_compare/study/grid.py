"""Which runs the chapters need, each as (model, ``Protocol``, seed)."""

from mnist_compare.networks import COMPARED, NETWORKS, SERVED, SIZES, STUDIED
from mnist_compare.place import here
from mnist_compare.protocols import CLOTHES, FAIR, SAMPLES, SOURCE, Protocol
from mnist_compare.reader.recipes import RECIPES, REPEATED, TRIALS
from mnist_compare.records.tables import by_name

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
        *((model, FAIR, seed) for seed in seeds(FEW) for model in COMPARED),
        *((model, SOURCE, 0) for model in COMPARED),
    ]


def evidence(count=SEEDS):
    """Return the runs that the chapter on evidence needs.

    These are both networks, and those of equal size, on all and on fewer digits, from ``count``
    seeds and, from at most five of them, the other sizes.
    """
    few, samples = seeds(min(count, FEW)), SAMPLES[: here().scale.samples]
    return [
        *((model, FAIR, seed) for seed in seeds(count) for model in STUDIED),
        *((model, FAIR, seed) for seed in few for model in SIZES if model not in STUDIED),
        *((m, sample, seed) for seed in seeds(count) for sample in samples for m in STUDIED),
    ]


def clothes(count=SEEDS):
    """Return the runs that the chapter on clothes needs.

    These are both networks from ``count`` seeds and those of equal size from at most five of them.
    """
    few = seeds(min(count, FEW))
    return [
        *((model, CLOTHES, seed) for seed in seeds(count) for model in COMPARED),
        *((m, CLOTHES, s) for s in few for m in STUDIED if m not in COMPARED),
    ]


def steps(count=FEW):
    """Return the runs that the chapter on the reader needs, from at most ``count`` seeds."""
    most = dict.fromkeys(RECIPES, FEWER) | dict.fromkeys(TRIALS, ONE) | {REPEATED: FEW}
    most = {(model, Protocol(recipe=name)): count for (model, name), count in most.items()}
    most |= {(model, NETWORKS[model].protocol): FEW for model in SERVED}
    wanted = [(*key, seed) for key in most for seed in seeds(min(count, most[key]))]
    return sorted(wanted, key=by_name)
