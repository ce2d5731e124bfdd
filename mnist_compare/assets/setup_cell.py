# Set-up: in Colab, fetch the package with its records and whatever Colab lacks.
import os
import sys

REPOSITORY = "{repository}"
if "google.colab" in sys.modules:
    if not os.path.isdir("/content/mnist-compare"):
        get_ipython().system("git clone --quiet --depth 1 $REPOSITORY /content/mnist-compare")
    os.chdir("/content/mnist-compare/notebooks")
    get_ipython().system('pip install --quiet "gradio>=6.27,<7" "onnxruntime>=1.22,<2"')
sys.path.insert(0, "..")
