"""The networks of this project by name, to which a ``Place`` may add others."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from mnist_compare.models import build_cnn, build_mlp
from mnist_compare.records import variants
from mnist_compare.records.place import entered
from mnist_compare.records.protocols import FAIR, Protocol

ORANGE, BLUE, GREEN, RED = "#d9772b", "#26688f", "#2f7d4f", "#b3261e"


@dataclass(frozen=True)
class Network:
    """A network of this project, with its ``title`` and ``colour`` in tables and figures."""

    title: str
    build: Callable  # build(name=…) returns the compiled Keras model
    parameters: int  # their number
    colour: str
    protocol: Protocol = FAIR  # of its reported runs


NETWORKS = {
    "mlp": Network("MLP", build_mlp, 101_770, ORANGE),
    "cnn": Network("CNN", build_cnn, 542_230, BLUE),
    # The titles of variants give an MLP's hidden widths, a CNN's filters and hidden units.
    "mlp_682": Network("MLP 682", partial(build_mlp, 682), 542_200, ORANGE),
    "cnn_14_43": Network("CNN 14/43", partial(build_cnn, 14, 43), 102_361, BLUE),
    "cnn_stride": Network("CNN, stride 2", variants.build_strided, 542_230, BLUE),
    "cnn_unshared": Network("CNN, no sharing", variants.build_unshared, 596_071, BLUE),
    "cnn_frozen": Network("CNN, frozen kernels", variants.build_frozen, 542_230, BLUE),
    "cnn_shuffled": Network("CNN, shuffled maps", variants.build_shuffled, 542_906, BLUE),
    "reader": Network("Reader", variants.build_reader, 460_690, GREEN, Protocol(recipe="complete")),
}
COMPARED = ("mlp", "cnn")
# Pairs of an MLP and a CNN with equally many parameters, the larger pair first.
EQUAL_SIZE = (("mlp_682", "cnn"), ("mlp", "cnn_14_43"))
STUDIED = ("mlp", "cnn", "mlp_682", "cnn_14_43")  # from all seeds and on changed digits
SERVED = ("mlp", "cnn", "reader")  # by demo and predict, with the weights of seed 0; default last


def network_named(name: str) -> Network:
    """Return a ``Network`` by its name; raise ValueError, with the known names, for any other."""
    known = _known()
    if name not in known:
        raise ValueError(f"There is no model {name!r}; choose one of {', '.join(known)}.")
    return known[name]


def build(name: str):
    """Build the network called ``name``; raise ValueError as ``network_named()`` does."""
    network = network_named(name)
    model = network.build(name=name)
    assert model.count_params() == network.parameters
    return model


def title(name: str) -> str:
    """Return the title of a network, or its name if it is unknown."""
    return network_named(name).title if name in _known() else name


def colour(name: str) -> str:
    """Return the colour of a network, red if it is unknown."""
    return network_named(name).colour if name in _known() else RED


def _known():
    place = entered()
    return NETWORKS | place.networks if place else NETWORKS
