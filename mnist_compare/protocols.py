"""How a network is trained, as a value: on what, in which parts, by which recipe, how long."""

from dataclasses import dataclass, replace

EPOCHS = 10  # of the comparison; measured after the first five as well
SPLITS = ("fair", "source")


@dataclass(frozen=True)
class Protocol:
    """How a network is trained.

    ``data`` is the name of a data set. Split ``fair``: every network sees the first nine tenths of
    the training pictures in the same order and is validated on the others; training accuracy is
    that on the nine tenths. ``source`` follows the source report: the MLP trains likewise, but its
    training accuracy is that on all; the CNN trains on all and is validated on the test digits. Of
    what trains, only so many ``digits`` are taken, if given, the same for every network of a seed,
    and shown repeatedly in an epoch if they are few. If ``permuted``, the pixels of every picture
    are in another order, one for each seed. ``recipe`` names what ``reader.recipes`` holds, which
    then says all else.

    Raises ValueError for an unknown split and for fewer than one epoch.
    """

    data: str = "mnist"
    split: str = "fair"
    digits: int | None = None
    recipe: str = ""
    epochs: int = EPOCHS
    permuted: bool = False

    def __post_init__(self):
        """Check what nothing else checks."""
        if self.split not in SPLITS:
            raise ValueError(f"There is no split {self.split!r}; choose fair or source.")
        if self.epochs < 1:
            raise ValueError(f"epochs must be 1 or more, not {self.epochs}.")

    def __str__(self):
        """Return the name that records have for it."""
        if self.recipe:
            return self.recipe
        differs = {
            self.data: self.data != "mnist",
            self.split: self.split != "fair",
            f"{self.digits}_digits": self.digits,
            "permuted": self.permuted,
            f"{self.epochs} epochs": self.epochs != EPOCHS,
        }
        return ", ".join(name for name, is_so in differs.items() if is_so) or "fair"

    @property
    def kind(self):
        """Return the name without the epochs: a shorter run is the beginning of a longer one."""
        return str(replace(self, epochs=EPOCHS))


FAIR, SOURCE = Protocol(), Protocol(split="source")
CLOTHES = Protocol(data="fashion_mnist")
SAMPLES = tuple(Protocol(digits=count) for count in (100, 300, 1_000, 3_000, 10_000))
PROTOCOLS = {str(protocol): protocol for protocol in (FAIR, SOURCE, CLOTHES, *SAMPLES)}


def named(name):
    """Return the protocol of a name; raise ValueError, with the known names, for any other."""
    if name not in PROTOCOLS:
        raise ValueError(f"There is no protocol {name!r}; choose one of {', '.join(PROTOCOLS)}.")
    return PROTOCOLS[name]
