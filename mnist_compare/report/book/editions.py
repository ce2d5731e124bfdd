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
    return sorted(folder.rglob("*.ipynb"))


def solutions(folder):
    """Return the English notebook with the solutions of the exercises, a part of no document."""
    return folder / "class" / "solutions.ipynb"


def class_notebook(folder):
    """Return the English notebook that a class fills in, stored without outputs."""
    return folder / "class" / "class_notebook.ipynb"


def language_of(path):
    """Return the language of the notebook at a path."""
    return next((name for name in LANGUAGES if name in path.parts), LANGUAGES[0])


def path_of(path, language):
    """Return where the English notebook at a path is in a language."""
    if language == LANGUAGES[0]:
        return path
    if path.parent.name in WITHIN:
        return path.parents[1] / language / path.parent.name / path.name
    return path.parent / language / path.name
