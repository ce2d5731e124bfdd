# Set-up: in Colab, fetch the package with its records and install what Colab lacks.
import os
import sys

LANGUAGE = "en"  # "ko": what the cells show is in Korean
os.environ["MNIST_COMPARE_LANGUAGE"] = LANGUAGE
REPOSITORY = "{repository}"
if "google.colab" in sys.modules:
    import re
    import shutil
    from importlib.metadata import distributions
    from pathlib import Path

    from packaging.version import Version

    folder = "/content/mnist-compare"
    if not os.path.isdir(folder) and os.path.isfile(f"{folder}.zip"):  # uploaded by hand
        shutil.unpack_archive(f"{folder}.zip", "/content")
    elif not os.path.isdir(folder):
        clone = "GIT_TERMINAL_PROMPT=0 git clone --quiet --depth 1"
        get_ipython().system(f"{clone} {REPOSITORY} {folder} 2> /dev/null")
    if not os.path.isdir(f"{folder}/notebooks"):
        stop = FileNotFoundError(
            f"{REPOSITORY} could not be cloned: zip your copy of the folder mnist-compare, drag "
            "mnist-compare.zip into Files (the folder symbol on the left), and run this cell again."
        )
        stop._render_traceback_ = lambda: [str(stop)]  # the sentence alone
        raise stop
    os.chdir(f"{folder}/notebooks")

    names = "tensorflow|keras|numpy|scipy|pandas|pillow|matplotlib|onnxruntime|gradio|polib"
    requirements = Path("../requirements.txt").read_text("utf-8")
    lacking = [
        name
        for name, oldest in re.findall(rf"^({names})>=([\d.]+)", requirements, re.MULTILINE)
        if not any(Version(d.version) >= Version(oldest) for d in distributions(name=name))
    ]
    if lacking:
        get_ipython().system(f"pip install --quiet -c ../requirements.txt {' '.join(lacking)}")
if os.path.isfile("../../mnist_compare/__init__.py"):  # from a folder of translated notebooks
    os.environ["MNIST_COMPARE_UP"] = "../.."
    os.chdir("..")
sys.path.insert(0, "..")
