"""Networks of one's own on the pad, where they answer beside those of the project."""

from pathlib import Path

from mnist_compare import predictor
from mnist_compare.data import CLASSES
from mnist_compare.networks import NETWORKS
from mnist_compare.own.checks import opened, reader, said_of
from mnist_compare.own.names import free
from mnist_compare.preprocessing import SIDE


def use(models):
    """Let trained Keras models answer on the pad, and return the name of each.

    ``models`` may contain names, which stay as they are. A model called like one of the project's
    answers in its place. Raises ValueError for one that does not read digits.
    """
    known, names = [each for each in models if isinstance(each, str)], []
    for model in models:
        if model not in known:
            model = _used(model, free(model.name, [*known, *names]), model.name)
        names.append(model)
    return tuple(names)


def use_files(paths):
    """Let the trained Keras models of files answer on the pad, each under the name of its file.

    Returns their names, which have a number where one is taken. Raises FileNotFoundError where
    there is no file, and ValueError for one whose model does not read digits.
    """
    names = []
    for path in map(Path, paths):
        names.append(_used(opened(path), free(path.stem, [*NETWORKS, *names]), path))
    return tuple(names)


def _used(model, name, called):
    with said_of(called):
        predictor.use(reader(model, "brought", (SIDE, SIDE), CLASSES), name)
    return name
