import io
import zipfile

import numpy as np
import pandas as pd
import pytest
from joblib import parallel_config

from mnist_compare.records import frames, progress, runs
from mnist_compare.records.frames import NETWORK, Record
from mnist_compare.records.place import here

ONE, OTHER = "0123456789ab", "ba9876543210"
TABLE = Record("x.csv", NETWORK | {"level": float}, {"value": float}, "measure anew")
ARRAYS = Record("x.npz", NETWORK | {"level": float}, {"value": (np.uint8, (2, None))}, "count anew")


@pytest.fixture(params=[TABLE, ARRAYS], ids=["table", "arrays"])
def record(request, records):
    return request.param


def row(record, model="mlp", seed=0, level=1.0, value=1, mark=ONE):
    value = float(value) if record is TABLE else np.full((2, 3), value, np.uint8)
    return model, "fair", seed, level, value, mark


def values(record):
    """Return what is recorded as {(model, seed, level): value}."""
    return {
        (model, seed, level): np.asarray(value).ravel()[0]
        for model, _, seed, level, value, _ in record.read().itertuples(index=False, name=None)
    }


def test_what_is_added_is_read_and_replaces_equal_keys(record):
    record.add([row(record, value=1), row(record, level=0.5, value=2)])
    record.add([row(record, value=3), row(record, seed=1, value=4)])
    assert values(record) == {("mlp", 0, 0.5): 2, ("mlp", 0, 1.0): 3, ("mlp", 1, 1.0): 4}
    assert list(values(record)) == sorted(values(record))


def test_rows_of_a_network_that_is_no_more_are_removed(record):
    record.add([row(record), row(record, seed=1), row(record, "cnn")])
    record.add([row(record, seed=2, mark=OTHER)])
    assert set(values(record)) == {("cnn", 0, 1.0), ("mlp", 2, 1.0)}


def test_a_unit_of_rows_is_replaced_as_a_whole(records):
    record = Record(**vars(TABLE) | {"unit": 3})
    record.add([row(TABLE, level=1), row(TABLE, level=2), row(TABLE, seed=1)])
    record.add([row(TABLE, level=3)])
    assert set(values(record)) == {("mlp", 0, 3.0), ("mlp", 1, 1.0)}


def test_missing_is_what_is_not_recorded_of_the_network_of_today(record):
    wanted = [("mlp", "fair", 0), ("mlp", "fair", 1), ("cnn", "fair", 0)]
    assert record.missing(wanted, None) == wanted
    record.add([row(record), row(record, "cnn")])
    today = {"mlp": ONE, "cnn": OTHER}
    assert record.missing(wanted, lambda model, _: today[model]) == wanted[1:]
    longer = [("mlp", "fair", 0, 1), ("mlp", "fair", 0, 2)]  # keys may be as long as they are
    assert record.missing(longer, lambda model, _: today[model]) == longer[1:]


def cut(content):
    return content[: len(content) // 2]


def emptied(content):
    return b""


def flipped(content):
    middle = len(content) // 2
    return content[:middle] + bytes(255 - byte for byte in content[middle:])


def claiming_too_much(content):
    """Return an archive whose array has a header of a million million rows."""
    file, header = io.BytesIO(), {"descr": "|u1", "fortran_order": False, "shape": (10**12, 2, 3)}
    with zipfile.ZipFile(file, "w") as archive, archive.open("value.npy", "w") as array:
        np.lib.format.write_array_header_1_0(array, header)
    return file.getvalue()


@pytest.mark.parametrize("damage", [cut, emptied, flipped, claiming_too_much])
def test_a_damaged_record_is_named_with_a_way_out(record, damage):
    record.add([row(record, seed=seed) for seed in range(9)])
    record.path.write_bytes(damage(record.path.read_bytes()))
    with pytest.raises(ValueError, match=rf"{record.file} cannot be read .*reports`, or \w+ anew"):
        record.read()


def test_a_row_that_is_there_twice_is_damage(record):
    record.write(pd.DataFrame([row(record), row(record)], columns=record.columns))
    with pytest.raises(ValueError, match=rf"{record.file} cannot be read \(a row is there twice\)"):
        record.read()


def test_a_measurement_of_other_networks_than_the_runs_is_refused(records, a_run):
    runs.write(a_run("mlp"), {})
    TABLE.add([row(TABLE), row(TABLE, "cnn", mark=OTHER)])  # of the CNN there is no run
    assert len(runs.measured(TABLE)) == 2
    TABLE.add([row(TABLE, mark=OTHER)])
    with pytest.raises(ValueError, match=r"x\.csv was measured with other networks .*\(mlp fair\)"):
        runs.measured(TABLE)


def test_what_is_done_is_recorded_even_when_a_task_fails(records):
    """So that an interrupted study goes on where it stopped."""

    def measure(seed):
        if seed == 1:
            raise KeyboardInterrupt
        return [row(TABLE, seed=seed)]

    with pytest.raises(KeyboardInterrupt):
        frames.run_tasks([(0,), (1,)], measure, TABLE.add, "Counting", str)
    assert set(values(TABLE)) == {("mlp", 0, 1.0)}


def test_every_task_is_done_at_the_place_of_the_caller(records):
    found = []
    with parallel_config(backend="threading", n_jobs=2):
        frames.run_tasks([()] * 9, lambda: here().records, found.append, "Looking", str)
    assert found == [records] * 9


def test_steps_that_end_at_once_leave_a_first_and_a_last_line(capsys):
    with progress.steps("Counting", 9) as done:
        for number in range(9):
            done(f"step {number}")
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "Counting: 0/9"
    assert [line[:12] for line in lines[1:]] == ["1/9 · step 0", "9/9 · step 8"]
