"""The one style of all figures."""

from typing import Any

import matplotlib

GREY, PALE = "#8a8f98", "#c3c7cd"
QUIET, GRID = "#3c4048", "#e6e8eb"
DOTS_PER_INCH = 200
STYLE: dict[Any, Any] = {
    "figure.dpi": 110,
    "font.size": 8,
    "axes.titlesize": 8.5,
    "axes.labelsize": 8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "lines.linewidth": 1.8,
    "legend.frameon": False,
    "image.cmap": "gray_r",
    "image.interpolation": "nearest",
}
styled = matplotlib.rc_context(STYLE)
