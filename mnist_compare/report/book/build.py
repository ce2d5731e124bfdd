"""Build the documents, the report and its supplement: a web page and a PDF of executed notebooks.

Each notebook is a chapter. It opens with a ``# Heading``; chapters, sections, figures and tables
are numbered here, in the order of the notebooks and on from one document to the next.

Labels start with ``tbl-``, ``fig-`` or ``sec-``. Tables and figures have theirs among the options
of their cell; a section has the line ``<a id="sec-x"></a>`` and an empty line before its heading.

References: ``[the learning curves](#fig-x)`` becomes "the learning curves (Figure 3)". A bare
``[Figure](#fig-x)`` (or Table, Section, Chapter, or no text at all) becomes "Figure 3". Text in
brackets of its own, ``[[1]](#sec-references)``, stays as it is. A link to another notebook's label
is written ``[text](../reports/report.html#label)``, so that it works in a single notebook too. On
paper, what is in another document has its number and no link.

Code with the option ``echo: false`` is out of sight until a reader of the page asks for all code;
other code is there to be read. The cells tagged ``abstract`` are the abstract of the report; on the
page, a pad stands between its first paragraph and the rest, in place of its figure. The tags
``remove-cell``, ``remove-input`` and ``remove-output`` leave parts out. Standard error never
appears.

Figures are drawings in the colours of the page, and vectors on paper, where there is one; the
others are pictures. Each says what it shows to those who do not see it.

An answer that is folded away is a footnote on paper.
"""

import base64
import io
import json
import os
import re
import tempfile
import textwrap
from functools import partial
from pathlib import Path

from PIL import Image

from mnist_compare.front import pads, parts
from mnist_compare.front.parts import FONTS
from mnist_compare.place import atomically
from mnist_compare.report.book import hangul, live_figures, options
from mnist_compare.report.book.notebooks import ASSETS
from mnist_compare.report.draw import vectors
from mnist_compare.report.draw.drawing import inches
from mnist_compare.report.words import stamps
from mnist_compare.report.words.tables import LONGEST_LINE, unbroken
from mnist_compare.report.words.translation import LANGUAGES, NAMES, translated

