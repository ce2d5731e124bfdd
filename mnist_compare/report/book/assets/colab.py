"""Make a notebook in Colab ready: go into the project's folder, and install what Colab lacks.

The set-up cell of every notebook runs this once the folder is there. It comes there from a copy on
GitHub, whose address the cell names, or from a zip of the folder that is dragged into Files.
"""

import os
import re
import subprocess
from importlib.metadata import distributions
from pathlib import Path

from packaging.version import Version

NEEDED = "tensorflow|keras|numpy|scipy|pandas|pillow|matplotlib|onnxruntime|gradio|polib|filelock"

os.chdir(Path(__file__).resolve().parents[4])
requirements = Path("requirements.txt").read_text("utf-8")
lacking = [
    name
    for name, oldest in re.findall(rf"^({NEEDED})>=([\d.]+)", requirements, re.MULTILINE)
    if not any(Version(each.version) >= Version(oldest) for each in distributions(name=name))
]
if lacking:
    subprocess.run(["pip", "install", "--quiet", "-c", "requirements.txt", *lacking], check=True)
