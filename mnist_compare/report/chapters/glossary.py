"""The glossary of the appendix for class: what the report's terms mean, and where each begins."""

from pathlib import Path

import pandas as pd

from mnist_compare.report.words.tables import Table
from mnist_compare.report.words.translation import translated

TERMS = Path(__file__).with_name("glossary.csv")


def read():
    """Return the terms in alphabetical order: ``term``, ``meaning``, ``label`` and ``document``.

    ``label`` is that of the section, or of the chapter's opening, that uses the term first.
    """
    return pd.read_csv(TERMS)


def table():
    """Return the table of the terms, English and Korean: meaning, and a link to the first use."""
    terms = read()
    both = [f"**{term}** {translated(f'**{term}**', 'ko').strip('*')}" for term in terms.term]
    links = "[Section](../../reports/" + terms.document + ".html#" + terms.label + ")"
    return Table({"Term": both, "Meaning": terms.meaning, "First in": links})