TITLE = "What a multilayer perceptron and a convolutional network really do on handwritten digits"
TITLES = {  # of a document: title and subtitle
    "report": (TITLE, "A reproducible comparison on MNIST"),
    "supplement": ("Supplement", TITLE),
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
BESIDE = {"report": "Report", "supplement": "Supplement"}  # what a link to the document says
NUMBERED = {"fig": "Figure {}", "tbl": "Table {}"}
WIDE = "data-wide"  # of pictures
NARROW = 616  # pixels: the least width of the column of text beside a margin, see report.css
TEXT_WIDTH = 6.5  # inches: an A4 page less its margins, see report.typ

# Notebooks are written in CommonMark; this switches off pandoc's extensions of it.
MARKDOWN = (
    "markdown+lists_without_preceding_blankline-blank_before_header-blank_before_blockquote"
    "-citations-example_lists-fancy_lists-grid_tables-latex_macros-line_blocks-multiline_tables"
    "-raw_tex-simple_tables-subscript-superscript"
)
FENCE = "~" * 12  # longer than any fence in a notebook

_CODE = r"^(?P<fence>`{3,}|~{3,})[\s\S]*?^(?P=fence)[`~]*[ \t]*$"
_HEADING = re.compile(
    _CODE + r'|(?:^<a id="(?P<label>[^"]+)"></a>[ \t]*\n\s*\n)?'
    r"^(?P<marks>#{1,6})[ \t]+(?P<title>[^\n]+)$",
    re.MULTILINE,
)
_LINK = re.compile(
    _CODE + r"|`[^`\n]+`|(?<!!)\[(?P<text>(?:[^\[\]]|\[[^\[\]]*\])*)\]"
    r"\((?:(?:\.\./)+reports/(?P<document>[a-z]+)(?:_\w+)?\.html)?#(?P<label>[^)\s]+)\)",
    re.MULTILINE,
)
# In pandoc's pages: a table with its caption, a figure's picture.
_CAPTIONED = re.compile(
    r'<div class="table">\s*<table id="(tbl-[^"]+)"([^>]*)>\s*<caption>(.*?)</caption>(.*?)</table>'
    r"\s*</div>",
    re.DOTALL,
)
_PICTURED = re.compile(r'(<figure id="fig-[^>]*)>\s*(<img .*?/>|<svg .*?</svg>)', re.DOTALL)
_ANSWER = re.compile(r"\n\n<details><summary>[^<]+</summary>\n\n(.+?)\n\n</details>", re.DOTALL)
_FOREIGN = re.compile(r"!\[[^\]]*\]\(|<(?:script|iframe|img|video|link|object|embed)\b", re.I)


def build(documents, folder, language=LANGUAGES[0], editions=(), **named):
    """Merge executed notebooks into documents, each a page and a PDF; return their paths.

    ``documents`` is {name: its notebooks in order}, the names being of ``TITLES``. That of a report
    gives report.html and report.pdf; in another language than English, that of the notebooks,
    report_ko.html and so on. A page has links to the other documents and to its ``editions`` in
    other languages. ``named`` may hold another ``title`` and ``subtitle``, and the ``author``,
    ``course`` and ``date`` of a title page; without any of these three there is none. Equal
    arguments give equal bytes. Raises ValueError if a label is unknown, used twice or sought in the
    wrong document, if a notebook has not been executed, or if it shows something that is loaded
    from elsewhere.
    """
    made = {}
    with tempfile.TemporaryDirectory() as scratch:
        folders = {target: Path(scratch, target) for target in ("html5", "typst")}
        for target, place in folders.items():
            place.mkdir()
            merger = _Merger(place, target == "typst", language)
            for name, text in merger.merge(documents).items():
                about = _about(name, documents, language, editions) | named
                about["before"] = merger.before[name]
                make = _paper if target == "typst" else _page
                kind = "pdf" if target == "typst" else "html"
                made[_name(name, kind, language)] = make(text, about, place)
    paths = [_name(name, kind, language) for name in documents for kind in ("html", "pdf")]
    for path in paths:
        with atomically(Path(folder, path)) as temporary:
            temporary.write_bytes(made[path])
    return [Path(folder, path) for path in paths]


def _about(name, documents, language, editions):
    """Return what a template is told of a document."""
    words = partial(translated, language=language)
    title, subtitle = map(words, TITLES[name])
    others = [other for other in documents if other != name]
    beside = [(words(BESIDE[other]), language, _name(other, "html", language)) for other in others]
    beside += [(NAMES[other], other, _name(name, "html", other)) for other in editions]
    return {
        "title": title,
        "subtitle": subtitle,
        "lang": language,
        "words": {key: words(text) for key, text in WORDS.items()},
        # Links to what lies in the same folder, unless the page was taken out of it.
        "links": [
            {"name": called, "lang": of, "href": file, "title": words(WORDS["beside"]).format(file)}
            for called, of, file in (*beside, ("PDF", language, _name(name, "pdf", language)))
        ],
        "papers": [
            {"name": called, "lang": of, "href": file.replace(".html", ".pdf")}
            for called, of, file in beside
        ],
    }


def _page(text, about, folder):
    """Return a document in Markdown as a page, in bytes."""
    language, options = about["lang"], [f"--css={ASSETS / 'report.css'}"]
    options += [f"--resource-path={folder}{os.pathsep}{ASSETS}", "--embed-resources", "--mathml"]
    options += [f"--number-offset={about['before']}"]
    if pads.MARK in text:  # and so another one at the beginning
        place = pads.pad("center", parts.strings()[language]["noscript"])
        options += [f"--variable=pad:{place}"]
    page = _convert(text, "html5", "report.html", about, folder, options)
    # Pandoc's MathML lets \lVert grow; TeX does not.
    page = re.sub(r'stretchy="true"( form="\w+">‖)', r'stretchy="false"\1', page)
    page = re.sub(r"<th ([^>]*)></th>", r"<td \1></td>", page)
    page = page.replace("<th ", '<th scope="col" ')
    page = _CAPTIONED.sub(_table, _PICTURED.sub(_figure, page))
    # A drawing has its description as a label; it knows no alternative text.
    page = re.sub(r'(<svg [^>]*?) alt="[^"]*"', r"\1", page)
    if pads.MARK in page:
        # Ahead of the text, so that the first pad need not wait for all of it.
        living = pads.living(language, live_figures.of(page))
        page = page.replace("</header>", f"</header>\n{living}", 1)
    links = "".join(link["name"] for link in about["links"])
    if style := hangul.styles(links if language == LANGUAGES[0] else page):
        page = page.replace("</head>", f"<style>{style}</style>\n</head>", 1)
    return page.encode()


def _table(match):
    """Return a table as a figure, so that it and its caption can have a column each."""
    label, look, caption, rows = match.groups()
    name = f"{label}-caption"
    return (
        f'<figure id="{label}" class="table">\n<figcaption id="{name}">{caption}</figcaption>\n'
        f'<div class="frame"><table aria-labelledby="{name}"{look}>{rows}</table></div>\n</figure>'
    )


def _figure(match):
    """Return a figure whose picture has a frame, wide if the picture is wider than the text."""
    figure, picture = match.groups()
    least = re.search(r' data-least="(\d+)"', picture)
    is_wide = f" {WIDE}=" in picture or (least and int(least[1]) > NARROW)
    wide = ' class="wide"' if is_wide else ""
    style = f' style="--least: {least[1]}px"' if least else ""
    return f'{figure}{wide}>\n<div class="frame"{style}>{picture}</div>'


def _paper(text, about, folder):
    """Return a document in Markdown as a PDF, in bytes."""
    import typst

    source = folder / "report.typ"
    options = ["--syntax-highlighting=idiomatic"]
    source.write_text(_convert(text, "typst", "report.typ", about, folder, options), "utf-8")
    # With no fonts but typst's, Matplotlib's and ours, the sheets are the same on every machine.
    fonts = {"font_paths": [FONTS, vectors.FONTS], "ignore_system_fonts": True}
    return typst.compile(str(source), root=folder, **fonts)


def _convert(text, target, template, about, folder, options):
    import pypandoc

    # Escaped, since pandoc reads the metadata of a file as Markdown.
    metadata = {
        key: re.sub(r"([^\w\s])", r"\\\1", value) if isinstance(value, str) else value
        for key, value in about.items()
    }
    if {*about} & {*TITLE_PAGE}:
        metadata["titlepage"] = "true"
    of_the_page = folder / "page.json"
    of_the_page.write_text(json.dumps(metadata), "utf-8")
    shared = ["--standalone", f"--template={ASSETS / template}", "--number-sections"]
    shared += ["--toc", "--toc-depth=2", f"--columns={LONGEST_LINE}", "--wrap=none"]
    shared += [f"--metadata-file={of_the_page}"]
    return pypandoc.convert_text(text, target, MARKDOWN, extra_args=[*shared, *options])


def _name(document, kind, language):
    """Return the name of a document's file in a language."""
    return f"{document}.{kind}" if language == LANGUAGES[0] else f"{document}_{language}.{kind}"


def _fenced(text, language):
    return f"{FENCE} {language}\n{text.rstrip()}\n{FENCE}"


def _quoted(text):
    """Return text as the value of an attribute between quotes in Markdown."""
    return re.sub(r'(["\\])', r"\\\1", text)


def _as_printed(output):
    """Turn a value shown as plain text into printed text, so that it joins adjacent output."""
    from nbformat.v4 import new_output

    data = output.get("data", {})
    plain = data.get("text/plain", "")
    # HTML stays if the text is only an object's name; pandas's tables read well as text.
    if {"image/png", "text/markdown"} & {*data} or not plain or plain.startswith("<"):
        return output
    return new_output("stream", name="stdout", text=plain.rstrip("\n") + "\n")


def _is_table(data):
    return data.get("text/markdown", "").startswith("|")


class _Merger:
    """Merges executed notebooks into documents in Markdown, with everything numbered."""

    def __init__(self, scratch, on_paper, language):
        self.scratch, self.on_paper = scratch, on_paper  # scratch is where the figures go
        self.language, self.words = language, partial(translated, language=language)
        self.document = self.notebook = ""
        self.names, self.homes = {}, {}  # {label: "Figure 3"}, {label: its document}
        self.abstracts, self.before = {}, {}  # by document; before it are so many chapters
        self.section = [0]  # [2, 1] for 2.1
        self.counts = dict.fromkeys(NUMBERED, 0)

    def merge(self, documents):
        """Return {name: text} of documents, {name: paths of notebooks}."""
        import nbformat

        chapters = []
        for self.document, paths in documents.items():
            self.before[self.document] = self.section[0]
            for path in map(Path, paths):
                self.notebook = path.name
                text = self._chapter(nbformat.read(path, as_version=4))
                chapters.append((self.document, path.name, text))
        # References may point forward, so they are resolved once every label is known.
        texts = {name: [self._abstract(name)] for name in documents}
        for self.document, self.notebook, text in chapters:
            texts[self.document].append(_LINK.sub(self._link, text))
        return {name: "\n\n".join(found) for name, found in texts.items()}

    def _abstract(self, document):
        self.document, self.notebook = document, "abstract"
        text = _LINK.sub(self._link, "\n\n".join(self.abstracts.get(document, [])))
        answer, _, rest = text.partition("\n\n")
        if self.on_paper or re.match(r"(?:\d+\.|[-*]) ", answer):  # a list from its first line
            answer, rest = "", text
        fields = {"answer": answer, "abstract": rest}
        written = [f"{key}: |\n{textwrap.indent(it, '  ')}" for key, it in fields.items() if it]
        return "\n".join(["---", *written, "---"])

    def _chapter(self, notebook):
        from nbconvert.preprocessors import CoalesceStreamsPreprocessor

        for cell in notebook.cells:
            if cell.cell_type == "code":
                kept = [output for output in cell.outputs if output.get("name") != "stderr"]
                cell.outputs = list(map(_as_printed, kept))
        notebook, _ = CoalesceStreamsPreprocessor().preprocess(notebook, {})
        parts = []
        for cell in notebook.cells:
            tags = cell.metadata.get("tags", [])
            if "abstract" in tags:
                kept = self._cell(cell, {*tags, "remove-input"})
                self.abstracts.setdefault(self.document, []).extend(kept)
            elif "remove-cell" not in tags:
                parts += self._cell(cell, tags)
        return _HEADING.sub(self._heading, "\n\n".join(parts))

    def _cell(self, cell, tags):
        if cell.cell_type == "markdown":
            text = self._prose(stamps.plain(cell.source))
            yield _ANSWER.sub(r"^[\1]", text) if self.on_paper else text
        elif cell.cell_type == "code" and cell.source.strip():
            if cell.execution_count is None:
                raise ValueError(
                    f"{self.notebook} has cells that were never executed: run it first"
                )
            chosen = options.of(cell.source)
            code = _fenced(options.without(cell.source), "python")
            if chosen.get("echo", True) and "remove-input" not in tags:
                yield code
            elif "remove-input" not in tags and not self.on_paper:  # paper cannot show it later
                yield _fenced('<div class="plumbing">', "{=html}")
                yield code
                yield _fenced("</div>", "{=html}")
            if "remove-output" not in tags:
                yield from self._outputs(cell, chosen)

    def _outputs(self, cell, chosen):
        label = chosen.get("label", "")
        for output in cell.outputs:
            data = output.get("data", {})
            kind = "fig" if "image/png" in data else "tbl" if _is_table(data) else None
            if kind and label.startswith(f"{kind}-"):
                yield self._captioned(output, kind, label, chosen)
                label = ""  # what comes after it has none
            elif shown := self._output(output):
                yield shown

    def _output(self, output):
        from nbconvert.filters import strip_ansi

        if output.output_type == "stream":
            return _fenced(strip_ansi(output.text), "output")
        if output.output_type == "error":
            raise ValueError(f"{self.notebook} holds a cell that failed: {output.ename}")
        data = output.get("data", {})
        if "image/png" in data:
            raise ValueError(f"{self.notebook} shows a picture without a label and a caption")
        if "text/markdown" in data:
            return self._prose(data["text/markdown"])
        return _fenced(self._prose(data["text/html"]), "{=html}") if "text/html" in data else ""

    def _captioned(self, output, kind, label, chosen):
        data = output["data"]
        self.counts[kind] += 1
        name = self.words(NUMBERED[kind]).format(self.counts[kind])
        self._define(label, name)
        text = stamps.plain(options.caption(chosen) or "")
        if not text:
            raise ValueError(f"{self.notebook}: {label} has no caption")
        caption = f"**{name}.** {self._prose(' '.join(text.split()))}"
        if kind == "tbl":
            frame = _fenced('<div class="table">', "{=html}"), _fenced("</div>", "{=html}")
            table = self._prose(data["text/markdown"])
            return f"\n\n{table}\n\n: {caption} {{#{label}}}\n\n".join(frame)
        image = base64.b64decode(data["image/png"])
        width = min(1.0, inches(image) / TEXT_WIDTH)
        alt = chosen.get("fig-alt") or data["text/plain"] or text
        about = f'#{label} width={width:.0%} alt="{_quoted(alt)}"'
        if inches(image) > TEXT_WIDTH:
            about += f" {WIDE}=1"
        if vector := data.get("image/svg+xml"):
            # Within the page, a drawing takes its colours.
            image = (vector if self.on_paper else vectors.in_the_page(vector)).encode()
            about += " .inline-svg"
        elif "alt" in output["metadata"].get("image/png", {}):  # a drawing of digits' pixels
            about += " .pixels"
        file = f"{label}.svg" if vector else f"{label}.png"
        if not vector and not self.on_paper:
            file = f"{label}.webp"
            image = parts.webp(Image.open(io.BytesIO(image)))
        (self.scratch / file).write_bytes(image)
        return f"![{caption}]({file}){{{about}}}"

    def _prose(self, text):
        if found := _FOREIGN.search(text):
            raise ValueError(
                f"{self.notebook}: the report cannot hold {found[0]!r}, as it loads nothing from "
                "outside; show pictures with figure(), or tag the cell remove-cell"
            )
        return unbroken(text)

    def _heading(self, match):
        if match["marks"] is None:
            return match[0]
        level, label = len(match["marks"]), match["label"]
        self.section = (self.section + [0] * level)[:level]
        self.section[-1] += 1
        number = ".".join(map(str, self.section))
        if label:
            named = self.words("Chapter {}" if level == 1 else "Section {}")
            self._define(label, named.format(number))
        return f"{match['marks']} {match['title']}" + (f" {{#{label}}}" if label else "")

    def _define(self, label, name):
        if label in self.names:
            raise ValueError(f"{self.notebook}: the label {label!r} is used twice")
        self.names[label], self.homes[label] = name, self.document

    def _link(self, match):
        text, label = match["text"], match["label"]
        if label is None:
            return match[0]
        if label not in self.names:
            raise ValueError(f"{self.notebook}: nothing has the label {label!r}")
        home = self.homes[label]
        if home != (match["document"] or self.document):
            raise ValueError(f"{self.notebook}: {label!r} is in {home}.html")
        elsewhere = "" if home == self.document else _name(home, "html", self.language)

        def linked(words):
            return words if elsewhere and self.on_paper else f"[{words}]({elsewhere}#{label})"

        if text.startswith("["):
            return linked(text)
        link = linked(self.names[label].replace(" ", "\N{NO-BREAK SPACE}"))
        bare = text in {"", *map(self.words, ("Figure", "Table", "Section", "Chapter"))}
        return link if bare else self.words("{} ({})").format(text, link)
