"""How the reader is trained, the steps that lead to it, and its parts left out.

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
    recentred: bool = True  # whether these are centred again
    scribbles: float = 0  # share of a batch without a digit, whose target is a tenth for each
    turned: float = 0  # share of these that are digits on their side or mirrored
    epochs: int = 10
    rate: float = 3e-3  # at its highest: it rises and then falls along a cosine
    decay: float = 1e-2  # of the weights
    averaging: float = 0.998  # momentum of the weights' running mean, 0 for none
    calm: int = 3  # epochs at the end with smaller changes

    def but(self, title: str, **change) -> "Recipe":
        """Return this recipe under another title, with fields or limits of augmentation changed."""
        of_digits = {key: value for key, value in change.items() if key in vars(NONE)}
        of_recipe = {key: value for key, value in change.items() if key not in of_digits}
        augmentation = replace(self.augmentation, **of_digits)
        return replace(self, title=title, augmentation=augmentation, **of_recipe)


def _steps():
    """Return {name: recipe}; each adds one thing to the one before."""
    recipe = Recipe("plain CNN")
    steps = {"plain": recipe}
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
        recipe = steps[name] = recipe.but(title, **change)
    return steps


def _by_key(recipes):
    return {(recipe.model, name): recipe for name, recipe in recipes.items()}


STEPS = _by_key(_steps())
READER = next(reversed(STEPS.values()))
WITHOUT = _by_key(  # the reader with one part left out
    {
        "no_elastic": READER.but("without elastic distortion", elastic=0),
        "no_strokes": READER.but("without stroke width", thinner=0, thicker=0),
        "no_forms": READER.but("without forms of other hands", forms=()),
        "no_recentring": READER.but("without centring the forms again", recentred=False),
        "no_scribbles": READER.but("without scribbles", scribbles=0),
        "no_normalization": READER.but("without BatchNormalization", model="reader_plain"),
        "no_averaging": READER.but("without averaged weights", averaging=0),
        "no_calm": READER.but("without a calm end", calm=0),
    }
)
LIKEWISE = {  # how much of the reader is its recipe: an MLP as the last CNN of the steps
    ("mlp", "scribbles"): STEPS["cnn", "scribbles"].but("an MLP instead", model="mlp"),
}
RECIPES = STEPS | WITHOUT | LIKEWISE
