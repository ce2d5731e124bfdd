"""Labelled drawings in a folder, ``DIR/<digit>/*.png``: kept by the demo, measured by a command.

Beside the pictures, the demo writes ``DIR/log.csv``: a row per drawing with what the networks
answered when it was kept.
"""

import csv
import os
import secrets
import threading
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

from mnist_compare import networks, predictor
from mnist_compare.preprocessing import PIPELINES, open_picture, preprocess

LARGEST_FOLDER = 50_000_000  # bytes: tens of thousands of drawings
LOG = "log.csv"
COLUMNS = ("time", "label", "pipeline", "models", "digits", "confidences", "file")
BANDS = [0, predictor.UNSURE_BELOW, 0.9, 0.99, 1.01]  # of confidence
BAND_NAMES = ["below 60%", "60% to 90%", "90% to 99%", "99% and above"]
MOST_SHOWN = 60  # misread drawings on the contact sheet
SHOWN_SIDE = 140  # pixels of each


class Folder:
    """A folder that keeps labelled drawings, up to a size."""

    def __init__(self, path, named=True, largest=LARGEST_FOLDER):
        """Use the folder at the path; ``named`` tells whether its users may know where it is."""
        self.path, self.named, self._largest = Path(path), named, largest
        self._lock = threading.Lock()
        files = self.path.rglob("*") if self.path.is_dir() else ()
        self._size = sum(file.stat().st_size for file in files if file.is_file())

    def add(self, picture, label, pipeline, answer):
        """Keep a picture and the ``Answer`` given to it; return whether there was room."""
        with self._lock:
            if self._size >= self._largest:
                return False
            now = datetime.now().astimezone()
            name = f"{label}/{now:%Y%m%d-%H%M%S}-{secrets.token_hex(4)}.png"
            file, log = self.path / name, self.path / LOG
            file.parent.mkdir(parents=True, exist_ok=True)
            picture.convert("RGB").save(file, "PNG")
            models = list(answer.probabilities)
            row = (
                now.isoformat(timespec="seconds"),
                label,
                pipeline,
                " ".join(models),
                " ".join(str(answer.digit(model)) for model in models),
                " ".join(f"{answer.confidence(model):.4f}" for model in models),
                name,
            )
            is_new = not log.exists()
            with log.open("a", newline="", encoding="utf-8") as out:
                csv.writer(out, lineterminator="\n").writerows([COLUMNS, row] if is_new else [row])
            self._size += file.stat().st_size + sum(map(len, map(str, row)))
        return True


def own_folder():
    """Return where a user's own drawings are kept, in the place for data of programs."""
    data = os.environ.get("XDG_DATA_HOME") or os.environ.get("LOCALAPPDATA")
    return Path(data or Path.home() / ".local" / "share") / "mnist_compare" / "drawings"


def measure(path, models=None):
    """Return the answers of models, by default all, to a folder's drawings, and what is skipped.

    The answers are a frame of digits with a row for each drawing, known by its ``file`` and
    ``label``, and a column for each (model, pipeline). The second is a list with a sentence for
    every file that is no drawing. Raises ValueError if there is no drawing.
    """
    path = Path(path)
    found = sorted(f for d in range(10) for f in (path / str(d)).glob("*") if f.is_file())
    if not found:
        raise ValueError(
            f"There are no drawings in {path}: {path}/7/any-name.png would be a seven."
        )
    models = {name: predictor.load(name) for name in models or predictor.names()}
    seen, skipped = {}, []
    for file in found:
        try:
            drawing = open_picture(file)
            results = [preprocess(drawing, pipeline) for pipeline in PIPELINES]
            if results[-1].blank:
                raise ValueError("nothing is drawn on it")
        except (ValueError, OSError) as error:
            skipped.append(f"{file}: {error}")
        else:
            seen[file, int(file.parent.name)] = [result.digit for result in results]
    if not seen:
        raise ValueError(f"None of the {len(found)} files in {path} is a drawing. {skipped[0]}")
    digits = dict(zip(PIPELINES, np.stack([*seen.values()], axis=1), strict=True))
    answers = {
        (name, pipeline): model(digits[pipeline]).argmax(axis=1)
        for name, model in models.items()
        for pipeline in PIPELINES
    }
    return pd.DataFrame(answers, pd.MultiIndex.from_tuples(seen, names=["file", "label"])), skipped


