"""What the trained networks answer to a drawing, and how sure they are."""

from dataclasses import dataclass

import numpy as np

from mnist_compare import predictor
from mnist_compare.preprocessing import Preprocessed, preprocess
from mnist_compare.records.networks import SERVED


@dataclass(frozen=True)
class Answer:
    """The answer of each network to a drawing; ``probabilities`` is empty for a blank drawing."""

    preprocessed: Preprocessed
    probabilities: dict[str, np.ndarray]

    def digit(self, model: str) -> int:
        """Return the digit that the network holds most probable."""
        return int(self.probabilities[model].argmax())

    def confidence(self, model: str) -> float:
        """Return the probability of that digit."""
        return float(self.probabilities[model].max())


def answer(drawing, models=SERVED, pipeline="center") -> Answer:
    """Return the answer of the named networks to a drawing, an array or a Pillow image."""
    preprocessed = preprocess(drawing, pipeline)
    names = () if preprocessed.blank else models
    probabilities = {name: predictor.load(name)(preprocessed.digit) for name in names}
    return Answer(preprocessed, probabilities)
