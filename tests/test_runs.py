import csv
import signal
import subprocess
import sys
import textwrap
import zipfile
import zlib

import numpy as np
import pytest

from mnist_compare import runs


def test_what_is_written_is_read(records, a_run):
    run = a_run()
    runs.write(run, {"python": "3"})
    (found,) = runs.read()
    assert found.rows == run.rows
    assert found.predictions.keys() == {5, 10}
    np.testing.assert_array_equal(found.predictions[10], run.predictions[10])
    assert runs.environment() == {"python": "3"}


def test_a_run_replaces_its_predecessor_and_no_other(records, a_run):
    runs.write(a_run(seed=0, test_accuracy=0.1), {})
    runs.write(a_run(seed=1, test_accuracy=0.2), {})
    runs.write(a_run(seed=0, test_accuracy=0.3), {})
    assert [run.rows[-1]["test_accuracy"] for run in runs.read()] == [0.3, 0.2]


def test_runs_are_selected_by_model_and_protocol(records, a_run):
    for model, protocol in (("mlp", "fair"), ("cnn", "fair"), ("cnn", "source")):
        runs.write(a_run(model, protocol), {})
    assert [(r.model, r.protocol) for r in runs.read("cnn")] == [
        ("cnn", "fair"),
        ("cnn", "source"),
    ]
    assert [(r.model, r.protocol) for r in runs.read(protocol="fair")] == [
        ("cnn", "fair"),
        ("mlp", "fair"),
    ]


def test_the_table_has_one_row_per_epoch_and_the_stated_columns(records, a_run):
    runs.write(a_run(), {})
    with (records / "runs.csv").open(newline="") as file:
        header, *rows = csv.reader(file)
    assert tuple(header) == runs.COLUMNS
    assert len(rows) == 3


@pytest.mark.parametrize("file", ["runs.csv", "predictions.npz"])
def test_a_damaged_record_is_named_with_a_way_out(records, a_run, file):
    runs.write(a_run(), {})
    path = records / file
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(ValueError, match=r"cannot be read.*git checkout -- reports.*FRESH=1"):
        runs.read()


def test_a_flipped_byte_is_answered_with_a_way_out(records, a_run):
    runs.write(a_run(), {})
    path = records / "predictions.npz"
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as file:
        start = file.infolist()[0].header_offset
    # A local header has 30 bytes, the lengths of name and extra field in its last four.
    name, extra = (
        int.from_bytes(content[start + at : start + at + 2], "little") for at in (26, 28)
    )
    content[start + 30 + name + extra] = 0b111  # a last block, of a kind that Deflate has not
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"cannot be read.*git checkout -- reports") as caught:
        runs.read()
    assert isinstance(caught.value.__cause__, zlib.error)


def confident(run):
    """The run with confidences over their whole range."""
    for epoch in runs.REPORTED_EPOCHS:
        run.confidences[epoch] = np.random.default_rng(epoch).random(10_000, np.float32)
        run.confidences[epoch][:2] = 0, 1
    return run


@pytest.mark.parametrize("model", [*runs.MODELS, "reader"])
def test_confidences_come_back_within_half_a_step(records, a_run, model):
    run = confident(a_run(model))
    runs.write(run, {})
    (found,) = runs.read()
    for epoch in runs.REPORTED_EPOCHS:
        back = found.confidences[epoch]
        assert back.dtype == np.float32
        assert back[:2].tolist() == [0, 1]
        off = np.abs(back.astype(float) - run.confidences[epoch]).max()
        assert 0 < off <= 0.5 / 65_535 + 1e-7

    # Written and read again with another run, they stay as they are.
    runs.write(a_run(model, seed=1), {})
    again = runs.read()[0].confidences
    np.testing.assert_array_equal(again[10], found.confidences[10])


@pytest.mark.parametrize(
    ("model", "protocol"),
    [("cnn", "source"), ("mlp", "100_digits"), ("mlp_682", "fair"), ("reader", "capacity")],
)
def test_confidences_of_other_runs_are_not_kept(records, a_run, model, protocol):
    runs.write(confident(a_run(model, protocol)), {})
    (found,) = runs.read()
    assert found.confidences == {}
    assert set(found.predictions) == {5, 10}
    with np.load(records / "predictions.npz") as file:
        assert set(file) == {f"{model}-{protocol}-0-5", f"{model}-{protocol}-0-10"}


def test_a_record_without_its_confidences_is_damaged(records, a_run):
    runs.write(a_run(), {})
    path = records / "predictions.npz"
    with np.load(path) as file:
        kept = {name: file[name] for name in file if not name.endswith("-confidence")}
    np.savez_compressed(path, **kept)
    with pytest.raises(ValueError, match="mlp-fair-0-10-confidence"):
        runs.read()


def test_what_is_read_is_what_was_written_last(records, a_run):
    """Also where it is read between, and where file and sizes stay the same."""
    for accuracy in (0.91, 0.92, 0.93):
        runs.write(a_run(test_accuracy=accuracy), {})
        assert runs.read()[0].rows[-1]["test_accuracy"] == accuracy
    runs.write(a_run(seed=1), {})
    assert [run.seed for run in runs.read()] == [0, 1]
    (records / "runs.csv").unlink()
    assert runs.read() == []


def test_a_process_killed_while_it_writes_leaves_the_old_records(records, a_run):
    runs.write(a_run(test_accuracy=0.9), {})
    before = {path.name: path.read_bytes() for path in records.iterdir()}
    script = f"""
        import os, signal, sys
        from pathlib import Path
        from mnist_compare import runs

        with runs.whole(Path({str(records / "runs.csv")!r})) as path:
            path.write_text("half a line")
            os.kill(os.getpid(), signal.SIGKILL)
    """
    killed = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert {p.name: p.read_bytes() for p in records.iterdir() if p.name in before} == before
    assert runs.read()[0].rows[-1]["test_accuracy"] == 0.9


def test_a_full_disk_leaves_the_old_records(records, a_run, monkeypatch):
    runs.write(a_run(test_accuracy=0.9), {})

    def full(*arguments, **named):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez_compressed", full)
    with pytest.raises(OSError, match="No space left"):
        runs.write(a_run(seed=1), {})
    assert [run.seed for run in runs.read()] == [0]
    assert not list(records.glob(".*"))


def test_the_real_records_are_untouched_in_fast_mode(records):
    assert "reports" not in str(records)


def test_a_record_measured_with_other_networks_is_refused(records, a_run):
    runs.write(a_run("mlp"), {})
    runs.require_networks(
        {("mlp", "fair", "0123456789ab"), ("cnn", "fair", "ba9876543210")}, "x.csv"
    )
    with pytest.raises(ValueError, match=r"x\.csv was measured with other networks .*\(mlp fair\)"):
        runs.require_networks({("mlp", "fair", "ba9876543210")}, "x.csv")
