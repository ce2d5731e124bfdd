"""Build the research report: one web page and one PDF from the executed notebooks.

Each notebook is a chapter. It opens with a ``# Heading``; chapters, sections, figures and tables
are numbered here, in the order of the notebooks.

Labels start with ``tbl-``, ``fig-`` or ``sec-``. Tables and figures have theirs among the options
of their cell; a section has the line ``<a id="sec-x"></a>`` and an empty line before its heading.

References: ``[the learning curves](#fig-x)`` becomes "the learning curves (Figure 3)". A bare
``[Figure](#fig-x)`` (or Table, Section, Chapter, or no text at all) becomes "Figure 3". Text in
brackets of its own, ``[[1]](#sec-references)``, stays as it is. A link to another notebook's label
is written ``[text](../reports/report.html#label)``, so that it works in a single notebook too.

Code with the option ``echo: false`` is folded away; other code is there to be read. The text of a
cell tagged ``abstract`` is the abstract of the report. The tags ``remove-cell``, ``remove-input``
and ``remove-output`` leave parts out. Standard error never appears.

Figures are drawings in the colours of the page, and vectors on paper, where there is one; the
others are pictures. Each says what it shows to those who do not see it.

A part of the report begins before each chapter whose number ``PARTS`` names. An answer that is
folded away is a footnote on paper.
"""

import base64
import json
import os
import re
import tempfile
import textwrap
from functools import partial
from pathlib import Path

from mnist_compare.front import pads, parts
from mnist_compare.front.parts import FONTS
from mnist_compare.place import whole
from mnist_compare.report import hands_on, hangul, options, stamps, vectors
from mnist_compare.report.drawing import inches
from mnist_compare.report.notebooks import ASSETS
from mnist_compare.report.tables import LONGEST_LINE
from mnist_compare.report.translation import LANGUAGES, NAMES, translated

TITLE = "What a multilayer perceptron and a convolutional network really do on handwritten digits"
SUBTITLE = "A reproducible comparison on MNIST"
TITLE_PAGE = ("author", "course", "date")
# What the page says beside its text; the script puts a heading's words in place of {}.
WORDS = {
    "abstract": "Abstract",
    "contents": "Contents",
    "skip": "Skip to the text",
    "light": "Light",
    "dark": "Dark",
    "link": "Link to “{}”",
}
NUMBERED = {"fig": "Figure {}", "tbl": "Table {}"}
PARTS = {"01": "Part one: the comparison", "06": "Part two: beyond it", "12": "Appendices"}
TEXT_WIDTH = 6.3  # inches: an A4 page less its margins, see report.typ

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
    r"\((?:(?:\.\./)+reports/report(?:_\w+)?\.html)?#(?P<label>[^)\s]+)\)",
    re.MULTILINE,
)
_ANSWER = re.compile(r"\n\n<details><summary>[^<]+</summary>\n\n(.+?)\n\n</details>", re.DOTALL)
_FOREIGN = re.compile(r"!\[[^\]]*\]\(|<(?:script|iframe|img|video|link|object|embed)\b", re.I)


def build(notebooks, folder, language=LANGUAGES[0], editions=(), **named):
    """Merge executed notebooks, in order, into report.html and report.pdf; return their paths.

    In another language than English, that of the notebooks, the files are report_ko.html and so on.
    The page has a link to its ``editions`` in other languages. ``named`` may hold another ``title``
    and ``subtitle``, ``inplace`` for figures that stay between their paragraphs on paper, and the
    ``author``, ``course`` and ``date`` of a title page; without any of these three there is none.
    Equal arguments give equal bytes. Raises ValueError if a label is unknown or used twice, if a
    notebook has not been executed, or if it shows something that is loaded from elsewhere.
    """
    import pypandoc
    import typst

    words = partial(translated, language=language)
    with tempfile.TemporaryDirectory() as scratch:
        about = {"title": words(TITLE), "subtitle": words(SUBTITLE), "lang": language} | named
        about |= {"titlepage": "true"} if {*named} & {*TITLE_PAGE} else {}
        # Escaped, since pandoc reads the metadata of a file as Markdown.
        metadata = {key: re.sub(r"([^\w\s])", r"\\\1", value) for key, value in about.items()}
        metadata["words"] = {name: words(text) for name, text in WORDS.items()}
        metadata["editions"] = [
            {
                "lang": other,
                "name": NAMES[other],
                "href": _name("report.html", other),
                "pdf": _name("report.pdf", other),
            }
            for other in editions
        ]
        of_the_page = Path(scratch, "page.json")
        of_the_page.write_text(json.dumps(metadata), "utf-8")

        def convert(target, template, *options):
            merger = _Merger(Path(scratch), target == "typst", language)
            text = merger.merge(map(Path, notebooks))
            if pads.MARK in text:  # and so another one at the beginning
                place = pads.pad("center", parts.strings()[language]["noscript"])
                options = (*options, f"--variable=pad:{place}")
            shared = ["--standalone", f"--template={ASSETS / template}", "--number-sections"]
            shared += ["--toc", "--toc-depth=2", f"--columns={LONGEST_LINE}", "--wrap=none"]
            shared += [f"--metadata-file={of_the_page}"]
            return pypandoc.convert_text(text, target, MARKDOWN, extra_args=[*shared, *options])

        files = [f"--css={ASSETS / 'report.css'}", f"--resource-path={scratch}{os.pathsep}{ASSETS}"]
        page = convert("html5", "report.html", *files, "--embed-resources", "--mathml")
        # Pandoc's MathML lets \lVert grow; TeX does not.
        page = re.sub(r'stretchy="true"( form="\w+">‖)', r'stretchy="false"\1', page)
        page = page.replace("<th ", '<th scope="col" ')
        # A drawing has its description as a label; it knows no alternative text.
        page = re.sub(r'(<svg [^>]*?) alt="[^"]*"', r"\1", page)
        # Where it is narrow, a line may break before an interval, but not within it.
        page = re.sub(r"(\[[+−]?[\d.]+%?,) (?=[+−]?[\d.]+%?\])", "\\1\N{NO-BREAK SPACE}", page)
        if pads.MARK in page:
            # Ahead of the text, so that the first pad need not wait for all of it.
            living = pads.living(language, hands_on.of(page))
            page = page.replace("</header>", f"</header>\n{living}", 1)
        links = "".join(NAMES[other] for other in editions)
        if style := hangul.styles(links if language == LANGUAGES[0] else page):
            page = page.replace("</head>", f"<style>{style}</style>\n</head>", 1)
        source = Path(scratch, "report.typ")
        source.write_text(
            convert("typst", "report.typ", "--syntax-highlighting=idiomatic"), "utf-8"
        )
        # With typst's own fonts and ours only, the pages are the same on every machine.
        fonts = {"font_paths": [FONTS], "ignore_system_fonts": True}
        paper = typst.compile(str(source), root=scratch, **fonts)
    results = [Path(folder, _name(name, language)) for name in ("report.html", "report.pdf")]
    for path, content in zip(results, (page.encode(), paper), strict=True):
        with whole(path) as temporary:
            temporary.write_bytes(content)
    return results


