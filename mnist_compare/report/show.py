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
from unicodedata import east_asian_width

from mnist_compare.report import translation

# pandas and Matplotlib take seconds to load, and a notebook that only calls say() needs neither.

KINDS = {"fig": "Figure", "tab": "Table"}
BEFORE, ANSWER, TITLE = "Predict before you look.", "Answer", "To take away"
PLAIN = "<IPython.core.display.Markdown object>"  # what a terminal shows, as IPython says it
LONGEST_LINE = 100  # characters in a table's source; a table with longer lines fills the page
LONGEST_CELL = 60  # characters that widen a column on paper; longer text is wrapped
_TARGET = re.compile(r"(?<=\])\([^)]*\)")  # of a link, which is not seen
_NUMBER = re.compile(r"–|[\[−+-]*\d[^A-Za-z]*( points|%p)?")  # also "98.7% ± 0.1%", "1.21 points"


class Names(tuple):
    """Words that a sentence lists: “a, b and c”, or joined by the format's text.

    ``say()`` leaves out a sentence that would list none.
    """

    last = " and "  # before the last word

    def __format__(self, separator):
        """Join the words by the separator or, without one, as the language lists them."""
        if separator or len(self) < 2:
            return separator.join(self)
        return f"{', '.join(self[:-1])}{self.last}{self[-1]}"

    def into(self, language):
        """Return the words in a language, listed as it lists them."""
        names = Names(_into(each, language) for each in self)
        names.last = translation.translated(" and ", language)
        return names

    @property
    def n(self):
        """Return how many there are."""
        return len(self)


class Sentence(str):
    """A sentence made elsewhere, its {names} filled in, that a template may name."""

    def __new__(cls, template, **numbers):
        """Fill in the template as ``say()`` does."""
        sentence = super().__new__(cls, fill(template, **numbers))
        sentence.template, sentence.numbers = template, numbers
        return sentence

    def into(self, language):
        """Return the sentence in a language."""
        return _filled([self.template], self.numbers, language)[0]


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
    from mnist_compare.records import runs
    from mnist_compare.records.place import here
    from mnist_compare.training import REPORTED_EPOCHS

    own = [run for run in needed if not isinstance(run, str)]
    files = {file for file in needed if isinstance(file, str)} | {file.file for file in runs.FILES}
    missing = sorted(file for file in files if not (here().records / file).exists())
    marks = {} if missing else runs.fingerprints()
    if missing:
        reason = (
            "*This part needs records that are missing ({missing:, } in `reports`). They come with "
            "the repository; `python -m mnist_compare study` makes them again, by training and "
            "measuring.*"
        )
    elif any(marks.get((run.model, run.protocol)) != run.fingerprint for run in own):
        reason = (
            "*The recorded runs belong to a different network, so they are not compared with "
            "yours.*"
        )
    elif any({*REPORTED_EPOCHS} - {row["epoch"] for row in run.measured} for run in own):
        reason = (
            "*The recorded runs were measured after {epochs} epochs; this run was shorter, so it "
            "is not compared with them.*"
        )
    else:
        return True
    say(reason, missing=Names(missing), epochs=Names(map(str, REPORTED_EPOCHS)))
    return False


def say(*sentences, **numbers):
    """Display sentences as Markdown, their {names} filled in from ``numbers``.

    A sentence that refers to empty ``Names`` is left out. Literal braces, as in formulas, are
    doubled. An unknown name raises KeyError, which lists similar names.
    """
    _tell(lambda language: " ".join(_filled(sentences, numbers, language)))


def ask(question, answer, **numbers):
    """Display a question to think about before its results are seen, and its answer, folded away.

    On paper the answer is a footnote. Both are Markdown, of one paragraph each, with {names} to be
    filled in as in ``say()``.
    """

    def said(language):
        before, folded = (translation.translated(each, language) for each in (BEFORE, ANSWER))
        asked, answered = map(translation.key, _filled((question, answer), numbers, language))
        folded = f"<details><summary>{folded}</summary>\n\n{answered}\n\n</details>"
        return f"**{before}** {asked}\n\n{folded}"

    _tell(said)


