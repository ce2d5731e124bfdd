"""The research report: what notebooks show, and how they become one web page and one PDF.

Each notebook is a chapter. It opens with a ``# Heading`` and numbers nothing by hand: chapters,
sections, figures and tables are numbered here, in the order of the notebooks.

Showing. ``say()`` for sentences with numbers, ``table()`` and ``figure()`` for what has a caption.
A label starts with ``tab-``, ``fig-`` or ``sec-``; a section gets its label from a line
``<a id="sec-x"></a>``, then an empty line, then the heading.

Referring. ``[the learning curves](#fig-x)`` becomes "the learning curves (Figure 3)". A bare
``[Figure](#fig-x)`` (or Table, Section, Chapter, or no text at all) becomes "Figure 3". A text in
brackets of its own, ``[[1]](#sec-references)``, stays as it is. To what another notebook defines,
write ``[text](../reports/report.html#label)``: so the link leads somewhere from a single notebook
too. In the report both are the same.

Tags. ``plumbing``: code that shows what the package has, folded away everywhere; the code of other
cells is there to be read. ``abstract``: the cell's text or output is the abstract of the report;
``remove-cell``, ``remove-input``, ``remove-output``: left out. Standard error never appears.
"""

from __future__ import annotations

import base64
import difflib
import os
import re
import string
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed, wait
from pathlib import Path
from typing import TYPE_CHECKING

from mnist_compare import REPOSITORY

# Little is imported here: the tools below take seconds to load, and a notebook
# that only calls say() needs none of them.
if TYPE_CHECKING:
    import pandas
    from matplotlib.figure import Figure
    from nbformat import NotebookNode

    from mnist_compare.runs import Run

TITLE = "What a multilayer perceptron and a convolutional network really do on handwritten digits"
SUBTITLE = "A reproducible comparison on MNIST"

ASSETS = Path(__file__).parent / "assets"
TEXT_WIDTH = 6.3  # inches: an A4 page less its margins, see report.typ
KINDS = {"fig": "Figure", "tab": "Table"}
FOLDED = ("plumbing", "setup")  # tags of cells whose code is folded in Jupyter, Colab and the page

TRAINING, AFTER = ("02_mlp", "04_cnn"), "05_comparison"  # which shows the runs of those two

# Notebooks are written in CommonMark; these switch off what only pandoc would read into them.
MARKDOWN = (
    "markdown+lists_without_preceding_blankline-blank_before_header-blank_before_blockquote"
    "-citations-example_lists-fancy_lists-grid_tables-latex_macros-line_blocks-multiline_tables"
    "-raw_tex-simple_tables-subscript-superscript"
)
FENCE = "~" * 12  # longer than any that a notebook would print

_CODE = r"^(?P<fence>`{3,}|~{3,})[\s\S]*?^(?P=fence)[`~]*[ \t]*$"
_HEADING = re.compile(
    _CODE + r'|(?:^<a id="(?P<label>[^"]+)"></a>[ \t]*\n\s*\n)?'
    r"^(?P<marks>#{1,6})[ \t]+(?P<title>[^\n]+)$",
    re.MULTILINE,
)
_LINK = re.compile(
    _CODE + r"|`[^`\n]+`|(?<!!)\[(?P<text>(?:[^\[\]]|\[[^\[\]]*\])*)\]"
    r"\((?:\.\./reports/report\.html)?#(?P<label>[^)\s]+)\)",
    re.MULTILINE,
)
# An origin as git writes it: git@github.com:OWNER/NAME.git, https://github.com/OWNER/NAME, …
_ON_GITHUB = re.compile(
    r"(?:https://(?:[^@/]+@)?|(?:ssh://)?git@)github\.com[:/](?P<name>[\w.-]+/[\w.-]+?)(?:\.git)?/?"
)
LONGEST_LINE = 100  # of a table's source, in characters; one with longer lines fills the page
LONGEST_CELL = 60  # counted for the width of a column on paper; longer text is set in several lines
_NUMBER = re.compile(r"–|[\[−+-]*\d[^A-Za-z]*( points)?")  # also "98.7% ± 0.1%", "1.21 points"
_FOREIGN = re.compile(r"!\[[^\]]*\]\(|<(?:script|iframe|img|video|link|object|embed)\b", re.I)


