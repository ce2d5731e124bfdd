"""The record of speed, ``bench.json``: seconds measured in pairs, and on which machine."""

import json

from mnist_compare.place import atomically, here, readable_record

REMEDY = "delete it and measure anew with `python -m mnist_compare bench`"


def read() -> dict[str, dict]:
    """Return the record, {"environment": {…}, "rows": {name: row}}, both empty at first.

    In a row, ``baseline`` and ``ours`` say what is compared, and ``pairs`` holds [seconds of the
    baseline, seconds of ours], measured in turn. That of an epoch also has its ``operations`` and
    ``peak``, the most that the machine does in a second; that of an experiment has ``accuracies``,
    {"plain": {network: test accuracy}, "ours": …} for each pair.
    """
    path = here().records / "bench.json"
    if not path.exists():
        return {"environment": {}, "rows": {}}
    with readable_record(path, REMEDY):
        record = json.loads(path.read_text("utf-8"))
        return {name: {**record[name]} for name in ("environment", "rows")}


def write(rows: dict[str, dict], environment: dict):
    """Record rows, in place of those of the same names, and where they were measured."""
    record = {"environment": environment, "rows": read()["rows"] | rows}
    with atomically(here().records / "bench.json") as path:
        path.write_text(json.dumps(record, indent=1) + "\n", "utf-8")
