"""A notebook in another language: prose and tables translated, the rest as it was made in it."""

import copy

from mnist_compare.report.book import options
from mnist_compare.report.words import code, stamps, translation
from mnist_compare.report.words.translation import LANGUAGES

SET_UP = "%run -m mnist_compare.report.set_up"  # and the language
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


def solutions(folder):
    """Return the English notebook with the solutions of the exercises, a part of no document."""
    return folder / "class" / "solutions.ipynb"


def class_notebook(folder):
    """Return the English notebook that a class fills in, stored without outputs."""
    return folder / "class" / "class_notebook.ipynb"


def path_of(path, language):
    """Return where the English notebook at a path is in a language."""
    if language == LANGUAGES[0]:
        return path
    if path.parent.name in WITHIN:
        return path.parents[1] / language / path.parent.name / path.name
    return path.parent / language / path.name


def notebook(source, language: str, before=None):
    """Return a notebook in a language, its stamps left empty.

    The code does the same, but speaks the language. A cell keeps what it showed in ``before``, an
    earlier edition in that language, if its code is still the same.
    """
    found = copy.deepcopy(source)
    earlier = {cell.id: cell for cell in before.cells} if before else {}
    for cell in found.cells:
        if cell.cell_type == "markdown":
            text = translation.markdown(stamps.template(cell.source), language)
            text = stamps.stamped(text, cell.source)
            cell.source = translation.linked(text, language)
            if "badge" in cell.metadata.get("tags", []):
                address, there, name = cell.source.rpartition("/notebooks/")
                cell.source = f"{address}{there}{language}/{name}"
            continue
        cell.source = cell.source.replace(f"{SET_UP} {LANGUAGES[0]}", f"{SET_UP} {language}")
        cell.source = options.with_texts(cell.source, lambda text: _caption(text, language))
        cell.source = code.translated(cell.source, language)
        same = earlier.get(cell.id)
        kept = same and options.without(same.source) == options.without(cell.source)
        cell.outputs = same.outputs if kept else []
        cell.execution_count = same.execution_count if kept else None
    return found


def texts(source):
    """Yield what a notebook says in its own words: prose and captions, as catalogues have it."""
    for cell in source.cells:
        tags = cell.metadata.get("tags", [])
        if cell.cell_type == "markdown" and "badge" not in tags:
            yield from translation.paragraphs(stamps.template(cell.source))
        elif cell.cell_type == "code" and "setup" not in tags:
            chosen = options.of(cell.source)
            captions = (chosen.get(name) for name in ("fig-cap", "tbl-cap", "fig-alt"))
            yield from (translation.key(stamps.template(text)) for text in captions if text)


def _caption(text, language):
    translated = translation.translated(stamps.template(text), language)
    return translation.linked(stamps.stamped(translated, text), language)
