"""Records of measurements, one row each, beside those of the runs: read, add rows."""

import csv

import pandas as pd

from mnist_compare import runs
from mnist_compare.fingerprint import LENGTH


def read(path, columns, types, command):
    """Return the CSV record at the path as a table with these columns, the last a fingerprint.

    ``types`` maps the columns that are numbers to their type. Raises ValueError, with the file and
    the ``command`` that measures anew, where it cannot be read.
    """
    try:
        table = pd.read_csv(path, dtype={**types, "fingerprint": str})
        if tuple(table) != columns or table.isna().any(axis=None):
            raise ValueError(f"it lacks one of the columns {', '.join(columns)}, or a value")
        if (table.fingerprint.str.len() != LENGTH).any():
            raise ValueError("a fingerprint is broken off")
        return table
    except (OSError, ValueError) as error:
        raise ValueError(
            f"{path} cannot be read ({error}). Restore it with `git checkout -- reports`, or "
            f"measure anew with `python -m mnist_compare {command}`."
        ) from error


def write(path, columns, rows):
    """Write the rows, tuples in the order of ``columns``, sorted: the whole record or nothing."""
    with runs.whole(path) as temporary, temporary.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([columns, *sorted(rows)])
