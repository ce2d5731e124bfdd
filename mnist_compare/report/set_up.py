"""Make a notebook ready, once the project is there: its set-up cell runs this module.

It goes into the project's folder, lets its package be imported, and installs what Colab lacks.
"""

# What is imported here would be a name in the notebook, too.
import sys

NEEDED = "tensorflow|keras|numpy|scipy|pandas|pillow|matplotlib|h5py|gradio|polib|filelock"


def prepare(language: str) -> None:
    """Have the notebook speak a language and find the project; exit where pip cannot help it."""
    import os
    from pathlib import Path

    os.environ["MNIST_COMPARE_LANGUAGE"] = language
    folder = Path(__file__).resolve().parents[2]
    os.chdir(folder)
    # In place of the folders where the cell looked for it.
    sys.path[:] = dict.fromkeys([str(folder), *filter(os.path.isabs, sys.path)])
    if "google.colab" in sys.modules:
        _install_what_lacks(Path("requirements.txt").read_text("utf-8"))


def _install_what_lacks(requirements):
    import re
    import subprocess
    from importlib.metadata import distributions

    from packaging.version import Version

    lacking = [
        name
        for name, oldest in re.findall(rf"^({NEEDED})>=([\d.]+)", requirements, re.MULTILINE)
        if not any(Version(each.version) >= Version(oldest) for each in distributions(name=name))
    ]
    if not lacking:
        return
    command = ["pip", "install", "--quiet", "-c", "requirements.txt", *lacking]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"pip cannot install {', '.join(lacking)}: {done.stderr.strip()}")


if __name__ == "__main__":
    prepare(*sys.argv[1:])
