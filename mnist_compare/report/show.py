"""What notebooks show: sentences with numbers, tables and figures with captions.

Labels start with ``tab-``, ``fig-`` or ``sec-``; ``build.py`` says how they are numbered.
"""

import base64
import difflib
import os
import re
import string
import sys
from pathlib import Path

# pandas and Matplotlib take seconds to load, and a notebook that only calls say() needs neither.

KINDS = {"fig": "Figure", "tab": "Table"}
LONGEST_LINE = 100  # characters in a table's source; a table with longer lines fills the page
LONGEST_CELL = 60  # characters that widen a column on paper; longer text is wrapped
_TARGET = re.compile(r"(?<=\])\([^)]*\)")  # of a link, which is not seen
_NUMBER = re.compile(r"–|[\[−+-]*\d[^A-Za-z]*( points)?")  # also "98.7% ± 0.1%", "1.21 points"


class Names(tuple):
    """Words that a sentence lists: “a, b and c”, or joined by the format's text.

    ``say()`` leaves out a sentence that would list none.
    """

    def __format__(self, separator):
        """Join the words by the separator or, without one, as English lists them."""
        if separator or len(self) < 2:
            return separator.join(self)
        return f"{', '.join(self[:-1])} and {self[-1]}"

    @property
    def n(self):
        """Return how many there are."""
        return len(self)


def in_a_notebook():
    """Return whether this runs in a notebook's kernel, which can show tables and figures."""
    return _kernel() is not None


def somebody_is_there():
    """Return whether somebody watches the notebook run, and not only nbclient or nbval."""
    # Jupyter and Colab let a kernel ask its user for input.
    return "MNIST_COMPARE_HEADLESS" not in os.environ and getattr(_kernel(), "_allow_stdin", False)


def _kernel():
    if "IPython" not in sys.modules:
        return None
    from IPython import get_ipython

    return getattr(get_ipython(), "kernel", None)


def recorded(*needed):
    """Return whether the records that a cell needs are there; if not, display why.

    ``needed`` are names of files in ``reports``, beside those of the runs, and ``Run`` objects of
    the reader's own. These may be compared only with records of the same network, trained in the
    same way and measured after the same epochs.
    """
    from IPython.display import Markdown, display

    from mnist_compare.records import runs
    from mnist_compare.records.place import here
    from mnist_compare.training import REPORTED_EPOCHS

    own = [run for run in needed if not isinstance(run, str)]
    files = {file for file in needed if isinstance(file, str)} | {file.file for file in runs.FILES}
    missing = sorted(file for file in files if not (here().records / file).exists())
    marks = {} if missing else runs.fingerprints()
    if missing:
        reason = (
            f"This part needs records that are missing ({', '.join(missing)} in `reports`). They "
            "come with the repository; `python -m mnist_compare study` makes them again, by "
            "training and measuring."
        )
    elif any(marks.get((run.model, run.protocol)) != run.fingerprint for run in own):
        reason = (
            "The recorded runs belong to a different network, so they are not compared with yours."
        )
    elif any({*REPORTED_EPOCHS} - {row["epoch"] for row in run.measured} for run in own):
        epochs = " and ".join(map(str, REPORTED_EPOCHS))
        reason = (
            f"The recorded runs were measured after {epochs} epochs; this run was shorter, so it "
            "is not compared with them."
        )
    else:
        return True
    display(Markdown(f"*{reason}*"))
    return False


def say(*sentences, **numbers):
    """Display sentences as Markdown, their {names} filled in from ``numbers``.

    A sentence that refers to empty ``Names`` is left out. Literal braces, as in formulas, are
    doubled. An unknown name raises KeyError, which lists similar names.
    """
    from IPython.display import Markdown, display

    display(Markdown(" ".join(_filled(sentences, numbers))))


def ask(question, answer, **numbers):
    """Display a question to think about before its results are seen, and its answer, folded away.

    On paper the answer is a footnote. Both are Markdown, of one paragraph each, with {names} to be
    filled in as in ``say()``.
    """
    from IPython.display import Markdown, display

    question, answer = (" ".join(fill(each, **numbers).split()) for each in (question, answer))
    folded = f"<details><summary>Answer</summary>\n\n{answer}\n\n</details>"
    display(Markdown(f"**Predict before you look.** {question}\n\n{folded}"))


def takeaway(*points, **numbers):
    """Display the box that ends a chapter: its points, Markdown, {names} filled in as in ``say()``.

    A point that refers to empty ``Names`` is left out.
    """
    from IPython.display import Markdown, display

    said = (" ".join(point.split()) for point in _filled(points, numbers))
    lines = ["**To take away**", "", *(f"- {point}" for point in said)]
    display(Markdown("\n".join(f"> {line}".rstrip() for line in lines)))


