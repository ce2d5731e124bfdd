"""The recorded runs: read, select and write them.

``runs.csv`` has one row per model × protocol × seed × epoch, ``predictions.npz`` the prediction for
every test digit at the reported epochs, ``confidences.npz`` its probability, and
``environments.csv`` what each run was made with. Of runs that it lacks, only what the last of them
was made with is known, in ``environment.json``.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache, partial

import numpy as np
import pandas as pd

from mnist_compare.records.environment import MADE_WITH
from mnist_compare.records.frames import NETWORK, Record
from mnist_compare.records.networks import COMPARED, NETWORKS, SERVED
from mnist_compare.records.place import here
from mnist_compare.records.protocols import Protocol
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
ENVIRONMENTS = Record("environments.csv", NETWORK, dict.fromkeys(MADE_WITH, str), REMEDY)


def read(model: str | None = None, protocol: Protocol | str | None = None) -> list[Run]:
    """Return the recorded runs, sorted by model, protocol and seed, of one kind or of all.

    Raises ValueError, with the file and what to do, if a record cannot be read, and
    FileNotFoundError if there is no repository to hold one.
    """
    stats = ((file.path, file.path.stat()) for file in FILES if file.path.exists())
    signature = tuple((path, stat.st_mtime_ns, stat.st_size) for path, stat in stats)
    return [
        run
        for run in _read_all(signature)
        if model in (None, run.model) and (protocol is None or str(protocol) == run.protocol)
    ]


def reported(model: str) -> list[Run]:
    """Return the recorded runs by the protocol or recipe that is reported for a network."""
    return read(model, str(NETWORKS[model].protocol))


def compared(
    models: Sequence[str] = COMPARED, protocol: Protocol | str = "fair"
) -> dict[str, list[Run]]:
    """Return {model: its recorded runs}, of those seeds that all the models have."""
    recorded = {model: read(model, protocol) for model in models}
    seeds = set.intersection(*({run.seed for run in runs} for runs in recorded.values()))
    return {model: [run for run in runs if run.seed in seeds] for model, runs in recorded.items()}


def fingerprints() -> dict[tuple[str, str], str | None]:
    """Return {(model, protocol): fingerprint} of the recorded runs."""
    return {(run.model, run.protocol): run.fingerprint for run in read()}


def measured(record: Record, protocol: Protocol | str | None = None) -> pd.DataFrame:
    """Return a record of measurements as a frame, of networks of one protocol or of all.

    Raises ValueError if networks other than those of the recorded runs were measured.
    """
    frame, recorded = record.read(), fingerprints()
    kinds = frame[["model", "protocol", "fingerprint"]].drop_duplicates()
    others = [
        f"{model} {protocol}"
        for model, protocol, fingerprint in kinds.itertuples(index=False, name=None)
        if recorded.get((model, protocol), fingerprint) != fingerprint
    ]
    if others:
        raise ValueError(
            f"{record.path} was measured with other networks than those in runs.csv "
            f"({', '.join(others)}). Restore both with `git checkout -- reports`, or "
            f"{record.remedy}."
        )
    return frame if protocol is None else frame[frame.protocol == str(protocol)]


def write(run: Run, environment: dict):
    """Add a run to the records, and the ``environment()`` it was made in."""
    made_with = [str(environment.get(name, "unknown")) for name in MADE_WITH]
    ENVIRONMENTS.add([(*run.key, *made_with, run.fingerprint)])
    # The table comes last: a run exists once its rows do, and by then its predictions do too.
    for record, rows in zip(FILES, _rows(run, _keeps_confidences(run)), strict=True):
        if rows:
            record.add(rows)


def amount() -> dict[str, float]:
    """Return how many runs are recorded, how many hours they took, and the megabytes of records."""
    files = [path for path in here().records.iterdir() if path.suffix in (".csv", ".npz", ".json")]
    return {
        "recorded": len(read()),
        "hours": ROWS.read().seconds.sum() / 3600,
        "megabytes": sum(path.stat().st_size for path in files) / 1e6,
    }


def keep(run: Run):
    """Keep the reader's own run of a network in place of the previous one."""
    for record, rows in zip(_own(run.model), _rows(run, confidences=True), strict=True):
        record.write(pd.DataFrame(rows, columns=record.columns))


def kept(name: str) -> Run | None:
    """Return the reader's own run of a network, or None if none can be read."""
    try:
        return _runs(_own(name))[0]
    except ValueError:
        return None


def _own(name):
    return [replace(record, folder=here().own_runs / name) for record in FILES]


def _rows(run, confidences):
    """Return the rows of a run for each of ``FILES``."""
    predictions = [(*run.key, epoch, a, run.fingerprint) for epoch, a in run.predictions.items()]
    steps = []
    for epoch, confidence in run.confidences.items() if confidences else ():
        rounded = np.round(confidence * CONFIDENCE_STEPS).astype(np.uint16)
        steps.append((*run.key, epoch, rounded, run.fingerprint))
    return predictions, steps, [tuple(row[name] for name in ROWS.columns) for row in run.rows]


def _keeps_confidences(run):
    # Those of all runs would be megabytes.
    reported = run.model in SERVED and run.protocol == str(NETWORKS[run.model].protocol)
    return reported or here().own


@lru_cache(maxsize=1)
def _read_all(_signature):
    return _runs(FILES) if ROWS.path.exists() else []


def _runs(files):
    predictions, steps = (_by_run(record) for record in files[:2])
    rows = files[2].read()
    rows = rows.astype(object).where(rows.notna(), None)[list(COLUMNS)]
    runs = []
    for key, of_run in rows.groupby([*NETWORK]):
        confidences = {
            epoch: step / np.float32(CONFIDENCE_STEPS) for epoch, step in steps.get(key, {}).items()
        }
        run = Run(*key, of_run.to_dict("records"), predictions.get(key, {}), confidences)
        epochs = [row["epoch"] for row in run.measured]
        wanted = epochs if confidences or _keeps_confidences(run) else []
        if [*run.predictions] != epochs or [*confidences] != wanted:
            raise ValueError(
                f"{files[0].path} or {files[1].path} lacks predictions of {key}. Restore them with "
                f"`git checkout -- reports`, or {REMEDY}."
            )
        runs.append(run)
    return runs


def _by_run(record):
    """Return {(model, protocol, seed): {epoch: array}} of a record, empty if there is no file."""
    by_run, (value,) = {}, record.values
    if record.path.exists():
        frame = record.read()[[*KEYS, value]]
        for *key, epoch, array in frame.itertuples(index=False, name=None):
            by_run.setdefault(tuple(key), {})[epoch] = array
    return by_run