def rates(answers):
    """Return n, correct, rate, and its 95 % interval from low to high, per model and pipeline."""
    from scipy.stats import binomtest

    def rate(digits):
        n, correct = len(digits), int((digits == digits.index.get_level_values("label")).sum())
        low, high = binomtest(correct, n).proportion_ci(method="wilson")
        return {"n": n, "correct": correct, "rate": correct / n, "low": low, "high": high}

    return pd.DataFrame.from_dict({key: rate(answers[key]) for key in answers}, orient="index")


def save_pictures(answers, path, pipeline="center"):
    """Write into the folder a confusion matrix per model and a sheet of what was misread.

    All are of one pipeline. Return the paths.
    """
    from mnist_compare.report import figures

    given, labels = answers.xs(pipeline, axis=1, level=1), answers.index.get_level_values("label")
    made = {
        f"confusion_{model}_{pipeline}": figures.confusion_matrix(labels, given[model])
        for model in given
    }
    (Path(path) / f"misread_{pipeline}.png").unlink(missing_ok=True)  # of an earlier measurement
    wrong = given[given.ne(labels, axis=0).any(axis=1)][:MOST_SHOWN]
    if len(wrong):
        named = wrong.rename(columns=networks.title)
        titles = [
            "\n".join([f"is {label}", *(f"{title} {digit}" for title, digit in row.items())])
            for (_, label), row in named.iterrows()
        ]
        sheet = [_thumbnail(file) for file, _ in wrong.index]
        made[f"misread_{pipeline}"] = figures.digit_grid(sheet, titles, columns=6, size=1.05)
    for name, figure in made.items():
        figure.savefig(Path(path) / f"{name}.png", dpi=150, facecolor="white")
    return [Path(path) / f"{name}.png" for name in made]


def summary(answers, path):
    """Return what there is to say of a folder of drawings as text for a terminal."""
    shown = rates(answers).rename_axis(["model", "pipeline"]).map("{:.1%}".format)
    shown["95 % interval"] = shown.low + " to " + shown.high
    shown = shown.rename(columns={"rate": "read"})[["read", "95 % interval"]].reset_index()
    parts = [f"{len(answers)} drawings, read correctly:", shown.to_string(index=False)]
    if tables := log_tables(path):
        confused, sure = tables
        parts += ["", f"The answers in {LOG}, given when the drawings were kept:"]
        parts += [confused.to_string(index=False) if len(confused) else "No digit was misread."]
        parts += ["", sure.to_string(index=False, formatters={"right": "{:.1%}".format})]
    return "\n".join(parts)


def log_tables(path):
    """Return two tables of the folder's log, or None without one.

    The first tells which digits are taken for which others, the second how often the networks are
    right when they are how sure; both count the answers given when a drawing was kept.
    """
    log = Path(path) / LOG
    if not log.is_file():
        return None
    lists = ["models", "digits", "confidences"]
    table = pd.read_csv(log, dtype=str)
    table[lists] = table[lists].apply(lambda column: column.str.split())
    table = table.explode(lists).astype({"label": int, "digits": int, "confidences": float})
    table["right"] = table.label == table.digits
    confused = table[~table.right].groupby(["models", "label", "digits"]).size()
    confused = confused.sort_values(ascending=False, kind="stable").rename("times").reset_index()
    bands = pd.cut(table.confidences, BANDS, right=False, labels=BAND_NAMES)
    sure = table.groupby(["models", bands], observed=True).right.agg(["size", "mean"])
    sure = sure.reset_index().set_axis(["model", "confidence", "answers", "right"], axis=1)
    return confused.set_axis(["model", "digit", "read as", "times"], axis=1), sure


def _thumbnail(file):
    """Return a drawing as a small square, bright on dark, as the figures' digits are."""
    picture = open_picture(file).convert("L")
    picture.thumbnail((SHOWN_SIDE, SHOWN_SIDE))
    square = Image.new("L", (SHOWN_SIDE, SHOWN_SIDE), 255)
    square.paste(picture, ((SHOWN_SIDE - picture.width) // 2, (SHOWN_SIDE - picture.height) // 2))
    return 255 - np.asarray(square)