def fill(template, **numbers):
    """Return ``template`` with its {names} filled in; an unknown name raises KeyError."""
    try:
        return template.format(**numbers)
    except KeyError as error:
        name = str(error.args[0])
        near = ", ".join(difflib.get_close_matches(name, numbers, n=5)) or "none"
        raise KeyError(f"there is no number named {name!r}; names near it: {near}") from None


def _filled(templates, numbers):
    def lists_nothing(template):
        fields = (name or "" for _, name, _, _ in string.Formatter().parse(template))
        listed = [numbers.get(field.partition(".")[0]) for field in fields]
        return any(isinstance(each, Names) and not each for each in listed)

    return [fill(each, **numbers) for each in templates if not lists_nothing(each)]


def table(frame, label, caption, formats=None, again=False):
    """Display a DataFrame as a captioned table; ``formats`` maps columns to such as "{:.2%}".

    Columns of numbers are aligned right. The index is shown if it has a name or is not a range.
    Cells may hold Markdown and mathematics; missing values become dashes. With ``again``, the table
    replaces the one of the same label.
    """
    text = markdown(frame, formats or {})
    _display({"text/markdown": text, "text/plain": text}, label, caption, again=again)


def figure(source, label, caption, alt=None, again=False):
    """Display a Matplotlib figure, or the PNG file at a path, with a caption.

    The figure with the label ``fig-first-digits`` is also saved as ``figures/first_digits.png``. A
    width of 6.3 inches fills the page of the PDF, where fonts keep their size. ``alt`` says what is
    to be seen to those who do not see it; without, a figure is described from its data, and a file
    by its caption. With ``again``, the figure replaces the one of the same label.
    """
    from mnist_compare.report import alts, figures, vectors

    bundle, about = {"text/plain": caption}, {"alt": alt or caption}
    if not isinstance(source, Path | str):
        drawn, source = source, figures.save(source, label.removeprefix("fig-").replace("-", "_"))
        if vector := vectors.draw(drawn):
            bundle["image/svg+xml"] = vector
        about = {"alt": alt or alts.describe(drawn) or caption, "pixels": not vector}
    image = Path(source).read_bytes()
    bundle["image/png"] = base64.b64encode(image).decode()
    shown = {"image/png": {"width": round(inches(image) * 96), "alt": about["alt"]}}
    _display(bundle, label, caption, shown, again, **about)


def markdown(frame, formats):
    """Return a DataFrame as a table in Markdown, as ``table()`` shows it."""
    import pandas

    if frame.index.name or not isinstance(frame.index, pandas.RangeIndex):
        frame = frame.rename_axis(frame.index.name or "").reset_index()

    def shown(value, form):
        return "–" if pandas.isna(value) else form.format(value).replace("|", r"\|")

    columns = [[shown(value, formats.get(name, "{}")) for value in frame[name]] for name in frame]
    rows = [[shown(name, "{}") for name in frame], *zip(*columns, strict=True)]
    rules = ["---:" if all(map(_NUMBER.fullmatch, column)) else ":---" for column in columns]
    if max(len(_line(row)) for row in rows) > LONGEST_LINE:
        # pandoc makes such a table as wide as the page, in proportion to the dashes.
        widths = [_width(column) for column in zip(*rows, strict=True)]
        rules = [r.replace("---", "-" * n) for r, n in zip(rules, widths, strict=True)]
    return "\n".join(map(_line, [rows[0], rules, *rows[1:]]))


def _width(column):
    """Return how many dashes a column gets: its longest cell, or more if a word needs them."""
    shown = [_TARGET.sub("", cell) for cell in column]
    word = max(len(word) for cell in shown for word in cell.split() or [""])
    # The widths add up to nearly two lines, and three characters go between two columns.
    return min(max(2 * (word + 3), *map(len, shown)), LONGEST_CELL)


def _line(row):
    return f"| {' | '.join(row)} |"


def _display(bundle, label, caption, metadata=None, again=False, **about):
    from IPython.display import display

    kind = label.split("-")[0]
    if kind not in KINDS:
        raise ValueError(f"the label {label!r} must start with fig- or tab-")
    if not again:
        # The notebook on its own shows the caption; in the report it belongs to the number. It
        # stands above, since a link to the label scrolls to it.
        note = {
            "text/markdown": f'<a id="{label}"></a>*{KINDS[kind]}: {caption}*',
            "text/plain": caption,
        }
        display(note, raw=True, metadata={"report": {"kind": "caption"}})
    report = {"kind": kind, "label": label, "caption": caption, **about}
    metadata = {**(metadata or {}), "report": report}
    display(bundle, raw=True, metadata=metadata, display_id=label, update=again)


def inches(png):
    """Return the width of a PNG picture made by ``figures.save()``."""
    from mnist_compare.report.figures import DOTS_PER_INCH

    return int.from_bytes(png[16:20], "big") / DOTS_PER_INCH
