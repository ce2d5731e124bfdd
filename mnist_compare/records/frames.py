"""Records as tidy frames: read them, add rows, find what is missing and complete it."""

import time
from concurrent.futures import as_completed
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from mnist_compare.models import FINGERPRINT_LENGTH
from mnist_compare.place import atomically, call_at, here, of_records, readable

NETWORK = {"model": str, "protocol": str, "seed": int}  # the keys that identify a network


@dataclass(frozen=True)
class Record:
    """A file of records, with one row for each combination of its keys.

    ``keys`` and ``values`` map each column to its type. In an ``.npz`` file each value is an array
    and its type is (dtype, shape), with None for any length. ``optional`` names values that may be
    missing. If the keys begin with those of a network, the last column is its fingerprint. New rows
    replace all rows that share their first ``unit`` keys, by default all their keys. ``remedy``
    says how to make the record again. ``folder`` is by default that of the records.
    """

    file: str
    keys: dict
    values: dict
    remedy: str
    optional: tuple = ()
    unit: int | None = None
    folder: Path | None = None

    @property
    def path(self):
        """Return the path of the file."""
        return (self.folder or here().records) / self.file

    @property
    def columns(self):
        """Return the names of the columns, in order."""
        return [*self.keys, *self.values, *(["fingerprint"] if "model" in self.keys else [])]

    @property
    def files(self):
        """Return the paths of what there is of the record: the file, and what was added since."""
        first = [self.path] if self.path.exists() else []
        return first + sorted(self._added.glob(f"*{self.path.suffix}"))

    def read(self):
        """Return the record as a frame; raise ValueError, with what to do, if it cannot be read."""
        frame = self._read(self.path)
        for path in self.files[1:]:
            frame = self._replaced(frame, self._read(path))
        return frame.sort_values([*self.keys], kind="stable", ignore_index=True)

    def add(self, rows):
        """Add rows, a list of tuples or a frame, in place of those that they replace.

        All rows of the same model and protocol but another fingerprint go too: they belong to a
        network that no longer exists. What is added is a file of its own until ``settle()``.
        """
        rows = pd.DataFrame(rows, columns=self.columns)
        if "protocol" in rows:
            rows["protocol"] = rows["protocol"].map(str)
        if self.path.exists():
            self._write(rows, self._added / f"{time.time_ns()}{self.path.suffix}")
        else:
            self.write(rows)

    def settle(self):
        """Put what was added into the file of the record."""
        if len(self.files) > 1:
            self.write(self.read())

    def write(self, rows):
        """Write a frame as the whole record, sorted by the keys."""
        added = [path for path in self.files if path != self.path]
        self._write(rows, self.path)
        for path in added:
            path.unlink()
        with suppress(OSError):  # it is not there, or was added to meanwhile
            self._added.rmdir()

    @property
    def _added(self):
        return self.path.with_name(f".{self.path.name}")

    def _write(self, rows, path):
        rows = rows[self.columns].sort_values([*self.keys], kind="stable")
        with atomically(path) as temporary:
            if temporary.suffix != ".npz":
                rows.to_csv(temporary, index=False, lineterminator="\n")
                return
            with temporary.open("wb") as file:
                np.savez_compressed(file, **{name: _as_array(rows[name]) for name in rows})

    def _replaced(self, kept, rows):
        """Return a frame with rows in place of those that they replace."""
        if "model" in self.keys:
            marks = {key[:2]: key[2] for key in _networks(rows)}
            kept = kept[[marks.get(key[:2], key[2]) == key[2] for key in _networks(kept)]]
        unit = list(self.keys)[: self.unit]
        new = pd.MultiIndex.from_frame(rows[unit])
        kept = kept[~pd.MultiIndex.from_frame(kept[unit]).isin(new)]
        return pd.concat([kept, rows]) if len(kept) else rows

    def _read(self, path):
        with readable(path, of_records(path, self.remedy)):
            return self._checked(self._stored(path))

    def missing(self, wanted, fingerprint):
        """Return which of the ``wanted`` keys, tuples of the first few, are not recorded.

        With this a study begins, so what a killed one has added is settled first.

        They have a ``Protocol``. ``fingerprint(model, protocol)`` gives that of the current code;
        records of any other network count as missing.
        """
        self.settle()
        if not wanted or not self.path.exists():
            return list(wanted)
        keys = self.read()[["fingerprint", *[*self.keys][: len(wanted[0])]]]
        there = set(keys.itertuples(index=False, name=None))
        marks = {network: fingerprint(*network) for network in {key[:2] for key in wanted}}
        return [key for key in wanted if (marks[key[:2]], *by_name(key)) not in there]

    def _stored(self, path):
        if path.suffix != ".npz":
            types = self.keys | self.values | dict.fromkeys(self.optional, float)
            return pd.read_csv(path, dtype=types | {"fingerprint": str})
        with np.load(path, allow_pickle=False) as file:
            return pd.DataFrame({name: list(a) if a.ndim > 1 else a for name, a in file.items()})

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
        if self.path.suffix == ".npz":
            for name, (dtype, shape) in self.values.items():
                for value in map(np.asarray, frame[name].iloc[:1]):
                    sides = zip(value.shape, shape, strict=True)
                    if value.dtype != dtype or any(a != b for a, b in sides if b is not None):
                        raise ValueError(f"{name} holds arrays of another kind")
        return frame


def complete(tasks, measure, record, records, executor, progress, describe):
    """Call ``measure(*task)`` for each task and ``record(result)`` as soon as each is done.

    That adds to ``records``, which are settled at the end. An interrupted study can therefore
    continue where it stopped. ``executor`` is any executor as in ``concurrent.futures``; what it
    calls is at the ``Place`` of the caller. ``progress`` gets a line per result:
    ``describe(result)`` and the time that remains.
    """
    start, count = time.perf_counter(), len(tasks)
    futures = [executor.submit(call_at, here(), measure, *task) for task in tasks]
    try:
        for done, future in enumerate(as_completed(futures), 1):
            result = future.result()
            record(result)
            elapsed = time.perf_counter() - start
            to_go = f"{elapsed:.0f} s, about {elapsed / done * (count - done):.0f} s to go"
            progress(f"{done}/{count} · {describe(result)} · {to_go}")
    finally:
        for each in records:
            each.settle()


def by_name(key):
    """Return a key, (model, ``Protocol``, …), as records have it: with the protocol's name."""
    model, protocol, *rest = key
    return model, str(protocol), *rest


def _networks(frame):
    """Return (model, protocol, fingerprint) of each row."""
    return list(zip(frame.model, frame.protocol, frame.fingerprint, strict=True))


def _as_array(column):
    return np.stack(column) if isinstance(column.iloc[0], np.ndarray) else np.array(list(column))
