"""Which runs the chapters need, each as (model, ``Protocol``, seed); train and measure them all."""

from collections.abc import Iterable
from itertools import chain, product
from pathlib import Path

import pandas as pd

from mnist_compare import data
from mnist_compare.findings import drawings as pen_drawn
from mnist_compare.findings import locality, nearness, others, probes, robustness
from mnist_compare.findings.estimates import LABELS_OF_CLOTHES
from mnist_compare.records import protocols
from mnist_compare.records.networks import COMPARED, NETWORKS, STUDIED
from mnist_compare.records.protocols import FAIR, SOURCE
from mnist_compare.study import trained
from mnist_compare.study.trained import FEW, seeds

KNOWN = (*STUDIED, "reader")


def main_job() -> list[tuple]:
    """Return the runs that a fresh report trains: both networks under both protocols."""
    return [*product(COMPARED, [FAIR], seeds(FEW)), *product(COMPARED, [SOURCE], [0])]


def study(
    names: Iterable[str] | None,
    data_set: str,
    count: int,
    drawings: Path | None,
    usps_file: Path | None,
) -> int:
    """Train and measure what has not been recorded yet; return how many runs the chapters need.

    ``names`` are the networks, all of ``KNOWN`` if there are none, ``count`` how many seeds there
    are of each at most. Pen-drawn digits and USPS are read where there are paths of them,
    ``drawings`` and ``usps_file``. Raises, before hours of training, ValueError or, for a file,
    FileNotFoundError.
    """
    names = names or KNOWN
    _check(names, data_set, count, drawings, usps_file)
    probes.begin()
    if data_set == "mnist":
        return _study_digits(names, count, drawings, usps_file)
    wanted = [key for key in _on_clothes(count) if key[0] in names]
    trained.train_missing(wanted)
    if not LABELS_OF_CLOTHES.path.exists():
        _, (_, labels) = data.load("fashion_mnist")
        LABELS_OF_CLOTHES.write(pd.DataFrame({"number": range(len(labels)), "label": labels}))
    return len(wanted)


def _check(names, data_set, count, drawings, usps_file):
    if unknown := set(names) - set(KNOWN):
        raise ValueError(f"There is no model {unknown.pop()!r}; choose among {', '.join(KNOWN)}.")
    trained.check_seeds(count)
    if data_set != "mnist" and (drawings or usps_file):
        raise ValueError("Drawings and USPS are for networks of mnist; leave their files out.")
    data.load(data_set)
    if drawings:
        pen_drawn.read_unipen(drawings)
    if usps_file:
        others.read_usps(usps_file)


def _study_digits(names, count, drawings, usps_file):
    wanted = [key for key in _on_digits(count) if key[0] in names]
    trained.train_missing(wanted)
    choices = [choice for choice in nearness.CHOICES if choice[0] in names]
    while untried := [*chain(*(nearness.untried_runs(*choice) for choice in choices))]:
        trained.train_missing(untried)
        wanted += untried
    preferred = [(model, nearness.best_recipe(model, permuted)) for model, permuted in choices]
    chosen = [(*key, seed) for key, seed in product(preferred, seeds(count))]
    if "cnn" in names:
        chosen += [(*key, seed) for key, seed in product(locality.trained(), seeds(count))]
    trained.train_missing(chosen)
    compared = [key for key in wanted if key[1] == FAIR]
    robustness.measure_missing(compared)
    readers = [key for key in wanted if key[0] == "reader"]
    if usps_file:
        served = [key for key in readers if key[2] == 0]  # as the demo has it
        others.measure_missing(usps_file, [*compared, *served])
    if drawings:
        few = [key for key in compared if key[2] < FEW]
        pen_drawn.measure_missing(drawings, [*few, *readers])
    return len({*wanted, *chosen})


def _on_digits(count):
    """Return the runs of the chapters on digits, before a recipe is chosen, from so many seeds.

    These are the networks of equal size, the convolutional ones also with permuted pixels, both
    networks by the source's protocol, and the reader.
    """
    convolutional = [model for model in STUDIED if model.startswith("cnn")]
    return [
        *product(STUDIED, [FAIR], seeds(count)),
        *product(convolutional, [protocols.PERMUTED], seeds(count)),
        *product(COMPARED, [SOURCE], seeds(count)),
        *product(STUDIED, protocols.SAMPLES, seeds(count)),
        *product(["cnn"], protocols.PERMUTED_SAMPLES, seeds(count)),
        *product(["reader"], [NETWORKS["reader"].protocol], seeds(count, FEW)),
    ]


def _on_clothes(count):
    """Return the runs on clothes, as they are and, of the CNN, with permuted pixels."""
    ways = [*product(STUDIED, [protocols.CLOTHES]), ("cnn", protocols.PERMUTED_CLOTHES)]
    return [(*way, seed) for way, seed in product(ways, seeds(count))]
