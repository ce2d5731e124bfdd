"""The research report: what notebooks show, how they become a page and a PDF, and, one file for
each chapter, what the records say.
"""

from mnist_compare.report.show import (
    Names,
    ask,
    figure,
    fill,
    in_a_notebook,
    recorded,
    say,
    somebody_is_there,
    table,
    takeaway,
)

__all__ = [
    "Names", "ask", "figure", "fill", "in_a_notebook", "recorded", "say", "somebody_is_there",
    "table", "takeaway",
]  # fmt: skip
