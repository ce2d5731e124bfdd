"""Notebooks as they are stored, code, prose and outputs, each as a web page."""

import json
import re
import tempfile
from pathlib import Path

from mnist_compare.report.book import editions
from mnist_compare.report.book.documents import BESIDE, WORDS
from mnist_compare.report.book.merging import file_name
from mnist_compare.report.book.pandoc import ASSETS, convert
from mnist_compare.report.words.translation import translated

FOLDER = "notebooks"  # of the pages
_REPORTS = re.compile(r'href="(?:\.\./)+reports/(\w+\.html)')
_NOTEBOOK = re.compile(r'href="(?:\.\./|\w+/)*(\w+)\.ipynb')
_IN_THE_CLONE = re.compile(r'<a href="\.\./(?![^"]*\.html)[^"]*"[^>]*>(.*?)</a>', re.DOTALL)
_FIRST = re.compile(r'<h1 [^>]*?(id="[^"]+")>.*?</h1>', re.DOTALL)
_HEADING = re.compile(r"^# (.+)$", re.MULTILINE)


def pages(sources: Path, language: str) -> dict[str, tuple[str, str]]:
    """Return {file: (title, HTML)} of the chapters' notebooks in a language, in order."""
    chapters = [path for those in editions.documents(sources, language).values() for path in those]
    chapters.append(editions.path_of(editions.solutions(sources), language))
    return {_file(path.stem, language): _page(path, language) for path in chapters}


def _file(name, language):
    return f"{FOLDER}/{file_name(name, 'html', language)}"


def _page(path, language):
    text = path.read_text("utf-8")
    cells = json.loads(text)["cells"]
    (title, *_) = (
        match[1] for cell in cells if (match := _HEADING.search("".join(cell["source"])))
    )
    about = {
        "title": title,
        "subtitle": path.name,
        "lang": language,
        "words": {key: translated(word, language) for key, word in WORDS.items()},
        "links": [
            {
                "name": translated(word, language),
                "lang": language,
                "href": f"../{file_name(name, 'html', language)}",
                "title": translated(word, language),
            }
            for name, word in BESIDE.items()
        ],
    }
    options = [f"--css={ASSETS / 'report.css'}", f"--resource-path={ASSETS}"]
    options += ["--embed-resources", "--mathml"]
    with tempfile.TemporaryDirectory() as scratch:
        html = convert(text, "html5", "report.html", about, Path(scratch), options, "ipynb")
    # The first heading is the title.
    html = _FIRST.sub(r"<span \1></span>", html, count=1)
    html = _REPORTS.sub(r'href="../\1', html)
    html = _NOTEBOOK.sub(lambda match: f'href="{file_name(match[1], "html", language)}', html)
    return title, _IN_THE_CLONE.sub(r"\1", html)
