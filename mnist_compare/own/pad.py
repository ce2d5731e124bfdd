"""Networks of one's own on the pad, where they answer beside those of the project."""

from collections.abc import Sequence
from pathlib import Path

from mnist_compare import predictor
from mnist_compare.data import CLASSES
from mnist_compare.own.checks import adapted, free_name, open_model, said_of
from mnist_compare.preprocessing import SIDE
from mnist_compare.records.networks import NETWORKS


def use(models: Sequence) -> tuple[str, ...]:
    """Let trained Keras models answer on the pad, and return the name of each.

    Names among them stay as they are. A model called like one of the project's answers in its
    place. Raises ValueError for one that does not read digits.
    """
    taken = [model for model in models if isinstance(model, str)]
    names: list[str] = []
    for model in models:
        if isinstance(model, str):
            names.append(model)
        else:
            names.append(free_name(model.name, [*taken, *names]))
            _use(model, names[-1], model.name)
    return tuple(names)


def use_files(paths: Sequence[str | Path]) -> tuple[str, ...]:
    """Let the trained Keras models of files answer on the pad; return the names of the files.

    A name has a number where it is taken. Raises FileNotFoundError where there is no file, and
    ValueError for one whose model does not read digits.
    """
    names: list[str] = []
    for path in paths:
        names.append(free_name(Path(path).stem, [*NETWORKS, *names]))
        _use(open_model(path), names[-1], path)
    return tuple(names)


def _use(model, name, called):
    with said_of(called):
        predictor.use(adapted(model, "brought", (SIDE, SIDE), CLASSES), name)
