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
from PIL import Image

from mnist_compare import networks, predictor
from mnist_compare.networks import SERVED
from mnist_compare.place import DAMAGED, atomically
from mnist_compare.preprocessing import PIPELINES, open_picture, preprocess

LARGEST_FOLDER = 50_000_000  # bytes: tens of thousands of drawings
LOG = "log.csv"
DIGEST_LENGTH = 16  # characters
COLUMNS = ("time", "label", "pipeline", "models", "digits", "confidences", "file")
BANDS = [0, predictor.UNSURE_BELOW, 0.9, 0.99, 1.01]  # of confidence
BAND_NAMES = ["below 60%", "60% to 90%", "90% to 99%", "99% and above"]
MOST_SHOWN = 60  # misread drawings on the contact sheet
SHOWN_SIDE = 140  # pixels of each


class Folder:
    """A folder that keeps labelled drawings, each once and with a row in its log, up to a size.

    A picture stays hidden, as ``DIR/<digit>/.*.png``, until its row is written, and is hidden again
    before its row is removed: after a crash, the next start knows which to show and which to drop.
    """

    def __init__(self, path, largest=LARGEST_FOLDER):
        """Use the folder at the path; raises OSError where nothing can be kept."""
        self.path, self._largest, self._kept = Path(path), largest, set()
        self._lock = FileLock(self.path / ".lock", poll_interval=0.01)  # beside other programs
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            with self._lock:
                self._clear_up()
            files = [file.stat().st_size for file in self.path.rglob("*") if file.is_file()]
        except OSError as error:
            raise OSError(
                f"Drawings cannot be kept in {path}: {error.strerror}; choose another folder."
            ) from None
        self._size = sum(files)

    def add(self, picture, label, pipeline, answer):
        """Keep a picture and the ``Answer`` given to it, and return its name, ``<digit>/*.png``.

        The name of the same picture is returned where it is there, and None where there is no room.
        """
        buffer = io.BytesIO()
        picture.convert("RGB").save(buffer, "PNG")
        digest = hashlib.sha256(buffer.getvalue()).hexdigest()[:DIGEST_LENGTH]
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
            for there in self.path.glob(f"[0-9]/{digest}.png"):
                return there.relative_to(self.path).as_posix()
            if self._size >= self._largest:
                return None
            log = self._log()
            added = pd.DataFrame([row], columns=COLUMNS).to_csv(index=False, header=not log)
            with atomically(self.path / name) as hidden:
                hidden.write_bytes(buffer.getvalue())
                self._write([*log, *added.encode().splitlines()])
            self._size += buffer.tell() + len(added)
            self._kept.add(name)
        return name

    def forget(self, name):
        """Remove a picture that this object has kept, and its row; return whether it had."""
        with self._lock:
            if name not in self._kept:
                return False
            file = self.path / name
            hidden = file.rename(file.with_name(f".{file.name}"))
            try:
                self._write([row for row in self._log() if not row.endswith(f",{name}".encode())])
            except OSError:
                hidden.rename(file)
                raise
            self._size -= hidden.stat().st_size
            hidden.unlink()
            self._kept.remove(name)
        return True

    def _log(self):
        """Return the rows of the log, the first of them its header, as they are."""
        log = self.path / LOG
        return log.read_bytes().splitlines() if log.exists() else []

    def _write(self, log):
        with atomically(self.path / LOG) as temporary:
            temporary.write_bytes(b"".join(row + b"\n" for row in log))

    def _clear_up(self):
        """Finish or undo what a program was doing here when it was killed."""
        for temporary in self.path.glob(".log.*.csv"):
            temporary.unlink()
        named = {row.rpartition(b",")[2] for row in self._log()}
        for hidden in self.path.glob(f"[0-9]/.{DIGEST_LENGTH * '[0-9a-f]'}.*png"):
            file = hidden.with_name(hidden.name[1 : 1 + DIGEST_LENGTH] + ".png")
            if f"{file.parent.name}/{file.name}".encode() in named:
                hidden.replace(file)
            else:
                hidden.unlink()


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
    found = sorted(f for d in range(10) for f in (path / str(d)).glob("[!.]*") if f.is_file())
    if not found:
        raise ValueError(
            f"There are no drawings in {path}: {path}/7/any-name.png would be a seven."
        )
    models = {
        name: predictor.load(name) for name in models or sorted({*SERVED, *predictor.names()})
    }
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
    from mnist_compare.report.draw import figures

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
    try:
        tables = log_tables(path)
    except DAMAGED as error:
        parts += ["", f"{Path(path) / LOG} is left out, since it cannot be read: {error}"]
        return "\n".join(parts)
    if tables:
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
