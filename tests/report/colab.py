"""Stand in for Colab: run files as cells of one IPython shell that finds only what Colab brings.

``python colab.py FILE…`` stops at the first cell that fails, as "run all" does. What Colab lacks of
requirements.txt comes into sight when the file at ``$PIP_WAS_ASKED`` names it.
"""

import os
import re
import sys
import types
from importlib.machinery import PathFinder
from importlib.metadata import packages_distributions
from pathlib import Path

from IPython.core.interactiveshell import InteractiveShell

BROUGHT = {
    "tensorflow", "keras", "numpy", "scipy", "pandas", "pillow", "matplotlib", "fonttools",
    "scikit-learn", "filelock", "h11", "h5py", "joblib", "rich",
    "gradio", "nbconvert", "nbformat", "nbclient", "ipykernel", "pytest", "setuptools",
}  # fmt: skip
TOO_OLD = {"gradio": "6.24.0"}
REQUIREMENTS = (Path(__file__).parents[2] / "requirements.txt").read_text()
NEEDED = {name.replace("_", "-") for name in re.findall(r"^[\w-]+", REQUIREMENTS, re.MULTILINE)}


def installed():
    asked = Path(os.environ["PIP_WAS_ASKED"])
    return set(asked.read_text().split()) if asked.exists() else set()


def out_of_sight(name):
    return re.sub("[-_.]+", "-", name).lower() in NEEDED - BROUGHT - installed()


class OnlyColab(PathFinder):
    """Find modules and distributions as Python does, except what Colab lacks."""

    comes_from = packages_distributions()

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        sources = cls.comes_from.get(name.partition(".")[0])
        if sources and all(map(out_of_sight, sources)):
            return None
        return super().find_spec(name, path, target)

    @classmethod
    def find_distributions(cls, *context):
        for found in PathFinder.find_distributions(*context):
            if found.name in TOO_OLD.keys() - installed():
                yield types.SimpleNamespace(name=found.name, version=TOO_OLD[found.name])
            elif not out_of_sight(found.name):
                yield found


if __name__ == "__main__":
    sys.meta_path[sys.meta_path.index(PathFinder)] = OnlyColab
    sys.path.pop(0)  # the folder of this file
    sys.modules["google.colab"] = types.ModuleType("google.colab")
    shell = InteractiveShell.instance(colors="NoColor")
    for cell in sys.argv[1:]:
        if not shell.run_cell(Path(cell).read_text()).success:
            sys.exit(1)