def in_a_notebook() -> bool:
    """Tell whether a notebook's kernel is at work, one that can show tables and figures."""
    return _kernel() is not None


def somebody_is_there() -> bool:
    """Tell whether somebody watches the notebook run: nbclient and nbval have nobody."""
    # Jupyter and Colab let a kernel ask its user for input.
    return "MNIST_COMPARE_HEADLESS" not in os.environ and getattr(_kernel(), "_allow_stdin", False)


def _kernel():
    if "IPython" not in sys.modules:
        return None
    from IPython import get_ipython

    return getattr(get_ipython(), "kernel", None)


def recorded(*needed: str | Run) -> bool:
    """Tell whether a cell has the records that it needs; if not, display the reason in a sentence.

    ``needed`` are names of files in ``reports``, and runs of the reader's own. Such a run may only
    be compared with records of the same network, trained in the same way and measured after the
    same epochs.
    """
    from IPython.display import Markdown, display

    from mnist_compare import runs

    own = [run for run in needed if not isinstance(run, str)]
    files = {"runs.csv", "predictions.npz", *(name for name in needed if isinstance(name, str))}
    missing = sorted(name for name in files if not (runs.folder() / name).exists())
    marks = {} if missing else runs.fingerprints()
    if missing:
        reason = (
            f"This part needs records that are missing ({', '.join(missing)} in `reports`). They "
            "come with the repository; `python -m mnist_compare study` makes them again, by "
            "training and measuring."
        )
    elif any(marks.get((run.model, run.protocol)) != run.fingerprint for run in own):
        reason = (
            "The recorded runs are runs of a different network, so they are not compared with "
            "yours."
        )
    elif any({*runs.REPORTED_EPOCHS} - {row["epoch"] for row in run.measured} for run in own):
        epochs = " and ".join(map(str, runs.REPORTED_EPOCHS))
        reason = (
            f"The recorded runs were measured after {epochs} epochs; this run was shorter, so it "
            "is not compared with them."
        )
    else:
        return True
    display(Markdown(f"*{reason}*"))
    return False


def say(template: str, **extra: object) -> None:
    """Display ``template`` as Markdown, its {names} filled in from the run records.

    ``extra`` adds names of your own; where it has them all, no records are needed. Braces that are
    meant, as in formulas, are doubled. An unknown name raises KeyError and lists the names near it.
    """
    from IPython.display import Markdown, display

    values = extra
    if not {name for _, name, _, _ in string.Formatter().parse(template) if name} <= {*extra}:
        from mnist_compare.tables import numbers

        values = {**numbers(), **extra}
    try:
        text = template.format(**values)
    except KeyError as error:
        name = str(error.args[0])
        near = ", ".join(difflib.get_close_matches(name, values, n=5)) or "none"
        raise KeyError(
            f"the records hold no number named {name!r}; names near it: {near}"
        ) from None
    display(Markdown(text))


def table(
    frame: pandas.DataFrame,
    label: str,
    caption: str,
    formats: Mapping[str, str] | None = None,
    again: bool = False,
) -> None:
    """Display ``frame`` as a captioned table; ``formats`` maps columns to formats such as "{:.2%}".

    Columns of numbers align right. The index is shown if it has a name or is more than a range.
    Cells may hold Markdown and mathematics. A missing value is shown as a dash. Shown ``again``, it
    takes the place of the table with the same label.
    """
    text = _markdown(frame, formats or {})
    _display({"text/markdown": text, "text/plain": text}, label, caption, again=again)


