"""The glossary of the supplement: what the report's terms mean, and where each begins."""

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
    korean = [translated(term, "ko") for term in terms.term]
    both = [
        f"**{term}**" if term == other else f"**{term}** ({other})"
        for term, other in zip(terms.term, korean, strict=True)
    ]
    links = "[Section](../../reports/" + terms.document + ".html#" + terms.label + ")"
    return Table({"Term": both, "Meaning": terms.meaning, "First in": links})
