"""The stored form of a training run: read, write, select.

``reports/runs.csv`` has one row per model × protocol × seed × epoch, ``reports/predictions.npz``
the predicted digit of every test digit at the reported epochs and the confidence, the probability
given to it, ``reports/environment.json`` what the runs were made with. Every file is written whole
or not at all.
"""

import csv
import getpass
import json
import os
import tempfile
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np

from mnist_compare import repository

MODELS = ("mlp", "cnn")  # of the comparison
SHOWN_AS = {"mlp": "MLP", "cnn": "CNN", "reader": "Reader"}
SERVED = tuple(SHOWN_AS)  # by demo and predict, with the weights of seed 0; the last is of choice
REPORTED_EPOCHS = (5, 10)
CONFIDENCE_STEPS = 65_535  # a confidence is recorded as uint16
DAMAGED = (  # what reading a damaged record may raise
    OSError, EOFError, KeyError, ValueError, TypeError, RuntimeError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip
SAMPLES = {f"{count}_digits": count for count in (100, 300, 1_000, 3_000, 10_000)}  # protocols
COLUMNS = (
    "model",
    "protocol",
    "seed",
    "epoch",
    "parameters",  # of the model
    "fingerprint",  # of the model and the way it is trained
    "seconds",  # of training, without validation
    "running_loss",  # mean over the batches of the epoch, while the weights still move
    "running_accuracy",
    "validation_loss",
    "validation_accuracy",
    "train_loss",  # of the weights as they are at the end of a reported epoch
    "train_accuracy",
    "test_loss",
    "test_accuracy",
)


@dataclass(frozen=True)
class Run:
    """One training trajectory.

    ``rows`` has a dictionary per epoch with the keys of ``COLUMNS`` (None where not measured),
    ``predictions`` maps a reported epoch to the predicted test digits, (10000,) uint8,
    ``confidences`` maps it to the probabilities given to them, (10000,) float32, ``weights`` to
    the list of weight arrays. Confidences are recorded in steps of 1/65535 and only of the models
    that are served, under the fair protocol, weights not at all.
    """

    model: str
    protocol: str
    seed: int
    rows: list
    predictions: dict
    confidences: dict
    weights: dict = field(default_factory=dict, repr=False)

    @property
    def fingerprint(self):
        """Return what stands for the network and the way it is trained."""
        return self.rows[0]["fingerprint"]

    @property
    def measured(self):
        """Return the rows of the epochs after which training and test digits were read."""
        return [row for row in self.rows if row["test_accuracy"] is not None]


def fast():
    """Tell whether MNIST_COMPARE_FAST=1 asks for small data and throw-away records."""
    return os.environ.get("MNIST_COMPARE_FAST") == "1"


def folder():
    """Return the folder of the records: ``reports``, or a temporary one in fast mode."""
    if fast():
        return Path(tempfile.gettempdir()) / f"mnist_compare-fast-{getpass.getuser()}"
    return repository.folder() / "reports"


def read(model=None, protocol=None):
    """Return the recorded runs, sorted by model, protocol and seed, of all or of the named kind.

    Raises ValueError with the file and what to do when a record cannot be read, and
    FileNotFoundError where there is no repository to hold one.
    """
    signature = _signature()
    try:
        return [
            run
            for run in _read_all(signature)
            if model in (None, run.model) and protocol in (None, run.protocol)
        ]
    except DAMAGED as error:
        raise ValueError(
            f"The records in {folder()} cannot be read ({error!r}). Restore them with "
            "`git checkout -- reports`, or train anew with `make report FRESH=1`."
        ) from error


def compared(protocol="fair", models=MODELS):
    """Return {model: its recorded runs} of the models, by those seeds that all of them have."""
    found = {model: read(model, protocol) for model in models}
    seeds = set.intersection(*({run.seed for run in those} for those in found.values()))
    return {model: [run for run in those if run.seed in seeds] for model, those in found.items()}


def fingerprints():
    """Return {(model, protocol): fingerprint} of the recorded runs."""
    return {(run.model, run.protocol): run.fingerprint for run in read()}


def require_networks(measured, path):
    """Raise ValueError where a record was measured with other networks than the runs are of.

    ``measured`` holds (model, protocol, fingerprint), ``path`` is that of the record.
    """
    recorded = fingerprints()
    others = {f"{m} {p}" for m, p, found in measured if recorded.get((m, p), found) != found}
    if others:
        raise ValueError(
            f"{path} was measured with other networks than runs.csv holds "
            f"({', '.join(sorted(others))}). Measure anew with `python -m mnist_compare study "
            "--drawings PATH`, or restore both with `git checkout -- reports`."
        )


def write(run, environment):
    """Add a run and its environment to the records.

    It replaces one of the same model, protocol and seed, and all of that model and protocol whose
    fingerprint is another: those are runs of a network that is no more.
    """
    kept = [
        old
        for old in read()
        if (old.model, old.protocol) != (run.model, run.protocol)
        or old.fingerprint == run.fingerprint
    ]
    by_name = {(r.model, r.protocol, r.seed): r for r in [*kept, run]}
    runs = [run for _, run in sorted(by_name.items())]
    predictions = {}
    for run in runs:
        for epoch, digits in run.predictions.items():
            name = _name(run.model, run.protocol, run.seed, epoch)
            predictions[name] = digits
            if _keeps_confidences(run.model, run.protocol):
                steps = np.round(run.confidences[epoch] * CONFIDENCE_STEPS)
                predictions[f"{name}-confidence"] = steps.astype(np.uint16)
    # The table comes last: a run exists once its rows do, and then its predictions are there too.
    with whole(folder() / "predictions.npz") as path, path.open("wb") as file:
        np.savez_compressed(file, **predictions)
    with whole(folder() / "environment.json") as path:
        path.write_text(json.dumps(environment, indent=2) + "\n")
    with whole(folder() / "runs.csv") as path, path.open("w", newline="") as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(row for run in runs for row in run.rows)


def environment():
    """Return what the recorded runs were made with: versions, device, cores, data, commit."""
    return json.loads((folder() / "environment.json").read_text())


@contextmanager
def whole(path):
    """Give a temporary path to write to; it takes the name ``path`` only once all is written.

    The folder is made where there is none.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        yield temporary
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _name(model, protocol, seed, epoch):
    return f"{model}-{protocol}-{seed}-{epoch}"


def _reported(rows):
    return [row["epoch"] for row in rows if row["test_accuracy"] is not None]


def _signature():
    """Return what changes whenever a record does."""
    paths = [folder() / "runs.csv", folder() / "predictions.npz"]
    return tuple(
        (path, path.stat().st_mtime_ns, path.stat().st_size) for path in paths if path.exists()
    )


@lru_cache(maxsize=1)
def _read_all(_signature):
    rows_by_run = {}
    for row in _read_rows():
        rows_by_run.setdefault((row["model"], row["protocol"], row["seed"]), []).append(row)
    predictions = _read_predictions()
    reported = {_name(*key, e) for key, rows in rows_by_run.items() for e in _reported(rows)}
    expected = reported | {
        f"{_name(*key, e)}-confidence"
        for key, rows in rows_by_run.items()
        if _keeps_confidences(*key[:2])
        for e in _reported(rows)
    }
    of_runs = tuple(_name(*key, "") for key in rows_by_run)
    predicted = {name for name in predictions if name.startswith(of_runs)}
    if expected != predicted:
        raise ValueError(f"rows or predictions are missing: {sorted(expected ^ predicted)}")
    return [_run(key, rows, predictions) for key, rows in sorted(rows_by_run.items())]


def _run(key, rows, predictions):
    names = {epoch: _name(*key, epoch) for epoch in _reported(rows)}
    return Run(
        *key,
        rows,
        {epoch: predictions[name] for epoch, name in names.items()},
        {
            epoch: predictions[f"{name}-confidence"] / np.float32(CONFIDENCE_STEPS)
            for epoch, name in names.items()
            if _keeps_confidences(*key[:2])
        },
    )


def _keeps_confidences(model, protocol):
    """Tell whether the confidences of a run are recorded; of all runs they would be megabytes."""
    return model in SERVED and protocol == "fair"


def _read_rows():
    path = folder() / "runs.csv"
    if not path.exists():
        return
    with path.open(newline="") as file:
        table = csv.DictReader(file)
        if tuple(table.fieldnames or ()) != COLUMNS:
            raise ValueError(f"{path} lacks one of the columns {', '.join(COLUMNS)}")
        for row in table:
            yield {column: _value(column, row[column]) for column in COLUMNS}


def _value(column, text):
    if column in ("model", "protocol", "fingerprint"):
        return text
    if column in ("seed", "epoch", "parameters"):
        return int(text)
    return float(text) if text else None


def _read_predictions():
    path = folder() / "predictions.npz"
    if not path.exists():
        return {}
    with np.load(path, allow_pickle=False) as file:
        return dict(file)
