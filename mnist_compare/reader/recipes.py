"""How the reader is trained, and the steps that lead to it.

A run is known by (model, recipe, seed): the name of its recipe takes the place of a protocol. Every
recipe trains on the 54,000 digits of the fair protocol, for as many epochs and by the same schedule
as the reader, unless it says otherwise.
"""

from dataclasses import dataclass, replace

FORMS = ((1, 0.25), (4, 0.3), (7, 0.45), (9, 0.45))  # digits, and the shares given another form


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

    title: str
    model: str = "cnn"
    augmentation: Augmentation = NONE
    forms: tuple = ()  # pairs of a digit and the share of it that gets the form of other hands
    scribbles: float = 0  # share of a batch without a digit, whose target is a tenth for each
    turned: float = 0  # share of these that are digits on their side or mirrored
    epochs: int = 10
    rate: float = 3e-3  # at its highest: it rises and then falls along a cosine
    decay: float = 1e-2  # of the weights
    averaging: float = 0.998  # momentum of the weights' running mean
    calm: int = 3  # epochs at the end with smaller changes

    def but(self, title: str, **change) -> "Recipe":
        """Return this recipe under another title, with fields or limits of augmentation changed."""
        of_digits = {key: value for key, value in change.items() if key in vars(NONE)}
        of_recipe = {key: value for key, value in change.items() if key not in of_digits}
        augmentation = replace(self.augmentation, **of_digits)
        return replace(self, title=title, augmentation=augmentation, **of_recipe)


def _steps():
    """Return {(model, name): recipe}; each adds one thing to the one before."""
    recipe = Recipe("plain CNN")
    steps = {(recipe.model, "plain"): recipe}
    for name, title, change in (
        ("shift", "plus shift", {"shift": 2}),
        ("rotation", "plus rotation", {"rotation": 25}),
        ("scale", "plus scale and aspect", {"scale": 0.12, "aspect": 0.15}),
        ("shear", "plus shear", {"shear": 0.2}),
        ("elastic", "plus elastic distortion", {"elastic": 1}),
        ("strokes", "plus stroke width", {"thinner": 0.25, "thicker": 0.5}),
        ("forms", "plus forms of other hands", {"forms": FORMS}),
        ("scribbles", "plus scribbles", {"scribbles": 0.1, "turned": 0.5}),
        ("normalized", "plus BatchNormalization", {"model": "cnn_normalized"}),
        ("complete", "plus depth: the reader", {"model": "reader"}),
    ):
        recipe = recipe.but(title, **change)
        steps[recipe.model, name] = recipe
    return steps


STEPS = _steps()
NO_FORMS = ("reader", "no_forms")  # what the forms cost on MNIST's own digits
RECIPES = STEPS | {
    NO_FORMS: STEPS["reader", "complete"].but("without forms of other hands", forms=()),
    # How much of the reader is its recipe: an MLP as the last CNN of the steps.
    ("mlp", "scribbles"): STEPS["cnn", "scribbles"].but("an MLP instead", model="mlp"),
}
