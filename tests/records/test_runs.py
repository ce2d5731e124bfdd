import numpy as np
import pytest

from mnist_compare.records import runs
from mnist_compare.training import REPORTED_EPOCHS


def test_what_is_written_is_read(records, a_run):
    run = a_run()
    runs.write(run, {"python": "3.11"})
    (found,) = runs.read()
    assert found.rows == run.rows
    assert found.predictions.keys() == {5, 10}
    np.testing.assert_array_equal(found.predictions[10], run.predictions[10])
    (made_with,) = runs.ENVIRONMENTS.read().itertuples()
    assert (made_with.model, made_with.seed, made_with.python) == ("mlp", 0, "3.11")


def confident(run):
    """The run with confidences over their whole range."""
    for epoch in REPORTED_EPOCHS:
        run.confidences[epoch] = np.random.default_rng(epoch).random(10_000, np.float32)
        run.confidences[epoch][:2] = 0, 1
    return run


@pytest.mark.parametrize("key", [("mlp", "fair"), ("cnn", "fair"), ("reader", "complete")])
def test_confidences_come_back_within_half_a_step(records, a_run, key):
    run = confident(a_run(*key))
    runs.write(run, {})
    (found,) = runs.read()
    for epoch in REPORTED_EPOCHS:
        back = found.confidences[epoch]
        assert back.dtype == np.float32
        assert back[:2].tolist() == [0, 1]
        off = np.abs(back.astype(float) - run.confidences[epoch]).max()
        assert 0 < off <= 0.5 / 65_535 + 1e-7

    # Written and read again with another run, they stay as they are.
    runs.write(a_run(*key, seed=1), {})
    again = runs.read()[0].confidences
    np.testing.assert_array_equal(again[10], found.confidences[10])


@pytest.mark.parametrize("record", [runs.PREDICTIONS, runs.CONFIDENCES])
def test_a_run_without_its_predictions_is_damaged(records, a_run, record):
    for seed in (0, 1):
        runs.write(a_run(seed=seed), {})
    frame = record.read()
    record.write(frame[frame.epoch == 5])
    with pytest.raises(ValueError, match=r"lacks predictions of \('mlp', 'fair', 0\).*train anew"):
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


def test_an_own_run_is_kept_until_the_next_and_is_none_when_damaged(records, a_run):
    assert runs.kept("mlp") is None
    for seed in (1, 2):
        runs.keep(a_run(seed=seed))
    kept = runs.kept("mlp")
    assert (kept.seed, kept.rows) == (2, a_run(seed=2).rows)
    assert runs.read() == []
    (records / ".runs" / "mlp" / "predictions.npz").write_bytes(b"no zip")
    assert runs.kept("mlp") is None
