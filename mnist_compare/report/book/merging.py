"""Merge executed notebooks into documents in Markdown, with everything numbered.

Each notebook is a chapter. It opens with a ``# Heading``; chapters, sections, figures and tables
are numbered here, in the order of the notebooks and on from one document to the next.

Labels start with ``tbl-``, ``fig-`` or ``sec-``. Tables and figures have theirs among the options
of their cell, and below it a cell with the line ``<a id="fig-x"></a>``, an empty line and the
caption, ``**Figure.** Learning curves.``; a section has such a line before its heading. The anchor
of a figure has a ``title``: the alternative text, for those who do not see the picture.

References: ``[the learning curves](#fig-x)`` becomes "the learning curves (Figure 3)". A bare
``[Figure](#fig-x)`` (or Table, Section, Chapter, or no text at all) becomes "Figure 3". Text in
brackets of its own, ``[[1]](#sec-references)``, stays as it is. A link to another notebook's label
is written ``[text](../reports/report.html#label)``, so that it works in a single notebook too. On
paper, what is in another document has its number and no link.

Code with the option ``echo: false`` is out of sight until a reader of the page asks for all code;
other code is there to be read. The cells tagged ``abstract`` are the abstract of the report; on the
page, a pad stands between its first paragraph and the rest, in place of its figure. The tags
``remove-cell``, ``remove-input`` and ``remove-output`` leave parts out. Standard error never
appears. An answer that is folded away is a footnote on paper.
"""

import base64
import io
import re
import textwrap
from functools import partial
from pathlib import Path

from PIL import Image

from mnist_compare.page import parts
from mnist_compare.report.book import options
from mnist_compare.report.draw import vectors
from mnist_compare.report.draw.drawing import inches
from mnist_compare.report.words import stamps, tables
from mnist_compare.report.words.translation import LANGUAGES, translated

NUMBERED = {"fig": "Figure {}", "tbl": "Table {}"}
NARROW = 616  # pixels: the least width of the column of text beside a margin, see report.css
TALL = 1.9  # inches: such a figure may float, as the gap before it would be large
TEXT_WIDTH = 6.5  # inches: an A4 page less its margins, see report.typ
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
_ANSWER = re.compile(r"\n\n<details><summary>[^<]+</summary>\n\n(.+?)\n\n</details>", re.DOTALL)
_CAPTION = re.compile(
    r'<a id="(?P<label>(?:fig|tbl)-[^"]+)"(?: title="(?P<title>[^"]+)")?></a>\s+'
    r"\*\*[^*]+\*\*\s+(?P<text>.+)",
    re.DOTALL,
)
_FOREIGN = re.compile(r"!\[[^\]]*\]\(|<(?:script|iframe|img|video|link|object|embed)\b", re.I)


def file_name(document: str, kind: str, language: str) -> str:
    """Return the name of a document's file in a language, ``kind`` being "html" or "pdf"."""
    return f"{document}.{kind}" if language == LANGUAGES[0] else f"{document}_{language}.{kind}"


def _fenced(text, language):
    return f"{FENCE} {language}\n{text.rstrip()}\n{FENCE}"


def _as_printed(output):
    """Turn a value shown as plain text into printed text, so that it joins adjacent output.

    Of pandas's tables, which are HTML as well, a table in Markdown is made.
    """
    from nbformat.v4 import new_output

    data = output.get("data", {})
    plain = data.get("text/plain", "")
    if 'class="dataframe"' in data.get("text/html", ""):
        data["text/markdown"] = tables.of_pandas(data["text/html"])
    # HTML stays if the text is only an object's name.
    if {"image/png", "text/markdown"} & {*data} or not plain or plain.startswith("<"):
        return output
    return new_output("stream", name="stdout", text=plain.rstrip("\n") + "\n")


def _is_table(data):
    return data.get("text/markdown", "").startswith("|")


def _without_outputs(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], 0
    return notebook


