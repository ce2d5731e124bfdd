# Set-up. In Colab, give the address of a copy on GitHub, or drag mnist-compare.zip into Files.
import os
import sys

os.environ["MNIST_COMPARE_LANGUAGE"] = "en"  # or "ko"
if "google.colab" in sys.modules:
    folder, REPOSITORY = "/content/mnist-compare", ""
    !test -d {folder} || unzip -q {folder}.zip -d /content 2>/dev/null || git clone -q --depth 1 {REPOSITORY} {folder} 2>/dev/null || echo "Bring the project here first, as the first line says."
    %run {folder}/mnist_compare/report/assets/colab.py
os.chdir(next(d for d in (".", "..", "../..", "../../..") if os.path.isdir(f"{d}/mnist_compare")))
sys.path.insert(0, os.getcwd())
