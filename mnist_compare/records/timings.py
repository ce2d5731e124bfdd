"""The record of speed, ``bench.json``: seconds of the same work done in three ways, in turn."""

import json

from mnist_compare.files import atomically
from mnist_compare.records.place import here, readable_record

REMEDY = "delete it and measure anew with `python -m mnist_compare release bench`"
WAYS = ("plain", "tuned", "ours")  # Keras as a user writes it and as an expert does, this package


def read() -> dict[str, dict]:
    """Return the record, {row: {"environment": {…}, way: its seconds}}, empty at first.

    Seconds are {"first": those of the first call, which compiles, "clock": [of a call in each
    round], "cpu": [likewise, of all cores together]}.
    """
    path = here().records / "bench.json"
    if not path.exists():
        return {}
    with readable_record(path, REMEDY):
        record = json.loads(path.read_text("utf-8"))
        parts = ("environment", *WAYS)
        return {name: {part: row[part] for part in parts} for name, row in record.items()}


def write(rows: dict[str, dict]):
    """Record rows, in place of those of the same names."""
    with atomically(here().records / "bench.json") as path:
        path.write_text(json.dumps(read() | rows, indent=1) + "\n", "utf-8")
