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

    ``rotation``: degrees either way. ``shift``: pixels along either axis. ``scale`` and ``aspect``:
    natural logarithm of the factor of size, and of width over height. ``shear``: pixels per row.
    ``elastic``: pixels, standard deviation of a smooth random displacement (P. Simard et al., Best
    practices for convolutional neural networks, ICDAR 2003). ``thinner`` and ``thicker``: the
    shares of digits whose strokes are thinned and thickened.
    """

    rotation: float = 0
    shift: float = 0
    scale: float = 0
    aspect: float = 0
    shear: float = 0
    elastic: float = 0
    thinner: float = 0
    thicker: float = 0

    def calmer(self):
        """Halve every change except rotation: turned digits have to be seen up to the end."""
        halves = {name: limit / 2 for name, limit in vars(self).items()}
        return replace(self, **halves | {"rotation": self.rotation})


NONE = Augmentation()


@dataclass(frozen=True)
class Recipe:
    """How a model is trained.

    ``forms`` holds pairs of a digit and the share of it that is given the form of other hands, and
    is centred again if ``recentred``. ``scribbles`` is the share of a batch that shows no digit;
    its target is a tenth for each digit. Of these, ``turned`` is the share of digits that lie on
    their side or are mirrored.

    The optimizer is AdamW; its ``rate``, given at its highest, rises and then falls along a cosine;
    ``decay`` is that of the weights, ``averaging`` the momentum of their running mean, 0 for none,
    and ``calm`` the number of epochs at the end with smaller changes.
    """

    title: str
    model: str = "cnn"
    augmentation: Augmentation = NONE
    forms: tuple = ()
    recentred: bool = True
    scribbles: float = 0
    turned: float = 0
    epochs: int = 10
    rate: float = 3e-3
    decay: float = 1e-2
    averaging: float = 0.998
    calm: int = 3

    def but(self, title, **change):
        """Return this recipe under another title, with fields or limits of augmentation changed."""
        of_digits = {key: value for key, value in change.items() if key in vars(NONE)}
        of_recipe = {key: value for key, value in change.items() if key not in of_digits}
        augmentation = replace(self.augmentation, **of_digits)
        return replace(self, title=title, augmentation=augmentation, **of_recipe)


def _steps():
    """Yield names and recipes; each adds one thing to the one before."""
    recipe = Recipe("plain CNN")
    yield "plain", recipe
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
        yield name, recipe


def _by_key(recipes):
    """Return recipes, {name: recipe}, as {(model, name): recipe}."""
    return {(recipe.model, name): recipe for name, recipe in recipes.items()}


STEPS = _by_key(dict(_steps()))
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
