"""What the trained models read in a drawing, how sure they are of it, and what they looked at."""

from dataclasses import dataclass

import numpy as np

from mnist_compare import predictor
from mnist_compare.preprocessing import Preprocessed, preprocess
from mnist_compare.runs import SERVED

# An answer of which a model is less sure is shown as a doubt, not as an answer. A convention, so
# that more than half of the probability speaks for the digit; it is not tuned on any data.
UNSURE_BELOW = 0.6

TILE = 4  # pixels a side; smaller ones cost the reader milliseconds and look no different
BATCH = 32  # a convolution's working memory for more digits than this leaves the processor's cache
FOR, AGAINST = np.array([64, 224, 176]), np.array([255, 92, 160])  # colours of the evidence


@dataclass(frozen=True)
class Answer:
    """What each model reads in a drawing; ``probabilities`` is empty for a blank drawing."""

    preprocessed: Preprocessed
    probabilities: dict[str, np.ndarray]

    def digit(self, model):
        """Return the digit that the model holds most probable."""
        return int(self.probabilities[model].argmax())

    def confidence(self, model):
        """Return the probability of that digit."""
        return float(self.probabilities[model].max())

    def unsure(self, model):
        """Tell whether the model is less sure of that digit than an answer asks for."""
        return self.confidence(model) < UNSURE_BELOW


def answer(drawing, models=SERVED, pipeline="center"):
    """Return the models' ``Answer`` to a drawing, given as an array or as a Pillow image."""
    seen = preprocess(drawing, pipeline)
    names = () if seen.blank else models
    return Answer(seen, {name: predictor.load(name)(seen.digit) for name in names})


def evidence(model, digit):
    """Return how much the ink at each pixel speaks for the model's answer, (28, 28) in −1 to 1.

    The digit is tiled, and one tile after the other is blacked out. Each tells how far the log odds
    of the answer fall without it, and that is shared by its pixels; the largest is scaled to 1.
    """
    starts = range(0, 28, TILE)
    tiles = [np.s_[y : y + TILE, x : x + TILE] for y in starts for x in starts]
    tiles = [tile for tile in tiles if digit[tile].any()]
    hidden = np.repeat(digit[None], len(tiles), axis=0)
    for picture, tile in zip(hidden, tiles, strict=True):
        picture[tile] = 0
    whole = model(digit)
    batches = (hidden[start : start + BATCH] for start in range(0, len(hidden), BATCH))
    fall = _log_odds(whole, whole.argmax())
    fall = fall - _log_odds(np.concatenate([model(each) for each in batches]), whole.argmax())
    spoken = np.zeros((28, 28))
    for tile, amount in zip(tiles, fall, strict=True):
        spoken[tile] = amount
    spoken[digit == 0] = 0
    return spoken / max(np.abs(spoken).max(), 1e-9)


def evidence_picture(model, digit):
    """Return the digit with its evidence in colour, (28, 28, 3) uint8: FOR, AGAINST, else grey."""
    spoken = evidence(model, digit)[..., None]
    tint = np.where(spoken > 0, FOR, AGAINST)
    strength = np.abs(spoken) ** 0.7  # so that middling evidence is seen as well
    ink = digit[..., None] / 255
    return np.rint(ink * (strength * tint + (1 - strength) * 120)).astype(np.uint8)


def _log_odds(probabilities, digit):
    others = np.delete(probabilities, digit, axis=-1).sum(axis=-1)
    return np.log(np.maximum(probabilities[..., digit], 1e-30) / np.maximum(others, 1e-30))