def takeaway(*points, **numbers):
    """Display the box that ends a chapter: its points, Markdown, {names} filled in as in ``say()``.

    A point that refers to empty ``Names`` is left out.
    """

    def said(language):
        shown = map(translation.key, _filled(points, numbers, language))
        title = translation.translated(TITLE, language)
        lines = [f"**{title}**", "", *(f"- {point}" for point in shown)]
        return "\n".join(f"> {line}".rstrip() for line in lines)

    _tell(said)


def fill(template, **numbers):
    """Return ``template`` with its {names} filled in; an unknown name raises KeyError."""
    try:
        return template.format(**numbers)
    except KeyError as error:
        name = str(error.args[0])
        near = ", ".join(difflib.get_close_matches(name, numbers, n=5)) or "none"
        raise KeyError(f"there is no number named {name!r}; names near it: {near}") from None


def _tell(said):
    """Display ``said(language)``, Markdown."""
    from IPython.display import Markdown, display

    def made(language):
        return {"text/markdown": said(language), "text/plain": PLAIN}, {}

    display(Markdown(said(spoken())), metadata=_editions(made))


def spoken():
    """Return the language of the notebook that runs, which its set-up cell names."""
    return os.environ.get("MNIST_COMPARE_LANGUAGE", translation.LANGUAGES[0])


def _editions(made):
    """Return the metadata that hold ``made(language)`` for each other edition of the report."""
    others = os.environ.get("MNIST_COMPARE_EDITIONS", "").split()
    return {"editions": {each: made(each) for each in others}} if others else {}


def _filled(templates, numbers, language):
    def lists_nothing(template):
        fields = (name or "" for _, name, _, _ in string.Formatter().parse(template))
        listed = [numbers.get(field.partition(".")[0]) for field in fields]
        return any(isinstance(each, Names) and not each for each in listed)

    numbers = {name: _into(value, language) for name, value in numbers.items()}
    filled = [
        fill(translation.translated(each, language), **numbers)
        for each in templates
        if not lists_nothing(each)
    ]
    return [translation.units(each, language) for each in filled]


def _into(value, language):
    """Return a number as it is, and words in the language."""
    if isinstance(value, Names | Sentence):
        return value.into(language)
    return translation.translated(value, language) if isinstance(value, str) else value


def table(
    frame, label, caption, formats=None, again=False, alphabetical=False, **numbers
):  # fmt: skip
    """Display a DataFrame as a captioned table; ``formats`` maps columns to such as "{:.2%}".

    Columns of numbers are aligned right. The index is shown if it has a name or is not a range.
    Cells may hold Markdown and mathematics; missing values become dashes. The {names} of a caption
    are filled in from ``numbers``. With ``again``, the table replaces the one of the same label;
    if it is ``alphabetical``, its rows are in the order of their first words in each language.
    """

    def made(language):
        text = markdown(frame, formats or {}, language, alphabetical)
        return {"text/markdown": text, "text/plain": text}, {}, {}

    _display(made, label, (caption, numbers), again)


def figure(source, label, caption, alt=None, again=False, **numbers):
    """Display a Matplotlib figure, or the PNG file at a path, with a caption.

    The figure with the label ``fig-first-digits`` is also saved as ``figures/first_digits.png``. A
    width of 6.3 inches fills the page of the PDF, where fonts keep their size. ``alt`` says what is
    to be seen to those who do not see it; without, a figure is described from its data, and a file
    by its caption. The {names} of a caption are filled in from ``numbers``. With ``again``, the
    figure replaces the one of the same label.

    In another language than English, nothing is saved, and a file gives way to one beside it whose
    name ends in the language, as in ``demo_ko.png``, where there is one.
    """

    def made(language):
        said = _caption(caption, numbers, language)
        about = {"alt": translation.translated(alt, language) if alt else said}
        if isinstance(source, Path | str):
            image, vector = _file(Path(source), language).read_bytes(), None
        else:
            image, vector, described = _drawn(source, label, language)
            about = {"alt": about["alt"] if alt else described or said, "pixels": not vector}
        bundle = {"text/plain": said, "image/png": base64.b64encode(image).decode()}
        if vector:
            bundle["image/svg+xml"] = vector
        shown = {"image/png": {"width": round(inches(image) * 96), "alt": about["alt"]}}
        return bundle, shown, about

    _display(made, label, (caption, numbers), again)


