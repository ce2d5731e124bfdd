"""How the steps towards the reader are trained: what each of them adds to the step before.

A run is known by (model, recipe, seed): the name of its recipe takes the place of a protocol. The
last step is the reader's own, ``("reader", "schedule")``. Every recipe trains on the 54,000 digits
of the fair protocol.
"""

from dataclasses import dataclass, replace

EPOCHS = 4  # of the recipes before the last
CALM = 3  # epochs at the end of a schedule, with smaller changes
FORMS = ((1, 0.5), (4, 0.3), (7, 0.45), (9, 0.45))  # digits, and the shares given another form


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

    ``centred``: digits go through the demo's pipeline first. ``forms`` holds pairs of a digit and
    the share of it that is given the form of other hands; ``shown`` pairs of a digit and how often
    it is shown in an epoch, if not once. ``scribbles`` is the share of a batch that shows no digit;
    its target is a tenth for each digit. ``schedule``: AdamW with a rate that rises and then falls
    along a cosine, weights averaged over the steps, calmer changes in the last epochs, and a
    temperature that sets the confidence; otherwise Adam.
    """

    title: str
    model: str = "cnn"
    epochs: int = EPOCHS
    augmentation: Augmentation = NONE
    centred: bool = False
    forms: tuple = ()
    shown: tuple = ()
    scribbles: float = 0
    schedule: bool = False


def _steps():
    """Yield names and recipes; each adds one thing to the one before, the last also epochs."""
    recipe = Recipe("plain CNN")
    yield "plain", recipe
    for name, title, change in (
        ("shift", "plus shift", {"shift": 2}),
        ("rotation", "plus rotation", {"rotation": 25}),
        ("scale", "plus scale and aspect", {"scale": 0.12, "aspect": 0.15}),
        ("shear", "plus shear", {"shear": 0.2}),
        ("elastic", "plus elastic distortion", {"elastic": 1}),
        ("strokes", "plus stroke width", {"thinner": 0.25, "thicker": 0.4}),
        ("forms", "plus forms of other hands", {"forms": FORMS}),
        ("scribbles", "plus scribbles", {"scribbles": 0.07}),
        ("normalized", "plus BatchNormalization", {"model": "cnn_normalized"}),
        ("capacity", "plus capacity", {"model": "reader"}),
        ("schedule", "plus schedule: the reader", {"schedule": True, "epochs": 10}),
    ):
        of_digits = {key: value for key, value in change.items() if key in vars(NONE)}
        of_recipe = {key: value for key, value in change.items() if key not in of_digits}
        augmentation = replace(recipe.augmentation, **of_digits)
        recipe = replace(recipe, title=title, augmentation=augmentation, **of_recipe)
        yield name, recipe


STEPS = {(recipe.model, name): recipe for name, recipe in _steps()}
ASIDE = {  # tried as well: the demo's pipeline before training, and more or less of single digits
    ("cnn", "centred"): Recipe("digits through the pipeline", centred=True),
    ("cnn", "thinned"): Recipe("every 7th 8 left out", shown=((8, 6 / 7),)),
    ("cnn", "strengthened"): Recipe(
        "0, 6 and 9 shown twice, varied",
        shown=((0, 2), (6, 2), (9, 2)),
        augmentation=Augmentation(rotation=5, shift=1.4, scale=0.05),
    ),
}
RECIPES = STEPS | ASIDE
