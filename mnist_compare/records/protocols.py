"""How a network is trained, as a value: on what, in which parts, by which recipe, how long."""

from dataclasses import dataclass, replace

EPOCHS = 10  # of the comparison; measured after the first five as well
RATE = 1e-3  # of Adam, as Keras has it and as the source report leaves it
KINDS = ("fair", "source")  # of splits


@dataclass(frozen=True)
class Protocol:
    """How a network is trained; raises ValueError for what cannot be.

    Split ``fair``: every network sees the first nine tenths of the training pictures in the same
    order and is validated on the others; training accuracy is that on the nine tenths. ``source``
    follows the source report: the MLP trains likewise, but its training accuracy is that on all;
    the CNN trains on all and is validated on the test digits.
    """

    data: str = "mnist"  # the name of a data set
    split: str = "fair"
    digits: int | None = None  # taken of what trains, shown repeatedly in an epoch if they are few
    recipe: str = ""  # of ``reader.recipes``, which then says all else
    epochs: int = EPOCHS
    permuted: int = 0  # side of the squares of pixels that are shuffled, in an order of each seed
    rate: float = RATE  # with this, and without ``cosine``, a network keeps its own optimizer
    cosine: bool = False  # the rate falls along a cosine to zero over the epochs

    def __post_init__(self):
        if self.split not in KINDS:
            raise ValueError(f"There is no split {self.split!r}; choose one of {', '.join(KINDS)}.")
        if self.epochs < 1:
            raise ValueError(f"epochs must be 1 or more, not {self.epochs}.")
        if not self.rate > 0:
            raise ValueError(f"rate must be above 0, not {self.rate}.")

    def __str__(self):  # the name that records have for it
        if self.recipe:
            return self.recipe
        is_named = {
            self.data: self.data != "mnist",
            self.split: self.split != "fair",
            f"{self.digits}_digits": self.digits,
            "permuted": self.permuted == 1,
            f"permuted in squares of {self.permuted}": self.permuted > 1,
            f"rate {self.rate:g}": self.rate != RATE,
            "cosine": self.cosine,
            f"{self.epochs} epoch{'s' * (self.epochs > 1)}": self.epochs != EPOCHS,
        }
        return ", ".join(name for name, is_so in is_named.items() if is_so) or "fair"

    @property
    def kind(self) -> str:
        """Return the name, without the epochs where a shorter run is how a longer one begins."""
        return str(self if self.cosine else replace(self, epochs=EPOCHS))

    @property
    def sets_rate(self) -> bool:
        """Return whether the rate is another than the one that networks are compiled with."""
        return self.cosine or self.rate != RATE


FAIR, SOURCE = Protocol(), Protocol(split="source")
PERMUTED = Protocol(permuted=1)
CLOTHES = Protocol(data="fashion_mnist")
PERMUTED_CLOTHES = replace(CLOTHES, permuted=1)
SAMPLES = tuple(Protocol(digits=count) for count in (100, 300, 1_000, 3_000, 10_000))
PERMUTED_SAMPLES = tuple(replace(sample, permuted=1) for sample in SAMPLES)
