"""The research report: what notebooks show, how they become a page and a PDF, and, one file for
each chapter, what the records say.
"""

from mnist_compare.report.sentences import Names, Sentence
from mnist_compare.report.show import in_a_notebook, say, somebody_is_there, spoken

__all__ = ["Names", "Sentence", "in_a_notebook", "say", "somebody_is_there", "spoken"]