def figure(source: Figure | Path | str, label: str, caption: str, again: bool = False) -> None:
    """Display a Matplotlib figure, or the PNG file at a path, with a caption.

    The figure with the label ``fig-first-digits`` is also written to ``figures/first_digits.png``.
    A figure 6.3 inches wide fills the page of the PDF, with its letters in their true size. Shown
    ``again``, it takes the place of the figure with the same label.
    """
    from mnist_compare import figures

    if not isinstance(source, Path | str):
        source = figures.save(source, label.removeprefix("fig-").replace("-", "_"))
    image = Path(source).read_bytes()
    bundle = {"image/png": base64.b64encode(image).decode(), "text/plain": caption}
    width = {"image/png": {"width": round(_inches(image) * 96)}}
    _display(bundle, label, caption, width, again)


def execute(notebooks: Iterable[Path | str]) -> None:
    """Run each notebook from top to bottom in a fresh kernel and store it with its outputs.

    As many run at a time as there are cores: those that train first, then the later and longer
    chapters, and last the one that shows again what was trained. A failing cell raises RuntimeError
    with the notebook, the cell's number and the error, and leaves the file as it was. What changes
    from run to run (times, versions) is not stored.
    """
    paths = {path.stem: path for path in sorted(map(Path, notebooks), reverse=True)}
    names = sorted(paths, key=lambda name: (name == AFTER, name not in TRAINING))
    with ThreadPoolExecutor(os.cpu_count()) as executor:
        running: dict[str, Future[str]] = {}
        try:
            for name in names:
                before = [
                    running[other] for other in TRAINING if name == AFTER and other in running
                ]
                running[name] = executor.submit(_execute_after, before, paths[name])
            for done in as_completed(running.values()):
                print(done.result(), flush=True)
        except BaseException:
            executor.shutdown(cancel_futures=True)
            raise


def _execute_after(before: Iterable[Future[str]], path: Path) -> str:
    wait(before)
    return _execute(path)


def _execute(path: Path) -> str:
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellControlSignal, CellExecutionError, DeadKernelError

    from mnist_compare import runs

    started = time.perf_counter()
    notebook = nbformat.read(path, as_version=4)
    _stamp(notebook, path)
    reached = []
    client = NotebookClient(
        notebook,
        timeout=1800,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(path.parent.resolve())}},
        on_cell_start=lambda cell, cell_index: reached.append(cell_index),
    )
    try:
        client.execute(stderr=subprocess.DEVNULL)  # TensorFlow's greetings
    except (CellControlSignal, DeadKernelError) as error:
        failed = isinstance(error, CellExecutionError)
        reason = f"{error.ename}: {error.evalue}" if failed else str(error)
        place = f"{path.name}, cell {reached[-1] + 1}"
        raise RuntimeError(f"{place} failed: {reason}") from error
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    with runs.whole(path) as temporary:
        nbformat.write(notebook, temporary)
    return f"{path.name}: {time.perf_counter() - started:.0f} s"


