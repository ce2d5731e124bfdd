"""The clone of the repository around the package: its notebooks, records and figures.

A package that is installed without its repository still reads drawings and trains networks.
"""

from pathlib import Path

from mnist_compare import REPOSITORY


def folder():
    """Return the folder of the clone; raises FileNotFoundError where only the package is there."""
    path = Path(__file__).parent.parent
    if not (path / "notebooks" / "01_data.ipynb").exists():
        raise FileNotFoundError(
            "This needs the repository, and only its package is installed here: "
            f"`git clone {REPOSITORY}`, then run `python -m mnist_compare` in that folder."
        )
    return path
