"""Captions under figures and tables, for ``jupyter nbconvert --to html 05_comparison.ipynb``.

The environment that make sets up uses this by itself; elsewhere, say
``--config notebooks/jupyter_nbconvert_config.py``.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # for mnist_compare
c = get_config()  # noqa: F821, given by Jupyter
c.Exporter.preprocessors = ["mnist_compare.report.options.Captions"]
