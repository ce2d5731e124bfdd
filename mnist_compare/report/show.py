"""What notebooks show: sentences with numbers, tables and figures with captions.

Labels start with ``tab-``, ``fig-`` or ``sec-``; ``build.py`` says how they are numbered.
"""

import base64
import os
import re
import sys
from pathlib import Path

from mnist_compare.report import tables, translation
from mnist_compare.report.sentences import Names, filled

# pandas and Matplotlib take seconds to load, and a notebook that only calls say() needs neither.

KINDS = {"fig": "Figure", "tab": "Table"}
BEFORE, ANSWER, TITLE = "Predict before you look.", "Answer", "To take away"
PLAIN = "<IPython.core.display.Markdown object>"  # what a terminal shows, as IPython says it


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
    _tell(lambda language: " ".join(filled(sentences, numbers, language)))


def ask(question, answer, **numbers):
    """Display a question to think about before its results are seen, and its answer, folded away.

    On paper the answer is a footnote. Both are Markdown, of one paragraph each, with {names} to be
    filled in as in ``say()``.
    """

    def said(language):
        before, folded = (translation.translated(each, language) for each in (BEFORE, ANSWER))
        asked, answered = map(translation.key, filled((question, answer), numbers, language))
        folded = f"<details><summary>{folded}</summary>\n\n{answered}\n\n</details>"
        return f"**{before}** {asked}\n\n{folded}"

    _tell(said)


def takeaway(*points, **numbers):
    """Display the box that ends a chapter: its points, Markdown, {names} filled in as in ``say()``.

    A point that refers to empty ``Names`` is left out.
    """

    def said(language):
        shown = map(translation.key, filled(points, numbers, language))
        title = translation.translated(TITLE, language)
        lines = [f"**{title}**", "", *(f"- {point}" for point in shown)]
        return "\n".join(f"> {line}".rstrip() for line in lines)

    _tell(said)


def _tell(said):
    """Display ``said(language)``, Markdown."""
    from IPython.display import Markdown, display

    def made(language):
        return {"text/markdown": said(language), "text/plain": PLAIN}, {}

    bundle, _ = _spoken(made)
    display(Markdown(bundle["text/markdown"]), metadata=_editions(made))


def spoken():
    """Return the language of the notebook that runs, which its set-up cell names."""
    return os.environ.get("MNIST_COMPARE_LANGUAGE", translation.LANGUAGES[0])


def _editions(made):
    """Return the metadata that hold ``made(language)`` for each other edition of the report."""
    others = os.environ.get("MNIST_COMPARE_EDITIONS", "").split()
    return {"editions": {each: _linked(*made(each), each) for each in others}} if others else {}


def _spoken(made):
    """Return ``made(language)`` for the language of the notebook that runs."""
    if spoken() == translation.LANGUAGES[0]:
        return made(spoken())
    return _linked(*made(spoken()), spoken(), os.environ.get("MNIST_COMPARE_UP", ".."))


def _linked(bundle, metadata, language, up="../.."):
    """Return a bundle whose links lead to the report in a language, and its metadata."""
    if "text/markdown" in bundle:
        bundle["text/markdown"] = translation.linked(bundle["text/markdown"], language, up)
    return bundle, metadata


def label(*parts):
    """Return the label of a figure or table that is named after networks of any name."""
    return "-".join(re.sub(r"[^\w-]", "_", part) for part in parts)


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
        text = tables.markdown(frame, formats or {}, language, alphabetical)
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

    drawn = {}

    def made(language):
        said = _caption(caption, numbers, language)
        about = {"alt": translation.translated(alt, language) if alt else said}
        if isinstance(source, Path | str):
            image, vector = _file(Path(source), language).read_bytes(), None
        else:
            image, vector, described = _drawn(source, label, language, drawn)
            about = {"alt": about["alt"] if alt else described or said, "pixels": not vector}
        bundle = {"text/plain": said, "image/png": base64.b64encode(image).decode()}
        if vector:
            bundle["image/svg+xml"] = vector
        shown = {"image/png": {"width": round(inches(image) * 96), "alt": about["alt"]}}
        return bundle, shown, about

    _display(made, label, (caption, numbers), again)


def _drawn(figure, label, language, before):
    """Return a figure in a language as PNG, as SVG or None, and what it shows.

    ``before`` holds what was drawn before: pictures without words look the same in all languages.
    """
    from mnist_compare.report import alts, figures, labels, vectors

    name, english = label.removeprefix("fig-").replace("-", "_"), translation.LANGUAGES[0]
    look = language if labels.differ(figure, language) else english
    with labels.speaking(figure, language):
        if look not in before:
            saved = language == english
            image = figures.save(figure, name).read_bytes() if saved else figures.png(figure)
            with figures.laid_out(figure):
                before[look] = image, vectors.draw(figure)
        return *before[look], alts.describe(figure, language)


def _file(path, language):
    """Return the path of a picture in a language, if there is one, else the path as it is."""
    other = path.with_stem(f"{path.stem}_{language}")
    return other if other.exists() else path


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
        (template,) = filled([template], numbers, language)
    return translation.translated(template, language)


def _raw(made, **options):
    """Display ``made(language)``, a bundle and its metadata."""
    from IPython.display import display

    bundle, metadata = _spoken(made)
    display(bundle, raw=True, metadata=metadata | _editions(made), **options)


def inches(png):
    """Return the width of a PNG picture made by ``figures.save()``."""
    from mnist_compare.report.figures import DOTS_PER_INCH

    return int.from_bytes(png[16:20], "big") / DOTS_PER_INCH
