"""Which rate and schedule each network prefers, by its validation digits.

Tried are the rates of ``FIRST``, constant and falling along a cosine to zero, and further ones of
``RATES`` while the best lies at an end. Permuted pixels are a choice of their own, except for an
MLP, to which they are another naming of its inputs.
"""

from collections.abc import Iterable

import numpy as np

from mnist_compare.records import runs
from mnist_compare.records.frames import by_name
from mnist_compare.records.networks import STUDIED
from mnist_compare.records.protocols import Protocol

CHOICES = tuple(  # (model, whether pixels are permuted)
    (model, permuted)
    for model in STUDIED
    for permuted in (False, True)
    if not (permuted and model.startswith("mlp"))
)
RATES = (3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2)  # about three times the one before
FIRST = (3e-4, 1e-3, 3e-3)
SEEDS = 3
AS_GOOD = 1e-4  # of two recipes as close as this, in accuracy, the one with the lower rate is taken


def best(model: str, permuted: bool = False) -> Protocol:
    """Return the ``Protocol`` of the recipe that a network prefers, of those recorded for it."""
    accuracies = tried(model, permuted)
    good = max(accuracies.values()) - AS_GOOD
    close = [protocol for protocol, accuracy in accuracies.items() if accuracy >= good]
    return min(close, key=lambda protocol: (protocol.rate, -accuracies[protocol]))


def tried(model: str, permuted: bool = False) -> dict[Protocol, float]:
    """Return the mean validation accuracy after the last epoch of what was tried."""
    means = {}
    for protocol in recipes(RATES, permuted):
        recorded = [run for run in runs.read(model, protocol) if run.seed < SEEDS]
        if len(recorded) >= SEEDS:
            last = [run.rows[-1]["validation_accuracy"] for run in recorded]
            means[protocol] = float(np.mean(last))
    return means


def untried(model: str, permuted: bool = False) -> list[tuple]:
    """Return the runs, (model, ``Protocol``, seed), to train next; none once the choice is made."""
    rates = [*FIRST]
    if len(tried(model, permuted)) >= len(recipes(FIRST, permuted)):
        place = RATES.index(best(model, permuted).rate)
        rates += RATES[max(place - 1, 0) : place + 2]
    protocols = recipes(dict.fromkeys(rates), permuted)
    keys = [(model, protocol, seed) for protocol in protocols for seed in range(SEEDS)]
    recorded = {run.key for run in runs.read(model)}
    return [key for key in keys if by_name(key) not in recorded]


def recipes(rates: Iterable[float], permuted: bool = False) -> list[Protocol]:
    """Return a ``Protocol`` for each rate, constant and falling."""
    kinds = [(rate, cosine) for rate in rates for cosine in (False, True)]
    return [Protocol(permuted=permuted, rate=rate, cosine=cosine) for rate, cosine in kinds]
