"""The research report: what notebooks show, how they become a page and a PDF, and, one file for
each chapter, what the records say.
"""

from mnist_compare.report.sentences import Names, Sentence, fill
from mnist_compare.report.show import (
    ask,
    figure,
    in_a_notebook,
    label,
    recorded,
    say,
    somebody_is_there,
    spoken,
    table,
    takeaway,
)

__all__ = [
    "Names", "Sentence", "ask", "figure", "fill", "in_a_notebook", "label", "recorded",
    "say", "somebody_is_there", "spoken", "table", "takeaway",
]  # fmt: skip
