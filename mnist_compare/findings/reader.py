"""The reader: what it is trained on, and how well it reads test digits."""

import numpy as np
import pandas as pd

from mnist_compare.findings import estimates
from mnist_compare.reader.forms import Forms
from mnist_compare.reader.recipes import RECIPES, Augmentation
from mnist_compare.records import runs
from mnist_compare.records.networks import NETWORKS
from mnist_compare.study import statistics
from mnist_compare.study.statistics import Estimate

RECIPE = RECIPES["reader", "complete"]
LIMITS = RECIPE.augmentation
ONE_AT_A_TIME = {
    "shift": Augmentation(shift=LIMITS.shift),
    "rotation": Augmentation(rotation=LIMITS.rotation),
    "scale and aspect": Augmentation(scale=LIMITS.scale, aspect=LIMITS.aspect),
    "shear": Augmentation(shear=LIMITS.shear),
    "elastic distortion": Augmentation(elastic=LIMITS.elastic),
    "stroke width": Augmentation(thinner=0.5, thicker=0.5),  # of all digits, not of a share
}


def examples(digits: np.ndarray, labels: np.ndarray) -> dict[str, np.ndarray]:
    """Return {kind of change: changed digits (2, n, 28, 28) uint8}, the first kind unchanged.

    The first 1, 7, 9 and 4, changed twice by each kind of change alone.
    """
    from mnist_compare.reader.augmentation import augment  # it loads TensorFlow

    chosen = [np.flatnonzero(labels == digit)[0] for digit in (1, 7, 9, 4)]
    digits, labels = digits[chosen], labels[chosen]
    pictures = {"as they are": np.stack([digits, digits])}
    for name, how in ONE_AT_A_TIME.items():
        generator = np.random.default_rng(0)
        both = [255 * np.asarray(augment(digits, how, generator)) for _ in range(2)]
        pictures[name] = np.stack(both).round().astype(np.uint8)
    forms = Forms(digits, labels, dict.fromkeys(dict(RECIPE.forms), 1))
    generator = np.random.default_rng(0)
    pictures["forms of other hands"] = np.stack([forms(generator) for _ in range(2)])
    return pictures


class Reader:
    """The numbers of the chapter on the reader."""

    parameters = NETWORKS["reader"].parameters

    @property
    def minutes(self) -> Estimate:
        """Return how long a run took, as if all epochs were the median one: some were held up."""
        seconds = [pd.DataFrame(run.rows).seconds for run in runs.reported("reader")]
        return statistics.estimate([len(each) * each.median() / 60 for each in seconds])

    @property
    def test_accuracy(self) -> Estimate:
        """Return the share of the test digits that it reads after the last epoch."""
        protocol = NETWORKS["reader"].protocol
        return estimates.mean("reader", RECIPE.epochs, protocol=protocol, models=["reader"])