def _drawn(figure, label, language):
    """Return a figure in a language as PNG, as SVG or None, and what it shows."""
    from mnist_compare.report import alts, figures, labels, vectors

    name = label.removeprefix("fig-").replace("-", "_")
    with labels.speaking(figure, language):
        english = language == translation.LANGUAGES[0]
        image = figures.save(figure, name).read_bytes() if english else figures.png(figure)
        return image, vectors.draw(figure), alts.describe(figure, language)


def _file(path, language):
    """Return the path of a picture in a language, if there is one, else the path as it is."""
    other = path.with_stem(f"{path.stem}_{language}")
    return other if other.exists() else path


def markdown(frame, formats, language="en", alphabetical=False):
    """Return a DataFrame as a table in Markdown, as ``table()`` shows it, in a language."""
    import pandas

    if frame.index.name or not isinstance(frame.index, pandas.RangeIndex):
        frame = frame.rename_axis(frame.index.name or "").reset_index()

    def shown(value, form):
        if pandas.isna(value):
            return "–"
        said = translation.translated(form.format(_into(value, language)), language)
        return said.replace("|", r"\|")

    columns = [[shown(value, formats.get(name, "{}")) for value in frame[name]] for name in frame]
    body = [*zip(*columns, strict=True)]
    if alphabetical:
        body.sort(key=lambda row: re.sub(r"\W", "", row[0]).casefold())
    rows = [[shown(name, "{}") for name in frame], *body]
    rules = ["---:" if all(map(_NUMBER.fullmatch, column)) else ":---" for column in columns]
    if max(_length(_line(row)) for row in rows) > LONGEST_LINE:
        # pandoc makes such a table as wide as the page, in proportion to the dashes.
        widths = [_width(column) for column in zip(*rows, strict=True)]
        rules = [r.replace("---", "-" * n) for r, n in zip(rules, widths, strict=True)]
    return "\n".join(map(_line, [rows[0], rules, *rows[1:]]))


def _width(column):
    """Return how many dashes a column gets: its longest cell, or more if a word needs them."""
    shown = [_TARGET.sub("", cell) for cell in column]
    word = max(_length(word) for cell in shown for word in cell.split() or [""])
    # The widths add up to nearly two lines, and three characters go between two columns.
    return min(max(2 * (word + 3), *map(_length, shown)), LONGEST_CELL)


def _length(text):
    """Return how many Latin letters are about as wide as a text: Hangul is twice as wide."""
    return len(text) + sum(east_asian_width(letter) == "W" for letter in text)


def _line(row):
    return f"| {' | '.join(row)} |"


def _display(made, label, caption, again):
    """Display ``made(language)``, a bundle, its metadata and what is to be known of it.

    ``caption`` is a template and the numbers to be filled in.
    """
    kind = label.split("-")[0]
    if kind not in KINDS:
        raise ValueError(f"the label {label!r} must start with fig- or tab-")

    def note(language):
        # The notebook on its own shows the caption; in the report it belongs to the number. It
        # stands above, since a link to the label scrolls to it.
        kind_of, said = translation.translated(KINDS[kind], language), _caption(*caption, language)
        bundle = {
            "text/markdown": f'<a id="{label}"></a>*{kind_of}: {said}*',
            "text/plain": said,
        }
        return bundle, {"report": {"kind": "caption"}}

    def captioned(language):
        bundle, metadata, about = made(language)
        said = _caption(*caption, language)
        report = {"kind": kind, "label": label, "caption": said, **about}
        return bundle, {**metadata, "report": report}

    if not again:
        _raw(note)
    _raw(captioned, display_id=label, update=again)


def _caption(template, numbers, language):
    """Return a caption, in which braces stand for themselves where there are no numbers."""
    if numbers:
        (template,) = _filled([template], numbers, language)
    return translation.translated(template, language)


def _raw(made, **options):
    """Display ``made(language)``, a bundle and its metadata."""
    from IPython.display import display

    bundle, metadata = made(spoken())
    display(bundle, raw=True, metadata=metadata | _editions(made), **options)


def inches(png):
    """Return the width of a PNG picture made by ``figures.save()``."""
    from mnist_compare.report.figures import DOTS_PER_INCH

    return int.from_bytes(png[16:20], "big") / DOTS_PER_INCH