def build(notebooks: Sequence[Path | str], folder: Path | str) -> tuple[Path, Path]:
    """Merge executed notebooks, in the order given, into report.html and report.pdf in ``folder``.

    The same notebooks give the same bytes. ValueError if a label is unknown or used twice, if a
    notebook has not been executed, or if it shows something that a page cannot hold offline.
    """
    import pypandoc
    import typst

    from mnist_compare import runs

    folder = Path(folder)
    with tempfile.TemporaryDirectory() as scratch:
        paths = [Path(path) for path in notebooks]

        def convert(target: str, template: str, *options: str) -> str:
            text = _Merger(Path(scratch), on_paper=target == "typst").merge(paths)
            shared = ["--standalone", f"--template={ASSETS / template}", "--number-sections"]
            shared += ["--toc", "--toc-depth=2", f"--metadata=title:{TITLE}", "--metadata=lang:en"]
            shared += [f"--metadata=subtitle:{SUBTITLE}"]
            shared += [f"--columns={LONGEST_LINE}", "--wrap=none"]
            return pypandoc.convert_text(
                text, target, format=MARKDOWN, extra_args=[*shared, *options]
            )

        files = [f"--css={ASSETS / 'report.css'}", f"--resource-path={scratch}"]
        page = convert("html5", "report.html", *files, "--embed-resources", "--mathml")
        # TeX's \lVert keeps its size; only in pandoc's MathML does it grow.
        page = re.sub(r'stretchy="true"( form="\w+">‖)', r'stretchy="false"\1', page)
        source = Path(scratch, "report.typ")
        source.write_text(convert("typst", "report.typ", "--syntax-highlighting=idiomatic"))
        # Only the fonts inside typst, so that the pages are the same on every machine.
        paper = typst.compile(str(source), root=scratch, ignore_system_fonts=True)
    results = folder / "report.html", folder / "report.pdf"
    for path, content in zip(results, (page.encode(), paper), strict=True):
        with runs.whole(path) as temporary:
            temporary.write_bytes(content)
    return results


def _markdown(frame: pandas.DataFrame, formats: Mapping[str, str]) -> str:
    import pandas

    if frame.index.name or not isinstance(frame.index, pandas.RangeIndex):
        frame = frame.rename_axis(frame.index.name or "").reset_index()

    def shown(value: object, form: str) -> str:
        return "–" if pandas.isna(value) else form.format(value).replace("|", r"\|")

    columns = [[shown(value, formats.get(name, "{}")) for value in frame[name]] for name in frame]
    rows = [[shown(name, "{}") for name in frame], *zip(*columns, strict=True)]
    rules = ["---:" if all(map(_NUMBER.fullmatch, column)) else ":---" for column in columns]
    if max(len(_line(row)) for row in rows) > LONGEST_LINE:
        # pandoc sets such a table as wide as the page and shares out its width by the dashes.
        longest = [min(max(map(len, column)), LONGEST_CELL) for column in zip(*rows, strict=True)]
        rules = [r.replace("---", "-" * n) for r, n in zip(rules, longest, strict=True)]
    return "\n".join(map(_line, [rows[0], rules, *rows[1:]]))


def _line(row: Iterable[str]) -> str:
    return f"| {' | '.join(row)} |"


def _stamp(notebook: NotebookNode, path: Path) -> None:
    """Give the cells tagged ``badge`` and ``setup`` their text, the same in every notebook."""
    repository = _repository(path.parent)
    colab = repository.replace("github.com", "colab.research.google.com/github")
    set_up = (ASSETS / "setup_cell.py").read_text().rstrip()
    texts = {
        "badge": f"[![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]"
        f"({colab}/blob/main/notebooks/{path.name})",
        "setup": set_up.replace("{repository}", repository),
    }
    for cell in notebook.cells:
        for tag in texts.keys() & {*cell.metadata.get("tags", [])}:
            cell.source = texts[tag]
        if {*FOLDED} & {*cell.metadata.get("tags", [])}:
            cell.metadata |= {"jupyter": {"source_hidden": True}, "cellView": "form"}


def _repository(folder: Path) -> str:
    """Find where others can clone what lies in ``folder``: at its own origin, if that is on GitHub.

    So a fork stamps its own address without being told. Elsewhere it is the one of the package.
    """
    command = ["git", "-C", str(folder), "remote", "get-url", "origin"]
    try:
        origin = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except FileNotFoundError:  # no git on this machine
        return REPOSITORY
    found = _ON_GITHUB.fullmatch(origin.strip())
    return f"https://github.com/{found['name']}" if found else REPOSITORY


