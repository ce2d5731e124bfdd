"""Stand in for Colab: run files as cells of one IPython shell that finds only what Colab brings.

``python colab.py FILE…`` stops at the first cell that fails, as "run all" does. What Colab lacks
comes into sight when the file at ``$PIP_WAS_ASKED`` names it.
"""

import importlib.metadata
import os
import re
import sys
import types
from importlib.machinery import PathFinder
from pathlib import Path

from IPython.core.interactiveshell import InteractiveShell
from packaging.requirements import Requirement

BROUGHT = {
    "tensorflow", "keras", "numpy", "scipy", "pandas", "pillow", "matplotlib", "scikit-learn",
    "gradio", "nbconvert", "ipython", "ipykernel", "packaging", "pip", "setuptools", "pytest",
}  # fmt: skip
TOO_OLD = {"gradio": "6.24.0"}


def plain(name):
    return re.sub("[-_.]+", "-", name).lower()


def with_what_they_need(names):
    """Add to distributions all that they depend on."""
    found, left = set(), list(names)
    while left:
        name = plain(left.pop())
        if name in found:
            continue
        found.add(name)
        try:
            needs = map(Requirement, importlib.metadata.requires(name) or [])
        except importlib.metadata.PackageNotFoundError:  # for another system or Python
            continue
        left += [
            need.name for need in needs if not need.marker or need.marker.evaluate({"extra": ""})
        ]
    return found


def installed():
    asked = Path(os.environ["PIP_WAS_ASKED"])
    return set(asked.read_text().split()) if asked.exists() else set()


class OnlyColab(PathFinder):
    """Find modules and distributions as Python does, except what Colab lacks."""

    there = with_what_they_need(BROUGHT)
    comes_from = importlib.metadata.packages_distributions()

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        sources = {plain(source) for source in cls.comes_from.get(name.partition(".")[0], ())}
        lacked = sources - cls.there - installed() - {"mnist-compare"}  # which is under test
        if lacked and lacked == sources:
            return None
        return super().find_spec(name, path, target)

    @classmethod
    def find_distributions(cls, *context):
        for found in PathFinder.find_distributions(*context):
            name = plain(found.name)
            if name in TOO_OLD and name not in installed():
                yield types.SimpleNamespace(name=name, version=TOO_OLD[name])
            elif name in cls.there | installed():
                yield found


if __name__ == "__main__":
    sys.meta_path[sys.meta_path.index(PathFinder)] = OnlyColab
    sys.path.pop(0)  # the folder of this file
    sys.modules["google.colab"] = types.ModuleType("google.colab")
    shell = InteractiveShell.instance(colors="NoColor")
    for cell in sys.argv[1:]:
        if not shell.run_cell(Path(cell).read_text()).success:
            sys.exit(1)
