"""A notebook in another language: prose and tables translated, the rest as it was made in it."""

import copy

from mnist_compare.report.words import code, stamps, tables, translation
from mnist_compare.report.words.translation import LANGUAGES

NOTEBOOKS = "/blob/main/notebooks/"  # in the address of the badge


WITHIN = ("supplement", "class")  # documents whose notebooks have a folder in the report's


def documents(folder, language=LANGUAGES[0]):
    """Return {document: its notebooks in order} in a language; ``folder`` has the English ones."""
    folders = {"report": folder} | {name: folder / name for name in WITHIN}
    found = {name: sorted(place.glob("[0-9]*.ipynb")) for name, place in folders.items()}
    return {
        name: [path_of(path, language) for path in paths] for name, paths in found.items() if paths
    }


def chapters(folder):
    """Return all English notebooks of the documents, in order."""
    return [path for of_one in documents(folder).values() for path in of_one]


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
    """Return an executed notebook in a language.

    The code does the same, but speaks the language. What cells show in words or pictures was made
    in the language when they ran; else it is that of ``before``, an earlier edition. Stamps are
    left empty.
    """
    found, earlier = copy.deepcopy(source), {}
    for cell in before.cells if before else ():
        earlier[cell.id] = cell.get("outputs", [])
    for cell in found.cells:
        if cell.cell_type == "markdown":
            text = translation.markdown(stamps.template(cell.source), language)
            text = stamps.stamped(text, cell.source)
            text = translation.linked(text, language)
            cell.source = text.replace(NOTEBOOKS, f"{NOTEBOOKS}{language}/")
            continue
        english = f'LANGUAGE"] = "{LANGUAGES[0]}"'
        cell.source = cell.source.replace(english, f'LANGUAGE"] = "{language}"')
        cell.source = code.translated(cell.source, language)
        for number, output in enumerate(cell.outputs):
            _translate(output, language, *earlier.get(cell.id, [])[number : number + 1])
    return found


def texts(source):
    """Yield what a notebook says in its own words, as catalogues have it."""
    for cell in source.cells:
        if cell.cell_type == "markdown" and "badge" not in cell.metadata.get("tags", []):
            yield from translation.paragraphs(stamps.template(cell.source))


def forget(source):
    """Take out of a notebook's outputs what was kept for its editions."""
    for cell in source.cells:
        for output in cell.get("outputs", ()):
            output.get("metadata", {}).pop("editions", None)


def _translate(output, language, earlier=None):
    """Put an output into a language."""
    if output.output_type == "stream":
        output.text = code.printed(output.text, language)
        return
    data, made = output.get("data", {}), output.get("metadata", {}).pop("editions", None)
    text = data.get("text/markdown", "")
    if text.startswith("|"):
        data["text/markdown"] = data["text/plain"] = tables.translated(text, language)
    elif made:
        output.data, output.metadata = made[language]
    elif earlier and {"image/png", "text/markdown"} & {*data}:
        output.data, output.metadata = earlier.data, earlier.metadata