def _name(file, language):
    """Return the name of a file's edition in a language."""
    stem, _, kind = file.partition(".")
    return file if language == LANGUAGES[0] else f"{stem}_{language}.{kind}"


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
    """Merges executed notebooks into one Markdown document, with everything numbered."""

    def __init__(self, scratch, on_paper, language):
        self.scratch, self.on_paper = scratch, on_paper  # scratch is where the figures go
        self.words = partial(translated, language=language)
        self.notebook = self.abstract = ""
        self.names, self.section = {}, []  # {label: "Figure 3"}, [2, 1] for 2.1
        self.counts = dict.fromkeys(NUMBERED, 0)

    def merge(self, paths):
        import nbformat

        chapters, texts = {}, []
        for path in paths:
            self.notebook = path.name
            chapters[path.name] = self._chapter(nbformat.read(path, as_version=4))
        # References may point forward, so they are resolved once every label is known.
        for self.notebook, text in chapters.items():
            texts.append(_LINK.sub(self._link, text))
            if part := PARTS.get(self.notebook[:2]):
                texts[-1] = f"# {self.words(part)} {{.part .unnumbered}}\n\n{texts[-1]}"
        self.notebook = "abstract"
        abstract = textwrap.indent(_LINK.sub(self._link, self.abstract.strip()), "  ")
        return f"---\nabstract: |\n{abstract}\n---\n\n" + "\n\n".join(texts)

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
                self.abstract = "\n\n".join(self._cell(cell, {*tags, "remove-input"}))
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
            elif "remove-input" not in tags and not self.on_paper:  # paper cannot unfold it
                yield _fenced(f"<details><summary>{self.words('Code')}</summary>", "{=html}")
                yield code
                yield _fenced("</details>", "{=html}")
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
        caption = f"**{name}.** {' '.join(self._prose(text).split())}"
        if kind == "tbl":
            frame = _fenced('<div class="table">', "{=html}"), _fenced("</div>", "{=html}")
            return f"\n\n{data['text/markdown']}\n\n: {caption} {{#{label}}}\n\n".join(frame)
        image = base64.b64decode(data["image/png"])
        width = min(1.0, inches(image) / TEXT_WIDTH)
        alt = chosen.get("fig-alt") or data["text/plain"] or text
        about = f'#{label} width={width:.0%} alt="{_quoted(alt)}"'
        if vector := data.get("image/svg+xml"):
            # Within the page, a drawing takes its colours.
            image = (vector if self.on_paper else vectors.in_page_colours(vector)).encode()
            about += " .inline-svg"
        elif "alt" in output["metadata"].get("image/png", {}):  # a drawing of digits' pixels
            about += " .pixels"
        file = f"{label}.svg" if vector else f"{label}.png"
        (self.scratch / file).write_bytes(image)
        return f"![{caption}]({file}){{{about}}}"

    def _prose(self, text):
        if found := _FOREIGN.search(text):
            raise ValueError(
                f"{self.notebook}: the report cannot hold {found[0]!r}, as it loads nothing from "
                "outside; show pictures with figure(), or tag the cell remove-cell"
            )
        return text

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
        self.names[label] = name

    def _link(self, match):
        text, label = match["text"], match["label"]
        if label is None:
            return match[0]
        if label not in self.names:
            raise ValueError(f"{self.notebook}: nothing has the label {label!r}")
        if text.startswith("["):
            return f"[{text}](#{label})"
        link = "[{}](#{})".format(self.names[label].replace(" ", "\N{NO-BREAK SPACE}"), label)
        bare = text in {"", *map(self.words, ("Figure", "Table", "Section", "Chapter"))}
        return link if bare else self.words("{} ({})").format(text, link)
