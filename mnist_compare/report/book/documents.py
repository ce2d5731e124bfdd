"""The documents, the report and its supplement: each a page and a PDF of executed notebooks."""

import re
import tempfile
from functools import partial
from pathlib import Path

from mnist_compare.place import atomically
from mnist_compare.report.book.merging import Merger, file_name
from mnist_compare.report.book.page import page
from mnist_compare.report.book.paper import paper
from mnist_compare.report.words.translation import LANGUAGES, NAMES, translated

TITLE = "What a multilayer perceptron and a convolutional network really do on handwritten digits"
TITLES = {  # of a document: title and subtitle
    "report": (TITLE, "A reproducible comparison on MNIST"),
    "supplement": ("Supplement", TITLE),
    "class": ("For class", "Thirty people draw, and three networks read"),
}
TITLE_PAGE = ("author", "course", "date")
# What the page says beside its text; the script puts a heading's words in place of {}.
WORDS = {
    "abstract": "Abstract",
    "contents": "Contents",
    "skip": "Skip to the text",
    "light": "Light",
    "dark": "Dark",
    "link": "Link to “{}”",
    "tools": "Editions and view",
    "code": "All code",
    "enlarge": "Enlarge “{}”",
    "close": "Close",
    "beside": "In the same folder: {}",
}
BESIDE = {"report": "Report", "supplement": "Supplement", "class": "Class"}  # what a link says
APART = ("class",)  # each of its chapters begins a sheet of its own


def build(
    documents: dict[str, list[Path]],
    folder: Path,
    language: str = LANGUAGES[0],
    editions: list[str] | tuple[str, ...] = (),
    only: str = "",
    **about: str,
) -> list[Path]:
    """Merge executed notebooks into documents, each a page and a PDF; return their paths.

    ``documents`` maps names of ``TITLES`` to notebooks in order. In another language than English,
    that of the notebooks, report.html is report_ko.html and so on. A page has links to the other
    documents and to its ``editions`` in other languages. With ``only``, the name of a notebook,
    that chapter alone is made, in files of its name. ``about`` may hold another ``title`` and
    ``subtitle``, and the ``author``, ``course`` and ``date`` of a title page; without any of these
    three there is none. Equal arguments give equal bytes. Raises ValueError as ``Merger`` does.
    """
    made = {}
    for kind, make in (("html", page), ("pdf", paper)):
        with tempfile.TemporaryDirectory() as scratch:
            merger = Merger(Path(scratch), kind == "pdf", language, only)
            for name, text in merger.merge(documents).items():
                told = _about(name, documents, language, editions) | about
                told |= {"before": merger.before[name]}
                if only:
                    title, *_ = re.findall("^# (.+?)(?: {#.*)?$", text, re.MULTILINE)
                    told |= {"title": title, "subtitle": told["title"]}
                if {*about} & {*TITLE_PAGE}:
                    told["titlepage"] = "true"
                path = Path(folder, file_name(only or name, kind, language))
                made[path] = make(text, told, Path(scratch))
    for path, content in made.items():
        with atomically(path) as temporary:
            temporary.write_bytes(content)
    stems = [*dict.fromkeys(path.stem for path in made)]
    return sorted(made, key=lambda path: (stems.index(path.stem), path.suffix))


def _about(name, documents, language, editions):
    """Return what a template is told of a document."""
    words = partial(translated, language=language)
    title, subtitle = map(words, TITLES[name])
    others = [other for other in documents if other != name]
    beside = [
        (words(BESIDE[other]), language, file_name(other, "html", language)) for other in others
    ]
    beside += [(NAMES[other], other, file_name(name, "html", other)) for other in editions]
    of_the_pdf = ("PDF", language, file_name(name, "pdf", language))
    return {
        "title": title,
        "subtitle": subtitle,
        "lang": language,
        "apart": name in APART,
        "words": {key: words(text) for key, text in WORDS.items()},
        # Links to what lies in the same folder, unless the page was taken out of it.
        "links": [
            {"name": called, "lang": of, "href": file, "title": words(WORDS["beside"]).format(file)}
            for called, of, file in (*beside, of_the_pdf)
        ],
        "papers": [
            {"name": called, "lang": of, "href": file.replace(".html", ".pdf")}
            for called, of, file in beside
        ],
    }
