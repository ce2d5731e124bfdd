"""Records as tidy frames: read them, add rows, find what is missing and complete it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from mnist_compare.files import atomically
from mnist_compare.lazy_keras import limit_threads
from mnist_compare.records import progress
from mnist_compare.records.fingerprints import FINGERPRINT_LENGTH
from mnist_compare.records.place import call_at, here, readable_record

NETWORK = {"model": str, "protocol": str, "seed": int}  # the keys that identify a network


@dataclass(frozen=True)
class Record:
    """A file of records, with one row for each combination of its keys.

    If the keys begin with those of a network, the last column is its fingerprint. New rows replace
    all rows that share their first ``unit`` keys, by default all their keys.
    """

    file: str
    keys: dict  # {column: its type}
    values: dict  # likewise; in an .npz file of arrays, (dtype, shape), None for any length
    remedy: str  # how to make the record again
    optional: tuple[str, ...] = ()  # values that may be missing
    unit: int | None = None
    folder: Path | None = None  # that of the records

    @property
    def path(self) -> Path:
        """Return the path of the file."""
        return (self.folder or here().records) / self.file

    @property
    def columns(self) -> list[str]:
        """Return the names of the columns, in order."""
        return [*self.keys, *self.values, *(["fingerprint"] if "model" in self.keys else [])]

    def read(self) -> pd.DataFrame:
        """Return the record as a frame; raise ValueError, with what to do, if it cannot be read."""
        with readable_record(self.path, self.remedy):
            if self.path.suffix != ".npz":
                types = self.keys | self.values | dict.fromkeys(self.optional, float)
                return self._checked(pd.read_csv(self.path, dtype=types | {"fingerprint": str}))
            with np.load(self.path, allow_pickle=False) as file:
                columns = {name: list(a) if a.ndim > 1 else a for name, a in file.items()}
            return self._checked(pd.DataFrame(columns))

    def add(self, rows: list[tuple] | pd.DataFrame):
        """Add rows in place of those that they replace.

        All rows of the same model and protocol but another fingerprint go too: they belong to a
        network that no longer exists.
        """
        frame = pd.DataFrame(rows, columns=self.columns)
        if "protocol" in frame:
            frame["protocol"] = frame["protocol"].map(str)
        self.write(self._replaced(self.read(), frame) if self.path.exists() else frame)

    def write(self, frame: pd.DataFrame):
        """Write a frame as the whole record, sorted by the keys."""
        frame = frame[self.columns].sort_values([*self.keys], kind="stable")
        with atomically(self.path) as temporary:
            if temporary.suffix != ".npz":
                frame.to_csv(temporary, index=False, lineterminator="\n")
                return
            with temporary.open("wb") as file:
                np.savez_compressed(file, **{name: _as_array(frame[name]) for name in frame})

    def _replaced(self, frame, rows):
        if "model" in self.keys:
            network = ["model", "protocol"]
            marks = rows.drop_duplicates(network, keep="last").set_index(network).fingerprint
            today = marks.reindex(pd.MultiIndex.from_frame(frame[network])).to_numpy()
            frame = frame[pd.isna(today) | (today == frame.fingerprint)]
        unit = list(self.keys)[: self.unit]
        replaced = pd.MultiIndex.from_frame(rows[unit])
        frame = frame[~pd.MultiIndex.from_frame(frame[unit]).isin(replaced)]
        return pd.concat([frame, rows]) if len(frame) else rows

    def missing(self, wanted: Iterable[tuple], fingerprint: Callable) -> list[tuple]:
        """Return which of the ``wanted`` keys, tuples of the first few, are not recorded.

        They have a ``Protocol``. ``fingerprint(model, protocol)`` gives that of the current code;
        records of any other network count as missing.
        """
        wanted = list(wanted)
        if not wanted or not self.path.exists():
            return wanted
        keys = self.read()[["fingerprint", *[*self.keys][: len(wanted[0])]]]
        recorded = set(keys.itertuples(index=False, name=None))
        today = {network: fingerprint(*network) for network in {key[:2] for key in wanted}}
        return [key for key in wanted if (today[key[:2]], *by_name(key)) not in recorded]

    def _checked(self, frame):
        if {*frame} != {*self.columns}:
            raise ValueError(f"its columns are not {', '.join(self.columns)}")
        frame = frame[self.columns]
        if frame.drop(columns=[*self.optional]).isna().any(axis=None):
            raise ValueError("a value is missing")
        if "fingerprint" in frame and (frame.fingerprint.str.len() != FINGERPRINT_LENGTH).any():
            raise ValueError("a fingerprint is truncated")
        if frame.duplicated([*self.keys]).any():
            raise ValueError("a row is there twice")
        if self.path.suffix == ".npz" and len(frame):
            for name, (dtype, shape) in self.values.items():
                value = np.asarray(frame[name].iloc[0])
                sides = zip(value.shape, shape, strict=True)
                if value.dtype != dtype or any(a != b for a, b in sides if b is not None):
                    raise ValueError(f"{name} holds arrays of another kind")
        return frame.sort_values([*self.keys], kind="stable", ignore_index=True)


def run_tasks(
    tasks: list[tuple], measure: Callable, record: Callable, title: str, describe: Callable
):
    """Call ``measure(*task)`` for each task and ``record(result)`` as soon as each is done.

    An interrupted study can therefore continue where it stopped. joblib calls them, side by side
    where its ``parallel_config`` says so, at the ``Place`` of the caller. What has been done,
    ``describe(result)``, and the time left are shown under ``title``.
    """
    from joblib import Parallel, delayed  # the demo does without

    place = here()  # not within the generator, which joblib asks from other threads
    work = (delayed(_alone)(place, measure, *task) for task in tasks)
    with progress.steps(title, len(tasks)) as done:
        for result in Parallel(return_as="generator_unordered")(work):
            record(result)
            done(describe(result))


def _alone(place, function, *arguments):
    """Call a function at a ``Place`` with one thread: runs side by side are faster than threads."""
    limit_threads()
    return call_at(place, function, *arguments)


def by_name(key: tuple) -> tuple:
    """Return a key, (model, ``Protocol``, …), as records have it: with the protocol's name."""
    model, protocol, *rest = key
    return model, str(protocol), *rest


def _as_array(column):
    return np.stack(column) if isinstance(column.iloc[0], np.ndarray) else np.array(list(column))