class Merger:
    """Merges notebooks in a language for a page or for paper; ``scratch`` gets the pictures.

    With ``only``, the name of a notebook, the others are numbered, but not written and need not
    have been executed. Raises ValueError if a label is unknown, used twice or sought in the wrong
    document, if a notebook has not been executed, or if it shows something that is loaded from
    elsewhere.
    """

    def __init__(self, scratch, on_paper, language, only=""):
        self.scratch, self.on_paper = scratch, on_paper  # scratch is where the figures go
        self.language, self.words = language, partial(translated, language=language)
        self.only, self.document, self.notebook = only, "", ""
        self.names, self.homes = {}, {}  # {label: "Figure 3"}, {label: (document, notebook)}
        self.captions = {}  # {label: ``_CAPTION``'s match}
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
                notebook, before = nbformat.read(path, as_version=4), self.section[0]
                if self.only and path.stem != self.only:
                    self._chapter(_without_outputs(notebook))
                    continue
                chapters.append((self.document, path.name, self._chapter(notebook)))
                if self.only:
                    self.before[self.document] = before
        # References may point forward, so they are resolved once every label is known.
        written = dict.fromkeys(document for document, *_ in chapters)
        texts = {name: [self.abstract(name)] for name in written}
        for self.document, self.notebook, text in chapters:
            texts[self.document].append(_LINK.sub(self._link, text))
        return {name: "\n\n".join(found) for name, found in texts.items()}

    def abstract(self, document):
        """Return the abstract of a document that has been merged, as metadata for pandoc."""
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
                continue
            cell.source = stamps.plain(cell.source)
            if found := _CAPTION.fullmatch(cell.source):
                self.captions[found["label"]] = found
        notebook, _ = CoalesceStreamsPreprocessor().preprocess(notebook, {})
        parts = []
        for cell in notebook.cells:
            tags = cell.metadata.get("tags", [])
            if "abstract" in tags:
                kept = self._cell(cell, {*tags, "remove-input"})
                if self.only in ("", Path(self.notebook).stem):
                    self.abstracts.setdefault(self.document, []).extend(kept)
            elif "remove-cell" not in tags:
                parts += self._cell(cell, tags)
        return _HEADING.sub(self._heading, "\n\n".join(parts))

    def _cell(self, cell, tags):
        if cell.cell_type == "markdown" and not _CAPTION.fullmatch(cell.source):
            text = self._prose(cell.source)
            yield _ANSWER.sub(r"^[\1]", text) if self.on_paper else text
        elif cell.cell_type == "code" and cell.source.strip():
            if cell.execution_count is None:
                raise ValueError(
                    f"{self.notebook} has cells that were never executed: run it first"
                )
            chosen = options.of(cell.source)
            if "label" in chosen:
                self._count(chosen["label"])
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
                yield self._captioned(output, kind, label)
                label = ""  # what comes after it has none
            elif shown := self._output(output):
                yield shown
        if label in self.captions:
            # Without records there is nothing above the caption, to which links still lead.
            caption = self.captions[label]["text"]
            yield f"::: {{#{label}}}\n\n**{self.names[label]}.** {caption}\n\n:::"

    def _output(self, output):
        from nbconvert.filters import strip_ansi

        if output.output_type == "stream":
            drawn = "│" in output.text  # a frame, whose lines must not be broken
            return _fenced(strip_ansi(output.text), "{.output .drawn}" if drawn else "output")
        if output.output_type == "error":
            raise ValueError(f"{self.notebook} holds a cell that failed: {output.ename}")
        data = output.get("data", {})
        if "image/png" in data:
            raise ValueError(f"{self.notebook} shows a picture without a label and a caption")
        if "text/markdown" in data:
            return self._prose(data["text/markdown"])
        return _fenced(self._prose(data["text/html"]), "{=html}") if "text/html" in data else ""

    def _captioned(self, output, kind, label):
        data = output["data"]
        if label not in self.captions:
            raise ValueError(f"{self.notebook}: {label} has no caption")
        _, said, caption = self.captions[label].groups()
        caption = f"**{self.names[label]}.** {self._prose(' '.join(caption.split()))}"
        if kind == "tbl":
            frame = _fenced('<div class="table">', "{=html}"), _fenced("</div>", "{=html}")
            table = self._prose(data["text/markdown"])
            return f"\n\n{table}\n\n: {caption} {{#{label}}}\n\n".join(frame)
        if not said:
            raise ValueError(f"{self.notebook}: {label} has no alternative text as its title")
        file, attributes = self._picture(output, label)
        said = said.replace("\\", r"\\")
        return f'![{caption}]({file}){{#{label} alt="{said}" {attributes}}}'

    def _picture(self, output, label):
        """Write the picture of an output; return its file and its attributes."""
        data = output["data"]
        image = base64.b64decode(data["image/png"])
        width, height = inches(image)
        attributes = f"width={min(1.0, width / TEXT_WIDTH):.0%}"
        wide = width > TEXT_WIDTH
        if svg := data.get("image/svg+xml"):
            attributes += " .inline-svg"
            if not self.on_paper:  # within the page, a drawing takes its colours
                svg, least = vectors.in_the_page(svg)
                attributes += f" least={least}"
                wide = wide or least > NARROW
            file, content = f"{label}.svg", svg.encode()
        else:
            file, content = f"{label}.png", image
            attributes += " .pixels"
        attributes += " .tall" * (self.on_paper and height > TALL)
        attributes += " wide=1" * (wide and not self.on_paper)
        if not svg and not self.on_paper:
            content = parts.webp(Image.open(io.BytesIO(image)))
            return parts.stored(self.scratch, content, "webp"), attributes
        (self.scratch / file).write_bytes(content)
        return file, attributes

    def _prose(self, text):
        if found := _FOREIGN.search(text):
            raise ValueError(
                f"{self.notebook}: the report cannot hold {found[0]!r}, as it loads nothing from "
                "outside; show pictures with figure(), or tag the cell remove-cell"
            )
        return tables.unbroken(text)

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

    def _count(self, label):
        kind, _, _ = label.partition("-")
        self.counts[kind] += 1
        self._define(label, self.words(NUMBERED[kind]).format(self.counts[kind]))

    def _define(self, label, name):
        if label in self.names:
            raise ValueError(f"{self.notebook}: the label {label!r} is used twice")
        self.names[label], self.homes[label] = name, (self.document, self.notebook)

    def _link(self, match):
        text, label = match["text"], match["label"]
        if label is None:
            return match[0]
        if label not in self.names:
            raise ValueError(f"{self.notebook}: nothing has the label {label!r}")
        home, notebook = self.homes[label]
        if home != (match["document"] or self.document):
            raise ValueError(f"{self.notebook}: {label!r} is in {home}.html")
        here = home == self.document and (not self.only or notebook == self.notebook)
        elsewhere = "" if here else file_name(home, "html", self.language)

        def linked(words):
            return words if elsewhere and self.on_paper else f"[{words}]({elsewhere}#{label})"

        if text.startswith("["):
            return linked(text)
        link = linked(self.names[label].replace(" ", "\N{NO-BREAK SPACE}"))
        bare = text in {"", *map(self.words, ("Figure", "Table", "Section", "Chapter"))}
        return link if bare else self.words("{} ({})").format(text, link)
