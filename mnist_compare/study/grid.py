"""Which runs the chapters need, each as (model, ``Protocol``, seed)."""

from mnist_compare.networks import COMPARED, NETWORKS, SERVED, SIZES, STUDIED
from mnist_compare.place import here
from mnist_compare.protocols import CLOTHES, FAIR, PERMUTED, SAMPLES, SOURCE, SPLITS, Protocol
from mnist_compare.reader.recipes import RECIPES
from mnist_compare.records.frames import by_name
from mnist_compare.study import rates
from mnist_compare.study.rates import CHOICES

MOST = 1_000  # seeds of a study or comparison, which would take days
SEEDS = 20  # of whatever a verdict rests on
FEW = 5  # of networks of equal size on clothes, of drawings, of other splits and of the reader
FEWER = 3  # of each step towards the reader, and without each of its parts


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
    """Return the runs that the chapters on digits need, from ``count`` seeds.

    These are the networks compared by size on all digits, those of equal size on fewer and, the
    convolutional ones, with permuted pixels, both networks by the source's protocol and, from at
    most five seeds, by other splits into training and validation digits.
    """
    few, samples = seeds(min(count, FEW)), SAMPLES[: here().scale.samples]
    wanted = {(model, FAIR): seeds(count) for model in SIZES}
    wanted |= {(model, PERMUTED): seeds(count) for model in STUDIED if model.startswith("cnn")}
    wanted |= {(model, SOURCE): seeds(count) for model in COMPARED}
    wanted |= {(model, split): few for split in SPLITS for model in COMPARED}
    wanted |= {(model, sample): seeds(count) for sample in samples for model in STUDIED}
    return [(*key, seed) for key, of_key in wanted.items() for seed in of_key]


def best(choices=CHOICES, count=SEEDS):
    """Return the runs of each of ``choices``, (model, permuted), by the recipe that it prefers."""
    return [(m, rates.best(m, permuted), seed) for m, permuted in choices for seed in seeds(count)]


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
    most = dict.fromkeys(RECIPES, FEWER)
    most = {(model, Protocol(recipe=name)): count for (model, name), count in most.items()}
    most |= {(model, NETWORKS[model].protocol): FEW for model in SERVED}
    wanted = [(*key, seed) for key in most for seed in seeds(min(count, most[key]))]
    return sorted(wanted, key=by_name)
