"""The recorded runs: read, select and write them.

``runs.csv`` has one row per model × protocol × seed × epoch, ``predictions.npz`` the prediction for
every test digit at the reported epochs, ``confidences.npz`` its probability, and
``environment.json`` what the runs were made with.
"""

import json
from dataclasses import replace
from functools import lru_cache, partial

import numpy as np
import pandas as pd

from mnist_compare.networks import COMPARED, NETWORKS, SERVED
from mnist_compare.place import atomically, here, of_records, readable
from mnist_compare.records.frames import NETWORK, Record
from mnist_compare.training import COLUMNS, Run

CONFIDENCE_STEPS = 65_535  # a confidence is recorded as uint16
REMEDY = (
    "delete runs.csv, predictions.npz and confidences.npz and train anew with "
    "`python -m mnist_compare study`"
)
KEYS = NETWORK | {"epoch": int}
_record = partial(Record, keys=KEYS, remedy=REMEDY, unit=len(NETWORK))
PREDICTIONS = _record("predictions.npz", values={"digits": (np.uint8, (None,))})
CONFIDENCES = _record("confidences.npz", values={"steps": (np.uint16, (None,))})
ROWS = _record(
    "runs.csv",
    values={name: int if name == "parameters" else float for name in COLUMNS[4:-1]},
    optional=("train_loss", "train_accuracy", "test_loss", "test_accuracy"),
)
FILES = (PREDICTIONS, CONFIDENCES, ROWS)


def read(model=None, protocol=None):
    """Return the recorded runs, sorted by model, protocol and seed, of one kind or of all.

    A protocol is given as such or by its name.
    Raises ValueError, with the file and what to do, if a record cannot be read, and
    FileNotFoundError if there is no repository to hold one.
    """
    stats = ((path, path.stat()) for file in FILES for path in file.files)
    signature = tuple((path, stat.st_mtime_ns, stat.st_size) for path, stat in stats)
    return [
        run
        for run in _read_all(signature)
        if model in (None, run.model) and (protocol is None or str(protocol) == run.protocol)
    ]


def reported(model):
    """Return the recorded runs by the protocol or recipe that is reported for a network."""
    return read(model, str(NETWORKS[model].protocol))


def compared(models=COMPARED, protocol="fair"):
    """Return {model: its recorded runs}, of those seeds that all the models have."""
    found = {model: read(model, protocol) for model in models}
    seeds = set.intersection(*({run.seed for run in those} for those in found.values()))
    return {model: [run for run in those if run.seed in seeds] for model, those in found.items()}


def fingerprints():
    """Return {(model, protocol): fingerprint} of the recorded runs."""
    return {(run.model, run.protocol): run.fingerprint for run in read()}


def measured(record, protocol=None):
    """Return a record of measurements as a frame, of networks of one protocol or of all.

    Raises ValueError if networks other than those of the recorded runs were measured.
    """
    frame, recorded = record.read(), fingerprints()
    kinds = frame[["model", "protocol", "fingerprint"]].drop_duplicates()
    others = [
        f"{model} {protocol}"
        for model, protocol, mark in kinds.itertuples(index=False, name=None)
        if recorded.get((model, protocol), mark) != mark
    ]
    if others:
        raise ValueError(
            f"{record.path} was measured with other networks than those in runs.csv "
            f"({', '.join(others)}). Restore both with `git checkout -- reports`, or "
            f"{record.remedy}."
        )
    return frame if protocol is None else frame[frame.protocol == str(protocol)]


def write(run, environment):
    """Add a run to the records, and the environment it was made in."""
    with atomically(here().records / "environment.json") as path:
        path.write_text(json.dumps(environment, indent=2) + "\n", "utf-8")
    # The table comes last: a run exists once its rows do, and by then its predictions do too.
    for record, rows in zip(FILES, _rows(run, _keeps_confidences(run)), strict=True):
        if rows:
            record.add(rows)


def environment():
    """Return what the recorded runs were made with: versions, devices, cores, data, commit."""
    path = here().records / "environment.json"
    with readable(path, of_records(path, REMEDY)):
        return {**json.loads(path.read_text("utf-8"))}


def amount():
    """Return how many runs are recorded, how many hours they took, and the megabytes of records."""
    recorded = read()
    files = [path for path in here().records.iterdir() if path.suffix in (".csv", ".npz", ".json")]
    return {
        "recorded": len(recorded),
        "hours": sum(row["seconds"] for run in recorded for row in run.rows) / 3600,
        "megabytes": sum(path.stat().st_size for path in files) / 1e6,
    }


def keep(run):
    """Keep the reader's own run of a network in place of the previous one."""
    for record, rows in zip(_own(run.model), _rows(run, confidences=True), strict=True):
        record.write(pd.DataFrame(rows, columns=record.columns))


def kept(name):
    """Return the reader's own run of a network, or None if none can be read."""
    try:
        return _runs(_own(name))[0]
    except ValueError:
        return None


def _own(name):
    return [replace(record, folder=here().own_runs / name) for record in FILES]


def _rows(run, confidences):
    """Return the rows of a run for each of ``FILES``."""
    kept = run.confidences if confidences else {}
    steps = {e: np.round(given * CONFIDENCE_STEPS).astype(np.uint16) for e, given in kept.items()}
    return [
        [(*run.key, epoch, digits, run.fingerprint) for epoch, digits in run.predictions.items()],
        [(*run.key, epoch, given, run.fingerprint) for epoch, given in steps.items()],
        [tuple(row[name] for name in ROWS.columns) for row in run.rows],
    ]


def _keeps_confidences(run):
    """Return whether the confidences of a run are recorded; those of all runs are megabytes."""
    if here().own:
        return True
    return run.model in SERVED and run.protocol == str(NETWORKS[run.model].protocol)


@lru_cache(maxsize=1)
def _read_all(_signature):
    return _runs(FILES) if ROWS.path.exists() else []


def _runs(files):
    digits, steps = (_by_run(record) for record in files[:2])
    rows = files[2].read()
    rows = rows.astype(object).where(rows.notna(), None)[list(COLUMNS)]
    found = []
    for key, of_run in rows.groupby([*NETWORK]):
        given = steps.get(key, {})
        confidences = {e: step / np.float32(CONFIDENCE_STEPS) for e, step in given.items()}
        run = Run(*key, of_run.to_dict("records"), digits.get(key, {}), confidences)
        epochs = [row["epoch"] for row in run.measured]
        wanted = epochs if confidences or _keeps_confidences(run) else []
        if [*run.predictions] != epochs or [*confidences] != wanted:
            raise ValueError(
                f"{files[0].path} or {files[1].path} lacks predictions of {key}. Restore them with "
                f"`git checkout -- reports`, or {REMEDY}."
            )
        found.append(run)
    return found


def _by_run(record):
    """Return {(model, protocol, seed): {epoch: array}} of a record, empty if there is no file."""
    found, (value,) = {}, record.values
    if record.path.exists():
        frame = record.read()[[*KEYS, value]]
        for *key, epoch, array in frame.itertuples(index=False, name=None):
            found.setdefault(tuple(key), {})[epoch] = array
    return found
