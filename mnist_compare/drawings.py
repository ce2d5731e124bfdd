"""Labelled drawings in a folder, ``DIR/<digit>/*.png``: kept by the demo, measured by a command.

Beside the pictures, the demo writes ``DIR/log.csv``: a row per drawing with what the models read in
it when it was kept.
"""

import csv
import os
import secrets
import threading
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from mnist_compare import predictor
from mnist_compare.preprocessing import PIPELINES, open_picture, preprocess
from mnist_compare.runs import SHOWN_AS

LARGEST_FOLDER = 50_000_000  # bytes: tens of thousands of drawings
LOG = "log.csv"
COLUMNS = ("time", "label", "pipeline", "models", "digits", "confidences", "file")
BANDS = [0, 0.6, 0.9, 0.99, 1.01]  # of confidence; the first is that of the unsure
BAND_NAMES = ["below 60%", "60% to 90%", "90% to 99%", "99% and above"]
MOST_SHOWN = 60  # misread drawings on the contact sheet


class Folder:
    """A folder that keeps labelled drawings, up to a size."""

    def __init__(self, path, named=True, largest=LARGEST_FOLDER):
        """Use the folder at the path; ``named`` tells whether its users may know where it is."""
        self.path, self.named, self._largest = Path(path), named, largest
        self._lock = threading.Lock()
        files = self.path.rglob("*") if self.path.is_dir() else ()
        self._size = sum(file.stat().st_size for file in files if file.is_file())

    def add(self, picture, label, pipeline, read):
        """Keep a picture, with what the models ``read`` in it; return whether there was room."""
        with self._lock:
            if self._size >= self._largest:
                return False
            now = datetime.now().astimezone()
            name = f"{label}/{now:%Y%m%d-%H%M%S}-{secrets.token_hex(4)}.png"
            file, log = self.path / name, self.path / LOG
            file.parent.mkdir(parents=True, exist_ok=True)
            picture.convert("RGB").save(file, "PNG")
            models = list(read.probabilities)
            row = (
                now.isoformat(timespec="seconds"),
                label,
                pipeline,
                " ".join(models),
                " ".join(str(read.digit(model)) for model in models),
                " ".join(f"{read.confidence(model):.4f}" for model in models),
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


@dataclass(frozen=True)
class Reading:
    """What the models read in a folder of labelled drawings.

    ``files`` and ``labels`` are (n,), ``digits`` maps model and pipeline to the digits read, (n,),
    and ``skipped`` is a sentence for every file that could not be read.
    """

    files: list
    labels: np.ndarray
    digits: dict
    skipped: list

    def rates(self):
        """Return {model: {pipeline: n, correct, rate, and a 95 % interval from low to high}}."""
        return {
            model: {
                pipeline: _rate(self.labels, digits) for pipeline, digits in by_pipeline.items()
            }
            for model, by_pipeline in self.digits.items()
        }


def read(path, models=None):
    """Read every labelled drawing in the folder with every model and pipeline.

    Raises ValueError where there is none.
    """
    path = Path(path)
    found = sorted(f for d in range(10) for f in (path / str(d)).glob("*") if f.is_file())
    if not found:
        raise ValueError(
            f"There are no drawings in {path}: {path}/7/any-name.png would be a seven."
        )
    models = {name: predictor.load(name) for name in models or predictor.names()}
    files, skipped, seen = [], [], {pipeline: [] for pipeline in PIPELINES}
    for file in found:
        try:
            drawing = open_picture(file)
            results = {pipeline: preprocess(drawing, pipeline) for pipeline in PIPELINES}
            if results["center"].blank:
                raise ValueError("nothing is drawn on it")
        except (ValueError, OSError) as error:
            skipped.append(f"{file}: {error}")
            continue
        files.append(file)
        for pipeline, result in results.items():
            seen[pipeline].append(result.digit)
    if not files:
        raise ValueError(f"None of the {len(found)} files in {path} is a drawing. {skipped[0]}")
    digits = {
        name: {pipeline: model(np.stack(seen[pipeline])).argmax(axis=1) for pipeline in PIPELINES}
        for name, model in models.items()
    }
    return Reading(files, np.array([int(file.parent.name) for file in files]), digits, skipped)


def save_pictures(reading, path, pipeline="center"):
    """Write into the folder a confusion matrix per model and a sheet of what was misread.

    All are of one pipeline. Return the paths.
    """
    from PIL import Image

    from mnist_compare import figures

    made = {
        f"confusion_{model}_{pipeline}": figures.confusion_matrix(reading.labels, digits[pipeline])
        for model, digits in reading.digits.items()
    }
    answers = {model: digits[pipeline] for model, digits in reading.digits.items()}
    wrong = np.flatnonzero(np.any([read != reading.labels for read in answers.values()], axis=0))
    (Path(path) / f"misread_{pipeline}.png").unlink(missing_ok=True)  # of an earlier measurement
    if wrong.size:
        sheet, titles = [], []
        for i in wrong[:MOST_SHOWN]:
            picture = open_picture(reading.files[i]).convert("L")
            picture.thumbnail((140, 140))
            square = Image.new("L", (140, 140), 255)
            square.paste(picture, ((140 - picture.width) // 2, (140 - picture.height) // 2))
            sheet.append(255 - np.asarray(square))  # the figures' digits are bright on dark
            read = [
                f"{SHOWN_AS.get(model, model.upper())} {digits[i]}"
                for model, digits in answers.items()
            ]
            titles.append("\n".join([f"is {reading.labels[i]}", *read]))
        made[f"misread_{pipeline}"] = figures.digit_grid(sheet, titles, columns=6, size=1.05)
    paths = []
    for name, figure in made.items():
        paths.append(Path(path) / f"{name}.png")
        figure.savefig(paths[-1], dpi=150, facecolor="white")
    return paths


def summary(reading, path):
    """Return what there is to say of a folder of drawings as text for a terminal."""
    import pandas as pd

    rates = pd.DataFrame(
        [
            (model, pipeline, f"{r['rate']:.1%}", f"{r['low']:.1%} to {r['high']:.1%}")
            for model, by_pipeline in reading.rates().items()
            for pipeline, r in by_pipeline.items()
        ],
        columns=["model", "pipeline", "read", "95 % interval"],
    )
    parts = [f"{len(reading.files)} drawings, read correctly:", rates.to_string(index=False)]
    tables = log_tables(path)
    if tables:
        confused, sure = tables
        parts += ["", f"As {LOG} tells of the answers given when the drawings were kept:"]
        parts += [confused.to_string(index=False) if len(confused) else "No digit was misread."]
        parts += ["", sure.to_string(index=False, formatters={"right": "{:.1%}".format})]
    return "\n".join(parts)


def log_tables(path):
    """Return two tables of the folder's log, or None without one.

    The first tells which digits are taken for which others, the second how often the models are
    right when they are how sure; both count the answers given when a drawing was kept.
    """
    import pandas as pd

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
    bands = pd.cut(table.confidences, BANDS, right=False, labels=BAND_NAMES).rename("confidence")
    sure = table.groupby(["models", bands], observed=True).right.agg(["size", "mean"])
    sure = sure.set_axis(["answers", "right"], axis=1).reset_index()
    return confused.set_axis(["model", "digit", "read as", "times"], axis=1), sure


def _rate(labels, digits):
    from scipy.stats import binomtest

    correct = int((labels == digits).sum())
    interval = binomtest(correct, len(labels)).proportion_ci(method="wilson")
    return {
        "n": len(labels),
        "correct": correct,
        "rate": correct / len(labels),
        "low": float(interval.low),
        "high": float(interval.high),
    }
