"""How labelled drawings are read: those of a class, or what the demo has collected.

A folder has ``DIR/<digit>/*.png`` and files of ``writers``, ``DIR/*.json``. The class page makes
the same tables of the same files.
"""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from PIL import Image, ImageOps

from mnist_compare import predictor
from mnist_compare.demo import writers
from mnist_compare.files import atomically
from mnist_compare.picture_files import open_picture
from mnist_compare.preprocessing import PIPELINES, preprocess
from mnist_compare.records import networks
from mnist_compare.report.words import spoken, translation
from mnist_compare.report.words.spoken import said
from mnist_compare.study.statistics import share_by

MOST_SHOWN = 60  # misread drawings on the contact sheet
SHOWN_SIDE = 140  # pixels of each


class Drawing(NamedTuple):
    """One drawing: whose it is, in which file, and there in which place, and what it is to be."""

    writer: str
    file: Path
    place: int
    label: int


def measure(path, models: Sequence[str] | None = None) -> tuple[pd.DataFrame, list[str]]:
    """Return the answers of models, by default all, to a folder's drawings, and what is skipped.

    The answers are a frame of digits with a row for each ``Drawing``, its fields the index, and a
    column for each (model, pipeline). Pictures that name no writer have one each. The second is a
    list with a sentence for every file that is no drawing. Raises ValueError if there is none.
    """
    path = Path(path)
    files = [*sorted(path.glob("[0-9]/[!.]*")), *sorted(path.glob("[!.]*.json"))]
    files = [file for file in files if file.suffix == ".json" or file.is_file()]
    if not files:
        raise ValueError(
            f"There are no drawings in {path}: {path}/7/any-name.png would be a seven, and "
            f"{path}/digits-any-code.json a file of the class page."
        )
    names = models or sorted({*networks.SERVED, *predictor.names()})
    loaded = {name: predictor.load(name) for name in names}
    seen, skipped = _read(files)
    if not seen:
        raise ValueError(f"None of the {len(files)} files in {path} is a drawing. {skipped[0]}")
    answers = {}
    for name, model in loaded.items():
        for pipeline, digits in zip(PIPELINES, np.stack([*seen.values()], axis=1), strict=True):
            answers[name, pipeline] = model(digits).argmax(axis=1)
    return pd.DataFrame(answers, pd.MultiIndex.from_tuples(seen, names=Drawing._fields)), skipped


def _read(files):
    """Return {drawing: its digit by each pipeline}, and a sentence for each that is none."""
    seen: dict[Drawing, list[np.ndarray]] = {}
    skipped: list[str] = []
    known: dict[object, Path] = {}
    for file in files:
        of_class = file.suffix == ".json"
        try:
            content = hashlib.sha256(writers.content(file)).digest() if of_class else file
            if known.setdefault(content, file) != file:
                raise ValueError(f"it is the same as {known[content].name}")
            for drawing, picture in _drawings(file):
                results = [preprocess(picture, pipeline) for pipeline in PIPELINES]
                if not results[-1].blank:
                    seen[drawing] = [result.digit for result in results]
                else:
                    where = f"for digit {drawing.place + 1} of it" if of_class else "on it"
                    skipped.append(f"{file}: nothing is drawn {where}")
        except (ValueError, OSError) as error:
            skipped.append(f"{file}: {error}")
    return seen, skipped


def _drawings(file) -> Iterator[tuple[Drawing, Image.Image]]:
    if file.suffix != ".json":
        yield Drawing(str(file), file, 0, int(file.parent.name)), open_picture(file)
        return
    code, digits, pictures = writers.read(file)
    for place, picture in enumerate(pictures):
        yield Drawing(code, file, place, int(digits[place])), picture


def rates(answers: pd.DataFrame) -> pd.DataFrame:
    """Return n, correct, rate, and its 95 % interval from low to high, per model and pipeline.

    The interval is over writers, as ``statistics.share_by()`` says.
    """
    labels, by = (answers.index.get_level_values(name) for name in ("label", "writer"))

    def rate(digits):
        right = (digits == labels).to_numpy()
        low, high = share_by(right, by)
        n, correct = len(right), int(right.sum())
        return {"n": n, "correct": correct, "rate": correct / n, "low": low, "high": high}

    return pd.DataFrame.from_dict({key: rate(answers[key]) for key in answers}, orient="index")


def save_pictures(answers, path, pipeline="center"):
    """Write a confusion matrix per model and a sheet of what was misread; return the paths."""
    from mnist_compare.report.draw import figures, labels, sheets

    read, meant = answers.xs(pipeline, axis=1, level=1), answers.index.get_level_values("label")
    drawn = {
        f"confusion_{model}_{pipeline}": figures.confusion_matrix(meant, read[model])
        for model in read
    }
    (Path(path) / f"misread_{pipeline}.png").unlink(missing_ok=True)  # of an earlier measurement
    wrong = read[read.ne(meant, axis=0).any(axis=1)][:MOST_SHOWN]
    if len(wrong):
        called = {m: translation.translated(networks.title(m), spoken.language()) for m in wrong}
        titles = [
            "\n".join([f"is {label}", *(f"{called[m]} {digit}" for m, digit in row.items())])
            for (*_, label), row in wrong.iterrows()
        ]
        sheet = [_thumbnail(Drawing(*index)) for index in wrong.index]
        drawn[f"misread_{pipeline}"] = sheets.digit_grid(sheet, titles, columns=6, size=1.05)
    for name, figure in drawn.items():
        with (
            labels.speaking(figure, spoken.language()),
            atomically(Path(path) / f"{name}.png") as temporary,
        ):
            figure.savefig(temporary, dpi=150, facecolor="white")
    return [Path(path) / f"{name}.png" for name in drawn]


def _thumbnail(drawing):
    """Return a drawing as a small square, bright on dark, as the figures' digits are."""
    picture = dict(_drawings(drawing.file))[drawing].convert("L")
    return 255 - np.asarray(ImageOps.pad(picture, (SHOWN_SIDE, SHOWN_SIDE), color=255))


def summary(answers):
    """Return what there is to say of a folder of drawings, in the language that is spoken."""
    table = rates(answers).rename_axis(["network", "pipeline"]).map("{:.1%}".format)
    table["95 % interval"] = table.low + "–" + table.high
    table = table.rename(columns={"rate": "read correctly"})
    table = table[["read correctly", "95 % interval"]].reset_index()
    count, writers = len(answers), answers.index.get_level_values("writer").nunique()
    title = "Drawings: {count}, writers: {writers}." if writers < count else "Drawings: {count}."
    with pd.option_context("display.unicode.east_asian_width", True):
        text = table.rename(columns=said).to_string(index=False)
    return f"{said(title, count=count, writers=writers)}\n{text}"
