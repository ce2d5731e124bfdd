"""Labelled drawings in a folder, ``DIR/<digit>/*.png``: kept by the demo, measured by a command.

Beside the pictures, the demo writes ``DIR/log.csv``: a row per drawing with what the networks
answered when it was kept.
"""

import hashlib
import io
import os
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
from filelock import FileLock
from PIL import Image, ImageOps

from mnist_compare import networks, predictor
from mnist_compare.demo.answer import Answer
from mnist_compare.networks import SERVED
from mnist_compare.place import DAMAGED, atomically
from mnist_compare.preprocessing import PIPELINES, open_picture, preprocess

LARGEST_FOLDER = 50_000_000  # bytes: tens of thousands of drawings
LOG = "log.csv"
COLUMNS = ("time", "label", "pipeline", "models", "digits", "confidences", "file")
BANDS = [0, predictor.UNSURE_BELOW, 0.9, 0.99, 1.01]  # of confidence
BAND_NAMES = ["below 60%", "60% to 90%", "90% to 99%", "99% and above"]
MOST_SHOWN = 60  # misread drawings on the contact sheet
SHOWN_SIDE = 140  # pixels of each


class Folder:
    """A folder that keeps labelled drawings, each once and with a row in its log, up to a size."""

    def __init__(self, path: str | Path, largest: int = LARGEST_FOLDER):
        """Use the folder at the path; raises OSError where nothing can be kept."""
        self.path = Path(path)
        self._largest = largest
        self._kept: set[str] = set()
        self._lock = FileLock(self.path / ".lock", poll_interval=0.01)  # beside other programs
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            with self._lock:
                sizes = [file.stat().st_size for file in self.path.rglob("*") if file.is_file()]
        except OSError as error:
            raise OSError(
                f"Drawings cannot be kept in {path}: {error.strerror}; choose another folder."
            ) from None
        self._size = sum(sizes)

    def add(self, picture: Image.Image, label: int, pipeline: str, answer: Answer) -> str | None:
        """Keep a picture and the answer given to it, and return its name, ``<digit>/*.png``.

        The name of the same picture is returned where it is kept, and None where there is no room.
        """
        buffer = io.BytesIO()
        picture.convert("RGB").save(buffer, "PNG")
        digest = hashlib.sha256(buffer.getvalue()).hexdigest()[:16]
        models = list(answer.probabilities)
        name = f"{label}/{digest}.png"
        row = (
            datetime.now().astimezone().isoformat(timespec="seconds"),
            label,
            pipeline,
            " ".join(models),
            " ".join(str(answer.digit(model)) for model in models),
            " ".join(f"{answer.confidence(model):.4f}" for model in models),
            name,
        )
        with self._lock:
            for same in self.path.glob(f"[0-9]/{digest}.png"):
                return same.relative_to(self.path).as_posix()
            if self._size >= self._largest:
                return None
            log = self._read_log()
            added = pd.DataFrame([row], columns=COLUMNS).to_csv(index=False, header=not log)
            with atomically(self.path / name) as temporary:
                temporary.write_bytes(buffer.getvalue())
                self._write_log([*log, *added.encode().splitlines()])
            self._size += buffer.tell() + len(added)
            self._kept.add(name)
        return name

    def forget(self, name: str) -> bool:
        """Remove a picture that this object has kept, and its row; return whether it had."""
        with self._lock:
            if name not in self._kept:
                return False
            ending = f",{name}".encode()
            self._write_log([row for row in self._read_log() if not row.endswith(ending)])
            file = self.path / name
            self._size -= file.stat().st_size
            file.unlink()
            self._kept.remove(name)
        return True

    def _read_log(self):
        """Return the rows of the log, the first of them its header, as they are."""
        log = self.path / LOG
        return log.read_bytes().splitlines() if log.exists() else []

    def _write_log(self, rows):
        with atomically(self.path / LOG) as temporary:
            temporary.write_bytes(b"".join(row + b"\n" for row in rows))


