"""The documents, the report and its supplement: each a page and a PDF of executed notebooks."""

import re
import shutil
import tempfile
from functools import partial
from pathlib import Path

from mnist_compare.files import write
from mnist_compare.page import parts
from mnist_compare.report.book import hangul
from mnist_compare.report.book.merging import Merger, file_name
from mnist_compare.report.book.notebooks import COMMIT
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
    "built": "Built from commit",
}
FRONT = "index"  # the page of a site that leads to the others
BESIDE = {"report": "Report", "supplement": "Supplement", "class": "Class"}  # what a link says
APART = ("class",)  # each of its chapters begins a sheet of its own


def build(
    documents: dict[str, list[Path]],
    folder: Path,
    language: str = LANGUAGES[0],
    editions: list[str] | tuple[str, ...] = (),
    only: str = "",
    site: Path | None = None,
    on_paper: bool = True,
    **about: str,
) -> list[Path]:
    """Merge executed notebooks into documents, pages and, ``on_paper``, PDFs; return their paths.

    ``documents`` maps names of ``TITLES`` to notebooks in order. In another language than English,
    that of the notebooks, report.html is report_ko.html and so on. A page has links to the other
    documents and to its ``editions`` in other languages. With ``only``, the name of a notebook,
    that chapter alone is made, in files of its name. A page is one file; a folder ``site`` gets the
    pages with their files beside them, and a front page. ``about`` may hold another ``title`` and
    ``subtitle``, and the ``author``, ``course`` and ``date`` of a title page; without any of these
    three there is none. Equal arguments give equal bytes. Raises ValueError as ``Merger`` does.
    """

    def written(kind, make):
        """Return {name of the file: content} of the documents as pages or on paper."""
        merger = Merger(scratch, kind == "pdf", language, only)
        texts = merger.merge(documents)
        if site and kind == "html":
            texts[FRONT] = merger.abstract("report") + _links(documents, language)
        made = {}
        for name, text in texts.items():
            told = _about(name, documents, language, editions, on_paper) | about
            told |= {"before": merger.before.get(name, 0)}
            told |= {"titlepage": bool({*about} & {*TITLE_PAGE})}
            if only:
                title, *_ = re.findall("^# (.+?)(?: {#.*)?$", text, re.MULTILINE)
                told |= {"title": title, "subtitle": told["title"]}
            made[file_name(only or name, kind, language)] = make(text, told, scratch)
        return made

    with tempfile.TemporaryDirectory() as name_of_scratch:
        scratch = Path(name_of_scratch)
        if on_paper:
            hangul.unpack(scratch)
        papers = written("pdf", paper) if on_paper else {}
        pages = written("html", page)
        if site:
            shutil.copytree(scratch / parts.FILES, site / parts.FILES, dirs_exist_ok=True)
            _save(site, pages)
            del pages[file_name(FRONT, "html", language)]
        made = {file: parts.embedded(html, scratch) for file, html in pages.items()}
    return _save(folder, made | papers)


def _save(folder, contents):
    """Write files into a folder; return their paths, those of each document together."""
    for file, content in contents.items():
        write(folder / file, content)
    stems = [Path(file).stem for file in contents]
    return sorted(
        (folder / file for file in contents), key=lambda path: (stems.index(path.stem), path.suffix)
    )


def _links(documents, language):
    """Return Markdown that leads to the documents, each a page and a PDF."""
    words = partial(translated, language=language)
    lines = [
        f"- [{words(BESIDE[name])}]({file_name(name, 'html', language)}) "
        f"([PDF]({file_name(name, 'pdf', language)}))"
        for name in documents
    ]
    return "\n\n".join(["", f"## {words('Read')} {{.unnumbered .unlisted}}", "\n".join(lines)])


def _commit(path):
    """Return the commit from which a notebook was run."""
    import nbformat

    return nbformat.read(path, as_version=4).metadata.get(COMMIT, "")


def _about(name, documents, language, editions, on_paper):
    """Return what a template is told of a document."""
    words = partial(translated, language=language)
    home = "report" if name == FRONT else name
    title, subtitle = map(words, TITLES[home])
    others = [other for other in documents if other != name]
    beside = [
        (words(BESIDE[other]), language, file_name(other, "html", language)) for other in others
    ]
    beside += [(NAMES[other], other, file_name(name, "html", other)) for other in editions]
    of_the_pdf = [("PDF", language, file_name(home, "pdf", language))] * on_paper
    return {
        "title": title,
        "subtitle": subtitle,
        "lang": language,
        "apart": name in APART,
        "front": name == FRONT,
        "commit": _commit(documents[home][-1]),
        "words": {key: words(text) for key, text in WORDS.items()},
        # Links to what lies in the same folder, unless the page was taken out of it.
        "links": [
            {"name": called, "lang": of, "href": file, "title": words(WORDS["beside"]).format(file)}
            for called, of, file in (*beside, *of_the_pdf)
        ],
        "papers": [
            {"name": called, "lang": of, "href": file.replace(".html", ".pdf")}
            for called, of, file in beside
        ],
    }