def update_readme(path: Path) -> None:
    """Put the results, from the records, between the two marks in the README."""
    from mnist_compare import ablation, reader_evidence, runs, tables

    before, mark, rest = path.read_text().partition("<!-- results -->\n")
    _, end, after = rest.partition("<!-- end of results -->")
    if not mark or not end:
        raise ValueError(f"{path} has lost its marks <!-- results --> and <!-- end of results -->.")
    with runs.whole(path) as temporary:
        sentence = reader_evidence.in_a_sentence(ablation.read())
        results = f"{_markdown(tables.results(), {})}\n\n{sentence}"
        temporary.write_text(f"{before}{mark}{results}\n{end}{after}")


def _display(
    bundle: dict[str, str],
    label: str,
    caption: str,
    metadata: dict[str, object] | None = None,
    again: bool = False,
) -> None:
    from IPython.display import display

    kind = label.split("-")[0]
    if kind not in KINDS:
        raise ValueError(f"the label {label!r} must start with one of: fig-, tab-")
    if not again:
        # The notebook on its own shows the caption too; in the report it belongs to the number.
        # It stands above, since a link to the label scrolls to it.
        note = {
            "text/markdown": f'<a id="{label}"></a>*{KINDS[kind]}: {caption}*',
            "text/plain": caption,
        }
        display(note, raw=True, metadata={"report": {"kind": "caption"}})
    report = {"kind": kind, "label": label, "caption": caption}
    metadata = {**(metadata or {}), "report": report}
    display(bundle, raw=True, metadata=metadata, display_id=label, update=again)


def _inches(png: bytes) -> float:
    from mnist_compare.figures import DOTS_PER_INCH

    return int.from_bytes(png[16:20], "big") / DOTS_PER_INCH


def _fenced(text: str, language: str) -> str:
    return f"{FENCE} {language}\n{text.rstrip()}\n{FENCE}"


def _as_printed(output: NotebookNode) -> NotebookNode:
    """Turn a value shown as plain words into printed text, so that it joins what is around it."""
    from nbformat.v4 import new_output

    data = output.get("data", {})
    plain = data.get("text/plain", "")
    # HTML stays where its words are only an object's name; tables of pandas read well as text.
    if {"image/png", "text/markdown"} & {*data} or not plain or plain.startswith("<"):
        return output
    return new_output("stream", name="stdout", text=plain.rstrip("\n") + "\n")