def own_folder() -> Folder | None:
    """Return the user's own folder, among the data of programs; None where nothing can be kept."""
    data = os.environ.get("XDG_DATA_HOME") or os.environ.get("LOCALAPPDATA")
    path = Path(data or Path.home() / ".local" / "share") / "mnist_compare" / "drawings"
    try:
        return Folder(path)
    except OSError:
        return None


def measure(path, models=None):
    """Return the answers of models, by default all, to a folder's drawings, and what is skipped.

    The answers are a frame of digits with a row for each drawing, known by its ``file`` and
    ``label``, and a column for each (model, pipeline). The second is a list with a sentence for
    every file that is no drawing. Raises ValueError if there is no drawing.
    """
    path = Path(path)
    files = sorted(f for d in range(10) for f in (path / str(d)).glob("[!.]*") if f.is_file())
    if not files:
        raise ValueError(
            f"There are no drawings in {path}: {path}/7/any-name.png would be a seven."
        )
    models = {
        name: predictor.load(name) for name in models or sorted({*SERVED, *predictor.names()})
    }
    seen, skipped = {}, []
    for file in files:
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
        raise ValueError(f"None of the {len(files)} files in {path} is a drawing. {skipped[0]}")
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
    """Write a confusion matrix per model and a sheet of what was misread; return the paths."""
    from mnist_compare.report.draw import figures, sheets

    read, labels = answers.xs(pipeline, axis=1, level=1), answers.index.get_level_values("label")
    drawn = {
        f"confusion_{model}_{pipeline}": figures.confusion_matrix(labels, read[model])
        for model in read
    }
    (Path(path) / f"misread_{pipeline}.png").unlink(missing_ok=True)  # of an earlier measurement
    wrong = read[read.ne(labels, axis=0).any(axis=1)][:MOST_SHOWN]
    if len(wrong):
        named = wrong.rename(columns=networks.title)
        titles = [
            "\n".join([f"is {label}", *(f"{title} {digit}" for title, digit in row.items())])
            for (_, label), row in named.iterrows()
        ]
        sheet = [_thumbnail(file) for file, _ in wrong.index]
        drawn[f"misread_{pipeline}"] = sheets.digit_grid(sheet, titles, columns=6, size=1.05)
    for name, figure in drawn.items():
        figure.savefig(Path(path) / f"{name}.png", dpi=150, facecolor="white")
    return [Path(path) / f"{name}.png" for name in drawn]


def _thumbnail(file):
    """Return a drawing as a small square, bright on dark, as the figures' digits are."""
    side = SHOWN_SIDE, SHOWN_SIDE
    return 255 - np.asarray(ImageOps.pad(open_picture(file).convert("L"), side, color=255))


def summary(answers, path):
    """Return what there is to say of a folder of drawings as text for a terminal."""
    table = rates(answers).rename_axis(["model", "pipeline"]).map("{:.1%}".format)
    table["95 % interval"] = table.low + " to " + table.high
    table = table.rename(columns={"rate": "read"})[["read", "95 % interval"]].reset_index()
    parts = [f"{len(answers)} drawings, read correctly:", table.to_string(index=False)]
    if not (log := Path(path) / LOG).is_file():
        return "\n".join(parts)
    try:
        confused, sure = log_tables(log)
    except DAMAGED as error:
        parts += ["", f"{log} is left out, since it cannot be read: {error}"]
        return "\n".join(parts)
    parts += ["", f"The answers in {LOG}, given when the drawings were kept:"]
    parts += [confused.to_string(index=False) if len(confused) else "No digit was misread."]
    parts += ["", sure.to_string(index=False, formatters={"right": "{:.1%}".format})]
    return "\n".join(parts)


def log_tables(log):
    """Return two tables of a log.

    The first tells which digits are taken for which others, the second how often the networks are
    right when they are how sure; both count the answers given when a drawing was kept.
    """
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
