"""Captions under figures and tables, for ``jupyter nbconvert --to html 05_comparison.ipynb``.

The environment that make sets up uses this by itself; elsewhere, say
``--config notebooks/jupyter_nbconvert_config.py``.
"""

import sys
from pathlib import Path

from nbconvert.preprocessors import Preprocessor
from nbformat.v4 import new_output

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # for mnist_compare


class Captions(Preprocessor):
    """Puts captions under what cells show, and leaves their options out of the code."""

    def preprocess_cell(self, cell, resources, index):
        """Return a cell as it is to be shown."""
        from mnist_compare.report.book import options

        if cell.cell_type != "code":
            return cell, resources
        text = options.caption(options.of(cell.source))
        cell.source = options.without(cell.source)
        if text and cell.outputs:
            data = {"text/markdown": f"*{text}*"}
            cell.outputs.append(new_output("display_data", data))
        return cell, resources


c = get_config()  # noqa: F821, given by Jupyter
c.Exporter.preprocessors = [Captions]