class _Merger:
    """Executed notebooks in, one Markdown document with everything numbered out."""

    def __init__(self, scratch: Path, on_paper: bool) -> None:
        self.scratch = scratch  # where the figures go
        self.on_paper = on_paper
        self.notebook = ""
        self.names: dict[str, str] = {}  # label: "Figure 3"
        self.counts = dict.fromkeys(KINDS, 0)
        self.section: list[int] = []
        self.abstract = ""

    def merge(self, paths: Iterable[Path]) -> str:
        import nbformat

        chapters = {}
        for path in paths:
            self.notebook = path.name
            chapters[path.name] = self._chapter(nbformat.read(path, as_version=4))
        texts = []
        # References may point forward: they are resolved when every label is known.
        for self.notebook, text in chapters.items():
            texts.append(_LINK.sub(self._link, text))
        self.notebook = "abstract"
        abstract = textwrap.indent(_LINK.sub(self._link, self.abstract.strip()), "  ")
        return f"---\nabstract: |\n{abstract}\n---\n\n" + "\n\n".join(texts)

    def _chapter(self, notebook: NotebookNode) -> str:
        from nbconvert.preprocessors import CoalesceStreamsPreprocessor

        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs = [
                    _as_printed(output) for output in cell.outputs if output.get("name") != "stderr"
                ]
        notebook, _ = CoalesceStreamsPreprocessor().preprocess(notebook, {})
        parts = []
        for cell in notebook.cells:
            tags = cell.metadata.get("tags", [])
            if "abstract" in tags:
                self.abstract = "\n\n".join(self._cell(cell, {*tags, "remove-input"}))
            elif "remove-cell" not in tags:
                parts += self._cell(cell, tags)
        return _HEADING.sub(self._heading, "\n\n".join(parts))

    def _cell(self, cell: NotebookNode, tags: Iterable[str]) -> Iterator[str]:
        if cell.cell_type == "markdown":
            yield self._prose(cell.source)
        elif cell.cell_type == "code" and cell.source.strip():
            if cell.execution_count is None:
                raise ValueError(f"{self.notebook} has cells that were never executed")
            code = _fenced(cell.source, "python")
            if not {*FOLDED, "remove-input"} & {*tags}:
                yield code
            elif "remove-input" not in tags and not self.on_paper:  # paper cannot unfold it
                yield _fenced("<details><summary>Code</summary>", "{=html}")
                yield code
                yield _fenced("</details>", "{=html}")
            if "remove-output" not in tags:
                yield from filter(None, map(self._output, cell.outputs))

    def _output(self, output: NotebookNode) -> str:
        from nbconvert.filters import strip_ansi

        if output.output_type == "stream":
            return _fenced(strip_ansi(output.text), "output")
        if output.output_type == "error":
            raise ValueError(f"{self.notebook} holds a cell that failed: {output.ename}")
        data, report = output.get("data", {}), output.get("metadata", {}).get("report", {})
        if report.get("kind") == "caption":
            return ""
        if report:
            return self._captioned(data, **report)
        if "image/png" in data:
            raise ValueError(f"{self.notebook} shows a picture without a caption: use figure()")
        if "text/markdown" in data:
            return self._prose(data["text/markdown"])
        return _fenced(self._prose(data["text/html"]), "{=html}") if "text/html" in data else ""

    def _captioned(self, data: Mapping[str, str], kind: str, label: str, caption: str) -> str:
        self.counts[kind] += 1
        name = f"{KINDS[kind]} {self.counts[kind]}"
        self._define(label, name)
        caption = f"**{name}.** {' '.join(self._prose(caption).split())}"
        if kind == "tab":
            frame = _fenced('<div class="table">', "{=html}"), _fenced("</div>", "{=html}")
            return f"\n\n{data['text/markdown']}\n\n: {caption} {{#{label}}}\n\n".join(frame)
        image = base64.b64decode(data["image/png"])
        (self.scratch / f"{label}.png").write_bytes(image)
        width = min(1.0, _inches(image) / TEXT_WIDTH)
        return f"![{caption}]({label}.png){{#{label} width={width:.0%}}}"

    def _prose(self, text: str) -> str:
        if found := _FOREIGN.search(text):
            raise ValueError(
                f"{self.notebook}: the report cannot hold {found[0]!r}, as it loads nothing from "
                "outside; show pictures with figure(), or tag the cell remove-cell"
            )
        return text

    def _heading(self, match: re.Match[str]) -> str:
        if match["marks"] is None:
            return match[0]
        level = len(match["marks"])
        above = (self.section + [0] * level)[:level]
        self.section = [*above[:-1], above[-1] + 1]
        number = ".".join(map(str, self.section))
        label = match["label"]
        if label:
            self._define(label, f"{'Chapter' if level == 1 else 'Section'} {number}")
        return f"{match['marks']} {match['title']}" + (f" {{#{label}}}" if label else "")

    def _define(self, label: str, name: str) -> None:
        if label in self.names:
            raise ValueError(f"{self.notebook}: the label {label!r} is used twice")
        self.names[label] = name

    def _link(self, match: re.Match[str]) -> str:
        text, label = match["text"], match["label"]
        if label is None:
            return match[0]
        if label not in self.names:
            raise ValueError(f"{self.notebook}: nothing has the label {label!r}")
        if text.startswith("["):
            return f"[{text}](#{label})"
        link = "[{}](#{})".format(self.names[label].replace(" ", "\N{NO-BREAK SPACE}"), label)
        bare = text in {"", "Figure", "Table", "Section", "Chapter"}
        return link if bare else f"{text} ({link})"
