"""Where the notebooks of a language are: those in Korean are sources, too, in a folder ``ko``."""

from mnist_compare.report.words.translation import LANGUAGES

WITHIN = ("supplement", "class")  # documents whose notebooks have a folder in the report's


def documents(folder, language=LANGUAGES[0]):
    """Return {document: its notebooks in order} in a language; ``folder`` has the English ones."""
    if language != LANGUAGES[0]:
        folder = folder / language
    folders = {"report": folder} | {name: folder / name for name in WITHIN}
    found = {name: sorted(place.glob("[0-9]*.ipynb")) for name, place in folders.items()}
    return {name: paths for name, paths in found.items() if paths}


def chapters(folder, language=LANGUAGES[0]):
    """Return all notebooks of the documents in a language, in order."""
    return [path for of_one in documents(folder, language).values() for path in of_one]


def chapter(folder, language, name):
    """Return the notebook of a chapter by its name or number: 5, 05, comparison, 05_comparison.

    Raises ValueError, with the names that there are, for any other.
    """
    found = chapters(folder, language)
    for path in found:
        number, _, called = path.stem.partition("_")
        if name in (path.stem, called) or (name.isdecimal() and int(name) == int(number)):
            return path
    raise ValueError(
        f"There is no chapter {name!r}; choose one of {', '.join(p.stem for p in found)}."
    )


def sources(folder):
    """Return all notebooks of all languages, with those of the class that no document has."""
    found = sorted(folder.rglob("*.ipynb"))
    return [path for path in found if path.parent.name != ".ipynb_checkpoints"]  # of Jupyter


def language_of(path):
    """Return the language of the notebook at a path."""
    folder = path.parents[path.parent.name in WITHIN].name
    return folder if folder in LANGUAGES else LANGUAGES[0]
