"""What the trained networks answer to a drawing, how sure they are, and on which ink it rests."""

from dataclasses import dataclass

import numpy as np

from mnist_compare import predictor
from mnist_compare.networks import SERVED
from mnist_compare.preprocessing import SIDE, Preprocessed, preprocess

TILE = 4  # pixels a side; smaller ones cost the reader milliseconds and look no different
PLACES = np.eye((SIDE // TILE) ** 2).reshape(-1, SIDE // TILE, SIDE // TILE)
TILES = np.kron(PLACES, np.ones((1, TILE, TILE))).astype(bool)  # (49, 28, 28)
BATCH = 32  # a convolution's working memory for more digits than this leaves the processor's cache
FOR, AGAINST = np.array([98, 168, 250]), np.array([250, 106, 88])  # colours of the ink


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

    def unsure(self, model: str) -> bool:
        """Tell whether the network is less sure of that digit than an answer asks for."""
        return self.confidence(model) < predictor.UNSURE_BELOW


def answer(drawing, models=SERVED, pipeline="center") -> Answer:
    """Return the answer of the named networks to a drawing, an array or a Pillow image."""
    preprocessed = preprocess(drawing, pipeline)
    names = () if preprocessed.blank else models
    probabilities = {name: predictor.load(name)(preprocessed.digit) for name in names}
    return Answer(preprocessed, probabilities)


def saliency(model, digit):
    """Return how much the ink at each pixel speaks for the model's answer, (28, 28) in −1 to 1.

    The digit is tiled, and one tile after the other is blacked out. Each tells how far the log odds
    of the answer fall without it, and that is shared by its pixels; the largest is scaled to 1.
    """
    tiles = TILES[(TILES & (digit > 0)).any(axis=(1, 2))]
    hidden = np.where(tiles, np.uint8(0), digit)
    batches = (hidden[start : start + BATCH] for start in range(0, len(hidden), BATCH))
    probabilities = model(digit)
    without = np.concatenate([model(batch) for batch in batches])
    label = probabilities.argmax()
    fall = _log_odds(probabilities, label) - _log_odds(without, label)
    share = np.where(digit > 0, np.tensordot(fall, tiles, 1), 0)
    return share / max(np.abs(share).max(), 1e-9)


def saliency_picture(model, digit):
    """Return the digit with its saliency in colour, (28, 28, 3) uint8: FOR, AGAINST, else grey."""
    share = saliency(model, digit)[..., None]
    tint = np.where(share > 0, FOR, AGAINST)
    strength = np.abs(share) ** 0.7  # so that middling values are seen as well
    ink = digit[..., None] / 255
    return np.rint(ink * (strength * tint + (1 - strength) * 120)).astype(np.uint8)


def _log_odds(probabilities, digit):
    others = np.delete(probabilities, digit, axis=-1).sum(axis=-1)
    return np.log(np.maximum(probabilities[..., digit], 1e-30) / np.maximum(others, 1e-30))
