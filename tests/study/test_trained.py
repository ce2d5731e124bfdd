import os
import signal
import subprocess
import sys
import textwrap
import time

import numpy as np
import pytest
from joblib import parallel_config
from oracle import by_keras

from mnist_compare import predictor
from mnist_compare.findings import everything, locality, nearness
from mnist_compare.records import frames, networks, runs
from mnist_compare.records.frames import by_name
from mnist_compare.records.protocols import FAIR, SOURCE, Protocol
from mnist_compare.study import shipping, trained

COMPLETE = Protocol(recipe="complete")


@pytest.fixture
def asked(records, a_run, monkeypatch):
    """The runs that are trained, which takes no time: their weights tell their seed."""
    keys = []

    def train(missing):
        for key in missing:
            keys.append(key)
            run = a_run(*by_name(key))
            for row in run.rows:
                row["fingerprint"] = trained.fingerprint(*key[:2])
            run.weights[len(run.rows)] = [np.full((2, 3), key[2]), np.arange(4)]
            trained._record((run, {}))

    monkeypatch.setattr(trained, "_train", train)
    return keys


def test_what_is_recorded_is_not_trained_again(a_run, marked, asked):
    wanted = [("mlp", FAIR, 0), ("cnn", FAIR, 0)]
    runs.write(a_run("mlp", "fair", 0), {})
    assert [run.key for run in trained.train_missing(wanted)] == [*map(by_name, wanted)]
    assert asked == wanted[1:]


def test_records_of_another_network_are_none(a_run, asked):
    """They are trained anew, and the first new run takes the place of all of them."""
    for seed in range(3):
        runs.write(a_run("mlp", "fair", seed), {})
    runs.write(a_run("mlp", "source", 0), {})
    today = trained.fingerprint("mlp", FAIR)
    others = {trained.fingerprint("mlp", SOURCE), trained.fingerprint("cnn", FAIR)}
    assert today not in {"0123456789ab", *others}
    trained.train_missing([("mlp", FAIR, 0), ("mlp", FAIR, 1)])
    assert [run.seed for run in runs.read("mlp", "fair")] == [0, 1]
    assert runs.fingerprints() == {("mlp", "fair"): today, ("mlp", "source"): "0123456789ab"}


def test_the_committed_records_are_of_todays_networks():
    recipes = [*nearness.recipes(nearness.RATES), *nearness.recipes(nearness.RATES, permuted=True)]
    asked = [key[1] for key in (*everything._on_digits(1), *everything._on_clothes(1))]
    asked += [*recipes, *(key[1] for key in locality.trained())]
    known_protocols = {str(protocol): protocol for protocol in asked}
    for (model, protocol), recorded in runs.fingerprints().items():
        if model not in networks.NETWORKS or protocol not in known_protocols:
            continue  # what the report no longer has
        known = known_protocols[protocol]
        assert recorded == trained.fingerprint(model, known), (model, protocol)


def test_weights_are_trained_where_there_are_none(records, asked):
    first, second = ("mlp", FAIR, 4), ("reader", COMPLETE, 0)
    path = trained.weights([first])[first]
    with np.load(path) as file:
        one, other = file.values()
    assert (one.tolist(), other.tolist()) == ([[4] * 3] * 2, [0, 1, 2, 3])
    assert records in path.parents
    assert set(trained.weights([second, first])) == {first, second}
    assert asked == [first, second]
    # The runs are recorded as well: a record is kept even where its weights had to be made again.
    assert {run.key for run in runs.read()} == {*map(by_name, (first, second))}
    path.unlink()
    trained.weights([first, second])
    assert asked == [first, second, first]


@pytest.mark.slow
def test_a_run_is_trained_by_one_thread_and_recorded_with_its_environment(records, capsys):
    key = ("mlp", FAIR, 1)
    with parallel_config(n_jobs=2):
        (run,) = trained.train_missing([key])
    assert run.key == by_name(key)
    assert [each.rows for each in runs.read()] == [run.rows]
    assert runs.ENVIRONMENTS.read().threads_per_run.item() == "1"
    first, last = capsys.readouterr().err.splitlines()
    assert first == "Training runs: 0/1"
    assert last.startswith("1/1 · mlp")


STUDY = """
    import sys, time
    from joblib import parallel_config
    from mnist_compare.records.place import at, small
    from mnist_compare.records import frames

    with at(small(".")), parallel_config(n_jobs=2):
        frames.run_tasks([(0.1,), (60,), (60,)], time.sleep, print, "Sleeping", str)
"""


@pytest.mark.slow
def test_an_interrupted_study_leaves_no_process_at_work(tmp_path):
    """Its script has no ``if __name__ == "__main__"``, as scripts of beginners."""
    path = tmp_path / "study.py"
    path.write_text(textwrap.dedent(STUDY))
    process = subprocess.Popen(
        [sys.executable, path], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": os.getcwd()}, start_new_session=True,
    )  # fmt: skip
    while not process.stderr.readline().startswith("1/3"):
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    assert process.wait(30) != 0
    with pytest.raises(ProcessLookupError):
        _look_for_twenty_seconds(process.pid)


def _die():
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.slow
def test_a_killed_worker_ends_the_study_with_an_error(records):
    with parallel_config(n_jobs=2), pytest.raises(RuntimeError, match="terminated"):
        frames.run_tasks([(), ()], _die, print, "Dying", str)


def _look_for_twenty_seconds(group):
    """Raise ProcessLookupError once nobody of a group of processes is left."""
    for _ in range(200):
        os.killpg(group, 0)
        time.sleep(0.1)


def test_damaged_records_are_found_before_anything_is_trained(records, a_run, monkeypatch):
    runs.write(a_run(), {})
    runs.PREDICTIONS.path.write_bytes(b"half a fi")
    monkeypatch.setattr(trained, "_train", lambda *arguments: pytest.fail("it was trained"))
    with pytest.raises(ValueError, match=r"predictions\.npz cannot be read"):
        trained.train_missing([("mlp", FAIR, 0)])


def test_shipped_weights_are_read_with_and_without_keras(records, asked, tmp_path, monkeypatch):
    model = networks.build("mlp")
    np.savez(tmp_path / "trained.npz", *model.get_weights())
    monkeypatch.setattr(shipping, "SERVED", ("mlp",))
    monkeypatch.setattr(
        trained, "weights", lambda keys: dict.fromkeys(keys, tmp_path / "trained.npz")
    )
    monkeypatch.setattr(predictor, "WEIGHTS", tmp_path)
    predictor.shipped.cache_clear()
    shipping.ship()
    digit = np.zeros((28, 28), np.uint8)
    expected = by_keras(predictor.load_keras("mlp"), digit[None])
    np.testing.assert_allclose(predictor.load("mlp")(digit), expected[0], atol=1e-5)
    predictor.shipped.cache_clear()
