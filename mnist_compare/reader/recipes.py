"""How the reader is trained.

A run is known by (model, recipe, seed): the name of its recipe takes the place of a protocol. A
recipe trains on the 54,000 digits of the fair protocol.
"""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Augmentation:
    """How far digits are changed at random, at most; zero leaves them alone.

    ``elastic`` is after P. Simard et al., Best practices for convolutional neural networks, 2003.
    """

    rotation: float = 0  # degrees either way
    shift: float = 0  # pixels along either axis
    scale: float = 0  # natural logarithm of the factor of size
    aspect: float = 0  # natural logarithm of the factor of width over height
    shear: float = 0  # pixels per row
    elastic: float = 0  # pixels, standard deviation of a smooth random displacement
    thinner: float = 0  # share of digits whose strokes are thinned
    thicker: float = 0  # share of digits whose strokes are thickened

    def calmer(self) -> "Augmentation":
        """Halve every change except rotation: turned digits have to be seen up to the end."""
        halves = {name: limit / 2 for name, limit in vars(self).items()}
        return replace(self, **halves | {"rotation": self.rotation})


NONE = Augmentation()


@dataclass(frozen=True)
class Recipe:
    """How a model is trained: on which pictures, and for how long by AdamW."""

    model: str
    augmentation: Augmentation = NONE
    forms: tuple = ()  # pairs of a digit and the share of it that gets the form of other hands
    scribbles: float = 0  # share of a batch without a digit, whose target is a tenth for each
    turned: float = 0  # share of these that are digits on their side or mirrored
    epochs: int = 10
    rate: float = 3e-3  # at its highest: it rises and then falls along a cosine
    decay: float = 1e-2  # of the weights
    averaging: float = 0.998  # momentum of the weights' running mean
    calm: int = 3  # epochs at the end with smaller changes


RECIPES = {
    ("reader", "complete"): Recipe(
        "reader",
        Augmentation(
            rotation=25, shift=2, scale=0.12, aspect=0.15, shear=0.2, elastic=1,
            thinner=0.25, thicker=0.5,
        ),
        forms=((1, 0.25), (4, 0.3), (7, 0.45), (9, 0.45)),
        scribbles=0.1,
        turned=0.5,
    )
}  # fmt: skip
